/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"
#include "submit.h"

static enum adduce_err run_place(struct session *session) {
  return submit_run(session, "hold.placed", "target");
}

static enum adduce_err run_lift(struct session *session) {
  return submit_run(session, "hold.lifted", "hold");
}

/* --- hold list ------------------------------------------------------------------------------*/

static const char *targets_of(const struct session *session, const struct adduce_value *hold) {
  const struct adduce_value *targets = adduce_value_get(hold, "targets");
  struct text text;
  if (targets == NULL) return "everything";
  text_begin(&text);
  for (size_t i = 0; i < adduce_value_count(targets); i++)
    fprintf(text.stream, "%s%s", i == 0 ? "" : " ", shown_id(session, adduce_value_at(targets, i)));
  return text_end(&text);
}

static void print_holds(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *holds = adduce_value_get(answer, "holds");
  struct columns columns;
  columns_init(&columns, 6);
  columns.flexible = 5;
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(holds); i++) {
    const struct adduce_value *hold = adduce_value_at(holds, i);
    columns_add(&columns,
                (const char *const[]){shown_event(session, hold), shown_text(hold, "state"),
                                      targets_of(session, hold), shown_text(hold, "until"),
                                      shown_text(hold, "authority"), shown_text(hold, "reason")});
  }
  columns_print(&session->screen, &columns, 0);
  if (columns.rows == 0) puts("there are no holds: whoever may erase, can");
}

static enum adduce_err run_list(struct session *session) {
  const struct adduce_value *answer;
  TRY(session_open(session));
  TRY(adduce_holds(session->scope, session->ledger, &answer));
  return session_answer(session, answer, print_holds);
}

/* --- tables ---------------------------------------------------------------------------------*/

static const struct command_option place_options[] = {
    {'r', "reason", "TEXT", "why nothing of them may be erased (required)", "reason", NULL},
    {0, "authority", "TEXT", "who demands it", "authority", NULL},
    {0, "until", "TIME", "until when: 2030 is all of that year; until it is lifted, if absent",
     "until", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command hold_place_command = {
    .name = "hold place",
    .summary = "forbid to erase claims, or anything",
    .usage = "[ID...] --reason TEXT [OPTION...]",
    .text =
        "Places a hold: while it is in force nothing of the claims named, or of any claim if none "
        "is, can be erased. It ends when it is lifted, or when the ledger records after `until`.",
    .examples =
        "  adduce hold place 12 13 --reason 'proceedings are pending' --authority 'a court'\n"
        "  adduce hold place --reason 'audit' --until 2026-06\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = place_options,
    .operands_max = -1,
    .run = run_place,
};

static const struct command_option lift_options[] = {
    {'r', "reason", "TEXT", "why (required)", "reason", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command hold_lift_command = {
    .name = "hold lift",
    .summary = "end holds",
    .usage = "HOLD... --reason TEXT",
    .text = "Lifts holds that were placed here: what they kept can be erased again.",
    .examples = "  adduce hold lift 40 --reason 'the proceedings are closed'\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = lift_options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run_lift,
};

const struct command hold_list_command = {
    .name = "hold list",
    .summary = "list the holds and whether they are in force",
    .usage = "",
    .text =
        "Lists every hold that was placed here: what it keeps, why, and whether it is in force.",
    .examples = "  adduce hold list\n",
    .run = run_list,
};
