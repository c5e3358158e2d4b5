/* SPDX-License-Identifier: Apache-2.0 */
/* The timeline: what is said to have happened when.
 *
 *   byte 1 | number time | byte what | index -> {from?, to?}
 *   byte 2 | index                           -> {}
 *
 * `what` is 1 for the time for which a claim says that something holds (`valid`), 2 for that at
 * which it was said (`stated_at`), 3 for that at which a source was published (`published_at`). The
 * number is the first microsecond since 1970 that `from` covers, or `to` where there is no `from`,
 * plus 2^63, so that rows stand in order of time; `from` and `to` are the times as they were
 * written, with the precision they have. The last row is that of an occurrence (a claim that
 * moves its subject, or has a `valid`) with no such time: it is listed as undated. */
#include "claim/worldtime.h"
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

enum { WHAT_VALID = 1, WHAT_STATED = 2, WHAT_PUBLISHED = 3 };

static void pack_end(struct buffer *value, const char *name, struct adduce_span text) {
  if (text.size == 0) return;
  pack_text(value, name);
  pack_str(value, text);
}

/* True if there is a time and a row was added. */
static bool add_time(struct rows *rows, uint8_t what, struct adduce_span from,
                     struct adduce_span to, const char *field) {
  struct worldtime time;
  struct key key;
  if (!worldtime_parse(from, &time)) from = span_of(NULL, 0);
  if (from.size == 0 && !worldtime_parse(to, &time)) return false;
  struct buffer *value = rows_value(rows);
  pack_map(value, (size_t)(from.size != 0) + (to.size != 0));
  pack_end(value, "from", from);
  pack_end(value, "to", to);
  key_init(&key);
  key_byte(&key, 1);
  key_number(&key, (uint64_t)time.first_us ^ (UINT64_C(1) << 63));
  key_byte(&key, what);
  rows_put(rows, &key, rows_field(rows, field));
  return true;
}

static struct adduce_span end_of(const struct parsed_field *valid, const char *name) {
  struct adduce_span encoded, text;
  if (valid == NULL) return span_of(NULL, 0);
  struct cursor map = cursor_of(valid->value);
  if (!cursor_find(&map, name, &encoded)) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static void add_undated(struct rows *rows) {
  struct key key;
  pack_map(rows_value(rows), 0);
  key_init(&key);
  key_byte(&key, 2);
  rows_put(rows, &key, rows_field(rows, "valid") | rows_field(rows, "stated_at"));
}

void timeline_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input)) return;
  if (claim->kind->effect == EFFECT_SOURCE) {
    struct adduce_span published = parsed_text(&claim->parsed, "published_at");
    add_time(rows, WHAT_PUBLISHED, published, span_of(NULL, 0), "published_at");
    return;
  }
  if (!claim->kind->has_frame) return;
  const struct parsed_field *valid = rows_open(&claim->parsed, "valid");
  struct adduce_span stated = parsed_text(&claim->parsed, "stated_at");
  bool is_dated = add_time(rows, WHAT_VALID, end_of(valid, "from"), end_of(valid, "to"), "valid");
  is_dated |= add_time(rows, WHAT_STATED, stated, span_of(NULL, 0), "stated_at");
  if (!is_dated && (valid != NULL || claim->kind->effect == EFFECT_MOVES)) add_undated(rows);
}
