/* SPDX-License-Identifier: Apache-2.0 */
/* Signers and key files: who can sign with a key.
 *
 * Authors, logs and witnesses each have keys of their own; a key serves one purpose. A signer
 * is a secret held in locked memory, or an ssh-agent that holds it. Whatever is signed is
 * verified before it leaves. Secrets are wiped when the signer is closed; core dumps should be
 * off in a program that holds one. */
#ifndef ADDUCE_SIGNER_H
#define ADDUCE_SIGNER_H

#include "adduce/scope.h"
#include "adduce/types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct adduce_signer;

enum adduce_purpose { ADDUCE_AUTHOR = 1, ADDUCE_LOG = 2, ADDUCE_WITNESS = 3 };

/* What a key file says of itself. */
struct adduce_key_info {
  struct adduce_key key;
  enum adduce_purpose purpose;
  bool needs_passphrase;
};

/* A new key, from the system's generator. Errors: ADDUCE_E_MEMORY, ADDUCE_E_IO. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_signer_generate(struct adduce_scope *scope,
                                                                  struct adduce_signer **signer);

/* Writes the signer's key to a new file, 0600, under a passphrase (Argon2id, then
 * XChaCha20-Poly1305) or, with `passphrase_size` 0, in the clear. `replace` puts it in the place of
 * an existing file, atomically. `hard` costs 1 GiB and seconds instead of 256 MiB.
 * Errors: ADDUCE_E_EXISTS, ADDUCE_E_USAGE (an agent's key), ADDUCE_E_MEMORY, ADDUCE_E_DISK_FULL,
 * ADDUCE_E_PERMISSION, ADDUCE_E_IO; no file is left, or the old one. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_signer_save(
    struct adduce_scope *scope, const struct adduce_signer *signer, const char *path,
    enum adduce_purpose purpose, const char *passphrase, size_t passphrase_size, bool hard,
    bool replace);

/* What the key file says, without its secret and without proof.
 * Errors: ADDUCE_E_NO_FILE, ADDUCE_E_KEY_FILE. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_key_inspect(struct adduce_scope *scope,
                                                              struct adduce_key_info *info,
                                                              const char *path);

/* Opens a key file for signing. Errors: as adduce_key_inspect; ADDUCE_E_PASSPHRASE (missing or
 * wrong), ADDUCE_E_MEMORY. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_signer_open(struct adduce_scope *scope,
                                                              struct adduce_signer **signer,
                                                              const char *path,
                                                              const char *passphrase,
                                                              size_t passphrase_size);

/* A key held by the ssh-agent at `socket_path` (NULL: $SSH_AUTH_SOCK). Errors: ADDUCE_E_AGENT. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_signer_open_agent(struct adduce_scope *scope,
                                                                    struct adduce_signer **signer,
                                                                    const char *socket_path,
                                                                    const struct adduce_key *key);

/* The Ed25519 keys the agent holds: a list of {key, comment}. Errors: ADDUCE_E_AGENT. */
struct adduce_value;
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_agent_list(struct adduce_scope *scope,
                                                             const struct adduce_value **keys,
                                                             const char *socket_path);

ADDUCE_API struct adduce_key adduce_signer_key(const struct adduce_signer *signer);

/* Wipes and frees; `*signer` becomes NULL. NULL is fine. */
ADDUCE_API void adduce_signer_close(struct adduce_signer **signer);

/* The C2SP vkey "name+id+base64" of a key under a name. Errors: ADDUCE_E_NOTE (the name). */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_key_vkey(struct adduce_scope *scope,
                                                           const char **vkey, const char *name,
                                                           const struct adduce_key *key);

#ifdef __cplusplus
}
#endif
#endif
