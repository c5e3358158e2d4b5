/* SPDX-License-Identifier: Apache-2.0 */
/* The text of whatever checkpoint_parse accepts begins with exactly what checkpoint_text makes
 * of its parts. The input is the text; two times in three a signature line is put after it, so
 * that the fuzzer gets past the note. */
#include "tree/checkpoint.h"

#include "base/invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct buffer buffer;
  struct adduce_span input, text;
  struct checkpoint checkpoint;
  struct note note;
  struct note_verifier verifier;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  buffer_init(&buffer, scope);
  buffer_append(&buffer, data, size);
  if (size % 3 != 0) buffer_text(&buffer, "\n\xe2\x80\x94 a AAAAAAA=\n");
  INVARIANT(buffer_take(&buffer, &input) == ADDUCE_OK);
  if (checkpoint_parse(scope, &checkpoint, &note, input) == ADDUCE_OK) {
    INVARIANT(checkpoint_text(scope, &text, &checkpoint) == ADDUCE_OK);
    INVARIANT(text.size <= note.text.size);
    INVARIANT(memcmp(text.data, note.text.data, text.size) == 0);
  }
  INVARIANT(note_vkey_parse(scope, &verifier,
                            span_text("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
                                      "LDE4izWy10TW")) == ADDUCE_OK);
  (void)!checkpoint_open(scope, &checkpoint, input, &verifier);
  adduce_scope_close(&scope);
  return 0;
}
