/* SPDX-License-Identifier: Apache-2.0 */
/* Admission: which events of a batch may be entered, where, in one transaction. Reads, writes
 * nothing. */
#ifndef LOG_ADMISSION_H
#define LOG_ADMISSION_H

#include "log/log_priv.h"

/* What one transaction is about to enter, batch after batch.
 *
 * Invariants
 *   1. accepted[0 .. accepted_count) get the indexes size, size + 1, ...
 *   2. known has the id of each of them, and of no other. */
struct admission {
  struct store_txn *txn;
  const struct rules *rules; /* in force at size + accepted_count */
  struct rules *own_rules;   /* NULL, or a copy that control events of this batch have changed */
  uint64_t size;             /* of the log */
  struct event *accepted;
  size_t accepted_count, accepted_capacity;
  struct known_id *known; /* open addressing; capacity a power of two, at most half full */
  size_t known_capacity;
};

/* For at most `capacity` events in all. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err admission_begin(struct adduce_scope *scope, struct admission *admission,
                                         struct store_txn *txn, const struct rules *rules,
                                         uint64_t size, size_t capacity);

/* Admits a batch whole, or leaves everything as it was. Control events change the rules for
 * those after them, and are judged at the time at which the batch is recorded; after a refusal of a
 * batch with control events the admission is spent. Errors, with "claim N: " (from 1) before the
 * reason, in `scope`: those of rules_admit, ADDUCE_E_REFERENCE, ADDUCE_E_VALUE (a rekeying not at
 * the end; without "claim N: ", an import that announces more than follows), ADDUCE_E_EXISTS (a
 * foreign event is here already), those of erase_judge, of an erasure; those of claim_validate, of
 * a claim whose kind was declared after it was read. */
MUST_USE enum adduce_err admission_add(struct adduce_scope *scope, struct admission *admission,
                                       struct log_appended *appended, const struct event *events,
                                       size_t count, int64_t recorded_at_us);

void admission_end(struct admission *admission);

#endif
