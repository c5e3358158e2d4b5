/* SPDX-License-Identifier: Apache-2.0 */
/* The quarantine: events that wait outside the log, since entries cannot be removed from it.
 *
 *   u64be number -> [reason, event, content]                   by a key unknown here
 *                   [reason, event, content, manifest, index]  an entry out of a bundle
 *                   [reason, id]                               refused for good: it stays out
 *
 * Numbers ascend as events come. The table has at most QUARANTINE_MAX records, so that strangers do
 * not fill the disk. What comes out of a bundle was verified before; what is in here never acts. */
#ifndef LOG_QUARANTINE_H
#define LOG_QUARANTINE_H

#include "log/log.h"

#define QUARANTINE_MAX ((uint64_t)1 << 16)

struct store_txn;

/* What is to wait. */
struct quarantine_item {
  const struct event *event;
  const char *reason;
  bool is_foreign;
  struct adduce_hash manifest; /* is_foreign: of the bundle it came with */
  uint64_t source_index;       /* is_foreign: in the log it comes from */
};

/* Adds items in a transaction. Errors: ADDUCE_E_TOO_LARGE (there is no room for all), those of the
 * store. */
MUST_USE enum adduce_err quarantine_put(struct adduce_scope *scope, struct store_txn *txn,
                                        const struct quarantine_item *items, size_t count);

/* Puts an item in the place of the one with its number. Errors: those of the store. */
MUST_USE enum adduce_err quarantine_replace(struct adduce_scope *scope, struct store_txn *txn,
                                            const struct log_quarantined *item);

/* Adds those whose events neither wait, nor were refused, nor are in the log; `*added` of them.
 * Errors: as above, ADDUCE_E_READ_ONLY; nothing was added then. */
MUST_USE enum adduce_err log_quarantine(struct adduce_scope *scope, struct log *log,
                                        const struct quarantine_item *items, size_t count,
                                        size_t *added);

/* Takes items out: with a `refusal`, the reason is kept with the event's id; NULL: they were
 * admitted. Numbers that are there no more are passed over. Errors: ADDUCE_E_READ_ONLY, those of
 * the store; nothing was changed then. */
MUST_USE enum adduce_err log_quarantine_release(struct adduce_scope *scope, struct log *log,
                                                const uint64_t *numbers, size_t count,
                                                const char *refusal);

/* Takes out what waits although its event is in the log by now. Errors: as log_quarantine_release.
 */
MUST_USE enum adduce_err log_quarantine_settle(struct adduce_scope *scope, struct log *log);

#endif
