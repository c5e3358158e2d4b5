/* SPDX-License-Identifier: Apache-2.0 */
/* The log: the append-only sequence of entries, its tree, its checkpoints, its head lock.
 *
 * Tables (docs/STORAGE.md):
 *   entries      u64be index            -> [recorded_at, event]
 *   contents     u64be index            -> content, form 1 or 2
 *   ids, 2, 3    event id 32            -> u64be index (ids.h)
 *   tiles        u8 level | u64be tile  -> up to 256 hashes
 *   controls     u64be index            -> nothing: where the control entries are
 *   checkpoints  u64be size             -> signed note: those that left
 *   quarantine   u64be number           -> what waits outside the log (quarantine.h)
 *   meta         name                   -> "format", "latest" (signed note), "origin", "erasing"
 *
 * Invariants, whenever no write transaction is open (log_check walks them all)
 *   1. entries has the keys 0 .. size-1 and no other.
 *   2. ids, ids2 and ids3 have one record an entry: the id of its event, with its index.
 *   3. tiles has merkle_level_count(size, k) hashes at each level k, those of the entries.
 *   4. latest is a checkpoint of this size and root, signed by the log key in force.
 *   5. recorded_at never decreases.
 *   6. controls has the index of every control entry and no other.
 *   7. every content opens the content root of its event.
 *   8. every entry was admissible under the rules of the entries before it.
 *   9. nothing that a content.erased of this ledger took from its targets is in contents.
 * and for the head lock: 10. its root is the tree's root at its size, and its size <= size. */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include "log/headlock.h"
#include "log/plan.h"
#include "log/rules.h"
#include "store/store.h"
#include "tree/checkpoint.h"

struct log;

struct log_options {
  const char *headlock_folder;
  bool read_only;
  bool pages_first; /* STORE_PAGES_FIRST */
};

/* Makes a new log in `folder` (which must not exist) with `genesis`, a signed ledger.created,
 * as entry 0, its checkpoint and head lock. Errors: ADDUCE_E_EXISTS, ADDUCE_E_KEY (author and
 * log key are the same), ADDUCE_E_NOTE (origin), those of store_create; nothing is left. */
MUST_USE enum adduce_err log_create(struct adduce_scope *scope, const char *folder,
                                    const char *headlock_folder, const struct event *genesis,
                                    const struct signer *log_signer, int64_t now_us);

/* Opens; folds the control entries into the rules; judges against the head lock.
 * With a missing lock the log opens for reading only (log_writable says so). Errors:
 * ADDUCE_E_NOT_A_LEDGER, ADDUCE_E_NEWER, ADDUCE_E_CORRUPT, ADDUCE_E_ROLLBACK, ADDUCE_E_FORK
 * (both also name the sizes), ADDUCE_E_IO. */
MUST_USE enum adduce_err log_open(struct adduce_scope *scope, struct log **log, const char *folder,
                                  const struct log_options *options);
void log_close(struct log **log);

/* ADDUCE_OK, or why nothing can be appended: ADDUCE_E_READ_ONLY, ADDUCE_E_NO_LOCK. */
MUST_USE enum adduce_err log_writable(struct adduce_scope *scope, const struct log *log);

struct store *log_store(struct log *log);

/* --- appending -----------------------------------------------------------------------------*/

struct log_appended {
  uint64_t index;
  struct adduce_id id;
  bool duplicate; /* was there already, at `index` */
};

struct log_receipt {
  uint64_t size; /* of the checkpoint: at least that of this append */
  struct adduce_hash root;
  int64_t recorded_at_us;
  struct adduce_span checkpoint; /* the signed note, in the scope */
};

struct log_append_options {
  int64_t now_us;
  bool accept_clock;
  bool dry_run; /* admits, and writes nothing; indexes are those it would have had */
  const struct signer *incoming_signer; /* the new log key, when a ledger.rekeyed is appended */
  const struct adduce_hash *captures;   /* that go with the erasures among these events: erase.h */
  size_t capture_count;
};

/* Appends verified events, all or nothing, in this order: admission of each under the rules at
 * its position, references that exist (all but of kinds not understood), exact duplicates,
 * plan, one durable transaction, head lock. Thread-safe; batches that wait at the same time
 * share a transaction, and one that is refused takes nothing of the others with it.
 * A ledger.rekeyed ends its batch, and its from_size is the size after it: so the checkpoint of
 * that size is there, and both keys sign it. `appended` has room for `count`. Errors, with "event
 * N: " before the reason: those of rules_admit, plan_append, store_write; ADDUCE_E_REFERENCE;
 * ADDUCE_E_SIGNATURE (log_signer is not the log key in force); ADDUCE_E_NO_LOCK; ADDUCE_E_ROLLBACK
 * or ADDUCE_E_FORK (the commit is there, the lock did not follow: no checkpoint leaves). After
 * ADDUCE_E_OUTCOME_UNKNOWN (the commit failed midway, or the lock could not be written) appending
 * the same events again is safe, and advances the lock. With ADDUCE_E_QUARANTINED the batch was put
 * into quarantine, not into the log. */
MUST_USE enum adduce_err log_append(struct adduce_scope *scope, struct log *log,
                                    struct log_appended *appended, struct log_receipt *receipt,
                                    const struct event *events, size_t count,
                                    const struct signer *log_signer,
                                    const struct log_append_options *options);

/* --- reading -------------------------------------------------------------------------------
 * A view is a snapshot. It belongs to one thread; spans live until it is closed. */
struct log_rules;
struct log_view {
  struct log *log;
  struct store_txn *txn;
  uint64_t size;
  const struct rules *rules; /* of all `size` entries */
  struct log_rules *shared;  /* what keeps `rules` alive */
};

MUST_USE enum adduce_err log_view_open(struct adduce_scope *scope, struct log_view *view,
                                       struct log *log);
void log_view_close(struct log_view *view);

struct log_entry {
  uint64_t index;
  int64_t recorded_at_us;
  struct adduce_span entry; /* as hashed into the tree */
  struct adduce_span event;
  struct adduce_span content; /* empty when not held here */
};

/* Errors: ADDUCE_E_POSITION (index >= size), ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err log_view_entry(struct adduce_scope *scope, struct log_view *view,
                                        struct log_entry *entry, uint64_t index);

/* The entry with its event read back (event_recall). */
MUST_USE enum adduce_err log_view_event(struct adduce_scope *scope, struct log_view *view,
                                        struct log_entry *entry, struct event *event,
                                        uint64_t index);

/* Errors: ADDUCE_E_NOT_FOUND. */
MUST_USE enum adduce_err log_view_find(struct adduce_scope *scope, struct log_view *view,
                                       uint64_t *index, const struct adduce_id *id);

/* The one event whose id begins with these hex digits (at least 4).
 * Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_AMBIGUOUS (naming up to five), ADDUCE_E_USAGE. */
MUST_USE enum adduce_err log_view_find_prefix(struct adduce_scope *scope, struct log_view *view,
                                              uint64_t *index, struct adduce_span digits);

/* The last entry recorded at or before `time_us`. Errors: ADDUCE_E_POSITION (before the first). */
MUST_USE enum adduce_err log_view_at_time(struct adduce_scope *scope, struct log_view *view,
                                          uint64_t *index, int64_t time_us);

/* The first control entry with index >= `from`. Errors: ADDUCE_E_NOT_FOUND. */
MUST_USE enum adduce_err log_view_next_control(struct adduce_scope *scope, struct log_view *view,
                                               uint64_t *index, uint64_t from);

/* Hashes for proofs and roots. Lives as long as the view. */
struct merkle_reader log_view_tree(struct log_view *view);

/* The signed note of the latest checkpoint. Errors: ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err log_view_checkpoint(struct adduce_scope *scope, struct log_view *view,
                                             struct adduce_span *note);

/* Remembers that the latest checkpoint has left, durably. */
MUST_USE enum adduce_err log_keep_checkpoint(struct adduce_scope *scope, struct log *log);

/* What is in the quarantine (quarantine.h): number `from` or the first after it.
 * Errors: ADDUCE_E_NOT_FOUND. */
struct log_quarantined {
  uint64_t number;
  struct adduce_span reason;
  struct adduce_span event, content; /* empty when it was refused */
  bool is_foreign;
  struct adduce_hash manifest; /* is_foreign */
  uint64_t source_index;       /* is_foreign */
  bool is_refused;
  struct adduce_id id; /* is_refused */
};
MUST_USE enum adduce_err log_view_quarantined(struct adduce_scope *scope, struct log_view *view,
                                              struct log_quarantined *item, uint64_t from);

/* --- checking ------------------------------------------------------------------------------*/

struct log_check_options {
  bool no_signatures; /* encoding, commitments, entries, tree, everything but signatures */
  bool entries_only;  /* entries and tree, nothing else */
  bool pages_checked; /* store_check has passed: what the entries rest on is not walked again */
  unsigned threads;   /* 0: one a processor */
};

/* What was counted; a problem is an error with its place in the detail, and the first one in
 * log order ends the check. */
struct log_check_report {
  uint64_t entries, contents, withheld, erasures, signatures, controls, checkpoints, quarantined,
      foreign;
  struct adduce_hash root;
};

/* Walks invariants 1 to 10 from the entries alone. Errors: ADDUCE_E_FAILED and every error that
 * reading an event can have; ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err log_check(struct adduce_scope *scope, struct log *log,
                                   struct log_check_report *report,
                                   const struct log_check_options *options);

#endif
