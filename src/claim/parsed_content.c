/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/parsed_content.h"

#include "claim/spelling.h"
#include "codec/canonical.h"
#include "codec/head.h"

/* The work under way. */
struct reading {
  struct adduce_scope *scope;
  const uint8_t *start;     /* of the content, to count bytes from */
  uint32_t partial_objects; /* that form 2 needs for what was read so far */
};

static enum adduce_err refuse(const struct reading *reading, enum adduce_err err, const uint8_t *at,
                              struct adduce_span key, const char *what) {
  size_t offset = (size_t)(at - reading->start);
  if (key.size == 0) return scope_fail(reading->scope, err, "content, byte %zu: %s", offset, what);
  return scope_fail(reading->scope, err, "content, field %.*s, byte %zu: %s", SPAN_ARGS(key),
                    offset, what);
}

static enum adduce_err refuse_form(const struct reading *reading, const uint8_t *at,
                                   struct adduce_span key, const char *what) {
  return refuse(reading, ADDUCE_E_FORM, at, key, what);
}

/* --- what form 2 would need --------------------------------------------------------------- */

/* Counts the objects of a value and how deep they nest. The canonical check has bounded both. */
static void measure(struct adduce_span encoded, uint32_t *objects, unsigned *depth) {
  uint64_t owed[CANONICAL_DEPTH + 1]; /* values not yet read, by level */
  unsigned level = 1;
  const uint8_t *at = encoded.data;
  const uint8_t *end = at + encoded.size;
  owed[0] = 0;
  owed[1] = 1;
  *depth = 0;
  for (*objects = 0; level > 0; ++*objects) {
    struct head head;
    if (at == end || !head_read(&head, at, (size_t)(end - at))) return;
    at += head.size;
    owed[level]--;
    if (level > *depth) *depth = level;
    if (head.kind == HEAD_STR || head.kind == HEAD_BIN) {
      at += head.value;
    } else if ((head.kind == HEAD_ARRAY || head.kind == HEAD_MAP) && head.value != 0) {
      if (level == CANONICAL_DEPTH) return;
      owed[++level] = head.kind == HEAD_MAP ? 2 * head.value : head.value;
    }
    while (level > 0 && owed[level] == 0) level--;
  }
}

/* A value of form 1 must fit into form 2 as well, so that it can be withheld. */
static enum adduce_err bound_value(struct reading *reading, const struct parsed_field *field,
                                   uint32_t element_count) {
  uint32_t objects = 1;
  unsigned depth = 1;
  uint8_t byte = field->value.data[0];
  bool is_container = (byte & 0xe0) == 0x80 || (byte >= 0xdc && byte <= 0xdf);
  if (is_container) measure(field->value, &objects, &depth);
  if (depth > PARSED_VALUE_DEPTH)
    return refuse(reading, ADDUCE_E_TOO_LARGE, field->value.data, field->key,
                  "the value nests more than 12 deep");
  reading->partial_objects += 3 + objects + 2 * element_count;
  if (reading->partial_objects > CANONICAL_OBJECTS)
    return refuse(reading, ADDUCE_E_TOO_LARGE, field->value.data, field->key,
                  "too many values and elements: form 2 could not hold them");
  return ADDUCE_OK;
}

/* --- form 1 ------------------------------------------------------------------------------- */

static enum adduce_err read_list(const struct reading *reading, struct parsed_field *field,
                                 uint32_t *count) {
  struct cursor elements;
  field->is_list = parsed_elements(field, &elements, count);
  if (*count <= PARSED_ELEMENTS) return ADDUCE_OK;
  return refuse(reading, ADDUCE_E_TOO_LARGE, field->value.data, field->key,
                "a list has at most 4,096 elements");
}

static bool starts_array(struct adduce_span encoded) {
  uint8_t byte = encoded.data[0];
  return (byte & 0xf0) == 0x90 || byte == 0xdc || byte == 0xdd;
}

static enum adduce_err read_pair(struct reading *reading, struct parsed_field *field,
                                 struct cursor *cursor, bool is_stored) {
  uint32_t element_count;
  const uint8_t *at = cursor->at;
  *field = (struct parsed_field){.slot = PARSED_VALUE};
  if (!cursor_str(cursor, &field->key) || !spelling_key(field->key))
    return refuse_form(reading, at, span_of(NULL, 0), "a key is [a-z][a-z0-9_]*, at most 64 bytes");
  if (!cursor_value(cursor, &field->value))
    return refuse_form(reading, at, field->key, "there is no value");
  field->is_list = starts_array(field->value);
  TRY(read_list(reading, field, &element_count));
  return is_stored ? ADDUCE_OK : bound_value(reading, field, element_count);
}

static enum adduce_err make_fields(const struct reading *reading, struct parsed *parsed,
                                   struct parsed_field **fields, uint32_t count,
                                   const uint8_t *at) {
  if (count > PARSED_FIELDS)
    return refuse(reading, ADDUCE_E_TOO_LARGE, at, span_of(NULL, 0),
                  "a content has at most 64 fields");
  *fields = scope_alloc(reading->scope, count * sizeof **fields);
  if (*fields == NULL) return scope_no_memory(reading->scope);
  parsed->fields = *fields;
  parsed->field_count = count;
  return ADDUCE_OK;
}

static enum adduce_err read_whole(struct reading *reading, struct parsed *parsed,
                                  struct cursor cursor, bool is_stored) {
  struct parsed_field *fields;
  uint32_t count;
  const uint8_t *at = cursor.at;
  reading->partial_objects = 3;
  if (!cursor_bin_of(&cursor, 16, &parsed->seed16))
    return refuse_form(reading, at, span_of(NULL, 0), "the seed is not 16 bytes");
  at = cursor.at;
  if (!cursor_map(&cursor, &count))
    return refuse_form(reading, at, span_of(NULL, 0), "the fields are not a map");
  TRY(make_fields(reading, parsed, &fields, count, at));
  for (uint32_t i = 0; i < count; i++) TRY(read_pair(reading, &fields[i], &cursor, is_stored));
  return ADDUCE_OK;
}

/* --- form 2 ------------------------------------------------------------------------------- */

/* The elements of a list in form 2: each 32 bytes, or 16 bytes and a value. */
static enum adduce_err check_elements(const struct reading *reading, struct parsed *parsed,
                                      struct parsed_field *field) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  TRY(read_list(reading, field, &count));
  (void)!parsed_elements(field, &elements, &count);
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *at = elements.at;
    if (!parsed_next_element(parsed, &elements, &element))
      return refuse_form(reading, at, field->key,
                         "an element is neither its hash (32 bytes) nor [salt, element]");
    if (element.hash32 != NULL) field->slot = PARSED_ELEMENTS_PARTIAL;
  }
  return ADDUCE_OK;
}

static enum adduce_err read_open(const struct reading *reading, struct parsed *parsed,
                                 struct parsed_field *field, struct cursor *cursor) {
  const uint8_t *at = cursor->at;
  field->slot = PARSED_VALUE;
  if (!cursor_bin_of(cursor, 16, &field->salt16))
    return refuse_form(reading, at, field->key, "the salt is not 16 bytes");
  at = cursor->at;
  if (!cursor_value(cursor, &field->value))
    return refuse_form(reading, at, field->key, "there is no value");
  field->is_list = starts_array(field->value);
  return field->is_list ? check_elements(reading, parsed, field) : ADDUCE_OK;
}

static enum adduce_err read_slot(const struct reading *reading, struct parsed *parsed,
                                 struct parsed_field *field, struct cursor *cursor) {
  uint32_t items;
  const uint8_t *at = cursor->at;
  *field = (struct parsed_field){.slot = PARSED_WITHHELD};
  if (!cursor_array(cursor, &items) || (items != 2 && items != 3))
    return refuse_form(reading, at, span_of(NULL, 0),
                       "a slot is [key, hash] or [key, salt, value]");
  at = cursor->at;
  if (!cursor_str(cursor, &field->key) || !spelling_key(field->key))
    return refuse_form(reading, at, span_of(NULL, 0), "a key is [a-z][a-z0-9_]*, at most 64 bytes");
  if (items == 3) return read_open(reading, parsed, field, cursor);
  at = cursor->at;
  if (!cursor_bin_of(cursor, 32, &field->inner32))
    return refuse_form(reading, at, field->key, "a withheld field has a hash of 32 bytes");
  return ADDUCE_OK;
}

static enum adduce_err read_partial(const struct reading *reading, struct parsed *parsed,
                                    struct cursor cursor) {
  struct parsed_field *fields;
  uint32_t count;
  const uint8_t *at = cursor.at;
  if (!cursor_array(&cursor, &count))
    return refuse_form(reading, at, span_of(NULL, 0), "the slots are not a list");
  TRY(make_fields(reading, parsed, &fields, count, at));
  for (uint32_t i = 0; i < count; i++) {
    at = cursor.at;
    TRY(read_slot(reading, parsed, &fields[i], &cursor));
    if (i > 0 && span_compare(fields[i - 1].key, fields[i].key) >= 0)
      return refuse_form(reading, at, fields[i].key, "the slots are not in ascending order");
  }
  return ADDUCE_OK;
}

enum adduce_err parsed_content_read(struct adduce_scope *scope, struct parsed *parsed,
                                    struct adduce_span content, bool is_stored) {
  struct reading reading = {scope, content.data, 0};
  struct cursor cursor = cursor_of(content);
  uint32_t items;
  int64_t form;
  if (!cursor_array(&cursor, &items) || items == 0 || !cursor_int(&cursor, &form))
    return refuse_form(&reading, content.data, span_of(NULL, 0),
                       "a content is [1, seed, fields] or [2, slots]");
  parsed->content = content;
  if (form == 1 && items == 3) {
    if (content.size > PARSED_CONTENT_BYTES)
      return refuse(&reading, ADDUCE_E_TOO_LARGE, content.data, span_of(NULL, 0),
                    "a content has at most 1,048,576 bytes");
    parsed->form = PARSED_WHOLE;
    return read_whole(&reading, parsed, cursor, is_stored);
  }
  if (form == 2 && items == 2) {
    parsed->form = PARSED_PARTIAL;
    return read_partial(&reading, parsed, cursor);
  }
  if (form != 1 && form != 2)
    return scope_fail(scope, ADDUCE_E_VERSION, "content: form %lld is not known here",
                      (long long)form);
  return refuse_form(&reading, content.data, span_of(NULL, 0),
                     "a content is [1, seed, fields] or [2, slots]");
}
