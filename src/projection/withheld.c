/* SPDX-License-Identifier: Apache-2.0 */
/* What is withheld: which content is not available here, of every event, understood or not.
 *
 *   id of the event | index -> {field: true, or [element]}
 *
 * A field that is withheld as a whole is true; of a list that is open but for some elements, those
 * elements. A content that is not held at all is the empty map. An event whose content is whole has
 * no row. So the rows, read in order, are the view of which all other rows depend (viewid.h). */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

static size_t count_withheld(const struct parsed *parsed, const struct parsed_field *field) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  size_t withheld = 0;
  if (!parsed_elements(field, &elements, &count)) return 0;
  while (parsed_next_element(parsed, &elements, &element)) withheld += element.hash32 != NULL;
  return withheld;
}

static void pack_elements(struct buffer *value, const struct parsed *parsed,
                          const struct parsed_field *field, size_t withheld) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  pack_array(value, withheld);
  if (!parsed_elements(field, &elements, &count)) return;
  for (int64_t i = 0; parsed_next_element(parsed, &elements, &element); i++)
    if (element.hash32 != NULL) pack_int(value, i);
}

static void pack_field(struct buffer *value, const struct parsed *parsed,
                       const struct parsed_field *field) {
  size_t withheld = count_withheld(parsed, field);
  if (field->slot != PARSED_WITHHELD && withheld == 0) return;
  pack_str(value, field->key);
  if (field->slot == PARSED_WITHHELD)
    pack_bool(value, true);
  else
    pack_elements(value, parsed, field, withheld);
}

void withheld_project(struct rows *rows, const struct projection_input *input) {
  const struct parsed *parsed = &input->event->claim.parsed;
  size_t count = 0;
  struct key key;
  if (parsed->form == PARSED_WHOLE) return;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    count += field->slot == PARSED_WITHHELD || count_withheld(parsed, field) != 0;
  }
  if (count == 0 && parsed->form != PARSED_NO_CONTENT) return;
  struct buffer *value = rows_value(rows);
  pack_map(value, count);
  for (uint32_t i = 0; i < parsed->field_count; i++) pack_field(value, parsed, &parsed->fields[i]);
  key_init(&key);
  key_id(&key, rows_id(rows)->bytes);
  rows_put(rows, &key, 0);
}
