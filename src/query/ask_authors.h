/* SPDX-License-Identifier: Apache-2.0 */
/* Authors: the keys the control entries know, and what they may. */
#ifndef QUERY_ASK_AUTHORS_H
#define QUERY_ASK_AUTHORS_H

#include "query/asked.h"

MUST_USE enum adduce_err ask_authors(struct asked *asked, struct adduce_value *answer);

#endif
