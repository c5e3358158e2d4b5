/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison of what is stored with a replay: run by run, then the tail, each in key order. */
#ifndef PROJECTION_ROWCHECK_H
#define PROJECTION_ROWCHECK_H

#include "projection/fold.h"

/* Compares the rows of the entries [0, reached). Errors: as fold_check. */
MUST_USE enum adduce_err rowcheck_all(struct adduce_scope *scope, struct store_txn *txn,
                                      const struct fold_feed *feed, uint64_t reached);

#endif
