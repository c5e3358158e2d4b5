/* SPDX-License-Identifier: Apache-2.0 */
/* State digests: the state of a ledger in 32 bytes, and whether two parties came to the same.
 *
 * The state as of a size is what all projections hold of the entries before it. It depends on the
 * entries, on the view (which content is available here), on the versions of vocabulary and
 * projections and on the policy, and on nothing else: not on compiler, machine, threads, locale,
 * clock, or the steps in which it was folded. docs/FORMAT.md 10 has the bytes.
 *
 * STATE is a map {size, root, vocabulary_version, policy?, view: {id, events, paths}, state: the
 * name of the whole, projections: [{name, version, rows, digest}]}. As JSON it is what one party
 * gives to another, who compares it with a replay of its own. */
#ifndef ADDUCE_DIGEST_H
#define ADDUCE_DIGEST_H

#include "adduce/proof.h"

#ifdef __cplusplus
extern "C" {
#endif

struct adduce_digest_options {
  const char *at;   /* as adduce_question.at: as of this entry, itself counted; NULL: now */
  unsigned threads; /* 0: one a processor */
  bool withheld;    /* say what is missing from the view, too */
  const struct adduce_policy *policy; /* whose statements are believed; NULL: any, unverified */
};

/* {at: {index, recorded_at}, origin, genesis, STATE}; with `withheld`, view has also withheld:
 * [{index, id, paths: [path, or "*" for all]}], in order of the ids. Reads every row once, and is
 * the same for everyone who has the same entries and the same view. `options` may be NULL.
 * Errors: ADDUCE_E_POSITION, ADDUCE_E_USAGE (`at`), ADDUCE_E_READ_ONLY (the projections are behind
 * and cannot be written), ADDUCE_E_CORRUPT (a damaged row: adduce_rebuild), ADDUCE_E_INTERRUPTED.
 */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_digest(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const struct adduce_digest_options *options);

/* The claims that put a STATE (an answer of adduce_digest) on a log: a list with one
 * `state.digested` for each projection, for adduce_writer_add.
 * Errors: ADDUCE_E_FORM (it is no STATE), ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_digest_claims(struct adduce_scope *scope,
                                                                const struct adduce_value **claims,
                                                                const struct adduce_value *answer);

/* Compares what another party states with a replay here, as of the size it states: a STATE as
 * JSON, or an auditor's statement (adduce_audit) with projections. `report` is a map
 *   {verdict: same|different|not comparable, size, stated_by?: the name on a statement, signature?:
 *    verified (by a key of the options' policy) or unchecked (there is no policy),
 *    because?: [{what: size|root|vocabulary|policy|view, theirs?, ours?, text}],
 *    projections?: [{name, version, verdict, because?: text, theirs, ours?}],
 *    same?, different?, not_comparable?: how many of them}
 * and is there too when the verdict is an error. Nothing but equal grounds are ever called
 * different. Errors: ADDUCE_E_FAILED (different), ADDUCE_E_NOT_COMPARABLE (with the reasons),
 * ADDUCE_E_SIGNATURE (no key of the policy signed it), ADDUCE_E_USAGE (a policy, and JSON, which
 * nobody signs), ADDUCE_E_JSON, ADDUCE_E_FORM, ADDUCE_E_NOTE (what was given cannot be read), those
 * of adduce_digest. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_digest_compare(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    struct adduce_span statement, const struct adduce_digest_options *options);

/* The same with a `state.digested` on the log, named as adduce_resolve names events; `report` has
 * id, index and author of it too. Errors: also those of adduce_resolve, ADDUCE_E_REFERENCE (another
 * kind), ADDUCE_E_NOT_COMPARABLE (also where content of it is withheld here). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_digest_compare_event(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    const char *name, const struct adduce_digest_options *options);

#ifdef __cplusplus
}
#endif
#endif
