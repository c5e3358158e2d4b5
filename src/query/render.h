/* SPDX-License-Identifier: Apache-2.0 */
/* The maps that recur in answers: EVENT, CLAIM and CITATION of adduce/query.h. */
#ifndef QUERY_RENDER_H
#define QUERY_RENDER_H

#include "query/sentence.h"

enum render_detail {
  RENDER_LINE, /* EVENT, label, subject, status, marks: for lists */
  RENDER_BODY, /* and content, withheld */
  RENDER_FULL, /* and attribution, acts, citations */
};

/* Adds the keys of EVENT, or of CLAIM, to a map. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err render_event(struct asked *asked, struct adduce_value *map,
                                      const struct told *told);
MUST_USE enum adduce_err render_claim(struct asked *asked, struct adduce_value *map,
                                      const struct told *told, enum render_detail detail);

/* Adds a map of EVENT or CLAIM to the end of a list. */
MUST_USE enum adduce_err render_add_event(struct asked *asked, struct adduce_value *list,
                                          const struct told *told);
MUST_USE enum adduce_err render_add_claim(struct asked *asked, struct adduce_value *list,
                                          const struct told *told, enum render_detail detail);

/* Sets `marks`, the list of those there are; nothing if there are none. */
void render_marks(const struct asked *asked, struct adduce_value *map, unsigned marks);

/* The content as a map: what is open of it. */
MUST_USE enum adduce_err render_content(const struct asked *asked, struct adduce_value *map,
                                        const char *key, const struct parsed *parsed);

/* Acts on a claim, as {EVENT, act, role, reason?, effective, why?}. */
MUST_USE enum adduce_err render_acts(struct asked *asked, struct adduce_value *map,
                                     const struct told *told);

#endif
