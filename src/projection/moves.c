/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/moves.h"

#include "codec/pack.h"

bool moves_has_facets(const struct vocabulary_kind *kind) {
  for (size_t i = 0; i < kind->field_count; i++)
    if ((kind->fields[i].flags & FIELD_FACET) != 0) return true;
  return false;
}

struct adduce_span moves_noun(const struct vocabulary_kind *kind) {
  const char *dot = strrchr(kind->name, '.');
  return dot == NULL ? span_text(kind->name) : span_of(kind->name, (size_t)(dot - kind->name));
}

static bool is_facet(const struct claim *claim, const struct parsed_field *field) {
  const struct vocabulary_field *rule = vocabulary_field(claim->kind, field->key);
  return rule != NULL && (rule->flags & FIELD_FACET) != 0 && field->slot != PARSED_WITHHELD;
}

static size_t count_facets(const struct claim *claim) {
  size_t count = 0;
  for (uint32_t i = 0; i < claim->parsed.field_count; i++)
    count += is_facet(claim, &claim->parsed.fields[i]);
  return count;
}

static void pack_facets(struct buffer *value, const struct claim *claim, size_t count) {
  if (count == 0) return;
  pack_text(value, "facets");
  pack_map(value, count);
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    const struct parsed_field *field = &claim->parsed.fields[i];
    if (!is_facet(claim, field)) continue;
    pack_str(value, field->key);
    rows_pack_field(value, &claim->parsed, field);
  }
}

static void pack_field(struct buffer *value, const struct parsed *parsed,
                       const struct parsed_field *field) {
  if (field == NULL) return;
  pack_str(value, field->key);
  rows_pack_field(value, parsed, field);
}

static void pack_move(struct rows *rows, const struct claim *claim, struct adduce_span subject) {
  const struct parsed_field *degree = rows_open(&claim->parsed, "degree");
  const struct parsed_field *quantity = rows_open(&claim->parsed, "quantity");
  struct buffer *value = rows_value(rows);
  size_t facets = count_facets(claim);
  pack_map(value, (size_t)2 + (degree != NULL) + (facets != 0) + rows_mood_count(rows) +
                      (quantity != NULL) + (subject.size != 0));
  pack_field(value, &claim->parsed, degree);
  pack_facets(value, claim, facets);
  rows_pack_mood(rows, value);
  pack_text(value, "noun");
  pack_str(value, moves_noun(claim->kind));
  pack_field(value, &claim->parsed, quantity);
  pack_text(value, "state");
  pack_text(value, claim->kind->state == NULL ? "" : claim->kind->state);
  if (subject.size != 0) {
    pack_text(value, "subject");
    pack_str(value, subject);
  }
}

/* The subject, the other, what the mood and the value derive from, and the facets. */
struct fields {
  const char *names[PARSED_FIELDS + 8];
  size_t count;
};

static void list_fields(struct fields *fields, const struct claim *claim, const char *other) {
  static const char *const common[] = {"degree", "quantity", ROWS_MOOD_FIELDS};
  fields->count = 0;
  fields->names[fields->count++] = claim->kind->subject;
  for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
    fields->names[fields->count++] = common[i];
  for (size_t i = 0; i < claim->kind->field_count && i < PARSED_FIELDS; i++)
    if ((claim->kind->fields[i].flags & FIELD_FACET) != 0)
      fields->names[fields->count++] = claim->kind->fields[i].name;
  if (other != NULL) fields->names[fields->count++] = other;
  fields->names[fields->count] = NULL;
}

static void add_row(struct rows *rows, struct adduce_span under, uint8_t role,
                    const char *const *fields) {
  struct key key;
  key_init(&key);
  key_text(&key, under);
  key_byte(&key, role);
  rows_put(rows, &key, fields);
}

void moves_add(struct rows *rows, const struct claim *claim, const char *other) {
  struct adduce_span subject = claim_subject(claim);
  struct adduce_span concerned =
      other == NULL ? span_of(NULL, 0) : parsed_text(&claim->parsed, other);
  struct fields fields;
  if (subject.size != 0) {
    list_fields(&fields, claim, NULL);
    pack_move(rows, claim, span_of(NULL, 0));
    add_row(rows, subject, MOVES_SUBJECT, fields.names);
  }
  if (concerned.size != 0) {
    list_fields(&fields, claim, other);
    pack_move(rows, claim, subject);
    add_row(rows, concerned, MOVES_OTHER, fields.names);
  }
}
