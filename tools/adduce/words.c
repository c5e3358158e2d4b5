/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <inttypes.h>
#include <string.h>

#define ID_DIGITS 12

static const struct adduce_value *get(const struct adduce_value *map, const char *key) {
  return adduce_value_get(map, key);
}

static bool is_one_of(const char *key, const char *const *keys) {
  for (; *keys != NULL; keys++)
    if (strcmp(*keys, key) == 0) return true;
  return false;
}

/* The pairs whose keys are not in `said`, each after a comma; the first without one if `bare`. */
static void write_rest(FILE *out, const struct adduce_value *map, const char *const *said,
                       bool bare) {
  for (size_t i = 0; i < adduce_value_count(map); i++) {
    const struct adduce_value *value = adduce_value_at(map, i);
    if (is_one_of(adduce_value_key(map, i), said)) continue;
    fprintf(out, "%s%s ", bare ? "" : ", ", text_clean(adduce_value_key(map, i)));
    bool is_nested = value != NULL && adduce_value_type(value) == ADDUCE_MAP;
    if (is_nested) fputc('(', out);
    words_write(out, value);
    if (is_nested) fputc(')', out);
    bare = false;
  }
}

/* "1 person": the unit of one, where it is a common one. */
static const char *unit_of_one(const char *unit) {
  static const char *const units[][2] = {
      {"persons", "person"},     {"people", "person"},      {"prisoners", "prisoner"},
      {"detainees", "detainee"}, {"countries", "country"},  {"companies", "company"},
      {"days", "day"},           {"months", "month"},       {"years", "year"},
      {"items", "item"},         {"documents", "document"}, {"vessels", "vessel"},
  };
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (strcmp(unit, units[i][0]) == 0) return units[i][1];
  return unit;
}

static void write_unit(FILE *out, const struct adduce_value *map) {
  static const char *const forms[] = {"exact", "at_least", "at_most", "about"};
  const struct adduce_value *unit = get(map, "unit");
  bool is_one = false;
  if (unit == NULL) return;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    const struct adduce_value *number = get(map, forms[i]);
    if (number != NULL) is_one = adduce_value_integer(number) == 1;
  }
  fputc(' ', out);
  if (is_one && adduce_value_type(unit) == ADDUCE_TEXT)
    fputs(text_clean(unit_of_one(adduce_value_text(unit))), out);
  else
    words_write(out, unit);
}

/* How many: the one bound, and of what. False if the map is no quantity. */
static bool write_quantity(FILE *out, const struct adduce_value *map) {
  static const char *const said[] = {"exact", "at_least", "at_most", "about", "majority_of",
                                     "some",  "unit",     "of",      NULL};
  static const char *const words[] = {"",       "at least ",      "at most ",
                                      "about ", "a majority of ", "some"};
  bool found = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const struct adduce_value *bound = get(map, said[i]);
    if (bound == NULL) continue;
    fprintf(out, "%s%s", found ? " and " : "", words[i]);
    if (adduce_value_type(bound) != ADDUCE_BOOLEAN) words_write(out, bound);
    found = true;
  }
  if (!found) return false;
  write_unit(out, map);
  if (get(map, "of") != NULL) fputs(" of ", out);
  words_write(out, get(map, "of"));
  write_rest(out, map, said, false);
  return true;
}

/* When: from, to, and what it is relative to. False if the map is no period. */
static bool write_period(FILE *out, const struct adduce_value *map) {
  static const char *const said[] = {"from",   "to",        "after", "before",
                                     "during", "certainty", "words", NULL};
  const struct adduce_value *certainty = get(map, "certainty"), *words = get(map, "words");
  bool found = false;
  for (size_t i = 0; i < 5; i++) {
    if (get(map, said[i]) == NULL) continue;
    fprintf(out, "%s%s ", found ? ", " : "", said[i]);
    words_write(out, get(map, said[i]));
    found = true;
  }
  if (!found && words == NULL) return false;
  if (certainty != NULL)
    fprintf(out, ", %s",
            strcmp(adduce_value_text(certainty), "at_some_point") == 0
                ? "at some point"
                : text_clean(adduce_value_text(certainty)));
  if (words != NULL) fprintf(out, " (“%s”)", text_clean(adduce_value_text(words)));
  write_rest(out, map, said, false);
  return true;
}

/* A text with its spelling in the source and its language. */
static void write_spelled(FILE *out, const struct adduce_value *map) {
  static const char *const said[] = {"v", "original", "lang", NULL};
  const struct adduce_value *original = get(map, "original"), *language = get(map, "lang");
  words_write(out, get(map, "v"));
  if (original != NULL || language != NULL) {
    fputs(" (", out);
    if (original != NULL) fprintf(out, "“%s”", text_clean(adduce_value_text(original)));
    if (original != NULL && language != NULL) fputs(", ", out);
    words_write(out, language);
    fputc(')', out);
  }
  write_rest(out, map, said, false);
}

/* One hop of who says it on whose word. */
static void write_hop(FILE *out, const struct adduce_value *map) {
  static const char *const said[] = {"agent", "anonymous", "act", "marker", NULL};
  const struct adduce_value *anonymous = get(map, "anonymous"), *marker = get(map, "marker");
  if (anonymous != NULL) fputs("somebody unnamed (", out);
  words_write(out, anonymous != NULL ? anonymous : get(map, "agent"));
  fputs(anonymous != NULL ? ") " : " ", out);
  words_write(out, get(map, "act"));
  if (marker != NULL) fprintf(out, " (“%s”)", text_clean(adduce_value_text(marker)));
  write_rest(out, map, said, false);
}

static void write_selector(FILE *out, const struct adduce_value *map) {
  static const char *const positions[] = {"type", "start", "end", NULL};
  static const char *const others[] = {"type", "exact", "value", NULL};
  const struct adduce_value *start = get(map, "start"), *end = get(map, "end");
  const struct adduce_value *exact = get(map, "exact"), *value = get(map, "value");
  bool is_position = start != NULL && end != NULL;
  if (is_position)
    fprintf(out, "characters %" PRId64 "–%" PRId64, adduce_value_integer(start),
            adduce_value_integer(end));
  else if (exact != NULL)
    fprintf(out, "the words “%s”", text_clean(adduce_value_text(exact)));
  else
    words_write(out, value != NULL ? value : get(map, "type"));
  write_rest(out, map, is_position ? positions : others, false);
}

void words_write_selectors(FILE *out, const struct adduce_value *selectors) {
  if (selectors != NULL && adduce_value_type(selectors) != ADDUCE_LIST) {
    words_write(out, selectors);
    return;
  }
  for (size_t i = 0; i < adduce_value_count(selectors); i++) {
    if (i > 0) fputs(", ", out);
    words_write(out, adduce_value_at(selectors, i));
  }
}

static void write_citation(FILE *out, const struct adduce_value *map) {
  static const char *const said[] = {"quote", "selector", "source", NULL};
  const struct adduce_value *quote = get(map, "quote"), *selector = get(map, "selector");
  if (quote != NULL) fprintf(out, "“%s”, ", text_clean(adduce_value_text(quote)));
  words_write_selectors(out, selector);
  fputs(selector == NULL ? "source " : " of ", out);
  words_write(out, get(map, "source"));
  write_rest(out, map, said, false);
}

static void write_map(FILE *out, const struct adduce_value *map) {
  static const char *const nothing[] = {NULL};
  if (get(map, "?") != NULL && adduce_value_count(map) == 1)
    words_write(out, get(map, "?"));
  else if (get(map, "v") != NULL)
    write_spelled(out, map);
  else if (get(map, "act") != NULL)
    write_hop(out, map);
  else if (get(map, "source") != NULL)
    write_citation(out, map);
  else if (get(map, "type") != NULL &&
           (get(map, "start") != NULL || get(map, "exact") != NULL || get(map, "value") != NULL))
    write_selector(out, map);
  else if (!write_quantity(out, map) && !write_period(out, map))
    write_rest(out, map, nothing, true);
}

void words_write(FILE *out, const struct adduce_value *value) {
  if (value == NULL) return;
  switch (adduce_value_type(value)) {
    case ADDUCE_BOOLEAN:
      fputs(adduce_value_boolean(value) ? "true" : "false", out);
      return;
    case ADDUCE_INTEGER:
      fprintf(out, "%" PRId64, adduce_value_integer(value));
      return;
    case ADDUCE_TEXT:
      fputs(text_clean(adduce_value_text(value)), out);
      return;
    case ADDUCE_BYTES:
      if (adduce_value_bytes(value).size == 32)
        fputs(text_hex(adduce_value_bytes(value).data, ID_DIGITS), out);
      else
        fprintf(out, "%zu bytes", adduce_value_bytes(value).size);
      return;
    case ADDUCE_LIST:
      for (size_t i = 0; i < adduce_value_count(value); i++) {
        if (i > 0) fputs("; ", out);
        words_write(out, adduce_value_at(value, i));
      }
      return;
    case ADDUCE_MAP:
      write_map(out, value);
      return;
  }
}
