/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping a ledger: what it is like, checkpoints, copies, and building anew what can be. */
#include "adduce/erase.h"
#include "adduce/ledger.h"

#include "base/clock.h"
#include "codec/value.h"
#include "ledger/capture.h"
#include "ledger/digest.h"
#include "ledger/world.h"
#include "log/erase.h"
#include "sys/file.h"

/* --- projections ----------------------------------------------------------------------------*/

enum adduce_err adduce_catch_up(struct adduce_scope *scope, struct adduce_ledger *ledger) {
  return world_catch_up(scope, ledger);
}

enum adduce_err adduce_rebuild(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_value **report) {
  struct ledger_world world;
  if (ledger->projections == NULL || ledger->read_only)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
  TRY(fold_reset(scope, ledger->projections));
  TRY(world_open(scope, &world, ledger));
  struct adduce_value *map = value_map(scope);
  value_set_integer(scope, map, "entries", (int64_t)world.query.size);
  enum adduce_err err = digest_now(scope, &world, map);
  world_close(&world);
  *report = map;
  return err == ADDUCE_OK ? value_finish(scope) : err;
}

/* --- what a ledger is like ------------------------------------------------------------------*/

static enum adduce_err stat_files(struct adduce_scope *scope, struct adduce_value *map,
                                  struct adduce_ledger *ledger) {
  struct store_stat stat;
  uint64_t captures;
  TRY(store_stat(scope, log_store(ledger->log), &stat));
  TRY(capture_count(scope, ledger, &captures));
  value_set_integer(scope, map, "file_bytes", (int64_t)stat.file_bytes);
  value_set_integer(scope, map, "free_bytes", (int64_t)stat.free_bytes);
  value_set_integer(scope, map, "readers", stat.readers);
  struct adduce_value *oldest = value_map(scope);
  value_set_integer(scope, oldest, "commits_behind", (int64_t)stat.oldest_reader);
  value_set_integer(scope, oldest, "pid", stat.oldest_pid);
  if (stat.oldest_pid != 0) value_set(scope, map, "oldest_reader", oldest);
  value_set_integer(scope, map, "captures", (int64_t)captures);
  return ADDUCE_OK;
}

static enum adduce_err count_quarantined(struct adduce_scope *scope, struct log_view *view,
                                         int64_t *count) {
  struct log_quarantined item = {0};
  for (*count = 0;; ++*count) {
    uint64_t from = *count == 0 ? 0 : item.number + 1;
    enum adduce_err err = log_view_quarantined(scope, view, &item, from);
    if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
    if (err != ADDUCE_OK) return err;
  }
}

static enum adduce_err stat_log(struct adduce_scope *scope, struct adduce_value *map,
                                struct log_view *view) {
  struct log_entry last;
  struct adduce_hash root;
  const char *vkey;
  const struct note_verifier *verifier, *outgoing;
  int64_t quarantined;
  struct erase_pending pending;
  struct merkle_reader tree = log_view_tree(view);
  TRY(merkle_root(scope, &root, &tree, view->size));
  TRY(log_view_entry(scope, view, &last, view->size - 1));
  TRY(count_quarantined(scope, view, &quarantined));
  TRY(erase_pending(scope, view, &pending));
  rules_log_keys(view->rules, view->size, &verifier, &outgoing);
  TRY(note_vkey_encode(scope, &vkey, verifier->name, &verifier->key));
  value_set(scope, map, "origin", value_str(scope, rules_origin(view->rules)));
  value_set_bytes32(scope, map, "genesis", rules_genesis(view->rules)->bytes);
  value_set_text(scope, map, "vkey", vkey);
  value_set_integer(scope, map, "size", (int64_t)view->size);
  value_set_bytes32(scope, map, "root", root.bytes);
  value_set_text(scope, map, "recorded_at", clock_format(last.recorded_at_us).text);
  value_set_integer(scope, map, "quarantined", quarantined);
  if (pending.is_pending) value_set(scope, map, "erasing", value_boolean(scope, true));
  return ADDUCE_OK;
}

static enum adduce_err stat_head(struct adduce_scope *scope, struct adduce_value *map,
                                 struct adduce_ledger *ledger) {
  struct headlock_head head;
  if (ledger->headlock_folder == NULL) return ADDUCE_OK;
  const char *path = headlock_path(scope, ledger->headlock_folder, &ledger->genesis);
  struct adduce_value *lock = value_map(scope);
  value_set_text(scope, lock, "path", path);
  enum adduce_err err = headlock_read(scope, &head, path);
  if (err == ADDUCE_OK) value_set_integer(scope, lock, "size", (int64_t)head.size);
  if (err != ADDUCE_OK && err != ADDUCE_E_NO_LOCK) return err;
  value_set(scope, map, "head_lock", lock);
  return ADDUCE_OK;
}

static enum adduce_err stat_projections(struct adduce_scope *scope, struct adduce_value *map,
                                        const struct ledger_world *world) {
  size_t count;
  const struct projection *projections = projection_all(&count);
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *line = value_map(scope);
    uint64_t rows;
    TRY(fold_rows(scope, world->query.rows, i, &rows));
    value_set_text(scope, line, "name", projections[i].name);
    value_set_integer(scope, line, "version", projections[i].version);
    value_set_integer(scope, line, "index", (int64_t)world->query.size);
    value_set_integer(scope, line, "rows", (int64_t)rows);
    value_add(scope, list, line);
  }
  value_set(scope, map, "projections", list);
  return ADDUCE_OK;
}

enum adduce_err adduce_stat(struct adduce_scope *scope, struct adduce_ledger *ledger,
                            const struct adduce_value **stat) {
  struct ledger_world world;
  struct adduce_value *map = value_map(scope);
  TRY(world_open(scope, &world, ledger));
  enum adduce_err err = stat_log(scope, map, &world.view);
  if (err == ADDUCE_OK) err = stat_projections(scope, map, &world);
  world_close(&world);
  if (err != ADDUCE_OK) return err;
  enum adduce_err writable = log_writable(scope, ledger->log);
  value_set(scope, map, "writable", value_boolean(scope, writable == ADDUCE_OK));
  if (writable != ADDUCE_OK) value_set_text(scope, map, "why_not", adduce_error_sentence(writable));
  TRY(stat_files(scope, map, ledger));
  TRY(stat_head(scope, map, ledger));
  *stat = map;
  return value_finish(scope);
}

/* --- checkpoints and copies -----------------------------------------------------------------*/

enum adduce_err adduce_checkpoint(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  const char **note) {
  struct log_view view;
  struct adduce_span latest, copy = span_of(NULL, 0);
  *note = "";
  if (!ledger->read_only) TRY(log_keep_checkpoint(scope, ledger->log));
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = log_view_checkpoint(scope, &view, &latest);
  if (err == ADDUCE_OK) copy = scope_copy(scope, latest);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  if (copy.data == NULL) return scope_no_memory(scope);
  *note = (const char *)copy.data;
  return ADDUCE_OK;
}

#define NESTED_FOLDERS 4

/* Copies the files below a folder, if there is one. What begins with a dot is the rest of a write
 * that a crash cut short. */
static enum adduce_err copy_folder(struct adduce_scope *scope, const char *from, const char *to,
                                   unsigned depth) {
  const char **names;
  size_t count;
  enum file_type type;
  TRY(file_look(scope, &type, from));
  if (type != FILE_FOLDER || depth == 0) return ADDUCE_OK;
  TRY(file_make_folder(scope, to, 0777));
  TRY(file_list(scope, &names, &count, from));
  for (size_t i = 0; i < count; i++) {
    const char *inner = ledger_path(scope, from, names[i]);
    const char *copy = ledger_path(scope, to, names[i]);
    if (names[i][0] == '.') continue;
    TRY(file_look(scope, &type, inner));
    if (type == FILE_FOLDER) {
      enum adduce_err err = copy_folder(scope, inner, copy, depth - 1);
      if (err != ADDUCE_OK) return err;
    } else {
      TRY(file_copy(scope, inner, copy, 0444));
    }
  }
  return ADDUCE_OK;
}

/* The folders of plain files that a ledger has beside its stores. */
static const char *const plain_folders[] = {"captures", "checkpoints", "bundles", "remotes"};

static enum adduce_err copy_parts(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  const char *folder) {
  TRY(file_make_folder(scope, folder, 0777));
  TRY(store_copy(scope, log_store(ledger->log), ledger_path(scope, folder, "log")));
  if (ledger->projections != NULL)
    TRY(store_copy(scope, ledger->projections, ledger_path(scope, folder, "projections")));
  for (size_t i = 0; i < sizeof plain_folders / sizeof *plain_folders; i++)
    TRY(copy_folder(scope, ledger_path(scope, ledger->folder, plain_folders[i]),
                    ledger_path(scope, folder, plain_folders[i]), NESTED_FOLDERS));
  return ADDUCE_OK;
}

/* Built under another name beside it, so that what has the name is whole. */
enum adduce_err adduce_backup(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              const char *folder) {
  TRY(file_require_none(scope, folder));
  if (ledger->projections != NULL) TRY(world_catch_up(scope, ledger));
  const char *partial = scope_format(scope, "%s.partial", folder);
  TRY(file_remove_tree(scope, partial));
  enum adduce_err err = copy_parts(scope, ledger, partial);
  if (err == ADDUCE_OK) err = file_rename(scope, partial, folder, true);
  if (err != ADDUCE_OK) {
    const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
    (void)!file_remove_tree(scope, partial);
    return scope_fail(scope, err, "%s", detail);
  }
  return ADDUCE_OK;
}

enum adduce_err adduce_compact(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_value **report) {
  struct store_stat before, after;
  bool was_pending;
  TRY(log_writable(scope, ledger->log));
  TRY(store_stat(scope, log_store(ledger->log), &before));
  TRY(adduce_erase_finish(scope, ledger, &was_pending));
  if (!was_pending) {
    TRY(store_compact(scope, log_store(ledger->log)));
    if (ledger->projections != NULL) TRY(store_compact(scope, ledger->projections));
  }
  TRY(store_stat(scope, log_store(ledger->log), &after));
  struct adduce_value *map = value_map(scope);
  value_set_integer(scope, map, "before_bytes", (int64_t)before.file_bytes);
  value_set_integer(scope, map, "after_bytes", (int64_t)after.file_bytes);
  if (was_pending) value_set(scope, map, "finished_erasure", value_boolean(scope, true));
  *report = map;
  return value_finish(scope);
}
