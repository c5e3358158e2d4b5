/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: a log's signed statement of its size and root, exactly C2SP tlog-checkpoint:
 * a signed note whose text is origin, decimal size, base64 root, a line each. We write no
 * extension lines; on reading they are kept in the text and ignored. */
#ifndef TREE_CHECKPOINT_H
#define TREE_CHECKPOINT_H

#include "base/buffer.h"
#include "crypto/note.h"
#include "tree/merkle.h"

struct checkpoint {
  struct adduce_span origin; /* 1 to 255 bytes; also the log key's name */
  uint64_t size;
  struct adduce_hash root;
};

/* The text to be signed. Errors: ADDUCE_E_NOTE (origin, size over MERKLE_SIZE_MAX),
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err checkpoint_text(struct adduce_scope *scope, struct adduce_span *text,
                                         const struct checkpoint *checkpoint);

/* Text, empty line and one signature line for each signer (one; two at a rekeying): the whole
 * signed note. Errors: as checkpoint_text and signer_sign; ADDUCE_E_USAGE without a signer. */
MUST_USE enum adduce_err checkpoint_sign(struct adduce_scope *scope, struct adduce_span *note,
                                         const struct checkpoint *checkpoint,
                                         const struct signer *const *signers, size_t signer_count);

/* Parses a signed checkpoint without verifying it; whether a root fits a size of 0 is not its
 * business. Errors: ADDUCE_E_NOTE, ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. `origin` borrows from
 * `bytes`. */
MUST_USE enum adduce_err checkpoint_parse(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                          struct note *note, struct adduce_span bytes);

/* Parses and verifies: signed by `verifier`, whose name is the origin. Errors: as
 * checkpoint_parse; ADDUCE_E_SIGNATURE (also: of another origin). `*checkpoint` is zero
 * then. */
MUST_USE enum adduce_err checkpoint_open(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                         struct adduce_span bytes,
                                         const struct note_verifier *verifier);

/* True iff `origin` may be an origin: 1 to 255 bytes, a valid key name. */
MUST_USE bool checkpoint_origin_valid(struct adduce_span origin);

#endif
