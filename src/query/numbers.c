/* SPDX-License-Identifier: Apache-2.0 */
#include "query/numbers.h"

#include "projection/key.h"
#include "query/modefilter.h"
#include "query/names.h"
#include "query/range.h"

/* For how many of the subject a property has a value. */
struct group {
  struct adduce_span field, value;
  struct bounds bounds;
};

/* A whole or a part, and the relation by which it was reached. */
struct reached {
  struct adduce_span subject;
  const struct told *by;
  size_t from; /* the one it was reached from; of the first ones themselves */
};

struct reach {
  struct reached items[BOUNDS_REACH];
  size_t count;
};

struct numbers {
  const struct cluster *cluster;
  bool is_ready;
  struct bounds total; /* settled: by claims of its own, its parts and its wholes */
  struct reach wholes, parts;
  struct group groups[BOUNDS_REACH];
  size_t group_count;
  struct group disjoint[8]; /* properties whose values exclude each other, in `field` */
  size_t disjoint_count;
};

enum adduce_err numbers_prepare(struct asked *asked, const struct cluster *cluster) {
  asked->numbers = scope_new(asked->scope, struct numbers);
  if (asked->numbers == NULL) return scope_no_memory(asked->scope);
  asked->numbers->cluster = cluster;
  return ADDUCE_OK;
}

static enum adduce_err find_holds(struct asked *asked, bool *holds, const struct told *told) {
  struct modality mood = modality_of(told_parsed(told));
  *holds =
      told_state(told) == STATUS_LIVE && modality_indicative(&mood) && told_may_hold(asked, told);
  return *holds ? modefilter_pass(asked, holds, told, told_event(told)) : ADDUCE_OK;
}

/* --- groups ------------------------------------------------------------------------------- */

static bool same_value(struct adduce_span a, struct adduce_span b) {
  struct adduce_span left = names_text(a), right = names_text(b);
  return left.size != 0 || right.size != 0 ? span_equal(left, right) : span_equal(a, b);
}

/* NULL when there are too many. */
static struct group *find_group(struct group *groups, size_t *count, size_t most,
                                struct adduce_span field, struct adduce_span value) {
  for (size_t i = 0; i < *count; i++)
    if (span_equal(groups[i].field, field) && same_value(groups[i].value, value)) return &groups[i];
  if (*count == most) return NULL;
  groups[*count] = (struct group){.field = field, .value = value};
  return &groups[(*count)++];
}

static enum adduce_err take_group(struct asked *asked, const struct parsed *parsed,
                                  const struct told *told) {
  struct numbers *numbers = asked->numbers;
  struct adduce_span property = parsed_text(parsed, "property");
  struct adduce_span value = parsed_value(asked->scope, parsed, "value");
  struct adduce_span quantity = parsed_value(asked->scope, parsed, "quantity");
  struct group *group;
  if (span_is(property, "disjoint_by")) {
    group = find_group(numbers->disjoint, &numbers->disjoint_count, 8, names_text(value), value);
    const struct bounds_part part = {.at_most = QUANTITY_UNBOUNDED, .told = told};
    return group == NULL ? ADDUCE_OK : bounds_part(asked, &group->bounds, &part);
  }
  if (quantity.size == 0 || value.size == 0) return ADDUCE_OK;
  group = find_group(numbers->groups, &numbers->group_count, BOUNDS_REACH, property, value);
  return group == NULL ? ADDUCE_OK : bounds_add(asked, &group->bounds, quantity, false, told, 0);
}

static enum adduce_err take_fact(void *context, const struct row *row) {
  struct asked *asked = context;
  const struct told *told;
  TRY(told_get(asked, &told, row->index));
  const struct claim *claim = &told_event(told)->claim;
  bool holds;
  if (claim->kind == NULL || claim->kind->effect != EFFECT_ASSERTS) return ADDUCE_OK;
  TRY(find_holds(asked, &holds, told));
  if (!holds) return ADDUCE_OK;
  return take_group(asked, &claim->parsed, told);
}

static enum adduce_err find_groups(struct asked *asked) {
  struct numbers *numbers = asked->numbers;
  for (size_t i = 0; i < numbers->cluster->count; i++) {
    struct key key;
    key_init(&key);
    key_text(&key, numbers->cluster->members[i].subject);
    TRY(range_each(asked, REGISTRY_FACTS, key_span(&key), take_fact, asked));
  }
  for (size_t i = 0; i < numbers->group_count; i++) bounds_settle(&numbers->groups[i].bounds);
  return ADDUCE_OK;
}

/* --- wholes and parts --------------------------------------------------------------------- */

struct walk {
  struct asked *asked;
  struct reach *reach;
  const char *end; /* the end of the relation that is wanted */
  size_t from;
};

static void reach_out(struct reach *reach, const struct reached *reached) {
  for (size_t i = 0; i < reach->count; i++)
    if (span_equal(reach->items[i].subject, reached->subject)) return;
  if (reach->count < BOUNDS_REACH && reached->subject.size != 0)
    reach->items[reach->count++] = *reached;
}

static enum adduce_err take_relation(void *context, const struct row *row) {
  struct walk *walk = context;
  const struct told *told;
  TRY(told_get(walk->asked, &told, row->index));
  const struct parsed *parsed = told_parsed(told);
  bool holds;
  TRY(find_holds(walk->asked, &holds, told));
  if (holds && span_is(parsed_text(parsed, "relation"), "part_of"))
    reach_out(walk->reach, &(struct reached){parsed_text(parsed, walk->end), told, walk->from});
  return ADDUCE_OK;
}

/* Follows part_of from the subject, towards its wholes (direction 1) or parts (2). */
static enum adduce_err follow(struct asked *asked, struct reach *reach, uint8_t direction) {
  const struct cluster *cluster = asked->numbers->cluster;
  struct walk walk = {asked, reach, direction == 1 ? "to" : "from", 0};
  for (size_t i = 0; i < cluster->count; i++)
    reach_out(reach, &(struct reached){cluster->members[i].subject, NULL, reach->count});
  for (; walk.from < reach->count; walk.from++) {
    struct key key;
    key_init(&key);
    key_text(&key, reach->items[walk.from].subject);
    key_byte(&key, direction);
    key_text(&key, span_text("part_of"));
    TRY(range_each(asked, REGISTRY_RELATIONS, key_span(&key), take_relation, &walk));
  }
  return ADDUCE_OK;
}

/* --- bounds from others ------------------------------------------------------------------- */

static bool units_meet(const struct bounds *a, const struct bounds *b) {
  return a->unit.size == 0 || b->unit.size == 0 || span_equal(a->unit, b->unit);
}

/* The claims of `other` that set its end bound this number by `limit`, from one side. */
static enum adduce_err derive(struct asked *asked, struct bounds *bounds,
                              const struct bounds *other, bool is_upper, int64_t limit) {
  for (size_t i = 0; i < other->count; i++) {
    const struct bounds_part *part = &other->parts[i];
    bool sets = other->conflict ||
                (is_upper ? part->at_most == other->at_most : part->at_least == other->at_least);
    if (!sets) continue;
    const struct bounds_part derived = {.at_least = is_upper ? 0 : limit,
                                        .at_most = is_upper ? limit : QUANTITY_UNBOUNDED,
                                        .is_derived = true,
                                        .told = part->told};
    TRY(bounds_part(asked, bounds, &derived));
  }
  return ADDUCE_OK;
}

/* The relations that lead to a whole or a part, which carry its bound too. */
static enum adduce_err derive_way(struct asked *asked, struct bounds *bounds,
                                  const struct reach *reach, size_t at, bool is_upper,
                                  int64_t limit) {
  for (; reach->items[at].by != NULL; at = reach->items[at].from) {
    const struct bounds_part derived = {.at_least = is_upper ? 0 : limit,
                                        .at_most = is_upper ? limit : QUANTITY_UNBOUNDED,
                                        .is_derived = true,
                                        .told = reach->items[at].by};
    TRY(bounds_part(asked, bounds, &derived));
  }
  return ADDUCE_OK;
}

static enum adduce_err derive_reach(struct asked *asked, struct bounds *bounds,
                                    const struct reach *reach, bool is_upper) {
  for (size_t i = 0; i < reach->count; i++) {
    struct bounds other;
    if (reach->items[i].by == NULL) continue;
    TRY(bounds_total(asked, &other, reach->items[i].subject, 0));
    int64_t limit = is_upper ? other.at_most : other.at_least;
    bool says = is_upper ? limit != QUANTITY_UNBOUNDED : limit != 0;
    if (!says || !units_meet(bounds, &other)) continue;
    TRY(derive(asked, bounds, &other, is_upper, limit));
    TRY(derive_way(asked, bounds, reach, i, is_upper, limit));
  }
  return ADDUCE_OK;
}

/* --- sums --------------------------------------------------------------------------------- */

static const struct group *find_disjoint(const struct numbers *numbers, struct adduce_span field) {
  for (size_t i = 0; i < numbers->disjoint_count; i++)
    if (span_equal(numbers->disjoint[i].field, field)) return &numbers->disjoint[i];
  return NULL;
}

/* What the groups of a property are at least, together, but for one; and their claims. */
static enum adduce_err sum_up(struct asked *asked, const struct bounds *bounds,
                              const struct group *disjoint, const struct group *but,
                              struct bounds *sum) {
  struct numbers *numbers = asked->numbers;
  *sum = (struct bounds){.at_most = QUANTITY_UNBOUNDED};
  for (size_t i = 0; i < numbers->group_count; i++) {
    const struct group *group = &numbers->groups[i];
    if (group == but || !span_equal(group->field, disjoint->field) ||
        !units_meet(bounds, &group->bounds) || group->bounds.at_least == 0)
      continue;
    if (group->bounds.at_least > QUANTITY_UNBOUNDED - 1 - sum->at_least) continue;
    sum->at_least += group->bounds.at_least;
    for (size_t j = 0; j < group->bounds.count; j++)
      if (group->bounds.parts[j].at_least == group->bounds.at_least || group->bounds.conflict)
        TRY(bounds_part(asked, sum, &group->bounds.parts[j]));
  }
  for (size_t j = 0; j < disjoint->bounds.count; j++)
    TRY(bounds_part(asked, sum, &disjoint->bounds.parts[j]));
  return ADDUCE_OK;
}

/* All claims of a sum carry what follows from it. */
static enum adduce_err derive_sum(struct asked *asked, struct bounds *bounds,
                                  const struct bounds *sum, bool is_upper, int64_t limit) {
  for (size_t i = 0; i < sum->count; i++) {
    const struct bounds_part derived = {.at_least = is_upper ? 0 : limit,
                                        .at_most = is_upper ? limit : QUANTITY_UNBOUNDED,
                                        .is_derived = true,
                                        .told = sum->parts[i].told};
    TRY(bounds_part(asked, bounds, &derived));
  }
  return ADDUCE_OK;
}

static enum adduce_err derive_groups(struct asked *asked, struct bounds *bounds) {
  struct numbers *numbers = asked->numbers;
  for (size_t i = 0; i < numbers->group_count; i++) {
    const struct bounds *part = &numbers->groups[i].bounds;
    if (part->at_least != 0 && units_meet(bounds, part))
      TRY(derive(asked, bounds, part, false, part->at_least));
  }
  for (size_t i = 0; i < numbers->disjoint_count; i++) {
    struct bounds sum;
    TRY(sum_up(asked, bounds, &numbers->disjoint[i], NULL, &sum));
    if (sum.at_least != 0) TRY(derive_sum(asked, bounds, &sum, false, sum.at_least));
  }
  return ADDUCE_OK;
}

/* --- the subject -------------------------------------------------------------------------- */

static enum adduce_err derive_total(struct asked *asked, struct bounds *bounds) {
  struct numbers *numbers = asked->numbers;
  TRY(derive_reach(asked, bounds, &numbers->wholes, true));
  TRY(derive_reach(asked, bounds, &numbers->parts, false));
  return derive_groups(asked, bounds);
}

/* What is claimed of the number itself, by the members of the cluster. */
static enum adduce_err take_own(struct asked *asked, struct bounds *bounds) {
  const struct cluster *cluster = asked->numbers->cluster;
  *bounds = (struct bounds){.at_most = QUANTITY_UNBOUNDED};
  for (size_t i = 0; i < cluster->count; i++) {
    struct bounds own;
    TRY(bounds_total(asked, &own, cluster->members[i].subject, 0));
    if (!units_meet(bounds, &own)) continue;
    if (bounds->unit.size == 0) bounds->unit = own.unit;
    for (size_t j = 0; j < own.count; j++) TRY(bounds_part(asked, bounds, &own.parts[j]));
  }
  return ADDUCE_OK;
}

static enum adduce_err make_ready(struct asked *asked) {
  struct numbers *numbers = asked->numbers;
  if (numbers->is_ready) return ADDUCE_OK;
  numbers->is_ready = true;
  TRY(find_groups(asked));
  TRY(follow(asked, &numbers->wholes, 1));
  TRY(follow(asked, &numbers->parts, 2));
  TRY(take_own(asked, &numbers->total));
  TRY(derive_total(asked, &numbers->total));
  bounds_settle(&numbers->total);
  return ADDUCE_OK;
}

enum adduce_err numbers_bound_total(struct asked *asked, struct bounds *bounds) {
  if (asked->numbers == NULL) return ADDUCE_OK;
  TRY(make_ready(asked));
  return derive_total(asked, bounds);
}

/* Whether anything that stands says for how many the line holds. */
static bool counts(const struct line *line) {
  for (size_t i = 0; i < line->count; i++)
    if (line->supports[i].quantity.size != 0 && line->supports[i].state == STATUS_LIVE &&
        modality_indicative(&line->supports[i].mood))
      return true;
  return false;
}

enum adduce_err numbers_bound_part(struct asked *asked, struct bounds *bounds,
                                   const struct line *line) {
  struct numbers *numbers = asked->numbers;
  struct bounds sum;
  if (numbers == NULL || !counts(line)) return ADDUCE_OK;
  TRY(make_ready(asked));
  const struct bounds *total = &numbers->total;
  if (total->at_most == QUANTITY_UNBOUNDED || !units_meet(bounds, total)) return ADDUCE_OK;
  TRY(derive(asked, bounds, total, true, total->at_most));
  const struct group *disjoint = find_disjoint(numbers, line->field);
  if (disjoint == NULL || total->conflict) return ADDUCE_OK;
  const struct group *own = find_group(numbers->groups, &numbers->group_count, numbers->group_count,
                                       line->field, line->value);
  TRY(sum_up(asked, bounds, disjoint, own, &sum));
  if (sum.at_least == 0 || sum.at_least > total->at_most) return ADDUCE_OK;
  TRY(derive(asked, bounds, total, true, total->at_most - sum.at_least));
  return derive_sum(asked, bounds, &sum, true, total->at_most - sum.at_least);
}
