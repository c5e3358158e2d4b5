/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/world.h"

#include "base/numbers.h"
#include "log/erase.h"
#include "log/walk.h"

/* --- the log as the projections read it -----------------------------------------------------*/

struct feed_handle {
  struct log_view view;
  struct log_walk walk;
};

static enum adduce_err feed_open(void *context, struct adduce_scope *scope,
                                 struct fold_reader *reader) {
  struct adduce_ledger *ledger = context;
  struct feed_handle *handle = scope_new(scope, struct feed_handle);
  if (handle == NULL) return scope_no_memory(scope);
  TRY(log_view_open(scope, &handle->view, ledger->log));
  enum adduce_err err = log_walk_open(scope, &handle->walk, &handle->view);
  if (err != ADDUCE_OK) {
    log_view_close(&handle->view);
    return err;
  }
  *reader = (struct fold_reader){handle, handle->view.size, rules_vocabulary(handle->view.rules)};
  return ADDUCE_OK;
}

static void feed_close(void *context, struct fold_reader *reader) {
  struct feed_handle *handle = reader->handle;
  (void)context;
  log_walk_close(&handle->walk);
  log_view_close(&handle->view);
}

static enum adduce_err feed_entry(void *context, struct adduce_scope *scope,
                                  struct fold_reader *reader, int64_t *recorded_at_us,
                                  struct claim *claim, uint64_t index) {
  struct feed_handle *handle = reader->handle;
  struct log_entry entry;
  (void)context;
  TRY(log_walk_claim(scope, &handle->walk, &entry, claim, index));
  *recorded_at_us = entry.recorded_at_us;
  return ADDUCE_OK;
}

static enum adduce_err feed_root(void *context, struct adduce_scope *scope,
                                 struct fold_reader *reader, struct adduce_hash *root,
                                 uint64_t size) {
  struct feed_handle *handle = reader->handle;
  struct merkle_reader tree = log_view_tree(&handle->view);
  (void)context;
  return merkle_root(scope, root, &tree, size);
}

/* Indexes of entries, each once. */
struct erased_entries {
  uint64_t *indexes;
  size_t count, capacity;
  uint64_t before;
};

static enum adduce_err take_erased(void *context, struct adduce_scope *scope,
                                   const struct erase_target *target) {
  struct erased_entries *entries = context;
  if (target->target >= entries->before) return ADDUCE_OK;
  uint64_t *grown =
      scope_room(scope, &entries->capacity, entries->indexes, entries->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  entries->indexes = grown;
  entries->indexes[entries->count++] = target->target;
  return ADDUCE_OK;
}

static enum adduce_err feed_changed(void *context, struct adduce_scope *scope,
                                    struct fold_reader *reader, const uint64_t **indexes,
                                    size_t *count, uint64_t from, uint64_t before) {
  struct feed_handle *handle = reader->handle;
  struct erased_entries entries = {.before = before};
  (void)context;
  TRY(erase_each(scope, &handle->view, from, reader->size, take_erased, &entries));
  numbers_sort(entries.indexes, entries.count);
  *indexes = entries.indexes;
  *count = entries.count;
  return ADDUCE_OK;
}

static enum adduce_err feed_find(void *context, struct adduce_scope *scope,
                                 struct fold_reader *reader, uint64_t *index,
                                 const struct adduce_id *id) {
  struct feed_handle *handle = reader->handle;
  (void)context;
  return log_view_find(scope, &handle->view, index, id);
}

struct fold_feed world_feed(struct adduce_ledger *ledger) {
  return (struct fold_feed){
      .context = ledger,
      .genesis = ledger->genesis,
      .open = feed_open,
      .close = feed_close,
      .entry = feed_entry,
      .root_at = feed_root,
      .changed = feed_changed,
      .find = feed_find,
  };
}

/* --- what a question sees -------------------------------------------------------------------*/

static enum adduce_err see_entry(void *context, struct adduce_scope *scope,
                                 struct world_entry *entry, uint64_t index) {
  struct ledger_world *world = context;
  struct log_entry logged;
  if (index >= world->query.size)
    return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry %llu; the last is %llu",
                      (unsigned long long)index, (unsigned long long)world->query.size - 1);
  TRY(log_view_event(scope, &world->view, &logged, &entry->event, index));
  entry->index = index;
  entry->recorded_at_us = logged.recorded_at_us;
  entry->entry = logged.entry;
  return ADDUCE_OK;
}

static enum adduce_err see_id(void *context, struct adduce_scope *scope, uint64_t *index,
                              const struct adduce_id *id) {
  struct ledger_world *world = context;
  return log_view_find(scope, &world->view, index, id);
}

static enum adduce_err see_prefix(void *context, struct adduce_scope *scope, uint64_t *index,
                                  struct adduce_span digits) {
  struct ledger_world *world = context;
  return log_view_find_prefix(scope, &world->view, index, digits);
}

static enum adduce_err see_time(void *context, struct adduce_scope *scope, uint64_t *index,
                                int64_t time_us) {
  struct ledger_world *world = context;
  return log_view_at_time(scope, &world->view, index, time_us);
}

static enum adduce_err see_root(void *context, struct adduce_scope *scope, struct adduce_hash *root,
                                uint64_t size) {
  struct ledger_world *world = context;
  struct merkle_reader tree = log_view_tree(&world->view);
  return merkle_root(scope, root, &tree, size);
}

/* Folds the control entries before `size`, those that are not in yet. Few and far between, they are
 * found by their index. */
static enum adduce_err fold_past(struct adduce_scope *scope, struct ledger_world *world,
                                 uint64_t size) {
  bool goes_on = world->past != NULL && world->past_size <= size;
  uint64_t index = goes_on ? world->past_size : 0;
  world->past_size = UINT64_MAX; /* spent, should it fail */
  if (!goes_on) {
    rules_close(&world->past);
    TRY(rules_open(scope, &world->past));
  }
  for (;;) {
    struct log_entry entry;
    struct event event;
    enum adduce_err err = log_view_next_control(scope, &world->view, &index, index);
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && index >= size)) break;
    if (err != ADDUCE_OK) return err;
    TRY(log_view_event(scope, &world->view, &entry, &event, index));
    TRY(rules_apply(scope, world->past, index, entry.recorded_at_us, &event));
    index++;
  }
  world->past_size = size;
  return ADDUCE_OK;
}

enum adduce_err world_rules(struct adduce_scope *scope, struct ledger_world *world,
                            const struct rules **rules, uint64_t size) {
  if (size >= world->view.size) {
    *rules = world->view.rules;
    return ADDUCE_OK;
  }
  if (world->past == NULL || world->past_size != size) TRY(fold_past(scope, world, size));
  *rules = world->past;
  return ADDUCE_OK;
}

static struct world_author author_seen(const struct rules_author *author) {
  return (struct world_author){
      .key = author->key,
      .organization = author->organization,
      .rights = author->rights,
      .authorized_index = author->authorized_index,
      .revoked_index = author->revoked_index,
      .suspect_from_index = author->suspect_from_index,
      .reason = author->revocation_reason,
  };
}

static enum adduce_err see_author(void *context, struct adduce_scope *scope,
                                  struct world_author *author, const struct adduce_key *key,
                                  uint64_t size) {
  const struct rules *rules;
  TRY(world_rules(scope, context, &rules, size));
  const struct rules_author *known = rules_author(rules, key);
  if (known == NULL) return ADDUCE_E_NOT_FOUND;
  *author = author_seen(known);
  return ADDUCE_OK;
}

static enum adduce_err see_author_count(void *context, struct adduce_scope *scope, size_t *count,
                                        uint64_t size) {
  const struct rules *rules;
  TRY(world_rules(scope, context, &rules, size));
  *count = rules_author_count(rules);
  return ADDUCE_OK;
}

static enum adduce_err see_author_at(void *context, struct adduce_scope *scope,
                                     struct world_author *author, size_t position, uint64_t size) {
  const struct rules *rules;
  TRY(world_rules(scope, context, &rules, size));
  *author = author_seen(rules_author_at(rules, position));
  return ADDUCE_OK;
}

enum adduce_err world_import_checkpoint(struct adduce_scope *scope, struct ledger_world *world,
                                        struct checkpoint *checkpoint,
                                        const struct rules_import *import) {
  struct log_entry entry;
  struct event event;
  struct note note;
  TRY(log_view_event(scope, &world->view, &entry, &event, import->index));
  return checkpoint_parse(scope, checkpoint, &note, parsed_text(&event.claim.parsed, "checkpoint"));
}

static enum adduce_err see_import(void *context, struct adduce_scope *scope,
                                  struct world_import *import, uint64_t index) {
  struct ledger_world *world = context;
  const struct rules_import *known = rules_import_of(world->view.rules, index);
  struct checkpoint checkpoint;
  if (known == NULL) return ADDUCE_E_NOT_FOUND;
  TRY(world_import_checkpoint(scope, world, &checkpoint, known));
  *import = (struct world_import){
      .index = known->index,
      .source = known->source,
      .origin = known->origin,
      .source_size = checkpoint.size,
  };
  return ADDUCE_OK;
}

static bool see_capture(void *context, const struct adduce_hash *digest) {
  struct ledger_world *world = context;
  struct adduce_scope *scope = world->ledger->scope;
  struct scope_mark mark = scope_mark(scope);
  bool held = adduce_capture_path(scope, world->ledger, digest) != NULL;
  scope_rewind(scope, mark);
  return held;
}

static enum adduce_err see_quarantined(void *context, struct adduce_scope *scope,
                                       struct world_quarantined *item, uint64_t from) {
  struct ledger_world *world = context;
  struct log_quarantined waiting;
  TRY(log_view_quarantined(scope, &world->view, &waiting, from));
  *item = (struct world_quarantined){
      .number = waiting.number,
      .reason = waiting.reason,
      .event = waiting.event,
      .content = waiting.content,
      .is_foreign = waiting.is_foreign,
      .manifest = waiting.manifest,
      .source_index = waiting.source_index,
      .is_refused = waiting.is_refused,
      .id = waiting.id,
  };
  return ADDUCE_OK;
}

#define RIGHT_NAME(symbol, name, text) name,
static const char *const right_names[] = {RULES_RIGHTS(RIGHT_NAME)};
#undef RIGHT_NAME

static struct query_world see(struct ledger_world *world, struct store_txn *rows, uint64_t size) {
  return (struct query_world){
      .context = world,
      .size = size,
      .genesis = world->ledger->genesis,
      .origin = rules_origin(world->view.rules),
      .vocabulary = rules_vocabulary(world->view.rules),
      .rows = rows,
      .right_names = right_names,
      .right_count = sizeof right_names / sizeof *right_names,
      .entry = see_entry,
      .find = see_id,
      .find_prefix = see_prefix,
      .at_time = see_time,
      .root_at = see_root,
      .author = see_author,
      .author_count = see_author_count,
      .author_at = see_author_at,
      .import = see_import,
      .capture_held = see_capture,
      .quarantined = see_quarantined,
  };
}

/* --- opening --------------------------------------------------------------------------------*/

enum adduce_err world_catch_up(struct adduce_scope *scope, struct adduce_ledger *ledger) {
  struct fold_feed feed = world_feed(ledger);
  if (ledger->projections == NULL)
    return scope_fail(scope, ADDUCE_E_READ_ONLY,
                      "%s has no projections yet and cannot be written; ask it once where it can",
                      ledger->folder);
  if (ledger->read_only) return ADDUCE_OK;
  return fold_catch_up(scope, ledger->projections, &feed);
}

static enum adduce_err open_rows(struct adduce_scope *scope, struct ledger_world *world,
                                 struct store_txn **rows, struct fold_status *status) {
  struct adduce_ledger *ledger = world->ledger;
  TRY(store_begin_read(scope, ledger->projections, rows));
  enum adduce_err err = fold_status(scope, *rows, status, &ledger->genesis);
  if (err == ADDUCE_OK && !status->usable)
    err = scope_fail(scope, ADDUCE_E_READ_ONLY,
                     "the projections are another version's and cannot be written here");
  if (err != ADDUCE_OK) store_end_read(rows);
  return err;
}

/* The log is opened after the rows, so that it has every entry the rows rest on. */
enum adduce_err world_open(struct adduce_scope *scope, struct ledger_world *world,
                           struct adduce_ledger *ledger) {
  struct store_txn *rows = NULL;
  struct fold_status status;
  *world = (struct ledger_world){.ledger = ledger};
  TRY(world_catch_up(scope, ledger));
  TRY(open_rows(scope, world, &rows, &status));
  enum adduce_err err = log_view_open(scope, &world->view, ledger->log);
  if (err == ADDUCE_OK && ledger->read_only && status.reached < world->view.size) {
    err = scope_fail(scope, ADDUCE_E_READ_ONLY,
                     "the projections cover %llu of %llu entries and cannot be written here",
                     (unsigned long long)status.reached, (unsigned long long)world->view.size);
    log_view_close(&world->view);
  }
  if (err != ADDUCE_OK) {
    store_end_read(&rows);
    return err;
  }
  world->query = see(world, rows, status.reached);
  return ADDUCE_OK;
}

void world_close(struct ledger_world *world) {
  rules_close(&world->past);
  log_view_close(&world->view);
  store_end_read(&world->query.rows);
}
