/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "shown.h"
#include "submit.h"

/* The kind of the first target: the corrected fields are of its types. */
static enum adduce_err find_kind(struct session *session, const char **kind) {
  const struct adduce_question now = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *event;
  for (int i = 0; i < session->options.operand_count; i++) {
    if (compose_is_field(session_operand(session, i))) continue;
    TRY(adduce_ask_event(session->scope, session->ledger, &event, session_operand(session, i),
                         &now));
    *kind = shown_raw(event, "kind");
    if (*kind != NULL) return ADDUCE_OK;
  }
  return session_fail(session, ADDUCE_E_USAGE, "it does not say which claim is to be corrected");
}

static enum adduce_err run(struct session *session) {
  struct compose compose, corrected;
  const char *kind, *replacement = command_argument(&session->options, "replacement");
  TRY(session_open_files(session));
  TRY(find_kind(session, &kind));
  TRY(compose_begin(&corrected, session, kind));
  TRY(compose_begin(&compose, session, "claim.corrected"));
  for (int i = 0; i < session->options.operand_count; i++) {
    const char *word = session_operand(session, i);
    if (compose_is_field(word))
      TRY(compose_word(&corrected, word));
    else
      TRY(compose_ref(&compose, "target", word));
  }
  if (corrected.field_count > 0) TRY(compose_json(&compose, "fields", compose_content(&corrected)));
  if (replacement != NULL) TRY(compose_ref(&compose, "replacement", replacement));
  if (corrected.field_count == 0 && replacement == NULL)
    return session_fail(session, ADDUCE_E_USAGE,
                        "it does not say what is right: give FIELD=VALUE or --replacement ID");
  TRY(compose_options(&compose));
  return submit_composed(&compose);
}

static const struct command_option options[] = {
    {'r', "reason", "TEXT", "why (required)", "reason", NULL},
    {0, "mistake", "WORD",
     "typo, translation, fact, attribution, identity, time, quantity or other", "correction", NULL},
    {0, "replacement", "ID", "the claim that says what this one should have said", NULL, NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command correct_command = {
    .name = "correct",
    .summary = "correct a mistake in claims; both stay readable",
    .usage =
        "ID... --reason TEXT FIELD=VALUE... [OPTION...]\n"
        "ID... --reason TEXT --replacement ID [OPTION...]",
    .text =
        "Corrects claims: the fields given stand in the place of theirs. What was claimed first "
        "can "
        "be read as before.",
    .examples =
        "  adduce correct 12 quantity=123 --reason 'the number was misread' --mistake typo\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
