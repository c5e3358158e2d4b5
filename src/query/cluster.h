/* SPDX-License-Identifier: Apache-2.0 */
/* Which subjects are one, as of the question's position.
 *
 * Of all judgements on a pair, the last one that stands (live: not retracted, corrected as it may
 * be) decides: positive ties the two, negative and unsure do not. The cluster of a subject is
 * walked from it, the nearest first and those tied earlier before those tied later; a subject whom
 * a standing negative judgement parts from one that is in already is left out, and named with the
 * judgement that parts it. Nothing is rewritten: retract the judgement, and they are two again. */
#ifndef QUERY_CLUSTER_H
#define QUERY_CLUSTER_H

#include "query/told.h"

struct cluster_member {
  struct adduce_span subject;
  const struct told
      *judgement; /* that tied it to one before it, or parted it; NULL for the first */
};

struct cluster {
  struct cluster_member *members; /* the subject itself first */
  size_t count;
  struct cluster_member *parted;
  size_t parted_count;
};

/* Lives in the scope of the question. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err cluster_find(struct asked *asked, struct cluster *cluster,
                                      struct adduce_span subject);

/* The least id of the cluster: one name for all of its members. */
MUST_USE enum adduce_err cluster_least(struct asked *asked, struct adduce_span *least,
                                       struct adduce_span subject);

#endif
