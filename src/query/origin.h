/* SPDX-License-Identifier: Apache-2.0 */
/* The origin of a claim: whose word it is in the end. That is the innermost speaker of its chain;
 * one who is not named is known by the description given; and what is said in the author's own
 * voice is the word of the author's organization or, without one, key. Only what can be said on
 * somebody's word (the kinds with a frame) has an origin: a correction, or a judgement of identity,
 * is nobody's report. */
#ifndef QUERY_ORIGIN_H
#define QUERY_ORIGIN_H

#include "query/selector.h"
#include "query/words.h"

enum origin_sort {
  ORIGIN_NONE,
  ORIGIN_SPEAKER,
  ORIGIN_ANONYMOUS,
  ORIGIN_ORGANIZATION,
  ORIGIN_KEY,
};

struct origin {
  enum origin_sort sort;
  struct adduce_span name; /* of a speaker the subject id; of a key its hexadecimal digits */
  uint8_t key32[32];       /* the author's */
};

/* `chain` NULL: the one it was signed with. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err origin_of(struct asked *asked, struct origin *origin,
                                   const struct profile *profile, const struct words_chain *chain);

/* "speaker", "anonymous", "organization", "key". */
const char *origin_sort_name(enum origin_sort sort);

/* Whether it is the origin that a selector names. */
bool origin_is(const struct origin *origin, const struct selector *selector);

#endif
