/* SPDX-License-Identifier: Apache-2.0 */
#include "log/plan.h"

#include "base/clock.h"
#include "codec/canonical.h"
#include "codec/cursor.h"
#include "codec/pack.h"

#define ENTRY_BYTES 65535 /* the bound of C2SP tlog-tiles */

/* --- entries ------------------------------------------------------------------------------ */

enum adduce_err plan_entry_encode(struct adduce_scope *scope, struct adduce_span *entry,
                                  int64_t recorded_at_us, struct adduce_span event) {
  struct buffer buffer;
  *entry = span_of(NULL, 0);
  if (event.size > ENTRY_BYTES)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "the event has %zu bytes; an entry holds %d",
                      event.size, ENTRY_BYTES);
  buffer_init(&buffer, scope);
  pack_array(&buffer, 2);
  pack_int(&buffer, recorded_at_us);
  pack_bin(&buffer, event.data, event.size);
  TRY(buffer_take(&buffer, entry));
  if (entry->size <= ENTRY_BYTES) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_TOO_LARGE, "the entry would have %zu bytes, and may have %d",
                    entry->size, ENTRY_BYTES);
}

enum adduce_err plan_entry_parse(struct adduce_scope *scope, int64_t *recorded_at_us,
                                 struct adduce_span *event, struct adduce_span entry) {
  uint32_t count;
  if (entry.size > ENTRY_BYTES)
    return scope_fail(scope, ADDUCE_E_FORM, "entry: it has %zu bytes, and may have %d", entry.size,
                      ENTRY_BYTES);
  TRY(canonical_require(scope, entry, "entry"));
  struct cursor cursor = cursor_of(entry);
  if (cursor_array(&cursor, &count) && count == 2 && cursor_int(&cursor, recorded_at_us) &&
      cursor_bin(&cursor, event))
    return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FORM, "entry: it is not [recorded_at int, event bin]");
}

/* --- time --------------------------------------------------------------------------------- */

enum adduce_err plan_time(struct adduce_scope *scope, int64_t *recorded_at_us, int64_t now_us,
                          int64_t last_us, bool accept_clock) {
  bool is_ahead = now_us > last_us;
  uint64_t ahead_us = is_ahead ? (uint64_t)now_us - (uint64_t)last_us : 0;
  *recorded_at_us = is_ahead ? now_us : last_us;
  if (*recorded_at_us > CANONICAL_INTEGER_MAX || *recorded_at_us < -CANONICAL_INTEGER_MAX)
    return scope_fail(scope, ADDUCE_E_CLOCK, "the clock says %s, which an entry cannot hold",
                      clock_format(*recorded_at_us).text);
  if (accept_clock || ahead_us <= (uint64_t)CLOCK_DAY_US) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CLOCK,
                    "the clock says %s, the last entry was recorded at %s; if the clock is right, "
                    "append again and accept it",
                    clock_format(now_us).text, clock_format(last_us).text);
}

/* --- tiles -------------------------------------------------------------------------------- */

struct tiles {
  struct adduce_scope *scope;
  struct plan_tile *items;
  size_t count, capacity;
};

/* Adds a tile with a copy of its hashes: those of the edge will change under them. */
static enum adduce_err add_tile(struct tiles *tiles, unsigned level, uint64_t tile,
                                const struct adduce_hash *hashes, size_t count) {
  struct plan_tile *grown =
      scope_room(tiles->scope, &tiles->capacity, tiles->items, tiles->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(tiles->scope);
  tiles->items = grown;
  struct adduce_span copy = scope_copy(tiles->scope, span_of(hashes, count * sizeof *hashes));
  if (copy.data == NULL) return scope_no_memory(tiles->scope);
  tiles->items[tiles->count++] =
      (struct plan_tile){level, tile, (const struct adduce_hash *)(const void *)copy.data, count};
  return ADDUCE_OK;
}

static enum adduce_err keep_full(void *context, unsigned level, uint64_t tile,
                                 const struct adduce_hash *hashes256) {
  return add_tile(context, level, tile, hashes256, MERKLE_TILE_WIDTH);
}

/* The last, partial tile of each level that has grown. */
static enum adduce_err add_partial(struct tiles *tiles, const struct merkle_edge *edge,
                                   uint64_t old_size) {
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    uint64_t count = merkle_level_count(edge->size, level);
    if (count == merkle_level_count(old_size, level)) break; /* nor has any level above */
    if (edge->widths[level] == 0) continue;
    TRY(add_tile(tiles, level, count / MERKLE_TILE_WIDTH, edge->tiles[level], edge->widths[level]));
  }
  return ADDUCE_OK;
}

/* --- the plan ----------------------------------------------------------------------------- */

static enum adduce_err plan_one(struct adduce_scope *scope, struct plan_entry *entry,
                                struct merkle_edge *edge, struct tiles *tiles,
                                const struct event *event, int64_t recorded_at_us) {
  const struct parsed *parsed = &event->claim.parsed;
  *entry = (struct plan_entry){.index = edge->size,
                               .id = event->id,
                               .content = parsed->content,
                               .control = vocabulary_control_name(parsed->kind)};
  TRY(plan_entry_encode(scope, &entry->entry, recorded_at_us, parsed->event));
  struct adduce_hash leaf = merkle_leaf(entry->entry);
  if (edge->size >= MERKLE_SIZE_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "the log has all the entries it can have");
  return merkle_edge_push(edge, &leaf, keep_full, tiles);
}

enum adduce_err plan_append(struct adduce_scope *scope, struct plan *plan, struct merkle_edge *edge,
                            const struct event *events, size_t count, int64_t now_us,
                            int64_t last_recorded_us, bool accept_clock) {
  struct tiles tiles = {.scope = scope};
  struct plan_entry *entries = scope_array(scope, count, sizeof *entries);
  *plan = (struct plan){.first_index = edge->size, .entries = entries, .entry_count = count};
  if (entries == NULL) return scope_no_memory(scope);
  TRY(plan_time(scope, &plan->recorded_at_us, now_us, last_recorded_us, accept_clock));
  for (size_t i = 0; i < count; i++) {
    enum adduce_err err =
        plan_one(scope, &entries[i], edge, &tiles, &events[i], plan->recorded_at_us);
    if (err != ADDUCE_OK)
      return scope_wrap(scope, err, "entry %llu: ", (unsigned long long)entries[i].index);
  }
  TRY(add_partial(&tiles, edge, plan->first_index));
  plan->size = edge->size;
  plan->root = merkle_edge_root(edge);
  plan->tiles = tiles.items;
  plan->tile_count = tiles.count;
  return ADDUCE_OK;
}
