/* SPDX-License-Identifier: Apache-2.0 */
/* On whose word a claim is said: the chain of its attribution, which a correction may have put
 * right.
 *
 * The chain that counts is the one the claim has now. The others are kept in sight: if a correction
 * that gave the claim its chain is left out, or an act that decides whether it has effect, the
 * claim would fall back on another of them, so then it rests on all. */
#ifndef QUERY_WORDS_H
#define QUERY_WORDS_H

#include "query/profile.h"

struct words_chain {
  struct parsed_field field; /* without a key: nobody else's word than the author's */
  enum parsed_form form;
};

struct words {
  struct words_chain now;
  struct words_chain *others; /* that it was signed with, or that corrections put */
  size_t other_count;
  uint64_t *acts; /* by which it came to the one it has: corrections, and what acts on those */
  size_t act_count;
};

/* `asked` leaves nothing out. Lives in the scope, where it is more than the signed chain.
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err words_find(struct asked *asked, struct words *words,
                                    const struct profile *profile);

/* The chain that a correction puts in the place of another; false if it leaves the chain alone. */
bool words_corrected(const struct parsed *correction, struct words_chain *chain);

static inline void words_hops(struct profile_hops *hops, const struct words_chain *chain) {
  profile_hops_init(hops, &chain->field, chain->form);
}

#endif
