/* SPDX-License-Identifier: Apache-2.0 */
/* How many of the members of a quorum say what a claim says.
 *
 * A member says it who is the author, the author's organization or the origin of
 *   - the claim itself;
 *   - another claim that says at least as much: of the same kind, the same in each field of the
 *     kind that the first gives, in `quantity` and in `valid` (of a list, all its elements; how a
 *     text is spelled elsewhere does not count), acting on the same events, of the same polarity,
 *     not less certain, and meant to happen only if the first is;
 *   - a claim.endorsed (agree, strongly_agree) or claim.corroborated of one of these that has
 *     effect.
 * All of them stand: live, or ended, in the form that corrections put them in, by a key that is not
 * revoked there. What is withheld is not known to be the same. Somebody who fits several members
 * stands for the first of them alone, so a list goes from the narrower to the wider. Who hands on
 * what another says has said it as well: where word of mouth is not to count twice, members are
 * origins.
 *
 * It is asked in the world that the rules without a quorum leave, so that what they keep out says
 * nothing here, and no quorum hangs on another. */
#ifndef QUERY_QUORUM_H
#define QUERY_QUORUM_H

#include "claim/trust.h"
#include "query/asked.h"

struct quorum {
  const struct trust_rule *rule;
  uint32_t count;    /* of the members that say it */
  uint64_t *indexes; /* of each member: the first event by which it says so, or QUORUM_NOBODY */
};

#define QUORUM_NOBODY UINT64_MAX

static inline bool quorum_is_met(const struct quorum *quorum) {
  return quorum->count >= quorum->rule->quorum;
}

/* Of the claim at an index. `plain` is asked under the rules without a quorum. Lives in its scope.
 * Errors: as told_get. */
MUST_USE enum adduce_err quorum_count(struct asked *plain, struct quorum *quorum,
                                      const struct trust_rule *rule, uint64_t index);

/* Sets `quorum`: {needed, members: n, count, said: [{author?|organization?|origin?, index, id}],
 * missing: [{author?|organization?|origin?}]}. */
MUST_USE enum adduce_err quorum_render(struct asked *plain, struct adduce_value *map,
                                       const struct quorum *quorum);

#endif
