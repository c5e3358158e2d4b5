/* SPDX-License-Identifier: Apache-2.0 */
/* The head lock: the last signed checkpoint, kept outside the ledger folder, so that a ledger
 * put back from an older copy is noticed before it signs a second history.
 *
 * Order: the commit is durable, then the lock is advanced durably, then the checkpoint leaves.
 * The lock is `FOLDER/<genesis id hex>.head`: two checksummed slots (sys/slots.h) whose payload
 * is canonical [origin, size, root, SHA-256 of the signed note]; the log holds the note. */
#ifndef LOG_HEADLOCK_H
#define LOG_HEADLOCK_H

#include "crypto/hash.h"
#include "tree/merkle.h"

struct headlock_head {
  struct adduce_span origin;
  uint64_t size;
  struct adduce_hash root;
  struct adduce_hash note_digest;
};

/* `FOLDER/<genesis>.head`, in the scope. */
const char *headlock_path(struct adduce_scope *scope, const char *folder,
                          const struct adduce_id *genesis);

/* Makes the lock of a new ledger. Errors: ADDUCE_E_EXISTS (that ledger has one), as file_write. */
MUST_USE enum adduce_err headlock_create(struct adduce_scope *scope, const char *path,
                                         const struct headlock_head *head);

/* Errors: ADDUCE_E_NO_LOCK (no file), ADDUCE_E_CORRUPT, ADDUCE_E_IO. */
MUST_USE enum adduce_err headlock_read(struct adduce_scope *scope, struct headlock_head *head,
                                       const char *path);

/* A larger lock was found: somebody else's success if it extends ours, which is decided here by
 * looking into the store again. ADDUCE_OK: it does. Called with the lock held. */
typedef enum adduce_err headlock_grown_fn(void *context, struct adduce_scope *scope,
                                          const struct headlock_head *lock);

/* Advances the lock to `head`, under its file lock, when head.size is greater and head extends
 * the lock: the caller's tree (`reader`, of head.size leaves) has the lock's root at the
 * lock's size. That is not computed when the lock is `known` (may be NULL): a head that the
 * caller wrote or verified before, which its tree extends. A lock with our size and root is
 * fine as it is; a larger one goes to `grown` (NULL: is ADDUCE_E_ROLLBACK).
 * Errors: ADDUCE_E_FORK, ADDUCE_E_ROLLBACK, ADDUCE_E_NO_LOCK, ADDUCE_E_CORRUPT, those of the
 * reader, of `grown` and of slots_write; the lock stands as it was. */
MUST_USE enum adduce_err headlock_advance(struct adduce_scope *scope, const char *path,
                                          const struct headlock_head *head,
                                          const struct merkle_reader *reader,
                                          const struct headlock_head *known,
                                          headlock_grown_fn *grown, void *context);

/* Judges a ledger of `size` leaves at its start: equal or newer than the lock (and extending
 * it) is ADDUCE_OK. Errors: ADDUCE_E_ROLLBACK (older), ADDUCE_E_FORK (another root at the
 * lock's size). */
MUST_USE enum adduce_err headlock_judge(struct adduce_scope *scope,
                                        const struct headlock_head *lock,
                                        const struct merkle_reader *reader, uint64_t size);

#endif
