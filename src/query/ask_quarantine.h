/* SPDX-License-Identifier: Apache-2.0 */
/* What waits outside the log. */
#ifndef QUERY_ASK_QUARANTINE_H
#define QUERY_ASK_QUARANTINE_H

#include "codec/value.h"
#include "query/world.h"

/* Sets `items`: {number, reason, id, kind, author, claimed_at, content?}. */
MUST_USE enum adduce_err ask_quarantine(struct adduce_scope *scope, const struct query_world *world,
                                        struct adduce_value *answer);

#endif
