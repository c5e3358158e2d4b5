/* SPDX-License-Identifier: Apache-2.0 */
/* In which mode a claim says what it says, and whether a party to it says so.
 *
 * The mode is the first of these that fits:
 *   denied    it is said not to be so
 *   open      it is not said whether it is so
 *   intended  it is planned, proposed, promised or ordered: said to be meant, not done
 *   possible  it is said to be possible, or with unknown certainty
 *   primary   a party to it says so
 *   reported  whoever says so last hands it on (reports, quotes, cites, translates), or is not
 * named stated    somebody else says so of their own The first four are not indicative and move no
 * state (projection/modality.h).
 *
 * Who says it is the innermost speaker of the attribution; without one, the author's organization,
 * as an authorization names it and where that name is a subject id. The parties to a claim are
 *   - the subjects in its fields that are parties (vocabulary.h: issuer, authority, parties,
 *     participants, speaker, receiver, and what declared kinds call so);
 *   - of what is asserted, described or related: that subject itself, each end of the relation;
 *   - the parties of the occurrence it is about: those whom standing, indicative claims about it
 *     name in such fields, and those of claims that have it as their `occurrence`.
 * A speaker is a party who is one of them, or is judged the same as one, or of whom standing,
 * indicative claims say that it is part_of or `speaks_for` one, or a part of a part: VOICE_LEVELS
 * deep. Nothing is inferred from how ids are spelled. */
#ifndef QUERY_VOICE_H
#define QUERY_VOICE_H

#include "projection/modality.h"
#include "query/told.h"

#define VOICE_LEVELS 4 /* from a part to what speaks through it */
#define VOICE_SUBJECTS                                                                             \
  64                       /* that a speaker speaks for, or that are parties to one thing, at most \
                            */
#define VOICE_MENTIONS 256 /* of an occurrence that are looked at, the first ones */

enum voice_mode {
  VOICE_PRIMARY,
  VOICE_STATED,
  VOICE_REPORTED,
  VOICE_POSSIBLE,
  VOICE_INTENDED,
  VOICE_DENIED,
  VOICE_OPEN,
  VOICE_MODES,
};

struct voice {
  enum voice_mode mode;
  struct modality mood;
  bool is_primary;          /* a party says it, in whatever mode */
  struct adduce_span party; /* as which of the parties */
};

/* Of a claim in the form that `event` has: told->event, or told_event(told).
 * Lives in the scope of the question. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err voice_find(struct asked *asked, const struct voice **voice,
                                    const struct told *told, const struct event *event);

const char *voice_mode_name(enum voice_mode mode);

/* Whether the mode is one that is said as so and done. */
static inline bool voice_indicative(enum voice_mode mode) {
  return mode <= VOICE_REPORTED;
}

/* Sets `mode`, and of a claim that a party says `said_by: "primary"` and `party`. */
MUST_USE enum adduce_err voice_render(struct asked *asked, struct adduce_value *map,
                                      const struct told *told, const struct event *event);

#endif
