/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "line.h"

/* --- one subject ---------------------------------------------------------------------------*/

static void add_fact(struct session *session, struct columns *columns,
                     const struct adduce_value *fact, const struct adduce_value *subject) {
  const struct adduce_value *values = adduce_value_get(fact, "values");
  const char *field = shown_text(fact, "field");
  for (size_t i = 0; i < adduce_value_count(values); i++) {
    const struct adduce_value *value = adduce_value_at(values, i);
    columns_add(columns,
                (const char *const[]){i == 0 ? field : "", line_fact(value, subject),
                                      line_standing(session, value),
                                      line_events(session, adduce_value_get(value, "support"))});
  }
  /* Of one value the bounds are its own; of several they are what follows from all. */
  const char *bounds = line_bounds(adduce_value_get(fact, "bounds"));
  if (bounds[0] != '\0' && adduce_value_count(values) > 1)
    columns_add(columns, (const char *const[]){"", text_format("together: %s", bounds), "", ""});
}

static void print_facts(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *facts = adduce_value_get(answer, "facts");
  const struct adduce_value *subject = adduce_value_get(answer, "subject");
  struct columns columns;
  if (adduce_value_count(facts) == 0) return;
  columns_init(&columns, 4);
  columns.flexible = 1;
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(facts); i++)
    add_fact(session, &columns, adduce_value_at(facts, i), subject);
  shown_heading(session, "Facts");
  columns_print(&session->screen, &columns, 2);
}

/* The claims of a line: what supports it, or what moved it. */
static const struct adduce_value *claims_of(const struct adduce_value *line) {
  const struct adduce_value *support = adduce_value_get(line, "support");
  return support != NULL ? support : adduce_value_get(line, "acts");
}

/* What moves through states: `name` says of a line what it is. */
static void print_moved(struct session *session, const char *heading,
                        const struct adduce_value *lines,
                        const char *(*name)(const struct adduce_value *line)) {
  struct columns columns;
  if (adduce_value_count(lines) == 0) return;
  columns_init(&columns, 4);
  columns.flexible = 0;
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(lines); i++) {
    const struct adduce_value *line = adduce_value_at(lines, i);
    columns_add(&columns,
                (const char *const[]){name(line), line_moved(line), line_standing(session, line),
                                      line_events(session, claims_of(line))});
  }
  shown_heading(session, heading);
  columns_print(&session->screen, &columns, 2);
}

static const char *name_release(const struct adduce_value *line) {
  return shown_text(line, "release");
}

static const char *name_noun(const struct adduce_value *line) {
  return shown_text(line, "noun");
}

static void print_relations(struct session *session, const struct adduce_value *relations) {
  struct columns columns;
  if (adduce_value_count(relations) == 0) return;
  columns_init(&columns, 4);
  columns.flexible = 1;
  columns.is_wrapped = true;
  for (size_t i = 0; i < adduce_value_count(relations); i++) {
    const struct adduce_value *line = adduce_value_at(relations, i);
    columns_add(&columns, (const char *const[]){line_relation(line), line_other(line),
                                                line_standing(session, line),
                                                line_events(session, claims_of(line))});
  }
  shown_heading(session, "Relations");
  columns_print(&session->screen, &columns, 2);
}

static void print_incomplete(struct session *session, const struct adduce_value *claims) {
  if (adduce_value_count(claims) == 0) return;
  shown_heading(session, "Not counted, since parts are withheld here");
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    screen_line(&session->screen,
                text_format("  %s  %s  %s", shown_event(session, claim), shown_text(claim, "kind"),
                            shown_text(claim, "label")));
  }
}

static void print_subject(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *cluster = adduce_value_get(answer, "cluster");
  const char *subject = shown_text(answer, "subject");
  const char *name = shown_value(adduce_value_get(answer, "name"));
  const char *schema = shown_value(adduce_value_get(answer, "schema"));
  shown_at(session, answer);
  printf("%s%s%s%s%s\n", screen_styled(&session->screen, STYLE_HEADING, subject),
         name[0] == '\0' ? "" : "  ", name, schema[0] == '\0' ? "" : ", ", schema);
  for (size_t i = 0; i < adduce_value_count(cluster); i++) {
    const char *other = shown_value(adduce_value_at(cluster, i));
    if (strcmp(other, subject) != 0) printf("  judged the same as %s\n", other);
  }
  print_facts(session, answer);
  print_moved(session, "Sanctions", adduce_value_get(answer, "sanctions"), line_sanction);
  print_moved(session, "Releases", adduce_value_get(answer, "releases"), name_release);
  print_moved(session, "States", adduce_value_get(answer, "states"), name_noun);
  print_relations(session, adduce_value_get(answer, "relations"));
  print_incomplete(session, adduce_value_get(answer, "incomplete"));
  shown_more(session, answer);
}

/* --- all subjects --------------------------------------------------------------------------*/

static void print_subjects(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *subjects = adduce_value_get(answer, "subjects");
  struct columns columns;
  shown_at(session, answer);
  columns_init(&columns, 3);
  columns.is_right[1] = true;
  for (size_t i = 0; i < adduce_value_count(subjects); i++) {
    const struct adduce_value *subject = adduce_value_at(subjects, i);
    int64_t claims = shown_integer(subject, "claims");
    columns_add(&columns, (const char *const[]){
                              shown_text(subject, "subject"),
                              text_format("%" PRId64 " claim%s", claims, claims == 1 ? " " : "s"),
                              shown_value(adduce_value_get(subject, "name"))});
  }
  columns_print(&session->screen, &columns, 0);
  if (columns.rows == 0) puts("nothing is said about anything yet");
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  const char *subject = session_operand(session, 0);
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_state(session->scope, session->ledger, &answer, subject, &question));
  return session_answer(session, answer, subject == NULL ? print_subjects : print_subject);
}

const struct command state_command = {
    .name = "state",
    .summary = "show what the claims add up to",
    .usage = "[SUBJECT]",
    .text =
        "Shows what is said about a subject: every competing value with its claims, bounds on "
        "numbers, sanctions by issuer and scope, relations, and what is disputed or withdrawn. "
        "Without SUBJECT it lists the subjects. A bare name belongs to the ledger's origin.",
    .examples =
        "  adduce state\n"
        "  adduce state belarus/belavia\n"
        "  adduce state release/minsk --at 12\n"
        "  adduce state wikidata:Q184 --valid-at 2025-12\n",
    .groups = COMMAND_QUESTION | COMMAND_MANNER,
    .operands_max = 1,
    .run = run,
};
