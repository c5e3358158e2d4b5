/* SPDX-License-Identifier: Apache-2.0 */
#include "log/log.h"

#include "codec/pack.h"
#include "log/commit.h"
#include "log/ids.h"
#include "sys/file.h"

static const char *const table_names[LOG_TABLE_COUNT] = {
    [LOG_ENTRIES] = "entries",   [LOG_CONTENTS] = "contents",       [LOG_IDS] = "ids",
    [LOG_IDS_LATER] = "ids2",    [LOG_IDS_LAST] = "ids3",           [LOG_TILES] = "tiles",
    [LOG_CONTROLS] = "controls", [LOG_CHECKPOINTS] = "checkpoints", [LOG_QUARANTINE] = "quarantine",
    [LOG_META] = "meta",
};
static const struct store_tables tables = {table_names, LOG_TABLE_COUNT};

/* --- making ---------------------------------------------------------------------------------*/

struct creation {
  const struct rules *rules;
  const struct plan *plan;
  struct adduce_span note;
  struct adduce_span origin;
};

static enum adduce_err write_genesis(void *context, struct adduce_scope *scope,
                                     struct store_txn *txn) {
  const struct creation *creation = context;
  struct buffer format;
  struct adduce_span bytes;
  buffer_init(&format, scope);
  pack_int(&format, LOG_FORMAT);
  TRY(buffer_take(&format, &bytes));
  TRY(store_put(scope, txn, LOG_META, span_text("format"), bytes, STORE_NEW));
  TRY(store_put(scope, txn, LOG_META, span_text("origin"), creation->origin, STORE_NEW));
  return commit_plan(scope, txn, creation->plan, creation->note, creation->rules);
}

/* Entry 0 planned and its checkpoint signed, under the rules it founds. */
static enum adduce_err plan_genesis(struct adduce_scope *scope, struct plan *plan,
                                    struct adduce_span *note, struct rules *rules,
                                    const struct event *genesis, const struct signer *log_signer,
                                    int64_t now_us) {
  struct merkle_edge *edge = scope_new(scope, struct merkle_edge);
  if (edge == NULL) return scope_no_memory(scope);
  merkle_edge_init(edge);
  if (memcmp(signer_key(log_signer)->bytes, genesis->claim.parsed.author32, 32) == 0)
    return scope_fail(scope, ADDUCE_E_KEY,
                      "the founder's key and the log's key must be different keys");
  TRY(rules_apply(scope, rules, 0, now_us, genesis));
  TRY(plan_append(scope, plan, edge, genesis, 1, now_us, INT64_MIN, true));
  return commit_sign(scope, note, plan, rules, log_signer, NULL);
}

static enum adduce_err fill(struct adduce_scope *scope, const char *folder,
                            struct creation *creation) {
  struct store *store = NULL;
  TRY(store_create(scope, folder, &tables));
  TRY(store_open(scope, &store, folder, &tables, STORE_READ_WRITE));
  enum adduce_err err = store_write(scope, store, 1 << 16, write_genesis, creation);
  store_close(&store);
  return err;
}

/* The log gets its name only when it is complete and its head lock is there: a crash before leaves
 * no log, at worst a lock of a ledger that never was. */
static enum adduce_err create(struct adduce_scope *scope, const char *folder,
                              const char *headlock_folder, struct rules *rules,
                              const struct event *genesis, const struct signer *log_signer,
                              int64_t now_us) {
  struct plan plan;
  struct creation creation = {.plan = &plan, .rules = rules};
  const char *partial = scope_format(scope, "%s.new", folder);
  TRY(plan_genesis(scope, &plan, &creation.note, rules, genesis, log_signer, now_us));
  creation.origin = rules_origin(rules);
  TRY(file_remove_tree(scope, partial));
  TRY(file_make_folder(scope, headlock_folder, 0700));
  enum adduce_err err = fill(scope, partial, &creation);
  if (err == ADDUCE_OK) {
    const struct headlock_head head = commit_head(&plan, creation.origin, creation.note);
    err = headlock_create(scope, headlock_path(scope, headlock_folder, &genesis->id), &head);
  }
  if (err == ADDUCE_OK) err = file_rename(scope, partial, folder, true);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
  (void)!file_remove_tree(scope, partial);
  return scope_fail(scope, err, "%s", detail);
}

enum adduce_err log_create(struct adduce_scope *scope, const char *folder,
                           const char *headlock_folder, const struct event *genesis,
                           const struct signer *log_signer, int64_t now_us) {
  struct rules *rules = NULL;
  TRY(file_require_none(scope, folder));
  TRY(rules_open(scope, &rules));
  enum adduce_err err = create(scope, folder, headlock_folder, rules, genesis, log_signer, now_us);
  rules_close(&rules);
  return err;
}

/* --- opening --------------------------------------------------------------------------------*/

static enum adduce_err check_format(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_span value;
  int64_t format = 0;
  enum adduce_err err = store_get(scope, txn, LOG_META, span_text("format"), &value);
  if (err == ADDUCE_E_NOT_FOUND)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "the log does not say its format");
  if (err != ADDUCE_OK) return err;
  struct cursor cursor = cursor_of(value);
  if (!cursor_int(&cursor, &format) || format < 1)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "the log's format is no number");
  if (format > LOG_FORMAT)
    return scope_fail(scope, ADDUCE_E_NEWER,
                      "the ledger has format %lld; this program knows format %d: use a newer one",
                      (long long)format, LOG_FORMAT);
  return ADDUCE_OK;
}

/* As many ids as entries, of which there is at least the genesis, with the indexes 0 to size - 1:
 * cheap, and found before anything is built on it. */
static enum adduce_err check_counts(struct adduce_scope *scope, struct store_txn *txn) {
  uint64_t entries, ids, last = 0;
  uint8_t room8[8];
  struct store_cursor cursor;
  TRY(store_count(scope, txn, LOG_ENTRIES, &entries));
  TRY(ids_count(scope, txn, &ids));
  TRY(store_cursor_open(scope, &cursor, txn, LOG_ENTRIES));
  enum adduce_err err = store_cursor_seek_back(scope, &cursor, log_index_key(room8, UINT64_MAX));
  if (err == ADDUCE_OK && cursor.key.size == 8) last = bigendian_get64(cursor.key.data);
  store_cursor_close(&cursor);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  if (entries != 0 && ids == entries && last == entries - 1) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "the log has %llu entries, the last of them number %llu, and %llu ids",
                    (unsigned long long)entries, (unsigned long long)last, (unsigned long long)ids);
}

/* What the lock says against what is here; a lock that lags (a crash between commit and advance)
 * is advanced, where we may. */
static enum adduce_err meet_lock(struct adduce_scope *scope, struct log *log,
                                 struct log_view *view) {
  struct headlock_head lock;
  struct checkpoint checkpoint;
  struct note note;
  struct adduce_span latest;
  struct merkle_reader tree = log_view_tree(view);
  enum adduce_err err = headlock_read(scope, &lock, log->headlock_path);
  if (err == ADDUCE_E_NO_LOCK) {
    log->no_lock = true;
    return ADDUCE_OK;
  }
  if (err != ADDUCE_OK) return err;
  err = headlock_judge(scope, &lock, &tree, view->size);
  if (err == ADDUCE_E_ROLLBACK) err = log_lock_grown(log, scope, &lock); /* or grown meanwhile */
  if (err != ADDUCE_OK) return err;
  if (log->read_only || lock.size == view->size) return ADDUCE_OK;
  TRY(log_view_checkpoint(scope, view, &latest));
  TRY(checkpoint_parse(scope, &checkpoint, &note, latest));
  const struct headlock_head head = {rules_origin(view->rules), checkpoint.size, checkpoint.root,
                                     hash_bytes(latest)};
  scope_trace(scope, "head lock: from %llu to %llu entries", (unsigned long long)lock.size,
              (unsigned long long)head.size);
  return headlock_advance(scope, log->headlock_path, &head, &tree, NULL, log_lock_grown, log);
}

/* Another process has advanced the lock beyond what our snapshot had: fine if the log, looked at
 * again, has grown to it. */
enum adduce_err log_lock_grown(void *context, struct adduce_scope *scope,
                               const struct headlock_head *lock) {
  struct log *log = context;
  struct log_view view;
  TRY(log_view_open(scope, &view, log));
  struct merkle_reader tree = log_view_tree(&view);
  enum adduce_err err = headlock_judge(scope, lock, &tree, view.size);
  log_view_close(&view);
  return err;
}

static enum adduce_err open_inside(struct adduce_scope *scope, struct log *log, const char *folder,
                                   const struct log_options *options) {
  struct log_view view;
  log->read_only = options->read_only;
  TRY(store_open(scope, &log->store, folder, &tables,
                 (options->read_only ? STORE_READ_ONLY : STORE_READ_WRITE) |
                     (options->pages_first ? STORE_PAGES_FIRST : 0)));
  struct store_txn *txn;
  TRY(store_begin_read(scope, log->store, &txn));
  enum adduce_err err = check_format(scope, txn);
  if (err == ADDUCE_OK) err = check_counts(scope, txn);
  store_end_read(&txn);
  if (err != ADDUCE_OK) return err;
  TRY(log_view_open(scope, &view, log));
  if (options->headlock_folder != NULL) {
    log->headlock_path =
        headlock_path(log->scope, options->headlock_folder, rules_genesis(view.rules));
    err = meet_lock(scope, log, &view);
  }
  log_view_close(&view);
  return err;
}

enum adduce_err log_open(struct adduce_scope *scope, struct log **log, const char *folder,
                         const struct log_options *options) {
  struct adduce_scope *own = NULL;
  *log = NULL;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct log *opened = scope_new(own, struct log);
  struct merkle_edge *edge = opened == NULL ? NULL : scope_new(own, struct merkle_edge);
  if (edge == NULL || adduce_scope_open(&opened->work, 0) != ADDUCE_OK) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->scope = own;
  opened->edge = edge;
  pthread_mutex_init(&opened->lock, NULL);
  pthread_mutex_init(&opened->queue_lock, NULL);
  pthread_cond_init(&opened->queue_moved, NULL);
  enum adduce_err err = open_inside(scope, opened, folder, options);
  if (err != ADDUCE_OK)
    log_close(&opened);
  else
    *log = opened;
  return err;
}

void log_close(struct log **log) {
  if (*log == NULL) return;
  struct adduce_scope *own = (*log)->scope;
  view_release_rules(*log, (*log)->rules);
  store_close(&(*log)->store);
  pthread_cond_destroy(&(*log)->queue_moved);
  pthread_mutex_destroy(&(*log)->queue_lock);
  pthread_mutex_destroy(&(*log)->lock);
  adduce_scope_close(&(*log)->work);
  *log = NULL;
  adduce_scope_close(&own);
}

enum adduce_err log_writable(struct adduce_scope *scope, const struct log *log) {
  if (log->read_only)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
  if (log->headlock_path == NULL)
    return scope_fail(scope, ADDUCE_E_NO_LOCK, "no folder for head locks was named");
  if (log->no_lock)
    return scope_fail(scope, ADDUCE_E_NO_LOCK,
                      "there is no head lock %s: this is a copy, or its lock is lost; it can be "
                      "read, and continued only as a new ledger",
                      log->headlock_path);
  return ADDUCE_OK;
}

struct store *log_store(struct log *log) {
  return log->store;
}

/* --- checkpoints that leave -----------------------------------------------------------------*/

static enum adduce_err keep_latest(void *context, struct adduce_scope *scope,
                                   struct store_txn *txn) {
  uint8_t room8[8];
  struct adduce_span note;
  struct checkpoint checkpoint;
  struct note parsed;
  (void)context;
  TRY(store_get(scope, txn, LOG_META, span_text("latest"), &note));
  TRY(checkpoint_parse(scope, &checkpoint, &parsed, note));
  return store_put(scope, txn, LOG_CHECKPOINTS, log_index_key(room8, checkpoint.size), note,
                   STORE_REPLACE);
}

enum adduce_err log_keep_checkpoint(struct adduce_scope *scope, struct log *log) {
  return store_write(scope, log->store, 4096, keep_latest, NULL);
}
