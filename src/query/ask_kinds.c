/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_kinds.h"

static struct adduce_value *choices(struct adduce_scope *scope, const char *words) {
  struct adduce_value *list = value_list(scope);
  while (*words != '\0') {
    size_t size = strcspn(words, " ");
    value_add(scope, list, value_str(scope, span_of(words, size)));
    words += size + (words[size] == ' ');
  }
  return list;
}

static struct adduce_value *describe_field(struct adduce_scope *scope,
                                           const struct vocabulary_field *field) {
  static const struct {
    unsigned flag;
    const char *name;
  } flags[] = {{FIELD_REQUIRED, "required"}, {FIELD_REPEATED, "repeated"}, {FIELD_FRAME, "frame"},
               {FIELD_STATE, "state"},       {FIELD_FACET, "facet"},       {FIELD_KNOWN, "known"},
               {FIELD_EXISTS, "exists"},     {FIELD_COUNT, "count"},       {FIELD_PARTY, "party"}};
  struct adduce_value *map = value_map(scope);
  value_set_text(scope, map, "name", field->name);
  value_set_text(scope, map, "type", vocabulary_type_name(field->type));
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
    if ((field->flags & flags[i].flag) != 0)
      value_set(scope, map, flags[i].name, value_boolean(scope, true));
  if (field->choices != NULL) value_set(scope, map, "choices", choices(scope, field->choices));
  value_set_text(scope, map, "text", field->text == NULL ? "" : field->text);
  return map;
}

/* The fields that are maps have their keys beside them, one level deep. */
static struct adduce_value *describe_fields(struct adduce_scope *scope,
                                            const struct vocabulary_field *fields, size_t count) {
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *map = describe_field(scope, &fields[i]);
    size_t key_count;
    const struct vocabulary_field *keys = vocabulary_shape(fields[i].type, &key_count);
    if (keys != NULL && fields[i].type != FIELD_TEXT) {
      struct adduce_value *shape = value_list(scope);
      for (size_t j = 0; j < key_count; j++)
        value_add(scope, shape, describe_field(scope, &keys[j]));
      value_set(scope, map, "keys", shape);
    }
    value_add(scope, list, map);
  }
  return list;
}

static void set_text(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                     const char *text) {
  if (text != NULL) value_set_text(scope, map, key, text);
}

static struct adduce_value *describe_head(struct adduce_scope *scope,
                                          const struct vocabulary_kind *kind) {
  struct adduce_value *map = value_map(scope);
  value_set_text(scope, map, "kind", kind->name);
  set_text(scope, map, "text", kind->text);
  value_set_text(scope, map, "family", vocabulary_family_name(kind->family));
  value_set_text(scope, map, "effect", vocabulary_effect_name(kind->effect));
  value_set(scope, map, "control", value_boolean(scope, kind->control));
  set_text(scope, map, "subject", kind->subject);
  set_text(scope, map, "state", kind->state);
  if (kind->declared_by32 != NULL)
    value_set_bytes32(scope, map, "declared_by", kind->declared_by32);
  return map;
}

static struct adduce_value *describe(struct adduce_scope *scope,
                                     const struct vocabulary_kind *kind) {
  struct adduce_value *map = describe_head(scope, kind);
  set_text(scope, map, "acts_role", kind->acts_role);
  set_text(scope, map, "may_roles", kind->may_roles);
  set_text(scope, map, "right", kind->right);
  value_set(scope, map, "fields", describe_fields(scope, kind->fields, kind->field_count));
  if (kind->has_frame) {
    size_t count;
    const struct vocabulary_field *frame = vocabulary_frame(&count);
    value_set(scope, map, "frame", describe_fields(scope, frame, count));
  }
  set_text(scope, map, "example", kind->example);
  return map;
}

static struct adduce_value *list_kinds(struct adduce_scope *scope,
                                       const struct vocabulary *vocabulary) {
  struct adduce_value *list = value_list(scope);
  size_t count;
  const struct vocabulary_kind *builtin = vocabulary_builtin(&count);
  for (size_t i = 0; i < count; i++) value_add(scope, list, describe_head(scope, &builtin[i]));
  for (size_t i = 0; vocabulary != NULL && i < vocabulary_declared_count(vocabulary); i++)
    value_add(scope, list, describe_head(scope, vocabulary_declared(vocabulary, i)));
  return list;
}

enum adduce_err ask_kinds(struct adduce_scope *scope, const struct vocabulary *vocabulary,
                          struct adduce_value **answer, const char *kind) {
  struct vocabulary *builtin = NULL;
  if (kind == NULL) {
    *answer = list_kinds(scope, vocabulary);
    return value_finish(scope);
  }
  if (vocabulary == NULL) {
    TRY(vocabulary_open(scope, &builtin));
    vocabulary = builtin;
  }
  const struct vocabulary_kind *found = vocabulary_find(vocabulary, span_text(kind));
  if (found == NULL)
    return scope_fail(scope, ADDUCE_E_KIND, "no kind \"%s\"; `adduce kinds` lists them", kind);
  *answer = describe(scope, found);
  return value_finish(scope);
}
