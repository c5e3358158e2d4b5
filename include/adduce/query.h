/* SPDX-License-Identifier: Apache-2.0 */
/* Questions. Each answer is a value (adduce/value.h) whose lines carry their evidence: every
 * line names the events it rests on, by id and index, and never says more than they do.
 *
 * Maps that recur (a key with ? is there only where there is something to say):
 *   EVENT  {id, index, kind, author, author_name?, recorded_at, claimed_at, claimed_late?}
 *   CLAIM  EVENT with: label (one line), subject?, status, marks?, rule? (the place of the rule of
 *          the policy that decides about it), quorum?: QUORUM, revoked_at_source?: EVENT with
 * reason, the key.revoked of the ledger it comes from, and where a claim is shown whole: content?,
 * corrected_content?, withheld?: [path, or "*" for all], erased?: [ERASED], attribution?: sentence,
 * acts?: [ACT], citations?: [CITATION] ERASED EVENT (the content.erased) with: paths: [path, or "*"
 * for all], reason, legal_basis?, captures?: true where the captured document went too. It holds
 * for every position ACT    EVENT with: act, role, reason?, opinion?, rank?, until?, effective,
 * why? (why not) CITATION {source: id, index?, title?, url?, digest?, selector?, quote?, ...} MOOD
 * certainty?, polarity?, intended?: there only where it is not certain, positive and done MODE one
 * of primary, stated, reported, possible, intended, denied, open: in which mode it is said
 * (src/query/voice.h); with `said_by: "primary"` and `party` where a party says it POLICY {used:
 * in-force|tried|none, id?, index?, rules?: n, unreadable?: why they apply not} NOT    {rule: its
 * place, effect: apart|ignored, quorum?: how many of members?: n must say so, text?, claims: n,
 * list?: [CLAIM], of apart} QUORUM {needed, members, count: n, said: [MEMBER with the index and id
 * of the first event by which it says so], missing: [MEMBER]}, MEMBER one of author, organization,
 * origin Lines of a state, their claims and those of a timeline have `mode`. Answers to questions
 * with said_by, certainty or indicative have filter: {said_by?, certainty?, indicative?} and
 * left_out: {claims, modes: {MODE: n}}; state, explain and timeline have policy: POLICY, and, where
 * it has rules, not_counted: [NOT]; so have log, sources, authors and event where a policy is
 * given, without lists. Authors and one event take no manner (ADDUCE_E_USAGE). status is one of:
 * live, corrected, retracted, ended, incomplete, not-understood; with marks beside it: disputed,
 * corroborated, endorsed, preferred, deprecated, author-revoked, revoked-at-source,
 * claimed-in-future, erased. What they mean, and whose acts have effect: src/query/status.h. Times
 * of the machine are ISO 8601 text. Ids are bytes of 32 in values,
 * {"$id": hex} in JSON. */
#ifndef ADDUCE_QUERY_H
#define ADDUCE_QUERY_H

#include "adduce/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Common to all questions.
 *
 * `without` and `only` hold selectors: source:X, origin:X, author:WHO, key:HEX, event:ID, kind:K,
 * handling:LEVEL (or LEVEL-and-above). What one of `without` selects is left out, and what rests on
 * it falls with it, as if it had never been entered; with `only`, so is every claim that none
 * selects. `adduce without -h` and docs/decisions/0030 have the rules. Answers then have `without`
 * and `only`: the selectors, with the ids they were found to mean. Errors: ADDUCE_E_USAGE (no such
 * selector, a control entry, nothing is left), ADDUCE_E_NOT_FOUND (nobody cites it, no such
 * author; the detail names what resembles it), ADDUCE_E_AMBIGUOUS. */
struct adduce_question {
  const char *at;       /* "#INDEX", a plain index, a time (the last entry recorded by then), or the
                         * text of a checkpoint of this ledger (the last entry it covers); NULL:
                         * now. The answer has `at`: {index, recorded_at}. */
  const char *valid_at; /* a world time: only what holds then, or may; NULL: any time */
  uint64_t limit;       /* lines at most; 0: no limit. `more` is true when there are more */
  uint64_t skip;        /* lines to pass over first */
  const char *const *without; /* what to leave out, as selectors (below): each takes its share */
  size_t without_count;
  const char *const *only; /* of claims, only what one of these selects */
  size_t only_count;
  const char *said_by; /* "primary": only what a party to it says of its own acts; NULL: anybody */
  const char *certainty; /* "certain", "probable", "possible": that or stronger; NULL: any */
  bool indicative;       /* only what is said as so and done, and not only reported */
  const char *policy;    /* whose claims count: "none", "in-force", the name of a policy.set of any
                          * position, or rules as JSON; NULL: the policy in force, but of log,
                          * sources, authors and event, which list what was entered, none. Errors:
                          * ADDUCE_E_USAGE (it is no policy), ADDUCE_E_NOT_FOUND,    ADDUCE_E_AMBIGUOUS,
                          * ADDUCE_E_JSON, ADDUCE_E_FIELD, ADDUCE_E_TYPE,    ADDUCE_E_VALUE,
                          * ADDUCE_E_MISSING (of a rule, with its place) */
};
#define ADDUCE_QUESTION_DEFAULT \
  { 0 }

/* The vocabulary: a list of kinds, or with `kind` that one: {kind, text, family, effect,
 * control, subject, fields: [{name, type, required, repeated, frame, choices, text}], frame:
 * [...], example}. `ledger` may be NULL (built-in kinds only). Errors: ADDUCE_E_KIND. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_kinds(struct adduce_scope *scope,
                                                            struct adduce_ledger *ledger,
                                                            const struct adduce_value **answer,
                                                            const char *kind);

/* Resolves "#INDEX", an index, a full id or a unique prefix of at least 4 hex digits.
 * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS, ADDUCE_E_POSITION, ADDUCE_E_USAGE. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_resolve(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          struct adduce_id *id, uint64_t *index,
                                                          const char *name);

struct adduce_log_filter {
  const char *kind;      /* exact, or a prefix that ends in "." or ":" */
  const char *author;    /* key in hex, or a prefix of it */
  const char *subject;   /* subject id; bare names get the origin */
  const char *refers_to; /* events with a ref to this event */
  const char *since;     /* like adduce_question.at: from this entry on */
  const char *until;     /* the same: up to this entry, as it is known at the question's position */
  bool newest_first;
};

/* Entries in log order: {at, entries: [CLAIM with content], more, next?: the index of the first
 * entry that there is more of}. A subject fits claims about it and claims that mention it, under
 * any id of its cluster. Errors: ADDUCE_E_POSITION (also where `since` lies after `until` or the
 * question's position), ADDUCE_E_USAGE, and those of adduce_resolve (`refers_to`). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_log(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **answer,
                                                          const struct adduce_log_filter *filter,
                                                          const struct adduce_question *question);

/* Everything about one event, also where it does not count: {at, CLAIM, sentence, refs: [{role, id,
 * index?, kind?, label?}], acts_on?: [CLAIM], handling, commitments: {root, form:
 * whole|partial|none}, signature, entry, entry_bytes, content_bytes, leaf, imported?: {by, id,
 * origin, genesis, manifest, checkpoint: {size, root} of that ledger, admitted: policy (by its
 * rule), along (a control entry, with what was admitted) or hand, policy?, rule?, source_index?}}.
 * `imported` of an entry of another ledger: the bundle.imported that brought it, why, and where it
 * stands there, if the skeleton is kept. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_event(struct adduce_scope *scope,
                                                            struct adduce_ledger *ledger,
                                                            const struct adduce_value **answer,
                                                            const char *name,
                                                            const struct adduce_question *question);

/* The state. With a subject: {at, subject, cluster: [ids judged the same], parted?: [{subject,
 * judgement}], name?, schema?, claims: n,
 * facts: [{field, values: [{value, original?, quantity?, MOOD, bounds?, status, marks?, support:
 *   [CLAIM]}], competing?, bounds?}],
 * relations: [{relation, direction: from|to, other?, other_name?, MOOD, status, marks?, support:
 *   [CLAIM]}],
 * sanctions: [{target?, issuer, measure?, scope?, state?, degree?, in_force: yes|partly|no|unclear,
 *   competing?, status, marks?, acts: [{state, degree?, MOOD, from?, to?, CLAIM}]}],
 * releases: [{release?, state?, status, marks?, acts}], states: [{noun, subject?, state?, ...}],
 * more, incomplete: [CLAIM], erased?: [CLAIM], of which something was erased here}.
 * bounds is {at_least, at_most?, conflict?, from: [ids], at_least_from?, at_most_from?: [ids], the
 * claims that set each end} (src/query/bounds.h); target, release and subject are there
 * when the line is another subject's (an issuer's sanctions, a group's releases). Without a
 * subject: {at, subjects: [{subject, name?, schema?, claims, fields}], more}. Errors:
 * ADDUCE_E_NOT_FOUND (nothing is said about it). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_state(struct adduce_scope *scope,
                                                            struct adduce_ledger *ledger,
                                                            const struct adduce_value **answer,
                                                            const char *subject,
                                                            const struct adduce_question *question);

/* Why: for each line of the subject's state (or of one field, SUBJECT.FIELD): the claims that
 * support it, who says so on whose word as a sentence, the sources and places cited, what
 * disputes it, what it superseded: {at, subject, cluster, name?, field?, bounds?, lines: [{section:
 * fact|relation|sanction|release|state, field, the line as in the state, sentence, support:
 * [CLAIM], origins: [{origin, sort: speaker|anonymous|organization|key, claims: [ids], same?:
 * [{claims: [id, id], because, via?: [ids]}]}], independent: n, carried_by: [[ids]],
 * carried_by_more?, disputes: [CLAIM], superseded: [CLAIM with value?]}], more}. `origins` are
 * independent of each other, `independent` is their number, and `same` says what makes two claims
 * one. `carried_by` are the least sets of events of which one must be there for the line to stand,
 * at most 16. Errors: ADDUCE_E_NOT_FOUND. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_explain(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const char *subject_field, const struct adduce_question *question);

/* {at, sources: [{CLAIM, title?, medium?, publisher?, url?, published_at?, retrieved_at?, digest?,
 * ..., held: bool, revises?: id, acts?: [{act, EVENT}], cited_by: n, claims: [CLAIM], the first 50,
 * claims_more?}], more}. Filters of manner choose among the claims that cite, not the sources. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_sources(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const struct adduce_question *question);

/* {at, authors: [{key, name?, organization?, self_described? (the organization is what the key says
 * of itself; nobody who may authorize named one), rights: [text], authorized_index, revoked_index?,
 * suspect_from?, reason?, line? (the first key it was rotated from), claims: n, of which under a
 * policy only those that count}], more}. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_authors(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const struct adduce_question *question);

/* What is said to have happened when: {at, events: [{from?, to?, precision, relative?: text,
 * what: valid|stated|published, CLAIM}], undated: [{relative?, CLAIM}], more}, in order of time;
 * what was retracted or superseded is left out. Errors: ADDUCE_E_NOT_FOUND. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_timeline(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const char *subject, const struct adduce_question *question);

/* What leaving something out does to the whole ledger: {at, without, only?, counts: {entries, out,
 * selected, falls, stands, revived, parted, supported, unsupported, changed, subjects},
 * subjects_more?: it touches more than these, the first 1,000, and supported, unsupported and
 *   changed are of these alone,
 * selected: [CLAIM with because], falls: [CLAIM with because]: what goes by itself, and with what
 *   it rests on. because: {rule: selected|not-kept|origin|chain|publisher|support|act|made|same,
 *   voice?, via?: [ids]}
 * stands: [CLAIM with lost: [ids], carried_by: [[ids]]]: it rested on something that is out, and
 *   stands on something else
 * revived: [CLAIM with was, marks_were?, because: [ids]]: its life came to something else, since
 *   acts on it are out
 * parted: [{left, right, judgement}]: judgements of identity that are out
 * supported, unsupported, changed: [the line as in explain, with subject, section, field, lost:
 *   [ids], was?, carried_by?: [[ids]]]: lines that lost a claim and are said by others, that
 *   nothing live says any more, that read otherwise now
 * more}: `limit` and `skip` count for each list. A list is in log order, lines by their subjects.
 * Errors: ADDUCE_E_USAGE (the question leaves nothing out). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_without(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const struct adduce_question *question);

/* The policy of a question: that in force at its position, or the one it tries: {at, policy:
 * POLICY, content?: {unknown_authors, rules?, text?}, of a policy.set}. Errors: those of
 * adduce_question.policy. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_policy(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const struct adduce_question *question);

/* What waits in quarantine, and what was refused there: {items: [{number, reason, id, refused?:
 * true, or kind, author, claimed_at, content?, and, of what came with a bundle, manifest,
 * source_index}]}.
 */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_quarantine(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer);

#ifdef __cplusplus
}
#endif
#endif
