/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/expand.h"

#include "claim/spelling.h"

struct expanding {
  struct adduce_scope *scope;
  struct adduce_span origin;
};

static void expand_value(const struct expanding *expanding, struct adduce_value **value,
                         enum field_type type);

/* A text that is no id, and becomes one behind the origin, is a bare name. */
static void expand_text(const struct expanding *expanding, struct adduce_value **value) {
  if ((*value)->type != ADDUCE_TEXT) return;
  struct adduce_span name = (*value)->as.bytes;
  if (name.size > SPELLING_SUBJECT_BYTES || spelling_subject(name)) return;
  const char *id =
      scope_format(expanding->scope, "%.*s/%.*s", SPAN_ARGS(expanding->origin), SPAN_ARGS(name));
  if (spelling_subject(span_text(id))) *value = value_text(expanding->scope, id);
}

static void expand_map(const struct expanding *expanding, struct adduce_value *map,
                       const struct vocabulary_field *shape, size_t count) {
  for (size_t i = 0; i < map->as.map.count; i++) {
    struct value_pair *pair = &map->as.map.pairs[i];
    for (size_t j = 0; j < count; j++)
      if (span_is(pair->key, shape[j].name)) expand_value(expanding, &pair->value, shape[j].type);
  }
}

/* `majority_of` is a number or a subject, and text is a subject only there. */
static void expand_quantity(const struct expanding *expanding, struct adduce_value *map) {
  static const struct vocabulary_field shape[] = {
      {"majority_of", FIELD_SUBJECT, 0, NULL, ""},
      {"of", FIELD_SUBJECT, 0, NULL, ""},
  };
  expand_map(expanding, map, shape, sizeof shape / sizeof shape[0]);
}

/* A value is a {subject: name}, a quantity, or nothing with a name in it. */
static void expand_any(const struct expanding *expanding, struct adduce_value *map) {
  size_t count;
  const struct vocabulary_field *shape = vocabulary_shape(FIELD_VALUE, &count);
  if (value_get(map, span_text("subject")) != NULL)
    expand_map(expanding, map, shape, count);
  else
    expand_quantity(expanding, map);
}

static void expand_value(const struct expanding *expanding, struct adduce_value **value,
                         enum field_type type) {
  if ((*value)->type == ADDUCE_LIST) {
    for (size_t i = 0; i < (*value)->as.list.count; i++)
      if ((*value)->as.list.items[i]->type != ADDUCE_LIST)
        expand_value(expanding, &(*value)->as.list.items[i], type);
    return;
  }
  if (type == FIELD_SUBJECT || type == FIELD_REFERENCE || type == FIELD_RELATIVE)
    expand_text(expanding, value);
  if ((*value)->type != ADDUCE_MAP) return;
  if (type == FIELD_QUANTITY) {
    expand_quantity(expanding, *value);
  } else if (type == FIELD_VALUE) {
    expand_any(expanding, *value);
  } else {
    size_t count;
    const struct vocabulary_field *shape = vocabulary_shape(type, &count);
    if (shape != NULL) expand_map(expanding, *value, shape, count);
  }
}

enum adduce_err expand_content(struct adduce_scope *scope, struct adduce_value *content,
                               const struct vocabulary_kind *kind, struct adduce_span origin) {
  const struct expanding expanding = {scope, origin};
  for (size_t i = 0; i < content->as.map.count; i++) {
    struct value_pair *pair = &content->as.map.pairs[i];
    const struct vocabulary_field *field = vocabulary_field(kind, pair->key);
    if (field != NULL) expand_value(&expanding, &pair->value, field->type);
  }
  return value_finish(scope);
}
