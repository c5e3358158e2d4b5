/* SPDX-License-Identifier: Apache-2.0 */
/* A name that nothing answers to: what there is instead, the nearest first. */
#ifndef QUERY_RESEMBLANCE_H
#define QUERY_RESEMBLANCE_H

#include "query/selector.h"

/* Refuses a selector that selects nothing, and names what it may have meant.
 * Returns ADDUCE_E_NOT_FOUND, or the error that kept it from looking. */
MUST_USE enum adduce_err resemblance_refuse(struct asked *asked, const struct selector *selector);

/* How far two names are apart: 0 when one stands in the other, else the letters to change, at most
 * `limit` + 1. Capitals count as small letters. */
unsigned resemblance_distance(struct adduce_span a, struct adduce_span b, unsigned limit);

#endif
