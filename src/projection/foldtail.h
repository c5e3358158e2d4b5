/* SPDX-License-Identifier: Apache-2.0 */
/* The tail: rows of the entries behind the last run, one record each in the projections' tables. */
#ifndef PROJECTION_FOLDTAIL_H
#define PROJECTION_FOLDTAIL_H

#include "projection/batch.h"

/* Adds the rows of a batch (BATCH_ROWS). Errors: ADDUCE_E_EXISTS, those of store_put. */
MUST_USE enum adduce_err foldtail_write(struct adduce_scope *scope, struct store_txn *txn,
                                        const struct batch *batch);

/* Empties it. */
MUST_USE enum adduce_err foldtail_clear(struct adduce_scope *scope, struct store_txn *txn);

#endif
