/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as they stand in answers; state and explain show the same line with more or less beside
 * it. */
#ifndef QUERY_LINEVIEW_H
#define QUERY_LINEVIEW_H

#include "query/numbers.h"
#include "query/render.h"
#include "query/standing.h"
#include "query/voice.h"

/* "value" as {subject...} or as it was said, `original`, `quantity`, mood, status, marks, and of
 * a move its facets, state, degree and force. Errors: as render_claim. */
MUST_USE enum adduce_err lineview_line(struct asked *asked, struct adduce_value *map,
                                       const struct line *line);

/* The mode of a line (voice.h): of its supports that have its status the one that comes first; of
 * what moves, that of the acts that say its state, and without them of any. */
MUST_USE enum adduce_err lineview_mode(struct asked *asked, enum voice_mode *mode,
                                       const struct line *line);

/* Sets what is not plain of a mood: certainty, polarity, intended. */
void lineview_mood(const struct asked *asked, struct adduce_value *map,
                   const struct modality *mood);

/* Sets `support`, the claims of the line, and `said_of` if they name other ids than `subject`. */
MUST_USE enum adduce_err lineview_support(struct asked *asked, struct adduce_value *map,
                                          const struct line *line, enum render_detail detail);

#endif
