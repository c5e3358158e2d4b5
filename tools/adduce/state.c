/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "shown.h"

/* The events a line rests on, at most three of them. */
static const char *support(const struct session *session, const struct adduce_value *claims) {
  struct text text;
  size_t count = adduce_value_count(claims);
  text_begin(&text);
  for (size_t i = 0; i < count && i < 3; i++)
    fprintf(text.stream, "%s%s", i > 0 ? ", " : "",
            shown_event(session, adduce_value_at(claims, i)));
  if (count > 3) fprintf(text.stream, " and %zu more", count - 3);
  return text_end(&text);
}

static bool is_plain(const struct adduce_value *line) {
  const char *status = shown_raw(line, "status");
  return (status == NULL || strcmp(status, "live") == 0) &&
         adduce_value_count(adduce_value_get(line, "marks")) == 0;
}

static const char *status_or_nothing(const struct session *session,
                                     const struct adduce_value *line) {
  return is_plain(line) ? "" : shown_status(session, line);
}

/* What a quantity bounds; "" where it says the number itself, or bounds nothing. */
static const char *bounds_text(const struct adduce_value *bounds) {
  const struct adduce_value *least = adduce_value_get(bounds, "at_least");
  const struct adduce_value *most = adduce_value_get(bounds, "at_most");
  if (least != NULL && most != NULL) {
    if (adduce_value_integer(least) == adduce_value_integer(most)) return "";
    return text_format("at least %s, at most %s", shown_value(least), shown_value(most));
  }
  if (least != NULL) return text_format("at least %s", shown_value(least));
  return most == NULL ? "" : text_format("at most %s", shown_value(most));
}

/* A value, how many it holds for, and what that bounds. */
static const char *said_text(const struct adduce_value *value) {
  const struct adduce_value *plain = adduce_value_get(value, "value");
  const struct adduce_value *quantity = adduce_value_get(value, "quantity");
  const char *original = shown_raw(value, "original");
  const char *said = shown_value(plain);
  /* A map shows its own spelling. */
  if (original != NULL && plain != NULL && adduce_value_type(plain) != ADDUCE_MAP)
    said = text_format("%s (“%s”)", said, text_clean(original));
  const char *bounds = bounds_text(adduce_value_get(value, "bounds"));
  if (quantity != NULL) said = text_format("%s: %s", said, shown_value(quantity));
  return bounds[0] == '\0' ? said : text_format("%s: %s", said, bounds);
}

static void print_facts(struct session *session, const struct adduce_value *facts) {
  struct columns columns;
  if (adduce_value_count(facts) == 0) return;
  columns_init(&columns, 4);
  for (size_t i = 0; i < adduce_value_count(facts); i++) {
    const struct adduce_value *fact = adduce_value_at(facts, i);
    const struct adduce_value *values = adduce_value_get(fact, "values");
    const struct adduce_value *bounds = adduce_value_get(fact, "bounds");
    const char *field = shown_text(fact, "field");
    for (size_t k = 0; k < adduce_value_count(values); k++) {
      const struct adduce_value *value = adduce_value_at(values, k);
      columns_add(&columns,
                  (const char *const[]){k == 0 ? field : "", said_text(value),
                                        status_or_nothing(session, value),
                                        support(session, adduce_value_get(value, "support"))});
    }
    if (adduce_value_count(bounds) > 0 && bounds_text(bounds)[0] != '\0')
      columns_add(&columns,
                  (const char *const[]){"", text_format("that is %s", bounds_text(bounds)), "",
                                        support(session, adduce_value_get(bounds, "from"))});
  }
  shown_heading(session, "Facts");
  columns_print(&session->screen, &columns, 2);
}

static void print_relations(struct session *session, const struct adduce_value *relations) {
  struct columns columns;
  if (adduce_value_count(relations) == 0) return;
  columns_init(&columns, 4);
  for (size_t i = 0; i < adduce_value_count(relations); i++) {
    const struct adduce_value *relation = adduce_value_at(relations, i);
    const char *direction = shown_raw(relation, "direction");
    bool is_in =
        direction != NULL && (strcmp(direction, "in") == 0 || strcmp(direction, "to") == 0);
    const struct adduce_value *claims = adduce_value_get(relation, "support");
    const char *name = shown_text(relation, "relation");
    columns_add(
        &columns,
        (const char *const[]){
            is_in ? text_format("← %s", name) : text_format("→ %s", name),
            shown_value(adduce_value_get(relation, "other")), status_or_nothing(session, relation),
            claims != NULL ? support(session, claims) : shown_event(session, relation)});
  }
  shown_heading(session, "Relations");
  columns_print(&session->screen, &columns, 2);
}

/* Keys of a line that are shown apart, or are of no use to people. */
static bool is_apart(const char *key) {
  static const char *const keys[] = {
      "status",    "marks",       "support",    "id",          "index",  "kind",
      "author",    "label",       "claims",     "author_name", "acts",   "content",
      "citations", "recorded_at", "claimed_at", "subject",     "history"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (strcmp(keys[i], key) == 0) return true;
  return false;
}

/* Lines whose keys differ by kind: sanctions, releases. */
static void print_lines(struct session *session, const char *heading,
                        const struct adduce_value *lines) {
  if (adduce_value_count(lines) == 0) return;
  shown_heading(session, heading);
  for (size_t i = 0; i < adduce_value_count(lines); i++) {
    const struct adduce_value *line = adduce_value_at(lines, i);
    const struct adduce_value *claims = adduce_value_get(line, "support");
    const char *status = status_or_nothing(session, line);
    struct text text;
    text_begin(&text);
    for (size_t k = 0, shown = 0; k < adduce_value_count(line); k++) {
      const char *key = adduce_value_key(line, k);
      if (is_apart(key)) continue;
      fprintf(text.stream, "%s%s %s", shown++ > 0 ? ", " : "", text_clean(key),
              shown_value(adduce_value_at(line, k)));
    }
    fprintf(text.stream, "%s%s%s  %s", status[0] == '\0' ? "" : "  [", status,
            status[0] == '\0' ? "" : "]",
            claims != NULL ? support(session, claims) : shown_event(session, line));
    screen_prose(&session->screen, "  ", 4, text_end(&text));
  }
}

static void print_incomplete(struct session *session, const struct adduce_value *claims) {
  if (adduce_value_count(claims) == 0) return;
  shown_heading(session, "Not shown whole, since parts are withheld here");
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    screen_line(&session->screen,
                text_format("  %s  %s  %s", shown_event(session, claim), shown_text(claim, "kind"),
                            shown_text(claim, "label")));
  }
}

static void print_subject(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *cluster = adduce_value_get(answer, "cluster");
  const char *name = shown_value(adduce_value_get(answer, "name"));
  shown_at(session, answer);
  printf("%s%s%s\n", screen_styled(&session->screen, STYLE_HEADING, shown_text(answer, "subject")),
         name[0] == '\0' ? "" : "  ", name);
  if (adduce_value_get(answer, "schema") != NULL)
    printf("  %s\n", shown_value(adduce_value_get(answer, "schema")));
  for (size_t i = 0; i < adduce_value_count(cluster); i++) {
    const char *other = shown_value(adduce_value_at(cluster, i));
    if (strcmp(other, shown_text(answer, "subject")) != 0)
      printf("  judged the same as %s\n", other);
  }
  print_facts(session, adduce_value_get(answer, "facts"));
  print_lines(session, "Releases", adduce_value_get(answer, "releases"));
  print_lines(session, "Sanctions", adduce_value_get(answer, "sanctions"));
  print_relations(session, adduce_value_get(answer, "relations"));
  print_incomplete(session, adduce_value_get(answer, "incomplete"));
}

static void print_subjects(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *subjects = adduce_value_get(answer, "subjects");
  struct columns columns;
  shown_at(session, answer);
  columns_init(&columns, 3);
  for (size_t i = 0; i < adduce_value_count(subjects); i++) {
    const struct adduce_value *subject = adduce_value_at(subjects, i);
    int64_t claims = shown_integer(subject, "claims");
    columns_add(&columns, (const char *const[]){
                              shown_text(subject, "subject"),
                              text_format("%" PRId64 " claim%s", claims, claims == 1 ? "" : "s"),
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
    .groups = COMMAND_QUESTION,
    .operands_max = 1,
    .run = run,
};
