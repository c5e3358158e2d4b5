/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: from the map a person or a script writes (include/adduce/ledger.h) to what
 * event_sign takes: names become ids, bare subjects get the origin, refs that follow from the
 * content are added. */
#ifndef LEDGER_DRAFT_H
#define LEDGER_DRAFT_H

#include "event/event.h"
#include "ledger/labels.h"
#include "log/log.h"

struct draft_context {
  struct log_view *view; /* where names are looked up */
  const struct labels *labels;
  const struct vocabulary *vocabulary;
  int64_t now_us;
};

struct draft {
  struct event_draft event;
  struct adduce_span label; /* empty if it has none */
};

/* Errors: ADDUCE_E_FIELD (an unknown key of the map), ADDUCE_E_MISSING (kind), ADDUCE_E_TYPE,
 * ADDUCE_E_VALUE (handling, claimed_at), ADDUCE_E_KIND, ADDUCE_E_REFERENCE (a label that is not
 * known), ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS, ADDUCE_E_MEMORY. The draft lives in the
 * scope. */
MUST_USE enum adduce_err draft_complete(struct adduce_scope *scope, struct draft *draft,
                                        const struct draft_context *context,
                                        const struct adduce_value *claim);

/* The event a text names: "@label", "#INDEX", or hex digits of its id. `labels` may be NULL.
 * A full id is taken as it is. Errors: as above, ADDUCE_E_POSITION, ADDUCE_E_USAGE. */
MUST_USE enum adduce_err draft_resolve(struct adduce_scope *scope, struct adduce_id *id,
                                       struct log_view *view, const struct labels *labels,
                                       struct adduce_span name);

#endif
