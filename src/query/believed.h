/* SPDX-License-Identifier: Apache-2.0 */
/* Whose claims count in an answer: the policy of the question.
 *
 * That is the one in force at the question's position (the last policy.set of this ledger before
 * it, "in-force"), unless the question tries another: none, that of any policy.set of the log,
 * before or after the position, or rules from outside. What does not count is as if it had not been
 * entered, for everything an answer is made of: values, names, judgements of identity, retractions,
 * disputes. And it is never dropped silently: `not_counted` lists it, with the rule.
 *
 * An event is judged by itself: its author, kind, subjects and origin (claim/trust.h), so the cost
 * is that of reading the events that an answer meets anyway. Where a rule wants several to say so,
 * those that say the same are read as well (quorum.h). */
#ifndef QUERY_BELIEVED_H
#define QUERY_BELIEVED_H

#include "query/cluster.h"

#define BELIEVED_SHOWN 50 /* claims that are listed for one rule, at most */

/* Settles the policy; asked->believed stays NULL when everything counts.
 * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS, ADDUCE_E_USAGE (no such event; it is no policy;
 * the detail lists those there are), ADDUCE_E_JSON, and those of trust_read of a policy that is
 * tried. One that is in force and cannot be read applies no rule, and the answer says so. */
MUST_USE enum adduce_err believed_open(struct asked *asked);

/* The same for a question that lists what was entered (log, sources, authors, show): there all of
 * it counts, unless the question tries a policy. */
MUST_USE enum adduce_err believed_open_tried(struct asked *asked);

/* Whether the event at an index does not count. `believed` may be NULL: everything does. */
MUST_USE enum adduce_err believed_has(struct believed *believed, bool *is_out, uint64_t index);

/* Sets `rule`, the place of the rule that decides about the event, and `quorum` (quorum.h) where it
 * wants several to say so; nothing where no rule fits. Errors: as believed_has. */
MUST_USE enum adduce_err believed_render_verdict(struct asked *asked, struct adduce_value *map,
                                                 uint64_t index);

/* Whether an event that would be listed counts; one that does not is counted by its rule, once. */
MUST_USE enum adduce_err believed_admit(struct asked *asked, bool *is_in, uint64_t index);

/* Of a policy that is tried, sets `policy`, and if it has rules `not_counted` without lists: what
 * was not admitted. */
MUST_USE enum adduce_err believed_render_admitted(struct asked *asked, struct adduce_value *answer);

/* The question as it would be if everything counted. */
struct asked *believed_whole(struct asked *asked);

/* Whether anything about these subjects does not count. Errors: as believed_render. */
MUST_USE enum adduce_err believed_misses(struct asked *asked, bool *misses,
                                         const struct cluster *cluster);

/* Sets `policy`: {used: in-force|tried|none, id?, index?, rules?, unreadable?}. */
void believed_render_policy(const struct asked *asked, struct adduce_value *answer);

/* The event of the log that the policy is; false if it is none. */
bool believed_event(const struct asked *asked, uint64_t *index);

/* Sets `policy`, and `not_counted`: what there is about these subjects, and the acts on it, that
 * does not count. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err believed_render(struct asked *asked, struct adduce_value *answer,
                                         const struct cluster *cluster);

#endif
