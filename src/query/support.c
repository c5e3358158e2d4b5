/* SPDX-License-Identifier: Apache-2.0 */
#include "query/support.h"

#include "codec/value.h"
#include "query/profile.h"

#define DEPTH 24 /* of what rests on what; beyond it, `more` */

/* --- sets --------------------------------------------------------------------------------- */

static bool holds_all(const struct support_set *large, const struct support_set *small) {
  size_t at = 0;
  for (size_t i = 0; i < small->count; i++) {
    while (at < large->count && large->events[at] < small->events[i]) at++;
    if (at == large->count || large->events[at] != small->events[i]) return false;
  }
  return true;
}

/* Adds a set, unless one within it is there; those that it is within go. */
static void add_set(struct support *support, const struct support_set *set) {
  size_t kept = 0;
  for (size_t i = 0; i < support->count; i++)
    if (holds_all(set, &support->sets[i])) return;
  for (size_t i = 0; i < support->count; i++)
    if (!holds_all(&support->sets[i], set)) support->sets[kept++] = support->sets[i];
  support->count = kept;
  if (kept == SUPPORT_SETS)
    support->more = true;
  else
    support->sets[support->count++] = *set;
}

/* False when it becomes too large. */
static bool join(struct support_set *both, const struct support_set *a,
                 const struct support_set *b) {
  size_t i = 0, j = 0;
  both->count = 0;
  while (i < a->count || j < b->count) {
    uint64_t next = j == b->count || (i < a->count && a->events[i] <= b->events[j]) ? a->events[i]
                                                                                    : b->events[j];
    if (both->count == SUPPORT_EVENTS) return false;
    both->events[both->count++] = next;
    if (i < a->count && a->events[i] == next) i++;
    if (j < b->count && b->events[j] == next) j++;
  }
  return true;
}

/* Every set of the one with every set of the other. */
static void multiply(struct support *support, const struct support *by) {
  static const struct support nothing;
  struct support product = nothing;
  product.more = support->more || by->more;
  for (size_t i = 0; i < support->count; i++) {
    for (size_t j = 0; j < by->count; j++) {
      struct support_set both;
      if (join(&both, &support->sets[i], &by->sets[j]))
        add_set(&product, &both);
      else
        product.more = true;
    }
  }
  *support = product;
}

static void add_all(struct support *support, const struct support *others) {
  support->more |= others->more;
  for (size_t i = 0; i < others->count; i++) add_set(support, &others->sets[i]);
}

/* --- events ------------------------------------------------------------------------------- */

/* What is worked out at each depth, in memory that is used again. */
struct carrier {
  struct asked *asked;
  struct support *one[DEPTH + 1], *any[DEPTH + 1];
};

static struct support *scratch(struct carrier *carrier, struct support **at) {
  if (*at == NULL) *at = scope_new(carrier->asked->scope, struct support);
  if (*at != NULL) {
    (*at)->count = 0;
    (*at)->more = false;
  }
  return *at;
}

static enum adduce_err carry(struct carrier *carrier, struct support *support, uint64_t index,
                             unsigned depth);

typedef bool chooses_fn(const struct profile *profile, const struct parsed_ref *ref);

static bool is_rested_on(const struct profile *profile, const struct parsed_ref *ref) {
  (void)profile;
  return profile_rests_on(ref);
}

/* One of the events that these refs name must be there. What is not here cannot be left out, so a
 * ref to it is enough. */
static enum adduce_err carry_one_of(struct carrier *carrier, struct support *support,
                                    const struct profile *profile, chooses_fn *chooses,
                                    unsigned depth) {
  struct asked *asked = carrier->asked;
  struct support *one = scratch(carrier, &carrier->one[depth]);
  struct support *any = scratch(carrier, &carrier->any[depth]);
  struct cursor refs = profile->refs;
  struct parsed_ref ref;
  bool has_any = false;
  if (one == NULL || any == NULL) return scope_no_memory(asked->scope);
  while (parsed_next_ref(&refs, &ref)) {
    uint64_t index;
    if (!chooses(profile, &ref)) continue;
    enum adduce_err err = told_index(asked, &index, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) {
      if (asked->exclusion == NULL) return ADDUCE_OK;
      continue;
    }
    if (err != ADDUCE_OK) return err;
    TRY(carry(carrier, one, index, depth + 1));
    add_all(any, one);
    has_any = true;
  }
  if (has_any) multiply(support, any);
  return ADDUCE_OK;
}

static enum adduce_err carry(struct carrier *carrier, struct support *support, uint64_t index,
                             unsigned depth) {
  struct profile profile;
  support->count = 1;
  support->more = depth >= DEPTH;
  support->sets[0].count = 0;
  TRY(profile_read(carrier->asked, &profile, index));
  if (profile.is_control) return ADDUCE_OK;
  support->sets[0].events[support->sets[0].count++] = index;
  if (depth >= DEPTH) return ADDUCE_OK;
  TRY(carry_one_of(carrier, support, &profile, is_rested_on, depth));
  return carry_one_of(carrier, support, &profile, profile_acts_on, depth);
}

enum adduce_err support_of_event(struct asked *asked, struct support *support, uint64_t index) {
  struct carrier carrier = {.asked = asked};
  return carry(&carrier, support, index, 0);
}

/* --- lines -------------------------------------------------------------------------------- */

/* What a claim says now is carried by its corrections too. */
static enum adduce_err carry_support(struct carrier *carrier, struct support *support,
                                     const struct lines_support *one) {
  const struct told *told = one->told;
  struct support correction;
  TRY(carry(carrier, support, told->index, 0));
  if (!told->is_corrected || one->item->event != &told->corrected) return ADDUCE_OK;
  for (size_t i = 0; i < told->status.act_count; i++) {
    const struct status_act *act = &told->status.acts[i];
    if (!act->effective || !span_is(act->state, "corrected")) continue;
    TRY(carry(carrier, &correction, act->index, 0));
    multiply(support, &correction);
  }
  return ADDUCE_OK;
}

enum adduce_err support_of_line(struct asked *asked, struct support *support,
                                const struct line *line) {
  struct carrier carrier = {.asked = asked};
  struct support one;
  support->count = 0;
  support->more = false;
  for (size_t i = 0; i < line->count; i++) {
    if (line->supports[i].state != line->state) continue;
    TRY(carry_support(&carrier, &one, &line->supports[i]));
    add_all(support, &one);
    if (support->count == SUPPORT_SETS && support->more) break;
  }
  return ADDUCE_OK;
}

/* --- showing ------------------------------------------------------------------------------ */

enum adduce_err support_render(struct asked *asked, struct adduce_value *map,
                               const struct support *support) {
  struct adduce_value *sets = value_list(asked->scope);
  for (size_t i = 0; i < support->count; i++) {
    struct adduce_value *set = value_list(asked->scope);
    for (size_t j = 0; j < support->sets[i].count; j++) {
      struct profile profile;
      TRY(profile_read(asked, &profile, support->sets[i].events[j]));
      value_add(asked->scope, set, value_bytes(asked->scope, span_of(profile.id.bytes, 32)));
    }
    value_add(asked->scope, sets, set);
  }
  asked_set(asked, map, "carried_by", sets);
  asked_set_flag(asked, map, "carried_by_more", support->more);
  return value_finish(asked->scope);
}
