/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "keys.h"
#include "shown.h"

/* --- remote add ----------------------------------------------------------------------------*/

/* The text of --policy or --vkey; NULL when neither is given. */
static enum adduce_err policy_text(struct session *session, const char **text) {
  const char *path = command_argument(&session->options, "policy");
  const char *vkey = command_argument(&session->options, "vkey");
  struct adduce_span bytes;
  *text = NULL;
  if (path != NULL && vkey != NULL)
    return session_fail(session, ADDUCE_E_USAGE, "--policy and --vkey exclude each other");
  if (vkey != NULL) *text = text_format("log %s\nquorum none\n", vkey);
  if (path == NULL) return ADDUCE_OK;
  TRY(evidence_read(session, &bytes, path));
  *text = text_format("%.*s", (int)bytes.size, (const char *)bytes.data);
  if (strlen(*text) == bytes.size) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_POLICY, "%s has a zero byte: it is no policy", path);
}

static enum adduce_err run_add(struct session *session) {
  const char *name = session_operand(session, 0), *location = session_operand(session, 1);
  const char *policy;
  struct adduce_key keys[KEYS_SEAL_MAX];
  size_t key_count;
  TRY(policy_text(session, &policy));
  TRY(session_open_files(session));
  TRY(keys_to_seal(session, keys, &key_count));
  TRY(adduce_remote_add(session->scope, session->ledger, name, location, policy, keys, key_count));
  if (!session->is_json) {
    printf("%s is a remote now\n", name);
    if (policy == NULL)
      puts("  nothing can be pulled from it: --policy or --vkey says whose log is expected there");
    return ADDUCE_OK;
  }
  struct text json;
  text_begin(&json);
  fputs("{\"name\":", json.stream);
  text_json_loose(json.stream, name, strlen(name));
  fputs(",\"location\":", json.stream);
  text_json_loose(json.stream, location, strlen(location));
  fputs("}", json.stream);
  return session_answer_json(session, text_end(&json));
}

static const struct command_option add_options[] = {
    {'p', "policy", "FILE", "whose log is expected there: a C2SP tlog-policy", NULL, NULL},
    {0, "vkey", "VKEY", "whose log is expected there: its verifier key", NULL, NULL},
    {0, "seal", "KEY",
     "what is pushed there, only the holder of this key can read, and you: 64 digits, or the first "
     "digits of one that the ledger knows; may be given more than once",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command remote_add_command = {
    .name = "remote add",
    .summary = "remember a place to push to and pull from",
    .usage = "NAME FOLDER|URL [--policy FILE|--vkey VKEY] [--seal KEY...]",
    .text =
        "A remote is a folder, or what a web server makes of one, in which a ledger leaves bundles "
        "for others. To pull from it one says whose log is expected there; to push to it, nothing. "
        "With --seal, all that is pushed there is sealed.",
    .examples =
        "  adduce remote add partner https://partner.example/exchange --vkey "
        "'partner.example+1f4e...'\n"
        "  adduce remote add outbox /srv/www/exchange\n",
    .options = add_options,
    .operands_min = 2,
    .operands_max = 2,
    .run = run_add,
};

/* --- remote remove -------------------------------------------------------------------------*/

static enum adduce_err run_remove(struct session *session) {
  const char *name = session_operand(session, 0);
  TRY(session_open_files(session));
  TRY(adduce_remote_remove(session->scope, session->ledger, name));
  if (session->is_json) return session_answer_json(session, "{}");
  printf("%s is forgotten; what was imported from it stays\n", name);
  return ADDUCE_OK;
}

const struct command remote_remove_command = {
    .name = "remote remove",
    .summary = "forget a place",
    .usage = "NAME",
    .text =
        "Forgets the place and how far it was pulled and pushed. What was imported from it stays.",
    .examples = "  adduce remote remove partner\n",
    .operands_min = 1,
    .operands_max = 1,
    .run = run_remove,
};

/* --- remote list ---------------------------------------------------------------------------*/

/* "1,234 entries of partner.example", or what there is instead. */
static const char *reached(const struct adduce_value *checkpoint) {
  if (checkpoint == NULL) return "nothing yet";
  return text_format("%lld entries of %s", (long long)shown_integer(checkpoint, "size"),
                     shown_text(checkpoint, "origin"));
}

static void print_list(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *remotes = adduce_value_get(answer, "remotes");
  if (adduce_value_count(remotes) == 0) puts("no remotes; `adduce remote add` makes one");
  for (size_t i = 0; i < adduce_value_count(remotes); i++) {
    const struct adduce_value *remote = adduce_value_at(remotes, i);
    printf("%s%s\n", i == 0 ? "" : "\n",
           screen_styled(&session->screen, STYLE_HEADING, shown_text(remote, "name")));
    printf("  place   %s\n", shown_text(remote, "location"));
    printf("  pulled  %s\n", shown_flag(remote, "policy")
                                 ? reached(adduce_value_get(remote, "pulled"))
                                 : "never: it has no policy");
    if (adduce_value_get(remote, "seal") != NULL)
      printf("  sealed  to %s\n", shown_list(adduce_value_get(remote, "seal")));
    printf("  pushed  %s\n", reached(adduce_value_get(remote, "pushed")));
  }
}

static enum adduce_err run_list(struct session *session) {
  const struct adduce_value *answer;
  TRY(session_open(session));
  TRY(adduce_remotes(session->scope, session->ledger, &answer));
  return session_answer(session, answer, print_list);
}

const struct command remote_list_command = {
    .name = "remote list",
    .summary = "list the places to push to and pull from",
    .usage = "",
    .text = "Lists the remotes, and how far each was pulled and pushed.",
    .examples = "  adduce remote list\n",
    .run = run_list,
};
