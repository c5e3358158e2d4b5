/* SPDX-License-Identifier: Apache-2.0 */
/* What subjects are called in sentences and labels: the name that the last standing description
 * gives (in English if it has one), else the id. A name is for reading; ids are what counts, and
 * answers always have them. */
#ifndef QUERY_NAMES_H
#define QUERY_NAMES_H

#include "query/told.h"

struct names_entry {
  struct adduce_span name;   /* empty if it has none */
  struct adduce_span schema; /* empty if none is said */
};

/* Lives in the scope of the question. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err names_find(struct asked *asked, const struct names_entry **entry,
                                    struct adduce_span subject);

/* The name if there is one, else the id without this ledger's origin. */
MUST_USE enum adduce_err names_show(struct asked *asked, struct adduce_span *text,
                                    struct adduce_span subject);

/* The text of a value: a plain str or `v` of a map; empty if it is neither. */
struct adduce_span names_text(struct adduce_span encoded);

#endif
