/* SPDX-License-Identifier: Apache-2.0 */
/* A log for tests: a folder of its own, keys that are the same on every run, a log made and open,
 * and events in few words.
 *
 * Calls end the test that makes them when anything fails, but for those that give an error. */
#ifndef TESTS_SUPPORT_BED_H
#define TESTS_SUPPORT_BED_H

#include "log/log.h"

#define BED_ORIGIN "monitor.example"
#define BED_START_US INT64_C(1765620000000000)
#define BED_KEYS 8

/* Keys: 0 founded the ledger, LOG signs its checkpoints, the others are nobody yet. */
enum { BED_LOG = BED_KEYS - 1, BED_NEXT_LOG = BED_KEYS - 2 };

struct bed {
  struct adduce_scope *scope; /* of the test; bed_close ends it */
  char folder[96];            /* everything is in here */
  const char *log_folder;
  const char *heads; /* the folder of head locks */
  const char *head;  /* this ledger's */
  struct signer *signers[BED_KEYS];
  struct vocabulary *vocabulary; /* built-in kinds */
  struct log *log;
  struct event genesis;
  int64_t now_us; /* the clock; goes on by a second with each append */
  uint64_t made;  /* claims, so that no two are alike */
};

/* A new ledger, open for writing. */
void bed_open(struct bed *test);
void bed_close(struct bed *test);

/* Closes the log and opens it again. */
enum adduce_err bed_reopen(struct bed *test);
enum adduce_err bed_reopen_for_reading(struct bed *test);

/* A path in the folder; all files of a folder copied to another. */
const char *bed_path(struct bed *test, const char *name);
void bed_copy_folder(struct bed *test, const char *from, const char *to);

const struct adduce_key *bed_key(const struct bed *test, int who);
const char *bed_hex(const struct bed *test, int who); /* of a key */

/* An event of `kind` by a key, its content from JSON. Refs are pairs of role and id, ended by
 * NULL; those of a control kind name the ledger by themselves. */
struct event bed_event(struct bed *test, int who, const char *kind, const char *json, ...);

/* A claim unlike any other. */
struct event bed_claim(struct bed *test, int who);

/* key.authorized by the founder: rights as JSON strings, separated by commas. */
struct event bed_authorizing(struct bed *test, int who, const char *rights);

/* Appends, with a receipt that is dropped; the second form with it and the places. */
enum adduce_err bed_append(struct bed *test, const struct event *events, size_t count);
enum adduce_err bed_append_to(struct bed *test, struct log_appended *appended,
                              struct log_receipt *receipt, const struct event *events, size_t count,
                              const struct log_append_options *options);

/* Appends what must be taken, and is its index. */
uint64_t bed_enter(struct bed *test, struct event event);

uint64_t bed_size(struct bed *test);

/* log_check with everything, its error. */
enum adduce_err bed_check(struct bed *test);

/* The detail of the last error must say this. */
void bed_said(const struct bed *test, const char *words);

#endif
