/* SPDX-License-Identifier: Apache-2.0 */
/* Facts: what claims say of a field of a subject.
 *
 *   text subject | text field | index -> {mood?, open_list?, quantity?, value}
 *
 * Of a kind that sets or moves, each state field is a row, and the frame's quantity is the field
 * `quantity`; of one that asserts, the field is what `property` says and the quantity says for
 * how many of the subject it holds. A field that repeats is a list. The state fields of a kind
 * with facets belong to the state in that facet (sanctions.c) and not to the subject. */
#include "codec/pack.h"
#include "projection/moves.h"
#include "projection/registry.h"
#include "projection/rows.h"

static bool is_open_list(const struct parsed *parsed) {
  const struct parsed_field *field = rows_open(parsed, "open_list");
  bool is_open = false;
  if (field == NULL) return false;
  struct cursor cursor = cursor_of(field->value);
  return cursor_bool(&cursor, &is_open) && is_open;
}

/* `quantity` NULL: none of its own. */
static void add_fact(struct rows *rows, struct adduce_span subject, struct adduce_span name,
                     const struct parsed_field *field, const struct parsed_field *quantity,
                     uint64_t fields) {
  const struct parsed *parsed = &rows->input->event->claim.parsed;
  struct buffer *value = rows_value(rows);
  bool is_open = is_open_list(parsed);
  struct key key;
  pack_map(value, (size_t)1 + rows_mood_count(rows) + is_open + (quantity != NULL));
  rows_pack_mood(rows, value);
  if (is_open) {
    pack_text(value, "open_list");
    pack_bool(value, true);
  }
  if (quantity != NULL) {
    pack_text(value, "quantity");
    pack_encoded(value, quantity->value);
  }
  pack_text(value, "value");
  rows_pack_field(value, parsed, field);
  key_init(&key);
  key_text(&key, subject);
  key_text(&key, name);
  rows_put(rows, &key, fields);
}

/* What every fact derives from: whom it is about, how many of it, in which mood. */
static uint64_t common_fields(struct rows *rows, const struct claim *claim) {
  return rows_field(rows, claim->kind->subject) | rows_field(rows, "open_list") |
         rows_field(rows, "quantity") | rows_mood_fields(rows);
}

static void set_fields(struct rows *rows, const struct claim *claim, struct adduce_span subject) {
  uint64_t common = common_fields(rows, claim);
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    const struct parsed_field *field = &claim->parsed.fields[i];
    bool is_state = field->rule != NULL && (field->rule->flags & FIELD_STATE) != 0;
    if (!is_state || field->slot == PARSED_WITHHELD) continue;
    add_fact(rows, subject, field->key, field, NULL, common | UINT64_C(1) << i);
  }
}

static void assert_value(struct rows *rows, const struct claim *claim, struct adduce_span subject) {
  const struct parsed_field *value = rows_open(&claim->parsed, "value");
  struct adduce_span property = parsed_text(&claim->parsed, "property");
  uint64_t own = rows_field(rows, "property") | rows_field(rows, "value");
  if (value == NULL || property.size == 0) return;
  add_fact(rows, subject, property, value, rows_open(&claim->parsed, "quantity"),
           own | common_fields(rows, claim));
}

void facts_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input)) return;
  struct adduce_span subject = claim_subject(claim);
  if (subject.size == 0) return;
  if (claim->kind->effect == EFFECT_ASSERTS) {
    assert_value(rows, claim, subject);
  } else if (claim->kind->effect == EFFECT_SETS ||
             (claim->kind->effect == EFFECT_MOVES && !moves_has_facets(claim->kind))) {
    set_fields(rows, claim, subject);
  }
}
