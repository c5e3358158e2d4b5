/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle on its way in: read and verified to its end in bounded memory however large it is, its
 * skeleton and documents in files that have no name in the ledger yet. */
#ifndef LEDGER_INCOMING_H
#define LEDGER_INCOMING_H

#include "adduce/exchange.h"
#include "exchange/bundlewalk.h"
#include "ledger/ledger.h"
#include "sys/spool.h"

struct incoming_capture {
  struct adduce_hash digest;
  const char *path; /* under a temporary name */
};

/* A document that an event names: the source of it, which may have been erased here. */
struct incoming_name {
  struct adduce_id id;
  struct adduce_hash digest;
};

/* Gets each event in order, with its index in the source; it lives during the call. Nothing is
 * proven of its place before all is read. Errors of its own end the reading. */
typedef enum adduce_err incoming_look_fn(void *context, struct adduce_scope *scope,
                                         const struct event *event, uint64_t index);

struct incoming {
  struct adduce_ledger *ledger; /* NULL: nothing is written, not even under a temporary name */
  struct adduce_scope *own;     /* holds what follows */
  struct unwrap *unwrap;
  const struct bundle_manifest *manifest;
  struct rules *rules;                 /* the source's, as far as its control entries are here */
  const struct vocabulary *vocabulary; /* ours, which the events are read by */
  struct spool skeleton, capture;
  struct incoming_capture *captures;
  size_t capture_count;
  struct incoming_name *names; /* by events of the bundle, of the documents in it */
  size_t name_count, name_capacity;
  incoming_look_fn *look;
  void *look_context;
};

/* Reads a bundle and verifies all there is to verify without looking at what was imported before,
 * showing each event to `look`. `vocabulary` outlives it. With a ledger, skeleton and documents are
 * written under temporary names in its folder; with NULL nothing is written. Errors: see
 * adduce_import; close it in any case. */
MUST_USE enum adduce_err incoming_read(struct adduce_scope *scope, struct incoming *incoming,
                                       struct adduce_ledger *ledger,
                                       const struct vocabulary *vocabulary,
                                       const struct adduce_source *source,
                                       const struct adduce_policy *policy, incoming_look_fn *look,
                                       void *context);

/* For `look`: whether the event that it is shown names a document of the bundle. */
bool incoming_names(const struct incoming *incoming, const struct event *event);

/* For `look`: the event that it is shown does not come in, so a document that it alone names is not
 * kept. */
void incoming_pass_over(struct incoming *incoming, const struct event *event);

/* Gives skeleton and documents their names, but for documents that no event names which comes in,
 * and those that were erased here with the source that names them; `*documents` is how many.
 * Errors: those of file_rename and erase_each; what has its name by then keeps it. */
MUST_USE enum adduce_err incoming_keep(struct adduce_scope *scope, struct incoming *incoming,
                                       struct log_view *view, size_t *documents);

/* Removes what was not kept. */
void incoming_close(struct incoming *incoming);

#endif
