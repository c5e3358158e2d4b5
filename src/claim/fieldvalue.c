/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/fieldvalue.h"

#include <stdarg.h>
#include <stdio.h>

#include "claim/quantity.h"
#include "claim/spelling.h"
#include "claim/worldtime.h"

/* Where a value stands; printed only when it is refused. */
struct place {
  const struct fieldvalue_context *context;
  const struct place *up;
  struct adduce_span key; /* empty for an element of a list */
  int64_t index;
};

static size_t print_place(char *out, size_t capacity, const struct place *place) {
  size_t used = place->up == NULL ? 0 : print_place(out, capacity, place->up);
  size_t room = used < capacity ? capacity - used : 0;
  int more;
  if (place->key.size == 0)
    more = snprintf(out + capacity - room, room, "[%lld]", (long long)place->index);
  else
    more = snprintf(out + capacity - room, room, "%s%.*s", used == 0 ? "" : ".",
                    SPAN_ARGS(place->key));
  return used + (more < 0 ? 0 : (size_t)more);
}

__attribute__((format(printf, 3, 4))) static enum adduce_err refuse(const struct place *place,
                                                                    enum adduce_err err,
                                                                    const char *format, ...) {
  char where[160] = "", what[400];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  (void)print_place(where, sizeof where, place);
  return scope_fail(place->context->scope, err, "field %s: %s", where, what);
}

static enum adduce_err refuse_type(const struct place *place, enum field_type type) {
  return refuse(place, ADDUCE_E_TYPE, "this should be %s", vocabulary_type_text(type));
}

static enum adduce_err refuse_value(const struct place *place, const char *what) {
  return refuse(place, ADDUCE_E_VALUE, "%s", what);
}

static enum adduce_err validate_value(const struct place *place,
                                      const struct vocabulary_field *field,
                                      struct adduce_span encoded);
static enum adduce_err validate_shape(const struct place *place, enum field_type type,
                                      struct adduce_span encoded);

/* --- unknown and none --------------------------------------------------------------------- */

static bool is_open(struct adduce_span encoded) {
  return encoded.size > 3 && memcmp(encoded.data, "\x81\xa1?", 3) == 0;
}

static enum adduce_err validate_open(const struct place *place,
                                     const struct vocabulary_field *field,
                                     struct adduce_span encoded, bool is_element) {
  struct cursor cursor = cursor_of(span_of(encoded.data + 3, encoded.size - 3));
  struct adduce_span word;
  bool is_text = cursor_str(&cursor, &word);
  bool is_none = is_text && span_is(word, "none");
  if (!is_none && !(is_text && span_is(word, "unknown")))
    return refuse_value(place, "\"?\" is \"unknown\" or \"none\"");
  if (place->context->kind->control || (field->flags & FIELD_KNOWN) != 0)
    return refuse_value(place, "this can be neither unknown nor none");
  if (is_none && ((field->flags & FIELD_EXISTS) != 0 || is_element))
    return refuse_value(place, "this can be unknown, but not none");
  return ADDUCE_OK;
}

/* --- single values ------------------------------------------------------------------------ */

static enum adduce_err validate_plain_text(const struct place *place, struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span text;
  if (!cursor_str(&cursor, &text)) return refuse(place, ADDUCE_E_TYPE, "this should be text");
  return text.size != 0 ? ADDUCE_OK : refuse_value(place, "the text is empty; leave the field out");
}

static bool is_map(struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  return cursor_peek(&cursor) == CURSOR_MAP;
}

static enum adduce_err validate_text(const struct place *place, struct adduce_span encoded) {
  bool is_inside = place->up != NULL && place->key.size != 0;
  if (!is_inside && is_map(encoded)) return validate_shape(place, FIELD_TEXT, encoded);
  return validate_plain_text(place, encoded);
}

static enum adduce_err validate_spelled(const struct place *place,
                                        const struct vocabulary_field *field,
                                        struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span text;
  struct worldtime time;
  if (!cursor_str(&cursor, &text)) return refuse_type(place, field->type);
  switch (field->type) {
    case FIELD_SUBJECT:
      return spelling_subject(text)
                 ? ADDUCE_OK
                 : refuse(place, ADDUCE_E_VALUE, "\"%.*s\" is no subject id (AUTHORITY/name)",
                          (int)(text.size < 100 ? text.size : 100), (const char *)text.data);
    case FIELD_TIME:
      return worldtime_parse(text, &time)
                 ? ADDUCE_OK
                 : refuse_value(place, "no such time (YYYY[-MM[-DD[THH:MM[:SS]Z]]])");
    case FIELD_DURATION:
      return worldtime_duration_valid(text) ? ADDUCE_OK
                                            : refuse_value(place, "no ISO 8601 duration (P2D)");
    case FIELD_DECIMAL:
      return spelling_decimal(text) ? ADDUCE_OK : refuse_value(place, "no decimal number");
    case FIELD_LANGUAGE:
      return spelling_language(text) ? ADDUCE_OK : refuse_value(place, "no BCP 47 language tag");
    case FIELD_COUNTRY:
      return spelling_country(text)
                 ? ADDUCE_OK
                 : refuse_value(place, "no country (two lower-case letters) or region (3 digits)");
    case FIELD_WORD:
      return spelling_word(text) ? ADDUCE_OK : refuse_value(place, "not one word");
    case FIELD_PATH:
      return spelling_path(text, NULL, NULL) ? ADDUCE_OK
                                             : refuse_value(place, "no path (name or name.INDEX)");
    default:
      return spelling_choice(text, field->choices)
                 ? ADDUCE_OK
                 : refuse(place, ADDUCE_E_VALUE, "this should be one of: %s", field->choices);
  }
}

static enum adduce_err validate_integer(const struct place *place,
                                        const struct vocabulary_field *field,
                                        struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  int64_t number;
  if (!cursor_int(&cursor, &number)) return refuse_type(place, FIELD_INTEGER);
  if ((field->flags & FIELD_COUNT) != 0 && number < 0)
    return refuse_value(place, "this cannot be negative");
  return ADDUCE_OK;
}

static enum adduce_err validate_32_bytes(const struct place *place, enum field_type type,
                                         struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span bytes;
  if (!cursor_bin(&cursor, &bytes)) return refuse_type(place, type);
  return bytes.size == 32 ? ADDUCE_OK : refuse_value(place, "this should be 32 bytes");
}

static enum adduce_err validate_reference(const struct place *place, struct adduce_span encoded) {
  static const struct vocabulary_field subject = {"", FIELD_SUBJECT, 0, NULL, ""};
  struct cursor cursor = cursor_of(encoded);
  if (cursor_peek(&cursor) == CURSOR_BIN) return validate_32_bytes(place, FIELD_ID, encoded);
  return validate_spelled(place, &subject, encoded);
}

static enum adduce_err validate_quantity(const struct place *place, struct adduce_span encoded) {
  struct quantity quantity;
  const char *reason;
  if (!is_map(encoded)) return refuse_type(place, FIELD_QUANTITY);
  return quantity_parse(encoded, &quantity, &reason) ? ADDUCE_OK : refuse_value(place, reason);
}

/* Text, integer, truth value, {subject: id}, text with its spelling, or a quantity. */
static enum adduce_err validate_any(const struct place *place, struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span ignored;
  switch (cursor_peek(&cursor)) {
    case CURSOR_INT:
    case CURSOR_BOOL:
      return ADDUCE_OK;
    case CURSOR_STR:
      return validate_plain_text(place, encoded);
    case CURSOR_MAP:
      if (cursor_find(&cursor, "subject", &ignored))
        return validate_shape(place, FIELD_VALUE, encoded);
      if (cursor_find(&cursor, "v", &ignored)) return validate_shape(place, FIELD_TEXT, encoded);
      return validate_quantity(place, encoded);
    default:
      return refuse_type(place, FIELD_VALUE);
  }
}

/* --- maps --------------------------------------------------------------------------------- */

static enum adduce_err validate_list(const struct place *place,
                                     const struct vocabulary_field *field,
                                     struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span item;
  uint32_t count;
  if (!cursor_array(&cursor, &count)) return refuse(place, ADDUCE_E_TYPE, "this should be a list");
  if (count == 0) return refuse_value(place, "the list is empty; leave the field out");
  for (uint32_t i = 0; i < count && cursor_value(&cursor, &item); i++) {
    struct place at = {place->context, place, span_of(NULL, 0), i};
    TRY(validate_value(&at, field, item));
  }
  return ADDUCE_OK;
}

static const struct vocabulary_field *shape_field(const struct vocabulary_field *shape,
                                                  size_t count, struct adduce_span key) {
  for (size_t i = 0; i < count; i++)
    if (span_is(key, shape[i].name)) return &shape[i];
  return NULL;
}

/* The keys of a map, each as the shape has it; `*map` is the cursor for cursor_find. */
static enum adduce_err validate_shape(const struct place *place, enum field_type type,
                                      struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span key, value;
  size_t shape_count;
  uint32_t count;
  const struct vocabulary_field *shape = vocabulary_shape(type, &shape_count);
  if (!cursor_map(&cursor, &count)) return refuse_type(place, type);
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &key) || !cursor_value(&cursor, &value)) break;
    const struct vocabulary_field *field = shape_field(shape, shape_count, key);
    struct place at = {place->context, place, key, 0};
    if (field == NULL) return refuse_value(&at, "there is no such key here");
    bool is_list = (field->flags & FIELD_REPEATED) != 0;
    TRY(is_list ? validate_list(&at, field, value) : validate_value(&at, field, value));
  }
  struct cursor map = cursor_of(encoded);
  for (size_t i = 0; i < shape_count; i++)
    if ((shape[i].flags & FIELD_REQUIRED) != 0 && !cursor_find(&map, shape[i].name, &value))
      return refuse(place, ADDUCE_E_MISSING, "`%s` is missing", shape[i].name);
  return ADDUCE_OK;
}

static bool has(struct adduce_span encoded, const char *key) {
  struct cursor map = cursor_of(encoded);
  struct adduce_span ignored;
  return cursor_find(&map, key, &ignored);
}

static bool find_int(struct adduce_span encoded, const char *key, int64_t *number) {
  struct cursor map = cursor_of(encoded);
  struct adduce_span value;
  if (!cursor_find(&map, key, &value)) return false;
  map = cursor_of(value);
  return cursor_int(&map, number);
}

static bool find_text(struct adduce_span encoded, const char *key, struct adduce_span *text) {
  struct cursor map = cursor_of(encoded);
  struct adduce_span value;
  if (!cursor_find(&map, key, &value)) return false;
  map = cursor_of(value);
  return cursor_str(&map, text);
}

static enum adduce_err validate_attribution(const struct place *place, struct adduce_span encoded) {
  int64_t index;
  TRY(validate_shape(place, FIELD_ATTRIBUTION, encoded));
  if (has(encoded, "agent") == has(encoded, "anonymous"))
    return refuse_value(place, "a hop has either `agent` or `anonymous`");
  if (!find_int(encoded, "citation", &index)) return ADDUCE_OK;
  const struct parsed_field *citations = parsed_field(place->context->parsed, "citations");
  struct cursor elements;
  uint32_t count;
  if (citations != NULL && citations->slot == PARSED_WITHHELD) return ADDUCE_OK;
  (void)!parsed_elements(citations, &elements, &count);
  return index < count ? ADDUCE_OK : refuse_value(place, "`citation` counts beyond `citations`");
}

static enum adduce_err validate_citation(const struct place *place, struct adduce_span encoded) {
  struct cursor map = cursor_of(encoded), refs = place->context->parsed->refs;
  struct adduce_span value;
  struct parsed_ref ref;
  const uint8_t *source;
  TRY(validate_shape(place, FIELD_CITATION, encoded));
  if (!cursor_find(&map, "source", &value)) return ADDUCE_OK;
  map = cursor_of(value);
  if (!cursor_bin_of(&map, 32, &source)) return ADDUCE_OK;
  while (parsed_next_role(&refs, &ref, "cites"))
    if (memcmp(ref.id32, source, 32) == 0) return ADDUCE_OK;
  return refuse(place, ADDUCE_E_REFERENCE,
                "the source is no ref with role \"cites\" of this claim");
}

static enum adduce_err validate_selector(const struct place *place, struct adduce_span encoded) {
  struct adduce_span type;
  int64_t start, end;
  TRY(validate_shape(place, FIELD_SELECTOR, encoded));
  if (!find_text(encoded, "type", &type)) return refuse_type(place, FIELD_SELECTOR);
  bool has_range = has(encoded, "start") || has(encoded, "end");
  bool has_quote = has(encoded, "exact") || has(encoded, "prefix") || has(encoded, "suffix");
  bool has_fragment = has(encoded, "value") || has(encoded, "conforms_to");
  if (span_is(type, "TextPositionSelector")) {
    if (has_quote || has_fragment || !find_int(encoded, "start", &start) ||
        !find_int(encoded, "end", &end) || start > end)
      return refuse_value(place, "a TextPositionSelector has `start` and `end`, start <= end");
  } else if (span_is(type, "TextQuoteSelector")) {
    if (has_range || has_fragment || !has(encoded, "exact"))
      return refuse_value(place, "a TextQuoteSelector has `exact`, and may have prefix and suffix");
  } else if (has_range || has_quote || !has(encoded, "value")) {
    return refuse_value(place, "a FragmentSelector has `value`, and may have `conforms_to`");
  }
  return ADDUCE_OK;
}

static enum adduce_err validate_period(const struct place *place, struct adduce_span encoded) {
  struct adduce_span text;
  struct worldtime from, to;
  TRY(validate_shape(place, FIELD_PERIOD, encoded));
  if (encoded.size == 1) return refuse_value(place, "the period says nothing");
  bool has_both = find_text(encoded, "from", &text) && worldtime_parse(text, &from) &&
                  find_text(encoded, "to", &text) && worldtime_parse(text, &to);
  if (has_both && from.first_us > to.last_us) return refuse_value(place, "`from` is after `to`");
  return ADDUCE_OK;
}

static enum adduce_err validate_relative(const struct place *place, struct adduce_span encoded) {
  if (!is_map(encoded)) return validate_reference(place, encoded);
  TRY(validate_shape(place, FIELD_RELATIVE, encoded));
  if (has(encoded, "to") == has(encoded, "anchor"))
    return refuse_value(place, "this has either `to` or `anchor`");
  return ADDUCE_OK;
}

/* {field: spelling or list of spellings} */
static enum adduce_err validate_spellings(const struct place *place, struct adduce_span encoded) {
  static const struct vocabulary_field spelling = {"", FIELD_TEXT, FIELD_KNOWN, NULL, ""};
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span key, value;
  uint32_t count;
  if (!cursor_map(&cursor, &count)) return refuse_type(place, FIELD_SPELLINGS);
  if (count == 0) return refuse_value(place, "there are no spellings; leave the field out");
  while (cursor_str(&cursor, &key) && cursor_value(&cursor, &value)) {
    struct place at = {place->context, place, key, 0};
    struct cursor inside = cursor_of(value);
    if (vocabulary_field(place->context->kind, key) == NULL)
      return refuse_value(&at, "the kind has no such field");
    bool is_list = cursor_peek(&inside) == CURSOR_ARRAY;
    TRY(is_list ? validate_list(&at, &spelling, value) : validate_plain_text(&at, value));
  }
  return ADDUCE_OK;
}

/* --- any type ----------------------------------------------------------------------------- */

static enum adduce_err validate_known(const struct place *place,
                                      const struct vocabulary_field *field,
                                      struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  switch (field->type) {
    case FIELD_TEXT:
      return validate_text(place, encoded);
    case FIELD_BOOLEAN:
      return cursor_peek(&cursor) == CURSOR_BOOL ? ADDUCE_OK : refuse_type(place, field->type);
    case FIELD_INTEGER:
      return validate_integer(place, field, encoded);
    case FIELD_ID:
    case FIELD_KEY:
    case FIELD_DIGEST:
      return validate_32_bytes(place, field->type, encoded);
    case FIELD_PERIOD:
      return validate_period(place, encoded);
    case FIELD_QUANTITY:
      return validate_quantity(place, encoded);
    case FIELD_ATTRIBUTION:
      return validate_attribution(place, encoded);
    case FIELD_CITATION:
      return validate_citation(place, encoded);
    case FIELD_SELECTOR:
      return validate_selector(place, encoded);
    case FIELD_RELATIVE:
      return validate_relative(place, encoded);
    case FIELD_REFERENCE:
      return validate_reference(place, encoded);
    case FIELD_VALUE:
      return validate_any(place, encoded);
    case FIELD_SPELLINGS:
      return validate_spellings(place, encoded);
    case FIELD_ANONYMOUS:
    case FIELD_EXTRACTION:
      return validate_shape(place, field->type, encoded);
    case FIELD_MAP:
      return is_map(encoded) ? ADDUCE_OK : refuse_type(place, field->type);
    case FIELD_SUBJECT:
    case FIELD_DECIMAL:
    case FIELD_TIME:
    case FIELD_DURATION:
    case FIELD_LANGUAGE:
    case FIELD_COUNTRY:
    case FIELD_CHOICE:
    case FIELD_WORD:
    case FIELD_PATH:
      return validate_spelled(place, field, encoded);
  }
  return refuse_type(place, field->type);
}

static enum adduce_err validate_value(const struct place *place,
                                      const struct vocabulary_field *field,
                                      struct adduce_span encoded) {
  if (is_open(encoded)) return validate_open(place, field, encoded, place->key.size == 0);
  return validate_known(place, field, encoded);
}

/* The open elements of a list. */
static enum adduce_err validate_elements(const struct place *place,
                                         const struct vocabulary_field *field,
                                         const struct parsed_field *parsed) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  (void)!parsed_elements(parsed, &elements, &count);
  if (count == 0) return refuse_value(place, "the list is empty; leave the field out");
  for (uint32_t i = 0; parsed_next_element(place->context->parsed, &elements, &element); i++) {
    struct place at = {place->context, place, span_of(NULL, 0), i};
    if (element.hash32 == NULL) TRY(validate_value(&at, field, element.value));
  }
  return ADDUCE_OK;
}

enum adduce_err fieldvalue_validate(const struct fieldvalue_context *context,
                                    const struct vocabulary_field *field,
                                    const struct parsed_field *parsed) {
  struct place place = {context, NULL, parsed->key, 0};
  if ((field->flags & FIELD_REPEATED) == 0) {
    if (parsed->is_list) return refuse_type(&place, field->type);
    return validate_value(&place, field, parsed->value);
  }
  if (parsed->is_list) return validate_elements(&place, field, parsed);
  if (is_open(parsed->value)) return validate_open(&place, field, parsed->value, false);
  return refuse(&place, ADDUCE_E_TYPE, "this should be a list; each element %s",
                vocabulary_type_text(field->type));
}
