/* SPDX-License-Identifier: Apache-2.0 */
/* The limits: what LMDB and libsodium do by themselves, on the same disk and the same bytes. */
#ifndef TESTS_BENCH_RAW_H
#define TESTS_BENCH_RAW_H

#include "event/event.h"

/* A plain LMDB file with default durability. */
struct raw_store;
struct raw_store *raw_store_open(const char *folder);
void raw_store_close(struct raw_store **store);

/* Puts event and content of each under the next keys, `batch` records a transaction. The rate. */
double raw_store_put(struct raw_store *store, const struct event *events, size_t count,
                     size_t batch);

/* libsodium alone on the signed messages of these events, on `threads` threads at once (0: one a
 * processor): signatures verified a second, together. */
double raw_verify(struct adduce_scope *scope, const struct event *events, size_t count,
                  unsigned threads);

/* Signatures made a second on one core, of messages like these. */
double raw_sign(struct adduce_scope *scope, const struct event *events, size_t count);

#endif
