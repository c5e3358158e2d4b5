/* SPDX-License-Identifier: Apache-2.0 */
/* Entities: how subjects are described, and which of them are judged to be the same.
 *
 *   text subject | byte 1 | index              -> {name?, schema?}
 *   text one     | byte 2 | text other | index -> {judgement}
 *
 * A description is of any kind that sets and says a name or a schema. A judgement stands under
 * both of its subjects; which of them are one is walked when it is asked, so that a later
 * judgement, or a retraction, undoes an earlier one and nothing is ever rewritten. */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

static void describe(struct rows *rows, const struct claim *claim) {
  struct adduce_span subject = claim_subject(claim);
  const struct parsed_field *name = rows_open(&claim->parsed, "name");
  const struct parsed_field *schema = rows_open(&claim->parsed, "schema");
  struct key key;
  if (subject.size == 0 || (name == NULL && schema == NULL)) return;
  struct buffer *value = rows_value(rows);
  pack_map(value, (size_t)(name != NULL) + (schema != NULL));
  rows_pack_pair(value, &claim->parsed, name);
  rows_pack_pair(value, &claim->parsed, schema);
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, 1);
  rows_put(rows, &key,
           rows_field(rows, claim->kind->subject) | rows_field(rows, "name") |
               rows_field(rows, "schema"));
}

static void add_edge(struct rows *rows, struct adduce_span one, struct adduce_span other,
                     struct adduce_span judgement, uint64_t fields) {
  struct buffer *value = rows_value(rows);
  struct key key;
  pack_map(value, 1);
  pack_text(value, "judgement");
  pack_str(value, judgement);
  key_init(&key);
  key_text(&key, one);
  key_byte(&key, 2);
  key_text(&key, other);
  rows_put(rows, &key, fields);
}

static void judge(struct rows *rows, const struct parsed *parsed) {
  static const char *const keys[] = {"left", "right", "judgement", NULL};
  struct adduce_span left = parsed_text(parsed, "left");
  struct adduce_span right = parsed_text(parsed, "right");
  struct adduce_span judgement = parsed_text(parsed, "judgement");
  if (left.size == 0 || right.size == 0 || span_equal(left, right)) return;
  uint64_t fields = rows_fields(rows, keys);
  add_edge(rows, left, right, judgement, fields);
  add_edge(rows, right, left, judgement, fields);
}

void entities_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input)) return;
  if (claim->kind->effect == EFFECT_SETS) describe(rows, claim);
  if (claim->kind->effect == EFFECT_SAME) judge(rows, &claim->parsed);
}
