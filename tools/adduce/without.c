/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "commands.h"
#include "line.h"

#define SHOWN 20 /* of each list, unless --limit says otherwise */

static int64_t count_of(const struct adduce_value *answer, const char *name) {
  return shown_integer(adduce_value_get(answer, "counts"), name);
}

static void print_count(const struct adduce_value *answer, const char *name, const char *one,
                        const char *many) {
  int64_t count = count_of(answer, name);
  if (count != 0) printf("  %6" PRId64 "  %s\n", count, count == 1 ? one : many);
}

static void print_counts(const struct adduce_value *answer) {
  int64_t out = count_of(answer, "out");
  printf("%" PRId64 " of %" PRId64 " entries %s left out.\n", out, count_of(answer, "entries"),
         out == 1 ? "is" : "are");
  print_count(answer, "selected", "is what was asked for", "are what was asked for");
  print_count(answer, "falls", "falls with it", "fall with it");
  print_count(answer, "stands", "claim rested on it, and stands on something else",
              "claims rested on it, and stand on something else");
  print_count(answer, "revived", "claim has another status now", "claims have another status now");
  print_count(answer, "parted", "pair is not one subject any more",
              "pairs are not one subject any more");
  const char *of = text_format("%" PRId64 " subject%s", count_of(answer, "subjects"),
                               count_of(answer, "subjects") == 1 ? "" : "s");
  if (shown_flag(answer, "subjects_more"))
    printf(
        "Of the first %s that it touches; the others were not compared (`adduce state SUBJECT "
        "--without ...` asks of one):\n",
        of);
  else
    printf("Of %s that it touches:\n", of);
  print_count(answer, "unsupported", "line is supported no more", "lines are supported no more");
  print_count(answer, "supported", "line is said by others as well",
              "lines are said by others as well");
  print_count(answer, "changed", "line reads otherwise", "lines read otherwise");
}

/* --- why ----------------------------------------------------------------------------------*/

static const char *ids_of(const struct session *session, const struct adduce_value *ids) {
  struct text text;
  text_begin(&text);
  for (size_t i = 0; i < adduce_value_count(ids); i++)
    fprintf(text.stream, "%s%s", i == 0 ? "" : ", ", shown_id(session, adduce_value_at(ids, i)));
  return text_end(&text);
}

static const char *why(const struct session *session, const struct adduce_value *because) {
  static const struct {
    const char *rule, *words;
  } rules[] = {{"origin", "goes back to it"},
               {"chain", "on the word of"},
               {"publisher", "published by"},
               {"support", "rests on nothing but"},
               {"act", "acts on nothing but"},
               {"made", "made from it, as said by"},
               {"same", "the same statement, as said by"}};
  const char *rule = shown_text(because, "rule");
  const char *voice = shown_text(because, "voice");
  const char *via = ids_of(session, adduce_value_get(because, "via"));
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (strcmp(rule, rules[i].rule) == 0)
      return text_format("%s%s%s%s%s", rules[i].words, voice[0] == '\0' ? "" : " ", voice,
                         via[0] == '\0' ? "" : " ", via);
  return "";
}

/* "carried by A with B, or by C" */
static const char *carried(const struct session *session, const struct adduce_value *line) {
  const struct adduce_value *sets = adduce_value_get(line, "carried_by");
  struct text text;
  text_begin(&text);
  for (size_t i = 0; i < adduce_value_count(sets) && i < 3; i++)
    fprintf(text.stream, "%s%s", i == 0 ? "carried by " : "; or by ",
            ids_of(session, adduce_value_at(sets, i)));
  if (adduce_value_count(sets) > 3)
    fprintf(text.stream, "; or in %zu other ways", adduce_value_count(sets) - 3);
  return text_end(&text);
}

/* --- lists --------------------------------------------------------------------------------*/

static void print_rest(const struct adduce_value *answer, const char *name) {
  int64_t left =
      count_of(answer, name) - (int64_t)adduce_value_count(adduce_value_get(answer, name));
  if (left > 0) printf("  and %" PRId64 " more (--limit 0 shows all)\n", left);
}

static void print_claims(struct session *session, const struct adduce_value *answer,
                         const char *name, const char *heading) {
  const struct adduce_value *claims = adduce_value_get(answer, name);
  if (adduce_value_count(claims) == 0) return;
  shown_heading(session, heading);
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const char *reason = why(session, adduce_value_get(claim, "because"));
    const char *by = carried(session, claim);
    const char *was = shown_text(claim, "was");
    struct text text;
    text_begin(&text);
    fprintf(text.stream, "%s", shown_text(claim, "label"));
    if (reason[0] != '\0') fprintf(text.stream, "; %s", reason);
    if (by[0] != '\0') fprintf(text.stream, "; %s", by);
    if (was[0] != '\0') fprintf(text.stream, "; was %s, is %s", was, shown_status(session, claim));
    screen_prose(&session->screen, text_format("  %s", shown_event(session, claim)), 22,
                 text_end(&text));
  }
  print_rest(answer, name);
}

static const char *say(const struct adduce_value *line) {
  const char *section = shown_text(line, "section");
  if (strcmp(section, "relation") == 0)
    return text_format("%s %s", line_relation(line), line_other(line));
  if (strcmp(section, "sanction") == 0)
    return text_format("%s: %s", line_sanction(line), line_moved(line));
  if (strcmp(section, "fact") != 0)
    return text_format("%s: %s", shown_text(line, "field"), line_moved(line));
  return text_format("%s: %s", shown_text(line, "field"),
                     line_fact(line, adduce_value_get(line, "subject")));
}

static void print_lines(struct session *session, const struct adduce_value *answer,
                        const char *name, const char *heading) {
  const struct adduce_value *lines = adduce_value_get(answer, name);
  const char *last = "";
  if (adduce_value_count(lines) == 0) return;
  shown_heading(session, heading);
  for (size_t i = 0; i < adduce_value_count(lines); i++) {
    const struct adduce_value *line = adduce_value_at(lines, i);
    const char *subject = shown_text(line, "subject");
    const char *by = carried(session, line), *was = shown_text(line, "was");
    if (strcmp(subject, last) != 0) screen_line(&session->screen, text_format("  %s", subject));
    screen_prose(&session->screen, "   ", 6,
                 text_format("%s%s%s%s%s", say(line), was[0] == '\0' ? "" : "; was ", was,
                             by[0] == '\0' ? "" : "; ", by));
    last = subject;
  }
  print_rest(answer, name);
}

static void print_parted(struct session *session, const struct adduce_value *answer) {
  const struct adduce_value *pairs = adduce_value_get(answer, "parted");
  if (adduce_value_count(pairs) == 0) return;
  shown_heading(session, "Not one subject any more");
  for (size_t i = 0; i < adduce_value_count(pairs); i++) {
    const struct adduce_value *pair = adduce_value_at(pairs, i);
    screen_line(&session->screen,
                text_format("  %s and %s, judged so by %s", shown_text(pair, "left"),
                            shown_text(pair, "right"),
                            shown_id(session, adduce_value_get(pair, "judgement"))));
  }
  print_rest(answer, "parted");
}

static void print_without(struct session *session, const struct adduce_value *answer) {
  shown_at(session, answer);
  print_counts(answer);
  print_claims(session, answer, "selected", "Left out");
  print_claims(session, answer, "falls", "Falls with it");
  print_claims(session, answer, "stands", "Stands on something else");
  print_claims(session, answer, "revived", "Another status");
  print_parted(session, answer);
  print_lines(session, answer, "unsupported", "Supported no more");
  print_lines(session, answer, "supported", "Said by others as well");
  print_lines(session, answer, "changed", "Reads otherwise");
}

static enum adduce_err run(struct session *session) {
  struct adduce_question question;
  const struct adduce_value *answer;
  TRY(session_question(session, &question));
  for (int i = 0; i < session->options.operand_count; i++) {
    if (question.without_count == SESSION_SELECTORS)
      return session_fail(session, ADDUCE_E_USAGE, "%d selectors at most", SESSION_SELECTORS);
    session->without[question.without_count++] = session_operand(session, i);
  }
  if (question.without_count + question.only_count == 0)
    return session_fail(session, ADDUCE_E_USAGE, "say what to leave out: source:X, author:WHO ...");
  if (!session->is_json && !command_has(&session->options, "limit")) question.limit = SHOWN;
  TRY(session_open(session));
  TRY(adduce_ask_without(session->scope, session->ledger, &answer, &question));
  return session_answer(session, answer, print_without);
}

const struct command without_command = {
    .name = "without",
    .summary = "say what falls, and what stands, if something is left out",
    .usage = "SELECTOR...\n--only SELECTOR",
    .text =
        "Leaves out what is selected, as if it had never been entered, and says what that does to "
        "the whole ledger: what falls with it, what stands on something else and which events "
        "carry it, whose status changes, and which lines of which subjects are supported no "
        "more, said by others as well, or read otherwise. Counts come first; lines are compared of "
        "the first 1,000 subjects. A source or origin "
        "is taken away as a word: with it goes whatever was told on it, in whichever outlet. "
        "Authors, keys, events, kinds and levels of handling are taken away as records. Control "
        "entries stay, and all claims count, whatever the policy. Of each list 20 are shown, or as "
        "many as --limit says (0: all). `--without` and `--only` leave out the same of state, "
        "explain, timeline, log, sources, authors, show, history and diff.",
    .examples =
        "  adduce without source:agency/belta\n"
        "  adduce without origin:belarus/authorities --limit 0\n"
        "  adduce without author:newsroom.example key:7a3f\n"
        "  adduce explain release/123.quantity --without source:source/article-fr\n",
    .groups = COMMAND_QUESTION,
    .operands_max = -1,
    .run = run,
};
