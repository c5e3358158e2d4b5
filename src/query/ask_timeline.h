/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to have happened when, in order of time. */
#ifndef QUERY_ASK_TIMELINE_H
#define QUERY_ASK_TIMELINE_H

#include "query/asked.h"

/* `subject` NULL: of all. Retracted and superseded claims are left out. Lines are counted over
 * dated and undated ones together. Errors: ADDUCE_E_NOT_FOUND (nothing is about the subject). */
MUST_USE enum adduce_err ask_timeline(struct asked *asked, struct adduce_value *answer,
                                      const char *subject);

#endif
