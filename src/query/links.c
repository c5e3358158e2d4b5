/* SPDX-License-Identifier: Apache-2.0 */
#include "query/links.h"

#include "base/hex.h"
#include "projection/key.h"
#include "projection/modality.h"
#include "query/profile.h"
#include "query/range.h"

bool links_event(struct adduce_span end, struct adduce_id *id) {
  return span_starts(end, "event:") &&
         hex_decode(span_of(end.data + 6, end.size - 6), id->bytes, sizeof id->bytes);
}

static struct adduce_span end_of_event(struct asked *asked, const uint8_t *id32) {
  return span_text(scope_format(asked->scope, "event:%s", hex_text32(id32).text));
}

static enum adduce_err add(struct asked *asked, struct links *links, const struct link *link) {
  for (size_t i = 0; i < links->count; i++)
    if (links->items[i].index == link->index && links->items[i].is_same == link->is_same &&
        span_equal(links->items[i].other, link->other))
      return ADDUCE_OK;
  struct link *grown =
      scope_room(asked->scope, &links->capacity, links->items, links->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  links->items = grown;
  links->items[links->count++] = *link;
  return ADDUCE_OK;
}

/* --- relations ---------------------------------------------------------------------------- */

struct looking {
  struct asked *asked;
  struct links *links;
  struct adduce_span end;
  enum links_way way;
  size_t end_key_size;
};

static bool is_made_from(struct adduce_span relation) {
  return span_is(relation, "quotes") || span_is(relation, "translates") ||
         span_is(relation, "summarises");
}

/* What a relation says now, seen from the end. */
static enum adduce_err take_relation(struct looking *looking, const struct told *told) {
  const struct parsed *parsed = told_parsed(told);
  const struct vocabulary_kind *kind = told_event(told)->claim.kind;
  struct adduce_span relation = parsed_text(parsed, "relation");
  struct adduce_span from = parsed_text(parsed, "from"), to = parsed_text(parsed, "to");
  struct modality mood = modality_of(parsed);
  bool is_from = span_equal(from, looking->end), is_to = span_equal(to, looking->end);
  struct link link = {.index = told->index, .is_same = span_is(relation, "same_statement_as")};
  if (kind == NULL || kind->effect != EFFECT_RELATES || told_state(told) != STATUS_LIVE ||
      !modality_indicative(&mood) || is_from == is_to)
    return ADDUCE_OK;
  if (!link.is_same && (!is_made_from(relation) || is_from != (looking->way == LINKS_DOWN)))
    return ADDUCE_OK;
  link.other = is_from ? to : from;
  return link.other.size == 0 ? ADDUCE_OK : add(looking->asked, looking->links, &link);
}

static enum adduce_err note_correction(void *context, const struct row *row) {
  bool *is_corrected = context;
  *is_corrected = span_is(range_text(row, "state"), "corrected");
  return *is_corrected ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

/* A relation of another sort may have been corrected into a link. */
static enum adduce_err is_corrected(struct asked *asked, bool *corrected, uint64_t index) {
  struct profile profile;
  *corrected = false;
  TRY(profile_read(asked, &profile, index));
  TRY(range_each(asked, REGISTRY_LIFE, span_of(profile.id.bytes, 32), note_correction, corrected));
  return ADDUCE_OK;
}

static enum adduce_err take_row(void *context, const struct row *row) {
  struct looking *looking = context;
  size_t end_size = looking->end_key_size;
  struct adduce_span rest = span_of(row->key.data + end_size, row->key.size - end_size), relation;
  const struct told *told;
  bool is_whole, may = false;
  if (rest.size == 0) return ADDUCE_OK;
  rest = span_of(rest.data + 1, rest.size - 1);
  if (key_take_text(&rest, &relation, &is_whole))
    may = is_made_from(relation) || span_is(relation, "same_statement_as");
  if (!may) TRY(is_corrected(looking->asked, &may, row->index));
  if (!may) return ADDUCE_OK;
  TRY(told_get(looking->asked, &told, row->index));
  return take_relation(looking, told);
}

/* A correction may have put this end into a relation of others. */
static enum adduce_err take_corrected(void *context, const struct row *row) {
  struct looking *looking = context;
  const struct told *correction, *target;
  struct parsed_ref ref;
  TRY(told_get(looking->asked, &correction, row->index));
  struct cursor refs = correction->event.claim.parsed.refs;
  while (parsed_next_role(&refs, &ref, "target")) {
    enum adduce_err err = told_find(looking->asked, &target, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    if (target->is_corrected) TRY(take_relation(looking, target));
  }
  return ADDUCE_OK;
}

enum adduce_err links_find(struct asked *asked, struct links *links, struct adduce_span end,
                           enum links_way way) {
  struct looking looking = {.asked = asked, .links = links, .end = end, .way = way};
  struct key key;
  key_init(&key);
  key_text(&key, end);
  looking.end_key_size = key.size;
  TRY(range_each(asked, REGISTRY_RELATIONS, key_span(&key), take_row, &looking));
  key_init(&key);
  key_text(&key, end);
  key_byte(&key, REGISTRY_CORRECTED);
  return range_each(asked, REGISTRY_SUBJECTS, key_span(&key), take_corrected, &looking);
}

/* --- corroborations ----------------------------------------------------------------------- */

/* The other side of a corroboration that says both sides have one origin: of the target its
 * evidence, of a piece of evidence the targets. */
static enum adduce_err take_corroboration(struct looking *looking, uint64_t index,
                                          const char *others) {
  const struct told *told;
  struct parsed_ref ref;
  TRY(told_get(looking->asked, &told, index));
  const struct parsed *parsed = told_parsed(told);
  struct adduce_span opinion = parsed_text(parsed, "opinion");
  if (!span_is(told->event.claim.parsed.kind, "claim.corroborated") ||
      told_state(told) != STATUS_LIVE ||
      !span_is(parsed_text(parsed, "independence"), "same_origin") ||
      span_is(opinion, "disagree") || span_is(opinion, "strongly_disagree"))
    return ADDUCE_OK;
  struct cursor refs = told->event.claim.parsed.refs;
  while (parsed_next_role(&refs, &ref, others)) {
    struct link link = {.index = index, .is_same = true};
    link.other = end_of_event(looking->asked, ref.id32);
    TRY(add(looking->asked, looking->links, &link));
  }
  return ADDUCE_OK;
}

static enum adduce_err take_as_target(void *context, const struct row *row) {
  return take_corroboration(context, row->index, "evidence");
}

static enum adduce_err take_as_evidence(void *context, const struct row *row) {
  return take_corroboration(context, row->index, "target");
}

static enum adduce_err look_among_refs(struct looking *looking, const struct adduce_id *id,
                                       const char *role, range_visit_fn *visit) {
  struct key key;
  key_init(&key);
  key_id(&key, id->bytes);
  key_text(&key, span_text(role));
  return range_each(looking->asked, REGISTRY_REFERENCES, key_span(&key), visit, looking);
}

enum adduce_err links_of_event(struct asked *asked, struct links *links, const struct adduce_id *id,
                               enum links_way way) {
  struct looking looking = {
      .asked = asked, .links = links, .end = end_of_event(asked, id->bytes), .way = way};
  TRY(links_find(asked, links, looking.end, way));
  TRY(look_among_refs(&looking, id, "evidence", take_as_evidence));
  struct key key;
  key_init(&key);
  key_id(&key, id->bytes);
  key_text(&key, span_text("target"));
  return range_each(asked, REGISTRY_LIFE, key_span(&key), take_as_target, &looking);
}

/* --- whether there are any ---------------------------------------------------------------- */

static enum adduce_err has_row(struct asked *asked, bool *is_there, enum registry_number table,
                               struct adduce_span prefix) {
  struct range range;
  TRY(range_open(asked, &range, table, prefix));
  enum adduce_err err = range_next(&range);
  range_close(&range);
  *is_there = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err links_of_events(struct asked *asked, bool *are_there) {
  struct key key;
  TRY(has_row(asked, are_there, REGISTRY_SUBJECTS, span_text("event:")));
  if (*are_there) return ADDUCE_OK;
  key_init(&key);
  key_text(&key, span_text("claim.corroborated"));
  return has_row(asked, are_there, REGISTRY_BYKIND, key_span(&key));
}
