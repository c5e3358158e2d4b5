/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "moment.h"
#include "rules.h"
#include "shown.h"
#include "submit.h"

/* --- policy show ---------------------------------------------------------------------------*/

/* "kind sanction., organization newsroom.example"; what a rule fits. */
static const char *conditions(const struct adduce_value *rule) {
  static const char *const keys[] = {"author", "organization", "kind", "subject", "origin"};
  struct text text;
  size_t shown = 0;
  text_begin(&text);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const struct adduce_value *value = adduce_value_get(rule, keys[i]);
    if (value != NULL)
      fprintf(text.stream, "%s%s %s", shown++ > 0 ? ", " : "", keys[i], shown_value(value));
  }
  if (shown == 0) fputs("everything else", text.stream);
  if (shown_members(rule)[0] != '\0')
    fprintf(text.stream, ", when said by %s; else %s", shown_members(rule),
            shown_raw(rule, "otherwise") == NULL ? "apart" : shown_text(rule, "otherwise"));
  return text_end(&text);
}

static void print_rules(struct session *session, const struct adduce_value *rules) {
  struct columns columns;
  columns_init(&columns, 4);
  columns.is_right[0] = true;
  columns.flexible = 3;
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(rules); i++) {
    const struct adduce_value *rule = adduce_value_at(rules, i);
    bool is_other = adduce_value_get(rule, "tlog_policy") != NULL;
    columns_add(&columns, (const char *const[]){
                              text_format("%zu", i), is_other ? "" : shown_text(rule, "effect"),
                              is_other ? "witnesses, see `adduce witness`" : conditions(rule),
                              shown_text(rule, "text")});
  }
  columns_print(&session->screen, &columns, 2);
}

static void print_policy(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *policy = adduce_value_get(answer, "policy");
  const struct adduce_value *content = adduce_value_get(answer, "content");
  const char *used = shown_text(policy, "used");
  shown_at(session, answer);
  if (strcmp(used, "none") == 0) {
    puts("no policy: the claims of every author count");
    return;
  }
  printf("policy %s%s\n", shown_event(session, policy),
         strcmp(used, "tried") == 0 ? ", tried" : ", in force");
  if (content != NULL)
    printf("  events of unknown authors: %s\n", shown_text(content, "unknown_authors"));
  if (shown_raw(content, "text") != NULL)
    screen_prose(&session->screen, " ", 2, shown_text(content, "text"));
  if (shown_raw(policy, "unreadable") != NULL)
    screen_prose(&session->screen, " ", 2,
                 text_format("its rules cannot be read and apply to nothing: %s",
                             shown_text(policy, "unreadable")));
  print_rules(session, adduce_value_get(content, "rules"));
}

static enum adduce_err run_show(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  if (session_operand(session, 0) != NULL)
    TRY(rules_read(session, &question.policy, session_operand(session, 0)));
  TRY(session_open(session));
  TRY(adduce_ask_policy(session->scope, session->ledger, &answer, &question));
  return session_answer(session, answer, print_policy);
}

static const struct command_option show_options[] = {
    {0, "at", MOMENT, "the one in force at this entry, this time, or this checkpoint's last entry",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command policy_show_command = {
    .name = "policy show",
    .summary = "show whose claims count",
    .usage = "[ID]",
    .text =
        "Shows the policy in force, or that of any policy.set: what becomes of unknown authors, "
        "and the rules that say whose claims count for what. The policy in force is that of the "
        "last "
        "policy.set; `adduce state SUBJECT --policy FILE` tries rules without setting them.",
    .examples =
        "  adduce policy show\n"
        "  adduce policy show --at 2025-12-13\n"
        "  adduce policy show 40\n",
    .options = show_options,
    .operands_max = 1,
    .run = run_show,
};

/* --- policy set ----------------------------------------------------------------------------*/

/* The rules of a file, which may be a list, an object with rules, or a whole claim. */
static enum adduce_err take_file(struct compose *compose, const char *path) {
  struct session *session = compose->session;
  const struct adduce_value *value, *rules;
  const char *text, *json;
  TRY(rules_read(session, &text, path));
  if (strcmp(text, path) == 0)
    return session_fail(session, ADDUCE_E_NO_FILE, "there is no file %s", path);
  TRY(adduce_value_from_json(session->scope, &value, text, strlen(text)));
  if (adduce_value_get(value, "content") != NULL) value = adduce_value_get(value, "content");
  bool is_list = adduce_value_type(value) == ADDUCE_LIST;
  rules = is_list ? value : adduce_value_get(value, "rules");
  for (size_t i = 0; !is_list && i < adduce_value_count(value); i++) {
    const char *key = adduce_value_key(value, i);
    if (strcmp(key, "rules") == 0 || compose_has(compose, key)) continue;
    TRY(adduce_value_to_json(session->scope, &json, adduce_value_at(value, i), false));
    TRY(compose_json(compose, key, json));
  }
  if (rules == NULL)
    return session_fail(session, ADDUCE_E_USAGE, "%s has no \"rules\": a list of rules", path);
  for (size_t i = 0; i < adduce_value_count(rules); i++) {
    TRY(adduce_value_to_json(session->scope, &json, adduce_value_at(rules, i), false));
    TRY(compose_json(compose, "rules", json));
  }
  return ADDUCE_OK;
}

static enum adduce_err run_set(struct session *session) {
  struct compose compose;
  const char *path = session_operand(session, 0);
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, "policy.set"));
  TRY(compose_options(&compose));
  if (path != NULL) TRY(take_file(&compose, path));
  if (!compose_has(&compose, "unknown_authors"))
    TRY(compose_text(&compose, "unknown_authors", "refuse"));
  return submit_composed(&compose);
}

static const struct command_option set_options[] = {
    {0, "unknown-authors", "WHAT", "refuse (what is taken without it) or quarantine",
     "unknown_authors", NULL},
    {0, "text", "TEXT", "the policy in words", "text", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command policy_set_command = {
    .name = "policy set",
    .summary = "set whose claims count from here on",
    .usage = "[FILE] [OPTION...]",
    .text =
        "Sets the policy: the rules in FILE, a JSON list of rules or an object with \"rules\", "
        "take the place of all rules before. The first rule that fits a claim decides: it counts, "
        "is shown apart, or is ignored; what no rule fits counts. With a quorum it counts only "
        "while several of those named say so. Without FILE there are no rules. "
        "It needs the right to set policies, and is logged like everything else.",
    .examples =
        "  adduce policy set policy.json --text 'only our own sanctions desk'\n"
        "  adduce policy set --unknown-authors quarantine\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = set_options,
    .operands_max = 1,
    .run = run_set,
};
