/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of subjects as answers name them. */
#ifndef QUERY_GROUPVIEW_H
#define QUERY_GROUPVIEW_H

#include "query/grouping.h"

/* {subject, also?, name?}: `name` as of the question, which may be in another scope than `scope`.
 * Errors: as names_find. */
MUST_USE enum adduce_err groupview_head(struct adduce_scope *scope, struct adduce_value **map,
                                        struct asked *asked, const struct grouping_group *group,
                                        struct adduce_span subject);

#endif
