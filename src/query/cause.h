/* SPDX-License-Identifier: Apache-2.0 */
/* Why a line changed. An event that changed it is its cause, and what the event did gives the cause
 * its name:
 *
 *   new-claim       somebody says something new
 *   source-revised  a source it cites has changed: the revision itself, and every act that cites a
 *                   revision, or retracts because the source was retracted
 *   corrected, retracted, ended, disputed, corroborated, endorsed, ranked, erased
 *                   what was done to a claim; to an act on a claim, with `of`: a retraction of a
 *                   retraction is {cause: retracted, of: retracted}
 *   identity-judged two ids were judged to be one or not, or such a judgement was acted on
 *   key-revoked, key-authorized
 *                   the author's standing changed; rotations count as authorizations
 *   policy-changed  whose claims count changed
 *   acted-on        what a declared kind does to a claim
 *   time-passed     nothing was said: a validity began or ended between two times of the world
 *
 * An event that fits several names has the first that fits, in the order: time-passed,
 * policy-changed, key-*, identity-judged, source-revised, what the act is, new-claim. */
#ifndef QUERY_CAUSE_H
#define QUERY_CAUSE_H

#include "query/passage.h"

#define CAUSES(X)                             \
  X(CAUSE_NEW_CLAIM, "new-claim")             \
  X(CAUSE_SOURCE_REVISED, "source-revised")   \
  X(CAUSE_CORRECTED, "corrected")             \
  X(CAUSE_RETRACTED, "retracted")             \
  X(CAUSE_ENDED, "ended")                     \
  X(CAUSE_DISPUTED, "disputed")               \
  X(CAUSE_CORROBORATED, "corroborated")       \
  X(CAUSE_ENDORSED, "endorsed")               \
  X(CAUSE_RANKED, "ranked")                   \
  X(CAUSE_ERASED, "erased")                   \
  X(CAUSE_ACTED_ON, "acted-on")               \
  X(CAUSE_IDENTITY_JUDGED, "identity-judged") \
  X(CAUSE_KEY_REVOKED, "key-revoked")         \
  X(CAUSE_KEY_AUTHORIZED, "key-authorized")   \
  X(CAUSE_POLICY_CHANGED, "policy-changed")   \
  X(CAUSE_TIME_PASSED, "time-passed")

enum cause {
#define CAUSE_ENUM(symbol, name) symbol,
  CAUSES(CAUSE_ENUM)
#undef CAUSE_ENUM
      CAUSE_COUNT,
};

const char *cause_name(enum cause cause);

/* What an event is the cause of. Errors: as told_get. */
MUST_USE enum adduce_err cause_of(struct asked *asked, enum cause *cause, const struct told *told);

/* {cause, EVENT, label, act?, of?, on?: [{id, index, kind}], reason?, source?: {id, index}} of the
 * event at an index: `on` are the events it acts on. Errors: as told_get. */
MUST_USE enum adduce_err cause_render(struct asked *asked, struct adduce_value **map,
                                      enum cause *cause, uint64_t index);

/* {cause: time-passed, bounds: [{id, index, end: from|to|until, time}]} of a change between two
 * times of the world at one position: the claims that hold at one of them, and may not at the
 * other, and what says so. In the scope of the answer. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err cause_render_time(struct passage *passage, struct adduce_value **map,
                                           const struct passage_change *change);

#endif
