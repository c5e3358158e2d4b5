/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/signer.h"

#include <pthread.h>
#include <sodium.h>

#include "base/invariant.h"
#include "crypto/agent.h"
#include "crypto/sign.h"

/* libsodium's secret key (seed and public key) in pages of its own between guards, locked
 * where the system allows it, and inaccessible but while it is used.
 *
 * Invariants
 *   1. Outside open_vault .. shut_vault the pages of `secret` cannot be read.
 *   2. Between them the caller holds `mutex`: one thread shutting the pages must not take
 *      them from another that signs. */
struct vault {
  pthread_mutex_t mutex;
  uint8_t *secret; /* crypto_sign_SECRETKEYBYTES */
};

/* Lives in sodium memory, not in a scope: it ends with signer_close. */
struct signer {
  struct adduce_key key;
  struct vault *vault; /* NULL: the key is an agent's */
  char socket_path[AGENT_PATH_BYTES];
};

/* False when the system does not let the secret be read: it has bounds to how finely memory may be
 * divided. Then the vault is shut. */
static bool open_vault(struct vault *vault) {
  INVARIANT(pthread_mutex_lock(&vault->mutex) == 0);
  if (sodium_mprotect_readonly(vault->secret) == 0) return true;
  INVARIANT(pthread_mutex_unlock(&vault->mutex) == 0);
  return false;
}

/* False when the secret could not be closed off again; what was made with it is not to be used. */
static bool shut_vault(struct vault *vault) {
  bool shut = sodium_mprotect_noaccess(vault->secret) == 0;
  INVARIANT(pthread_mutex_unlock(&vault->mutex) == 0);
  return shut;
}

/* sodium_free wipes, whatever the protection is. */
static void free_vault(struct vault *vault) {
  if (vault == NULL) return;
  sodium_free(vault->secret);
  (void)pthread_mutex_destroy(&vault->mutex);
  sodium_free(vault);
}

static struct vault *make_vault(struct adduce_key *key, const uint8_t *seed32) {
  struct vault *vault = sodium_malloc(sizeof *vault);
  if (vault == NULL) return NULL;
  vault->secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
  if (vault->secret == NULL || pthread_mutex_init(&vault->mutex, NULL) != 0) {
    sodium_free(vault->secret);
    sodium_free(vault);
    return NULL;
  }
  INVARIANT(crypto_sign_seed_keypair(key->bytes, vault->secret, seed32) == 0);
  if (sodium_mprotect_noaccess(vault->secret) == 0) return vault;
  free_vault(vault);
  return NULL;
}

static enum adduce_err no_secret_memory(struct adduce_scope *scope) {
  return scope_fail(scope, ADDUCE_E_MEMORY, "no memory left for a secret key");
}

enum adduce_err signer_from_seed(struct adduce_scope *scope, struct signer **signer,
                                 const uint8_t *seed32) {
  *signer = NULL;
  TRY(sign_start(scope));
  struct signer *made = sodium_malloc(sizeof *made);
  if (made == NULL) return no_secret_memory(scope);
  made->socket_path[0] = '\0';
  made->vault = make_vault(&made->key, seed32);
  if (made->vault == NULL) {
    sodium_free(made);
    return no_secret_memory(scope);
  }
  *signer = made;
  return ADDUCE_OK;
}

enum adduce_err signer_generate(struct adduce_scope *scope, struct signer **signer) {
  *signer = NULL;
  TRY(sign_start(scope));
  uint8_t seed[crypto_sign_SEEDBYTES];
  sign_random(seed, sizeof seed);
  enum adduce_err err = signer_from_seed(scope, signer, seed);
  sodium_memzero(seed, sizeof seed);
  return err;
}

/* --- the agent's keys --------------------------------------------------------------------- */

static enum adduce_err find_agent(struct adduce_scope *scope, const char **socket_path) {
  if (*socket_path == NULL) *socket_path = getenv("SSH_AUTH_SOCK");
  if (*socket_path == NULL || **socket_path == '\0')
    return scope_fail(scope, ADDUCE_E_AGENT,
                      "no ssh-agent: SSH_AUTH_SOCK is not set; start one or name its socket");
  if (strlen(*socket_path) >= AGENT_PATH_BYTES)
    return scope_fail(scope, ADDUCE_E_AGENT, "%s: longer than a socket's path can be",
                      *socket_path);
  return ADDUCE_OK;
}

enum adduce_err signer_list_agent(struct adduce_scope *scope, const struct signer_agent_key **keys,
                                  size_t *count, const char *socket_path) {
  *keys = NULL;
  *count = 0;
  TRY(sign_start(scope));
  TRY(find_agent(scope, &socket_path));
  return agent_list(scope, keys, count, socket_path);
}

enum adduce_err signer_from_agent(struct adduce_scope *scope, struct signer **signer,
                                  const char *socket_path, const struct adduce_key *key) {
  *signer = NULL;
  TRY(sign_start(scope));
  TRY(find_agent(scope, &socket_path));
  const struct signer_agent_key *keys;
  size_t count;
  TRY(agent_list(scope, &keys, &count, socket_path));
  for (size_t i = 0; i < count; i++) {
    if (memcmp(keys[i].key.bytes, key->bytes, sizeof key->bytes) != 0) continue;
    struct signer *made = sodium_malloc(sizeof *made);
    if (made == NULL) return no_secret_memory(scope);
    made->key = *key;
    made->vault = NULL;
    memcpy(made->socket_path, socket_path, strlen(socket_path) + 1);
    *signer = made;
    return ADDUCE_OK;
  }
  return scope_fail(scope, ADDUCE_E_AGENT,
                    "the ssh-agent does not hold this key (it holds %zu of ssh-ed25519); "
                    "add it with ssh-add",
                    count);
}

/* --- use ---------------------------------------------------------------------------------- */

const struct adduce_key *signer_key(const struct signer *signer) {
  return &signer->key;
}

static enum adduce_err sign_with_agent(struct adduce_scope *scope,
                                       struct adduce_signature *signature,
                                       const struct signer *signer, struct adduce_span message) {
  struct scope_mark mark = scope_mark(scope);
  enum adduce_err err = agent_sign(scope, signature, signer->socket_path, &signer->key, message);
  scope_rewind(scope, mark);
  if (err == ADDUCE_OK && !sign_verify_accepted(&signer->key, message, signature))
    err = scope_fail(scope, ADDUCE_E_AGENT,
                     "the ssh-agent's signature does not verify; it was not used");
  return err;
}

static enum adduce_err sign_with_seed(struct adduce_scope *scope,
                                      struct adduce_signature *signature,
                                      const struct signer *signer, struct adduce_span message) {
  if (!open_vault(signer->vault)) return no_secret_memory(scope);
  int failed = crypto_sign_detached(signature->bytes, NULL, message.data, message.size,
                                    signer->vault->secret);
  if (!shut_vault(signer->vault)) return no_secret_memory(scope);
  if (failed != 0 || !sign_verify_accepted(&signer->key, message, signature))
    return scope_fail(scope, ADDUCE_E_SIGNATURE,
                      "our own signature does not verify (failing memory?); it was not used");
  return ADDUCE_OK;
}

enum adduce_err signer_sign(struct adduce_scope *scope, struct adduce_signature *signature,
                            const struct signer *signer, struct adduce_span message) {
  struct adduce_signature made;
  memset(signature, 0, sizeof *signature);
  if (signer->vault == NULL)
    TRY(sign_with_agent(scope, &made, signer, message));
  else
    TRY(sign_with_seed(scope, &made, signer, message));
  *signature = made;
  return ADDUCE_OK;
}

enum adduce_err signer_agree(struct adduce_scope *scope, uint8_t *shared32,
                             const struct signer *signer, const uint8_t *point32) {
  uint8_t scalar[crypto_scalarmult_SCALARBYTES];
  if (signer->vault == NULL)
    return scope_fail(scope, ADDUCE_E_AGENT,
                      "an ssh-agent signs and does not decrypt; use the key's file");
  if (!open_vault(signer->vault)) return no_secret_memory(scope);
  (void)crypto_sign_ed25519_sk_to_curve25519(scalar, signer->vault->secret); /* is always 0 */
  bool is_shut = shut_vault(signer->vault);
  int failed = crypto_scalarmult(shared32, scalar, point32);
  sodium_memzero(scalar, sizeof scalar);
  if (!is_shut) return no_secret_memory(scope);
  if (failed == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_KEY, "the other side's point is of small order");
}

enum adduce_err signer_seed(struct adduce_scope *scope, const struct signer *signer,
                            uint8_t *seed32) {
  if (signer->vault == NULL)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "the key stays in the ssh-agent and cannot be written to a file");
  if (!open_vault(signer->vault)) return no_secret_memory(scope);
  memcpy(seed32, signer->vault->secret, crypto_sign_SEEDBYTES);
  return shut_vault(signer->vault) ? ADDUCE_OK : no_secret_memory(scope);
}

void signer_close(struct signer **signer) {
  if (*signer == NULL) return;
  free_vault((*signer)->vault);
  sodium_free(*signer);
  *signer = NULL;
}
