/* SPDX-License-Identifier: Apache-2.0 */
/* Signers: who can sign with a key. A signer is a secret seed held in locked memory, or an
 * ssh-agent that holds it. Every signature is verified before it leaves. A signer lives until
 * signer_close, whatever becomes of the scope, and several threads may sign with it. */
#ifndef CRYPTO_SIGNER_H
#define CRYPTO_SIGNER_H

#include "base/scope.h"

struct signer;

/* A new key from the system's generator.
 * Errors: ADDUCE_E_MEMORY (no locked memory either). `*signer` is NULL on error. */
MUST_USE enum adduce_err signer_generate(struct adduce_scope *scope, struct signer **signer);

/* From a 32-byte seed, which the caller wipes. Errors: as above. */
MUST_USE enum adduce_err signer_from_seed(struct adduce_scope *scope, struct signer **signer,
                                          const uint8_t *seed32);

/* The ssh-agent behind the socket at `socket_path` (NULL: $SSH_AUTH_SOCK), for one of the
 * ssh-ed25519 keys it holds. Errors: ADDUCE_E_AGENT (no socket, no such key, not understood),
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err signer_from_agent(struct adduce_scope *scope, struct signer **signer,
                                           const char *socket_path, const struct adduce_key *key);

/* The ssh-ed25519 keys the agent holds, with their comments (made printable). Errors: as
 * above. */
struct signer_agent_key {
  struct adduce_key key;
  const char *comment;
};
MUST_USE enum adduce_err signer_list_agent(struct adduce_scope *scope,
                                           const struct signer_agent_key **keys, size_t *count,
                                           const char *socket_path);

const struct adduce_key *signer_key(const struct signer *signer);

/* Signs and verifies what was signed. Errors: ADDUCE_E_AGENT (refused, gone, or a signature
 * that does not verify; an agent has two minutes and takes at most 128 KiB),
 * ADDUCE_E_SIGNATURE (our own does not verify: nothing leaves), ADDUCE_E_MEMORY;
 * `*signature` is zero then. */
MUST_USE enum adduce_err signer_sign(struct adduce_scope *scope, struct adduce_signature *signature,
                                     const struct signer *signer, struct adduce_span message);

/* X25519 of the signer's secret, carried over from Ed25519, and a point of somebody: what only
 * these two know. It is never used but hashed. The caller wipes it. Errors: ADDUCE_E_AGENT (an
 * agent signs and does nothing else), ADDUCE_E_KEY (a point of small order), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err signer_agree(struct adduce_scope *scope, uint8_t *shared32,
                                      const struct signer *signer, const uint8_t *point32);

/* Wipes and frees; `*signer` becomes NULL. NULL is fine. */
void signer_close(struct signer **signer);

/* Copies the seed out, for writing a key file. Wipe it after. Errors: ADDUCE_E_USAGE (an agent's
 * key), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err signer_seed(struct adduce_scope *scope, const struct signer *signer,
                                     uint8_t *seed32);

#endif
