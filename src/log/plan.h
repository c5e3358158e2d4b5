/* SPDX-License-Identifier: Apache-2.0 */
/* What an append will write, worked out before anything is written. Pure: time and edge come
 * in as values, bytes go out. commit (append.c) writes exactly this. */
#ifndef LOG_PLAN_H
#define LOG_PLAN_H

#include "event/event.h"
#include "tree/merkle.h"

struct plan_entry {
  uint64_t index;
  struct adduce_id id;
  struct adduce_span entry;   /* [recorded_at, event] */
  struct adduce_span content; /* empty if none is held */
  bool control;
};

struct plan_tile {
  unsigned level;
  uint64_t tile;
  const struct adduce_hash *hashes;
  size_t count; /* 256, or fewer for the last of a level */
};

struct plan {
  uint64_t first_index;
  uint64_t size; /* after the append */
  struct adduce_hash root;
  int64_t recorded_at_us;
  const struct plan_entry *entries;
  size_t entry_count;
  const struct plan_tile *tiles; /* every tile whose bytes change */
  size_t tile_count;
};

/* Plans the append of `events`, none of which is in the log yet. `edge` is that of the log and
 * becomes that after the append. recorded_at = max(now_us, last_recorded_us).
 * Errors: ADDUCE_E_CLOCK (now more than a day after last_recorded_us, unless accepted),
 * ADDUCE_E_TOO_LARGE (an entry over 65,535 bytes), ADDUCE_E_MEMORY; the edge is spent then. */
MUST_USE enum adduce_err plan_append(struct adduce_scope *scope, struct plan *plan,
                                     struct merkle_edge *edge, const struct event *events,
                                     size_t count, int64_t now_us, int64_t last_recorded_us,
                                     bool accept_clock);

/* recorded_at = max(now_us, last_us). Errors: ADDUCE_E_CLOCK (now is more than a day later, and
 * that is not accepted; or no entry can hold it). */
MUST_USE enum adduce_err plan_time(struct adduce_scope *scope, int64_t *recorded_at_us,
                                   int64_t now_us, int64_t last_us, bool accept_clock);

/* [recorded_at, event]. Errors: ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err plan_entry_encode(struct adduce_scope *scope, struct adduce_span *entry,
                                           int64_t recorded_at_us, struct adduce_span event);

/* Errors: ADDUCE_E_NOT_CANONICAL, ADDUCE_E_FORM. */
MUST_USE enum adduce_err plan_entry_parse(struct adduce_scope *scope, int64_t *recorded_at_us,
                                          struct adduce_span *event, struct adduce_span entry);

#endif
