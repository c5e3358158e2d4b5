/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of projections: see fold_digest. */
#ifndef PROJECTION_ROWDIGEST_H
#define PROJECTION_ROWDIGEST_H

#include "crypto/hash.h"
#include "store/store.h"

/* Errors: as fold_digest. */
MUST_USE enum adduce_err rowdigest_one(struct adduce_scope *scope, struct store_txn *txn,
                                       struct adduce_hash *digest, uint64_t *rows,
                                       size_t projection, uint64_t size);

/* Of all projections, each read by one of `threads` threads (0: one a processor) in a transaction
 * of its own. Errors: as fold_digests. */
MUST_USE enum adduce_err rowdigest_all(struct adduce_scope *scope, struct store *store,
                                       struct adduce_hash *digests, uint64_t *rows, uint64_t size,
                                       unsigned threads);

#endif
