/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: making, opening, writing, checking and keeping one.
 *
 * A ledger is a folder. A handle may be used by several threads, each with its own scope; a
 * process opens a ledger once. Several processes may write; any number may read. */
#ifndef ADDUCE_LEDGER_H
#define ADDUCE_LEDGER_H

#include "adduce/signer.h"
#include "adduce/value.h"

#ifdef __cplusplus
extern "C" {
#endif

struct adduce_ledger;

struct adduce_options {
  /* Where head locks are kept, outside every ledger folder. Required, but for reading only. */
  const char *headlock_folder;
  /* Signs checkpoints; needed for appending. The ledger borrows it. */
  const struct adduce_signer *log_signer;
  bool read_only;
  /* For what may be damaged: every page of both stores is walked before anything is read, which
   * takes as long as reading the files. Without it, a page that leads nowhere may end the process
   * (SIGBUS, SIGSEGV) when it is met. Damaged projections are made anew, where we may write. */
  bool pages_first;
};
#define ADDUCE_OPTIONS_DEFAULT \
  { 0 }

/* Makes a new ledger in `folder`, which must not exist, with `ledger.created` as entry 0, signed
 * by `founder`, and opens it. `origin` is its name, a schema-less URL without a slash at its
 * end; options->log_signer must be another key than the founder's. `genesis` (may be NULL) is a
 * map of further fields: name, description, continues.
 * Errors: ADDUCE_E_EXISTS, ADDUCE_E_NOTE (origin), ADDUCE_E_KEY (one key for both),
 * ADDUCE_E_FILESYSTEM, ADDUCE_E_DISK_FULL, ADDUCE_E_PERMISSION, ADDUCE_E_IO; nothing is left. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ledger_create(
    struct adduce_scope *scope, struct adduce_ledger **ledger, const char *folder,
    const char *origin, const struct adduce_signer *founder, const struct adduce_value *genesis,
    const struct adduce_options *options);

/* Errors: ADDUCE_E_NOT_A_LEDGER, ADDUCE_E_NEWER, ADDUCE_E_CORRUPT, ADDUCE_E_ROLLBACK (older than
 * its head lock), ADDUCE_E_FORK, ADDUCE_E_PERMISSION, ADDUCE_E_IO. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_ledger_open(struct adduce_scope *scope,
                                                              struct adduce_ledger **ledger,
                                                              const char *folder,
                                                              const struct adduce_options *options);

/* `*ledger` becomes NULL. NULL is fine. */
ADDUCE_API void adduce_ledger_close(struct adduce_ledger **ledger);

/* --- writing --------------------------------------------------------------------------------
 * A writer collects claims, signed one by one, and appends them in one transaction: all of
 * them or none. It may be used again after a commit or an abort; labels stay known.
 *
 * A claim comes as a map:
 *   kind        text, required
 *   content     map of fields; vocabulary in adduce_kinds
 *   refs        list of [role, event]: what this claim is about or acts on
 *   handling    "clear" (default) | "green" | "amber" | "amber+strict" | "red"
 *   claimed_at  ISO 8601 instant; default: now
 *   label       a name for this claim, for "@label" in later claims of this writer
 * An event is named by {"$id": hex}, or by text: "@label", "#INDEX", or at least four hex
 * digits of its id that fit no other. Refs that follow from the content (cites for citations,
 * ledger for control kinds, kind for declared kinds) are added. Bare subject names become
 * ORIGIN/name. */
struct adduce_writer;

struct adduce_write_options {
  bool dry_run;      /* judge everything, write nothing */
  bool accept_clock; /* take entries although the clock is more than a day ahead of the last */
  const struct adduce_signer
      *incoming_log_signer; /* the next log key, when a ledger.rekeyed is written */
};

ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_writer_open(
    struct adduce_scope *scope, struct adduce_writer **writer, struct adduce_ledger *ledger,
    const struct adduce_write_options *options);
ADDUCE_API void adduce_writer_close(struct adduce_writer **writer);

/* Validates, completes and signs a claim and adds it to the batch; its id is final.
 * Errors: ADDUCE_E_KIND, ADDUCE_E_FIELD, ADDUCE_E_TYPE, ADDUCE_E_MISSING, ADDUCE_E_VALUE,
 * ADDUCE_E_TEXT, ADDUCE_E_TOO_LARGE, ADDUCE_E_REFERENCE, ADDUCE_E_NOT_FOUND,
 * ADDUCE_E_AMBIGUOUS, ADDUCE_E_AGENT; the batch is as before, and others may be added to find
 * more errors, but a commit is refused until it is aborted. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_writer_add(struct adduce_scope *scope,
                                                             struct adduce_writer *writer,
                                                             struct adduce_id *id,
                                                             const struct adduce_value *claim,
                                                             const struct adduce_signer *author);

/* Adds an event that somebody else has signed, as bytes, with its content (form 1 or 2; empty:
 * not held). The bytes are copied. Everything is verified: form, commitment, signature.
 * Signatures of a whole batch are verified at commit, on all processors, or by
 * adduce_writer_verify before it.
 * Errors: ADDUCE_E_NOT_CANONICAL, ADDUCE_E_FORM, ADDUCE_E_VERSION, ADDUCE_E_TOO_LARGE, and those
 * of validation. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_writer_add_signed(struct adduce_scope *scope,
                                                                    struct adduce_writer *writer,
                                                                    struct adduce_span event,
                                                                    struct adduce_span content);

/* Verifies now what commit would verify first: signatures and commitments of what was added with
 * adduce_writer_add_signed, on `threads` threads (0: one a processor). Commit does not do it again.
 * So while one thread commits its writer's batch, and waits for the disk, another verifies the next
 * batch of a writer of its own. The batch is as before, also after an error.
 * Errors, with "claim N: " (from 1) in the detail: ADDUCE_E_SIGNATURE, ADDUCE_E_KEY,
 * ADDUCE_E_COMMITMENT, ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_writer_verify(struct adduce_scope *scope,
                                                                struct adduce_writer *writer,
                                                                unsigned threads);

/* How many claims the batch holds. */
ADDUCE_API size_t adduce_writer_count(const struct adduce_writer *writer);

/* Drops the batch; labels of dropped claims are forgotten. */
ADDUCE_API void adduce_writer_abort(struct adduce_writer *writer);

struct adduce_appended {
  uint64_t index;
  struct adduce_id id;
  bool duplicate; /* was in the log already, at `index`; nothing was written for it */
};

struct adduce_receipt {
  const struct adduce_appended *appended; /* one for each claim, in order */
  size_t count;
  uint64_t size; /* of the checkpoint */
  struct adduce_hash root;
  int64_t recorded_at_us;
  const char *checkpoint; /* the signed note; "" after a dry run */
};

/* Appends the batch durably: entries, contents, tree, checkpoint and head lock, or nothing. The
 * batch is empty afterwards if it succeeded.
 * Errors, with "claim N: " (from 1) in the detail: ADDUCE_E_REFUSED (an added claim had an
 * error), ADDUCE_E_UNAUTHORIZED, ADDUCE_E_REVOKED, ADDUCE_E_QUARANTINED, ADDUCE_E_SIGNATURE,
 * ADDUCE_E_KEY, ADDUCE_E_COMMITMENT, ADDUCE_E_REFERENCE, ADDUCE_E_OTHER_LEDGER, ADDUCE_E_CLOCK,
 * ADDUCE_E_NO_LOCK, ADDUCE_E_READ_ONLY, ADDUCE_E_DISK_FULL, ADDUCE_E_OUTCOME_UNKNOWN (commit again:
 * what is there already counts as a duplicate). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_writer_commit(struct adduce_scope *scope,
                                                                struct adduce_writer *writer,
                                                                struct adduce_receipt *receipt);

/* --- quarantine -----------------------------------------------------------------------------
 * What waits outside the log (adduce_ask_quarantine), by its numbers. */

/* Enters these events into the log and takes them out of the quarantine: those that came with a
 * bundle behind a bundle.imported that `author` signs, one for each bundle; the others as they
 * were offered, if their authors are authorized by now. `report`: {admitted: n, present: n (were
 * in the log already), imports: [{index, id, origin, entered}]}. Errors: ADDUCE_E_NOT_FOUND
 * (nothing waits there, or it was refused), those of adduce_writer_commit; what was entered before
 * the error stays, and is no longer in quarantine. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_quarantine_admit(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    const uint64_t *numbers, size_t count, const struct adduce_signer *author);

/* Removes these events for good, and captured documents that they alone name; the reason stays with
 * their ids, and they are not taken again from a bundle. Their bytes leave the file with the next
 * compaction. Errors: ADDUCE_E_NOT_FOUND, ADDUCE_E_READ_ONLY, those of the store; what was to be
 * refused waits then, maybe without its document. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_quarantine_refuse(struct adduce_scope *scope,
                                                                    struct adduce_ledger *ledger,
                                                                    const uint64_t *numbers,
                                                                    size_t count,
                                                                    const char *reason);

/* Keeps the bytes of a captured document by their digest (`captures/ab/ab12...` in the ledger
 * folder); the same bytes again are fine. From `path`, or from memory when `path` is NULL.
 * Errors: ADDUCE_E_NO_FILE, ADDUCE_E_TOO_LARGE (over 1 GiB), ADDUCE_E_DISK_FULL, ADDUCE_E_IO,
 * ADDUCE_E_READ_ONLY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_capture_keep(
    struct adduce_scope *scope, struct adduce_ledger *ledger, struct adduce_hash *digest,
    uint64_t *size_bytes, const char *path, struct adduce_span bytes);

/* The digest and size a file would be kept by; it is not kept. Errors: ADDUCE_E_NO_FILE,
 * ADDUCE_E_TOO_LARGE (over 1 GiB), ADDUCE_E_PERMISSION, ADDUCE_E_IO. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_capture_digest(struct adduce_scope *scope,
                                                                 struct adduce_hash *digest,
                                                                 uint64_t *size_bytes,
                                                                 const char *path);

/* The path of a kept capture; NULL if it is not held. Its bytes are not checked here. */
ADDUCE_API const char *adduce_capture_path(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                           const struct adduce_hash *digest);

/* --- checking and keeping -------------------------------------------------------------------*/

struct adduce_verify_options {
  bool no_signatures; /* everything but signatures */
  bool entries_only;  /* entries and tree, nothing else */
  unsigned threads;   /* 0: one a processor */
};

/* Checks everything: encoding, signatures, commitments, tree, checkpoint, keys at their
 * position, id index, captures against their digests, projections against a fresh replay, and the
 * digests of the state that stand on the log (`state.digested`) against that replay.
 * `report` is a map {entries, contents, withheld, signatures, controls, checkpoints,
 * quarantined, foreign?, skeletons?, skeletons_missing? (of imports), captures, checkpoint: {...},
 * STATE (adduce/digest.h), digested: {same, different, retracted, not_comparable, lines: [{index,
 * id, author, size?, projection?, verdict, because?, theirs?, ours?}: all that are not the same]},
 * proven: [sentence], not_proven: [sentence]}; on an error it is what was reached. What is not
 * comparable is no error; what is different is, until its author retracts it. Errors:
 * ADDUCE_E_FAILED and those of reading an event, with the first bad place in the detail. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_verify(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    const struct adduce_verify_options *options);

/* Builds all projections anew, from nothing. `report`: {entries, STATE (adduce/digest.h)}.
 * Interrupted, it goes on from where it was at the next use. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_rebuild(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **report);

/* Brings the projections up to the log. Every question does so by itself. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_catch_up(struct adduce_scope *scope,
                                                           struct adduce_ledger *ledger);

/* {origin, genesis, vkey, size, root, recorded_at, writable, why_not, file_bytes, free_bytes,
 * readers, oldest_reader, captures, quarantined, projections: [{name, version, rows, index}],
 * head_lock: {path, size}} */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_stat(struct adduce_scope *scope,
                                                       struct adduce_ledger *ledger,
                                                       const struct adduce_value **stat);

/* The latest checkpoint, as a C2SP signed note; it is kept from then on. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_checkpoint(struct adduce_scope *scope,
                                                             struct adduce_ledger *ledger,
                                                             const char **note);

/* Copies the ledger as of now, with captures, into a new folder, while others use it. The copy
 * opens for reading; it can be written only where its head lock is. Errors: ADDUCE_E_EXISTS,
 * ADDUCE_E_DISK_FULL, ADDUCE_E_IO; nothing is left. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_backup(struct adduce_scope *scope,
                                                         struct adduce_ledger *ledger,
                                                         const char *folder);

/* Rewrites the files without free pages. `report`: {before_bytes, after_bytes}. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_compact(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **report);

#ifdef __cplusplus
}
#endif
#endif
