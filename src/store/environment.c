/* SPDX-License-Identifier: Apache-2.0 */
#include "store/environment.h"

#include <errno.h>

#include "sys/file.h"

/* Default durability, and nothing that weakens it (docs/STORAGE.md, rule 1). */
#define FLAGS (MDB_NOSUBDIR | MDB_NOTLS)
#define FILE_MODE 0666
#define READERS 512
#define MAP_BYTES ((uint64_t)64 << 30)
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

/* --- looking at a file before LMDB maps it ---------------------------------------------------
 * LMDB trusts its file: a page size of 0 is a division by zero in it, and pages beyond the end
 * are SIGBUS. So both meta pages are read first. The layout is that of LMDB 0.9 on 64-bit
 * machines: a page header of 16 bytes, then the meta. */
#define META_BYTES 152
#define AT_MAGIC 16
#define AT_VERSION 20
#define AT_PAGE_SIZE 40
#define AT_LAST_PAGE 136
#define AT_TRANSACTION 144

struct meta {
  uint32_t magic, version, page_bytes;
  uint64_t last_page, transaction;
};

static struct meta meta_of(const uint8_t *page) {
  struct meta meta;
  memcpy(&meta.magic, page + AT_MAGIC, 4);
  memcpy(&meta.version, page + AT_VERSION, 4);
  memcpy(&meta.page_bytes, page + AT_PAGE_SIZE, 4);
  memcpy(&meta.last_page, page + AT_LAST_PAGE, 8);
  memcpy(&meta.transaction, page + AT_TRANSACTION, 8);
  return meta;
}

static bool meta_good(const struct meta *meta) {
  return meta->magic == 0xBEEFC0DE && meta->version == 1 && meta->page_bytes >= 512 &&
         meta->page_bytes <= 65536 && (meta->page_bytes & (meta->page_bytes - 1)) == 0;
}

static enum adduce_err inspect(struct adduce_scope *scope, const char *path) {
  uint8_t page[META_BYTES];
  TRY(file_read_at(scope, page, sizeof page, path, 0));
  struct meta first = meta_of(page);
  if (!meta_good(&first))
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: its first page is not LMDB's", path);
  TRY(file_read_at(scope, page, sizeof page, path, first.page_bytes));
  struct meta second = meta_of(page);
  if (!meta_good(&second) || second.page_bytes != first.page_bytes)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s: its second page is not LMDB's", path);
  uint64_t last =
      first.transaction > second.transaction ? first.last_page : second.last_page;
  uint64_t size = file_size(path);
  if (last >= size / first.page_bytes)
    return scope_fail(scope, ADDUCE_E_CORRUPT,
                      "%s is truncated: it has %llu bytes and its last page is %llu", path,
                      (unsigned long long)size, (unsigned long long)last);
  return ADDUCE_OK;
}

/* --- opening --------------------------------------------------------------------------------*/

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
    result = mdb_env_open(*env, path, flags, FILE_MODE);
    if (result == 0) return 0;
    mdb_env_close(*env);
    *env = NULL;
    if (result != ENOMEM) return result;
  }
  return result;
}

/* Opens the tables in one transaction: a reading one, unless they are to be made. */
static int open_tables(MDB_env *env, MDB_dbi *tables, const struct store_tables *names,
                       bool make) {
  MDB_txn *txn;
  int result = mdb_txn_begin(env, NULL, make ? 0 : MDB_RDONLY, &txn);
  if (result != 0) return result;
  for (size_t i = 0; i < names->count && result == 0; i++)
    result = mdb_dbi_open(txn, names->names[i], make ? MDB_CREATE : 0, &tables[i]);
  if (result == 0) return mdb_txn_commit(txn);
  mdb_txn_abort(txn);
  return result;
}

static enum adduce_err open_inside(struct adduce_scope *scope, struct environment *environment,
                                   const struct store_tables *tables, enum store_mode mode,
                                   uint64_t map_bytes) {
  unsigned flags = FLAGS | (mode == STORE_READ_ONLY ? MDB_RDONLY : 0);
  int result = open_mapped(&environment->env, environment->path, flags, map_bytes);
  /* On a medium that cannot be written at all there is no lock file, and no writer either. */
  if (mode == STORE_READ_ONLY && (result == EROFS || result == EACCES))
    result = open_mapped(&environment->env, environment->path, flags | MDB_NOLOCK, map_bytes);
  if (result != 0) return environment_fail(scope, result, "opening", environment->path);
  int fd;
  if (mdb_env_get_fd(environment->env, &fd) == 0) file_close_on_exec(fd);
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
  if (file_type(path) != FILE_REGULAR)
    return scope_fail(scope, ADDUCE_E_NOT_A_LEDGER, "%s does not exist", path);
  TRY(inspect(scope, path));
  if (adduce_scope_open(&own, (size_t)64 << 10) != ADDUCE_OK) return scope_no_memory(scope);
  struct environment *opened = scope_new(own, struct environment);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->scope = own;
  opened->path = scope_format(own, "%s", path);
  opened->generation = generation;
  enum adduce_err err = open_inside(scope, opened, tables, mode, map_bytes);
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
  return file_sync(scope, path);
}
