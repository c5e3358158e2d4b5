/* SPDX-License-Identifier: Apache-2.0 */
#include "change.h"

#include <inttypes.h>
#include <string.h>

#include "line.h"

/* Words that are compared, and not shown. */
static const char *raw(const struct adduce_value *map, const char *key) {
  const char *word = shown_raw(map, key);
  return word == NULL ? "" : word;
}

/* --- causes --------------------------------------------------------------------------------*/

static const char *say_events(const struct session *session, const struct adduce_value *events) {
  struct text text;
  text_begin(&text);
  for (size_t i = 0; i < adduce_value_count(events); i++)
    fprintf(text.stream, "%s%s", i == 0 ? "" : ", ",
            shown_event(session, adduce_value_at(events, i)));
  return text_end(&text);
}

static const char *say_time(const struct session *session, const struct adduce_value *bounds) {
  struct text text;
  text_begin(&text);
  fputs("only time passed", text.stream);
  for (size_t i = 0; i < adduce_value_count(bounds); i++) {
    const struct adduce_value *bound = adduce_value_at(bounds, i);
    const char *time = shown_text(bound, "time"), *end = shown_text(bound, "end");
    fprintf(text.stream, "%s%s holds %s %s", i == 0 ? ": " : "; ", shown_event(session, bound), end,
            time[0] == '\0' ? "an unknown time" : time);
  }
  return text_end(&text);
}

/* "corrected", or what it is called when it is no plain act. */
static const char *say_act(const struct adduce_value *cause) {
  const char *act = shown_text(cause, "act"), *of = shown_text(cause, "of");
  return of[0] == '\0' ? act : text_format("%s: what was %s by", act, of);
}

const char *change_cause(const struct session *session, const struct adduce_value *cause) {
  const char *name = raw(cause, "cause");
  const char *reason = shown_text(cause, "reason"), *label = shown_text(cause, "label");
  const char *events = say_events(session, adduce_value_get(cause, "on"));
  if (strcmp(name, "time-passed") == 0) return say_time(session, adduce_value_get(cause, "bounds"));
  if (strcmp(name, "new-claim") == 0)
    return text_format("new claim: %s", label[0] == '\0' ? shown_text(cause, "kind") : label);
  const char *act = say_act(cause);
  bool is_plain = strcmp(name, raw(cause, "act")) == 0; /* then the name says nothing more */
  return text_format("%s%s%s%s%s%s%s", is_plain ? "" : name, is_plain || act[0] == '\0' ? "" : ", ",
                     act, events[0] == '\0' ? "" : " ", events, reason[0] == '\0' ? "" : ": ",
                     reason[0] != '\0' || events[0] != '\0' ? reason : text_format(": %s", label));
}

const char *change_event(const struct session *session, const struct adduce_value *cause) {
  const char *author = shown_author(cause);
  return text_format("%s  %s%s%s", shown_event(session, cause),
                     screen_styled(&session->screen, STYLE_QUIET,
                                   shown_when(adduce_value_get(cause, "recorded_at"))),
                     author[0] == '\0' ? "" : "  ", author);
}

/* --- changes -------------------------------------------------------------------------------*/

/* What a line is about, before its value. */
static const char *say_what(const struct adduce_value *change, const struct adduce_value *line) {
  const char *section = raw(change, "section");
  if (strcmp(section, "relation") == 0)
    return text_format("%s %s", line_relation(line), line_other(line));
  if (strcmp(section, "sanction") == 0) return line_sanction(line);
  if (strcmp(section, "release") == 0)
    return shown_raw(line, "release") == NULL
               ? "release"
               : text_format("release %s", shown_text(line, "release"));
  if (strcmp(section, "bounds") == 0)
    return text_format("%s together", shown_text(change, "field"));
  if (strcmp(section, "incomplete") == 0)
    return text_format("not counted, %s", shown_text(line, "kind"));
  if (strcmp(section, "same") == 0)
    return text_format("the same as %s", shown_text(change, "other"));
  if (strcmp(section, "parted") == 0)
    return text_format("judged not to be %s", shown_text(change, "other"));
  return shown_text(change, "field");
}

/* What is said of it. */
static const char *say_value(const struct session *session, const struct adduce_value *change,
                             const struct adduce_value *line, const struct adduce_value *subject) {
  const char *section = raw(change, "section"), *said = "";
  const char *standing = line_standing(session, line);
  if (strcmp(section, "fact") == 0) said = line_fact(line, subject);
  if (strcmp(section, "sanction") == 0 || strcmp(section, "release") == 0 ||
      strcmp(section, "state") == 0)
    said = line_moved(line);
  if (strcmp(section, "bounds") == 0) said = line_bounds(adduce_value_get(line, "bounds"));
  if (standing[0] == '\0') return said;
  return text_format("%s%s[%s]", said, said[0] == '\0' ? "" : "  ", standing);
}

/* What became of the claims beneath a line that reads as before. */
static const char *say_claims(const struct session *session, const struct adduce_value *before,
                              const struct adduce_value *after) {
  const struct adduce_value *claims = adduce_value_get(after, "support");
  int64_t count = shown_integer(before, "supports"), now = shown_integer(after, "supports");
  struct text text;
  text_begin(&text);
  if (count != now)
    fprintf(text.stream, "rests on %" PRId64 " claim%s, before on %" PRId64, now,
            now == 1 ? "" : "s", count);
  for (size_t i = 0; i < adduce_value_count(claims); i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const struct adduce_value *revised = adduce_value_get(claim, "revised");
    fprintf(text.stream, "%s%s %s", i == 0 && count == now ? "" : "; ", shown_event(session, claim),
            shown_status(session, claim));
    for (size_t j = 0; j < adduce_value_count(revised); j++)
      fprintf(text.stream, ", its source revised by %s",
              shown_event(session, adduce_value_at(revised, j)));
  }
  return text_end(&text);
}

void change_print(struct session *session, const struct adduce_value *change, size_t indent,
                  const struct adduce_value *subject) {
  const struct adduce_value *before = adduce_value_get(change, "before");
  const struct adduce_value *after = adduce_value_get(change, "after");
  const char *what = say_what(change, after != NULL ? after : before);
  const char *was = before == NULL ? "" : say_value(session, change, before, subject);
  const char *is = after == NULL ? "" : say_value(session, change, after, subject);
  const char *sign = before == NULL  ? screen_styled(&session->screen, STYLE_GOOD, "+")
                     : after == NULL ? screen_styled(&session->screen, STYLE_BAD, "-")
                                     : screen_styled(&session->screen, STYLE_WARN, "~");
  struct text text;
  text_begin(&text);
  fputs(what, text.stream);
  if (before != NULL && after != NULL && strcmp(was, is) == 0) {
    const char *claims = say_claims(session, before, after);
    fprintf(text.stream, "%s%s  (%s)", is[0] == '\0' ? "" : ": ", is,
            claims[0] == '\0' ? "the claims it rests on have changed" : claims);
  } else if (before != NULL && after != NULL) {
    fprintf(text.stream, ": %s → %s", was[0] == '\0' ? "live" : was, is[0] == '\0' ? "live" : is);
  } else if (was[0] != '\0' || is[0] != '\0') {
    fprintf(text.stream, ": %s%s", was, is);
  }
  screen_prose(&session->screen, text_format("%*s%s", (int)indent, "", sign), indent + 2,
               text_end(&text));
}
