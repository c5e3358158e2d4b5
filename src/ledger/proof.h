/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind adduce/proof.h share. */
#ifndef LEDGER_PROOF_H
#define LEDGER_PROOF_H

#include "adduce/proof.h"
#include "exchange/policy.h"
#include "exchange/tlogproof.h"
#include "ledger/ledger.h"

/* The public opaque policy; the text is kept since the policy borrows from it. */
struct adduce_policy {
  struct policy policy;
};

/* Sets map.origin, map.size, map.root. */
void proof_report_checkpoint(struct adduce_scope *scope, struct adduce_value *map,
                             const struct checkpoint *checkpoint);

/* Adds a sentence to a list. */
__attribute__((format(printf, 3, 4))) void proof_say(struct adduce_scope *scope,
                                                     struct adduce_value *list, const char *format,
                                                     ...);

/* That the authors had the right where they claimed, as far as a replay of the log itself shows it:
 * entries of other ledgers were judged by their importer, who saw the source's authorizations. */
void proof_say_authorized(struct adduce_scope *scope, struct adduce_value *proven,
                          struct adduce_value *not_proven, uint64_t foreign);

/* Which of the keys of a policy has signed an auditor's statement: its log keys serve as those of
 * auditors, since names and keys are all that is asked for. `*auditor` is the key's name.
 * Errors: ADDUCE_E_SIGNATURE. */
MUST_USE enum adduce_err proof_verify_auditor(struct adduce_scope *scope,
                                              struct adduce_span *auditor,
                                              const struct policy *policy, const struct note *note);

/* The verifier key, as text, of the log at a size. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err proof_log_vkey(struct adduce_scope *scope, struct adduce_span *vkey,
                                        const struct log_view *view, uint64_t size);

/* The latest checkpoint, with the log's signature alone. Errors: those of log_view_checkpoint and
 * of reading a checkpoint. */
MUST_USE enum adduce_err proof_latest(struct adduce_scope *scope, struct log_view *view,
                                      struct adduce_span *note, struct checkpoint *checkpoint);

/* The checkpoint at the head: the latest, with the cosignatures that were kept for it. Errors:
 * those of log_view_checkpoint and of reading files. */
MUST_USE enum adduce_err proof_head(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct log_view *view, struct adduce_span *note,
                                    struct checkpoint *checkpoint);

/* What a proof of inclusion stands under. */
struct proof_under {
  struct checkpoint checkpoint;
  struct adduce_span note, vkey;
};

/* The largest checkpoint above `index` that outsiders have signed, or the latest. */
MUST_USE enum adduce_err proof_choose(struct adduce_scope *scope, struct proof_under *under,
                                      struct adduce_ledger *ledger, struct log_view *view,
                                      uint64_t index);

/* The tlog-proof of an entry. Errors: as adduce_prove. */
MUST_USE enum adduce_err proof_make(struct adduce_scope *scope, struct adduce_span *file,
                                    struct adduce_ledger *ledger, struct log_view *view,
                                    const struct proof_under *under, uint64_t index,
                                    bool without_content);

/* The index of "#INDEX", or of the event whose id begins with these digits. */
MUST_USE enum adduce_err proof_find(struct adduce_scope *scope, struct log_view *view,
                                    uint64_t *index, const char *name);

/* Like adduce_published_ledger, and gives at control/N the content of every entry whose content
 * is here: for audits that stay in the house. */
struct adduce_published proof_published_inside(struct adduce_ledger *ledger);

/* True iff it is adduce_published_ledger's; `*ledger` is then what it reads. */
bool proof_is_ledger(const struct adduce_published *published, struct adduce_ledger **ledger);

#endif
