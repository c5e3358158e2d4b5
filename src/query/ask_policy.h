/* SPDX-License-Identifier: Apache-2.0 */
/* The policy in force, or another. */
#ifndef QUERY_ASK_POLICY_H
#define QUERY_ASK_POLICY_H

#include "query/asked.h"

/* Errors: as believed_open. */
MUST_USE enum adduce_err ask_policy(struct asked *asked, struct adduce_value *answer);

#endif
