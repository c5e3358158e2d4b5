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

static void add_relation(struct rows *rows, const struct parsed *parsed, struct adduce_span end,
                         uint8_t direction, struct adduce_span other, uint64_t fields) {
  const struct parsed_field *degree = rows_open(parsed, "degree");
  const struct parsed_field *scope = rows_open(parsed, "scope");
  struct buffer *value = rows_value(rows);
  struct key key;
  if (end.size == 0) return;
  pack_map(value, rows_mood_count(rows) + (degree != NULL) + (other.size != 0) + (scope != NULL));
  rows_pack_pair(value, parsed, degree);
  rows_pack_mood(rows, value);
  if (other.size != 0) {
    pack_text(value, "other");
    pack_str(value, other);
  }
  rows_pack_pair(value, parsed, scope);
  key_init(&key);
  key_text(&key, end);
  key_byte(&key, direction);
  key_text(&key, parsed_text(parsed, "relation"));
  rows_put(rows, &key, fields);
}

void relations_project(struct rows *rows, const struct projection_input *input) {
  static const char *const keys[] = {"from", "relation", "to", "degree", "scope", NULL};
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input) || claim->kind->effect != EFFECT_RELATES) return;
  struct adduce_span from = parsed_text(&claim->parsed, "from");
  struct adduce_span to = parsed_text(&claim->parsed, "to");
  uint64_t fields = rows_fields(rows, keys) | rows_mood_fields(rows);
  add_relation(rows, &claim->parsed, from, 1, to, fields);
  add_relation(rows, &claim->parsed, to, 2, from, fields);
}
