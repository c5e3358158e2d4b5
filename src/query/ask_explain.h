/* SPDX-License-Identifier: Apache-2.0 */
/* Why: each line of a subject's state with what carries it, what disputes it and what it took the
 * place of. */
#ifndef QUERY_ASK_EXPLAIN_H
#define QUERY_ASK_EXPLAIN_H

#include "query/asked.h"

/* SUBJECT or SUBJECT.FIELD; what is known as a subject whole is one. Errors: as gather_subject,
 * and ADDUCE_E_NOT_FOUND when nothing is said of the field. */
MUST_USE enum adduce_err ask_explain(struct asked *asked, struct adduce_value *answer,
                                     const char *subject_field);

/* Which subject is meant, and which field (empty: all of it). Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err ask_explain_divide(const struct asked *asked, const char *subject_field,
                                            struct adduce_span *subject, struct adduce_span *field);

#endif
