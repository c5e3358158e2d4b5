/* SPDX-License-Identifier: Apache-2.0 */
/* What leaving something out does to the whole ledger. */
#ifndef QUERY_ASK_WITHOUT_H
#define QUERY_ASK_WITHOUT_H

#include "query/exclusion.h"

#define ASK_WITHOUT_SUBJECTS                                           \
  1000 /* whose lines are compared; of more, the first by their events \
        */

/* Errors: ADDUCE_E_USAGE (nothing is to be left out). */
MUST_USE enum adduce_err ask_without(struct asked *asked, struct adduce_value *answer);

#endif
