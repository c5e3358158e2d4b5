/* SPDX-License-Identifier: Apache-2.0 */
/* What a list kept out, summed over the pages in which it was asked for. */
#ifndef ADDUCE_CLI_TALLY_H
#define ADDUCE_CLI_TALLY_H

#include "session.h"

/* `*sum`, JSON of {left_out?, policy?, not_counted?} of the pages so far ("" before the first),
 * with what this page's answer kept out. Errors: those of writing JSON. */
ADDUCE_MUST_USE enum adduce_err tally_add(struct session *session, const char **sum,
                                          const struct adduce_value *answer);

/* The sum as a value. Errors: those of reading JSON. */
ADDUCE_MUST_USE enum adduce_err tally_read(struct session *session,
                                           const struct adduce_value **value, const char *sum);

#endif
