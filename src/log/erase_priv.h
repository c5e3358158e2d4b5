/* SPDX-License-Identifier: Apache-2.0 */
/* The part of erasing that appends and checks do; see log/erase.h. */
#ifndef LOG_ERASE_PRIV_H
#define LOG_ERASE_PRIV_H

#include "log/erase.h"
#include "log/log_priv.h"

/* Takes the values of an admitted erasure out of the contents of its targets, and out of what
 * waits in quarantine under their ids. The targets are in the transaction. Errors: those of the
 * store, ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err erase_apply(struct adduce_scope *scope, struct store_txn *txn,
                                     const struct event *erasure);

/* Sets the mark, for a log that has `size` entries after it. Errors: as above. */
MUST_USE enum adduce_err erase_mark(struct adduce_scope *scope, struct store_txn *txn,
                                    uint64_t size, const struct adduce_hash *captures,
                                    size_t capture_count);

/* Whether nothing that the erasure took is held. Errors: ADDUCE_E_FAILED. */
MUST_USE enum adduce_err erase_check(struct adduce_scope *scope, struct store_txn *txn,
                                     const struct event *erasure);

/* Whether the mark, if there is one, can be read; `*records` is 1 if there is. */
MUST_USE enum adduce_err erase_check_mark(struct adduce_scope *scope, struct store_txn *txn,
                                          uint64_t *records);

#endif
