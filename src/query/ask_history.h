/* SPDX-License-Identifier: Apache-2.0 */
/* Each entry that changed what the ledger says of a subject, with what it changed. */
#ifndef QUERY_ASK_HISTORY_H
#define QUERY_ASK_HISTORY_H

#include "query/asked.h"

/* Errors: as ask_explain. */
MUST_USE enum adduce_err ask_history(struct asked *asked, struct adduce_value *answer,
                                     const struct adduce_question *question,
                                     const char *subject_field);

#endif
