/* SPDX-License-Identifier: Apache-2.0 */
/* Equivocation: two checkpoints, signed by one log, that cannot both be true, in one file that
 * anyone can verify offline:
 *
 *     adduce/equivocation/v1
 *     log <vkey>               (whose signatures these are; a hint, to be known from elsewhere)
 *     first <base64 of a signed note>
 *     second <base64 of a signed note>
 *     root <base64 hash>       (only of two sizes, neither 0)
 *     <base64 hash>...         (likewise)
 *
 * Either both have one size and two roots; or one of them has size 0 and not the empty root; or
 * `root` is what the tree of `second` has for a root at the size of `first`, which the hashes, a
 * consistency proof, show, and it is not the root that `first` states. A root, a size and a
 * smaller size leave one such root only, so no log can explain that away.
 *
 * Invariants of a file: first.size <= second.size; of one size, first.root < second.root. */
#ifndef EXCHANGE_EQUIVOCATION_H
#define EXCHANGE_EQUIVOCATION_H

#include "tree/checkpoint.h"

#define EQUIVOCATION_BYTES_MAX (4 * NOTE_BYTES_MAX)
#define EQUIVOCATION_FIRST_LINE "adduce/equivocation/v1"

struct equivocation {
  struct adduce_span vkey;
  struct adduce_span first, second; /* signed notes */
  bool has_root;
  struct adduce_hash root; /* of the second's tree, at the size of the first */
  struct merkle_proof path;
};

/* Puts the two in order. `root` and `path`, what the larger tree has at the smaller size, are
 * needed (not NULL) for two sizes that are not 0. Errors: ADDUCE_E_USAGE (they are missing, or the
 * notes do not contradict each other), ADDUCE_E_NOTE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err equivocation_make(struct adduce_scope *scope,
                                           struct equivocation *evidence, struct adduce_span vkey,
                                           struct adduce_span a, struct adduce_span b,
                                           const struct adduce_hash *root,
                                           const struct merkle_proof *path);

/* Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err equivocation_encode(struct adduce_scope *scope, struct adduce_span *file,
                                             const struct equivocation *evidence);

/* Both for two notes that one verifier's key has signed: the file. Errors: theirs. */
MUST_USE enum adduce_err equivocation_accuse(struct adduce_scope *scope, struct adduce_span *file,
                                             const struct note_verifier *verifier,
                                             struct adduce_span a, struct adduce_span b,
                                             const struct adduce_hash *root,
                                             const struct merkle_proof *path);

/* Reads the form; proves nothing; `*evidence` is zero on error. Errors: ADDUCE_E_PROOF (with the
 * line), ADDUCE_E_VERSION, ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err equivocation_parse(struct adduce_scope *scope,
                                            struct equivocation *evidence, struct adduce_span file);

/* That the two checkpoints, whose signatures the caller has verified, cannot both be true.
 * `*sentence` says why. Errors: ADDUCE_E_PROOF (that is not shown), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err equivocation_verify(struct adduce_scope *scope, const char **sentence,
                                             const struct equivocation *evidence,
                                             const struct checkpoint *first,
                                             const struct checkpoint *second);

#endif
