/* SPDX-License-Identifier: Apache-2.0 */
#include "query/prose.h"

#include <inttypes.h>

#include "base/hex.h"

#define ITEMS_MAX 8 /* of a list, before "and more" */

void prose_word(struct buffer *out, struct adduce_span word) {
  for (size_t i = 0; i < word.size; i++) buffer_byte(out, word.data[i] == '_' ? ' ' : word.data[i]);
}

enum adduce_err prose_subject(struct asked *asked, struct buffer *out, struct adduce_span subject) {
  struct adduce_span text;
  TRY(names_show(asked, &text, subject));
  buffer_span(out, text);
  return ADDUCE_OK;
}

void prose_person(struct buffer *out, const struct person *person) {
  if (person->name.size != 0) {
    buffer_span(out, person->name);
  } else if (person->known && person->author.organization.size != 0) {
    buffer_span(out, person->author.organization);
  } else {
    buffer_format(out, "key %.12s", hex_text32(person->key.bytes).text);
  }
}

/* --- number ------------------------------------------------------------------------------ */

/* Whether the last word of a name looks like an English plural: "authorities", not "Belarus". */
static bool looks_plural(struct adduce_span name) {
  static const char *const endings[] = {"ss", "us", "is"};
  if (name.size < 3 || name.data[name.size - 1] != 's') return false;
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
    if (memcmp(name.data + name.size - 2, endings[i], 2) == 0) return false;
  return true;
}

enum adduce_err prose_plural(struct asked *asked, bool *is_plural, struct adduce_span subject) {
  const struct names_entry *entry;
  *is_plural = false;
  if (subject.size == 0) return ADDUCE_OK;
  TRY(names_find(asked, &entry, subject));
  *is_plural = span_is(entry->schema, "Group") ||
               (looks_plural(entry->name) &&
                (span_is(entry->schema, "PublicBody") || span_is(entry->schema, "Organization")));
  return ADDUCE_OK;
}

/* --- quantities --------------------------------------------------------------------------- */

static bool find_number(const struct cursor *map, const char *key, int64_t *number) {
  struct adduce_span encoded;
  if (!cursor_find(map, key, &encoded)) return false;
  struct cursor cursor = cursor_of(encoded);
  return cursor_int(&cursor, number);
}

static bool find_text(const struct cursor *map, const char *key, struct adduce_span *text) {
  struct adduce_span encoded;
  if (!cursor_find(map, key, &encoded)) return false;
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, text);
}

static enum adduce_err put_bounds(struct asked *asked, struct buffer *out,
                                  const struct cursor *map) {
  static const struct {
    const char *key, *words;
  } forms[] = {{"exact", ""},
               {"at_least", "at least "},
               {"at_most", "at most "},
               {"about", "about "},
               {"majority_of", "a majority of "}};
  struct adduce_span subject;
  const char *between = "";
  int64_t number;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    if (!find_number(map, forms[i].key, &number)) continue;
    buffer_format(out, "%s%s%" PRId64, between, forms[i].words, number);
    between = " and ";
  }
  if (find_text(map, "majority_of", &subject)) {
    buffer_text(out, "a majority of ");
    TRY(prose_subject(asked, out, subject));
    between = " and ";
  }
  if (*between == '\0') buffer_text(out, "some");
  return ADDUCE_OK;
}

/* "1 person", not "1 persons"; units are free words, so only common ones are known. */
static void put_unit(struct buffer *out, const struct cursor *map, struct adduce_span unit) {
  static const char *const units[][2] = {
      {"persons", "person"},     {"people", "person"},      {"prisoners", "prisoner"},
      {"detainees", "detainee"}, {"countries", "country"},  {"companies", "company"},
      {"days", "day"},           {"months", "month"},       {"years", "year"},
      {"items", "item"},         {"documents", "document"}, {"vessels", "vessel"},
  };
  static const char *const forms[] = {"exact", "at_least", "at_most", "about"};
  bool is_one = false;
  int64_t number;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
    if (find_number(map, forms[i], &number)) is_one = number == 1;
  buffer_byte(out, ' ');
  for (size_t i = 0; is_one && i < sizeof units / sizeof units[0]; i++)
    if (span_is(unit, units[i][0])) unit = span_text(units[i][1]);
  buffer_span(out, unit);
}

enum adduce_err prose_quantity(struct asked *asked, struct buffer *out,
                               struct adduce_span encoded) {
  struct cursor map = cursor_of(encoded);
  struct adduce_span text;
  if (cursor_peek(&map) != CURSOR_MAP) return ADDUCE_OK;
  TRY(put_bounds(asked, out, &map));
  if (find_text(&map, "unit", &text)) put_unit(out, &map, text);
  if (find_text(&map, "of", &text)) {
    buffer_text(out, " of ");
    TRY(prose_subject(asked, out, text));
  }
  return ADDUCE_OK;
}

/* --- values ------------------------------------------------------------------------------- */

static bool is_quantity(const struct cursor *map) {
  static const char *const keys[] = {"exact", "at_least",    "at_most",
                                     "about", "majority_of", "some"};
  struct adduce_span encoded;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (cursor_find(map, keys[i], &encoded)) return true;
  return false;
}

static enum adduce_err put_map(struct asked *asked, struct buffer *out, struct adduce_span encoded,
                               bool is_subject) {
  struct cursor map = cursor_of(encoded);
  struct adduce_span text;
  if (find_text(&map, "?", &text)) {
    buffer_span(out, text);
  } else if (find_text(&map, "subject", &text)) {
    return prose_subject(asked, out, text);
  } else if (is_quantity(&map)) {
    return prose_quantity(asked, out, encoded);
  } else if (names_text(encoded).size != 0) {
    text = names_text(encoded);
    if (is_subject) return prose_subject(asked, out, text);
    buffer_span(out, text);
  } else {
    buffer_text(out, "(a map)");
  }
  return ADDUCE_OK;
}

static void put_bytes(struct buffer *out, struct adduce_span bytes) {
  if (bytes.size == 32)
    buffer_format(out, "%.12s", hex_text32(bytes.data).text);
  else
    buffer_format(out, "(%zu bytes)", bytes.size);
}

static enum adduce_err put_scalar(struct asked *asked, struct buffer *out, struct cursor *cursor,
                                  bool is_subject) {
  struct adduce_span text;
  int64_t number;
  bool truth;
  if (cursor_str(cursor, &text)) {
    if (is_subject) return prose_subject(asked, out, text);
    buffer_span(out, text);
  } else if (cursor_int(cursor, &number)) {
    buffer_format(out, "%" PRId64, number);
  } else if (cursor_bool(cursor, &truth)) {
    buffer_text(out, truth ? "yes" : "no");
  } else if (cursor_bin(cursor, &text)) {
    put_bytes(out, text);
  }
  return ADDUCE_OK;
}

static enum adduce_err put_item(struct asked *asked, struct buffer *out, struct adduce_span encoded,
                                bool is_subject) {
  struct cursor cursor = cursor_of(encoded);
  if (cursor_peek(&cursor) == CURSOR_MAP) return put_map(asked, out, encoded, is_subject);
  return put_scalar(asked, out, &cursor, is_subject);
}

enum adduce_err prose_value(struct asked *asked, struct buffer *out, struct adduce_span encoded,
                            bool is_subject) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span element;
  uint32_t count;
  if (!cursor_array(&cursor, &count)) return put_item(asked, out, encoded, is_subject);
  for (uint32_t i = 0; i < count && cursor_value(&cursor, &element); i++) {
    if (i == ITEMS_MAX) {
      buffer_text(out, " and more");
      break;
    }
    if (i > 0) buffer_text(out, ", ");
    TRY(put_item(asked, out, element, is_subject));
  }
  return ADDUCE_OK;
}
