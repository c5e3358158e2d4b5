/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "line.h"

/* --- one subject ---------------------------------------------------------------------------*/

/* A part of the state that is printed: its table, and what of it stands apart. */
struct part {
  struct session *session;
  const char *heading, *apart;
  struct columns columns;
  bool is_cut; /* some line has more claims than it shows */
};

static void begin(struct part *part, const char *heading, const char *apart, size_t flexible) {
  part->heading = heading;
  part->apart = apart;
  columns_init(&part->columns, 4);
  part->columns.flexible = flexible;
  part->columns.is_wrapped = true;
}

static void add_line(struct part *part, const struct adduce_value *line, const char *name,
                     const char *value) {
  part->is_cut |= line_is_cut(line_claims(line));
  columns_add(&part->columns, (const char *const[]){name, value, line_standing(part->session, line),
                                                    line_events(part->session, line)});
}

static void finish(struct part *part) {
  if (part->columns.rows == 0) return;
  shown_heading(part->session, part->apart == NULL
                                   ? part->heading
                                   : text_format("%s, %s", part->heading, part->apart));
  columns_print(&part->session->screen, &part->columns, 2);
}

static void add_fact(struct part *part, const struct adduce_value *fact,
                     const struct adduce_value *subject) {
  const struct adduce_value *values = adduce_value_get(fact, "values");
  const char *field = shown_text(fact, "field");
  size_t shown = 0;
  for (size_t i = 0; i < adduce_value_count(values); i++) {
    const struct adduce_value *value = adduce_value_at(values, i);
    if (!line_belongs(value, part->apart)) continue;
    add_line(part, value, shown++ == 0 ? field : "", line_fact(value, subject));
  }
  /* Of one value the bounds are its own; of several they are what follows from all. */
  const char *bounds = line_bounds(adduce_value_get(fact, "bounds"));
  if (bounds[0] != '\0' && shown > 0 && part->apart == NULL && adduce_value_count(values) > 1)
    columns_add(&part->columns,
                (const char *const[]){"", text_format("together: %s", bounds), "", ""});
}

static void add_facts(struct part *part, const struct adduce_value *answer, const char *apart) {
  const struct adduce_value *facts = adduce_value_get(answer, "facts");
  begin(part, "Facts", apart, 1);
  for (size_t i = 0; i < adduce_value_count(facts); i++)
    add_fact(part, adduce_value_at(facts, i), adduce_value_get(answer, "subject"));
  finish(part);
}

/* What moves through states: `name` says of a line what it is. */
static void add_moved(struct part *part, const struct adduce_value *lines, const char *heading,
                      const char *apart, const char *(*name)(const struct adduce_value *line)) {
  begin(part, heading, apart, 0);
  for (size_t i = 0; i < adduce_value_count(lines); i++) {
    const struct adduce_value *line = adduce_value_at(lines, i);
    if (line_belongs(line, apart)) add_line(part, line, name(line), line_moved(line));
  }
  finish(part);
}

static const char *name_release(const struct adduce_value *line) {
  return shown_text(line, "release");
}

static const char *name_noun(const struct adduce_value *line) {
  return shown_text(line, "noun");
}

static void add_relations(struct part *part, const struct adduce_value *answer, const char *apart) {
  const struct adduce_value *relations = adduce_value_get(answer, "relations");
  begin(part, "Relations", apart, 1);
  for (size_t i = 0; i < adduce_value_count(relations); i++) {
    const struct adduce_value *line = adduce_value_at(relations, i);
    if (line_belongs(line, apart)) add_line(part, line, line_relation(line), line_other(line));
  }
  finish(part);
}

static bool says_nothing(const struct adduce_value *answer) {
  static const char *const lists[] = {"facts", "relations", "sanctions", "releases", "states"};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (adduce_value_count(adduce_value_get(answer, lists[i])) > 0) return false;
  return true;
}

/* All that stands under one part of a heading; first what is said as so and done. */
static void print_lines(struct part *part, const struct adduce_value *answer, const char *apart) {
  add_facts(part, answer, apart);
  add_moved(part, adduce_value_get(answer, "sanctions"), "Sanctions", apart, line_sanction);
  add_moved(part, adduce_value_get(answer, "releases"), "Releases", apart, name_release);
  add_moved(part, adduce_value_get(answer, "states"), "States", apart, name_noun);
  add_relations(part, answer, apart);
}

static void print_incomplete(struct session *session, const struct adduce_value *claims) {
  if (adduce_value_count(claims) == 0) return;
  shown_heading(session, "Not counted, since parts are withheld or were erased here");
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
  struct part part = {.session = session};
  const char *name = shown_value(adduce_value_get(answer, "name"));
  const char *schema = shown_value(adduce_value_get(answer, "schema"));
  shown_at(session, answer);
  printf("%s%s%s%s%s\n", screen_styled(&session->screen, STYLE_HEADING, subject),
         name[0] == '\0' ? "" : "  ", name, schema[0] == '\0' ? "" : ", ", schema);
  for (size_t i = 0; i < adduce_value_count(cluster); i++) {
    const char *other = shown_value(adduce_value_at(cluster, i));
    if (strcmp(other, subject) != 0) printf("  judged the same as %s\n", other);
  }
  if (says_nothing(answer)) puts("  nothing that is asked for is said about it");
  print_lines(&part, answer, NULL);
  for (size_t i = 0; line_apart(i) != NULL; i++) print_lines(&part, answer, line_apart(i));
  print_incomplete(session, adduce_value_get(answer, "incomplete"));
  shown_erased(session, answer);
  if (part.is_cut)
    printf("\n%s\n", screen_styled(&session->screen, STYLE_QUIET,
                                   text_format("`adduce explain %s` names every event", subject)));
  shown_not_counted(session, answer);
  shown_left_out(session, answer);
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
  if (columns.rows == 0) puts("nothing that is asked for is said about anything");
  shown_not_counted(session, answer);
  shown_left_out(session, answer);
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
    .groups = COMMAND_QUESTION | COMMAND_MANNER | COMMAND_POLICY,
    .operands_max = 1,
    .run = run,
};
