/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_sources.h"

#include "projection/key.h"
#include "projection/rows.h"
#include "query/believed.h"
#include "query/modefilter.h"
#include "query/range.h"
#include "query/render.h"

#define CLAIMS_SHOWN 50 /* of those that cite a source */

/* --- who cites it ------------------------------------------------------------------------- */

struct citing {
  struct asked *asked;
  struct adduce_value *list;
  uint64_t count;
};

static enum adduce_err take_citing(void *context, const struct row *row) {
  struct citing *citing = context;
  const struct told *told;
  bool is_in;
  TRY(believed_admit(citing->asked, &is_in, row->index));
  if (!is_in) return ADDUCE_OK;
  if (citing->asked->modefilter != NULL) {
    TRY(told_get(citing->asked, &told, row->index));
    TRY(modefilter_admit(citing->asked, &is_in, told, told_event(told)));
    if (!is_in) return ADDUCE_OK;
  }
  if (citing->count++ >= CLAIMS_SHOWN) return ADDUCE_OK;
  TRY(told_get(citing->asked, &told, row->index));
  struct adduce_value *map = value_map(citing->asked->scope);
  TRY(render_claim(citing->asked, map, told, RENDER_LINE));
  value_add(citing->asked->scope, citing->list, map);
  return ADDUCE_OK;
}

static enum adduce_err set_claims(struct asked *asked, struct adduce_value *map,
                                  const struct told *source) {
  struct citing citing = {asked, value_list(asked->scope), 0};
  struct key key;
  key_init(&key);
  key_id(&key, source->event.id.bytes);
  key_text(&key, span_text("cites"));
  TRY(range_each(believed_whole(asked), REGISTRY_REFERENCES, key_span(&key), take_citing, &citing));
  asked_set_number(asked, map, "cited_by", citing.count);
  asked_set(asked, map, "claims", citing.list);
  asked_set_flag(asked, map, "claims_more", citing.count > CLAIMS_SHOWN);
  return value_finish(asked->scope);
}

/* --- what was done to it ------------------------------------------------------------------ */

struct acting {
  struct asked *asked;
  struct adduce_value *list;
};

static enum adduce_err take_act(void *context, const struct row *row) {
  struct acting *acting = context;
  struct adduce_span rest = span_of(row->key.data + 33, row->key.size - 33), state;
  const struct told *told;
  bool is_whole, is_in;
  struct adduce_value *map = value_map(acting->asked->scope);
  if (!key_take_text(&rest, &state, &is_whole)) return ADDUCE_OK;
  TRY(believed_admit(acting->asked, &is_in, row->index));
  if (!is_in) return ADDUCE_OK;
  TRY(told_get(acting->asked, &told, row->index));
  asked_set_str(acting->asked, map, "act", state);
  TRY(render_event(acting->asked, map, told));
  value_add(acting->asked->scope, acting->list, map);
  return ADDUCE_OK;
}

static enum adduce_err set_acts(struct asked *asked, struct adduce_value *map,
                                const struct told *source) {
  struct acting acting = {asked, value_list(asked->scope)};
  struct key key;
  key_init(&key);
  key_byte(&key, 2);
  key_id(&key, source->event.id.bytes);
  TRY(range_each(believed_whole(asked), REGISTRY_SOURCES, key_span(&key), take_act, &acting));
  if (adduce_value_count(acting.list) != 0) asked_set(asked, map, "acts", acting.list);
  return value_finish(asked->scope);
}

/* --- the source --------------------------------------------------------------------------- */

static enum adduce_err set_field(struct asked *asked, struct adduce_value *map,
                                 const struct parsed *parsed, const char *name) {
  const struct parsed_field *field = rows_open(parsed, name);
  struct buffer buffer;
  struct adduce_span encoded;
  if (field == NULL) return ADDUCE_OK;
  buffer_init(&buffer, asked->scope);
  rows_pack_field(&buffer, parsed, field);
  TRY(buffer_take(&buffer, &encoded));
  return asked_set_encoded(asked, map, name, encoded);
}

static bool is_held(const struct asked *asked, const struct parsed *parsed) {
  const struct query_world *world = asked->world;
  const struct parsed_field *field = rows_open(parsed, "digest");
  struct adduce_hash digest;
  const uint8_t *digest32;
  if (field == NULL) return false;
  struct cursor cursor = cursor_of(field->value);
  if (!cursor_bin_of(&cursor, 32, &digest32)) return false;
  memcpy(digest.bytes, digest32, 32);
  return world->capture_held(world->context, &digest);
}

static void set_revised(const struct asked *asked, struct adduce_value *map,
                        const struct told *told) {
  struct parsed_ref ref;
  if (parsed_find_ref(&told->event.claim.parsed, "source", &ref))
    asked_set_id(asked, map, "revises", ref.id32);
}

static enum adduce_err add_source(struct asked *asked, struct adduce_value *list, uint64_t index) {
  static const char *const shown[] = {"title",  "medium",     "publisher",    "subject",
                                      "url",    "language",   "published_at", "retrieved_at",
                                      "digest", "size_bytes", "media_type",   "access"};
  struct adduce_value *map = value_map(asked->scope);
  const struct told *told;
  TRY(told_get(asked, &told, index));
  TRY(render_claim(asked, map, told, RENDER_LINE));
  for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
    TRY(set_field(asked, map, told_parsed(told), shown[i]));
  asked_set(asked, map, "held", value_boolean(asked->scope, is_held(asked, told_parsed(told))));
  set_revised(asked, map, told);
  TRY(set_acts(asked, map, told));
  TRY(set_claims(asked, map, told));
  value_add(asked->scope, list, map);
  return value_finish(asked->scope);
}

struct listing {
  struct asked *asked;
  struct adduce_value *list;
  struct asked_page page;
};

static enum adduce_err take_source(void *context, const struct row *row) {
  struct listing *listing = context;
  bool is_in;
  TRY(believed_admit(listing->asked, &is_in, row->index));
  if (!is_in) return ADDUCE_OK;
  enum asked_turn turn = asked_turn(listing->asked, &listing->page);
  if (turn == ASKED_STOP) return ADDUCE_E_NOT_FOUND;
  return turn == ASKED_SHOW ? add_source(listing->asked, listing->list, row->index) : ADDUCE_OK;
}

enum adduce_err ask_sources(struct asked *asked, struct adduce_value *answer) {
  static const uint8_t registered[] = {1};
  struct listing listing = {.asked = asked, .list = value_list(asked->scope)};
  TRY(believed_open_tried(asked));
  TRY(range_each(believed_whole(asked), REGISTRY_SOURCES, span_of(registered, 1), take_source,
                 &listing));
  asked_set(asked, answer, "sources", listing.list);
  modefilter_render(asked, answer);
  TRY(believed_render_admitted(asked, answer));
  asked_more(asked, answer, &listing.page);
  return value_finish(asked->scope);
}
