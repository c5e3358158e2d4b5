/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle on its way in: read and verified to its end, its events kept in memory and its skeleton
 * and documents in files that have no name in the ledger yet. */
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

/* Gets each event in order, with its index in the source; it lives during the call. */
typedef void incoming_look_fn(void *context, const struct event *event, uint64_t index);

struct incoming {
  struct adduce_ledger *ledger;
  struct adduce_scope *own; /* holds what follows */
  struct unwrap *unwrap;
  const struct bundle_manifest *manifest;
  struct rules *rules;                 /* the source's, as far as its control entries are here */
  const struct vocabulary *vocabulary; /* ours, which the events are read by */
  struct adduce_scope *arrays;         /* holds the two arrays, and is exchanged as they grow */
  struct event *events;                /* verified, in the order of their indexes */
  uint64_t *indexes;                   /* in the source */
  size_t count, capacity;
  struct spool skeleton, capture;
  struct incoming_capture *captures;
  size_t capture_count;
  incoming_look_fn *look; /* NULL: events are kept in memory */
  void *look_context;
  bool keeps; /* false: nothing is written, not even under a temporary name */
};

/* Reads a bundle and verifies all there is to verify without looking at what was imported before.
 * `vocabulary` and the scope's memory outlive it. Errors: see adduce_import; close it in any case.
 */
MUST_USE enum adduce_err incoming_read(struct adduce_scope *scope, struct incoming *incoming,
                                       struct adduce_ledger *ledger,
                                       const struct vocabulary *vocabulary,
                                       const struct adduce_source *source,
                                       const struct adduce_policy *policy, bool keeps);

/* As incoming_read for who only looks, in bounded memory however large the bundle is: nothing is
 * written and no event kept. What was seen counts for nothing if it ends with an error. */
MUST_USE enum adduce_err incoming_look(struct adduce_scope *scope, struct incoming *incoming,
                                       const struct vocabulary *vocabulary,
                                       const struct adduce_source *source,
                                       const struct adduce_policy *policy, incoming_look_fn *look,
                                       void *context);

/* Gives skeleton and documents their names, but for documents that were erased here with the source
 * that names them; `*documents` is how many. Errors: those of file_rename and erase_each; what has
 * its name by then keeps it. */
MUST_USE enum adduce_err incoming_keep(struct adduce_scope *scope, struct incoming *incoming,
                                       struct log_view *view, size_t *documents);

/* Removes what was not kept. */
void incoming_close(struct incoming *incoming);

#endif
