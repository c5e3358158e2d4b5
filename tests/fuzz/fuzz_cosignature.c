/* SPDX-License-Identifier: Apache-2.0 */
/* A witness's answer to a request for its cosignature: nothing that does not verify comes in, and
 * what comes out is a note with the text and the signatures it had. */
#include "base/invariant.h"
#include "crypto/cosignature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOTE                                                         \
  "log.example\n7\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n" \
  "\xe2\x80\x94 log.example AAAAAAAA\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct cosignature_key key = {.name = span_text("w"), .key_id = 0x30303030}, parsed;
  struct adduce_span merged;
  size_t added;
  const char *vkey;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  memset(key.key.bytes, 0x30, sizeof key.key.bytes);
  if (cosignature_merge(scope, &merged, &added, span_text(NOTE), span_of(data, size), &key, 1) ==
      ADDUCE_OK)
    INVARIANT(added == 0 && span_is(merged, NOTE));
  if (cosignature_vkey_parse(scope, &parsed, span_of(data, size)) == ADDUCE_OK) {
    INVARIANT(cosignature_vkey_encode(scope, &vkey, parsed.name, &parsed.key) == ADDUCE_OK);
    INVARIANT(span_is(span_of(data, size), vkey));
  }
  adduce_scope_close(&scope);
  return 0;
}
