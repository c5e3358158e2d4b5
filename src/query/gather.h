/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a subject: the claims about the members of its cluster, and the rows they make.
 *
 * The rows of `subjects` say which claims those are. What a claim says now, corrections put over
 * it, is projected again by the same code that made the stored rows, so there is one meaning of
 * every kind; what it said before it was corrected stands beside it, as corrected. */
#ifndef QUERY_GATHER_H
#define QUERY_GATHER_H

#include "projection/registry.h"
#include "projection/row.h"
#include "query/cluster.h"

struct gather_item {
  enum registry_number table; /* facts, relations, releases, sanctions or states */
  size_t member;              /* of the cluster: whose row it is */
  struct adduce_span rest;    /* of the key, after the subject and without the index */
  struct adduce_span value;   /* of the row */
  const struct told *told;
  const struct event *event; /* that made the row: the claim as it is now, or as it was signed */
  enum status_state state;   /* of what this row says */
};

struct gathered {
  struct cluster cluster;
  struct gather_item *items; /* in log order */
  size_t count, capacity;
  const struct told **incomplete; /* claims that say nothing because part of them is missing */
  size_t incomplete_count, incomplete_capacity;
  const struct told **erased; /* claims that say something still, but part of them was erased */
  size_t erased_count, erased_capacity;
  uint64_t claims; /* about the subject, whatever became of them */
};

/* Lives in the scope of the question.
 * Errors: ADDUCE_E_NOT_FOUND (there is no row about it), ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err gather_subject(struct asked *asked, struct gathered *gathered,
                                        struct adduce_span subject);

/* The claims about one subject alone, by their indexes in ascending order. */
MUST_USE enum adduce_err gather_claims(struct asked *asked, uint64_t **indexes, size_t *count,
                                       struct adduce_span subject);

#endif
