/* SPDX-License-Identifier: Apache-2.0 */
/* The authors' keys: who has which rights, since when, until when. A table in the order of
 * authorization, with slots to find a key. It belongs to the rules, which decide what is put in;
 * here is how.
 *
 * Invariants
 *   1. slot_count is a power of two and at least twice `count`, or both are 0.
 *   2. Every entry stands, as its position plus one, in the first slot from its hash on that was
 *      free when it came; 0 is a free slot.
 *   3. suspect_from_index <= revoked_index, and both are UINT64_MAX or neither is. */
#ifndef LOG_AUTHORITY_H
#define LOG_AUTHORITY_H

#include "log/rules.h"

#define AUTHORITY_ALL_RIGHTS ((1u << (RIGHT_SIGN + 1)) - 1)

struct authority_entry {
  struct rules_author author;
  bool has_next; /* next_digest is SHA-256 of the key that will follow */
  struct adduce_hash next_digest;
};

struct authority {
  struct adduce_scope *scope;
  struct authority_entry *entries;
  size_t count, capacity;
  uint32_t *slots;
  size_t slot_count;
};

void authority_init(struct authority *authority, struct adduce_scope *scope);

/* The entry of the key; NULL if there is none. */
struct authority_entry *authority_find(const struct authority *authority,
                                       const struct adduce_key *key);

/* Adds an entry for a key that has none, with a copy of its organization.
 * Errors: ADDUCE_E_MEMORY, without detail. */
MUST_USE enum adduce_err authority_add(struct authority *authority,
                                       const struct authority_entry *entry);

/* The bit of the right of this name; 0 if there is none. */
unsigned authority_right(struct adduce_span name);

static inline bool authority_has(const struct rules_author *author, enum rules_right right) {
  return (author->rights >> right & 1) != 0;
}

static inline bool authority_revoked(const struct rules_author *author) {
  return author->revoked_index != UINT64_MAX;
}

#endif
