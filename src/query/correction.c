/* SPDX-License-Identifier: Apache-2.0 */
#include "query/correction.h"

#include "projection/rows.h"

/* The fields of a claim under correction, in ascending order of keys. */
struct overlay {
  struct parsed_field fields[PARSED_FIELDS];
  uint32_t count;
  bool is_changed;
};

static bool is_array(struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  return cursor_peek(&cursor) == CURSOR_ARRAY;
}

/* Fields beyond the format's number are left out. */
static void put_field(struct overlay *overlay, const struct parsed_field *field) {
  uint32_t at = 0;
  while (at < overlay->count && span_compare(overlay->fields[at].key, field->key) < 0) at++;
  bool is_there = at < overlay->count && span_equal(overlay->fields[at].key, field->key);
  if (!is_there) {
    if (overlay->count == PARSED_FIELDS) return;
    memmove(&overlay->fields[at + 1], &overlay->fields[at],
            (overlay->count - at) * sizeof *overlay->fields);
    overlay->count++;
  }
  overlay->fields[at] = *field;
}

/* What is open of the claim, in the form of a whole content. */
static enum adduce_err start_overlay(struct asked *asked, struct overlay *overlay,
                                     const struct parsed *parsed) {
  overlay->count = 0;
  overlay->is_changed = false;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    struct parsed_field field = parsed->fields[i];
    if (field.is_list && parsed->form == PARSED_PARTIAL && field.slot != PARSED_WITHHELD) {
      struct buffer buffer;
      buffer_init(&buffer, asked->scope);
      rows_pack_field(&buffer, parsed, &parsed->fields[i]);
      TRY(buffer_take(&buffer, &field.value));
    }
    if (field.slot == PARSED_ELEMENTS_PARTIAL) field.slot = PARSED_VALUE;
    field.salt16 = NULL;
    put_field(overlay, &field);
  }
  return ADDUCE_OK;
}

static void put_fields(struct overlay *overlay, const struct parsed *correction) {
  const struct parsed_field *fields = parsed_field(correction, "fields");
  uint32_t count;
  if (fields == NULL || fields->slot != PARSED_VALUE) return;
  struct cursor cursor = cursor_of(fields->value);
  if (!cursor_map(&cursor, &count)) return;
  for (uint32_t i = 0; i < count; i++) {
    struct parsed_field field = {.slot = PARSED_VALUE};
    if (!cursor_str(&cursor, &field.key) || !cursor_value(&cursor, &field.value)) return;
    field.is_list = is_array(field.value);
    put_field(overlay, &field);
    overlay->is_changed = true;
  }
}

/* Reads a correction, with what corrects it, and puts its fields over. */
static enum adduce_err put_correction(struct asked *asked, struct overlay *overlay, uint64_t index,
                                      unsigned depth) {
  const struct query_world *world = asked->world;
  struct world_entry entry;
  struct told told = {.index = index};
  TRY(world->entry(world->context, asked->scope, &entry, index));
  told.event = entry.event;
  if (depth < CORRECTION_DEPTH) {
    TRY(status_find(asked, &told.status, told.event.id.bytes, told.event.claim.parsed.author32));
    TRY(correction_apply(asked, &told, depth + 1));
  }
  put_fields(overlay, told_parsed(&told));
  return ADDUCE_OK;
}

static enum adduce_err finish_overlay(struct asked *asked, struct told *told,
                                      const struct overlay *overlay) {
  struct parsed *parsed = &told->corrected.claim.parsed;
  struct parsed_field *fields = scope_array(asked->scope, overlay->count, sizeof *fields);
  if (fields == NULL) return scope_no_memory(asked->scope);
  memcpy(fields, overlay->fields, overlay->count * sizeof *fields);
  told->corrected = told->event;
  for (uint32_t i = 0; i < overlay->count; i++)
    fields[i].rule = vocabulary_field(told->event.claim.kind, fields[i].key);
  parsed->fields = fields;
  parsed->field_count = overlay->count;
  parsed->form = PARSED_WHOLE;
  parsed->seed16 = NULL;
  told->is_corrected = true;
  return ADDUCE_OK;
}

static bool is_correction(const struct status_act *act) {
  return act->effective && span_is(act->state, "corrected");
}

enum adduce_err correction_apply(struct asked *asked, struct told *told, unsigned depth) {
  struct overlay overlay;
  size_t corrections = 0;
  for (size_t i = 0; i < told->status.act_count; i++)
    corrections += is_correction(&told->status.acts[i]);
  if (corrections == 0 || told->event.claim.standing != CLAIM_UNDERSTOOD) return ADDUCE_OK;
  TRY(start_overlay(asked, &overlay, &told->event.claim.parsed));
  for (size_t i = 0; i < told->status.act_count; i++) {
    const struct status_act *act = &told->status.acts[i];
    if (is_correction(act)) TRY(put_correction(asked, &overlay, act->index, depth));
  }
  return overlay.is_changed ? finish_overlay(asked, told, &overlay) : ADDUCE_OK;
}
