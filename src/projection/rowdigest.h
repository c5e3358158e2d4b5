/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of projections: see fold_digest. */
#ifndef PROJECTION_ROWDIGEST_H
#define PROJECTION_ROWDIGEST_H

#include "crypto/hash.h"
#include "store/store.h"

/* The digests of one projection as of each of `sizes`, which ascend, in one walk over its rows;
 * `digests` and `rows` have room for `count`. Errors: as fold_digest. */
MUST_USE enum adduce_err rowdigest_one(struct adduce_scope *scope, struct store_txn *txn,
                                       struct adduce_hash *digests, uint64_t *rows,
                                       size_t projection, const uint64_t *sizes, size_t count);

/* Of all projections, each read by one of `threads` threads (0: one a processor) in a transaction
 * of its own; those of projection p begin at digests[p * count]. Errors: as fold_digests. */
MUST_USE enum adduce_err rowdigest_all(struct adduce_scope *scope, struct store *store,
                                       struct adduce_hash *digests, uint64_t *rows,
                                       const uint64_t *sizes, size_t count, unsigned threads);

#endif
