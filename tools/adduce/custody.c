/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "moment.h"
#include "shown.h"

/* --- what a step says -----------------------------------------------------------------------*/

static void say_imported(const struct session *session, FILE *out,
                         const struct adduce_value *step) {
  const struct adduce_value *checkpoint = adduce_value_get(step, "checkpoint");
  fprintf(out, " by %s from %s", shown_author(step), shown_text(step, "origin"));
  if (adduce_value_get(step, "source_index") != NULL)
    fprintf(out, ", its entry %" PRId64, shown_integer(step, "source_index"));
  fprintf(out, ", under its checkpoint of %" PRId64 " entries %s, with the bundle %s",
          shown_integer(checkpoint, "size"),
          shown_id(session, adduce_value_get(checkpoint, "root")),
          shown_id(session, adduce_value_get(step, "manifest")));
  if (adduce_value_get(step, "rule") != NULL)
    fprintf(out, ", admitted by rule %" PRId64 " of the policy %s", shown_integer(step, "rule"),
            shown_id(session, adduce_value_get(step, "policy")));
  else
    fprintf(out, ", admitted %s",
            strcmp(shown_text(step, "admitted"), "along") == 0 ? "as a control entry" : "by hand");
}

static void say_given(const struct session *session, FILE *out, const struct adduce_value *step) {
  const char *withheld = shown_list(adduce_value_get(step, "withheld"));
  fprintf(out, " to %s with the bundle %s", shown_list(adduce_value_get(step, "recipients")),
          shown_id(session, adduce_value_get(step, "manifest")));
  if (withheld[0] != '\0') fprintf(out, ", without %s", withheld);
  if (shown_raw(step, "purpose") != NULL) fprintf(out, ", for %s", shown_text(step, "purpose"));
}

static void say_received(const struct session *session, FILE *out,
                         const struct adduce_value *step) {
  fprintf(out, " by %s, the bundle %s: admitted %" PRId64 ", waiting %" PRId64 ", refused %" PRId64,
          shown_text(step, "recipient"), shown_id(session, adduce_value_get(step, "manifest")),
          shown_integer(step, "admitted"), shown_integer(step, "quarantined"),
          shown_integer(step, "refused"));
}

static void say_by(const struct session *session, FILE *out, const struct adduce_value *step) {
  const struct adduce_value *effective = adduce_value_get(step, "effective");
  (void)session;
  if (adduce_value_get(step, "author") != NULL) fprintf(out, " by %s", shown_author(step));
  if (effective != NULL && !adduce_value_boolean(effective)) fputs(", without effect", out);
  if (shown_raw(step, "reason") != NULL) fprintf(out, ": %s", shown_text(step, "reason"));
}

static void print_step(struct session *session, const struct adduce_value *step) {
  static const struct {
    const char *step, *name;
    void (*say)(const struct session *session, FILE *out, const struct adduce_value *step);
  } steps[] = {{"claimed", "claimed", say_by},        {"imported", "imported", say_imported},
               {"recorded", "recorded", say_by},      {"exported", "exported", say_given},
               {"recalled", "recalled", say_given},   {"received", "received", say_received},
               {"key-revoked", "key revoked", say_by}};
  const char *word = shown_text(step, "step");
  const char *name = shown_text(step, "act");
  struct text text;
  text_begin(&text);
  fprintf(text.stream, "%s  %s", shown_event(session, step),
          shown_when(adduce_value_get(step, "at")));
  if (strcmp(word, "acted-on") == 0) say_by(session, text.stream, step);
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    if (strcmp(word, steps[i].step) != 0) continue;
    name = steps[i].name;
    steps[i].say(session, text.stream, step);
  }
  screen_prose(&session->screen, text_format("  %s", name), 16, text_end(&text));
}

static void print_item(struct session *session, const struct adduce_value *item) {
  const struct adduce_value *steps = adduce_value_get(item, "steps");
  const char *label = shown_text(item, "label");
  screen_prose(&session->screen, "", 2,
               text_format("%s  %s%s%s", shown_event(session, item),
                           screen_styled(&session->screen, STYLE_HEADING, shown_text(item, "kind")),
                           label[0] == '\0' ? "" : "  ", label));
  for (size_t i = 0; i < adduce_value_count(steps); i++)
    print_step(session, adduce_value_at(steps, i));
}

static void print_custody(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *items = adduce_value_get(answer, "items");
  shown_at(session, answer);
  for (size_t i = 0; i < adduce_value_count(items); i++) {
    if (i > 0) putchar('\n');
    print_item(session, adduce_value_at(items, i));
  }
  shown_unknown_bundles(answer, "");
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_custody(session->scope, session->ledger, &answer, session_operand(session, 0),
                     &question));
  return session_answer(session, answer, print_custody);
}

static const struct command_option options[] = {
    {0, "at", MOMENT, "as it was known after this entry, at this time, or at this checkpoint", NULL,
     NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command custody_command = {
    .name = "custody",
    .summary = "say whose hands an event went through",
    .usage = "ID|SUBJECT [OPTION...]",
    .text =
        "Replays the custody of an event, or of all that is said about a subject: who claimed it, "
        "from whom it was imported and why it was admitted, when it was recorded here, to whom it "
        "was given, which receipts came back, and what was retracted, recalled or erased. Each "
        "line names the event that says so. What was given without a record, or passed on by "
        "others, is not known here.",
    .examples =
        "  adduce custody 3f9a1c22b0d4\n"
        "  adduce custody release/123 --at 2025-12-31\n",
    .groups = COMMAND_PAGE,
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
