/* SPDX-License-Identifier: Apache-2.0 */
/* What a source takes back of what came from it before, and what rests on that here. */
#ifndef LEDGER_RECALL_H
#define LEDGER_RECALL_H

#include "ledger/ledger.h"

/* Acts of this kind leave less of a claim than it said: retractions, corrections, ends, erasures.
 */
bool recall_takes_back(struct adduce_span kind);

/* Adds to `list`, for each entry [first, end) of ours that retracts, corrects, ends or erases an
 * event before `first`, or revokes the key of the author of some: {id, index, kind, act, by,
 * marked?: true of a claim that answers mark as one of a key revoked at its source from there on,
 * rests:
 * [{id, index, kind}]}. Errors: those of questions. */
MUST_USE enum adduce_err recall_find(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                     struct adduce_value *list, uint64_t first, uint64_t end);

#endif
