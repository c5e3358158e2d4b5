/* SPDX-License-Identifier: Apache-2.0 */
/* Who was given an event: the bundle.exported of this log, and the manifests that were kept. They
 * are read once for as many events as are asked about. */
#ifndef LEDGER_DISCLOSURE_H
#define LEDGER_DISCLOSURE_H

#include "adduce/query.h"
#include "exchange/bundle.h"
#include "ledger/ledger.h"

/* A bundle that was given. */
struct disclosure {
  const struct adduce_value *entry; /* the bundle.exported, as `log` has it */
  struct bundle_manifest manifest;
};

struct disclosures {
  struct disclosure *items; /* in log order */
  size_t count, capacity;
  uint64_t unknown; /* whose manifest is not kept here */
};

/* The pages of what `log` answers for a kind, as they were at a position (NULL: now), to `visit`.
 * Errors: those of adduce_ask_log and of `visit`. */
typedef enum adduce_err disclosure_visit_fn(struct adduce_scope *scope, void *context,
                                            const struct adduce_value *entry);
MUST_USE enum adduce_err disclosure_each(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                         const char *kind, const char *at,
                                         disclosure_visit_fn *visit, void *context);

/* All that were given by a position (NULL: now). Errors: ADDUCE_E_CORRUPT (a manifest was changed),
 * those of questions and of reading manifests. */
MUST_USE enum adduce_err disclosure_read(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                         struct disclosures *all, const char *at);

/* Whether the event at this index was in it. */
bool disclosure_has(const struct disclosure *disclosure, uint64_t index);

/* Whether it is a recall notice of the event. */
bool disclosure_recalls(const struct disclosure *disclosure, const struct adduce_id *id);

/* Sets {recipients, at, by, id, index, manifest, purpose?, handling?, withheld?}, of what was
 * withheld of this event. */
void disclosure_render(struct adduce_scope *scope, struct adduce_value *map,
                       const struct disclosure *disclosure, const struct adduce_id *id);

#endif
