/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "keys.h"
#include "place.h"

static const char *purpose_name(enum adduce_purpose purpose) {
  switch (purpose) {
    case ADDUCE_AUTHOR:
      return "author";
    case ADDUCE_LOG:
      return "log";
    case ADDUCE_WITNESS:
      return "witness";
  }
  return "unknown";
}

static const char *name_or_default(const struct session *session) {
  const char *name = session_operand(session, 0);
  return name == NULL ? keys_author_name(session) : name;
}

/* What a key file says, as JSON. */
static const char *describe(const struct adduce_key_info *info, const char *name,
                            const char *path) {
  struct text json;
  text_begin(&json);
  fputs("{\"name\":", json.stream);
  text_json(json.stream, name, strlen(name));
  fprintf(json.stream, ",\"key\":{\"$id\":\"%s\"},\"purpose\":\"%s\",\"passphrase\":%s,\"path\":",
          text_hex(info->key.bytes, 64), purpose_name(info->purpose),
          info->needs_passphrase ? "true" : "false");
  text_json(json.stream, path, strlen(path));
  fputc('}', json.stream);
  return text_end(&json);
}

static enum adduce_err print_info(struct session *session, const char *name, const char *path) {
  struct adduce_key_info info;
  TRY(adduce_key_inspect(session->scope, &info, path));
  if (session->is_json) return session_answer_json(session, describe(&info, name, path));
  printf("name        %s\n", text_clean(name));
  printf("key         %s\n", text_hex(info.key.bytes, 64));
  printf("purpose     %s\n", purpose_name(info.purpose));
  printf("passphrase  %s\n", info.needs_passphrase ? "yes" : "no: kept in the clear");
  printf("path        %s\n", path);
  return ADDUCE_OK;
}

/* --- key new -------------------------------------------------------------------------------*/

static enum adduce_err run_new(struct session *session) {
  const char *name = name_or_default(session), *path;
  const char *purpose = command_argument(&session->options, "purpose");
  enum adduce_purpose as = ADDUCE_AUTHOR;
  if (purpose != NULL && strcmp(purpose, "witness") == 0)
    as = ADDUCE_WITNESS;
  else if (purpose != NULL && strcmp(purpose, "log") == 0)
    as = ADDUCE_LOG;
  else if (purpose != NULL && strcmp(purpose, "author") != 0)
    return session_fail(session, ADDUCE_E_USAGE, "--purpose is author, log or witness, not \"%s\"",
                        purpose);
  TRY(keys_path(session, &path, name));
  bool protect = !command_has(&session->options, "no-passphrase");
  TRY(keys_make(session, &session->author, path, as, protect, text_format("the key \"%s\"", name)));
  return print_info(session, name, path);
}

static const struct command_option new_options[] = {
    {0, "no-passphrase", NULL, "keep it in the clear, and ask nothing", NULL, NULL},
    {0, "hard", NULL,
     "make the passphrase harder to guess: 1 GiB of memory and seconds at each use", NULL, NULL},
    {0, "purpose", "WORD", "author (the default), log or witness", NULL, NULL},
    {0, "passphrase-fd", "N", "read the passphrase from file descriptor N", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command key_new_command = {
    .name = "key new",
    .summary = "make a key",
    .usage = "[NAME] [OPTION...]",
    .text =
        "Makes an Ed25519 key and its file, in $ADDUCE_KEYS or ~/.config/adduce/keys. NAME is "
        "\"default\" if it is left out. The passphrase is asked for twice; if it is empty, the "
        "key is kept in the clear, readable by you alone.",
    .examples =
        "  adduce key new\n"
        "  adduce key new desk --hard\n",
    .options = new_options,
    .operands_max = 1,
    .run = run_new,
};

/* --- key list ------------------------------------------------------------------------------*/

static void add_row(struct columns *columns, const char *name, const char *digits,
                    const char *purpose, const char *remark) {
  columns_add(columns, (const char *const[]){name, digits, purpose, remark});
}

static enum adduce_err list_agent(struct session *session, struct columns *columns,
                                  struct text *json, bool any) {
  const struct adduce_value *held;
  TRY(adduce_agent_list(session->scope, &held, NULL));
  for (size_t i = 0; i < adduce_value_count(held); i++) {
    const struct adduce_value *key = adduce_value_get(adduce_value_at(held, i), "key");
    const struct adduce_value *comment = adduce_value_get(adduce_value_at(held, i), "comment");
    if (key == NULL || adduce_value_bytes(key).size != 32) continue;
    const char *hex = text_hex(adduce_value_bytes(key).data, 64);
    const char *name = comment == NULL ? "" : adduce_value_text(comment);
    add_row(columns, text_clean(name), text_format("%.12s", hex), "agent", "");
    fprintf(json->stream, "%s{\"name\":", any || i > 0 ? "," : "");
    text_json_loose(json->stream, name, strlen(name));
    fprintf(json->stream, ",\"key\":{\"$id\":\"%s\"},\"agent\":true}", hex);
  }
  return ADDUCE_OK;
}

static enum adduce_err run_list(struct session *session) {
  const char *const *names, *path;
  struct columns columns;
  struct text json;
  size_t i, listed = 0;
  TRY(keys_list(session, &names));
  columns_init(&columns, 4);
  text_begin(&json);
  fputc('[', json.stream);
  for (i = 0; names[i] != NULL; i++) {
    struct adduce_key_info info;
    TRY(keys_path(session, &path, names[i]));
    if (adduce_key_inspect(session->scope, &info, path) != ADDUCE_OK) {
      add_row(&columns, text_clean(names[i]), "", "",
              text_clean(adduce_scope_detail(session->scope)));
      continue;
    }
    add_row(&columns, text_clean(names[i]), text_hex(info.key.bytes, 12),
            purpose_name(info.purpose), info.needs_passphrase ? "" : "in the clear");
    fprintf(json.stream, "%s%s", listed++ > 0 ? "," : "", describe(&info, names[i], path));
  }
  if (command_has(&session->options, "agent"))
    TRY(list_agent(session, &columns, &json, listed > 0));
  fputc(']', json.stream);
  const char *list = text_end(&json);
  if (session->is_json) return session_answer_json(session, list);
  if (columns.rows == 0) printf("no keys in %s; `adduce key new` makes one\n", place_keys());
  columns_print(&session->screen, &columns, 0);
  return ADDUCE_OK;
}

static const struct command_option list_options[] = {
    {0, "agent", NULL, "list the keys that the ssh-agent holds as well", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command key_list_command = {
    .name = "key list",
    .summary = "list your keys",
    .usage = "[--agent]",
    .text = "Lists the keys in the folder of keys, by their first digits.",
    .examples = "  adduce key list\n",
    .options = list_options,
    .run = run_list,
};

/* --- key show, key export ------------------------------------------------------------------*/

static enum adduce_err run_show(struct session *session) {
  const char *name = name_or_default(session), *path;
  TRY(keys_path(session, &path, name));
  return print_info(session, name, path);
}

const struct command key_show_command = {
    .name = "key show",
    .summary = "show what a key file says",
    .usage = "[NAME]",
    .text = "Shows the public key, what it is for and where it is; nothing secret.",
    .examples = "  adduce key show desk\n",
    .operands_max = 1,
    .run = run_show,
};

static enum adduce_err run_export(struct session *session) {
  const char *name = name_or_default(session), *path, *vkey;
  const char *origin = command_argument(&session->options, "vkey");
  struct adduce_key_info info;
  TRY(keys_path(session, &path, name));
  TRY(adduce_key_inspect(session->scope, &info, path));
  if (session->is_json) return session_answer_json(session, describe(&info, name, path));
  if (origin == NULL) {
    puts(text_hex(info.key.bytes, 64));
    return ADDUCE_OK;
  }
  TRY(adduce_key_vkey(session->scope, &vkey, origin, &info.key));
  puts(vkey);
  return ADDUCE_OK;
}

static const struct command_option export_options[] = {
    {0, "vkey", "NAME", "as a C2SP verifier key under this name", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command key_export_command = {
    .name = "key export",
    .summary = "print a public key",
    .usage = "[NAME] [--vkey NAME]",
    .text =
        "Prints the public key, to be given to who authorizes it. The secret never leaves the key "
        "file.",
    .examples =
        "  adduce key export desk\n"
        "  adduce key export log-monitor.example --vkey monitor.example\n",
    .options = export_options,
    .operands_max = 1,
    .run = run_export,
};

/* --- key passphrase ------------------------------------------------------------------------*/

static enum adduce_err run_passphrase(struct session *session) {
  const char *name = name_or_default(session), *path;
  const char *whose = text_format("the key \"%s\"", name);
  struct adduce_key_info info;
  struct secret secret = {.size = 0};
  TRY(keys_path(session, &path, name));
  TRY(keys_open(session, &session->author, path, whose));
  TRY(adduce_key_inspect(session->scope, &info, path));
  if (!command_has(&session->options, "no-passphrase"))
    TRY(secret_ask_new(session, &secret, whose));
  bool is_clear = secret.size == 0;
  enum adduce_err err =
      adduce_signer_save(session->scope, session->author, path, info.purpose, secret.bytes,
                         secret.size, command_has(&session->options, "hard"), true);
  secret_wipe(&secret);
  if (err == ADDUCE_OK && !session->is_json)
    printf("%s is %s now\n", whose, is_clear ? "kept in the clear" : "under its new passphrase");
  if (err == ADDUCE_OK && session->is_json) err = print_info(session, name, path);
  return err;
}

static const struct command_option passphrase_options[] = {
    {0, "no-passphrase", NULL, "keep it in the clear from now on", NULL, NULL},
    {0, "hard", NULL,
     "make the passphrase harder to guess: 1 GiB of memory and seconds at each use", NULL, NULL},
    {0, "passphrase-fd", "N", "read the old passphrase, then the new one, from file descriptor N",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command key_passphrase_command = {
    .name = "key passphrase",
    .summary = "change a key's passphrase",
    .usage = "[NAME] [OPTION...]",
    .text =
        "Asks for the old passphrase and the new one, and puts the key under it. The key itself "
        "stays as it is. Copies of the old file open with the old passphrase.",
    .examples = "  adduce key passphrase desk\n",
    .options = passphrase_options,
    .operands_max = 1,
    .run = run_passphrase,
};
