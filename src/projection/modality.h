/* SPDX-License-Identifier: Apache-2.0 */
/* In which mood something is said: the attribution chain of a claim, its certainty and polarity,
 * summed up for a row. The chain itself stays in the claim, and `explain` tells it.
 *
 *   certainty  the least of the frame's and of every hop's (certain > probable > possible >
 * unknown) polarity   negative when the frame or the innermost speaker denies (both: positive
 * again); unknown when either is unknown, or when a hop that is not the innermost denies: "A denies
 * that B said it" says nothing about it intended   a hop plans, proposes, promises or orders: said
 * to be meant to happen, not to have hops       the length of the chain; 0: the author's own voice
 *   handed_on  the innermost speaker passes it on and does not say it: reports, quotes, cites or
 *              translates; not in rows
 *   speaker    the innermost speaker, if named; `anonymous` is how an unnamed one is described
 *
 * A claim is indicative when it is positive, at least probable and not intended. Only indicative
 * claims change a state; others are shown with their mood. */
#ifndef PROJECTION_MODALITY_H
#define PROJECTION_MODALITY_H

#include "base/buffer.h"
#include "claim/parsed.h"

enum modality_certainty {
  MODALITY_CERTAIN,
  MODALITY_PROBABLE,
  MODALITY_POSSIBLE,
  MODALITY_UNCERTAIN, /* `unknown` in the vocabulary */
};

enum modality_polarity { MODALITY_POSITIVE, MODALITY_NEGATIVE, MODALITY_UNDECIDED };

struct modality {
  enum modality_certainty certainty;
  enum modality_polarity polarity;
  bool intended;
  bool handed_on; /* the innermost speaker reports, quotes, cites or translates it */
  uint32_t hops;
  struct adduce_span speaker;   /* empty if it is nobody named */
  struct adduce_span anonymous; /* empty if there is no such description */
};

/* The mood of a claim. */
struct modality modality_of(const struct parsed *parsed);

bool modality_indicative(const struct modality *modality);

/* True iff nothing is said of the mood: certain, positive, in the author's own voice. A row then
 * has no "mood". */
bool modality_plain(const struct modality *modality);

/* The mood as a map for a row's value; only what is not plain: anonymous, certainty, hops,
 * intended, polarity, speaker. */
void modality_pack(struct buffer *buffer, const struct modality *modality);

/* "certain" ..., as in the vocabulary. */
const char *modality_certainty_name(enum modality_certainty certainty);
const char *modality_polarity_name(enum modality_polarity polarity);

#endif
