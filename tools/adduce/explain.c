/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "line.h"

#define INDENT 6

/* "#12 3f9a1c22b0d4, signed by the Desk, recorded 2025-12-13 10:00Z" */
static const char *place(const struct session *session, const struct adduce_value *claim) {
  const char *author = shown_author(claim);
  const char *when = shown_when(adduce_value_get(claim, "recorded_at"));
  return text_format("%s%s%s%s%s", shown_event(session, claim),
                     author[0] == '\0' ? "" : ", signed by ", author,
                     when[0] == '\0' ? "" : ", recorded ", when);
}

static const char *with_stop(const char *sentence) {
  size_t length = strlen(sentence);
  bool has_stop = length == 0 || strchr(".!?", sentence[length - 1]) != NULL;
  return text_format("%s%s", sentence, has_stop ? "" : ".");
}

/* What was done to a claim, each with who did it and why. Disputes stand by themselves. */
static void add_acts(const struct session *session, FILE *out, const struct adduce_value *acts) {
  for (size_t i = 0; i < adduce_value_count(acts); i++) {
    const struct adduce_value *act = adduce_value_at(acts, i);
    const struct adduce_value *effective = adduce_value_get(act, "effective");
    const char *what = shown_text(act, shown_raw(act, "act") != NULL ? "act" : "kind");
    const char *reason = shown_text(act, "reason");
    if (strcmp(what, "disputed") == 0) continue;
    bool is_void = effective != NULL && !adduce_value_boolean(effective);
    fprintf(out, " It was %s%s in %s%s%s", what, is_void ? " (without effect)" : "",
            place(session, act), reason[0] == '\0' ? "" : ": ", with_stop(reason));
    if (reason[0] == '\0') fputc('.', out);
  }
}

/* One claim as a paragraph: what it says on whose word, who signed it, where it can be read, and
 * what became of it. */
static void print_claim(struct session *session, const char *sign, const char *lead,
                        const struct adduce_value *claim) {
  const struct adduce_value *citations = adduce_value_get(claim, "citations");
  const struct adduce_value *withheld = adduce_value_get(claim, "withheld");
  const char *standing = line_standing(session, claim);
  const char *sentence = shown_text(claim, "attribution");
  struct text text;
  if (sentence[0] == '\0') sentence = shown_text(claim, "label");
  text_begin(&text);
  if (lead[0] != '\0') fprintf(text.stream, "%s ", lead);
  if (standing[0] != '\0') fprintf(text.stream, "[%s] ", standing);
  if (sentence[0] != '\0') fprintf(text.stream, "%s ", with_stop(sentence));
  fprintf(text.stream, "%s.", place(session, claim));
  for (size_t i = 0; i < adduce_value_count(citations); i++)
    fprintf(text.stream, "%s%s", i == 0 ? " Read in " : "; ",
            shown_citation(session, adduce_value_at(citations, i)));
  if (adduce_value_count(citations) > 0) fputc('.', text.stream);
  if (adduce_value_count(withheld) > 0)
    fprintf(text.stream, " Withheld here: %s.", shown_value(withheld));
  for (size_t i = 0; i < adduce_value_count(adduce_value_get(claim, "erased")); i++)
    fprintf(
        text.stream, " Erased here: %s",
        with_stop(shown_erasure(session, adduce_value_at(adduce_value_get(claim, "erased"), i))));
  add_acts(session, text.stream, adduce_value_get(claim, "acts"));
  if (shown_revocation(session, claim)[0] != '\0')
    fprintf(text.stream, " Its key was revoked at its source in %s",
            with_stop(shown_revocation(session, claim)));
  if (shown_quorum(session, claim)[0] != '\0')
    fprintf(text.stream, " By %s", with_stop(shown_quorum(session, claim)));
  screen_prose(&session->screen, text_format("    %s", sign), INDENT, text_end(&text));
}

static void print_claims(struct session *session, const char *sign, const char *lead,
                         const struct adduce_value *claims) {
  for (size_t i = 0; i < adduce_value_count(claims); i++)
    print_claim(session, sign, lead, adduce_value_at(claims, i));
}

/* A dispute: who, where, and the reason it gives. */
static void print_disputes(struct session *session, const struct adduce_value *claims) {
  const char *lead = screen_styled(&session->screen, STYLE_BAD, "Disputed");
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const char *reason = shown_text(claim, "reason");
    if (reason[0] == '\0') reason = shown_text(adduce_value_get(claim, "content"), "reason");
    if (reason[0] == '\0') reason = shown_text(claim, "label");
    screen_prose(&session->screen, "    ×", INDENT,
                 text_format("%s: %s %s.", lead, with_stop(reason), place(session, claim)));
  }
}

/* Why two claims count as one, and which claims say so. */
static void print_ties(struct session *session, const struct adduce_value *origins) {
  for (size_t i = 0; i < adduce_value_count(origins); i++) {
    const struct adduce_value *same = adduce_value_get(adduce_value_at(origins, i), "same");
    for (size_t j = 0; j < adduce_value_count(same); j++) {
      const struct adduce_value *tie = adduce_value_at(same, j);
      const struct adduce_value *claims = adduce_value_get(tie, "claims");
      const struct adduce_value *via = adduce_value_get(tie, "via");
      struct text text;
      text_begin(&text);
      fprintf(text.stream, "%s and %s count as one: %s",
              shown_id(session, adduce_value_at(claims, 0)),
              shown_id(session, adduce_value_at(claims, 1)), shown_text(tie, "because"));
      for (size_t k = 0; k < adduce_value_count(via); k++)
        fprintf(text.stream, "%s%s", k == 0 ? " (" : ", ",
                shown_id(session, adduce_value_at(via, k)));
      if (adduce_value_count(via) > 0) fputc(')', text.stream);
      screen_prose(&session->screen, "", INDENT, with_stop(text_end(&text)));
    }
  }
}

/* How many tell it of their own: claims that go back to one origin count as one. */
static void print_origins(struct session *session, const struct adduce_value *line) {
  const struct adduce_value *origins = adduce_value_get(line, "origins");
  size_t count = adduce_value_count(origins);
  struct text text;
  if (count == 0 || adduce_value_count(adduce_value_get(line, "support")) < 2) return;
  text_begin(&text);
  if (count == 1)
    fputs("All of it goes back to one origin: ", text.stream);
  else
    fprintf(text.stream, "It goes back to %zu origins: ", count);
  for (size_t i = 0; i < count; i++)
    fprintf(text.stream, "%s%s", i > 0 ? "; " : "",
            shown_value(adduce_value_get(adduce_value_at(origins, i), "origin")));
  screen_prose(&session->screen, "", INDENT, with_stop(text_end(&text)));
  print_ties(session, origins);
}

/* What the line says, by its section. */
static const char *say(const struct adduce_value *line, const struct adduce_value *subject) {
  const char *section = shown_raw(line, "section");
  if (section == NULL) section = "fact";
  if (strcmp(section, "relation") == 0)
    return text_format("%s %s", line_relation(line), line_other(line));
  if (strcmp(section, "sanction") == 0)
    return text_format("%s: %s", line_sanction(line), line_moved(line));
  if (adduce_value_get(line, "value") == NULL && shown_raw(line, "state") != NULL)
    return text_format("%s: %s", shown_text(line, "field"), line_moved(line));
  return text_format("%s: %s", shown_text(line, "field"), line_fact(line, subject));
}

static void print_line(struct session *session, const struct adduce_value *line,
                       const struct adduce_value *subject) {
  const char *standing = line_standing(session, line);
  const struct adduce_value *support = adduce_value_get(line, "support");
  putchar('\n');
  screen_prose(
      &session->screen, " ", 2,
      text_format("%s%s%s%s", screen_styled(&session->screen, STYLE_HEADING, say(line, subject)),
                  standing[0] == '\0' ? "" : "  [", standing, standing[0] == '\0' ? "" : "]"));
  if (adduce_value_count(support) == 0 && shown_raw(line, "sentence") != NULL)
    screen_prose(&session->screen, "    ·", INDENT, with_stop(shown_text(line, "sentence")));
  print_claims(session, "·", "", support);
  print_disputes(session, adduce_value_get(line, "disputes"));
  print_claims(session, "◦", "In the place of:", adduce_value_get(line, "superseded"));
  print_origins(session, line);
}

static void print_explanation(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *lines = adduce_value_get(answer, "lines");
  const struct adduce_value *cluster = adduce_value_get(answer, "cluster");
  const char *field = shown_text(answer, "field");
  shown_at(session, answer);
  printf("%s%s%s\n", screen_styled(&session->screen, STYLE_HEADING, shown_text(answer, "subject")),
         field[0] == '\0' ? "" : ", ", field);
  for (size_t i = 0; i < adduce_value_count(cluster); i++) {
    const char *other = shown_value(adduce_value_at(cluster, i));
    if (strcmp(other, shown_text(answer, "subject")) != 0)
      printf("  judged the same as %s\n", other);
  }
  for (size_t i = 0; i < adduce_value_count(lines); i++)
    print_line(session, adduce_value_at(lines, i), adduce_value_get(answer, "subject"));
  if (adduce_value_count(lines) == 0)
    puts(adduce_value_get(answer, "erased") != NULL
             ? "  nothing that is left says it; what did was erased"
             : "  nothing that is asked for is said about it");
  shown_erased(session, answer);
  shown_not_counted(session, answer);
  shown_left_out(session, answer);
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
    .groups = COMMAND_QUESTION | COMMAND_MANNER | COMMAND_POLICY,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
