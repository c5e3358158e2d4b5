/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger said when: how a subject's state came to be, what differs between two positions
 * and why, and the log stepped through with what each event changed.
 *
 * A LINE is a line of the state as `adduce_ask_explain` has it, without its acts, and with
 *   supports: n, support?: [{id, index, status, marks?, revised?: [{id, index}]}]
 * the claims it rests on; of these, those that are not the same on the other side of the change.
 * `revised` are the events that say that a source the claim cites has changed. Beside the sections
 * of the state (fact, relation, sanction, release, state) there are: bounds, what the numbers of
 * the field `quantity` allow together; incomplete, a claim that says nothing because part of it is
 * missing; same and parted, another id that is the subject's, or is tied to it and judged not to
 * be.
 *
 *   CHANGE {change: appeared|gone|changed, section, field?, other?, before?: LINE, after?: LINE}
 *   CAUSE  of an event: EVENT (adduce/query.h) with cause, label, reason?, act?, of?: the act that
 *          this act acts on, on?: [{id, index, kind}], source?: {id, index, kind}, the revision it
 *          cites; of time: {cause: "time-passed", bounds: [{id, index, end: from|to|until, time?}]}
 *
 * In which mode a line is said, and how many origins it has, is shown and not compared: events
 * about quite other subjects decide it. A question that leaves out by the mode (`said_by`,
 * `indicative`), or by `without` and `only`, is answered as exactly by comparing every subject at
 * every entry, at a cost that grows with the log.
 *
 * `without` and `only` mean at each position what they mean in a state asked there: what falls with
 * what is left out is settled anew at each. A selector must name something at the last position,
 * that of the question or `to`; where it names nothing yet it selects nothing: nothing is left out
 * by `without`, and everything but control entries by `only`. An event that is left out can be a
 * cause, if by it something else falls. adduce_ask_step has no last position and takes a selector
 * that names nothing as one that names nothing yet.
 *
 * cause is one of: new-claim, source-revised, corrected, retracted, ended, disputed, corroborated,
 * endorsed, ranked, erased, acted-on, identity-judged, key-revoked, key-authorized, policy-changed,
 * time-passed; src/query/cause.h says which comes first where several fit. */
#ifndef ADDUCE_HISTORY_H
#define ADDUCE_HISTORY_H

#include "adduce/query.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each entry that changed what is said of a subject, or of one field of it, in log order: {at,
 * subject, cluster, parted?, name?, schema?, field?, events: [CAUSE with changes: [CHANGE]], more}.
 * The cost grows with the subject's events. Errors: ADDUCE_E_NOT_FOUND (nothing is said about it).
 */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_history(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    const char *subject_field, const struct adduce_question *question);

/* Two sides to compare. Positions are as in adduce_question.at; NULL: now. */
struct adduce_sides {
  const char *from, *to;
  const char *from_valid_at, *to_valid_at; /* times of the world; NULL: the question's */
};

/* What differs between two positions, and why: {from: {index, recorded_at, valid_at?}, to: the
 * same, without?, only?, subject?, field?, counts: {differences, subjects, appeared, gone, changed,
 * causes: {cause: n}}, subjects: [{subject, also?: [ids that are one with it on both sides], name?,
 * differences: [CHANGE with causes: [CAUSE]]}], more}.
 *
 * Where the two times of the world differ, time passes first, at the older position, and then the
 * log is gone through. The causes of a difference are the events, and the passing of time, at which
 * its line changed on this way, in their order; so there is one at least. A line that is in the end
 * as it was is no difference. Counted under a cause are the differences that have it, so one with
 * two causes is counted twice.
 *
 * `subject_field` NULL: all subjects. The question's `at` must be NULL. Errors: ADDUCE_E_USAGE
 * (`to` lies before `from`), ADDUCE_E_POSITION and others of positions; a subject of which nothing
 * is said on either side: ADDUCE_E_NOT_FOUND. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_diff(struct adduce_scope *scope,
                                                           struct adduce_ledger *ledger,
                                                           const struct adduce_value **answer,
                                                           const struct adduce_sides *sides,
                                                           const char *subject_field,
                                                           const struct adduce_question *question);

/* One event of the log with the change it caused: {at, CAUSE, subject?, changes: [{subject, also?,
 * name?, changes: [CHANGE]}]}. `subjects` limits the changes to these; NULL: all. The question's
 * `at` is ignored. Stepping from entry to entry, each in a scope that is reset in between, is a
 * replay in bounded memory. Errors: ADDUCE_E_POSITION (there is no such entry). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ask_step(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **answer,
    uint64_t index, const char *const *subjects, size_t subject_count,
    const struct adduce_question *question);

/* The index that a position names; NULL: the last entry. Errors: as for adduce_question.at. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_position(struct adduce_scope *scope,
                                                           struct adduce_ledger *ledger,
                                                           uint64_t *index, const char *position);

#ifdef __cplusplus
}
#endif
#endif
