/* SPDX-License-Identifier: Apache-2.0 */
/* One LMDB environment: the file of one generation, with its tables open. Counted, because
 * readers may still be in an old generation when the next one is current; closed when the last
 * of them leaves. */
#ifndef STORE_ENVIRONMENT_H
#define STORE_ENVIRONMENT_H

#include <lmdb.h>

#include "store/store.h"

struct environment {
  struct adduce_scope *scope; /* its own */
  const char *path;
  MDB_env *env;
  MDB_dbi tables[STORE_TABLES_MAX];
  uint64_t generation;
  unsigned references; /* transactions open, and one while it is current */
  unsigned resized;    /* how often its map was resized */
};

/* Opens the file at `path`. `map_bytes` 0: the usual room. Errors: ADDUCE_E_NOT_A_LEDGER (no
 * file), ADDUCE_E_CORRUPT (not LMDB's, truncated, a table is missing), ADDUCE_E_PERMISSION,
 * ADDUCE_E_IO, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err environment_open(struct adduce_scope *scope,
                                          struct environment **environment, const char *path,
                                          uint64_t generation, const struct store_tables *tables,
                                          enum store_mode mode, uint64_t map_bytes);

/* Makes a new file with empty tables, durable when it returns. Errors: as store_create. */
MUST_USE enum adduce_err environment_create(struct adduce_scope *scope, const char *path,
                                            const struct store_tables *tables);

/* pages_check of what a reader sees now. The trees that a reader sees stay as they are; but two
 * commits later the meta page that leads to them is gone, and it begins again; where that happens
 * every time, nothing is checked. Errors: those of pages_check. */
MUST_USE enum adduce_err environment_check(struct adduce_scope *scope,
                                           struct environment *environment);

void environment_close(struct environment **environment);

/* Copies what is committed into a new file, without free pages and with nothing in the gaps of
 * pages, and syncs it. */
MUST_USE enum adduce_err environment_copy(struct adduce_scope *scope,
                                          struct environment *environment, const char *path);

/* The error that an LMDB result means, with the detail "VERB PATH: reason". */
enum adduce_err environment_fail(struct adduce_scope *scope, int result, const char *verb,
                                 const char *path);

#endif
