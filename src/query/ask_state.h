/* SPDX-License-Identifier: Apache-2.0 */
/* The state: of one subject, or the list of subjects. */
#ifndef QUERY_ASK_STATE_H
#define QUERY_ASK_STATE_H

#include "query/gather.h"

/* Errors: as gather_subject. */
MUST_USE enum adduce_err ask_state_subject(struct asked *asked, struct adduce_value *answer,
                                           struct adduce_span subject);
MUST_USE enum adduce_err ask_state_list(struct asked *asked, struct adduce_value *answer);

/* As gather_subject; where all that is there does not count under the policy, nothing is gathered
 * and it is no error. */
MUST_USE enum adduce_err ask_state_gather(struct asked *asked, struct gathered *gathered,
                                          struct adduce_span subject);

/* `subject`, `cluster`, `parted`, `name`, `schema`: with which an answer about a subject begins. */
MUST_USE enum adduce_err ask_state_head(struct asked *asked, struct adduce_value *answer,
                                        struct adduce_span subject, const struct cluster *cluster);

#endif
