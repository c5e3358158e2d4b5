/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of inclusion in one file, exactly C2SP tlog-proof:
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>
 *     index <decimal>
 *     <base64 hash>            (as many as the path is long, the leaf's sibling first)
 *
 *     <checkpoint, a signed note>
 *
 * Our `extra` is what rebuilds the leaf: canonical [entry bin, content bin, vkey str], content
 * empty when it does not travel, vkey the log's verifier key or empty. So the file alone shows
 * what was logged, by whom it was signed, and that it is in the log; what it cannot show is that
 * the log's key is the right one: whoever checks must know that from elsewhere. */
#ifndef EXCHANGE_TLOGPROOF_H
#define EXCHANGE_TLOGPROOF_H

#include "tree/checkpoint.h"
#include "tree/merkle.h"

#define TLOGPROOF_BYTES_MAX ((size_t)8 << 20)
#define TLOGPROOF_FIRST_LINE "c2sp.org/tlog-proof@v1"

struct tlogproof {
  struct adduce_span extra; /* any application's; empty when there is none */
  uint64_t index;
  struct merkle_proof path;
  struct adduce_span checkpoint; /* the signed note */
};

/* What our `extra` says. None of it is authenticated before the proof is verified. */
struct tlogproof_extra {
  struct adduce_span entry;
  struct adduce_span content; /* empty when it does not travel */
  struct adduce_span vkey;    /* empty when it is not said */
};

/* The file; an empty `extra` is left out. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err tlogproof_encode(struct adduce_scope *scope, struct adduce_span *file,
                                          const struct tlogproof *proof);

/* Reads the form; proves nothing. Spans borrow from `file` or the scope; `*proof` is zero on
 * error. Errors, with the line: ADDUCE_E_PROOF (form), ADDUCE_E_VERSION (another first line),
 * ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err tlogproof_parse(struct adduce_scope *scope, struct tlogproof *proof,
                                         struct adduce_span file);

/* Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err tlogproof_extra_encode(struct adduce_scope *scope,
                                                struct adduce_span *bytes,
                                                const struct tlogproof_extra *extra);

/* Errors: ADDUCE_E_NOT_CANONICAL, ADDUCE_E_TEXT, ADDUCE_E_FORM (not ours). */
MUST_USE enum adduce_err tlogproof_extra_parse(struct adduce_scope *scope,
                                               struct tlogproof_extra *extra,
                                               struct adduce_span bytes);

/* That `leaf` is at proof->index under this checkpoint, whose signatures the caller has verified.
 * Errors: ADDUCE_E_PROOF. */
MUST_USE enum adduce_err tlogproof_verify(struct adduce_scope *scope, const struct tlogproof *proof,
                                          const struct checkpoint *checkpoint,
                                          const struct adduce_hash *leaf);

#endif
