/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities with bounds: what a claim says of a number is an interval, never a guess.
 * A quantity is a map with exactly one of
 *   exact n | at_least n | at_most n | about n | majority_of n-or-id | some true
 * or at_least and at_most together, and optionally `unit` (text) and `of` (a subject id).
 * "about n" bounds nothing by itself. "majority of 123" is at least 62; "some" at least 1. */
#ifndef CLAIM_QUANTITY_H
#define CLAIM_QUANTITY_H

#include "codec/cursor.h"

#define QUANTITY_UNBOUNDED INT64_MAX

struct quantity {
  int64_t at_least; /* 0 when nothing bounds it from below */
  int64_t at_most;  /* QUANTITY_UNBOUNDED when nothing bounds it from above */
  bool about;
  int64_t about_value;
  bool majority_of_subject; /* "majority of X" whose total is another subject's */
  struct adduce_span of;    /* subject id of the total; empty if none */
  struct adduce_span unit;
};

/* False when the encoded value is no quantity; `*reason` (may be NULL) says why, static text. */
MUST_USE bool quantity_parse(struct adduce_span encoded, struct quantity *quantity,
                             const char **reason);

#endif
