/* SPDX-License-Identifier: Apache-2.0 */
#include "raw.h"

#include <lmdb.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bigendian.h"
#include "sys/workers.h"
#include "table.h"

struct raw_store {
  MDB_env *env;
  MDB_dbi table;
  uint64_t next;
  uint8_t record[1 << 17];
};

static void must(int code) {
  if (code == 0) return;
  (void)fprintf(stderr, "bench: LMDB: %s\n", mdb_strerror(code));
  exit(1);
}

struct raw_store *raw_store_open(const char *folder) {
  struct raw_store *store = calloc(1, sizeof *store);
  if (store == NULL) exit(1);
  must(mdb_env_create(&store->env));
  must(mdb_env_set_mapsize(store->env, (size_t)8 << 30));
  must(mdb_env_open(store->env, folder, 0, 0600));
  MDB_txn *txn;
  must(mdb_txn_begin(store->env, NULL, 0, &txn));
  must(mdb_dbi_open(txn, NULL, 0, &store->table));
  must(mdb_txn_commit(txn));
  return store;
}

void raw_store_close(struct raw_store **store) {
  mdb_env_close((*store)->env);
  free(*store);
  *store = NULL;
}

static void put(struct raw_store *store, MDB_txn *txn, const struct event *event) {
  const struct adduce_span said = event->claim.parsed.event, content = event->claim.parsed.content;
  uint8_t key[8];
  bigendian_put64(key, store->next++);
  memcpy(store->record, said.data, said.size);
  memcpy(store->record + said.size, content.data, content.size);
  MDB_val name = {sizeof key, key}, value = {said.size + content.size, store->record};
  must(mdb_put(txn, store->table, &name, &value, MDB_APPEND));
}

double raw_store_put(struct raw_store *store, const struct event *events, size_t count,
                     size_t batch) {
  double begin = table_seconds();
  for (size_t done = 0; done < count;) {
    MDB_txn *txn;
    must(mdb_txn_begin(store->env, NULL, 0, &txn));
    for (size_t i = 0; i < batch && done < count; i++) put(store, txn, &events[done++]);
    must(mdb_txn_commit(txn));
  }
  return (double)count / (table_seconds() - begin);
}

struct messages {
  const struct event *events;
  struct adduce_span *messages;
};

static enum adduce_err verify_some(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end) {
  const struct messages *all = context;
  (void)scope;
  for (size_t i = begin; i < end; i++) {
    const struct parsed *parsed = &all->events[i].claim.parsed;
    if (crypto_sign_verify_detached(parsed->signature64, all->messages[i].data,
                                    all->messages[i].size, parsed->author32) != 0)
      return ADDUCE_E_SIGNATURE;
  }
  return ADDUCE_OK;
}

double raw_verify(struct adduce_scope *scope, const struct event *events, size_t count,
                  unsigned threads) {
  struct scope_mark mark = scope_mark(scope);
  struct messages all = {events, scope_array(scope, count, sizeof *all.messages)};
  if (all.messages == NULL) exit(1);
  for (size_t i = 0; i < count; i++)
    table_must(scope, event_message(scope, &all.messages[i], &events[i].claim.parsed), "messages");
  double begin = table_seconds();
  table_must(scope, workers_run(scope, count, 256, threads, verify_some, &all), "libsodium");
  double rate = (double)count / (table_seconds() - begin);
  scope_rewind(scope, mark);
  return rate;
}

double raw_sign(struct adduce_scope *scope, const struct event *events, size_t count) {
  struct scope_mark mark = scope_mark(scope);
  unsigned char key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES],
      signature[crypto_sign_BYTES];
  struct adduce_span message;
  if (crypto_sign_keypair(key, secret) != 0) exit(1);
  table_must(scope, event_message(scope, &message, &events[0].claim.parsed), "messages");
  double begin = table_seconds();
  for (size_t i = 0; i < count; i++)
    (void)crypto_sign_detached(signature, NULL, message.data, message.size, secret);
  double rate = (double)count / (table_seconds() - begin);
  scope_rewind(scope, mark);
  return rate;
}
