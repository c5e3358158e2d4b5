/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "place.h"

#define SUFFIX ".key"

enum adduce_err keys_folder(struct session *session, const char **folder) {
  *folder = place_keys();
  if (*folder == NULL)
    return session_fail(session, ADDUCE_E_NO_FILE,
                        "no folder for keys: neither $ADDUCE_KEYS nor $HOME is set");
  if (!place_make(*folder)) return session_fail_system(session, "make", *folder);
  return ADDUCE_OK;
}

static bool is_name(const char *name) {
  return name[0] != '\0' && name[0] != '.' && name[0] != '-' &&
         strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-") ==
             strlen(name);
}

enum adduce_err keys_path(struct session *session, const char **path, const char *name) {
  const char *folder;
  *path = name;
  if (strchr(name, '/') != NULL) return ADDUCE_OK;
  if (!is_name(name))
    return session_fail(session, ADDUCE_E_USAGE,
                        "\"%s\" is no name for a key: letters, digits and . _ @ + - make one",
                        name);
  TRY(keys_folder(session, &folder));
  *path = text_format("%s/%s" SUFFIX, folder, name);
  return ADDUCE_OK;
}

const char *keys_author_name(const struct session *session) {
  const char *given = command_argument(&session->options, "key");
  if (given == NULL) given = getenv("ADDUCE_KEY");
  return given == NULL || given[0] == '\0' ? KEYS_DEFAULT : given;
}

const char *keys_log_name(const char *origin) {
  char *name = text_format("log-%s", origin);
  for (char *at = name; *at != '\0'; at++)
    if (!is_name((const char[]){'x', *at, '\0'})) *at = '_';
  return name;
}

/* --- the folder ----------------------------------------------------------------------------*/

static int is_key_file(const struct dirent *entry) {
  size_t length = strlen(entry->d_name), suffix = strlen(SUFFIX);
  return entry->d_name[0] != '.' && length > suffix &&
         strcmp(entry->d_name + length - suffix, SUFFIX) == 0;
}

enum adduce_err keys_list(struct session *session, const char *const **names) {
  struct dirent **entries = NULL;
  const char *folder;
  TRY(keys_folder(session, &folder));
  int count = scandir(folder, &entries, is_key_file, alphasort);
  if (count < 0) return session_fail_system(session, "read", folder);
  const char **list = text_allocate(((size_t)count + 1) * sizeof *list);
  for (int i = 0; i < count; i++) {
    int length = (int)(strlen(entries[i]->d_name) - strlen(SUFFIX));
    list[i] = text_format("%.*s", length, entries[i]->d_name);
    free(entries[i]);
  }
  free(entries);
  *names = list;
  return ADDUCE_OK;
}

/* --- opening and making --------------------------------------------------------------------*/

enum adduce_err keys_open(struct session *session, struct adduce_signer **signer, const char *path,
                          const char *whose) {
  struct adduce_key_info info;
  struct secret secret = {.size = 0};
  secret_protect();
  TRY(adduce_key_inspect(session->scope, &info, path));
  if (info.needs_passphrase) TRY(secret_ask(session, &secret, whose));
  enum adduce_err err = adduce_signer_open(session->scope, signer, path, secret.bytes, secret.size);
  secret_wipe(&secret);
  return err;
}

enum adduce_err keys_make(struct session *session, struct adduce_signer **signer, const char *path,
                          enum adduce_purpose purpose, bool protect, const char *whose) {
  struct secret secret = {.size = 0};
  bool hard = command_has(&session->options, "hard");
  secret_protect();
  if (place_exists(path))
    return session_fail(session, ADDUCE_E_EXISTS, "there is a key in %s already", path);
  if (protect && !secret_can_ask(session))
    return session_fail(session, ADDUCE_E_PASSPHRASE,
                        "there is no terminal to ask for the passphrase of %s", whose);
  if (protect) TRY(secret_ask_new(session, &secret, whose));
  enum adduce_err err = adduce_signer_generate(session->scope, signer);
  if (err == ADDUCE_OK)
    err = adduce_signer_save(session->scope, *signer, path, purpose, secret.bytes, secret.size,
                             hard, false);
  if (protect && err == ADDUCE_OK && secret.size == 0)
    fprintf(stderr, "The passphrase is empty: the key of %s is kept in the clear.\n", whose);
  secret_wipe(&secret);
  if (err != ADDUCE_OK) adduce_signer_close(signer);
  return err;
}

/* --- the author ----------------------------------------------------------------------------*/

/* Whether `word` picks this key of the agent: the first digits of it, or its comment. */
static bool picks(const char *word, const char *hex, const char *comment) {
  return strcmp(word, comment) == 0 || (strlen(word) >= 4 && strncmp(word, hex, strlen(word)) == 0);
}

static enum adduce_err open_agent(struct session *session) {
  const struct adduce_value *held;
  const char *word = command_argument(&session->options, "key");
  struct adduce_key key;
  size_t found = 0;
  secret_protect();
  TRY(adduce_agent_list(session->scope, &held, NULL));
  for (size_t i = 0; i < adduce_value_count(held); i++) {
    const struct adduce_value *each = adduce_value_at(held, i);
    const struct adduce_value *comment = adduce_value_get(each, "comment");
    const struct adduce_value *bytes = adduce_value_get(each, "key");
    if (bytes == NULL || adduce_value_bytes(bytes).size != 32) continue;
    const uint8_t *bytes32 = adduce_value_bytes(bytes).data;
    if (word != NULL &&
        !picks(word, text_hex(bytes32, 64), comment == NULL ? "" : adduce_value_text(comment)))
      continue;
    if (found++ == 0) memcpy(key.bytes, bytes32, 32);
  }
  if (found == 0)
    return session_fail(session, ADDUCE_E_AGENT, "the ssh-agent holds no such Ed25519 key");
  if (found > 1)
    return session_fail(session, ADDUCE_E_AMBIGUOUS,
                        "the ssh-agent holds %zu keys that fit; --key picks one by its digits",
                        found);
  return adduce_signer_open_agent(session->scope, &session->author, NULL, &key);
}

static enum adduce_err lacks_key(struct session *session, const char *name, const char *path) {
  const char *const *names;
  struct text known;
  if (strchr(name, '/') != NULL || keys_list(session, &names) != ADDUCE_OK)
    return session_fail(session, ADDUCE_E_NO_FILE, "there is no key in %s", path);
  text_begin(&known);
  for (size_t i = 0; names[i] != NULL; i++)
    fprintf(known.stream, "%s %s", i > 0 ? "," : "", names[i]);
  const char *list = text_end(&known);
  session->hint = text_format("`adduce key new %s` makes one", name);
  if (list[0] == '\0')
    return session_fail(session, ADDUCE_E_NO_FILE, "there is no key \"%s\", nor any other", name);
  return session_fail(session, ADDUCE_E_NO_FILE, "there is no key \"%s\"; there are:%s", name,
                      list);
}

enum adduce_err keys_open_author(struct session *session) {
  const char *name = keys_author_name(session), *path;
  if (command_has(&session->options, "agent")) return open_agent(session);
  TRY(keys_path(session, &path, name));
  if (!place_exists(path) && errno == ENOENT) return lacks_key(session, name, path);
  return keys_open(session, &session->author, path, text_format("the key \"%s\"", name));
}

/* --- the log -------------------------------------------------------------------------------*/

/* Errors only where the system, not the file, is at fault. */
static enum adduce_err is_key_of(struct session *session, bool *is, const char *path,
                                 const char *origin, const char *vkey) {
  struct adduce_key_info info;
  const char *its;
  *is = false;
  enum adduce_err err = adduce_key_inspect(session->scope, &info, path);
  if (err == ADDUCE_E_NO_FILE || err == ADDUCE_E_KEY_FILE) return ADDUCE_OK;
  if (err != ADDUCE_OK || info.purpose != ADDUCE_LOG) return err;
  *is = adduce_key_vkey(session->scope, &its, origin, &info.key) == ADDUCE_OK &&
        strcmp(its, vkey) == 0;
  return ADDUCE_OK;
}

enum adduce_err keys_open_log(struct session *session, const char *origin, const char *vkey) {
  const char *const *names, *path;
  const char *whose = text_format("the log key of %s", origin);
  /* Where it is by habit, then everywhere. */
  TRY(keys_path(session, &path, keys_log_name(origin)));
  bool found;
  enum adduce_err err = is_key_of(session, &found, path, origin, vkey);
  TRY(keys_list(session, &names));
  for (size_t i = 0; !found && names[i] != NULL; i++) {
    TRY(keys_path(session, &path, names[i]));
    enum adduce_err its = is_key_of(session, &found, path, origin, vkey);
    if (err == ADDUCE_OK) err = its;
  }
  if (!found && err != ADDUCE_OK) return err; /* it may be the one that could not be read */
  if (!found) {
    session->hint = "$ADDUCE_KEYS says where keys are; only who has the log's key can write";
    return session_fail(session, ADDUCE_E_NO_FILE, "the key of this log, %s, is not in %s", vkey,
                        place_keys());
  }
  return keys_open(session, &session->log_signer, path, whose);
}

/* --- keys by a word ------------------------------------------------------------------------*/

static bool is_digits(const char *word) {
  return word[strspn(word, "0123456789abcdef")] == '\0';
}

static enum adduce_err known_to_ledger(struct session *session, struct adduce_key *key,
                                       const char *word) {
  const struct adduce_question now = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *answer;
  size_t found = 0;
  bool is_start = strlen(word) >= 4 && is_digits(word);
  if (session->ledger != NULL && is_start) {
    TRY(adduce_ask_authors(session->scope, session->ledger, &answer, &now));
    const struct adduce_value *authors = adduce_value_get(answer, "authors");
    for (size_t i = 0; i < adduce_value_count(authors); i++) {
      const struct adduce_value *its = adduce_value_get(adduce_value_at(authors, i), "key");
      if (its == NULL || adduce_value_bytes(its).size != 32) continue;
      const uint8_t *bytes32 = adduce_value_bytes(its).data;
      if (strncmp(word, text_hex(bytes32, 64), strlen(word)) != 0) continue;
      if (found++ == 0) memcpy(key->bytes, bytes32, 32);
    }
  }
  if (found == 1) return ADDUCE_OK;
  if (found > 1)
    return session_fail(session, ADDUCE_E_AMBIGUOUS, "%zu keys begin with \"%s\"", found, word);
  session->hint =
      "a key is 64 hexadecimal digits, as `adduce key export` prints them, the first of "
      "them, or the name of a key of yours";
  return session_fail(session, ADDUCE_E_NOT_FOUND, "\"%s\" names no key", word);
}

enum adduce_err keys_named(struct session *session, struct adduce_key *key, const char *word) {
  struct adduce_key_info info;
  const char *path;
  if (text_unhex(word, key->bytes)) return ADDUCE_OK;
  if (strchr(word, '/') != NULL || is_name(word)) {
    TRY(keys_path(session, &path, word));
    if (place_exists(path) || errno != ENOENT) {
      TRY(adduce_key_inspect(session->scope, &info, path));
      *key = info.key;
      return ADDUCE_OK;
    }
  }
  return known_to_ledger(session, key, word);
}

enum adduce_err keys_of_filter(struct session *session, const char **author) {
  struct adduce_key key;
  if (*author == NULL || is_digits(*author)) return ADDUCE_OK;
  TRY(keys_named(session, &key, *author));
  *author = text_hex(key.bytes, 64);
  return ADDUCE_OK;
}

enum adduce_err keys_to_seal(struct session *session, struct adduce_key *keys, size_t *count) {
  const char *words[KEYS_SEAL_MAX];
  TRY(session_list(session, words, count, KEYS_SEAL_MAX, "seal"));
  for (size_t i = 0; i < *count; i++) TRY(keys_named(session, &keys[i], words[i]));
  return ADDUCE_OK;
}

enum adduce_err keys_to_open(struct session *session, struct adduce_signer **signer) {
  const char *name = command_argument(&session->options, "open-with"), *path;
  *signer = NULL;
  if (name == NULL) return ADDUCE_OK;
  TRY(keys_path(session, &path, name));
  return keys_open(session, signer, path, "the key that the bundle is sealed to");
}
