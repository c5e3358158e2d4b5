/* SPDX-License-Identifier: Apache-2.0 */
/* Everything about one event. */
#ifndef QUERY_ASK_EVENT_H
#define QUERY_ASK_EVENT_H

#include "query/asked.h"

/* Errors: as query_resolve. */
MUST_USE enum adduce_err ask_event_resolve(struct adduce_scope *scope,
                                           const struct query_world *world, struct adduce_id *id,
                                           uint64_t *index, const char *name);

/* Errors: as ask_event_resolve; ADDUCE_E_POSITION (not there yet at the question's position). */
MUST_USE enum adduce_err ask_event(struct asked *asked, struct adduce_value *answer,
                                   const char *name);

#endif
