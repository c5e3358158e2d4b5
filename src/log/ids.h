/* SPDX-License-Identifier: Apache-2.0 */
/* The index of ids: where each event of the log stands.
 *
 * Ids are hashes, so new ones belong everywhere in an ordered table, and a batch of a thousand
 * would change a thousand pages of a large one. So there are several tables, of one form: new ids
 * go into the first, which is small; when it is full, all of it moves into the next, which takes
 * many ids a page then. The last one has no bound (docs/decisions/0040).
 *
 * Invariants, whenever no write transaction is open
 *   1. Every entry's id is in exactly one of the tables, with its index.
 *   2. Table i < IDS_TABLES - 1 has at most ids_most[i] records. */
#ifndef LOG_IDS_H
#define LOG_IDS_H

#include "log/log_priv.h"

#define IDS_TABLES 3

/* How many records a table holds at most; of the last one, UINT64_MAX. */
extern const uint64_t ids_most[IDS_TABLES];

struct ids_record {
  struct adduce_id id;
  uint64_t index;
};

/* Which table of the store table `i` is, from the first. */
static inline unsigned ids_table(unsigned i) {
  return LOG_IDS + i;
}

/* Errors: ADDUCE_E_NOT_FOUND (without detail), ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err ids_find(struct adduce_scope *scope, struct store_txn *txn,
                                  uint64_t *index, const uint8_t *id32);

/* Adds records, none of which is there; sorts them. Errors: ADDUCE_E_EXISTS, those of store_put. */
MUST_USE enum adduce_err ids_add(struct adduce_scope *scope, struct store_txn *txn,
                                 struct ids_record *records, size_t count);

/* How many there are in all tables. */
MUST_USE enum adduce_err ids_count(struct adduce_scope *scope, struct store_txn *txn,
                                   uint64_t *count);

/* The ids from `first` on that `belongs` says yes to, until it says no: at most `capacity` of
 * them, the least of all tables, in ascending order. Errors: ADDUCE_E_CORRUPT. */
typedef bool ids_belongs_fn(const void *context, const uint8_t *id32);
MUST_USE enum adduce_err ids_list(struct adduce_scope *scope, struct store_txn *txn,
                                  struct ids_record *records, size_t capacity, size_t *count,
                                  const struct adduce_id *first, ids_belongs_fn *belongs,
                                  const void *context);

#endif
