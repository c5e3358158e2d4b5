/* SPDX-License-Identifier: Apache-2.0 */
/* Custody: through whose hands an event went, as far as this ledger knows. Every step is a map that
 * names by `id` and `index` the event of this log that says it:
 *
 *   {step: claimed, at, author, author_name?}
 *   {step: imported, at, author: who imported, origin, genesis, source_index?, manifest,
 *     checkpoint: {size, root}, of that ledger, admitted, policy?, rule?}
 *   {step: recorded, at}
 *   {step: exported, or recalled of a recall notice, at, by: key, recipients: [text], manifest,
 *     purpose?, handling?, withheld?: [path]}
 *   {step: received, at, recipient, manifest, admitted, quarantined, refused: n}, a receipt for a
 *     bundle that it was exported with; what became of it in particular a receipt does not say
 *   {step: acted-on, act: retracted, corrected, ended, redacted, erased ..., at, author,
 *     author_name?, effective, reason?}
 *   {step: key-revoked, at, author, reason?}: the source revoked its author's key
 *
 * in the order of their positions, after how it came. What was given without a record, or passed on
 * by others, is not known here. */
#ifndef ADDUCE_CUSTODY_H
#define ADDUCE_CUSTODY_H

#include "adduce/query.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The custody of an event, or of all that is said about a subject: {at, subject?, items: [{id,
 * index, kind, label, steps}], more, unknown: n (bundles given whose manifest is not kept here)}.
 * `name` is first taken for an event (adduce_resolve), then for a subject, of which `limit` and
 * `skip` choose among the events; of `question` only these and `at` count. Errors:
 * ADDUCE_E_NOT_FOUND (neither), ADDUCE_E_AMBIGUOUS, ADDUCE_E_POSITION, ADDUCE_E_CORRUPT (a manifest
 * was changed), those of questions. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_custody(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **answer,
                                                          const char *name,
                                                          const struct adduce_question *question);

#ifdef __cplusplus
}
#endif
#endif
