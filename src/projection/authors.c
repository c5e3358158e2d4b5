/* SPDX-License-Identifier: Apache-2.0 */
/* Authors: what was said and done about a key.
 *
 *   key | index -> {act, by, id, ledger?, name?, old_key?, organization?}
 *
 * `act` is one of authorized, described, revoked, rotated (a rotation stands under the new key,
 * with the old one), replaced (the same under the old key). `by` is who signed it; a control act
 * names its `ledger`, and counts in no other. */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

static const uint8_t *key_of(const struct parsed *parsed, const char *name) {
  const struct parsed_field *field = rows_open(parsed, name);
  const uint8_t *key32;
  if (field == NULL) return NULL;
  struct cursor cursor = cursor_of(field->value);
  return cursor_bin_of(&cursor, 32, &key32) ? key32 : NULL;
}

static void pack_id(struct buffer *value, const char *name, const uint8_t *id32) {
  if (id32 == NULL) return;
  pack_text(value, name);
  pack_bin(value, id32, 32);
}

static void pack_words(struct buffer *value, const char *name, struct adduce_span words) {
  if (words.size == 0) return;
  pack_text(value, name);
  pack_str(value, words);
}

static void add_act(struct rows *rows, const uint8_t *key32, const char *act,
                    const uint8_t *old32) {
  static const char *const keys[] = {"key", "old_key", "new_key", "name", "organization", NULL};
  const struct parsed *parsed = &rows->input->event->claim.parsed;
  struct adduce_span name = parsed_text(parsed, "name");
  struct adduce_span organization = parsed_text(parsed, "organization");
  struct parsed_ref ledger;
  bool has_ledger = parsed_find_ref(parsed, "ledger", &ledger);
  struct buffer *value = rows_value(rows);
  struct key key;
  if (key32 == NULL) return;
  pack_map(value,
           (size_t)3 + has_ledger + (name.size != 0) + (old32 != NULL) + (organization.size != 0));
  pack_words(value, "act", span_text(act));
  pack_id(value, "by", parsed->author32);
  pack_id(value, "id", rows_id(rows)->bytes);
  if (has_ledger) pack_id(value, "ledger", ledger.id32);
  pack_words(value, "name", name);
  pack_id(value, "old_key", old32);
  pack_words(value, "organization", organization);
  key_init(&key);
  key_id(&key, key32);
  rows_put(rows, &key, rows_fields(rows, keys));
}

void authors_project(struct rows *rows, const struct projection_input *input) {
  const struct parsed *parsed = &input->event->claim.parsed;
  if (!projection_says(input) || input->event->claim.kind->family != FAMILY_AUTHOR) return;
  if (span_is(parsed->kind, "author.described")) {
    add_act(rows, key_of(parsed, "key"), "described", NULL);
  } else if (span_is(parsed->kind, "key.authorized")) {
    add_act(rows, key_of(parsed, "key"), "authorized", NULL);
  } else if (span_is(parsed->kind, "key.revoked")) {
    add_act(rows, key_of(parsed, "key"), "revoked", NULL);
  } else if (span_is(parsed->kind, "key.rotated")) {
    const uint8_t *old32 = key_of(parsed, "old_key");
    const uint8_t *new32 = key_of(parsed, "new_key");
    if (old32 == NULL || new32 == NULL || memcmp(old32, new32, 32) == 0) return;
    add_act(rows, new32, "rotated", old32);
    add_act(rows, old32, "replaced", NULL);
  }
}
