/* SPDX-License-Identifier: Apache-2.0 */
/* The end of an erasure: what lies outside the contents of the log. */
#ifndef LEDGER_ERASE_H
#define LEDGER_ERASE_H

#include "adduce/erase.h"
#include "ledger/ledger.h"

/* If the mark of an erasure stands: removes the captures that it names, brings the projections up,
 * rewrites both stores, takes the mark away. Each step may be done again. Errors: as
 * adduce_erase_finish. */
MUST_USE enum adduce_err erase_complete(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        bool *was_pending);

#endif
