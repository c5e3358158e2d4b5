/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "change.h"
#include "commands.h"
#include "moment.h"

static void print_difference(struct session *session, const struct adduce_value *difference,
                             const struct adduce_value *subject) {
  const struct adduce_value *causes = adduce_value_get(difference, "causes");
  change_print(session, difference, 2, subject);
  for (size_t i = 0; i < adduce_value_count(causes); i++) {
    const struct adduce_value *cause = adduce_value_at(causes, i);
    const char *event = shown_event(session, cause);
    screen_prose(
        &session->screen, "      ·", 8,
        text_format("%s%s%s", event, event[0] == '\0' ? "" : "  ", change_cause(session, cause)));
  }
}

static void print_subject(struct session *session, const struct adduce_value *subject) {
  const struct adduce_value *differences = adduce_value_get(subject, "differences");
  const struct adduce_value *also = adduce_value_get(subject, "also");
  const char *name = shown_value(adduce_value_get(subject, "name"));
  printf("\n%s%s%s\n",
         screen_styled(&session->screen, STYLE_HEADING, shown_text(subject, "subject")),
         name[0] == '\0' ? "" : "  ", name);
  for (size_t i = 0; i < adduce_value_count(also); i++)
    printf("  and %s, which is judged the same\n", shown_value(adduce_value_at(also, i)));
  for (size_t i = 0; i < adduce_value_count(differences); i++)
    print_difference(session, adduce_value_at(differences, i),
                     adduce_value_get(subject, "subject"));
}

static const char *say_side(const struct adduce_value *side) {
  const char *valid_at = shown_text(side, "valid_at");
  return text_format("#%" PRId64 ", recorded %s%s%s", shown_integer(side, "index"),
                     shown_when(adduce_value_get(side, "recorded_at")),
                     valid_at[0] == '\0' ? "" : ", valid at ", valid_at);
}

static void print_counts(const struct adduce_value *counts) {
  const struct adduce_value *causes = adduce_value_get(counts, "causes");
  int64_t differences = shown_integer(counts, "differences");
  int64_t subjects = shown_integer(counts, "subjects");
  if (differences == 0) {
    puts("nothing differs");
    return;
  }
  printf("%" PRId64 " difference%s in %" PRId64 " subject%s: %" PRId64 " appeared, %" PRId64
         " gone, %" PRId64 " changed\n",
         differences, differences == 1 ? "" : "s", subjects, subjects == 1 ? "" : "s",
         shown_integer(counts, "appeared"), shown_integer(counts, "gone"),
         shown_integer(counts, "changed"));
  for (size_t i = 0; i < adduce_value_count(causes); i++)
    printf("%8" PRId64 "  %s\n", adduce_value_integer(adduce_value_at(causes, i)),
           text_clean(adduce_value_key(causes, i)));
}

static void print_diff(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *subjects = adduce_value_get(answer, "subjects");
  printf("from %s\n", say_side(adduce_value_get(answer, "from")));
  printf("to   %s\n", say_side(adduce_value_get(answer, "to")));
  print_counts(adduce_value_get(answer, "counts"));
  for (size_t i = 0; i < adduce_value_count(subjects); i++)
    print_subject(session, adduce_value_at(subjects, i));
  shown_more(session, answer);
}

/* --valid-at once is for both sides, twice for the one and the other. */
static enum adduce_err read_sides(struct session *session, struct adduce_sides *sides) {
  const struct options *options = &session->options;
  const char *times[2] = {NULL, NULL};
  size_t count = 0;
  for (size_t i = 0; i < options->given_count; i++) {
    const char *name = options->given[i].option->name;
    if (name == NULL || strcmp(name, "valid-at") != 0) continue;
    if (count == 2)
      return session_fail(session, ADDUCE_E_USAGE, "--valid-at is for one side, and the other");
    times[count++] = options->given[i].argument;
  }
  sides->from_valid_at = times[0];
  sides->to_valid_at = count == 2 ? times[1] : times[0];
  TRY(moment_read(session, &sides->from, session_operand(session, 0)));
  return moment_read(session, &sides->to, session_operand(session, 1));
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  struct adduce_sides sides = {.from = NULL};
  TRY(session_question(session, &question));
  TRY(read_sides(session, &sides));
  question.valid_at = NULL;
  TRY(session_open(session));
  TRY(adduce_ask_diff(session->scope, session->ledger, &answer, &sides, session_operand(session, 2),
                      &question));
  return session_answer(session, answer, print_diff);
}

static const struct command_option options[] = {
    {0, "valid-at", "TIME",
     "only what holds, or may hold, in the world at this time; given twice, of the older position "
     "and of the newer",
     NULL, NULL},
    {'n', "limit", "N", "at most N differences; all are counted", NULL, NULL},
    {0, "skip", "N", "pass over the first N differences", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command diff_command = {
    .name = "diff",
    .summary = "show what differs between two positions, and why",
    .usage = "A B [SUBJECT[.FIELD]]",
    .text =
        "Compares what the ledger said at two positions, each an index, a time or @FILE, a "
        "checkpoint; the older one first. Every difference names its causes: the events at which "
        "its "
        "line changed, in their order, or only that time passed. The counts by cause come first; a "
        "difference with two causes is counted under both. --without and --only leave out on each "
        "side what they select there. Claims count on each side by the policy "
        "in "
        "force there.",
    .examples =
        "  adduce diff 100 200\n"
        "  adduce diff 2025-12-13 2025-12-20 release/minsk\n"
        "  adduce diff @yesterday.checkpoint 2025-12-20 --limit 20\n"
        "  adduce diff 200 200 belarus/belavia --valid-at 2025-12 --valid-at 2026-06\n"
        "  adduce diff 100 200 --without author:newsroom.example\n",
    .options = options,
    .groups = COMMAND_SELECTION,
    .operands_min = 2,
    .operands_max = 3,
    .run = run,
};
