/* SPDX-License-Identifier: Apache-2.0 */
#include "log/authority.h"

#include "base/bigendian.h"

#define FIRST_CAPACITY 16

void authority_init(struct authority *authority, struct adduce_scope *scope) {
  *authority = (struct authority){.scope = scope};
}

/* --- finding ------------------------------------------------------------------------------ */

/* The slot where `key` stands or would stand; there is always a free one. */
static uint32_t *slot_of(const struct authority *authority, const struct adduce_key *key) {
  size_t mask = authority->slot_count - 1;
  size_t at = (size_t)bigendian_get64(key->bytes) & mask;
  while (authority->slots[at] != 0 &&
         memcmp(&authority->entries[authority->slots[at] - 1].author.key, key, sizeof *key) != 0)
    at = (at + 1) & mask;
  return &authority->slots[at];
}

struct authority_entry *authority_find(const struct authority *authority,
                                       const struct adduce_key *key) {
  if (authority->slot_count == 0) return NULL;
  uint32_t position = *slot_of(authority, key);
  return position == 0 ? NULL : &authority->entries[position - 1];
}

unsigned authority_right(struct adduce_span name) {
#define RIGHT_MATCH(symbol, text, purpose) \
  if (span_is(name, text)) return 1u << symbol;
  RULES_RIGHTS(RIGHT_MATCH)
#undef RIGHT_MATCH
  return 0;
}

/* --- growing ------------------------------------------------------------------------------ */

static bool make_room(struct authority *authority) {
  if (authority->count < authority->capacity) return true;
  if (authority->capacity > UINT32_MAX / 4) return false;
  size_t larger = authority->capacity == 0 ? FIRST_CAPACITY : 2 * authority->capacity;
  size_t entry_bytes = sizeof *authority->entries;
  void *entries = scope_grow(authority->scope, authority->entries,
                             authority->capacity * entry_bytes, larger * entry_bytes);
  if (entries == NULL) return false;
  authority->entries = entries;
  uint32_t *slots = scope_array(authority->scope, 2 * larger, sizeof *slots);
  if (slots == NULL) return false;
  authority->capacity = larger;
  authority->slots = slots;
  authority->slot_count = 2 * larger;
  for (size_t i = 0; i < authority->count; i++)
    *slot_of(authority, &authority->entries[i].author.key) = (uint32_t)i + 1;
  return true;
}

enum adduce_err authority_add(struct authority *authority, const struct authority_entry *entry) {
  struct authority_entry added = *entry; /* which may be one of those that move */
  struct adduce_span organization = scope_copy(authority->scope, added.author.organization);
  if (organization.data == NULL || !make_room(authority)) return ADDUCE_E_MEMORY;
  added.author.organization = organization;
  authority->entries[authority->count] = added;
  *slot_of(authority, &added.author.key) = (uint32_t)++authority->count;
  return ADDUCE_OK;
}
