/* SPDX-License-Identifier: Apache-2.0 */
#include "store/environment.h"

#include <errno.h>

#include "base/invariant.h"
#include "store/pages.h"
#include "sys/file.h"

/* Default durability, and nothing that weakens it (docs/STORAGE.md, rule 1). */
#define FLAGS (MDB_NOSUBDIR | MDB_NOTLS)
#define FILE_MODE 0666
#define READERS 512
#define MAP_BYTES ((uint64_t)64 << 30)
#define CHECK_TRIES 8 /* a busy writer may be two commits ahead each time */
#define SMALLEST_MAP_BYTES ((uint64_t)1 << 30)

_Static_assert(sizeof(size_t) == 8, "a ledger needs a 64-bit address space");

enum adduce_err environment_fail(struct adduce_scope *scope, int result, const char *verb,
                                 const char *path) {
  if (result > 0) return file_fail(scope, result, verb, path);
  if (result == MDB_NOTFOUND)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s %s: a table is missing", verb, path);
  if (result == MDB_READERS_FULL)
    return scope_fail(scope, ADDUCE_E_IO, "%s %s: %d readers are open already", verb, path,
                      READERS);
  bool damaged = result == MDB_CORRUPTED || result == MDB_INVALID || result == MDB_PAGE_NOTFOUND ||
                 result == MDB_VERSION_MISMATCH || result == MDB_INCOMPATIBLE;
  return scope_fail(scope, damaged ? ADDUCE_E_CORRUPT : ADDUCE_E_IO, "%s %s: %s", verb, path,
                    mdb_strerror(result));
}

/* --- opening --------------------------------------------------------------------------------*/

/* LMDB has found its own structures broken. It would now print and abort; we abort before it
 * prints. What it cannot survive is found by pages_check beforehand. */
static void stop(MDB_env *env, const char *message) {
  (void)env;
  (void)message;
  INVARIANT(false);
}

/* Opens LMDB with as much address space as it can get. */
static int open_mapped(MDB_env **env, const char *path, unsigned flags, uint64_t map_bytes) {
  int result = 0;
  uint64_t smallest = map_bytes == 0 ? SMALLEST_MAP_BYTES : map_bytes;
  for (uint64_t bytes = map_bytes == 0 ? MAP_BYTES : map_bytes; bytes >= smallest; bytes /= 2) {
    result = mdb_env_create(env);
    if (result != 0) return result;
    (void)mdb_env_set_maxdbs(*env, STORE_TABLES_MAX);
    (void)mdb_env_set_maxreaders(*env, READERS);
    (void)mdb_env_set_mapsize(*env, bytes);
    (void)mdb_env_set_assert(*env, stop);
    result = mdb_env_open(*env, path, flags, FILE_MODE);
    if (result == 0) return 0;
    mdb_env_close(*env);
    *env = NULL;
    if (result != ENOMEM) return result;
  }
  return result;
}

/* Opens the tables in one transaction: a reading one, unless they are to be made. */
static int open_tables(MDB_env *env, MDB_dbi *tables, const struct store_tables *names, bool make) {
  MDB_txn *txn;
  int result = mdb_txn_begin(env, NULL, make ? 0 : MDB_RDONLY, &txn);
  if (result != 0) return result;
  for (size_t i = 0; i < names->count && result == 0; i++)
    result = mdb_dbi_open(txn, names->names[i], make ? MDB_CREATE : 0, &tables[i]);
  if (result == 0) return mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return result;
}

enum adduce_err environment_check(struct adduce_scope *scope, struct environment *environment) {
  enum adduce_err err = ADDUCE_E_OUTCOME_UNKNOWN;
  for (int tries = 0; tries < CHECK_TRIES && err == ADDUCE_E_OUTCOME_UNKNOWN; tries++) {
    MDB_txn *txn;
    int result = mdb_txn_begin(environment->env, NULL, MDB_RDONLY, &txn);
    if (result != 0) return environment_fail(scope, result, "reading", environment->path);
    err = pages_check(scope, environment->path, mdb_txn_id(txn));
    mdb_txn_abort(txn);
  }
  return err == ADDUCE_E_OUTCOME_UNKNOWN ? ADDUCE_OK : err;
}

/* Readers announce themselves in the lock file. Where that is not there and cannot be made, there
 * is no writer either; where it is there and we may not write to it, a writer would not see us. */
static bool may_read_unannounced(struct adduce_scope *scope, const char *path, int result) {
  const char *lock_path = scope_format(scope, "%s-lock", path);
  return (result == EACCES || result == EROFS) && file_type(lock_path) == FILE_NONE;
}

static enum adduce_err open_inside(struct adduce_scope *scope, struct environment *environment,
                                   const struct store_tables *tables, enum store_mode mode,
                                   uint64_t map_bytes) {
  unsigned flags = FLAGS | (mode & STORE_READ_ONLY ? MDB_RDONLY : 0);
  int result = open_mapped(&environment->env, environment->path, flags, map_bytes);
  if (mode & STORE_READ_ONLY && may_read_unannounced(scope, environment->path, result))
    result = open_mapped(&environment->env, environment->path, flags | MDB_NOLOCK, map_bytes);
  if (result != 0) return environment_fail(scope, result, "opening", environment->path);
  int fd;
  if (mdb_env_get_fd(environment->env, &fd) == 0) file_close_on_exec(fd);
  if (mode & STORE_PAGES_FIRST) TRY(environment_check(scope, environment));
  result = open_tables(environment->env, environment->tables, tables, false);
  if (result != 0) return environment_fail(scope, result, "opening", environment->path);
  return ADDUCE_OK;
}

enum adduce_err environment_open(struct adduce_scope *scope, struct environment **environment,
                                 const char *path, uint64_t generation,
                                 const struct store_tables *tables, enum store_mode mode,
                                 uint64_t map_bytes) {
  struct adduce_scope *own = NULL;
  *environment = NULL;
  enum file_type type;
  TRY(file_look(scope, &type, path));
  if (type != FILE_REGULAR)
    return scope_fail(scope, ADDUCE_E_NOT_A_LEDGER, "%s does not exist", path);
  TRY(pages_inspect(scope, path));
  if (adduce_scope_open(&own, (size_t)64 << 10) != ADDUCE_OK) return scope_no_memory(scope);
  struct environment *opened = scope_new(own, struct environment);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->scope = own;
  opened->path = scope_format(own, "%s", path);
  opened->generation = generation;
  enum adduce_err err = scope_exhausted(own) ? scope_no_memory(scope)
                                             : open_inside(scope, opened, tables, mode, map_bytes);
  if (err != ADDUCE_OK)
    environment_close(&opened);
  else
    *environment = opened;
  return err;
}

void environment_close(struct environment **environment) {
  if (*environment == NULL) return;
  struct adduce_scope *own = (*environment)->scope;
  if ((*environment)->env != NULL) mdb_env_close((*environment)->env);
  *environment = NULL;
  adduce_scope_close(&own);
}

enum adduce_err environment_create(struct adduce_scope *scope, const char *path,
                                   const struct store_tables *tables) {
  MDB_dbi made[STORE_TABLES_MAX];
  MDB_env *env = NULL;
  int result = open_mapped(&env, path, FLAGS, 0);
  if (result != 0) return environment_fail(scope, result, "making", path);
  result = open_tables(env, made, tables, true);
  mdb_env_close(env);
  if (result != 0) return environment_fail(scope, result, "making", path);
  return file_sync(scope, path);
}

enum adduce_err environment_copy(struct adduce_scope *scope, struct environment *environment,
                                 const char *path) {
  int result = mdb_env_copy2(environment->env, path, MDB_CP_COMPACT);
  if (result != 0) return environment_fail(scope, result, "copying to", path);
  TRY(pages_clear_gaps(scope, path));
  return file_sync(scope, path);
}
