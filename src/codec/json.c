/* SPDX-License-Identifier: Apache-2.0 */
/* adduce_value_from_json; the other direction is in json_write.c. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"
#include "codec/base64.h"
#include "codec/canonical.h"
#include "codec/place.h"
#include "codec/value.h"

#define ID_BYTES 32

/* --- the survey: what jansson would take and adduce does not, found with its place --- */

struct survey {
  struct adduce_scope *scope;
  struct adduce_span text;
  size_t at;
  unsigned depth; /* open lists and maps */
};

__attribute__((format(printf, 4, 5))) static enum adduce_err refuse(const struct survey *survey,
                                                                    enum adduce_err err, size_t at,
                                                                    const char *format, ...) {
  size_t line = 1, column = 1;
  for (size_t i = 0; i < at; i++) {
    uint8_t byte = survey->text.data[i];
    if (byte == '\n') {
      line++;
      column = 1;
    } else if ((byte & 0xc0) != 0x80) {
      column++;
    }
  }
  char what[128];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return scope_fail(survey->scope, err, "line %zu, column %zu: %s", line, column, what);
}

/* The next byte; 0 at the end. */
static uint8_t peek(const struct survey *survey) {
  return survey->at < survey->text.size ? survey->text.data[survey->at] : 0;
}

static bool next_is(const struct survey *survey, const char *text) {
  return span_starts(span_of(survey->text.data + survey->at, survey->text.size - survey->at), text);
}

static void skip_string(struct survey *survey) {
  for (survey->at++; survey->at < survey->text.size; survey->at++) {
    if (peek(survey) == '"') break;
    if (peek(survey) == '\\') survey->at++;
  }
  survey->at++;
}

static enum adduce_err survey_number(struct survey *survey) {
  size_t begin = survey->at;
  uint64_t magnitude = 0;
  for (;; survey->at++) {
    uint8_t byte = peek(survey);
    if (byte >= '0' && byte <= '9') {
      if (magnitude <= (uint64_t)CANONICAL_INTEGER_MAX) magnitude = 10 * magnitude + byte - '0';
    } else if (byte == '.' || byte == 'e' || byte == 'E') {
      return refuse(survey, ADDUCE_E_JSON, begin,
                    "a number with a fraction or an exponent; write it as text");
    } else if (byte != '-') {
      break;
    }
  }
  if (magnitude <= (uint64_t)CANONICAL_INTEGER_MAX) return ADDUCE_OK;
  return refuse(survey, ADDUCE_E_VALUE, begin, "an integer beyond 2^53 - 1; write it as text");
}

/* A value 16 deep may be empty, or bytes, which are one value however JSON writes them. */
static enum adduce_err survey_open(struct survey *survey) {
  survey->depth++;
  size_t begin = survey->at++;
  if (survey->depth < CANONICAL_DEPTH) return ADDUCE_OK;
  while (peek(survey) == ' ' || peek(survey) == '\t' || peek(survey) == '\n' ||
         peek(survey) == '\r')
    survey->at++;
  uint8_t byte = peek(survey);
  bool is_leaf =
      byte == ']' || byte == '}' || next_is(survey, "\"$id\"") || next_is(survey, "\"$bytes\"");
  if (survey->depth == CANONICAL_DEPTH && is_leaf) return ADDUCE_OK;
  return refuse(survey, ADDUCE_E_JSON, begin, "nested more than %d deep", CANONICAL_DEPTH);
}

/* Looks at what stands outside strings. Text that is no JSON at all passes; jansson, which reads
 * it next, says so. */
static enum adduce_err survey_text(struct survey *survey) {
  while (survey->at < survey->text.size) {
    uint8_t byte = peek(survey);
    if (byte == '"') {
      skip_string(survey);
    } else if (byte == '[' || byte == '{') {
      TRY(survey_open(survey));
    } else if (byte == '-' || (byte >= '0' && byte <= '9')) {
      TRY(survey_number(survey));
    } else if (next_is(survey, "null")) {
      return refuse(survey, ADDUCE_E_JSON, survey->at,
                    "null is not allowed; leave the key out, or write {\"?\": \"unknown\"}");
    } else {
      if ((byte == ']' || byte == '}') && survey->depth != 0) survey->depth--;
      survey->at++;
    }
  }
  return ADDUCE_OK;
}

/* --- from jansson's tree to ours --- */

static enum adduce_err convert(struct adduce_scope *scope, struct adduce_value **value,
                               json_t *json, const struct place *place);

static enum adduce_err convert_list(struct adduce_scope *scope, struct adduce_value **value,
                                    json_t *json, const struct place *place) {
  *value = value_list(scope);
  for (size_t i = 0; i < json_array_size(json); i++) {
    struct place inner = place_item(place, i);
    struct adduce_value *item;
    TRY(convert(scope, &item, json_array_get(json, i), &inner));
    value_add(scope, *value, item);
  }
  return ADDUCE_OK;
}

/* {"$id": "<64 hex>"}. */
static enum adduce_err convert_id(struct adduce_scope *scope, struct adduce_value **value,
                                  struct adduce_span text, const struct place *place) {
  uint8_t id[ID_BYTES];
  if (!hex_decode(text, id, sizeof id))
    return scope_fail(scope, ADDUCE_E_JSON, "%s: \"$id\" wants 64 hexadecimal digits",
                      place_name(scope, place));
  *value = value_bytes(scope, span_of(id, sizeof id));
  return ADDUCE_OK;
}

/* {"$bytes": "<base64>"}. */
static enum adduce_err convert_bytes(struct adduce_scope *scope, struct adduce_value **value,
                                     struct adduce_span text, const struct place *place) {
  struct buffer buffer;
  struct adduce_span bytes;
  buffer_init(&buffer, scope);
  if (!base64_decode(&buffer, text))
    return scope_fail(scope, ADDUCE_E_JSON, "%s: \"$bytes\" wants base64 with padding",
                      place_name(scope, place));
  TRY(buffer_take(&buffer, &bytes));
  *value = value_bytes(scope, bytes);
  return ADDUCE_OK;
}

static struct adduce_span string_of(json_t *json) {
  return span_of(json_string_value(json), json_string_length(json));
}

static enum adduce_err convert_marked(struct adduce_scope *scope, struct adduce_value **value,
                                      const char *key, json_t *json, const struct place *place) {
  bool is_id = strcmp(key, "$id") == 0;
  if (!is_id && strcmp(key, "$bytes") != 0)
    return scope_fail(scope, ADDUCE_E_JSON,
                      "%s: a map whose only key begins with \"$\" is \"$id\" or \"$bytes\"; a key "
                      "that really begins so has the \"$\" doubled",
                      place_name(scope, place));
  if (!json_is_string(json))
    return scope_fail(scope, ADDUCE_E_JSON, "%s: \"%s\" wants text", place_name(scope, place), key);
  return is_id ? convert_id(scope, value, string_of(json), place)
               : convert_bytes(scope, value, string_of(json), place);
}

static enum adduce_err convert_map(struct adduce_scope *scope, struct adduce_value **value,
                                   json_t *json, const struct place *place) {
  const char *key;
  json_t *member;
  bool is_only = json_object_size(json) == 1;
  *value = value_map(scope);
  json_object_foreach(json, key, member) {
    bool is_marked = is_only && key[0] == '$';
    if (is_marked && key[1] != '$') return convert_marked(scope, value, key, member, place);
    struct adduce_span name = span_text(is_marked ? key + 1 : key);
    struct place inner = place_key(place, name);
    struct adduce_value *item;
    TRY(convert(scope, &item, member, &inner));
    value_append(scope, *value, name, item);
  }
  return ADDUCE_OK;
}

static enum adduce_err convert(struct adduce_scope *scope, struct adduce_value **value,
                               json_t *json, const struct place *place) {
  if (place->depth > CANONICAL_DEPTH)
    return scope_fail(scope, ADDUCE_E_JSON, "%s: nested more than %d deep",
                      place_name(scope, place), CANONICAL_DEPTH);
  switch (json_typeof(json)) {
    case JSON_OBJECT:
      return convert_map(scope, value, json, place);
    case JSON_ARRAY:
      return convert_list(scope, value, json, place);
    case JSON_STRING:
      *value = value_str(scope, string_of(json));
      return ADDUCE_OK;
    case JSON_INTEGER:
      *value = value_integer(scope, json_integer_value(json));
      return ADDUCE_OK;
    case JSON_TRUE:
    case JSON_FALSE:
      *value = value_boolean(scope, json_is_true(json));
      return ADDUCE_OK;
    case JSON_REAL:
    case JSON_NULL:
      break;
  }
  return scope_fail(scope, ADDUCE_E_JSON, "%s: neither a fraction nor null is allowed",
                    place_name(scope, place));
}

static enum adduce_err refuse_syntax(struct adduce_scope *scope, const json_error_t *error) {
  const char *what = error->text;
  enum adduce_err err = ADDUCE_E_JSON;
  if (error->line < 0) /* before it could begin */
    return scope_fail(scope, ADDUCE_E_MEMORY, "no memory left to read JSON");
  switch (json_error_code(error)) {
    case json_error_out_of_memory:
      return scope_fail(scope, ADDUCE_E_MEMORY, "no memory left to read JSON");
    case json_error_invalid_utf8:
      err = ADDUCE_E_TEXT;
      break;
    case json_error_null_character:
    case json_error_null_byte_in_key:
      err = ADDUCE_E_TEXT;
      what = canonical_rule_text(CANONICAL_NUL);
      break;
    default:
      break;
  }
  return scope_fail(scope, err, "line %d, column %d: %s", error->line, error->column, what);
}

enum adduce_err adduce_value_from_json(struct adduce_scope *scope,
                                       const struct adduce_value **value, const char *json,
                                       size_t size) {
  struct survey survey = {.scope = scope, .text = span_of(json, size)};
  struct adduce_value *converted = NULL;
  struct place top = place_top();
  json_error_t error;
  *value = NULL;
  TRY(survey_text(&survey));
  json_t *tree =
      json_loadb(size == 0 ? "" : json, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (tree == NULL) return refuse_syntax(scope, &error);
  enum adduce_err err = convert(scope, &converted, tree, &top);
  json_decref(tree);
  if (err == ADDUCE_OK) err = value_finish(scope);
  if (err == ADDUCE_OK) *value = converted;
  return err;
}
