/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "keys.h"
#include "submit.h"

/* The key that will sign, without its secret. */
static enum adduce_err own_key(struct session *session, struct adduce_key *key) {
  if (!command_has(&session->options, "agent"))
    return keys_named(session, key, keys_author_name(session));
  TRY(keys_open_author(session));
  *key = adduce_signer_key(session->author);
  return ADDUCE_OK;
}

/* The key of a word, or one's own where there is none. */
static enum adduce_err find_key(struct session *session, const char **json, const char *word) {
  struct adduce_key key;
  if (word == NULL)
    TRY(own_key(session, &key));
  else
    TRY(keys_named(session, &key, word));
  *json = text_format("{\"$id\":\"%s\"}", text_hex(key.bytes, 64));
  return ADDUCE_OK;
}

/* Begins the claim: the first word that is no field names the key, the others are fields. */
static enum adduce_err begin(struct session *session, struct compose *compose, const char **key,
                             const char *kind) {
  const char *word = NULL;
  TRY(session_open_files(session));
  TRY(compose_begin(compose, session, kind));
  for (int i = 0; i < session->options.operand_count; i++) {
    const char *each = session_operand(session, i);
    if (compose_is_field(each))
      TRY(compose_word(compose, each));
    else if (word == NULL)
      word = each;
    else
      return session_fail(session, ADDUCE_E_USAGE, "\"%s\" is more than it takes", each);
  }
  TRY(compose_options(compose));
  return find_key(session, key, word);
}

/* --- author describe -----------------------------------------------------------------------*/

static enum adduce_err run_describe(struct session *session) {
  struct compose compose;
  const char *key;
  TRY(begin(session, &compose, &key, "author.described"));
  TRY(compose_json(&compose, "key", key));
  return submit_composed(&compose);
}

static const struct command_option describe_options[] = {
    {0, "name", "TEXT", "the author's name (required)", "name", NULL},
    {0, "organization", "TEXT", "for whom the author works", "organization", NULL},
    {0, "type", "WORD", "person, organization, team or software", "type", NULL},
    {0, "subject", "ID", "the author's subject id", "subject", NULL},
    {0, "url", "URL", "where the author publishes this key", "url", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command author_describe_command = {
    .name = "author describe",
    .summary = "say who is behind a key",
    .usage = "[KEY] --name TEXT [OPTION...] [FIELD=VALUE...]",
    .text =
        "Says who is behind a key: one's own, if none is named. A key is listed under the name "
        "that "
        "its authorization or the key itself gives it; what others call it is kept as their claim. "
        "KEY is 64 hexadecimal digits, the first of them if the ledger knows it, or the name of a "
        "key of yours.",
    .examples = "  adduce author describe --name 'Desk of the Monitor' --organization Monitor\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = describe_options,
    .operands_max = -1,
    .run = run_describe,
};

/* --- author authorize ----------------------------------------------------------------------*/

static enum adduce_err run_authorize(struct session *session) {
  struct compose compose;
  const char *key;
  TRY(begin(session, &compose, &key, "key.authorized"));
  TRY(compose_json(&compose, "key", key));
  if (!compose_has(&compose, "rights")) TRY(compose_text(&compose, "rights", "append"));
  return submit_composed(&compose);
}

static const struct command_option authorize_options[] = {
    {0, "right", "RIGHT",
     "append (what is taken without it), authorize, revoke, erase, declare, policy, "
     "sign or found; may be repeated",
     "rights", NULL},
    {0, "name", "TEXT", "whose key it is", "name", NULL},
    {0, "organization", "TEXT", "for whom that author works", "organization", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command author_authorize_command = {
    .name = "author authorize",
    .summary = "let a key write in this ledger",
    .usage = "KEY [OPTION...] [FIELD=VALUE...]",
    .text =
        "Gives a key rights in this ledger, from here on. It needs the right to authorize, which "
        "the founder has.",
    .examples =
        "  adduce author authorize reporter --name 'A. Reporter' --organization Monitor\n"
        "  adduce author authorize 6fb1c2... --right append --right revoke\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = authorize_options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run_authorize,
};

/* --- author rotate -------------------------------------------------------------------------*/

static enum adduce_err run_rotate(struct session *session) {
  struct compose compose;
  const char *old_key, *new_key;
  TRY(begin(session, &compose, &new_key, "key.rotated"));
  TRY(find_key(session, &old_key, command_argument(&session->options, "old")));
  TRY(compose_json(&compose, "old_key", old_key));
  TRY(compose_json(&compose, "new_key", new_key));
  return submit_composed(&compose);
}

static const struct command_option rotate_options[] = {
    {0, "old", "KEY", "the key that ends; without it, the one that signs", NULL, NULL},
    {0, "reason", "TEXT", "why", "reason", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command author_rotate_command = {
    .name = "author rotate",
    .summary = "put a new key in the place of an old one",
    .usage = "NEW-KEY [--old KEY] [OPTION...]",
    .text =
        "Gives the rights of an old key to a new one and ends the old one. The old key may sign it "
        "itself.",
    .examples =
        "  adduce key new desk-2026\n"
        "  adduce author rotate desk-2026 --key desk\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = rotate_options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run_rotate,
};

/* --- author revoke -------------------------------------------------------------------------*/

static enum adduce_err run_revoke(struct session *session) {
  struct compose compose;
  const char *key;
  TRY(begin(session, &compose, &key, "key.revoked"));
  TRY(compose_json(&compose, "key", key));
  return submit_composed(&compose);
}

static const struct command_option revoke_options[] = {
    {'r', "reason", "WORD", "superseded, lost or compromised (required)", "reason", NULL},
    {0, "effective-from", "INDEX",
     "the entry from which its claims are doubtful; may lie in the past", "effective_from", NULL},
    {0, "note", "TEXT", "a remark, such as where the evidence is", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command author_revoke_command = {
    .name = "author revoke",
    .summary = "take a key's rights away",
    .usage = "KEY --reason WORD [OPTION...]",
    .text =
        "Takes a key's rights away, from here on. What it signed before stays, and is marked from "
        "--effective-from on. The key itself may sign it.",
    .examples = "  adduce author revoke 6fb1c2... --reason compromised --effective-from 1200\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = revoke_options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run_revoke,
};
