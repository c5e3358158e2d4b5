/* SPDX-License-Identifier: Apache-2.0 */
/* What the store's own files and tests see of it. */
#ifndef STORE_STORE_PRIV_H
#define STORE_STORE_PRIV_H

#include <pthread.h>

#include "store/environment.h"
#include "sys/file.h"

/* Invariants, whenever `lock` is free
 *   1. current has one reference for being current, and one for each transaction in it.
 *   2. No other environment of this process has the file that current has.
 *   3. broken is true iff LMDB has said that current may not be used any more. */
struct store {
  struct adduce_scope *scope; /* its own */
  const char *folder;
  const char *current_path; /* of CURRENT */
  struct file_stamp folder_stamp;
  struct store_tables tables;
  enum store_mode mode;
  unsigned wait_seconds;           /* for transactions to end, where they must */
  uint64_t map_bytes;              /* to begin with; 0: the usual */
  pthread_mutex_t lock;            /* guards what follows */
  pthread_cond_t left;             /* somebody left an environment */
  struct environment *current;     /* NULL only after a reopening failed */
  struct file_stamp current_stamp; /* of CURRENT when `current` was opened */
  bool broken;
  bool closed;            /* nobody may enter: somebody waits until all have left */
  pthread_mutex_t writer; /* held by the thread that writes; taken before `lock` */
};

struct store_txn {
  struct store *store;
  struct environment *environment;
  MDB_txn *lmdb;
  bool writes;
  bool map_full; /* a put found no room: the work is run again in a larger map */
};

/* store_open with a map of `map_bytes` to begin with, so that its growth can be tested. */
MUST_USE enum adduce_err store_open_sized(struct adduce_scope *scope, struct store **store,
                                          const char *folder, const struct store_tables *tables,
                                          enum store_mode mode, uint64_t map_bytes);

#endif
