/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs that one checkpoint extends another, in one text. It is the body of C2SP tlog-witness
 * `add-checkpoint`, so that the file `prove --from` writes can be sent to any witness as it is:
 *
 *     old <decimal>
 *     <base64 hash>            (at most 63)
 *
 *     <checkpoint, a signed note> */
#ifndef EXCHANGE_CONSISTENCY_H
#define EXCHANGE_CONSISTENCY_H

#include "tree/checkpoint.h"

#define CONSISTENCY_PATH_MAX 63
#define CONSISTENCY_BYTES_MAX (NOTE_BYTES_MAX + 4096)

struct consistency {
  uint64_t old_size;
  struct merkle_proof path;
  struct adduce_span checkpoint; /* the newer one, a signed note */
};

/* Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err consistency_encode(struct adduce_scope *scope, struct adduce_span *text,
                                            const struct consistency *proof);

/* Reads the form; proves nothing. `checkpoint` borrows from `text`; `*proof` is zero on error.
 * Errors: ADDUCE_E_PROOF (with the line), ADDUCE_E_TOO_LARGE. */
MUST_USE enum adduce_err consistency_parse(struct adduce_scope *scope, struct consistency *proof,
                                           struct adduce_span text);

/* That the tree of `newer` begins with that of `older`. Errors: ADDUCE_E_PROOF (with what does not
 * fit), ADDUCE_E_EQUIVOCATION (one size, two roots). */
MUST_USE enum adduce_err consistency_verify(struct adduce_scope *scope,
                                            const struct consistency *proof,
                                            const struct checkpoint *older,
                                            const struct checkpoint *newer);

#endif
