/* SPDX-License-Identifier: Apache-2.0 */
#include "query/lineview.h"

void lineview_mood(const struct asked *asked, struct adduce_value *map,
                   const struct modality *mood) {
  if (mood->certainty != MODALITY_CERTAIN)
    asked_set_text(asked, map, "certainty", modality_certainty_name(mood->certainty));
  if (mood->polarity != MODALITY_POSITIVE)
    asked_set_text(asked, map, "polarity", modality_polarity_name(mood->polarity));
  asked_set_flag(asked, map, "intended", mood->intended);
}

/* --- the mode ---------------------------------------------------------------------------- */

enum adduce_err lineview_mode(struct asked *asked, enum voice_mode *mode, const struct line *line) {
  struct standing standing = {.last = NULL};
  const struct voice *voice;
  *mode = VOICE_OPEN;
  if (line->section >= LINES_SANCTION) TRY(standing_find(asked, &standing, line));
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *support = &line->supports[i];
    if (support->state != line->state ||
        (standing.last != NULL && !standing_agrees(&standing, support)))
      continue;
    TRY(voice_find(asked, &voice, support->told, support->item->event));
    if (voice->mode < *mode) *mode = voice->mode;
  }
  return ADDUCE_OK;
}

/* --- the line ----------------------------------------------------------------------------- */

static enum adduce_err set_fact(struct asked *asked, struct adduce_value *map,
                                const struct line *line) {
  struct bounds bounds = {.count = 0};
  struct adduce_span quantity = line->supports[0].quantity;
  TRY(asked_set_encoded(asked, map, "value", line->value));
  TRY(asked_set_encoded(asked, map, "original", line->original));
  TRY(asked_set_encoded(asked, map, "quantity", quantity));
  lineview_mood(asked, map, &line->mood);
  if (span_is(line->field, "quantity")) return ADDUCE_OK;
  TRY(bounds_add_line(asked, &bounds, line));
  TRY(numbers_bound_part(asked, &bounds, line));
  bounds_render(asked, map, &bounds);
  return ADDUCE_OK;
}

static enum adduce_err set_relation(struct asked *asked, struct adduce_value *map,
                                    const struct line *line) {
  const struct names_entry *entry;
  asked_set_str(asked, map, "relation", line->field);
  asked_set_text(asked, map, "direction", line->direction == 1 ? "from" : "to");
  lineview_mood(asked, map, &line->mood);
  if (line->other.size == 0) return ADDUCE_OK;
  asked_set_str(asked, map, "other", line->other);
  TRY(names_find(asked, &entry, line->other));
  asked_set_str(asked, map, "other_name", entry->name);
  return ADDUCE_OK;
}

static enum adduce_err set_facets(struct asked *asked, struct adduce_value *map,
                                  struct adduce_span facets) {
  struct cursor cursor = cursor_of(facets);
  struct adduce_span key, encoded;
  struct adduce_value *value;
  uint32_t count;
  if (!cursor_map(&cursor, &count)) return ADDUCE_OK;
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &key) || !cursor_value(&cursor, &encoded)) break;
    TRY(value_decode(asked->scope, &value, encoded));
    asked_set(asked, map, (const char *)scope_copy(asked->scope, key).data, value);
  }
  return ADDUCE_OK;
}

/* {state, degree?, status, mood, time, CLAIM} of each act, in the order of happening. */
static enum adduce_err set_acts(struct asked *asked, struct adduce_value *map,
                                const struct line *line, const struct standing *standing) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *act = standing->acts[i];
    struct adduce_value *one = value_map(asked->scope);
    struct cursor row = cursor_of(act->item->value);
    struct adduce_span encoded;
    if (cursor_find(&row, "state", &encoded)) TRY(asked_set_encoded(asked, one, "state", encoded));
    if (cursor_find(&row, "degree", &encoded))
      TRY(asked_set_encoded(asked, one, "degree", encoded));
    if (cursor_find(&row, "quantity", &encoded))
      TRY(asked_set_encoded(asked, one, "quantity", encoded));
    lineview_mood(asked, one, &act->mood);
    TRY(voice_render(asked, one, act->told, act->item->event));
    asked_set_str(asked, one, "from", told_valid(told_parsed(act->told), "from"));
    asked_set_str(asked, one, "to", told_valid(told_parsed(act->told), "to"));
    TRY(render_claim(asked, one, act->told, RENDER_LINE));
    value_add(asked->scope, list, one);
  }
  asked_set(asked, map, "acts", list);
  return ADDUCE_OK;
}

static enum adduce_err set_move(struct asked *asked, struct adduce_value *map,
                                const struct line *line) {
  static const char *const things[] = {
      [LINES_SANCTION] = "target", [LINES_RELEASE] = "release", [LINES_STATE] = "subject"};
  struct standing standing;
  TRY(standing_find(asked, &standing, line));
  if (line->section == LINES_STATE) asked_set_str(asked, map, "noun", line->field);
  asked_set_str(asked, map, things[line->section], line->other);
  TRY(set_facets(asked, map, line->value));
  asked_set_str(asked, map, "state", standing.state);
  asked_set_str(asked, map, "degree", standing.degree);
  if (standing.in_force != NULL) asked_set_text(asked, map, "in_force", standing.in_force);
  asked_set_flag(asked, map, "competing", standing.competing);
  return set_acts(asked, map, line, &standing);
}

enum adduce_err lineview_line(struct asked *asked, struct adduce_value *map,
                              const struct line *line) {
  if (line->section == LINES_FACT)
    TRY(set_fact(asked, map, line));
  else if (line->section == LINES_RELATION)
    TRY(set_relation(asked, map, line));
  else
    TRY(set_move(asked, map, line));
  enum voice_mode mode;
  TRY(lineview_mode(asked, &mode, line));
  asked_set_text(asked, map, "mode", voice_mode_name(mode));
  asked_set_text(asked, map, "status", status_name(line->state));
  render_marks(asked, map, line->marks);
  return value_finish(asked->scope);
}

/* A claim of a line, and in which mode it says the line. */
static enum adduce_err add_support(struct asked *asked, struct adduce_value *list,
                                   const struct lines_support *support, enum render_detail detail) {
  struct adduce_value *map = value_map(asked->scope);
  TRY(render_claim(asked, map, support->told, detail));
  TRY(voice_render(asked, map, support->told, support->item->event));
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

enum adduce_err lineview_support(struct asked *asked, struct adduce_value *map,
                                 const struct line *line, enum render_detail detail) {
  struct adduce_value *list = value_list(asked->scope);
  for (size_t i = 0; i < line->count; i++)
    if (i == 0 || line->supports[i].told != line->supports[i - 1].told)
      TRY(add_support(asked, list, &line->supports[i], detail));
  asked_set(asked, map, "support", list);
  return ADDUCE_OK;
}
