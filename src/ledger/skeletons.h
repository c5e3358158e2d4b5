/* SPDX-License-Identifier: Apache-2.0 */
/* The skeletons of imported bundles: what shows where the foreign entries of a ledger come from. */
#ifndef LEDGER_SKELETONS_H
#define LEDGER_SKELETONS_H

#include "ledger/ledger.h"

struct skeletons_report {
  uint64_t whole;   /* imported bundles whose skeleton is here and shows what came of them */
  uint64_t missing; /* imported bundles whose skeleton is not here */
};

/* Verifies the skeleton of each bundle to its end, and finds each foreign entry in that of its
 * bundle. Errors: ADDUCE_E_FAILED (a skeleton is damaged, of another bundle, or lacks an entry,
 * which is named), ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err skeletons_check(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                         struct skeletons_report *report);

#endif
