/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints with what outsiders added to them, in the ledger's folder:
 *
 *   checkpoints/SIZE.note      the log's signature, then the witnesses' (SIZE has 16 digits)
 *   checkpoints/SIZE-HEX.tsr   an RFC 3161 timestamp of the checkpoint's text
 *
 * They are not in the log, whose entries cannot depend on what is said about it later. */
#ifndef LEDGER_KEPT_H
#define LEDGER_KEPT_H

#include "ledger/ledger.h"

/* The note kept for a size. Errors: ADDUCE_E_NO_FILE (without a note of this size), ADDUCE_E_IO. */
MUST_USE enum adduce_err kept_read(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                   struct adduce_span *note, uint64_t size);

/* Keeps a note, in place of the one there was. Errors: those of file_write. */
MUST_USE enum adduce_err kept_write(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                    struct adduce_span note, uint64_t size);

/* The largest size of `at_least` or more for which a note is kept; `*found` false if none is. */
MUST_USE enum adduce_err kept_largest(struct adduce_scope *scope,
                                      const struct adduce_ledger *ledger, uint64_t *size,
                                      bool *found, uint64_t at_least);

/* The timestamps that are kept, in order of their sizes. Errors: those of reading a folder. */
struct kept_stamp {
  uint64_t size;
  const char *path;
};
MUST_USE enum adduce_err kept_stamps(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                     const struct kept_stamp **stamps, size_t *count);

MUST_USE enum adduce_err kept_write_stamp(struct adduce_scope *scope,
                                          const struct adduce_ledger *ledger,
                                          struct adduce_span stamp, uint64_t size);

#endif
