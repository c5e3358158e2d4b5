/* SPDX-License-Identifier: Apache-2.0 */
/* What the state of a ledger was, by its digests: the replay's side of every comparison.
 *
 * The grounds (size, root, vocabulary, policy, view) cost little; the digests of the projections
 * are a walk over all rows, which is only made for sizes whose grounds are equal. */
#ifndef LEDGER_DIGEST_H
#define LEDGER_DIGEST_H

#include "adduce/digest.h"
#include "exchange/statedigest.h"
#include "ledger/world.h"
#include "projection/viewid.h"

/* The grounds as of each of `sizes`, which ascend and are at most those of the world; no parts
 * yet. `views` may be NULL. Errors: those of the world, ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err digest_grounds(struct adduce_scope *scope, struct ledger_world *world,
                                        struct statedigest *states, struct viewid *views,
                                        const uint64_t *sizes, size_t count);

/* The parts of states whose grounds are there. Errors: as fold_digests. */
MUST_USE enum adduce_err digest_parts(struct adduce_scope *scope, struct ledger_world *world,
                                      struct statedigest *states, size_t count, unsigned threads);

/* Sets STATE of a map as of all entries of the world. Errors: as the two above. */
MUST_USE enum adduce_err digest_now(struct adduce_scope *scope, struct ledger_world *world,
                                    struct adduce_value *map);

/* Sets STATE (adduce/digest.h) of a map. */
void digest_put(struct adduce_scope *scope, struct adduce_value *map,
                const struct statedigest *state, const struct viewid *view);

#endif
