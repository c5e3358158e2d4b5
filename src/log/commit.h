/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a plan: the one place where entries get into the tables. */
#ifndef LOG_COMMIT_H
#define LOG_COMMIT_H

#include "log/log_priv.h"

/* Writes the planned entries, contents, ids, tiles and controls, and the checkpoint `note` as the
 * latest. One that two keys have signed, at a rekeying, is kept for good: by it the change of keys
 * is judged. `rules` are those after the plan. Errors: those of store_put. */
MUST_USE enum adduce_err commit_plan(struct adduce_scope *scope, struct store_txn *txn,
                                     const struct plan *plan, struct adduce_span note,
                                     const struct rules *rules);

/* Signs the checkpoint of a plan with the log keys that the rules name for its size, and verifies
 * it. `incoming` may be NULL. Errors: ADDUCE_E_SIGNATURE (a key in force is in neither signer),
 * those of checkpoint_sign. */
MUST_USE enum adduce_err commit_sign(struct adduce_scope *scope, struct adduce_span *note,
                                     const struct plan *plan, const struct rules *rules,
                                     const struct signer *signer, const struct signer *incoming);

/* The head a plan's checkpoint leads to. */
struct headlock_head commit_head(const struct plan *plan, struct adduce_span origin,
                                 struct adduce_span note);

/* Roughly how many bytes the entries will take. */
uint64_t commit_expected_bytes(const struct event *events, size_t count);

#endif
