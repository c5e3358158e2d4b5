/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_timeline.h"

#include <stdlib.h>

#include "projection/key.h"
#include "projection/rows.h"
#include "query/believed.h"
#include "query/gather.h"
#include "query/modefilter.h"
#include "query/range.h"
#include "query/render.h"

enum { DATED = 1, UNDATED = 2 };

struct listing {
  struct asked *asked;
  struct adduce_value *answer, *events, *undated;
  struct asked_page page;
};

/* --- times in words ----------------------------------------------------------------------- */

static void set_precision(const struct asked *asked, struct adduce_value *map,
                          struct adduce_span text) {
  static const char *const names[] = {"year", "month", "day", "minute", "second"};
  struct worldtime time;
  if (worldtime_parse(text, &time)) asked_set_text(asked, map, "precision", names[time.precision]);
}

/* "after X", from a subject, an event, or {to, anchor, offset}. */
static enum adduce_err put_relative(struct asked *asked, struct buffer *out, const char *word,
                                    struct adduce_span encoded) {
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span inner, text;
  buffer_format(out, "%s%s ", out->size == 0 ? "" : ", ", word);
  if (cursor_find(&cursor, "offset", &inner)) {
    struct cursor offset = cursor_of(inner);
    if (cursor_str(&offset, &text)) buffer_format(out, "(within %.*s) ", SPAN_ARGS(text));
  }
  if (cursor_find(&cursor, "anchor", &inner)) {
    struct cursor anchor = cursor_of(inner);
    if (cursor_str(&anchor, &text)) buffer_format(out, "the %.*s", SPAN_ARGS(text));
    return ADDUCE_OK;
  }
  if (cursor_find(&cursor, "to", &inner)) encoded = inner;
  return prose_value(asked, out, encoded, true);
}

/* What a claim says of its time relative to others, and in the source's words. */
static enum adduce_err set_relative(struct asked *asked, struct adduce_value *map,
                                    const struct parsed *parsed) {
  static const char *const words[] = {"after", "before", "during"};
  const struct parsed_field *valid = rows_open(parsed, "valid");
  struct adduce_span encoded, text;
  struct buffer out;
  if (valid == NULL) return ADDUCE_OK;
  struct cursor period = cursor_of(valid->value);
  buffer_init(&out, asked->scope);
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (cursor_find(&period, words[i], &encoded)) TRY(put_relative(asked, &out, words[i], encoded));
  if (cursor_find(&period, "words", &encoded)) {
    struct cursor cursor = cursor_of(encoded);
    if (cursor_str(&cursor, &text))
      buffer_format(&out, "%s\"%.*s\"", out.size == 0 ? "" : ", ", SPAN_ARGS(text));
  }
  TRY(buffer_take(&out, &text));
  asked_set_str(asked, map, "relative", text);
  return ADDUCE_OK;
}

/* --- lines -------------------------------------------------------------------------------- */

static bool stands(const struct told *told) {
  enum status_state state = told_state(told);
  return state == STATUS_LIVE || state == STATUS_ENDED;
}

static enum adduce_err add_dated(struct listing *listing, const struct told *told, uint8_t what,
                                 struct adduce_span from, struct adduce_span to) {
  static const char *const names[] = {"", "valid", "stated", "published"};
  struct asked *asked = listing->asked;
  struct adduce_value *map = value_map(asked->scope);
  asked_set_str(asked, map, "from", from);
  asked_set_str(asked, map, "to", to);
  set_precision(asked, map, from.size != 0 ? from : to);
  asked_set_text(asked, map, "what", names[what > 3 ? 0 : what]);
  TRY(set_relative(asked, map, told_parsed(told)));
  TRY(render_claim(asked, map, told, RENDER_LINE));
  TRY(voice_render(asked, map, told, told_event(told)));
  value_add(asked->scope, listing->events, map);
  return value_finish(asked->scope);
}

static enum adduce_err add_undated(struct listing *listing, const struct told *told) {
  struct asked *asked = listing->asked;
  struct adduce_value *map = value_map(asked->scope);
  TRY(set_relative(asked, map, told_parsed(told)));
  TRY(render_claim(asked, map, told, RENDER_LINE));
  TRY(voice_render(asked, map, told, told_event(told)));
  value_add(asked->scope, listing->undated, map);
  return value_finish(asked->scope);
}

/* One row of the timeline: byte sort, and of a dated one its time and what it is the time of. */
static enum adduce_err take_line(struct listing *listing, struct adduce_span key,
                                 struct adduce_span value, const struct told *told) {
  struct row row = {.key = key, .value = value};
  bool is_in;
  if (!stands(told) || !told_may_hold(listing->asked, told)) return ADDUCE_OK;
  TRY(modefilter_admit(listing->asked, &is_in, told, told_event(told)));
  if (!is_in) return ADDUCE_OK;
  enum asked_turn turn = asked_turn(listing->asked, &listing->page);
  if (turn == ASKED_STOP) return ADDUCE_E_NOT_FOUND;
  if (turn == ASKED_SKIP) return ADDUCE_OK;
  if (key.data[0] == UNDATED) return add_undated(listing, told);
  return add_dated(listing, told, key.size > 9 ? key.data[9] : 0, range_text(&row, "from"),
                   range_text(&row, "to"));
}

static enum adduce_err take_row(void *context, const struct row *row) {
  struct listing *listing = context;
  const struct told *told;
  TRY(told_get(listing->asked, &told, row->index));
  if (!told->is_corrected) return take_line(listing, row->key, row->value, told);
  /* A corrected claim stands at the place of its corrected time: here only if it is the same. */
  struct rows rows;
  struct projection_input input = {told->index, told->recorded_at_us, told_event(told)};
  rows_init(&rows, listing->asked->scope, false);
  TRY(rows_project(&rows, UINT32_C(1) << REGISTRY_TIMELINE, &input));
  const struct rows_list *list = &rows.lists[REGISTRY_TIMELINE];
  for (size_t i = 0; i < list->count; i++)
    if (span_equal(span_of(list->items[i].bytes, list->items[i].key_size), row->key))
      return take_line(listing, row->key, row->value, told);
  return ADDUCE_OK;
}

/* --- of one subject ----------------------------------------------------------------------- */

struct place {
  struct rows_item row;
  const struct told *told;
};

struct places {
  struct place *items;
  size_t count, capacity;
};

static enum adduce_err add_places(struct asked *asked, struct places *places,
                                  const struct told *told) {
  struct projection_input input = {told->index, told->recorded_at_us, told_event(told)};
  struct rows rows;
  rows_init(&rows, asked->scope, false);
  TRY(rows_project(&rows, UINT32_C(1) << REGISTRY_TIMELINE, &input));
  const struct rows_list *list = &rows.lists[REGISTRY_TIMELINE];
  for (size_t i = 0; i < list->count; i++) {
    struct place *grown =
        scope_room(asked->scope, &places->capacity, places->items, places->count, sizeof *grown);
    if (grown == NULL) return scope_no_memory(asked->scope);
    places->items = grown;
    places->items[places->count++] = (struct place){list->items[i], told};
  }
  return ADDUCE_OK;
}

static int by_key(const void *a, const void *b) {
  const struct rows_item *left = &((const struct place *)a)->row;
  const struct rows_item *right = &((const struct place *)b)->row;
  return span_compare(span_of(left->bytes, left->key_size), span_of(right->bytes, right->key_size));
}

static enum adduce_err list_subject(struct listing *listing, struct adduce_span subject) {
  struct asked *asked = listing->asked;
  struct places places = {.count = 0};
  struct cluster cluster;
  uint64_t claims = 0;
  TRY(cluster_find(asked, &cluster, subject));
  for (size_t i = 0; i < cluster.count; i++) {
    uint64_t *indexes;
    size_t count;
    TRY(gather_claims(asked, &indexes, &count, cluster.members[i].subject));
    for (size_t j = 0; j < count; j++) {
      const struct told *told;
      TRY(told_get(asked, &told, indexes[j]));
      TRY(add_places(asked, &places, told));
    }
    claims += count;
  }
  TRY(believed_render(asked, listing->answer, &cluster));
  if (claims == 0 && asked->believed == NULL)
    return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND, "nothing is said about %.*s at #%llu",
                      SPAN_ARGS(subject), (unsigned long long)asked->size - 1);
  if (places.count > 1) qsort(places.items, places.count, sizeof *places.items, by_key);
  for (size_t i = 0; i < places.count; i++) {
    const struct rows_item *row = &places.items[i].row;
    enum adduce_err err = take_line(listing, span_of(row->bytes, row->key_size),
                                    rows_item_value(row), places.items[i].told);
    if (err == ADDUCE_E_NOT_FOUND) break;
    if (err != ADDUCE_OK) return err;
  }
  return ADDUCE_OK;
}

enum adduce_err ask_timeline(struct asked *asked, struct adduce_value *answer,
                             const char *subject) {
  struct listing listing = {.asked = asked,
                            .answer = answer,
                            .events = value_list(asked->scope),
                            .undated = value_list(asked->scope)};
  TRY(believed_open(asked));
  if (subject == NULL) TRY(believed_render(asked, answer, &(struct cluster){.count = 0}));
  if (subject != NULL)
    TRY(list_subject(&listing, asked_subject(asked, subject)));
  else
    TRY(range_each(asked, REGISTRY_TIMELINE, span_of(NULL, 0), take_row, &listing));
  asked_set(asked, answer, "events", listing.events);
  asked_set(asked, answer, "undated", listing.undated);
  modefilter_render(asked, answer);
  asked_more(asked, answer, &listing.page);
  return value_finish(asked->scope);
}
