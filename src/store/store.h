/* SPDX-License-Identifier: Apache-2.0 */
/* The store: ordered tables of bytes in one file, with transactions; the only user of LMDB.
 *
 * LMDB runs with its default durability and no other: a commit that returned ADDUCE_OK is on
 * the disk. The seventeen rules behind this file are in docs/STORAGE.md.
 *
 * A store is a folder. In it, `CURRENT` holds a generation number G in decimal and the
 * environment is `data-G.mdb` with `data-G.mdb-lock`. Compaction writes generation G + 1,
 * then replaces CURRENT; every transaction begins by looking whether CURRENT still says what
 * this process has open, and reopens if not. A process opens a store once; all its threads
 * share the handle.
 *
 * Invariants
 *   1. The file that CURRENT names was whole and synced before CURRENT named it.
 *   2. At most one write transaction exists at a time, over all processes; it sees CURRENT
 *      unchanged from its begin to its end.
 *   3. Map size is a private affair: it grows between transactions, never within one, and
 *      MDB_MAP_FULL never leaves this room (store_write runs the work again). */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/scope.h"

struct store;
struct store_txn;

#define STORE_TABLES_MAX 32
#define STORE_KEY_BYTES 511

/* The tables of a store: their number in every call is the position here. */
struct store_tables {
  const char *const *names;
  size_t count;
};

/* STORE_READ_WRITE or STORE_READ_ONLY, and STORE_PAGES_FIRST added to it: every page is walked
 * before anything is read, so that a damaged file is told and not followed. */
enum store_mode { STORE_READ_WRITE = 0, STORE_READ_ONLY = 1, STORE_PAGES_FIRST = 2 };

/* Makes a new store folder with empty tables: built under a temporary name, synced, renamed.
 * Errors: ADDUCE_E_EXISTS, ADDUCE_E_FILESYSTEM, ADDUCE_E_DISK_FULL, ADDUCE_E_PERMISSION,
 * ADDUCE_E_READ_ONLY, ADDUCE_E_IO; nothing is left then. */
MUST_USE enum adduce_err store_create(struct adduce_scope *scope, const char *folder,
                                      const struct store_tables *tables);

/* Opens. The handle is the process's own memory and outlives scopes.
 * Errors: ADDUCE_E_NOT_A_LEDGER (no CURRENT or no such file), ADDUCE_E_CORRUPT (not LMDB's,
 * truncated, a table is missing; with STORE_PAGES_FIRST: a page that is none), ADDUCE_E_USAGE
 * (already open in this process), ADDUCE_E_PERMISSION, ADDUCE_E_IO. */
MUST_USE enum adduce_err store_open(struct adduce_scope *scope, struct store **store,
                                    const char *folder, const struct store_tables *tables,
                                    enum store_mode mode);

void store_close(struct store **store);

/* --- transactions --------------------------------------------------------------------------
 * Spans read in a transaction live until it ends. Read transactions never wait and are never
 * waited for; keep them short. */
MUST_USE enum adduce_err store_begin_read(struct adduce_scope *scope, struct store *store,
                                          struct store_txn **txn);
void store_end_read(struct store_txn **txn);

/* The work of a write transaction. Whatever it did is undone when it fails, and it may be run
 * more than once (after the map has grown), so it must depend only on what it reads. */
typedef enum adduce_err store_work_fn(void *context, struct adduce_scope *scope,
                                      struct store_txn *txn);

/* Runs `work` in a write transaction and commits durably. Waits for other writers. Checks
 * first that the disk has room for `expected_bytes` and a reserve.
 * No other transaction of this thread may be open in this store: if the map must grow, and it
 * stays open for ten seconds more, that is ADDUCE_E_IO.
 * Errors: those of `work` (nothing written); ADDUCE_E_DISK_FULL, ADDUCE_E_READ_ONLY, ADDUCE_E_IO
 * (nothing written); ADDUCE_E_TOO_LARGE (more than LMDB takes in one transaction);
 * ADDUCE_E_OUTCOME_UNKNOWN (the commit failed at its last step: look whether the data is there;
 * the next transaction opens the file anew). */
MUST_USE enum adduce_err store_write(struct adduce_scope *scope, struct store *store,
                                     uint64_t expected_bytes, store_work_fn *work, void *context);

/* --- tables ------------------------------------------------------------------------------- */

/* Errors: ADDUCE_E_NOT_FOUND (without detail), ADDUCE_E_CORRUPT, ADDUCE_E_IO. */
MUST_USE enum adduce_err store_get(struct adduce_scope *scope, struct store_txn *txn,
                                   unsigned table, struct adduce_span key,
                                   struct adduce_span *value);

enum store_put {
  STORE_REPLACE, /* whatever is there */
  STORE_NEW,     /* ADDUCE_E_EXISTS if there is something */
  STORE_LAST,    /* the key is greater than every key there; else ADDUCE_E_CORRUPT */
};
MUST_USE enum adduce_err store_put(struct adduce_scope *scope, struct store_txn *txn,
                                   unsigned table, struct adduce_span key, struct adduce_span value,
                                   enum store_put how);

/* Deletes; nothing there is fine. */
MUST_USE enum adduce_err store_delete(struct adduce_scope *scope, struct store_txn *txn,
                                      unsigned table, struct adduce_span key);

/* Empties a table. */
MUST_USE enum adduce_err store_clear(struct adduce_scope *scope, struct store_txn *txn,
                                     unsigned table);

/* How many records a table has. */
MUST_USE enum adduce_err store_count(struct adduce_scope *scope, struct store_txn *txn,
                                     unsigned table, uint64_t *count);

/* Walks a table in key order. Close it before its transaction ends. */
struct store_cursor {
  void *lmdb;
  struct store_txn *txn;
  struct adduce_span key, value; /* of the record the cursor is at */
};
MUST_USE enum adduce_err store_cursor_open(struct adduce_scope *scope, struct store_cursor *cursor,
                                           struct store_txn *txn, unsigned table);
/* To the first record with a key >= `key`; to the last record with a key <= `key`; to the next
 * or previous record. Errors: ADDUCE_E_NOT_FOUND (without detail) when there is none. */
MUST_USE enum adduce_err store_cursor_seek(struct adduce_scope *scope, struct store_cursor *cursor,
                                           struct adduce_span key);
MUST_USE enum adduce_err store_cursor_seek_back(struct adduce_scope *scope,
                                                struct store_cursor *cursor,
                                                struct adduce_span key);
MUST_USE enum adduce_err store_cursor_next(struct adduce_scope *scope, struct store_cursor *cursor);
MUST_USE enum adduce_err store_cursor_previous(struct adduce_scope *scope,
                                               struct store_cursor *cursor);
/* As store_put, through a cursor of a write transaction. Writing in key order through one cursor
 * is quicker than by store_put: each record is looked for beside the last one. The cursor's key and
 * value say nothing afterwards. */
MUST_USE enum adduce_err store_cursor_put(struct adduce_scope *scope, struct store_cursor *cursor,
                                          struct adduce_span key, struct adduce_span value,
                                          enum store_put how);
void store_cursor_close(struct store_cursor *cursor);

/* --- the whole file ------------------------------------------------------------------------ */

/* Copies the store as of now into a new folder, compacted, while others read and write.
 * Errors: as store_create. */
MUST_USE enum adduce_err store_copy(struct adduce_scope *scope, struct store *store,
                                    const char *folder);

/* Writes the next generation without free pages and makes it current; writers wait meanwhile,
 * readers finish where they are. The files of older generations leave the folder at once; a
 * process that still has one open keeps it, and its room, until its transactions end. Errors: as
 * store_create; the old generation stays current then, unless it was only the removal that
 * failed. */
MUST_USE enum adduce_err store_compact(struct adduce_scope *scope, struct store *store);

/* Walks every page of the file that a reader can reach, by reading it, not by LMDB's map: a damaged
 * page, which LMDB would follow into nowhere, is found. Values themselves are not looked at. Run it
 * before trusting a file that may be damaged. (In a store in which several commits a second go on
 * it may find no moment in which it can look, and then finds nothing.)
 * Errors: ADDUCE_E_CORRUPT (with the page), ADDUCE_E_IO, ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err store_check(struct adduce_scope *scope, struct store *store);

struct store_stat {
  uint64_t generation;
  uint64_t file_bytes;    /* of the current generation's file */
  uint64_t used_bytes;    /* pages in use */
  uint64_t free_bytes;    /* pages free for reuse */
  unsigned readers;       /* read transactions open now, in all processes */
  uint64_t oldest_reader; /* how many commits the oldest of them lags */
  int oldest_pid;         /* whose it is; 0 if none */
};
MUST_USE enum adduce_err store_stat(struct adduce_scope *scope, struct store *store,
                                    struct store_stat *stat);

/* Clears the slots of readers that died. */
MUST_USE enum adduce_err store_clear_dead_readers(struct adduce_scope *scope, struct store *store,
                                                  int *cleared);

#endif
