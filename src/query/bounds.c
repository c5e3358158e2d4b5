/* SPDX-License-Identifier: Apache-2.0 */
#include "query/bounds.h"

#include "projection/key.h"
#include "query/modefilter.h"
#include "query/range.h"

/* --- totals of other subjects ------------------------------------------------------------- */

struct total {
  struct asked *asked;
  struct bounds *bounds;
  unsigned depth;
};

static enum adduce_err take_total(void *context, const struct row *row) {
  struct total *total = context;
  const struct told *told;
  TRY(told_get(total->asked, &told, row->index));
  const struct parsed *parsed = told_parsed(told);
  const struct parsed_field *quantity = parsed_field(parsed, "quantity");
  struct modality mood = modality_of(parsed);
  if (told_state(told) != STATUS_LIVE || !modality_indicative(&mood) ||
      !told_may_hold(total->asked, told) || quantity == NULL || quantity->slot != PARSED_VALUE)
    return ADDUCE_OK;
  bool is_in;
  TRY(modefilter_pass(total->asked, &is_in, told, told_event(told)));
  if (!is_in) return ADDUCE_OK;
  return bounds_add(total->asked, total->bounds, quantity->value, true, told, total->depth);
}

enum adduce_err bounds_total(struct asked *asked, struct bounds *bounds, struct adduce_span subject,
                             unsigned depth) {
  struct total total = {asked, bounds, depth + 1};
  struct key key;
  *bounds = (struct bounds){.at_most = QUANTITY_UNBOUNDED};
  if (depth >= BOUNDS_DEPTH) return ADDUCE_OK;
  key_init(&key);
  key_text(&key, subject);
  key_text(&key, span_text("quantity"));
  TRY(range_each(asked, REGISTRY_FACTS, key_span(&key), take_total, &total));
  bounds_settle(bounds);
  return ADDUCE_OK;
}

/* --- putting together ----------------------------------------------------------------------*/

enum adduce_err bounds_part(struct asked *asked, struct bounds *bounds,
                            const struct bounds_part *part) {
  struct bounds_part *grown =
      scope_room(asked->scope, &bounds->capacity, bounds->parts, bounds->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(asked->scope);
  bounds->parts = grown;
  bounds->parts[bounds->count++] = *part;
  return ADDUCE_OK;
}

static enum adduce_err add_part(struct asked *asked, struct bounds *bounds, int64_t at_least,
                                int64_t at_most, const struct told *told) {
  const struct bounds_part part = {.at_least = at_least, .at_most = at_most, .told = told};
  return bounds_part(asked, bounds, &part);
}

/* Bounds that come from another subject's number; the claims that set it are named as well. */
static enum adduce_err add_from_total(struct asked *asked, struct bounds *bounds,
                                      const struct quantity *said, const struct told *told,
                                      unsigned depth) {
  struct bounds total;
  int64_t at_least = said->at_least;
  TRY(bounds_total(asked, &total, said->of, depth));
  if (said->majority_of_subject && total.at_least > 0) at_least = total.at_least / 2 + 1;
  int64_t at_most = said->at_most < total.at_most ? said->at_most : total.at_most;
  for (size_t i = 0; i < total.count && at_most < said->at_most; i++)
    TRY(add_part(asked, bounds, 0, at_most, total.parts[i].told));
  for (size_t i = 0; i < total.count && at_least > said->at_least; i++)
    TRY(add_part(asked, bounds, at_least, QUANTITY_UNBOUNDED, total.parts[i].told));
  return add_part(asked, bounds, at_least, at_most, told);
}

enum adduce_err bounds_add(struct asked *asked, struct bounds *bounds, struct adduce_span quantity,
                           bool is_own, const struct told *told, unsigned depth) {
  struct quantity said;
  if (!quantity_parse(quantity, &said, NULL)) return ADDUCE_OK;
  if (bounds->unit.size == 0) bounds->unit = said.unit;
  if (said.unit.size != 0 && !span_equal(said.unit, bounds->unit)) return ADDUCE_OK;
  if (said.majority_of_subject || (is_own && said.of.size != 0))
    return add_from_total(asked, bounds, &said, told, depth);
  if (said.at_least == 0 && said.at_most == QUANTITY_UNBOUNDED) return ADDUCE_OK;
  return add_part(asked, bounds, said.at_least, said.at_most, told);
}

/* The narrowest bounds of the parts, of their own or all; false if they cross. */
static bool intersect(struct bounds *bounds, bool with_derived) {
  bounds->at_least = 0;
  bounds->at_most = QUANTITY_UNBOUNDED;
  for (size_t i = 0; i < bounds->count; i++) {
    const struct bounds_part *part = &bounds->parts[i];
    if (part->is_derived && !with_derived) continue;
    if (part->at_least > bounds->at_least) bounds->at_least = part->at_least;
    if (part->at_most < bounds->at_most) bounds->at_most = part->at_most;
  }
  return bounds->at_least <= bounds->at_most;
}

/* From the least to the most that any of the parts allows. */
static void span_all(struct bounds *bounds, bool with_derived) {
  int64_t least = INT64_MAX, most = 0;
  for (size_t i = 0; i < bounds->count; i++) {
    const struct bounds_part *part = &bounds->parts[i];
    if (part->is_derived && !with_derived) continue;
    if (part->at_least < least) least = part->at_least;
    if (part->at_most > most) most = part->at_most;
  }
  bounds->at_least = least;
  bounds->at_most = most;
}

void bounds_settle(struct bounds *bounds) {
  bounds->conflict = !intersect(bounds, false);
  if (bounds->conflict) {
    span_all(bounds, false);
  } else if (!intersect(bounds, true)) {
    bounds->conflict = true;
    span_all(bounds, true);
  }
}

enum adduce_err bounds_add_line(struct asked *asked, struct bounds *bounds,
                                const struct line *line) {
  bool is_own = span_is(line->field, "quantity");
  for (size_t i = 0; i < line->count; i++) {
    const struct lines_support *support = &line->supports[i];
    if (support->state != STATUS_LIVE || !modality_indicative(&support->mood)) continue;
    struct adduce_span quantity = is_own ? line->value : support->quantity;
    if (quantity.size != 0) TRY(bounds_add(asked, bounds, quantity, is_own, support->told, 0));
  }
  return ADDUCE_OK;
}

/* The claims that set an end, or either; in a conflict, all that say something. */
enum end { AT_LEAST = 1, AT_MOST = 2, EITHER = 3 };

static bool sets_end(const struct bounds *bounds, const struct bounds_part *part, enum end end) {
  if (end == AT_LEAST) return bounds->at_least > 0 && part->at_least == bounds->at_least;
  return bounds->at_most != QUANTITY_UNBOUNDED && part->at_most == bounds->at_most;
}

/* What only follows from others is not named where a claim of the number itself says as much. */
static bool sets_one(const struct bounds *bounds, const struct bounds_part *part, enum end end) {
  if (!sets_end(bounds, part, end)) return false;
  for (size_t i = 0; part->is_derived && i < bounds->count; i++)
    if (!bounds->parts[i].is_derived && sets_end(bounds, &bounds->parts[i], end)) return false;
  return true;
}

static bool sets(const struct bounds *bounds, const struct bounds_part *part, enum end end) {
  if (bounds->conflict) return true;
  return ((end & AT_LEAST) != 0 && sets_one(bounds, part, AT_LEAST)) ||
         ((end & AT_MOST) != 0 && sets_one(bounds, part, AT_MOST));
}

static void name_claims(const struct asked *asked, struct adduce_value *map, const char *key,
                        const struct bounds *bounds, enum end end) {
  struct adduce_value *from = value_list(asked->scope);
  const struct told *named[BOUNDS_FROM];
  size_t count = 0;
  for (size_t i = 0; i < bounds->count && count < BOUNDS_FROM; i++) {
    const struct bounds_part *part = &bounds->parts[i];
    bool is_new = sets(bounds, part, end);
    for (size_t j = 0; j < count; j++) is_new = is_new && named[j] != part->told;
    if (!is_new) continue;
    named[count++] = part->told;
    value_add(asked->scope, from,
              value_bytes(asked->scope, span_of(part->told->event.id.bytes, 32)));
  }
  asked_set(asked, map, key, from);
}

void bounds_render(const struct asked *asked, struct adduce_value *map, struct bounds *bounds) {
  struct adduce_value *set = value_map(asked->scope);
  bounds_settle(bounds);
  if (bounds->at_least == 0 && bounds->at_most == QUANTITY_UNBOUNDED) return;
  value_set_integer(asked->scope, set, "at_least", bounds->at_least);
  if (bounds->at_most != QUANTITY_UNBOUNDED)
    value_set_integer(asked->scope, set, "at_most", bounds->at_most);
  asked_set_flag(asked, set, "conflict", bounds->conflict);
  name_claims(asked, set, "from", bounds, EITHER);
  if (bounds->at_least > 0) name_claims(asked, set, "at_least_from", bounds, AT_LEAST);
  if (bounds->at_most != QUANTITY_UNBOUNDED)
    name_claims(asked, set, "at_most_from", bounds, AT_MOST);
  asked_set(asked, map, "bounds", set);
}
