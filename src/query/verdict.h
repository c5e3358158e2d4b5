/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of a policy make of one event: the first that fits decides, and where it wants
 * several to say so, how many do (quorum.h). */
#ifndef QUERY_VERDICT_H
#define QUERY_VERDICT_H

#include "query/quorum.h"

struct verdict {
  const struct trust_rule *rule; /* NULL: none fits, so it counts */
  struct quorum *quorum;         /* of a rule that has one; else NULL */
};

static inline enum trust_effect verdict_effect(const struct verdict *verdict) {
  if (verdict->rule == NULL) return TRUST_COUNTS;
  if (verdict->quorum == NULL || quorum_is_met(verdict->quorum)) return verdict->rule->effect;
  return verdict->rule->otherwise;
}

struct verdicts {
  struct asked *whole; /* the question, with everything counting */
  struct asked *plain; /* under the rules without a quorum; NULL: quorums count as met */
  const struct trust *trust;
  bool needs_origin, needs_subject;
  struct cache items; /* by index */
};

void verdict_init(struct verdicts *verdicts, struct asked *whole, struct asked *plain,
                  const struct trust *trust);

/* Of the event at an index. Lives in the scope of the question. Errors: as told_get. */
MUST_USE enum adduce_err verdict_get(struct verdicts *verdicts, const struct verdict **verdict,
                                     uint64_t index);

#endif
