/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "shown.h"

static const char *span_of_time(const struct adduce_value *event) {
  const char *from = shown_when(adduce_value_get(event, "from"));
  const char *to = shown_when(adduce_value_get(event, "to"));
  const char *relative = shown_text(event, "relative");
  if (from[0] == '\0' && to[0] == '\0') return relative;
  const char *both =
      strcmp(from, to) == 0 || to[0] == '\0' ? from : text_format("%s – %s", from, to);
  if (from[0] == '\0') both = text_format("until %s", to);
  return relative[0] == '\0' ? both : text_format("%s, %s", both, relative);
}

static const char *text_of(const struct session *session, const struct adduce_value *claim) {
  const char *status = shown_raw(claim, "status");
  const char *label = shown_text(claim, "label");
  if (label[0] == '\0') label = shown_text(claim, "kind");
  bool is_plain = (status == NULL || strcmp(status, "live") == 0) &&
                  adduce_value_count(adduce_value_get(claim, "marks")) == 0;
  return is_plain ? label : text_format("%s  [%s]", label, shown_status(session, claim));
}

static void print_timeline(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *events = adduce_value_get(answer, "events");
  const struct adduce_value *undated = adduce_value_get(answer, "undated");
  struct columns columns;
  shown_at(session, answer);
  columns_init(&columns, 4);
  for (size_t i = 0; i < adduce_value_count(events); i++) {
    const struct adduce_value *event = adduce_value_at(events, i);
    const char *what = shown_text(event, "what");
    columns_add(&columns,
                (const char *const[]){span_of_time(event), strcmp(what, "valid") == 0 ? "" : what,
                                      shown_event(session, event), text_of(session, event)});
  }
  columns_print(&session->screen, &columns, 0);
  if (adduce_value_count(undated) > 0) {
    shown_heading(session, "Without a date");
    columns_init(&columns, 2);
    for (size_t i = 0; i < adduce_value_count(undated); i++)
      columns_add(&columns, (const char *const[]){shown_event(session, adduce_value_at(undated, i)),
                                                  text_of(session, adduce_value_at(undated, i))});
    columns_print(&session->screen, &columns, 2);
  }
  shown_not_counted(session, answer);
  shown_left_out(session, answer);
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_timeline(session->scope, session->ledger, &answer, session_operand(session, 0),
                          &question));
  return session_answer(session, answer, print_timeline);
}

const struct command timeline_command = {
    .name = "timeline",
    .summary = "show what is said to have happened when",
    .usage = "[SUBJECT]",
    .text =
        "Shows what is said to have happened, in the order of the world's time, with the precision "
        "that was claimed: in the world, stated, or published. What has no date comes last, with "
        "what it is said to come before or after.",
    .examples =
        "  adduce timeline\n"
        "  adduce timeline release/minsk\n",
    .groups = COMMAND_QUESTION | COMMAND_MANNER | COMMAND_POLICY,
    .operands_max = 1,
    .run = run,
};
