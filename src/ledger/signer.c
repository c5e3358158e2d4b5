/* SPDX-License-Identifier: Apache-2.0 */
#include "adduce/signer.h"

#include "codec/value.h"
#include "crypto/keyfile.h"
#include "crypto/note.h"
#include "crypto/sign.h"

static struct adduce_signer **outside(struct signer **signer) {
  return (struct adduce_signer **)(void *)signer;
}

enum adduce_err adduce_signer_generate(struct adduce_scope *scope, struct adduce_signer **signer) {
  struct signer *made = NULL;
  *signer = NULL;
  TRY(sign_start(scope));
  TRY(signer_generate(scope, &made));
  *signer = *outside(&made);
  return ADDUCE_OK;
}

enum adduce_err adduce_signer_save(struct adduce_scope *scope, const struct adduce_signer *signer,
                                   const char *path, enum adduce_purpose purpose,
                                   const char *passphrase, size_t passphrase_size, bool hard,
                                   bool replace) {
  enum adduce_err (*save)(struct adduce_scope *, const char *, const struct signer *,
                          enum keyfile_purpose, struct adduce_span, enum keyfile_cost) =
      replace ? keyfile_replace : keyfile_create;
  return save(scope, path, (const struct signer *)signer, (enum keyfile_purpose)purpose,
              span_of(passphrase, passphrase_size), hard ? KEYFILE_SENSITIVE : KEYFILE_MODERATE);
}

static struct adduce_key_info info_outside(const struct keyfile_info *info) {
  return (struct adduce_key_info){info->key, (enum adduce_purpose)info->purpose,
                                  info->needs_passphrase};
}

enum adduce_err adduce_key_inspect(struct adduce_scope *scope, struct adduce_key_info *info,
                                   const char *path) {
  struct keyfile_info inside;
  TRY(keyfile_inspect(scope, &inside, path));
  *info = info_outside(&inside);
  return ADDUCE_OK;
}

enum adduce_err adduce_signer_open(struct adduce_scope *scope, struct adduce_signer **signer,
                                   const char *path, const char *passphrase,
                                   size_t passphrase_size) {
  struct signer *opened = NULL;
  struct keyfile_info info;
  *signer = NULL;
  TRY(sign_start(scope));
  TRY(keyfile_open(scope, &opened, &info, path, span_of(passphrase, passphrase_size)));
  *signer = *outside(&opened);
  return ADDUCE_OK;
}

enum adduce_err adduce_signer_open_agent(struct adduce_scope *scope, struct adduce_signer **signer,
                                         const char *socket_path, const struct adduce_key *key) {
  struct signer *opened = NULL;
  *signer = NULL;
  TRY(sign_start(scope));
  TRY(signer_from_agent(scope, &opened, socket_path, key));
  *signer = *outside(&opened);
  return ADDUCE_OK;
}

enum adduce_err adduce_agent_list(struct adduce_scope *scope, const struct adduce_value **keys,
                                  const char *socket_path) {
  const struct signer_agent_key *held;
  size_t count;
  TRY(signer_list_agent(scope, &held, &count, socket_path));
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *key = value_map(scope);
    value_set_bytes32(scope, key, "key", held[i].key.bytes);
    value_set_text(scope, key, "comment", held[i].comment);
    value_add(scope, list, key);
  }
  *keys = list;
  return value_finish(scope);
}

struct adduce_key adduce_signer_key(const struct adduce_signer *signer) {
  return *signer_key((const struct signer *)signer);
}

void adduce_signer_close(struct adduce_signer **signer) {
  struct signer *inside = (struct signer *)*signer;
  signer_close(&inside);
  *signer = NULL;
}

enum adduce_err adduce_key_vkey(struct adduce_scope *scope, const char **vkey, const char *name,
                                const struct adduce_key *key) {
  return note_vkey_encode(scope, vkey, span_text(name), key);
}
