/* SPDX-License-Identifier: Apache-2.0 */
/* The ssh-agent's protocol, as much of it as signing takes (draft-miller-ssh-agent): which
 * ssh-ed25519 keys it holds, and a raw Ed25519 signature by one of them. An agent signs
 * whatever it is given, which is why every message of ours begins with its type. What an
 * agent sends is untrusted: bounded, parsed whole, and a signature verified by the signer. */
#ifndef CRYPTO_AGENT_H
#define CRYPTO_AGENT_H

#include "crypto/signer.h"

#define AGENT_PATH_BYTES 108 /* what a Unix socket's address holds, with the NUL */

/* The ssh-ed25519 keys it holds that sign_key_acceptable accepts; comments have whatever is
 * not printable replaced by '?'. Errors: ADDUCE_E_AGENT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err agent_list(struct adduce_scope *scope,
                                    const struct signer_agent_key **keys, size_t *count,
                                    const char *socket_path);

/* Has the agent sign; the signature is not verified. Waits up to two minutes, since a person
 * may have to touch a token. Errors: ADDUCE_E_AGENT (gone, refused, not understood, the
 * message is over 128 KiB), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err agent_sign(struct adduce_scope *scope, struct adduce_signature *signature,
                                    const char *socket_path, const struct adduce_key *key,
                                    struct adduce_span message);

/* What the two above do with an agent's answer; for the fuzzer. Errors: as above. */
MUST_USE enum adduce_err agent_parse_identities(struct adduce_scope *scope,
                                                const struct signer_agent_key **keys, size_t *count,
                                                struct adduce_span reply);
MUST_USE enum adduce_err agent_parse_signature(struct adduce_scope *scope,
                                               struct adduce_signature *signature,
                                               struct adduce_span reply);

#endif
