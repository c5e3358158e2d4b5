/* SPDX-License-Identifier: Apache-2.0 */
/* Which entries go into a bundle, and which fields of them do not. */
#ifndef LEDGER_SELECTED_H
#define LEDGER_SELECTED_H

#include "adduce/bundle.h"
#include "ledger/ledger.h"

/* A path to be withheld. */
struct selected_path {
  struct content_path path;
  bool of_one; /* of the entry at `index` alone, with the id */
  uint64_t index;
  struct adduce_id id;
  bool is_met; /* an event that was asked about has it */
};

/* What may come besides: the fields `original` and `fields`, which spell and correct others. */
#define SELECTED_BESIDES 2

/* An event that a notice recalls. */
struct selected_recall {
  struct adduce_id id;
  uint64_t index;
  bool is_met; /* something takes it back */
};

struct selected {
  uint8_t *bits; /* one an entry, from the lowest of byte 0 on */
  uint64_t size; /* entries of the log */
  bool is_complete;
  uint64_t from; /* is_complete: the first of the range, which ends with the log */
  bool has_since;
  struct selected_path *paths;
  size_t path_count;
  struct selected_recall *recalls;
  size_t recall_count;
};

static inline bool selected_has(const struct selected *selected, uint64_t index) {
  return (selected->bits[index / 8] >> (index % 8) & 1) != 0;
}

/* False if it was selected before. */
bool selected_add(struct selected *selected, uint64_t index);

bool selected_is_recalled(const struct selected *selected, uint64_t index);

/* True iff the event acts on what it names in this role. */
bool selected_acts(const struct event *event, struct adduce_span role);

/* Errors: see adduce_export. */
MUST_USE enum adduce_err selected_find(struct adduce_scope *scope, struct selected *selected,
                                       struct adduce_ledger *ledger, struct log_view *view,
                                       const struct adduce_export_options *options);

/* The paths to be withheld of this event, of those that it has; `paths` has room for
 * selected->path_count + SELECTED_BESIDES. With a field goes the map that spells it (`original`) or
 * corrects it (`fields`) in the same event. A control event has none. */
size_t selected_paths(struct selected *selected, const struct event *event, uint64_t index,
                      struct content_path *paths);

/* A path as it stands in signed data: "field", "field.INDEX", or one of these behind "ID:", the
 * whole id. Lives in the scope. */
const char *selected_path_text(struct adduce_scope *scope, const struct selected_path *path);

/* Errors: ADDUCE_E_NOT_FOUND (no event that was asked about has the path: who mistypes a field must
 * not give it away). */
MUST_USE enum adduce_err selected_require_met(struct adduce_scope *scope,
                                              const struct selected *selected);

#endif
