/* SPDX-License-Identifier: Apache-2.0 */
/* Entries in log order, all of them or those that a filter fits. */
#ifndef QUERY_ASK_LOG_H
#define QUERY_ASK_LOG_H

#include "query/asked.h"

/* `filter` may be NULL. A subject fits claims about it, and claims that mention it, under any of
 * its cluster's ids. Errors: ADDUCE_E_USAGE (an author that is no hexadecimal prefix), those of
 * ask_event_resolve (refers_to) and asked_position (since). */
MUST_USE enum adduce_err ask_log(struct asked *asked, struct adduce_value *answer,
                                 const struct adduce_log_filter *filter);

#endif
