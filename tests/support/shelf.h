/* SPDX-License-Identifier: Apache-2.0 */
/* A shelf of events: what the rooms of projections and questions need of a log, kept in memory, so
 * that they are tested without one. Events are signed here, read back as a log reads them, folded
 * into a projection store in a temporary folder, and asked.
 *
 * Calls end the test that makes them when anything fails. */
#ifndef TESTS_SUPPORT_SHELF_H
#define TESTS_SUPPORT_SHELF_H

#include "projection/fold.h"
#include "query/query.h"

#define SHELF_ORIGIN "monitor.example"
#define SHELF_AUTHORS 16
#define SHELF_START_US INT64_C(1765584000000000) /* 2025-12-13T00:00Z */

struct shelf_entry {
  int64_t recorded_at_us;
  struct adduce_span event, content;
  struct adduce_id id;
};

struct shelf {
  struct adduce_scope *scope;
  struct scope_mark empty; /* what an empty shelf holds of the scope */
  struct vocabulary *vocabulary;
  struct signer *signers[SHELF_AUTHORS];
  struct world_author authors[SHELF_AUTHORS]; /* without their keys' order of authorization */
  size_t author_count;
  struct shelf_entry *entries;
  size_t count, capacity;
  struct adduce_id genesis;
  struct store *store;
  unsigned step;    /* of the feed: small ones make many small runs of rows */
  unsigned threads; /* that project; 0: one a processor */
  char folder[64];
  struct store_txn *rows; /* of the world that is open */
};

/* An empty shelf with authors 0 to `authors` - 1, the even ones of "Monitor", the odd ones each of
 * its own organization, and a projection store. */
void shelf_open(struct shelf *shelf, size_t authors);
void shelf_close(struct shelf *shelf);

/* Takes everything off the shelf, and ends what the test made in its scope. The rows go when the
 * next events are folded. */
void shelf_empty(struct shelf *shelf);

/* Puts a ledger.created by author 0 on an empty shelf. */
void shelf_found(struct shelf *shelf);

/* Signs a claim of author `author` with content in JSON and puts it on the shelf, an hour after the
 * one before. `refs` are pairs "role", index, ending in NULL. Its index. */
uint64_t shelf_add(struct shelf *shelf, size_t author, const char *kind, const char *json, ...);

/* The same with the value of a content. */
uint64_t shelf_say(struct shelf *shelf, size_t author, const char *kind,
                   const struct adduce_value *content, const struct parsed_ref *refs,
                   size_t ref_count);

/* Puts a signed event on the shelf. */
uint64_t shelf_put(struct shelf *shelf, const struct event *event);

/* Puts other content in the place of that of an entry, as withholding and erasing do. */
void shelf_withhold(struct shelf *shelf, uint64_t index, const char *field, int64_t element);

/* The event at an index, in the shelf's scope. */
struct event shelf_event(struct shelf *shelf, uint64_t index);

struct fold_feed shelf_feed(struct shelf *shelf);

/* Folds what is not folded yet. */
void shelf_fold(struct shelf *shelf);

/* What questions are asked of; shelf_unsee ends it. */
struct query_world shelf_see(struct shelf *shelf);
void shelf_unsee(struct shelf *shelf);

/* JSON of an answer, for a look. */
const char *shelf_json(struct shelf *shelf, const struct adduce_value *value);

#endif
