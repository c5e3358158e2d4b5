/* SPDX-License-Identifier: Apache-2.0 */
/* A log for tests: a folder of its own, keys that are the same on every run, a log made and open,
 * and events in few words.
 *
 * Calls end the test that makes them when anything fails, but for those that give an error. */
#ifndef TESTS_SUPPORT_LEDGER_H
#define TESTS_SUPPORT_LEDGER_H

#include "log/log.h"

#define LEDGER_TEST_ORIGIN "monitor.example"
#define LEDGER_TEST_START_US INT64_C(1765620000000000)
#define LEDGER_TEST_KEYS 8

/* Keys: 0 founded the ledger, LOG signs its checkpoints, the others are nobody yet. */
enum { LEDGER_TEST_LOG = LEDGER_TEST_KEYS - 1, LEDGER_TEST_NEXT_LOG = LEDGER_TEST_KEYS - 2 };

struct ledger_test {
  struct adduce_scope *scope; /* of the test; ledger_test_close ends it */
  char folder[96];            /* everything is in here */
  const char *log_folder;
  const char *heads; /* the folder of head locks */
  const char *head;  /* this ledger's */
  struct signer *signers[LEDGER_TEST_KEYS];
  struct vocabulary *vocabulary; /* built-in kinds */
  struct log *log;
  struct event genesis;
  int64_t now_us; /* the clock; goes on by a second with each append */
  uint64_t made;  /* claims, so that no two are alike */
};

/* A new ledger, open for writing. */
void ledger_test_open(struct ledger_test *test);
void ledger_test_close(struct ledger_test *test);

/* Closes the log and opens it again. */
enum adduce_err ledger_test_reopen(struct ledger_test *test);
enum adduce_err ledger_test_reopen_for_reading(struct ledger_test *test);

/* A path in the folder; all files of a folder copied to another. */
const char *ledger_test_path(struct ledger_test *test, const char *name);
void ledger_test_copy_folder(struct ledger_test *test, const char *from, const char *to);

const struct adduce_key *ledger_test_key(const struct ledger_test *test, int who);
const char *ledger_test_hex(const struct ledger_test *test, int who); /* of a key */

/* An event of `kind` by a key, its content from JSON. Refs are pairs of role and id, ended by
 * NULL; those of a control kind name the ledger by themselves. */
struct event ledger_test_event(struct ledger_test *test, int who, const char *kind,
                               const char *json, ...);

/* A claim unlike any other. */
struct event ledger_test_claim(struct ledger_test *test, int who);

/* key.authorized by the founder: rights as JSON strings, separated by commas. */
struct event ledger_test_authorizing(struct ledger_test *test, int who, const char *rights);

/* Appends, with a receipt that is dropped; the second form with it and the places. */
enum adduce_err ledger_test_append(struct ledger_test *test, const struct event *events,
                                   size_t count);
enum adduce_err ledger_test_append_to(struct ledger_test *test, struct log_appended *appended,
                                      struct log_receipt *receipt, const struct event *events,
                                      size_t count, const struct log_append_options *options);

/* Appends what must be taken, and is its index. */
uint64_t ledger_test_enter(struct ledger_test *test, struct event event);

uint64_t ledger_test_size(struct ledger_test *test);

/* log_check with everything, its error. */
enum adduce_err ledger_test_check(struct ledger_test *test);

/* The detail of the last error must say this. */
void ledger_test_said(const struct ledger_test *test, const char *words);

#endif
