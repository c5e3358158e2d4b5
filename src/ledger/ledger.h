/* SPDX-License-Identifier: Apache-2.0 */
/* The composition root: the one room that knows both the log and the projections. Here the
 * public calls of include/adduce.h are put together from the rooms below; nothing is decided
 * here that a room below could decide.
 *
 * A ledger is a folder:
 *   log/          the store of what cannot be rebuilt (src/log)
 *   projections/  the store of what can (src/projection)
 *   captures/     captured documents by digest: captures/ab/ab12... */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "adduce/ledger.h"
#include "log/log.h"

struct adduce_ledger {
  struct adduce_scope *scope; /* what lives as long as the handle, the handle too */
  const char *folder;
  const char *headlock_folder;     /* NULL when opened for reading only */
  const struct signer *log_signer; /* borrowed; NULL when there is none */
  struct log *log;
  struct inner *inner; /* hashes for proofs, ledger/inner.h */
  struct adduce_id genesis;
  struct store *projections; /* NULL when there are none and none may be made */
  bool read_only;
};

/* The public opaque type and the inside one are the same object. */
static inline const struct signer *ledger_signer(const struct adduce_signer *signer) {
  return (const struct signer *)signer;
}

/* `FOLDER/NAME`, in the scope. */
const char *ledger_path(struct adduce_scope *scope, const char *folder, const char *name);

/* Signs one claim and appends it. Errors: those of adduce_writer_add and adduce_writer_commit. */
MUST_USE enum adduce_err ledger_append_claim(struct adduce_scope *scope,
                                             struct adduce_ledger *ledger,
                                             struct adduce_receipt *receipt,
                                             const struct adduce_value *claim,
                                             const struct adduce_signer *author);

#endif
