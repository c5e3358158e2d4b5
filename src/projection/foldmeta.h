/* SPDX-License-Identifier: Apache-2.0 */
/* What the projection store says of itself: one record in `meta`, so that it is read and written
 * at once. */
#ifndef PROJECTION_FOLDMETA_H
#define PROJECTION_FOLDMETA_H

#include "crypto/hash.h"
#include "projection/run.h"

struct foldmeta {
  struct adduce_id genesis;
  struct adduce_hash versions; /* of vocabulary and projections, see foldmeta_versions */
  uint64_t reached;
  uint64_t refreshed; /* every erasure before this size is in the rows; at least `reached` */
  uint32_t last_run;  /* the number of the last run; 0 when there is none */
  struct adduce_hash root;
};

/* SHA-256 over the format of the store, the version of the vocabulary, and name and version of
 * each projection: rows of other versions are other rows. */
struct adduce_hash foldmeta_versions(void);

/* Errors: ADDUCE_E_NOT_FOUND (nothing, or nothing that can be read, stands there), ADDUCE_E_IO. */
MUST_USE enum adduce_err foldmeta_read(struct adduce_scope *scope, struct store_txn *txn,
                                       struct foldmeta *meta);

MUST_USE enum adduce_err foldmeta_write(struct adduce_scope *scope, struct store_txn *txn,
                                        const struct foldmeta *meta);

#endif
