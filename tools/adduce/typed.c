/* SPDX-License-Identifier: Apache-2.0 */
#include "typed.h"

#include <string.h>

static const struct adduce_value *find(const struct adduce_value *fields, const char *name) {
  for (size_t i = 0; i < adduce_value_count(fields); i++) {
    const struct adduce_value *field = adduce_value_at(fields, i);
    const struct adduce_value *its = adduce_value_get(field, "name");
    if (its != NULL && strcmp(adduce_value_text(its), name) == 0) return field;
  }
  return NULL;
}

const struct adduce_value *typed_field(const struct adduce_value *kind, const char *name) {
  const struct adduce_value *field = find(adduce_value_get(kind, "fields"), name);
  return field != NULL ? field : find(adduce_value_get(kind, "frame"), name);
}

bool typed_is_repeated(const struct adduce_value *kind, const char *name) {
  const struct adduce_value *repeated = adduce_value_get(typed_field(kind, name), "repeated");
  return repeated != NULL && adduce_value_boolean(repeated);
}

static const char *quote(const char *text) {
  struct text json;
  text_begin(&json);
  text_json(json.stream, text, strlen(text));
  return text_end(&json);
}

/* A number as JSON writes it: no leading zeros, no plus. */
static bool is_integer(const char *text) {
  const char *digits = text + (text[0] == '-');
  size_t length = strspn(digits, "0123456789");
  return length > 0 && digits[length] == '\0' && (digits[0] != '0' || length == 1);
}

/* 123, >=62, <=9, ~120, some, majority:123 or majority:SUBJECT; NULL if it is none of them. */
static const char *read_quantity(const char *text) {
  static const struct {
    const char *sign, *key;
  } forms[] = {{">=", "at_least"}, {"<=", "at_most"}, {"~", "about"}, {"", "exact"}};
  if (strcmp(text, "some") == 0) return "{\"some\":true}";
  if (strncmp(text, "majority:", 9) == 0)
    return text_format("{\"majority_of\":%s}", is_integer(text + 9) ? text + 9 : quote(text + 9));
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    size_t length = strlen(forms[i].sign);
    if (strncmp(text, forms[i].sign, length) == 0 && is_integer(text + length))
      return text_format("{\"%s\":%s}", forms[i].key, text + length);
  }
  return NULL;
}

/* FROM..TO, either of which may be missing; NULL if it is none. */
static const char *read_period(const char *text) {
  const char *dots = strstr(text, "..");
  if (dots == NULL || (dots == text && dots[2] == '\0')) return NULL;
  const char *from = quote(text_format("%.*s", (int)(dots - text), text)), *to = quote(dots + 2);
  if (dots == text) return text_format("{\"to\":%s}", to);
  if (dots[2] == '\0') return text_format("{\"from\":%s}", from);
  return text_format("{\"from\":%s,\"to\":%s}", from, to);
}

static bool is_one_of(const char *type, const char *const *types) {
  for (; *types != NULL; types++)
    if (strcmp(*types, type) == 0) return true;
  return false;
}

enum adduce_err typed_value(struct session *session, const char **json,
                            const struct adduce_value *kind, const char *name, const char *text) {
  static const char *const maps[] = {"attribution", "citation",  "map",      "spellings",
                                     "extraction",  "anonymous", "selector", NULL};
  const struct adduce_value *named = adduce_value_get(typed_field(kind, name), "type");
  const char *type = named == NULL ? "text" : adduce_value_text(named);
  *json = quote(text);
  if (strcmp(type, "integer") == 0 && is_integer(text)) *json = text;
  if (strcmp(type, "boolean") == 0 && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
    *json = text;
  if (is_one_of(type, maps))
    return session_fail(session, ADDUCE_E_TYPE, "field %s: it takes a map; write %s:={...}", name,
                        name);
  if (strcmp(type, "quantity") == 0) *json = read_quantity(text);
  if (strcmp(type, "period") == 0) *json = read_period(text);
  if (*json != NULL) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_TYPE,
                      strcmp(type, "period") == 0
                          ? "field %s: a period is FROM..TO, FROM.. or ..TO, not \"%s\"; else "
                            "write it as JSON with :="
                          : "field %s: a quantity is 123, >=62, <=9, ~120, some or majority:123, "
                            "not \"%s\"; else write it as JSON with :=",
                      name, text);
}
