/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/invariant.h"
#include "store/environment.h"
#include "store/generation.h"
#include "store/pages.h"
#include "store/store_priv.h"
#include "sys/file.h"
#include "sys/machine.h"

#define RESERVE_BYTES ((uint64_t)4 << 20)
#define FULL_BYTES ((uint64_t)1 << 20) /* a disk with less is full */
#define WAIT_SECONDS 10
#define TRIES 8

/* --- one handle a process -------------------------------------------------------------------
 * Opening LMDB's files twice in a process, and closing one of them, drops the locks of both: so
 * the folders that are open are known here. */
#define OPEN_STORES_MAX 64

static pthread_mutex_t open_stores_lock = PTHREAD_MUTEX_INITIALIZER;
static struct file_stamp open_stores[OPEN_STORES_MAX]; /* device and inode; inode 0: free */

static bool same_folder(const struct file_stamp *a, const struct file_stamp *b) {
  return a->device == b->device && a->inode == b->inode;
}

static enum adduce_err register_folder(struct adduce_scope *scope, struct file_stamp folder,
                                       const char *path) {
  enum adduce_err err;
  size_t free_place = OPEN_STORES_MAX;
  pthread_mutex_lock(&open_stores_lock);
  bool is_open = false;
  for (size_t i = 0; i < OPEN_STORES_MAX; i++) {
    if (open_stores[i].inode == 0) free_place = i;
    if (open_stores[i].inode != 0 && same_folder(&open_stores[i], &folder)) is_open = true;
  }
  if (is_open)
    err = scope_fail(scope, ADDUCE_E_USAGE, "%s is open in this process already", path);
  else if (free_place == OPEN_STORES_MAX)
    err = scope_fail(scope, ADDUCE_E_USAGE, "%d stores are open in this process already",
                     OPEN_STORES_MAX);
  else
    err = ADDUCE_OK;
  if (err == ADDUCE_OK) open_stores[free_place] = folder;
  pthread_mutex_unlock(&open_stores_lock);
  return err;
}

static void unregister_folder(struct file_stamp folder) {
  pthread_mutex_lock(&open_stores_lock);
  for (size_t i = 0; i < OPEN_STORES_MAX; i++)
    if (same_folder(&open_stores[i], &folder)) open_stores[i] = (struct file_stamp){0};
  pthread_mutex_unlock(&open_stores_lock);
}

/* --- making, opening, closing ---------------------------------------------------------------*/

static enum adduce_err create_inside(struct adduce_scope *scope, const char *folder,
                                     const struct store_tables *tables) {
  TRY(file_make_folder(scope, folder, 0777));
  TRY(file_check_filesystem(scope, folder));
  TRY(environment_create(scope, generation_data_path(scope, folder, 1), tables));
  TRY(generation_write(scope, folder, 1));
  return file_sync(scope, folder);
}

/* What was built at `from` gets its name, or goes. */
static enum adduce_err settle(struct adduce_scope *scope, enum adduce_err built, const char *from,
                              const char *folder) {
  if (built == ADDUCE_OK) built = file_rename(scope, from, folder, true);
  if (built == ADDUCE_OK) return ADDUCE_OK;
  const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
  (void)!file_remove_tree(scope, from);
  return scope_fail(scope, built, "%s", detail);
}

enum adduce_err store_create(struct adduce_scope *scope, const char *folder,
                             const struct store_tables *tables) {
  INVARIANT(tables->count <= STORE_TABLES_MAX);
  TRY(file_require_none(scope, folder));
  const char *partial = scope_format(scope, "%s.partial", folder);
  TRY(file_remove_tree(scope, partial));
  return settle(scope, create_inside(scope, partial, tables), partial, folder);
}

/* Opens the generation that is current; again, should it be replaced meanwhile. */
static enum adduce_err open_current(struct adduce_scope *scope, struct environment **environment,
                                    struct file_stamp *stamp, const struct store *store) {
  const char *current = store->current_path;
  for (int tries = 0;; tries++) {
    uint64_t generation;
    TRY(file_stamp(scope, stamp, current));
    TRY(generation_read(scope, &generation, store->folder));
    enum adduce_err err =
        environment_open(scope, environment, generation_data_path(scope, store->folder, generation),
                         generation, &store->tables, store->mode, store->map_bytes);
    /* What could not be opened may have been replaced, and removed, meanwhile. */
    struct file_stamp now;
    enum adduce_err looked = file_stamp(scope, &now, current);
    if (err == ADDUCE_OK) err = looked;
    if (err != ADDUCE_OK) environment_close(environment);
    if (looked != ADDUCE_OK || tries == TRIES || memcmp(&now, stamp, sizeof now) == 0) return err;
    environment_close(environment);
  }
}

enum adduce_err store_open_sized(struct adduce_scope *scope, struct store **store,
                                 const char *folder, const struct store_tables *tables,
                                 enum store_mode mode, uint64_t map_bytes) {
  struct adduce_scope *own = NULL;
  *store = NULL;
  struct file_stamp stamp;
  TRY(file_stamp(scope, &stamp, folder));
  if (stamp.inode == 0)
    return scope_fail(scope, ADDUCE_E_NOT_A_LEDGER, "there is no folder %s", folder);
  if (adduce_scope_open(&own, (size_t)64 << 10) != ADDUCE_OK) return scope_no_memory(scope);
  struct store *opened = scope_new(own, struct store);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->scope = own;
  opened->folder = scope_format(own, "%s", folder);
  opened->current_path = generation_current_path(own, folder);
  opened->folder_stamp = stamp;
  opened->tables = *tables;
  opened->mode = mode;
  opened->map_bytes = map_bytes;
  opened->wait_seconds = WAIT_SECONDS;
  pthread_mutex_init(&opened->lock, NULL);
  pthread_mutex_init(&opened->writer, NULL);
  pthread_cond_init(&opened->left, NULL);
  enum adduce_err err =
      scope_exhausted(own) ? scope_no_memory(scope) : register_folder(scope, stamp, folder);
  if (err == ADDUCE_OK) {
    err = open_current(scope, &opened->current, &opened->current_stamp, opened);
    if (err != ADDUCE_OK) unregister_folder(stamp);
  }
  if (err != ADDUCE_OK) {
    adduce_scope_close(&own);
    return err;
  }
  opened->current->references = 1;
  *store = opened;
  return ADDUCE_OK;
}

enum adduce_err store_open(struct adduce_scope *scope, struct store **store, const char *folder,
                           const struct store_tables *tables, enum store_mode mode) {
  return store_open_sized(scope, store, folder, tables, mode, 0);
}

void store_close(struct store **store) {
  if (*store == NULL) return;
  struct adduce_scope *own = (*store)->scope;
  environment_close(&(*store)->current);
  unregister_folder((*store)->folder_stamp);
  pthread_cond_destroy(&(*store)->left);
  pthread_mutex_destroy(&(*store)->writer);
  pthread_mutex_destroy(&(*store)->lock);
  *store = NULL;
  adduce_scope_close(&own);
}

/* --- entering and leaving an environment ------------------------------------------------------
 * With store->lock held, but for enter and leave. */

static void release(struct store *store, struct environment *environment) {
  if (--environment->references == 0) environment_close(&environment);
  pthread_cond_broadcast(&store->left);
}

/* Waits until nobody here is inside the environment, or another thread has resized its map; false
 * after WAIT_SECONDS. */
static bool wait_alone(struct store *store, struct environment *environment) {
  const struct timespec until = {.tv_sec = machine_now_us() / 1000000 + store->wait_seconds};
  bool in_time = true;
  unsigned resized = environment->resized;
  store->closed = true;
  while (in_time && environment->resized == resized &&
         environment->references > (environment == store->current ? 1u : 0u))
    in_time = pthread_cond_timedwait(&store->left, &store->lock, &until) != ETIMEDOUT;
  store->closed = false;
  pthread_cond_broadcast(&store->left);
  return in_time;
}

static enum adduce_err not_left(struct adduce_scope *scope, const struct store *store,
                                const char *what) {
  return scope_fail(scope, ADDUCE_E_IO,
                    "%s: %s, and transactions that are open here did not end within %u s",
                    store->folder, what, store->wait_seconds);
}

static enum adduce_err is_current(struct adduce_scope *scope, const struct store *store, bool *is) {
  struct file_stamp now;
  TRY(file_stamp(scope, &now, store->current_path));
  *is = memcmp(&now, &store->current_stamp, sizeof now) == 0;
  return ADDUCE_OK;
}

/* Replaces what is open by what CURRENT names. A file that is already open must be closed by
 * everybody here before it can be opened again. */
static enum adduce_err reopen(struct adduce_scope *scope, struct store *store) {
  struct environment *old = store->current;
  uint64_t generation;
  if (old != NULL) {
    TRY(generation_read(scope, &generation, store->folder));
    while (generation == old->generation && old->references > 1)
      if (!wait_alone(store, old)) return not_left(scope, store, "it must be opened anew");
    store->current = NULL;
    release(store, old);
  }
  TRY(open_current(scope, &store->current, &store->current_stamp, store));
  store->current->references = 1;
  store->broken = false;
  return ADDUCE_OK;
}

static enum adduce_err enter(struct adduce_scope *scope, struct store *store,
                             struct environment **environment) {
  enum adduce_err err = ADDUCE_OK;
  pthread_mutex_lock(&store->lock);
  while (store->closed) pthread_cond_wait(&store->left, &store->lock);
  bool is = false;
  if (store->current != NULL && !store->broken) err = is_current(scope, store, &is);
  if (err == ADDUCE_OK && !is) err = reopen(scope, store);
  if (err == ADDUCE_OK) {
    *environment = store->current;
    (*environment)->references++;
  }
  pthread_mutex_unlock(&store->lock);
  return err;
}

static void leave(struct store *store, struct environment *environment) {
  pthread_mutex_lock(&store->lock);
  release(store, environment);
  pthread_mutex_unlock(&store->lock);
}

/* The environment may not be used any more, if it is still the current one. */
static void distrust(struct store *store, const struct environment *environment) {
  pthread_mutex_lock(&store->lock);
  if (environment == store->current) store->broken = true;
  pthread_mutex_unlock(&store->lock);
}

/* Sets the size of the map when nobody here is inside: to what another process made it (0), or
 * to more. The caller itself is inside, once, without a transaction. If another thread comes
 * first, that will do: who still finds too little room comes again. */
static enum adduce_err resize(struct adduce_scope *scope, struct store *store,
                              struct environment *environment, uint64_t bytes) {
  pthread_mutex_lock(&store->lock);
  unsigned resized = environment->resized;
  int result = 0;
  environment->references--;
  bool in_time = wait_alone(store, environment);
  if (in_time && environment->resized == resized) {
    result = mdb_env_set_mapsize(environment->env, bytes);
    environment->resized++;
  }
  environment->references++;
  pthread_mutex_unlock(&store->lock);
  if (!in_time) return not_left(scope, store, "its map must grow");
  if (result == 0) return ADDUCE_OK;
  return environment_fail(scope, result, "making room in", environment->path);
}

/* --- transactions ---------------------------------------------------------------------------*/

/* Begins in the environment of `txn`, once its causes of refusal have been seen to.
 * `*again` when another environment is needed. */
static enum adduce_err begin_inside(struct adduce_scope *scope, struct store_txn *txn,
                                    unsigned flags, bool *again) {
  MDB_env *env = txn->environment->env;
  int result = mdb_txn_begin(env, NULL, flags, &txn->lmdb), cleared;
  if (result == MDB_MAP_RESIZED) {
    TRY(resize(scope, txn->store, txn->environment, 0));
    result = mdb_txn_begin(env, NULL, flags, &txn->lmdb);
  }
  if (result == MDB_READERS_FULL && mdb_reader_check(env, &cleared) == 0 && cleared > 0)
    result = mdb_txn_begin(env, NULL, flags, &txn->lmdb);
  if (result == 0) return ADDUCE_OK;
  *again = result == MDB_PANIC;
  if (*again) distrust(txn->store, txn->environment);
  return environment_fail(scope, result, "reading", txn->environment->path);
}

/* A write transaction in what is not current any more (a compaction came first) is begun again. */
static enum adduce_err is_superseded(struct adduce_scope *scope, struct store *store,
                                     const struct store_txn *txn, bool *is) {
  *is = false;
  if (!txn->writes) return ADDUCE_OK;
  pthread_mutex_lock(&store->lock);
  bool current = false;
  enum adduce_err err = ADDUCE_OK;
  if (txn->environment == store->current) err = is_current(scope, store, &current);
  pthread_mutex_unlock(&store->lock);
  *is = !current;
  return err;
}

static enum adduce_err begin(struct adduce_scope *scope, struct store *store, struct store_txn *txn,
                             bool writes) {
  for (int tries = 0;; tries++) {
    bool again = false;
    *txn = (struct store_txn){.store = store, .writes = writes};
    TRY(enter(scope, store, &txn->environment));
    enum adduce_err err = begin_inside(scope, txn, writes ? 0 : MDB_RDONLY, &again);
    if (err == ADDUCE_OK) {
      bool superseded;
      err = is_superseded(scope, store, txn, &superseded);
      if (err == ADDUCE_OK && !superseded) return ADDUCE_OK;
      mdb_txn_abort(txn->lmdb);
    }
    leave(store, txn->environment);
    if (err != ADDUCE_OK && (!again || tries == TRIES)) return err;
  }
}

enum adduce_err store_begin_read(struct adduce_scope *scope, struct store *store,
                                 struct store_txn **txn) {
  *txn = NULL;
  struct store_txn *begun = scope_new(scope, struct store_txn);
  if (begun == NULL) return scope_no_memory(scope);
  TRY(begin(scope, store, begun, false));
  *txn = begun;
  return ADDUCE_OK;
}

void store_end_read(struct store_txn **txn) {
  if (*txn == NULL) return;
  mdb_txn_abort((*txn)->lmdb);
  leave((*txn)->store, (*txn)->environment);
  *txn = NULL;
}

/* After a commit that failed the handle is not trusted and opened anew. LMDB refuses everything
 * (PANIC) if it was the meta page that failed: then the transaction may be there after a crash,
 * whatever we see now. Otherwise the meta page was not touched, and nothing was written; EIO is
 * then also what LMDB says of a write cut short by a full disk. */
static enum adduce_err judge_commit(struct adduce_scope *scope, struct store_txn *txn, int result) {
  MDB_txn *probe;
  struct store *store = txn->store;
  bool is_unknown = mdb_txn_begin(txn->environment->env, NULL, MDB_RDONLY, &probe) != 0;
  if (!is_unknown) mdb_txn_abort(probe);
  distrust(store, txn->environment);
  enum adduce_err err = environment_fail(scope, result, "committing to", store->folder);
  if (is_unknown)
    return scope_wrap(scope, ADDUCE_E_OUTCOME_UNKNOWN, "whether it was written is not known: ");
  bool is_full = file_check_room(scope, store->folder, FULL_BYTES) == ADDUCE_E_DISK_FULL;
  if (err == ADDUCE_E_IO && is_full) err = ADDUCE_E_DISK_FULL;
  if (err == ADDUCE_E_DISK_FULL)
    return scope_fail(scope, err, "%s: the disk is full; nothing was written", store->folder);
  (void)environment_fail(scope, result, "committing to", store->folder);
  return scope_wrap(scope, err, "nothing was written: ");
}

/* The map is doubled; the work runs again. */
static enum adduce_err make_room(struct adduce_scope *scope, struct store_txn *txn) {
  MDB_envinfo info;
  int result = mdb_env_info(txn->environment->env, &info);
  if (result != 0) return environment_fail(scope, result, "looking at", txn->environment->path);
  return resize(scope, txn->store, txn->environment, (uint64_t)info.me_mapsize * 2);
}

/* One run of the work. `*again` when the map was too small and has been made larger. */
static enum adduce_err write_once(struct adduce_scope *scope, struct store *store,
                                  store_work_fn *work, void *context, bool *again) {
  struct store_txn txn;
  struct scope_mark mark = scope_mark(scope);
  TRY(begin(scope, store, &txn, true));
  enum adduce_err err = work(context, scope, &txn);
  int result = 0;
  if (err != ADDUCE_OK)
    mdb_txn_abort(txn.lmdb);
  else
    result = mdb_txn_commit(txn.lmdb);
  *again = txn.map_full || result == MDB_MAP_FULL;
  if (*again) {
    scope_rewind(scope, mark);
    err = make_room(scope, &txn);
  } else if (result != 0) {
    err = judge_commit(scope, &txn, result);
  }
  leave(store, txn.environment);
  return err;
}

enum adduce_err store_write(struct adduce_scope *scope, struct store *store,
                            uint64_t expected_bytes, store_work_fn *work, void *context) {
  bool again = true;
  enum adduce_err err = ADDUCE_OK;
  if (store->mode & STORE_READ_ONLY)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "%s was opened for reading only", store->folder);
  TRY(file_check_room(scope, store->folder, RESERVE_BYTES + 2 * expected_bytes));
  pthread_mutex_lock(&store->writer);
  while (again && err == ADDUCE_OK) err = write_once(scope, store, work, context, &again);
  pthread_mutex_unlock(&store->writer);
  return err;
}

/* --- tables ---------------------------------------------------------------------------------*/

static MDB_val to_val(struct adduce_span span) {
  return (MDB_val){span.size, (void *)(uintptr_t)span.data};
}

static struct adduce_span of_val(MDB_val val) {
  return span_of(val.mv_data, val.mv_size);
}

static enum adduce_err table_fail(struct adduce_scope *scope, struct store_txn *txn, int result,
                                  const char *verb) {
  if (result == MDB_NOTFOUND) return ADDUCE_E_NOT_FOUND;
  if (result == MDB_MAP_FULL) txn->map_full = true;
  if (result == MDB_TXN_FULL)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "too much for one transaction");
  return environment_fail(scope, result, verb, txn->environment->path);
}

enum adduce_err store_get(struct adduce_scope *scope, struct store_txn *txn, unsigned table,
                          struct adduce_span key, struct adduce_span *value) {
  MDB_val lmdb_key = to_val(key), lmdb_value;
  int result = mdb_get(txn->lmdb, txn->environment->tables[table], &lmdb_key, &lmdb_value);
  if (result != 0) return table_fail(scope, txn, result, "reading");
  *value = of_val(lmdb_value);
  return ADDUCE_OK;
}

static unsigned put_flags(enum store_put how) {
  static const unsigned flags[] = {
      [STORE_REPLACE] = 0,
      [STORE_NEW] = MDB_NOOVERWRITE,
      [STORE_LAST] = MDB_APPEND,
  };
  return flags[how];
}

static enum adduce_err put_result(struct adduce_scope *scope, struct store_txn *txn, int result,
                                  enum store_put how) {
  if (result == 0) return ADDUCE_OK;
  if (result == MDB_KEYEXIST && how == STORE_NEW)
    return scope_fail(scope, ADDUCE_E_EXISTS, "%s: the record is there already",
                      txn->environment->path);
  if (result == MDB_KEYEXIST)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: a record follows where the last should be",
                      txn->environment->path);
  return table_fail(scope, txn, result, "writing");
}

enum adduce_err store_put(struct adduce_scope *scope, struct store_txn *txn, unsigned table,
                          struct adduce_span key, struct adduce_span value, enum store_put how) {
  INVARIANT(txn->writes && key.size != 0 && key.size <= STORE_KEY_BYTES);
  MDB_val lmdb_key = to_val(key), lmdb_value = to_val(value);
  int result =
      mdb_put(txn->lmdb, txn->environment->tables[table], &lmdb_key, &lmdb_value, put_flags(how));
  return put_result(scope, txn, result, how);
}

enum adduce_err store_delete(struct adduce_scope *scope, struct store_txn *txn, unsigned table,
                             struct adduce_span key) {
  MDB_val lmdb_key = to_val(key);
  int result = mdb_del(txn->lmdb, txn->environment->tables[table], &lmdb_key, NULL);
  if (result == 0 || result == MDB_NOTFOUND) return ADDUCE_OK;
  return table_fail(scope, txn, result, "writing");
}

enum adduce_err store_clear(struct adduce_scope *scope, struct store_txn *txn, unsigned table) {
  int result = mdb_drop(txn->lmdb, txn->environment->tables[table], 0);
  return result == 0 ? ADDUCE_OK : table_fail(scope, txn, result, "writing");
}

enum adduce_err store_count(struct adduce_scope *scope, struct store_txn *txn, unsigned table,
                            uint64_t *count) {
  MDB_stat stat;
  int result = mdb_stat(txn->lmdb, txn->environment->tables[table], &stat);
  if (result != 0) return table_fail(scope, txn, result, "reading");
  *count = stat.ms_entries;
  return ADDUCE_OK;
}

/* --- cursors --------------------------------------------------------------------------------*/

enum adduce_err store_cursor_open(struct adduce_scope *scope, struct store_cursor *cursor,
                                  struct store_txn *txn, unsigned table) {
  MDB_cursor *lmdb;
  *cursor = (struct store_cursor){.txn = txn};
  int result = mdb_cursor_open(txn->lmdb, txn->environment->tables[table], &lmdb);
  if (result != 0) return table_fail(scope, txn, result, "reading");
  cursor->lmdb = lmdb;
  return ADDUCE_OK;
}

static enum adduce_err move(struct adduce_scope *scope, struct store_cursor *cursor,
                            MDB_cursor_op op, struct adduce_span from) {
  MDB_val key = to_val(from), value;
  int result = mdb_cursor_get(cursor->lmdb, &key, &value, op);
  if (result != 0) return table_fail(scope, cursor->txn, result, "reading");
  cursor->key = of_val(key);
  cursor->value = of_val(value);
  return ADDUCE_OK;
}

enum adduce_err store_cursor_seek(struct adduce_scope *scope, struct store_cursor *cursor,
                                  struct adduce_span key) {
  return move(scope, cursor, key.size == 0 ? MDB_FIRST : MDB_SET_RANGE, key);
}

enum adduce_err store_cursor_seek_back(struct adduce_scope *scope, struct store_cursor *cursor,
                                       struct adduce_span key) {
  enum adduce_err err = move(scope, cursor, MDB_SET_RANGE, key);
  if (err == ADDUCE_E_NOT_FOUND) return move(scope, cursor, MDB_LAST, key);
  if (err != ADDUCE_OK || span_equal(cursor->key, key)) return err;
  return move(scope, cursor, MDB_PREV, key);
}

enum adduce_err store_cursor_next(struct adduce_scope *scope, struct store_cursor *cursor) {
  return move(scope, cursor, MDB_NEXT, span_of(NULL, 0));
}

enum adduce_err store_cursor_previous(struct adduce_scope *scope, struct store_cursor *cursor) {
  return move(scope, cursor, MDB_PREV, span_of(NULL, 0));
}

enum adduce_err store_cursor_put(struct adduce_scope *scope, struct store_cursor *cursor,
                                 struct adduce_span key, struct adduce_span value,
                                 enum store_put how) {
  INVARIANT(cursor->txn->writes && key.size != 0 && key.size <= STORE_KEY_BYTES);
  MDB_val lmdb_key = to_val(key), lmdb_value = to_val(value);
  int result = mdb_cursor_put(cursor->lmdb, &lmdb_key, &lmdb_value, put_flags(how));
  return put_result(scope, cursor->txn, result, how);
}

void store_cursor_close(struct store_cursor *cursor) {
  if (cursor->lmdb != NULL) mdb_cursor_close(cursor->lmdb);
  cursor->lmdb = NULL;
}

/* --- the whole file -------------------------------------------------------------------------*/

static enum adduce_err copy_inside(struct adduce_scope *scope, struct store *store,
                                   const char *folder) {
  struct environment *environment;
  TRY(file_make_folder(scope, folder, 0777));
  TRY(file_check_filesystem(scope, folder));
  TRY(enter(scope, store, &environment));
  enum adduce_err err =
      environment_copy(scope, environment, generation_data_path(scope, folder, 1));
  leave(store, environment);
  if (err != ADDUCE_OK) return err;
  TRY(generation_write(scope, folder, 1));
  return file_sync(scope, folder);
}

enum adduce_err store_copy(struct adduce_scope *scope, struct store *store, const char *folder) {
  TRY(file_require_none(scope, folder));
  const char *partial = scope_format(scope, "%s.partial", folder);
  TRY(file_remove_tree(scope, partial));
  return settle(scope, copy_inside(scope, store, partial), partial, folder);
}

/* With the write transaction open: nobody can commit to the old generation any more. Once CURRENT
 * names the next one somebody may already be making the one after it, so what else is there goes
 * before. */
static enum adduce_err compact_inside(struct adduce_scope *scope, struct store *store,
                                      struct environment *environment) {
  uint64_t last = environment->generation;
  const char *path = generation_data_path(scope, store->folder, last + 1);
  TRY(generation_remove_others(scope, store->folder, last));
  TRY(environment_copy(scope, environment, path));
  TRY(file_sync(scope, store->folder));
  TRY(generation_write(scope, store->folder, last + 1));
  return generation_remove(scope, store->folder, last);
}

enum adduce_err store_compact(struct adduce_scope *scope, struct store *store) {
  struct store_txn txn;
  struct store_stat stat;
  if (store->mode & STORE_READ_ONLY)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "%s was opened for reading only", store->folder);
  TRY(store_stat(scope, store, &stat));
  TRY(file_check_room(scope, store->folder, RESERVE_BYTES + stat.used_bytes));
  pthread_mutex_lock(&store->writer);
  enum adduce_err err = begin(scope, store, &txn, true);
  if (err == ADDUCE_OK) {
    err = compact_inside(scope, store, txn.environment);
    mdb_txn_abort(txn.lmdb);
    leave(store, txn.environment);
  }
  pthread_mutex_unlock(&store->writer);
  return err;
}

enum adduce_err store_check(struct adduce_scope *scope, struct store *store) {
  struct store_txn txn;
  TRY(begin(scope, store, &txn, false));
  mdb_txn_abort(txn.lmdb); /* it was entered, so it stays open */
  enum adduce_err err = environment_check(scope, txn.environment);
  leave(store, txn.environment);
  return err;
}

/* --- what is there --------------------------------------------------------------------------*/

/* LMDB's own table of free pages: each value is a count, then that many page numbers. */
static enum adduce_err count_free_pages(struct adduce_scope *scope, struct store_txn *txn,
                                        uint64_t *pages) {
  MDB_cursor *cursor;
  MDB_val key, value;
  *pages = 0;
  int result = mdb_cursor_open(txn->lmdb, 0, &cursor);
  if (result != 0) return table_fail(scope, txn, result, "reading");
  while ((result = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
    size_t count = 0;
    if (value.mv_size >= sizeof count) memcpy(&count, value.mv_data, sizeof count);
    *pages += count;
  }
  mdb_cursor_close(cursor);
  return result == MDB_NOTFOUND ? ADDUCE_OK : table_fail(scope, txn, result, "reading");
}

/* LMDB tells of readers in lines of text: "pid thread transaction", after a heading. */
struct readers {
  struct store_stat *stat;
  size_t last_transaction;
};

static int read_reader(const char *line, void *context) {
  struct readers *readers = context;
  int pid;
  char thread[32], transaction[32];
  if (sscanf(line, "%d %31s %31s", &pid, thread, transaction) != 3 || transaction[0] == '-')
    return 0;
  uint64_t lag = readers->last_transaction - strtoull(transaction, NULL, 10);
  readers->stat->readers++;
  if (readers->stat->oldest_pid != 0 && lag <= readers->stat->oldest_reader) return 0;
  readers->stat->oldest_pid = pid;
  readers->stat->oldest_reader = lag;
  return 0;
}

enum adduce_err store_stat(struct adduce_scope *scope, struct store *store,
                           struct store_stat *stat) {
  struct store_txn *txn;
  MDB_envinfo info;
  MDB_stat pages;
  uint64_t free_pages;
  *stat = (struct store_stat){0};
  TRY(store_begin_read(scope, store, &txn));
  MDB_env *env = txn->environment->env;
  (void)mdb_env_info(env, &info);
  (void)mdb_env_stat(env, &pages);
  stat->generation = txn->environment->generation;
  stat->file_bytes = file_size(txn->environment->path);
  enum adduce_err err = count_free_pages(scope, txn, &free_pages);
  store_end_read(&txn);
  if (err != ADDUCE_OK) return err;
  uint64_t all = (uint64_t)info.me_last_pgno + 1;
  stat->free_bytes = free_pages * pages.ms_psize;
  stat->used_bytes = (all > free_pages ? all - free_pages : 0) * pages.ms_psize;
  struct readers readers = {stat, info.me_last_txnid};
  struct environment *environment;
  TRY(enter(scope, store, &environment));
  (void)mdb_reader_list(environment->env, read_reader, &readers);
  leave(store, environment);
  return ADDUCE_OK;
}

enum adduce_err store_clear_dead_readers(struct adduce_scope *scope, struct store *store,
                                         int *cleared) {
  struct environment *environment;
  *cleared = 0;
  TRY(enter(scope, store, &environment));
  int result = mdb_reader_check(environment->env, cleared);
  leave(store, environment);
  if (result == 0) return ADDUCE_OK;
  return environment_fail(scope, result, "clearing readers of", store->folder);
}
