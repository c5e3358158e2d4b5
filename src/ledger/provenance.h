/* SPDX-License-Identifier: Apache-2.0 */
/* Where a foreign entry comes from, and why it is here. */
#ifndef LEDGER_PROVENANCE_H
#define LEDGER_PROVENANCE_H

#include "ledger/world.h"

/* Sets `imported` of the answer about entry `index`, if it is foreign: {by: index and id of the
 * bundle.imported, id, origin, genesis, manifest, admitted: policy|along (a control entry,
 * with what is admitted)|hand, policy?: id, rule?: its place, source_index?}; the last where the
 * bundle's skeleton is kept. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err provenance_add(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        struct ledger_world *world, struct adduce_value *answer,
                                        uint64_t index);

#endif
