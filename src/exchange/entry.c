/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/entry.h"

#include "claim/vocabulary.h"
#include "codec/canonical.h"
#include "codec/cursor.h"

enum adduce_err entry_read(struct adduce_scope *scope, struct entry *entry,
                           struct adduce_span bytes, struct adduce_span content) {
  struct entry read;
  struct adduce_span event;
  uint32_t count;
  memset(entry, 0, sizeof *entry);
  TRY(canonical_require(scope, bytes, "entry"));
  struct cursor cursor = cursor_of(bytes);
  if (!cursor_array(&cursor, &count) || count != 2 || !cursor_int(&cursor, &read.recorded_at_us) ||
      !cursor_bin(&cursor, &event))
    return scope_fail(scope, ADDUCE_E_FORM, "the entry is not [recorded_at, event]");
  if (event.size == 0) return scope_fail(scope, ADDUCE_E_FORM, "the entry's event is empty");
  TRY(parsed_read(scope, &read.parsed, event, content));
  read.id = event_id(&read.parsed);
  read.control = vocabulary_control_name(read.parsed.kind);
  *entry = read;
  return ADDUCE_OK;
}

bool entry_is_control(struct adduce_span bytes) {
  struct canonical_fault fault;
  struct adduce_span event, kind;
  int64_t number;
  uint32_t count;
  if (!canonical_check(bytes, &fault)) return false;
  struct cursor cursor = cursor_of(bytes);
  if (!cursor_array(&cursor, &count) || count != 2 || !cursor_int(&cursor, &number) ||
      !cursor_bin(&cursor, &event) || !canonical_check(event, &fault))
    return false;
  cursor = cursor_of(event);
  return cursor_array(&cursor, &count) && cursor_int(&cursor, &number) &&
         cursor_str(&cursor, &kind) && vocabulary_control_name(kind);
}

enum adduce_err entry_verify(struct adduce_scope *scope, const struct entry *entry) {
  struct adduce_span message;
  struct adduce_signature signature;
  struct adduce_key key;
  memcpy(key.bytes, entry->parsed.author32, sizeof key.bytes);
  memcpy(signature.bytes, entry->parsed.signature64, sizeof signature.bytes);
  if (!sign_key_acceptable(&key))
    return scope_fail(scope, ADDUCE_E_KEY, "the author's key is not an acceptable Ed25519 key");
  TRY(event_message(scope, &message, &entry->parsed));
  if (!sign_verify_accepted(&key, message, &signature))
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "the author's signature does not verify");
  return content_verify(scope, &entry->parsed);
}
