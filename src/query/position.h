/* SPDX-License-Identifier: Apache-2.0 */
/* Positions in the log, as people name them:
 *
 *   #12, 12       the entry with this index
 *   2025-12-13    a time: the last entry recorded by then
 *   a checkpoint  the text of one, a signed note: the last entry it covers
 *
 * A checkpoint is taken for a position of this log only if the origin is this ledger's and the root
 * of our tree at its size is its root. That makes it the same history whoever signed it, so
 * signatures are not judged here (exchange/ does). Four digits alone could be an index or a year;
 * they are an index. */
#ifndef QUERY_POSITION_H
#define QUERY_POSITION_H

#include "query/world.h"

/* NULL is the last entry. Errors, each saying what is there instead: ADDUCE_E_POSITION (beyond the
 * last entry, before the first), ADDUCE_E_USAGE (none of the above), ADDUCE_E_OTHER_LEDGER (a
 * checkpoint of another ledger), ADDUCE_E_FORK (of this ledger's name, and another history),
 * ADDUCE_E_NOTE (it begins as a checkpoint and is none), those of the world. */
MUST_USE enum adduce_err position_find(struct adduce_scope *scope, const struct query_world *world,
                                       uint64_t *index, const char *position);

#endif
