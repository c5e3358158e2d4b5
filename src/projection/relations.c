/* SPDX-License-Identifier: Apache-2.0 */
/* Relations between subjects, from both ends.
 *
 *   text end | byte direction (1: it is `from`, 2: it is `to`) | text relation | index
 *     -> {degree?, mood?, other?, scope?}
 *
 * An end that is unknown has no row; then `other` is missing in the row of the end that is known.
 */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

static const char *const derived[] = {"from",  "relation",       "to", "degree",
                                      "scope", ROWS_MOOD_FIELDS, NULL};

static void pack_optional(struct buffer *value, const struct parsed *parsed,
                          const struct parsed_field *field) {
  if (field == NULL) return;
  pack_str(value, field->key);
  rows_pack_field(value, parsed, field);
}

static void add_relation(struct rows *rows, const struct parsed *parsed, struct adduce_span end,
                         uint8_t direction, struct adduce_span other) {
  const struct parsed_field *degree = rows_open(parsed, "degree");
  const struct parsed_field *scope = rows_open(parsed, "scope");
  struct buffer *value = rows_value(rows);
  struct key key;
  if (end.size == 0) return;
  pack_map(value, rows_mood_count(rows) + (degree != NULL) + (other.size != 0) + (scope != NULL));
  pack_optional(value, parsed, degree);
  rows_pack_mood(rows, value);
  if (other.size != 0) {
    pack_text(value, "other");
    pack_str(value, other);
  }
  pack_optional(value, parsed, scope);
  key_init(&key);
  key_text(&key, end);
  key_byte(&key, direction);
  key_text(&key, parsed_text(parsed, "relation"));
  rows_put(rows, &key, derived);
}

void relations_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input) || claim->kind->effect != EFFECT_RELATES) return;
  struct adduce_span from = parsed_text(&claim->parsed, "from");
  struct adduce_span to = parsed_text(&claim->parsed, "to");
  add_relation(rows, &claim->parsed, from, 1, to);
  add_relation(rows, &claim->parsed, to, 2, from);
}
