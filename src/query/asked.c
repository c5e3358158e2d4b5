/* SPDX-License-Identifier: Apache-2.0 */
#include "query/asked.h"

#include "base/clock.h"
#include "claim/spelling.h"
#include "query/believed.h"
#include "query/exclusion.h"
#include "query/modefilter.h"
#include "query/position.h"

/* --- where it stands ---------------------------------------------------------------------- */

enum adduce_err asked_position(struct adduce_scope *scope, const struct query_world *world,
                               uint64_t *index, const char *position) {
  return position_find(scope, world, index, position);
}

static enum adduce_err settle_at(struct asked *asked, const char *at) {
  struct world_entry entry;
  uint64_t index;
  const struct query_world *world = asked->world;
  if (world->size == 0) return scope_fail(asked->scope, ADDUCE_E_POSITION, "there is no entry yet");
  index = world->size - 1;
  if (at != NULL) TRY(asked_position(asked->scope, world, &index, at));
  struct scope_mark mark = scope_mark(asked->scope);
  TRY(world->entry(world->context, asked->scope, &entry, index));
  scope_rewind(asked->scope, mark);
  asked->size = index + 1;
  asked->recorded_at_us = entry.recorded_at_us;
  return ADDUCE_OK;
}

static enum adduce_err open(struct asked *asked, struct adduce_scope *scope,
                            const struct query_world *world, const struct adduce_question *question,
                            bool is_on_way) {
  static const struct adduce_question anything = ADDUCE_QUESTION_DEFAULT;
  if (question == NULL) question = &anything;
  *asked = (struct asked){.scope = scope, .world = world, .is_on_way = is_on_way};
  asked->policy = question->policy;
  asked->limit = question->limit;
  asked->skip = question->skip;
  if (question->valid_at != NULL) {
    asked->has_valid_at = true;
    if (!worldtime_parse(span_text(question->valid_at), &asked->valid_at))
      return scope_fail(scope, ADDUCE_E_USAGE,
                        "\"%s\" is no time of the world: 2025, 2025-12, 2025-12-13, or "
                        "2025-12-13T10:00Z",
                        question->valid_at);
  }
  TRY(run_load(scope, world->rows, &asked->runs));
  TRY(settle_at(asked, question->at));
  TRY(exclusion_open(asked, question));
  return modefilter_open(asked, question);
}

enum adduce_err asked_open(struct asked *asked, struct adduce_scope *scope,
                           const struct query_world *world,
                           const struct adduce_question *question) {
  return open(asked, scope, world, question, false);
}

enum adduce_err asked_open_on_way(struct asked *asked, struct adduce_scope *scope,
                                  const struct query_world *world,
                                  const struct adduce_question *question) {
  return open(asked, scope, world, question, true);
}

struct asked *asked_everything(struct asked *asked) {
  return asked->exclusion == NULL ? believed_whole(asked) : exclusion_whole(asked->exclusion);
}

struct adduce_value *asked_answer(const struct asked *asked) {
  struct adduce_value *answer = value_map(asked->scope);
  struct adduce_value *at = value_map(asked->scope);
  asked_set_number(asked, at, "index", asked->size - 1);
  asked_set_time(asked, at, "recorded_at", asked->recorded_at_us);
  asked_set(asked, answer, "at", at);
  exclusion_render(asked, answer);
  return answer;
}

bool asked_is_ours(const struct asked *asked, const struct parsed *parsed) {
  struct parsed_ref ledger;
  return parsed_find_ref(parsed, "ledger", &ledger) &&
         memcmp(ledger.id32, asked->world->genesis.bytes, 32) == 0;
}

struct adduce_span asked_subject(const struct asked *asked, const char *name) {
  if (spelling_subject(span_text(name))) return span_text(name);
  return span_text(scope_format(asked->scope, "%.*s/%s", SPAN_ARGS(asked->world->origin), name));
}

/* --- pages -------------------------------------------------------------------------------- */

enum asked_turn asked_turn(const struct asked *asked, struct asked_page *page) {
  if (page->seen++ < asked->skip) return ASKED_SKIP;
  if (asked->limit != 0 && page->shown == asked->limit) {
    page->more = true;
    return ASKED_STOP;
  }
  page->shown++;
  return ASKED_SHOW;
}

void asked_more(const struct asked *asked, struct adduce_value *answer,
                const struct asked_page *page) {
  asked_set(asked, answer, "more", value_boolean(asked->scope, page->more));
}

/* --- building ----------------------------------------------------------------------------- */

void asked_set(const struct asked *asked, struct adduce_value *map, const char *key,
               struct adduce_value *value) {
  value_set(asked->scope, map, key, value);
}

void asked_set_text(const struct asked *asked, struct adduce_value *map, const char *key,
                    const char *text) {
  value_set_text(asked->scope, map, key, text);
}

void asked_set_str(const struct asked *asked, struct adduce_value *map, const char *key,
                   struct adduce_span text) {
  if (text.size != 0) value_set(asked->scope, map, key, value_str(asked->scope, text));
}

void asked_set_number(const struct asked *asked, struct adduce_value *map, const char *key,
                      uint64_t number) {
  value_set_integer(asked->scope, map, key, (int64_t)number);
}

void asked_set_id(const struct asked *asked, struct adduce_value *map, const char *key,
                  const uint8_t *id32) {
  value_set_bytes32(asked->scope, map, key, id32);
}

void asked_set_time(const struct asked *asked, struct adduce_value *map, const char *key,
                    int64_t time_us) {
  value_set_text(asked->scope, map, key, clock_format(time_us).text);
}

void asked_set_flag(const struct asked *asked, struct adduce_value *map, const char *key,
                    bool flag) {
  if (flag) value_set(asked->scope, map, key, value_boolean(asked->scope, true));
}

enum adduce_err asked_set_encoded(const struct asked *asked, struct adduce_value *map,
                                  const char *key, struct adduce_span encoded) {
  struct adduce_value *value;
  if (encoded.size == 0) return ADDUCE_OK;
  TRY(value_decode(asked->scope, &value, encoded));
  value_set(asked->scope, map, key, value);
  return ADDUCE_OK;
}
