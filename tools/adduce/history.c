/* SPDX-License-Identifier: Apache-2.0 */
#include "change.h"
#include "commands.h"
#include "shown.h"

static void print_event(struct session *session, const struct adduce_value *event,
                        const struct adduce_value *subject) {
  const struct adduce_value *changes = adduce_value_get(event, "changes");
  printf("\n%s\n", change_event(session, event));
  screen_prose(&session->screen, "  ", 2, change_cause(session, event));
  for (size_t i = 0; i < adduce_value_count(changes); i++)
    change_print(session, adduce_value_at(changes, i), 4, subject);
}

static void print_history(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *events = adduce_value_get(answer, "events");
  const char *name = shown_value(adduce_value_get(answer, "name"));
  const char *field = shown_text(answer, "field");
  shown_at(session, answer);
  printf("%s%s%s%s%s\n",
         screen_styled(&session->screen, STYLE_HEADING, shown_text(answer, "subject")),
         field[0] == '\0' ? "" : ", ", field, name[0] == '\0' ? "" : "  ", name);
  for (size_t i = 0; i < adduce_value_count(events); i++)
    print_event(session, adduce_value_at(events, i), adduce_value_get(answer, "subject"));
  shown_erased(session, answer);
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_history(session->scope, session->ledger, &answer, session_operand(session, 0),
                         &question));
  return session_answer(session, answer, print_history);
}

const struct command history_command = {
    .name = "history",
    .summary = "show how what is said of a subject came to be",
    .usage = "SUBJECT[.FIELD]",
    .text =
        "Shows each entry that changed what the ledger says of a subject, or of one field of it: "
        "who signed it and when it was recorded, what it did, and each line before and after. What "
        "changed nothing is left out. --without and --only leave out at each entry what they "
        "select "
        "there. Claims count at each entry by the policy in force there. "
        "--limit and --skip count entries.",
    .examples =
        "  adduce history release/minsk\n"
        "  adduce history release/minsk.quantity\n"
        "  adduce history belarus/belavia --at 2025-12-14 --json\n"
        "  adduce history release/minsk --without source:agency/belta\n",
    .groups = COMMAND_QUESTION,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
