/* SPDX-License-Identifier: Apache-2.0 */
#include "query/lines.h"

#include <stdlib.h>

#include "codec/pack.h"
#include "projection/key.h"
#include "query/modefilter.h"
#include "query/names.h"

static struct adduce_span find(struct adduce_span map, const char *key) {
  struct adduce_span encoded;
  struct cursor cursor = cursor_of(map);
  return cursor_find(&cursor, key, &encoded) ? encoded : span_of(NULL, 0);
}

static struct adduce_span find_text(struct adduce_span map, const char *key) {
  struct adduce_span text;
  struct cursor cursor = cursor_of(find(map, key));
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

/* --- growing ------------------------------------------------------------------------------ */

/* What makes two lines one is written down part by part. */
static void put_part(struct buffer *bytes, struct adduce_span part) {
  uint8_t size[4];
  bigendian_put32(size, (uint32_t)part.size);
  buffer_append(bytes, size, sizeof size);
  buffer_span(bytes, part);
}

/* Text is one value in whatever dress, with a language or without. */
static void put_value(struct buffer *bytes, struct adduce_span encoded) {
  struct adduce_span text = names_text(encoded);
  buffer_byte(bytes, text.size != 0);
  put_part(bytes, text.size != 0 ? text : encoded);
}

enum adduce_err lines_identify(struct asked *asked, const struct line *line,
                               struct adduce_span *identity) {
  struct buffer bytes;
  buffer_init(&bytes, asked->scope);
  buffer_byte(&bytes, (uint8_t)line->section);
  buffer_byte(&bytes, line->direction);
  if (line->section == LINES_FACT || line->section == LINES_RELATION) {
    buffer_byte(&bytes, (uint8_t)line->mood.polarity);
    buffer_byte(&bytes, (uint8_t)line->mood.certainty);
    buffer_byte(&bytes, line->mood.intended);
  }
  put_part(&bytes, line->field);
  put_part(&bytes, line->other);
  put_value(&bytes, line->value);
  return buffer_take(&bytes, identity);
}

static enum adduce_err new_line(struct asked *asked, struct lines *lines, struct line **line) {
  struct line *grown =
      scope_room(asked->scope, &lines->capacity, lines->items, lines->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  lines->items = grown;
  *line = &lines->items[lines->count++];
  return ADDUCE_OK;
}

static enum adduce_err add_support(struct asked *asked, struct line *line,
                                   const struct lines_support *support) {
  struct lines_support *grown =
      scope_room(asked->scope, &line->capacity, line->supports, line->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  line->supports = grown;
  line->supports[line->count++] = *support;
  return ADDUCE_OK;
}

/* --- lines from rows ---------------------------------------------------------------------- */

struct building {
  struct asked *asked;
  struct lines *lines;
  struct cache places; /* by identity: its line's number plus one */
  struct adduce_span field;
};

/* Lines move when there are more, so they are found by number. */
static enum adduce_err find_line(struct building *building, const struct line *wanted,
                                 struct line **line) {
  struct adduce_span identity;
  TRY(lines_identify(building->asked, wanted, &identity));
  size_t *place = cache_get(&building->places, identity);
  if (place != NULL) {
    *line = &building->lines->items[*place];
    return ADDUCE_OK;
  }
  place = scope_new(building->asked->scope, size_t);
  if (place == NULL) return scope_no_memory(building->asked->scope);
  *place = building->lines->count;
  TRY(cache_put(building->asked->scope, &building->places, identity, place));
  TRY(new_line(building->asked, building->lines, line));
  **line = *wanted;
  (*line)->state = STATUS_NOT_UNDERSTOOD;
  return ADDUCE_OK;
}

static unsigned rank_of(enum status_state state) {
  static const unsigned ranks[] = {
      [STATUS_LIVE] = 0,      [STATUS_ENDED] = 1,      [STATUS_CORRECTED] = 2,
      [STATUS_RETRACTED] = 3, [STATUS_INCOMPLETE] = 4, [STATUS_NOT_UNDERSTOOD] = 5};
  return ranks[state];
}

static enum adduce_err put_line(struct building *building, const struct line *wanted,
                                const struct lines_support *support) {
  struct line *line = NULL;
  bool is_in;
  if (building->field.size != 0 && !span_equal(wanted->field, building->field)) return ADDUCE_OK;
  TRY(modefilter_admit(building->asked, &is_in, support->told, support->item->event));
  if (!is_in) return ADDUCE_OK;
  TRY(find_line(building, wanted, &line));
  if (rank_of(support->state) < rank_of(line->state)) {
    line->state = support->state;
    line->marks = 0;
  }
  /* What was erased of a claim is not what this line says. */
  if (support->state == line->state)
    line->marks |= support->told->status.marks & ~(1u << STATUS_ERASED);
  if (line->original.size == 0) line->original = wanted->original;
  return add_support(building->asked, line, support);
}

/* The spelling that the frame's `original` gives for the field, unless the value has its own. Of an
 * asserted property it stands under `value`, where the value stood. */
static struct adduce_span find_original(const struct event *event, struct adduce_span field,
                                        struct adduce_span value) {
  struct adduce_span none = {NULL, 0};
  const struct parsed_field *spellings = parsed_field(&event->claim.parsed, "original");
  struct adduce_span key, encoded;
  uint32_t count;
  if (find(value, "original").size != 0 || spellings == NULL || spellings->slot != PARSED_VALUE)
    return none;
  const struct vocabulary_kind *kind = event->claim.kind;
  if (kind != NULL && kind->effect == EFFECT_ASSERTS) field = span_text("value");
  struct cursor cursor = cursor_of(spellings->value);
  if (!cursor_map(&cursor, &count)) return none;
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &key) || !cursor_value(&cursor, &encoded)) break;
    if (span_equal(key, field)) return encoded;
  }
  return none;
}

static struct lines_support support_of(const struct gather_item *item) {
  return (struct lines_support){.item = item,
                                .told = item->told,
                                .state = item->state,
                                .mood = modality_of(&item->event->claim.parsed),
                                .quantity = find(item->value, "quantity")};
}

/* One line a value; of a list, one an element. */
static enum adduce_err take_fact(struct building *building, const struct gather_item *item) {
  struct line line = {.section = LINES_FACT};
  struct lines_support support = support_of(item);
  struct adduce_span rest = item->rest, element;
  bool is_whole;
  uint32_t count;
  if (!key_take_text(&rest, &line.field, &is_whole)) return ADDUCE_OK;
  line.mood = support.mood;
  line.value = find(item->value, "value");
  struct cursor cursor = cursor_of(line.value);
  if (!cursor_array(&cursor, &count)) {
    line.original = find_original(item->event, line.field, line.value);
    return put_line(building, &line, &support);
  }
  for (uint32_t i = 0; i < count && cursor_value(&cursor, &element); i++) {
    line.value = element;
    line.original = find_original(item->event, line.field, element);
    TRY(put_line(building, &line, &support));
  }
  return ADDUCE_OK;
}

static enum adduce_err take_relation(struct building *building, const struct gather_item *item) {
  struct line line = {.section = LINES_RELATION};
  struct lines_support support = support_of(item);
  struct adduce_span rest = item->rest;
  bool is_whole;
  if (rest.size == 0) return ADDUCE_OK;
  line.direction = *rest.data;
  rest = span_of(rest.data + 1, rest.size - 1);
  if (!key_take_text(&rest, &line.field, &is_whole)) return ADDUCE_OK;
  line.mood = support.mood;
  line.other = find_text(item->value, "other");
  return put_line(building, &line, &support);
}

static enum adduce_err take_move(struct building *building, const struct gather_item *item,
                                 enum lines_section section) {
  struct line line = {.section = section};
  struct lines_support support = support_of(item);
  line.field = find_text(item->value, "noun");
  line.value = find(item->value, "facets");
  line.other = find_text(item->value, "subject");
  line.direction = item->rest.size == 0 ? 0 : *item->rest.data;
  return put_line(building, &line, &support);
}

static enum adduce_err take_item(struct building *building, const struct gather_item *item) {
  switch (item->table) {
    case REGISTRY_FACTS:
      return take_fact(building, item);
    case REGISTRY_RELATIONS:
      return take_relation(building, item);
    case REGISTRY_SANCTIONS:
      return take_move(building, item, LINES_SANCTION);
    case REGISTRY_RELEASES:
      return take_move(building, item, LINES_RELEASE);
    default:
      return take_move(building, item, LINES_STATE);
  }
}

/* --- order -------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b) {
  const struct line *left = a, *right = b;
  int order = (int)left->section - (int)right->section;
  if (order == 0) order = span_compare(left->field, right->field);
  if (order == 0) order = (int)rank_of(left->state) - (int)rank_of(right->state);
  if (order != 0) return order;
  uint64_t first = left->supports[0].told->index, second = right->supports[0].told->index;
  if (first != second) return first < second ? -1 : 1;
  order = span_compare(left->value, right->value);
  return order != 0 ? order : span_compare(left->other, right->other);
}

enum adduce_err lines_find(struct asked *asked, struct lines *lines,
                           const struct gathered *gathered, struct adduce_span field) {
  struct building building = {.asked = asked, .lines = lines, .field = field};
  *lines = (struct lines){.count = 0};
  for (size_t i = 0; i < gathered->count; i++) TRY(take_item(&building, &gathered->items[i]));
  if (lines->count > 1) qsort(lines->items, lines->count, sizeof *lines->items, compare);
  return ADDUCE_OK;
}

bool lines_holds(const struct line *line) {
  for (size_t i = 0; i < line->count; i++)
    if (line->supports[i].state == STATUS_LIVE && modality_indicative(&line->supports[i].mood))
      return true;
  return false;
}
