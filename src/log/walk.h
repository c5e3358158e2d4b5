/* SPDX-License-Identifier: Apache-2.0 */
/* Walks over entries that follow one another: many times faster than finding each by its index. An
 * entry that is not the next one is sought. */
#ifndef LOG_WALK_H
#define LOG_WALK_H

#include "log/log.h"

struct log_walk {
  struct log_view *view; /* borrowed; closed after the walk */
  struct store_cursor entries, contents;
  bool is_under_way; /* `entries` is at `index`, */
  bool has_content;  /* and `contents` at `index` or the first after it that has one */
  uint64_t index;
};

MUST_USE enum adduce_err log_walk_open(struct adduce_scope *scope, struct log_walk *walk,
                                       struct log_view *view);
void log_walk_close(struct log_walk *walk);

/* The entry and its claim, recalled (claim_recall). Errors: as log_view_event. */
MUST_USE enum adduce_err log_walk_claim(struct adduce_scope *scope, struct log_walk *walk,
                                        struct log_entry *entry, struct claim *claim,
                                        uint64_t index);

#endif
