/* SPDX-License-Identifier: Apache-2.0 */
/* What a question is asked of. The rooms of the questions know no log: what they need of it is
 * handed down here by ledger/, as values and functions.
 *
 * A world is a snapshot: the same entries and rows for as long as it is used. It belongs to one
 * thread. Spans that its functions give live until the world ends; what they put into a scope
 * lives there. A function that finds damage returns ADDUCE_E_CORRUPT and the question ends. */
#ifndef QUERY_WORLD_H
#define QUERY_WORLD_H

#include "event/event.h"
#include "store/store.h"

#define WORLD_NEVER UINT64_MAX

/* An entry with its event, read back with the vocabulary of the whole log (event_recall). Whether
 * a claim of a declared kind was understood at its own position is found out here, not there. */
struct world_entry {
  uint64_t index;
  int64_t recorded_at_us;
  struct adduce_span entry; /* the bytes whose hash is the leaf */
  struct event event;
};

/* What the control entries [0, size) establish about a key. */
struct world_author {
  struct adduce_key key;
  struct adduce_span organization; /* empty if none is known */
  unsigned rights;                 /* bit n: the right named right_names[n] */
  uint64_t authorized_index;
  uint64_t revoked_index;      /* WORLD_NEVER when it is not revoked */
  uint64_t suspect_from_index; /* effective_from of the revocation; WORLD_NEVER if none */
  const char *reason;          /* of the revocation; NULL if none */
};

/* With which import an entry of another ledger came. */
struct world_import {
  uint64_t index;            /* of the bundle.imported */
  struct adduce_id source;   /* the genesis of the other ledger */
  struct adduce_span origin; /* its name */
  uint64_t source_size;      /* of its log at the checkpoint of the bundle: the entry is before */
};

/* What waits outside the log, or was refused. */
struct world_quarantined {
  uint64_t number;
  struct adduce_span reason;
  struct adduce_span event, content; /* empty when it was refused */
  bool is_foreign;                   /* it came out of a bundle: */
  struct adduce_hash manifest;
  uint64_t source_index;
  bool is_refused;
  struct adduce_id id; /* is_refused */
};

struct query_world {
  void *context; /* first argument of every function below */
  uint64_t size; /* entries there are: at most those the rows cover (fold_status) */
  struct adduce_id genesis;
  struct adduce_span origin;
  const struct vocabulary *vocabulary;
  struct store_txn *rows; /* a read transaction of the projection store */
  const char *const *right_names;
  size_t right_count;

  /* Errors: ADDUCE_E_POSITION (index >= size), ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
  enum adduce_err (*entry)(void *context, struct adduce_scope *scope, struct world_entry *entry,
                           uint64_t index);

  /* The index of an event. It may be >= size: such an event is not there yet.
   * Errors: ADDUCE_E_NOT_FOUND. */
  enum adduce_err (*find)(void *context, struct adduce_scope *scope, uint64_t *index,
                          const struct adduce_id *id);

  /* The one event whose id begins with these hex digits.
   * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS, ADDUCE_E_USAGE (fewer than 4). */
  enum adduce_err (*find_prefix)(void *context, struct adduce_scope *scope, uint64_t *index,
                                 struct adduce_span digits);

  /* The last entry recorded at or before `time_us`. Errors: ADDUCE_E_POSITION. */
  enum adduce_err (*at_time)(void *context, struct adduce_scope *scope, uint64_t *index,
                             int64_t time_us);

  /* The root of the log's tree of the entries [0, size). Errors: ADDUCE_E_CORRUPT. */
  enum adduce_err (*root_at)(void *context, struct adduce_scope *scope, struct adduce_hash *root,
                             uint64_t size);

  /* What the entries [0, size) say of a key; author_count and author_at walk the keys they know,
   * in order of authorization. A foreign author's key may be unknown.
   * Errors: ADDUCE_E_NOT_FOUND (author only), ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
  enum adduce_err (*author)(void *context, struct adduce_scope *scope, struct world_author *author,
                            const struct adduce_key *key, uint64_t size);
  enum adduce_err (*author_count)(void *context, struct adduce_scope *scope, size_t *count,
                                  uint64_t size);
  enum adduce_err (*author_at)(void *context, struct adduce_scope *scope,
                               struct world_author *author, size_t position, uint64_t size);

  /* Errors: ADDUCE_E_NOT_FOUND (the entry is our own), ADDUCE_E_CORRUPT, ADDUCE_E_NOTE,
   * ADDUCE_E_MEMORY. */
  enum adduce_err (*import)(void *context, struct adduce_scope *scope, struct world_import *import,
                            uint64_t index);

  /* True iff the bytes with this digest are kept in the ledger's folder. */
  bool (*capture_held)(void *context, const struct adduce_hash *digest);

  /* Number `from` or the first after it. Errors: ADDUCE_E_NOT_FOUND. */
  enum adduce_err (*quarantined)(void *context, struct adduce_scope *scope,
                                 struct world_quarantined *item, uint64_t from);
};

#endif
