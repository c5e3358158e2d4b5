/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

#include <string.h>

#define EVENTS_SHOWN 3

const char *line_bounds(const struct adduce_value *bounds) {
  const struct adduce_value *least = adduce_value_get(bounds, "at_least");
  const struct adduce_value *most = adduce_value_get(bounds, "at_most");
  if (least != NULL && most != NULL) {
    if (adduce_value_integer(least) == adduce_value_integer(most))
      return text_format("exactly %s", shown_value(least));
    return text_format("at least %s, at most %s", shown_value(least), shown_value(most));
  }
  if (least != NULL) return text_format("at least %s", shown_value(least));
  return most == NULL ? "" : text_format("at most %s", shown_value(most));
}

/* Whether the quantity says the number itself, so that its bounds say nothing more. */
static bool is_exact(const struct adduce_value *quantity) {
  return adduce_value_get(quantity, "exact") != NULL;
}

/* "some persons", without "of" the subject itself. */
static const char *say_quantity(const struct adduce_value *quantity,
                                const struct adduce_value *subject) {
  const char *said = shown_value(quantity);
  const char *of_it = text_format(" of %s", shown_value(subject));
  size_t length = strlen(said), tail = strlen(of_it);
  bool is_of_it = subject != NULL && length > tail && strcmp(said + length - tail, of_it) == 0;
  return is_of_it ? text_format("%.*s", (int)(length - tail), said) : said;
}

const char *line_fact(const struct adduce_value *line, const struct adduce_value *subject) {
  const struct adduce_value *value = adduce_value_get(line, "value");
  const struct adduce_value *quantity = adduce_value_get(line, "quantity");
  const char *original = shown_raw(line, "original");
  const char *said = shown_value(value);
  /* A map shows its own spelling. */
  if (original != NULL && value != NULL && adduce_value_type(value) != ADDUCE_MAP)
    said = text_format("%s (“%s”)", said, text_clean(original));
  if (quantity != NULL) said = text_format("%s, for %s", said, say_quantity(quantity, subject));
  const char *bounds = line_bounds(adduce_value_get(line, "bounds"));
  if (bounds[0] == '\0' || is_exact(quantity) || is_exact(value)) return said;
  return text_format("%s: %s", said, bounds);
}

const char *line_relation(const struct adduce_value *line) {
  const char *direction = shown_raw(line, "direction");
  bool is_towards = direction != NULL && strcmp(direction, "to") == 0;
  return text_format("%s %s", is_towards ? "←" : "→", shown_text(line, "relation"));
}

const char *line_other(const struct adduce_value *line) {
  const char *other = shown_value(adduce_value_get(line, "other"));
  const char *name = shown_value(adduce_value_get(line, "other_name"));
  return name[0] == '\0' ? other : text_format("%s (%s)", other, name);
}

const char *line_moved(const struct adduce_value *line) {
  const char *degree = shown_raw(line, "degree"), *in_force = shown_raw(line, "in_force");
  struct text text;
  text_begin(&text);
  fputs(shown_text(line, "state"), text.stream);
  if (degree != NULL)
    fprintf(text.stream, " (%s)", strcmp(degree, "partial") == 0 ? "in part" : text_clean(degree));
  if (in_force != NULL) fprintf(text.stream, ", in force: %s", text_clean(in_force));
  if (shown_flag(line, "competing")) fputs(", accounts differ", text.stream);
  return text_end(&text);
}

const char *line_sanction(const struct adduce_value *line) {
  static const char *const keys[] = {"issuer", "target", "measure", "scope"};
  struct text text;
  size_t shown = 0;
  text_begin(&text);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const char *part = shown_value(adduce_value_get(line, keys[i]));
    if (part[0] != '\0') fprintf(text.stream, "%s%s", shown++ > 0 ? ", " : "", part);
  }
  return text_end(&text);
}

/* --- manner and standing -------------------------------------------------------------------*/

/* The modes of adduce/query.h, and what they are called beside a line. */
static const struct {
  const char *mode, *label, *heading;
} manners[] = {
    {"primary", "by a party", NULL},
    {"stated", "", NULL},
    {"reported", "reported", NULL},
    {"possible", "possible", "only possible"},
    {"intended", "intended", "only intended"},
    {"denied", "denied", "denied"},
    {"open", "left open", "left open"},
};

static size_t manner_of(const struct adduce_value *line) {
  const char *mode = shown_raw(line, "mode");
  for (size_t i = 0; mode != NULL && i < sizeof manners / sizeof *manners; i++)
    if (strcmp(mode, manners[i].mode) == 0) return i;
  return 1;
}

const char *line_apart(size_t number) {
  size_t seen = 0;
  for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
    if (manners[i].heading != NULL && seen++ == number) return manners[i].heading;
  return NULL;
}

bool line_belongs(const struct adduce_value *line, const char *apart) {
  const char *heading = manners[manner_of(line)].heading;
  return heading == NULL || apart == NULL ? heading == apart : strcmp(heading, apart) == 0;
}

const char *line_standing(const struct session *session, const struct adduce_value *line) {
  const char *status = shown_raw(line, "status"), *manner = manners[manner_of(line)].label;
  bool is_plain = (status == NULL || strcmp(status, "live") == 0) &&
                  adduce_value_count(adduce_value_get(line, "marks")) == 0;
  if (is_plain) return manner;
  return text_format("%s%s%s", manner, manner[0] == '\0' ? "" : ", ", shown_status(session, line));
}

/* One more is shown rather than counted. */
bool line_is_cut(const struct adduce_value *claims) {
  return adduce_value_count(claims) > EVENTS_SHOWN + 1;
}

const char *line_events(const struct session *session, const struct adduce_value *line) {
  const struct adduce_value *claims = line_claims(line);
  struct text text;
  size_t count = adduce_value_count(claims), shown = line_is_cut(claims) ? EVENTS_SHOWN : count;
  text_begin(&text);
  for (size_t i = 0; i < shown; i++) {
    const struct adduce_value *claim = adduce_value_at(claims, i);
    const char *manner = manners[manner_of(claim)].label;
    bool differs = manner_of(claim) != manner_of(line) && manner[0] != '\0';
    fprintf(text.stream, "%s%s%s%s%s", i > 0 ? ", " : "", shown_event(session, claim),
            differs ? " (" : "", differs ? manner : "", differs ? ")" : "");
  }
  if (count > shown) fprintf(text.stream, " and %zu more", count - shown);
  return text_end(&text);
}

const struct adduce_value *line_claims(const struct adduce_value *line) {
  const struct adduce_value *support = adduce_value_get(line, "support");
  return support != NULL ? support : adduce_value_get(line, "acts");
}
