/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "shown.h"

#define INDENT 4

/* "in #12 3f9a1c22b0d4 by the Desk on 2025-12-13 10:00Z" */
static const char *place(const struct session *session, const struct adduce_value *claim) {
  const char *author = shown_author(claim);
  const char *when = shown_when(adduce_value_get(claim, "recorded_at"));
  return text_format("%s%s%s%s%s", shown_event(session, claim), author[0] == '\0' ? "" : " by ",
                     author, when[0] == '\0' ? "" : ", recorded ", when);
}

static const char *with_stop(const char *sentence) {
  size_t length = strlen(sentence);
  bool has_stop = length == 0 || strchr(".!?", sentence[length - 1]) != NULL;
  return text_format("%s%s", sentence, has_stop ? "" : ".");
}

/* What was done to a claim, each with who did it and why. */
static void add_acts(const struct session *session, FILE *out, const struct adduce_value *acts) {
  for (size_t i = 0; i < adduce_value_count(acts); i++) {
    const struct adduce_value *act = adduce_value_at(acts, i);
    const char *what = shown_text(act, shown_raw(act, "act") != NULL ? "act" : "kind");
    const char *reason = shown_text(act, "reason");
    fprintf(out, " It was %s in %s%s%s", what, place(session, act), reason[0] == '\0' ? "" : ": ",
            with_stop(reason));
    if (reason[0] == '\0') fputc('.', out);
  }
}

/* One claim as a paragraph: who says it, on whose word, where it can be read, what became of it. */
static void print_claim(struct session *session, const char *lead,
                        const struct adduce_value *claim) {
  const struct adduce_value *citations = adduce_value_get(claim, "citations");
  const struct adduce_value *withheld = adduce_value_get(claim, "withheld");
  const char *sentence = shown_text(claim, "attribution");
  struct text text;
  text_begin(&text);
  fprintf(text.stream, "%s %s.", lead, place(session, claim));
  if (sentence[0] != '\0') fprintf(text.stream, " %s", with_stop(sentence));
  for (size_t i = 0; i < adduce_value_count(citations); i++)
    fprintf(text.stream, "%s%s", i == 0 ? " Read in " : "; ",
            shown_citation(session, adduce_value_at(citations, i)));
  if (adduce_value_count(citations) > 0) fputc('.', text.stream);
  if (adduce_value_count(withheld) > 0)
    fprintf(text.stream, " Withheld here: %s.", shown_value(withheld));
  add_acts(session, text.stream, adduce_value_get(claim, "acts"));
  screen_prose(&session->screen, "", INDENT, text_end(&text));
}

static void print_claims(struct session *session, const char *lead,
                         const struct adduce_value *claims) {
  for (size_t i = 0; i < adduce_value_count(claims); i++)
    print_claim(session, lead, adduce_value_at(claims, i));
}

/* A dispute: who, where, and the reason it gives. */
static void print_disputes(struct session *session, const struct adduce_value *claims) {
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const char *reason = shown_text(claim, "reason");
    if (reason[0] == '\0') reason = shown_text(adduce_value_get(claim, "content"), "reason");
    if (reason[0] == '\0') reason = shown_text(claim, "label");
    screen_prose(
        &session->screen, "", INDENT,
        text_format("%s %s%s%s", screen_styled(&session->screen, STYLE_BAD, "Disputed in"),
                    place(session, claim), reason[0] == '\0' ? "." : ": ", with_stop(reason)));
  }
}

static void print_line(struct session *session, const struct adduce_value *line) {
  const char *field = shown_text(line, "field");
  const char *value = shown_value(adduce_value_get(line, "value"));
  const char *status = shown_status(session, line);
  const char *sentence = shown_text(line, "sentence");
  putchar('\n');
  screen_prose(&session->screen, "  ", INDENT,
               text_format("%s%s%s%s%s%s", screen_styled(&session->screen, STYLE_HEADING, field),
                           field[0] == '\0' || value[0] == '\0' ? "" : ": ",
                           screen_styled(&session->screen, STYLE_HEADING, value),
                           status[0] == '\0' ? "" : "  [", status, status[0] == '\0' ? "" : "]"));
  if (sentence[0] != '\0') screen_prose(&session->screen, "", INDENT, with_stop(sentence));
  print_claims(session, "Said in", adduce_value_get(line, "support"));
  print_disputes(session, adduce_value_get(line, "disputes"));
  print_claims(session, "Before that, said in", adduce_value_get(line, "superseded"));
}

static void print_explanation(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *lines = adduce_value_get(answer, "lines");
  const char *field = shown_text(answer, "field");
  shown_at(session, answer);
  printf("%s%s%s\n", screen_styled(&session->screen, STYLE_HEADING, shown_text(answer, "subject")),
         field[0] == '\0' ? "" : ", ", field);
  for (size_t i = 0; i < adduce_value_count(lines); i++)
    print_line(session, adduce_value_at(lines, i));
  if (adduce_value_count(lines) == 0) puts("  nothing is said about it");
  shown_more(session, answer);
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  TRY(session_open(session));
  TRY(adduce_ask_explain(session->scope, session->ledger, &answer, session_operand(session, 0),
                         &question));
  return session_answer(session, answer, print_explanation);
}

const struct command explain_command = {
    .name = "explain",
    .summary = "say why the state is what it is",
    .usage = "SUBJECT[.FIELD]",
    .text =
        "For each line of a subject's state, or of one field: the claims it rests on, who says so "
        "and on whose word, where that can be read, who disputes it and why, and what it took the "
        "place of. Every claim is named by its index and id, for `adduce show`.",
    .examples =
        "  adduce explain release/minsk\n"
        "  adduce explain release/minsk.quantity\n"
        "  adduce explain belarus/belavia --at 2025-12-14\n",
    .groups = COMMAND_QUESTION,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
