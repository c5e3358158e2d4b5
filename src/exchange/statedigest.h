/* SPDX-License-Identifier: Apache-2.0 */
/* A statement of the state: what digests the projections of a ledger had as of a size, with
 * everything on which those depend. It is how two parties who replayed the same log find out
 * whether they came to the same state (docs/FORMAT.md 10).
 *
 * Size, root, vocabulary, policy, view, and a projection's version must all be equal before two
 * digests are compared; where one is not, nothing follows for the digests, and it is said which. */
#ifndef EXCHANGE_STATEDIGEST_H
#define EXCHANGE_STATEDIGEST_H

#include "codec/value.h"
#include "crypto/hash.h"

#define STATEDIGEST_PARTS_MAX 64

/* One projection. */
struct statedigest_part {
  struct adduce_span name;
  uint64_t version;
  uint64_t rows; /* 0 where it was not said */
  struct adduce_hash digest;
};

struct statedigest {
  uint64_t size;
  struct adduce_hash root;
  uint64_t vocabulary_version;
  struct adduce_hash policy; /* the id of the policy.set in force; zeroes where there is none */
  struct adduce_hash view;
  const struct statedigest_part *parts;
  size_t part_count;
};

/* The name of the whole: SHA-256("adduce/state/v1\n" || u64be size || root || u32be vocabulary
 * version || policy || view || u32be count || name || "\n" || u32be version || digest ...). */
struct adduce_hash statedigest_name(const struct statedigest *state);

/* Sets size, root, vocabulary_version, policy?, view: {id}, state and projections of a map. */
void statedigest_put(struct adduce_scope *scope, struct adduce_value *map,
                     const struct statedigest *state);

/* Reads such a map; what else it holds is passed over; spans borrow from it. Errors: ADDUCE_E_FORM
 * (what is missing or of a wrong form, or its `state` is not that of its parts), ADDUCE_E_MEMORY.
 */
MUST_USE enum adduce_err statedigest_read(struct adduce_scope *scope, struct statedigest *state,
                                          const struct adduce_value *map);

/* --- comparing ----------------------------------------------------------------------------- */

/* Whether everything but the digests is equal, so that these can be compared. */
MUST_USE bool statedigest_same_grounds(const struct statedigest *a, const struct statedigest *b);

enum statedigest_verdict {
  STATEDIGEST_SAME,
  STATEDIGEST_DIFFERENT,
  STATEDIGEST_NOT_COMPARABLE,
};

/* "same", "different", "not comparable". */
const char *statedigest_verdict_name(enum statedigest_verdict verdict);

/* Compares what another party states with what a replay here gives. `ours` is of the size of
 * `theirs`; where it is of another size, that is how many entries there are here. Sets of the map
 *
 *   verdict, because?: [{what: size|root|vocabulary|policy|view, theirs?, ours?, text}],
 *   projections?: [{name, version, verdict, theirs, ours?, because?: text}], and of them
 *   same?, different?, not_comparable?: how many
 *
 * One projection that differs makes the whole different; otherwise one that cannot be compared
 * makes the whole not comparable. */
enum statedigest_verdict statedigest_compare(struct adduce_scope *scope, struct adduce_value *map,
                                             const struct statedigest *theirs,
                                             const struct statedigest *ours);

#endif
