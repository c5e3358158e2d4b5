/* SPDX-License-Identifier: Apache-2.0 */
#include "query/cause.h"

#include "query/render.h"

const char *cause_name(enum cause cause) {
  static const char *const names[] = {
#define CAUSE_NAME(symbol, name) name,
      CAUSES(CAUSE_NAME)
#undef CAUSE_NAME
  };
  return names[cause];
}

/* --- what an event does ------------------------------------------------------------------- */

static bool is_act(const struct told *told) {
  const struct vocabulary_kind *kind = told->event.claim.kind;
  return kind != NULL && (kind->effect == EFFECT_ACTS || kind->acts_role != NULL);
}

/* "retracted"; of kinds without a state, their verb (as in projection/life.c). */
static struct adduce_span act_of(const struct told *told) {
  const struct vocabulary_kind *kind = told->event.claim.kind;
  if (kind->state != NULL) return span_text(kind->state);
  const char *dot = strrchr(kind->name, '.');
  const char *verb = dot == NULL ? kind->name : dot + 1;
  return span_of(verb, strcspn(verb, "@"));
}

/* The next ref by which an event acts on what is known here. */
static enum adduce_err next_target(struct asked *asked, struct cursor *refs,
                                   const struct told *told, const struct told **target) {
  const char *role = told->event.claim.kind->acts_role;
  struct parsed_ref ref;
  *target = NULL;
  while (role != NULL && parsed_next_role(refs, &ref, role)) {
    enum adduce_err err = told_find(asked, target, ref.id32);
    if (err != ADDUCE_E_NOT_FOUND) return err;
    *target = NULL;
  }
  return ADDUCE_OK;
}

/* What an act is about in the end, through acts on acts: whether that is a judgement. Ids are
 * hashes over refs, so the way ends; each step is at a lower index. */
static enum adduce_err is_about_judgement(struct asked *asked, bool *is_judgement,
                                          const struct told *told) {
  *is_judgement = false;
  while (told != NULL && !*is_judgement) {
    const struct vocabulary_kind *kind = told->event.claim.kind;
    struct cursor refs = told->event.claim.parsed.refs;
    *is_judgement = kind != NULL && kind->effect == EFFECT_SAME;
    if (*is_judgement || !is_act(told)) break;
    TRY(next_target(asked, &refs, told, &told));
  }
  return ADDUCE_OK;
}

/* The revision of a source on which an act rests; NULL if on none. */
static enum adduce_err find_revision(struct asked *asked, const struct told **revision,
                                     const struct told *told) {
  struct cursor refs = told->event.claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&refs, &ref, "cites")) {
    enum adduce_err err = told_find(asked, revision, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    const struct vocabulary_kind *kind = (*revision)->event.claim.kind;
    if (kind != NULL && kind->effect == EFFECT_SOURCE && kind->state != NULL &&
        strcmp(kind->state, "revised") == 0)
      return ADDUCE_OK;
  }
  *revision = NULL;
  return ADDUCE_OK;
}

static enum cause cause_of_act(struct adduce_span act) {
  static const struct {
    const char *act;
    enum cause cause;
  } acts[] = {{"corrected", CAUSE_CORRECTED},   {"retracted", CAUSE_RETRACTED},
              {"ended", CAUSE_ENDED},           {"disputed", CAUSE_DISPUTED},
              {"endorsed", CAUSE_ENDORSED},     {"corroborated", CAUSE_CORROBORATED},
              {"ranked", CAUSE_RANKED},         {"erased", CAUSE_ERASED},
              {"revised", CAUSE_SOURCE_REVISED}};
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
    if (span_is(act, acts[i].act)) return acts[i].cause;
  return CAUSE_ACTED_ON;
}

/* Of kinds that stand for themselves. */
static bool find_by_kind(const struct told *told, enum cause *cause) {
  struct adduce_span kind = told->event.claim.parsed.kind;
  if (span_is(kind, "policy.set"))
    *cause = CAUSE_POLICY_CHANGED;
  else if (span_is(kind, "key.revoked"))
    *cause = CAUSE_KEY_REVOKED;
  else if (span_is(kind, "key.authorized") || span_is(kind, "key.rotated"))
    *cause = CAUSE_KEY_AUTHORIZED;
  else
    return false;
  return true;
}

enum adduce_err cause_of(struct asked *asked, enum cause *cause, const struct told *told) {
  const struct told *revision = NULL;
  bool is_judgement;
  *cause = CAUSE_NEW_CLAIM;
  if (told->event.claim.kind == NULL || find_by_kind(told, cause)) return ADDUCE_OK;
  TRY(is_about_judgement(asked, &is_judgement, told));
  if (is_judgement) {
    *cause = CAUSE_IDENTITY_JUDGED;
    return ADDUCE_OK;
  }
  if (!is_act(told)) return ADDUCE_OK;
  *cause = cause_of_act(act_of(told));
  TRY(find_revision(asked, &revision, told));
  if (revision != NULL ||
      span_is(parsed_text(&told->event.claim.parsed, "cause"), "source_retracted"))
    *cause = CAUSE_SOURCE_REVISED;
  return ADDUCE_OK;
}

/* --- as answers show it ------------------------------------------------------------------- */

static void set_place(struct asked *asked, struct adduce_value *map, const struct told *told) {
  asked_set_id(asked, map, "id", told->event.id.bytes);
  asked_set_number(asked, map, "index", told->index);
  asked_set_str(asked, map, "kind", told->event.claim.parsed.kind);
}

/* The events it acts on, and if they are acts themselves, what those did. */
static enum adduce_err set_targets(struct asked *asked, struct adduce_value *map,
                                   const struct told *told) {
  struct cursor refs = told->event.claim.parsed.refs;
  struct adduce_value *list = value_list(asked->scope);
  const struct told *target;
  for (;;) {
    TRY(next_target(asked, &refs, told, &target));
    if (target == NULL) break;
    struct adduce_value *one = value_map(asked->scope);
    set_place(asked, one, target);
    value_add(asked->scope, list, one);
    if (is_act(target) && target->event.claim.kind->effect == EFFECT_ACTS)
      asked_set_str(asked, map, "of", act_of(target));
  }
  if (adduce_value_count(list) != 0) asked_set(asked, map, "on", list);
  return ADDUCE_OK;
}

static enum adduce_err set_source(struct asked *asked, struct adduce_value *map,
                                  const struct told *told) {
  const struct told *revision = NULL;
  struct adduce_value *source = value_map(asked->scope);
  TRY(find_revision(asked, &revision, told));
  if (revision == NULL) return ADDUCE_OK;
  set_place(asked, source, revision);
  asked_set(asked, map, "source", source);
  return ADDUCE_OK;
}

enum adduce_err cause_render(struct asked *asked, struct adduce_value **map, enum cause *cause,
                             uint64_t index) {
  const struct told *told;
  struct adduce_span label;
  *map = value_map(asked->scope);
  TRY(told_get(asked, &told, index));
  TRY(cause_of(asked, cause, told));
  asked_set_text(asked, *map, "cause", cause_name(*cause));
  TRY(render_event(asked, *map, told));
  TRY(phrase_label(asked, &label, told));
  asked_set_str(asked, *map, "label", label);
  if (told->event.claim.kind == NULL) return value_finish(asked->scope);
  asked_set_str(asked, *map, "reason", parsed_text(&told->event.claim.parsed, "reason"));
  if (!is_act(told)) return value_finish(asked->scope);
  asked_set_str(asked, *map, "act", act_of(told));
  TRY(set_targets(asked, *map, told));
  TRY(set_source(asked, *map, told));
  return value_finish(asked->scope);
}

/* --- time --------------------------------------------------------------------------------- */

/* Which end of a claim excludes the time of `asked`, and where it lies. */
static const char *find_end(const struct asked *asked, const struct told *told,
                            struct adduce_span *at) {
  const struct parsed *parsed = told_parsed(told);
  struct worldtime time;
  *at = told_valid(parsed, "from");
  if (worldtime_parse(*at, &time) && time.first_us > asked->valid_at.last_us) return "from";
  *at = told_valid(parsed, "to");
  if (worldtime_parse(*at, &time) && time.last_us < asked->valid_at.first_us) return "to";
  struct cursor until = cursor_of(told->status.until);
  if (!cursor_str(&until, at)) *at = span_of(NULL, 0);
  return "until";
}

static bool rests_on(const struct snapshot_line *line, const struct told *told) {
  for (size_t i = 0; line != NULL && i < line->count; i++)
    if (line->supports[i].told->index == told->index) return true;
  for (size_t i = 0; line != NULL && i < line->bounds.count; i++)
    if (line->bounds.parts[i].told->index == told->index) return true;
  return false;
}

static void add_bound(const struct passage *passage, struct adduce_value *list,
                      const struct asked *excluding, const struct told *told) {
  struct adduce_scope *scope = passage->scope;
  struct adduce_value *one;
  struct adduce_span at;
  if (told_may_hold(excluding, told)) return;
  for (size_t i = 0; i < list->as.list.count; i++)
    if (adduce_value_integer(adduce_value_get(list->as.list.items[i], "index")) ==
        (int64_t)told->index)
      return;
  one = value_map(scope);
  value_set_bytes32(scope, one, "id", told->event.id.bytes);
  value_set_integer(scope, one, "index", (int64_t)told->index);
  value_set_text(scope, one, "end", find_end(excluding, told, &at));
  if (at.size != 0) value_set(scope, one, "time", value_str(scope, at));
  value_add(scope, list, one);
}

static void add_bounds(const struct passage *passage, struct adduce_value *list,
                       const struct asked *excluding, const struct snapshot_line *line,
                       const struct snapshot_line *other) {
  for (size_t i = 0; line != NULL && i < line->count; i++)
    if (!rests_on(other, line->supports[i].told))
      add_bound(passage, list, excluding, line->supports[i].told);
  for (size_t i = 0; line != NULL && i < line->bounds.count; i++)
    if (!rests_on(other, line->bounds.parts[i].told))
      add_bound(passage, list, excluding, line->bounds.parts[i].told);
}

enum adduce_err cause_render_time(struct passage *passage, struct adduce_value **map,
                                  const struct passage_change *change) {
  struct adduce_scope *scope = passage->scope;
  struct adduce_value *list = value_list(scope);
  *map = value_map(scope);
  add_bounds(passage, list, &passage->after->asked, change->before, change->after);
  add_bounds(passage, list, &passage->before->asked, change->after, change->before);
  value_set_text(scope, *map, "cause", cause_name(CAUSE_TIME_PASSED));
  value_set(scope, *map, "bounds", list);
  return value_finish(scope);
}
