/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle from its first entry to its end: every event's form, its author's signature, and that
 * what there is of its content is what it commits to, on all processors. Who was authorized is for
 * the visitor to judge, who sees every control entry, and in a bundle its content, in order. */
#ifndef EXCHANGE_BUNDLEWALK_H
#define EXCHANGE_BUNDLEWALK_H

#include "exchange/entry.h"
#include "exchange/unwrap.h"

/* An entry that was verified. Spans live during the visit. */
struct bundlewalk_entry {
  uint64_t index;
  struct adduce_span bytes, content; /* as in the item */
  bool has_content;                  /* one was sent (in a skeleton it is not there) */
  struct entry entry;
};

/* Gets each entry in order. What it puts into the scope stays. Nothing is proven about its place
 * before the walk has ended well. Errors of its own end the walk. */
typedef enum adduce_err bundlewalk_visit_fn(void *context, struct adduce_scope *scope,
                                            const struct bundlewalk_entry *entry);

/* Gets the items CAPTURE and CHUNK. */
typedef enum adduce_err bundlewalk_capture_fn(void *context, struct adduce_scope *scope,
                                              const struct bundlereader_item *item);

struct bundlewalk {
  struct unwrap *unwrap; /* just opened */
  bundlewalk_visit_fn *visit;
  bundlewalk_capture_fn *capture; /* NULL: they are only read */
  void *context;
};

/* Errors: those of unwrap_next; with the index those of entry_read and entry_verify,
 * ADDUCE_E_MISSING (the content of a control entry is not whole) and ADDUCE_E_CLOCK (an entry was
 * recorded before one that stands before it); those of the visitor; ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err bundlewalk_run(struct adduce_scope *scope, const struct bundlewalk *walk);

#endif
