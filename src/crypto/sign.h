/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 under one strict profile, so that every implementation that runs the same checks
 * agrees: canonical A and R, S < L, neither A nor R of small order, A in the prime-order
 * subgroup, cofactorless equation. Acceptable public keys are remembered by thread.
 *
 * Every message is domain-separated by its caller: it begins with a prefix that names its
 * type ("adduce/event/v1\n"). */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "base/scope.h"

/* Starts libsodium and checks it against known answers (sign and verify; a small-order key, a
 * mixed-order key and S + L are refused). Call once before anything else in this room; later
 * calls are free. Errors: ADDUCE_E_IO when the library or its randomness does not work. */
MUST_USE enum adduce_err sign_start(struct adduce_scope *scope);

/* True iff `key` is canonical, not of small order and in the prime-order subgroup. */
MUST_USE bool sign_key_acceptable(const struct adduce_key *key);

/* True iff the signature is one of `key` over `message`; `key` has been found acceptable. */
MUST_USE bool sign_verify_accepted(const struct adduce_key *key, struct adduce_span message,
                                   const struct adduce_signature *signature);

/* Both checks. */
MUST_USE bool sign_verify(const struct adduce_key *key, struct adduce_span message,
                          const struct adduce_signature *signature);

/* `size` bytes from the system's generator. */
void sign_random(void *out, size_t size);

#endif
