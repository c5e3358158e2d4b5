/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/remotes.h"

#include "adduce/sync.h"
#include "base/hex.h"
#include "crypto/sealed.h"
#include "crypto/sign.h"
#include "ledger/proof.h"
#include "sys/file.h"

#define FOLDER "remotes"
#define POLICY_BYTES_MAX ((size_t)1 << 20)

const char *remotes_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                         const char *name, const char *file) {
  return scope_format(scope, "%s/" FOLDER "/%s/%s", ledger->folder, name, file);
}

/* --- finding --------------------------------------------------------------------------------*/

static bool is_name(const char *name) {
  size_t size = strlen(name);
  if (size == 0 || size > REMOTES_NAME_MAX || name[0] == '.') return false;
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)name[i];
    bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_word && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

static enum adduce_err check_name(struct adduce_scope *scope, const char *name) {
  if (is_name(name)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_USAGE,
                    "a remote is named by at most %d letters, digits, '.', '_' and '-', and does "
                    "not begin with '.'",
                    REMOTES_NAME_MAX);
}

static enum adduce_err list(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                            const char ***names, size_t *count) {
  *count = 0;
  enum adduce_err err = file_list(scope, names, count, ledger_path(scope, ledger->folder, FOLDER));
  return err == ADDUCE_E_NO_FILE ? ADDUCE_OK : err;
}

static enum adduce_err fail_unknown(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                    const char *name) {
  const char **names, *all = "";
  size_t count;
  TRY(list(scope, ledger, &names, &count));
  for (size_t i = 0; i < count; i++)
    all = scope_format(scope, "%s%s%s", all, i == 0 ? "" : ", ", names[i]);
  if (count == 0)
    return scope_fail(scope, ADDUCE_E_NOT_FOUND, "there is no remote %s, nor any other", name);
  return scope_fail(scope, ADDUCE_E_NOT_FOUND, "there is no remote %s; there are %s", name, all);
}

enum adduce_err remotes_find(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                             const char *name) {
  TRY(check_name(scope, name));
  if (file_type(remotes_path(scope, ledger, name, "location")) == FILE_REGULAR) return ADDUCE_OK;
  return fail_unknown(scope, ledger, name);
}

enum adduce_err remotes_read(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                             struct adduce_span *bytes, const char *name, const char *file) {
  enum adduce_err err =
      file_read(scope, bytes, remotes_path(scope, ledger, name, file), POLICY_BYTES_MAX);
  if (err != ADDUCE_E_NO_FILE) return err;
  *bytes = span_of(NULL, 0);
  return ADDUCE_OK;
}

#define KEY_LINE_BYTES 65

enum adduce_err remotes_keys(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                             const struct adduce_key **keys, size_t *count, const char *name) {
  struct adduce_span text;
  TRY(remotes_read(scope, ledger, &text, name, "seal"));
  *count = text.size / KEY_LINE_BYTES;
  struct adduce_key *all = scope_array(scope, *count, sizeof *all);
  *keys = all;
  if (*count != 0 && all == NULL) return scope_no_memory(scope);
  /* One that is there and empty would send in the clear what was to be sealed. */
  bool is_sound =
      text.size == *count * KEY_LINE_BYTES && *count <= SEALED_RECIPIENTS_MAX &&
      (*count != 0 || file_type(remotes_path(scope, ledger, name, "seal")) == FILE_NONE);
  for (size_t i = 0; i < *count && is_sound; i++) {
    const uint8_t *line = text.data + i * KEY_LINE_BYTES;
    is_sound = hex_decode(span_of(line, 64), all[i].bytes, 32) && line[64] == '\n';
  }
  if (is_sound) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT, "%s is no list of keys: add the remote anew",
                    remotes_path(scope, ledger, name, "seal"));
}

enum adduce_err remotes_write(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                              const char *name, const char *file, struct adduce_span bytes) {
  if (ledger->read_only)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
  return file_write(scope, remotes_path(scope, ledger, name, file), bytes, 0666, false);
}

/* --- adding and removing --------------------------------------------------------------------*/

static enum adduce_err check_location(struct adduce_scope *scope, const char *location) {
  size_t size = strlen(location);
  for (size_t i = 0; i < size; i++)
    if ((uint8_t)location[i] < 0x20 || location[i] == 0x7f)
      return scope_fail(scope, ADDUCE_E_USAGE, "the location has a control character at byte %zu",
                        i);
  if (size != 0 && size <= REMOTES_LOCATION_MAX) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_USAGE, "a location has 1 to %d bytes", REMOTES_LOCATION_MAX);
}

static enum adduce_err check_policy(struct adduce_scope *scope, const char *text) {
  struct policy policy;
  return text == NULL ? ADDUCE_OK : policy_parse(scope, &policy, span_text(text));
}

static enum adduce_err write_keys(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  const char *name, const struct adduce_key *keys, size_t count) {
  struct adduce_span text;
  struct buffer lines;
  buffer_init(&lines, scope);
  for (size_t i = 0; i < count; i++) {
    buffer_append(&lines, hex_text32(keys[i].bytes).text, 64);
    buffer_append(&lines, "\n", 1);
  }
  TRY(buffer_take(&lines, &text));
  return remotes_write(scope, ledger, name, "seal", text);
}

enum adduce_err adduce_remote_add(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  const char *name, const char *location, const char *policy,
                                  const struct adduce_key *seal_to, size_t seal_to_count) {
  TRY(sign_start(scope));
  /* One more key must fit: ours. */
  TRY(sealed_check_keys(scope, "a remote", seal_to, seal_to_count, SEALED_RECIPIENTS_MAX - 1));
  TRY(check_name(scope, name));
  TRY(check_location(scope, location));
  TRY(check_policy(scope, policy));
  if (remotes_find(scope, ledger, name) == ADDUCE_OK)
    return scope_fail(scope, ADDUCE_E_EXISTS, "there is a remote %s already", name);
  if (ledger->read_only)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
  TRY(file_make_folder(scope, scope_format(scope, "%s/" FOLDER "/%s", ledger->folder, name), 0777));
  if (policy != NULL) TRY(remotes_write(scope, ledger, name, "policy", span_text(policy)));
  if (seal_to_count != 0) TRY(write_keys(scope, ledger, name, seal_to, seal_to_count));
  /* What makes it a remote comes last. */
  return remotes_write(scope, ledger, name, "location",
                       span_text(scope_format(scope, "%s\n", location)));
}

enum adduce_err adduce_remote_remove(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                     const char *name) {
  TRY(remotes_find(scope, ledger, name));
  if (ledger->read_only)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
  return file_remove_tree(scope, scope_format(scope, "%s/" FOLDER "/%s", ledger->folder, name));
}

/* --- listing --------------------------------------------------------------------------------*/

static enum adduce_err describe_checkpoint(struct adduce_scope *scope,
                                           const struct adduce_ledger *ledger,
                                           struct adduce_value *item, const char *name,
                                           const char *file) {
  struct checkpoint checkpoint;
  struct adduce_span bytes;
  struct note note;
  TRY(remotes_read(scope, ledger, &bytes, name, file));
  if (bytes.size == 0) return ADDUCE_OK;
  if (checkpoint_parse(scope, &checkpoint, &note, bytes) != ADDUCE_OK)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s is no checkpoint any more",
                      remotes_path(scope, ledger, name, file));
  struct adduce_value *map = value_map(scope);
  proof_report_checkpoint(scope, map, &checkpoint);
  value_set(scope, item, file, map);
  return ADDUCE_OK;
}

static enum adduce_err describe_keys(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                     struct adduce_value *item, const char *name) {
  struct adduce_value *list = value_list(scope);
  const struct adduce_key *keys;
  size_t count;
  TRY(remotes_keys(scope, ledger, &keys, &count, name));
  for (size_t i = 0; i < count; i++)
    value_add(scope, list, value_bytes(scope, span_of(keys[i].bytes, 32)));
  if (count != 0) value_set(scope, item, "seal", list);
  return ADDUCE_OK;
}

static enum adduce_err describe(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                struct adduce_value *list, const char *name) {
  struct adduce_value *item = value_map(scope);
  struct adduce_span location, policy;
  TRY(remotes_read(scope, ledger, &location, name, "location"));
  if (location.size == 0) return ADDUCE_OK; /* one that was never added to the end */
  TRY(remotes_read(scope, ledger, &policy, name, "policy"));
  value_set_text(scope, item, "name", name);
  value_set(scope, item, "location", value_str(scope, span_of(location.data, location.size - 1)));
  value_set(scope, item, "policy", value_boolean(scope, policy.size != 0));
  TRY(describe_keys(scope, ledger, item, name));
  TRY(describe_checkpoint(scope, ledger, item, name, "pulled"));
  TRY(describe_checkpoint(scope, ledger, item, name, "pushed"));
  value_add(scope, list, item);
  return ADDUCE_OK;
}

enum adduce_err adduce_remotes(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_value **remotes) {
  struct adduce_value *map = value_map(scope), *all = value_list(scope);
  const char **names;
  size_t count;
  *remotes = map;
  TRY(list(scope, ledger, &names, &count));
  for (size_t i = 0; i < count; i++) TRY(describe(scope, ledger, all, names[i]));
  value_set(scope, map, "remotes", all);
  return value_finish(scope);
}
