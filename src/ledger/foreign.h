/* SPDX-License-Identifier: Apache-2.0 */
/* Entering events of another ledger: behind a bundle.imported of ours, in one transaction. */
#ifndef LEDGER_FOREIGN_H
#define LEDGER_FOREIGN_H

#include "ledger/ledger.h"

/* Where the events come from. */
struct foreign_source {
  struct adduce_id genesis;
  struct adduce_span origin;
  struct adduce_span checkpoint; /* a signed note */
  struct adduce_hash manifest;   /* of the bundle */
};

struct foreign_receipt {
  uint64_t index;      /* of the bundle.imported; the `entered` events follow it */
  size_t entered;      /* 0: all were here already, and nothing was written */
  struct adduce_id id; /* of the bundle.imported */
  struct log_receipt log;
};

/* What is to be entered, in the order of its places in the source. */
struct foreign_batch {
  const struct foreign_source *source;
  const struct event *events; /* verified */
  size_t count;
  const struct signer *author; /* of the bundle.imported */
};

/* Appends those of the events that are not in the log yet. Errors: those of log_append, of
 * event_sign; nothing was written then. */
MUST_USE enum adduce_err foreign_append(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        struct foreign_receipt *receipt,
                                        const struct foreign_batch *batch);

#endif
