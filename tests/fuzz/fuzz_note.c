/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever note_parse accepts must be exactly what is written back from its parts; likewise
 * vkeys. */
#include "crypto/note.h"

#include "base/bigendian.h"
#include "base/buffer.h"
#include "base/invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_back(struct adduce_scope *scope, const struct note *note,
                       struct adduce_span input) {
  struct buffer buffer;
  struct adduce_span again;
  buffer_init(&buffer, scope);
  buffer_span(&buffer, note->text);
  buffer_byte(&buffer, '\n');
  for (size_t i = 0; i < note->signature_count; i++) {
    const struct note_signature *by = &note->signatures[i];
    struct buffer blob;
    struct adduce_span bytes;
    const char *encoded;
    uint8_t id[4];
    INVARIANT(note_name_valid(by->name));
    buffer_init(&blob, scope);
    bigendian_put32(id, by->key_id);
    buffer_append(&blob, id, sizeof id);
    buffer_span(&blob, by->signature);
    INVARIANT(buffer_take(&blob, &bytes) == ADDUCE_OK);
    INVARIANT(note_base64_encode(scope, &encoded, bytes) == ADDUCE_OK);
    buffer_text(&buffer, "\xe2\x80\x94 ");
    buffer_span(&buffer, by->name);
    buffer_byte(&buffer, ' ');
    buffer_text(&buffer, encoded);
    buffer_byte(&buffer, '\n');
  }
  INVARIANT(buffer_take(&buffer, &again) == ADDUCE_OK);
  INVARIANT(span_equal(again, input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct adduce_span input = span_of(data, size);
  struct note_verifier verifier;
  struct note note;
  const char *vkey;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  if (note_vkey_parse(scope, &verifier, input) == ADDUCE_OK) {
    INVARIANT(note_vkey_encode(scope, &vkey, verifier.name, &verifier.key) == ADDUCE_OK);
    INVARIANT(span_is(input, vkey));
  }
  INVARIANT(note_vkey_parse(scope, &verifier,
                            span_text("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
                                      "LDE4izWy10TW")) == ADDUCE_OK);
  if (note_parse(scope, &note, input) == ADDUCE_OK) {
    write_back(scope, &note, input);
    (void)!note_verify(scope, &note, &verifier);
  }
  adduce_scope_close(&scope);
  return 0;
}
