/* SPDX-License-Identifier: Apache-2.0 */
/* Sources: what was registered, held and cited. */
#ifndef QUERY_ASK_SOURCES_H
#define QUERY_ASK_SOURCES_H

#include "query/asked.h"

MUST_USE enum adduce_err ask_sources(struct asked *asked, struct adduce_value *answer);

#endif
