/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary as an answer: from the tables alone, asked of no log. */
#ifndef QUERY_ASK_KINDS_H
#define QUERY_ASK_KINDS_H

#include "claim/vocabulary.h"
#include "codec/value.h"

/* `vocabulary` NULL: the built-in kinds; `kind` NULL: the list of all. Errors: ADDUCE_E_KIND. */
MUST_USE enum adduce_err ask_kinds(struct adduce_scope *scope, const struct vocabulary *vocabulary,
                                   struct adduce_value **answer, const char *kind);

#endif
