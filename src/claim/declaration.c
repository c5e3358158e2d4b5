/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/declaration.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"
#include "claim/spelling.h"

#define STRUCTURE (FIELD_REQUIRED | FIELD_FRAME)

static const struct {
  const char *name;
  unsigned flag;
} flag_names[] = {
    {"required", FIELD_REQUIRED}, {"repeated", FIELD_REPEATED}, {"frame", FIELD_FRAME},
    {"state", FIELD_STATE},       {"known", FIELD_KNOWN},       {"exists", FIELD_EXISTS},
    {"facet", FIELD_FACET},       {"count", FIELD_COUNT},       {"party", FIELD_PARTY},
};

/* The work under way. */
struct reading {
  struct adduce_scope *scope; /* takes the error */
  struct adduce_scope *home;
  const struct parsed *claim;
  struct vocabulary_kind *kind;
  struct vocabulary_field *fields;
};

__attribute__((format(printf, 2, 3))) static enum adduce_err refuse(struct reading *reading,
                                                                    const char *format, ...) {
  va_list arguments;
  char what[256];
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return scope_fail(reading->scope, ADDUCE_E_VALUE, "kind.declared: %s", what);
}

/* A NUL-terminated copy; NULL if memory is out. */
static const char *keep(struct reading *reading, struct adduce_span text) {
  return (const char *)scope_copy(reading->home, text).data;
}

/* A text of the claim, kept; NULL where there is none. */
static enum adduce_err keep_text(struct reading *reading, const char **text, const char *key) {
  struct adduce_span found = parsed_text(reading->claim, key);
  *text = NULL;
  if (found.size == 0) return ADDUCE_OK;
  *text = keep(reading, found);
  return *text == NULL ? scope_no_memory(reading->scope) : ADDUCE_OK;
}

/* --- one field ---------------------------------------------------------------------------- */

/* A list of words becomes one text, separated by spaces. */
static enum adduce_err read_choices(struct reading *reading, struct vocabulary_field *field,
                                    struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct buffer words;
  struct adduce_span word, joined;
  uint32_t count;
  buffer_init(&words, reading->home);
  if (!cursor_array(&cursor, &count) || count == 0)
    return refuse(reading, "field %s: choices are a list of words", field->name);
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &word) || word.size == 0 || memchr(word.data, ' ', word.size) != NULL)
      return refuse(reading, "field %s: a choice is text without spaces", field->name);
    if (i > 0) buffer_byte(&words, ' ');
    buffer_span(&words, word);
  }
  if (buffer_take(&words, &joined) != ADDUCE_OK) return scope_no_memory(reading->scope);
  field->choices = (const char *)joined.data;
  return ADDUCE_OK;
}

static enum adduce_err read_flag(struct reading *reading, struct vocabulary_field *field,
                                 struct adduce_span key, struct adduce_span encoded) {
  for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++) {
    if (!span_is(key, flag_names[i].name)) continue;
    struct cursor cursor = cursor_of(encoded);
    bool is_set;
    if (!cursor_bool(&cursor, &is_set))
      return refuse(reading, "field %s: %s is true or false", field->name, flag_names[i].name);
    if (is_set) field->flags |= flag_names[i].flag;
    return ADDUCE_OK;
  }
  return refuse(reading, "field %s: \"%.*s\" says nothing of a field", field->name, SPAN_ARGS(key));
}

static enum adduce_err read_type(struct reading *reading, struct vocabulary_field *field,
                                 struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span name;
  if (!cursor_str(&cursor, &name) || !vocabulary_type_find(name, &field->type))
    return refuse(reading, "field %s: there is no such type", field->name);
  return ADDUCE_OK;
}

static enum adduce_err read_name(struct reading *reading, struct vocabulary_field *field,
                                 const struct cursor *map) {
  struct adduce_span encoded, name;
  if (!cursor_find(map, "name", &encoded)) return refuse(reading, "a field has no name");
  struct cursor cursor = cursor_of(encoded);
  if (!cursor_str(&cursor, &name) || !spelling_key(name))
    return refuse(reading, "a field's name is [a-z][a-z0-9_]*, at most 64 bytes");
  /* The kind has the fields before this one so far. */
  if (vocabulary_field(reading->kind, name) != NULL)
    return refuse(reading, "field %.*s is there twice, or is one of the frame", SPAN_ARGS(name));
  field->name = keep(reading, name);
  return field->name == NULL ? scope_no_memory(reading->scope) : ADDUCE_OK;
}

static enum adduce_err read_field(struct reading *reading, struct vocabulary_field *field,
                                  struct cursor map) {
  uint32_t count;
  bool has_type = false;
  *field = (struct vocabulary_field){.text = ""};
  if (cursor_peek(&map) != CURSOR_MAP) return refuse(reading, "a field is a map");
  TRY(read_name(reading, field, &map));
  (void)!cursor_map(&map, &count);
  for (uint32_t i = 0; i < count; i++) {
    struct adduce_span key, encoded, text;
    if (!cursor_str(&map, &key) || !cursor_value(&map, &encoded))
      return refuse(reading, "field %s is cut short", field->name);
    struct cursor cursor = cursor_of(encoded);
    if (span_is(key, "name")) continue;
    if (span_is(key, "type")) {
      TRY(read_type(reading, field, encoded));
      has_type = true;
    } else if (span_is(key, "choices")) {
      TRY(read_choices(reading, field, encoded));
    } else if (span_is(key, "text") && cursor_str(&cursor, &text)) {
      field->text = keep(reading, text);
      if (field->text == NULL) return scope_no_memory(reading->scope);
    } else {
      TRY(read_flag(reading, field, key, encoded));
    }
  }
  if (!has_type) return refuse(reading, "field %s has no type", field->name);
  if ((field->type == FIELD_CHOICE) != (field->choices != NULL))
    return refuse(reading, "field %s: a choice, and nothing else, has choices", field->name);
  if ((field->flags & FIELD_PARTY) != 0 && field->type != FIELD_SUBJECT)
    return refuse(reading, "field %s: a party is a subject", field->name);
  return ADDUCE_OK;
}

static enum adduce_err read_fields(struct reading *reading) {
  struct adduce_span encoded = parsed_value(reading->scope, reading->claim, "fields");
  struct cursor cursor = cursor_of(encoded);
  uint32_t count = 0;
  if (encoded.size != 0 && !cursor_array(&cursor, &count))
    return refuse(reading, "fields is a list of maps");
  if (count > DECLARATION_FIELDS)
    return refuse(reading, "a kind has at most %d fields of its own", DECLARATION_FIELDS);
  reading->fields = scope_array(reading->home, count, sizeof *reading->fields);
  if (reading->fields == NULL) return scope_no_memory(reading->scope);
  reading->kind->fields = reading->fields;
  for (uint32_t i = 0; i < count; i++) {
    struct adduce_span item;
    if (!cursor_value(&cursor, &item)) return refuse(reading, "fields is cut short");
    TRY(read_field(reading, &reading->fields[i], cursor_of(item)));
    reading->kind->field_count = i + 1;
  }
  return ADDUCE_OK;
}

/* --- the effect --------------------------------------------------------------------------- */

/* The field `name` must be of `type` (or of `other`) and single; it becomes part of the
 * structure. */
static enum adduce_err require_field(struct reading *reading, const char *name,
                                     enum field_type type, enum field_type other, unsigned flags) {
  for (size_t i = 0; i < reading->kind->field_count; i++) {
    struct vocabulary_field *field = &reading->fields[i];
    if (strcmp(field->name, name) != 0) continue;
    bool fits = field->type == type || field->type == other;
    if (!fits || (field->flags & FIELD_REPEATED) != 0)
      return refuse(reading, "field %s must be one %s", name, vocabulary_type_name(type));
    field->flags |= STRUCTURE | flags;
    return ADDUCE_OK;
  }
  return refuse(reading, "it needs a field %s of type %s", name, vocabulary_type_name(type));
}

static enum adduce_err read_effect(struct reading *reading) {
  static const enum kind_effect allowed[] = {EFFECT_NONE,    EFFECT_SETS,    EFFECT_MOVES,
                                             EFFECT_ASSERTS, EFFECT_RELATES, EFFECT_ACTS};
  struct adduce_span effect = parsed_text(reading->claim, "effect");
  for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
    if (!span_is(effect, vocabulary_effect_name(allowed[i]))) continue;
    reading->kind->effect = allowed[i];
    return ADDUCE_OK;
  }
  return refuse(reading, "effect is none, sets, moves, asserts, relates or acts");
}

static enum adduce_err settle_state(struct reading *reading) {
  struct vocabulary_kind *kind = reading->kind;
  bool has_state = kind->effect == EFFECT_MOVES || kind->effect == EFFECT_ACTS;
  if (has_state != (kind->state != NULL))
    return refuse(reading, "the effects moves and acts, and no others, have a state");
  if (kind->state != NULL && !spelling_word(span_text(kind->state)))
    return refuse(reading, "a state is one word");
  if (kind->effect == EFFECT_ACTS) kind->acts_role = "target";
  return ADDUCE_OK;
}

static enum adduce_err settle_structure(struct reading *reading) {
  struct vocabulary_kind *kind = reading->kind;
  bool needs_subject =
      kind->effect == EFFECT_SETS || kind->effect == EFFECT_MOVES || kind->effect == EFFECT_ASSERTS;
  TRY(settle_state(reading));
  if (kind->effect == EFFECT_RELATES) {
    if (kind->subject != NULL && strcmp(kind->subject, "from") != 0)
      return refuse(reading, "the subject of a kind that relates is its field from");
    kind->subject = "from";
    TRY(require_field(reading, "from", FIELD_SUBJECT, FIELD_SUBJECT, FIELD_EXISTS));
    TRY(require_field(reading, "to", FIELD_SUBJECT, FIELD_SUBJECT, FIELD_EXISTS));
    return require_field(reading, "relation", FIELD_CHOICE, FIELD_WORD, FIELD_KNOWN);
  }
  if (kind->effect == EFFECT_ASSERTS) {
    TRY(require_field(reading, "property", FIELD_WORD, FIELD_CHOICE, FIELD_KNOWN));
    TRY(require_field(reading, "value", FIELD_VALUE, FIELD_VALUE, FIELD_STATE));
  }
  if (kind->subject == NULL)
    return needs_subject ? refuse(reading, "its effect needs a subject") : ADDUCE_OK;
  return require_field(reading, kind->subject, FIELD_SUBJECT, FIELD_SUBJECT, FIELD_KNOWN);
}

enum adduce_err declaration_read(struct adduce_scope *scope, struct adduce_scope *home,
                                 struct vocabulary_kind *kind, const struct parsed *claim) {
  struct reading reading = {scope, home, claim, kind, NULL};
  struct spelling_kind name;
  struct adduce_span name_text = parsed_text(claim, "name");
  *kind = (struct vocabulary_kind){.family = FAMILY_WORLD, .has_frame = true};
  if (!spelling_kind(name_text, &name) || name.authority.size == 0)
    return refuse(&reading, "name is AUTHORITY:noun.verb, or AUTHORITY:noun.verb@N from 2");
  TRY(keep_text(&reading, &kind->name, "name"));
  TRY(keep_text(&reading, &kind->text, "text"));
  TRY(keep_text(&reading, &kind->subject, "subject"));
  TRY(keep_text(&reading, &kind->state, "state"));
  TRY(keep_text(&reading, &kind->example, "example"));
  if (kind->text == NULL) return refuse(&reading, "it has no text");
  TRY(read_effect(&reading));
  TRY(read_fields(&reading));
  return settle_structure(&reading);
}

/* --- equality ----------------------------------------------------------------------------- */

static bool texts_equal(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool fields_equal(const struct vocabulary_field *a, const struct vocabulary_field *b) {
  return a->type == b->type && a->flags == b->flags && texts_equal(a->name, b->name) &&
         texts_equal(a->choices, b->choices) && texts_equal(a->text, b->text);
}

bool declaration_equal(const struct vocabulary_kind *a, const struct vocabulary_kind *b) {
  if (a->effect != b->effect || a->field_count != b->field_count) return false;
  if (!texts_equal(a->name, b->name) || !texts_equal(a->text, b->text) ||
      !texts_equal(a->subject, b->subject) || !texts_equal(a->state, b->state) ||
      !texts_equal(a->example, b->example))
    return false;
  for (size_t i = 0; i < a->field_count; i++)
    if (!fields_equal(&a->fields[i], &b->fields[i])) return false;
  return true;
}
