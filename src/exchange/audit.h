/* SPDX-License-Identifier: Apache-2.0 */
/* The audit of a published log: every tile and every entry under a checkpoint, and of an adduce
 * log every event's form, its author's signature, the order of recorded times and the contents of
 * control events. From a size that was audited before, only what is new, that it extends it, and
 * the control entries from before, which say who may do what. */
#ifndef EXCHANGE_AUDIT_H
#define EXCHANGE_AUDIT_H

#include "exchange/entry.h"
#include "exchange/ranges.h"
#include "exchange/tilelog.h"

/* Gets each entry of an adduce log, in order, after it was verified; the content is there where it
 * could be had. With `known`, first the control entries below `since`. Errors of its own end the
 * audit. */
typedef enum adduce_err audit_visit_fn(void *context, struct adduce_scope *scope, uint64_t index,
                                       const struct entry *entry);

struct audit {
  const struct adduce_published *source;
  const struct checkpoint *checkpoint; /* verified by the caller */
  const struct checkpoint *since;      /* NULL: everything */
  const struct ranges *known;          /* with `since`: the control entries below it; may be NULL */
  bool all_contents;                   /* the source has contents of more than control events */
  unsigned threads;                    /* 0: one a processor */
  audit_visit_fn *visit;               /* NULL: none */
  void *context;
};

struct audit_report {
  uint64_t entries, signatures, controls, contents, tiles;
  uint64_t known; /* control entries from before that were read again */
  bool ours;      /* entry 0 is a ledger.created */
  struct adduce_id genesis;
};

/* Errors: ADDUCE_E_FAILED (what is wrong, with file and index), ADDUCE_E_ROLLBACK, ADDUCE_E_FORK,
 * those of the fetch and of `visit`, ADDUCE_E_INTERRUPTED, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err audit_run(struct adduce_scope *scope, struct audit_report *report,
                                   const struct audit *audit);

#endif
