/* SPDX-License-Identifier: Apache-2.0 */
/* The digests that stand on the log (`state.digested`), each compared with a fresh replay. */
#ifndef LEDGER_DIGESTED_H
#define LEDGER_DIGESTED_H

#include "ledger/digest.h"
#include "query/query.h"

/* One of them. */
struct digested {
  uint64_t index;
  struct adduce_id id;
  struct adduce_key author;
  const char *problem; /* why it cannot be compared whatever a replay gives; NULL: it can be read */
  struct statedigest state; /* with one part; zero where there is a problem */
};

/* Reads the one at `index`, into the scope. Errors: ADDUCE_E_REFERENCE (it is no state.digested),
 * those of the world. */
MUST_USE enum adduce_err digested_read(struct adduce_scope *scope, struct ledger_world *world,
                                       struct digested *said, uint64_t index);

/* Sets id, index and author of a map. */
void digested_put(struct adduce_scope *scope, struct adduce_value *map,
                  const struct digested *said);

/* Compares every one of the log, and sets STATE of the map as of all entries, and `digested`:
 *   {same, different, retracted, not_comparable, lines: [{index, id, author, size, projection,
 *    verdict, because?, theirs?, ours?}]}: how many, and those that are not the same.
 * One that is different but was retracted by its author is only counted. Errors: ADDUCE_E_FAILED
 * (the first that is different and stands), as digest_grounds and digest_parts. */
MUST_USE enum adduce_err digested_check(struct adduce_scope *scope, struct ledger_world *world,
                                        struct adduce_value *map, unsigned threads);

#endif
