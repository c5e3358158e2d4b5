/* SPDX-License-Identifier: Apache-2.0 */
/* Values and quantities as words, for labels and sentences. Appended to a buffer in the scope of
 * the question; what names a subject shows its name (names.h). */
#ifndef QUERY_PROSE_H
#define QUERY_PROSE_H

#include "query/names.h"

/* A subject by its name, or by its id. Errors: as names_show. */
MUST_USE enum adduce_err prose_subject(struct asked *asked, struct buffer *out,
                                       struct adduce_span subject);

/* Whether a verb after the subject takes the plural: it is a group of people, or a body whose name
 * looks like one ("authorities"). Errors: as names_show. */
MUST_USE enum adduce_err prose_plural(struct asked *asked, bool *is_plural,
                                      struct adduce_span subject);

/* The author of a claim: name, organization, or the beginning of the key. */
void prose_person(struct buffer *out, const struct person *person);

/* An encoded value; `is_subject` says that its text names subjects. Lists are joined by commas.
 * Errors: as names_show. */
MUST_USE enum adduce_err prose_value(struct asked *asked, struct buffer *out,
                                     struct adduce_span encoded, bool is_subject);

/* "at least 62 persons", "a majority of 123", "some"; nothing for what is no quantity. */
MUST_USE enum adduce_err prose_quantity(struct asked *asked, struct buffer *out,
                                        struct adduce_span encoded);

/* A word with its underscores as spaces. */
void prose_word(struct buffer *out, struct adduce_span word);

#endif
