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

static bool is_facet(const struct parsed_field *field) {
  return field->rule != NULL && (field->rule->flags & FIELD_FACET) != 0 &&
         field->slot != PARSED_WITHHELD;
}

/* The bits of the facets there are. */
static uint64_t find_facets(const struct claim *claim, size_t *count) {
  uint64_t facets = 0;
  *count = 0;
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    if (!is_facet(&claim->parsed.fields[i])) continue;
    facets |= UINT64_C(1) << i;
    ++*count;
  }
  return facets;
}

static void pack_facets(struct buffer *value, const struct claim *claim, uint64_t facets,
                        size_t count) {
  if (count == 0) return;
  pack_text(value, "facets");
  pack_map(value, count);
  for (uint32_t i = 0; i < claim->parsed.field_count; i++)
    if ((facets >> i & 1) != 0) rows_pack_pair(value, &claim->parsed, &claim->parsed.fields[i]);
}

/* Packs the value; gives the bits of what it derives from. */
static uint64_t pack_move(struct rows *rows, const struct claim *claim,
                          struct adduce_span subject) {
  const struct parsed_field *degree = rows_open(&claim->parsed, "degree");
  const struct parsed_field *quantity = rows_open(&claim->parsed, "quantity");
  size_t count;
  uint64_t facets = find_facets(claim, &count);
  struct buffer *value = rows_value(rows);
  pack_map(value, (size_t)2 + (degree != NULL) + (count != 0) + rows_mood_count(rows) +
                      (quantity != NULL) + (subject.size != 0));
  rows_pack_pair(value, &claim->parsed, degree);
  pack_facets(value, claim, facets, count);
  rows_pack_mood(rows, value);
  pack_text(value, "noun");
  pack_str(value, moves_noun(claim->kind));
  rows_pack_pair(value, &claim->parsed, quantity);
  pack_text(value, "state");
  pack_text(value, claim->kind->state == NULL ? "" : claim->kind->state);
  if (subject.size != 0) {
    pack_text(value, "subject");
    pack_str(value, subject);
  }
  return facets | rows_field(rows, "degree") | rows_field(rows, "quantity") |
         rows_field(rows, claim->kind->subject) | rows_mood_fields(rows);
}

static void add_row(struct rows *rows, struct adduce_span under, uint8_t role, uint64_t fields) {
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
  if (subject.size != 0) {
    uint64_t fields = pack_move(rows, claim, span_of(NULL, 0));
    add_row(rows, subject, MOVES_SUBJECT, fields);
  }
  if (concerned.size != 0) {
    uint64_t fields = pack_move(rows, claim, subject);
    add_row(rows, concerned, MOVES_OTHER, fields | rows_field(rows, other));
  }
}
