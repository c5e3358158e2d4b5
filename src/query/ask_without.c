/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_without.h"

#include "base/bigendian.h"
#include "projection/key.h"
#include "query/closure.h"
#include "query/lines.h"
#include "query/lineview.h"
#include "query/range.h"
#include "query/support.h"

/* One list of the answer: how long it is, and as much of it as is wanted. */
struct part {
  const char *name;
  struct adduce_value *list;
  uint64_t count;
  struct asked_page page;
};

enum { SELECTED, FALLS, STANDS, REVIVED, PARTED, SUPPORTED, UNSUPPORTED, CHANGED, PARTS };

struct answering {
  struct asked *asked, *whole;
  struct closure closure;
  struct part parts[PARTS];
  struct cache looked_at; /* by index: claims that were looked at for what they lost */
  struct cache subjects;  /* that were compared, or are to be */
  struct adduce_span *queue;
  size_t queue_count, queue_capacity;
  bool subjects_more;
};

/* Counts a line of a part; a map to be filled if it is shown, else NULL. */
static struct adduce_value *add_to(struct answering *answering, int which) {
  struct part *part = &answering->parts[which];
  part->count++;
  if (part->page.more || asked_turn(answering->asked, &part->page) != ASKED_SHOW) return NULL;
  struct adduce_value *map = value_map(answering->asked->scope);
  value_add(answering->asked->scope, part->list, map);
  return map;
}

static enum adduce_err add_id(struct answering *answering, struct adduce_value *list,
                              uint64_t index) {
  struct profile profile;
  TRY(profile_read(answering->whole, &profile, index));
  value_add(answering->asked->scope, list,
            value_bytes(answering->asked->scope, span_of(profile.id.bytes, 32)));
  return ADDUCE_OK;
}

/* Whether it is the first time; what is looked at is remembered (as there: the value is no more).
 */
static enum adduce_err is_new(struct answering *answering, bool *new, uint64_t index) {
  uint8_t number[8];
  bigendian_put64(number, index);
  struct adduce_span key = span_of(number, sizeof number);
  *new = cache_get(&answering->looked_at, key) == NULL;
  return *new ? cache_put(answering->asked->scope, &answering->looked_at, key, answering)
              : ADDUCE_OK;
}

/* --- subjects to compare ------------------------------------------------------------------ */

static enum adduce_err add_subject(struct answering *answering, struct adduce_span subject) {
  struct adduce_scope *scope = answering->asked->scope;
  if (subject.size == 0 || cache_get(&answering->subjects, subject) != NULL) return ADDUCE_OK;
  if (answering->queue_count == ASK_WITHOUT_SUBJECTS) {
    answering->subjects_more = true;
    return ADDUCE_OK;
  }
  struct adduce_span *grown = scope_room(scope, &answering->queue_capacity, answering->queue,
                                         answering->queue_count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  answering->queue = grown;
  answering->queue[answering->queue_count++] = subject;
  return cache_put(scope, &answering->subjects, subject, answering);
}

static enum adduce_err add_subjects(struct answering *answering, const struct event *event) {
  static const char *const others[] = {"to", "right", "group", "occurrence"};
  if (event->claim.kind == NULL || event->claim.kind->effect == EFFECT_SOURCE) return ADDUCE_OK;
  TRY(add_subject(answering, claim_subject(&event->claim)));
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    TRY(add_subject(answering, parsed_text(&event->claim.parsed, others[i])));
  return ADDUCE_OK;
}

/* --- events ------------------------------------------------------------------------------- */

static enum adduce_err set_why(struct answering *answering, struct adduce_value *map,
                               const struct exclusion_why *why) {
  static const char *const rules[] = {"selected", "not-kept", "origin", "chain", "publisher",
                                      "support",  "act",      "made",   "same"};
  struct asked *asked = answering->asked;
  struct adduce_value *because = value_map(asked->scope), *via = value_list(asked->scope);
  asked_set_text(asked, because, "rule", rules[why->reason]);
  asked_set_str(asked, because, "voice", why->voice);
  for (size_t i = 0; i < why->via_count; i++) TRY(add_id(answering, via, why->via[i]));
  if (why->via_count != 0) asked_set(asked, because, "via", via);
  asked_set(asked, map, "because", because);
  return value_finish(asked->scope);
}

static enum adduce_err add_out(struct answering *answering, uint64_t index) {
  struct exclusion_why why;
  const struct told *told;
  TRY(exclusion_find_why(answering->asked->exclusion, &why, index));
  bool is_selected = why.reason <= EXCLUSION_ORIGIN;
  struct adduce_value *map = add_to(answering, is_selected ? SELECTED : FALLS);
  if (answering->queue_count == ASK_WITHOUT_SUBJECTS && map == NULL) {
    answering->subjects_more = true;
    return ADDUCE_OK;
  }
  TRY(told_get(answering->whole, &told, index));
  TRY(add_subjects(answering, told_event(told)));
  if (told->is_corrected) TRY(add_subjects(answering, &told->event));
  if (map == NULL) return ADDUCE_OK;
  TRY(render_claim(answering->whole, map, told, RENDER_LINE));
  return set_why(answering, map, &why);
}

/* --- who is not one any more ---------------------------------------------------------------- */

/* A judgement that two are the same was heeded, and is not any more. */
static enum adduce_err take_judgement(void *context, const struct row *row) {
  struct answering *answering = context;
  const struct told *told;
  bool is_out;
  TRY(exclusion_has(answering->asked->exclusion, &is_out, row->index));
  if (!is_out) return ADDUCE_OK;
  TRY(told_get(answering->whole, &told, row->index));
  const struct parsed *parsed = told_parsed(told);
  if (told->event.claim.kind == NULL || told_state(told) != STATUS_LIVE ||
      !span_is(parsed_text(parsed, "judgement"), "positive"))
    return ADDUCE_OK;
  struct adduce_value *map = add_to(answering, PARTED);
  if (map == NULL) return ADDUCE_OK;
  asked_set_str(answering->asked, map, "left", parsed_text(parsed, "left"));
  asked_set_str(answering->asked, map, "right", parsed_text(parsed, "right"));
  asked_set_id(answering->asked, map, "judgement", told->event.id.bytes);
  return value_finish(answering->asked->scope);
}

/* All judgements, so that these are counted however many subjects there are. */
static enum adduce_err look_at_judgements(struct answering *answering) {
  struct key key;
  key_init(&key);
  key_text(&key, span_text("same.judged"));
  return range_each(answering->whole, REGISTRY_BYKIND, key_span(&key), take_judgement, answering);
}

/* --- what is left, and changes ------------------------------------------------------------- */

static enum adduce_err add_lost_refs(struct answering *answering, struct adduce_value *lost,
                                     bool *is_lessened, const struct profile *profile) {
  struct cursor refs = profile->refs;
  struct parsed_ref ref;
  *is_lessened = false;
  while (parsed_next_ref(&refs, &ref)) {
    uint64_t index;
    bool is_out;
    if (!profile_rests_on(&ref)) continue;
    enum adduce_err err = told_index(answering->whole, &index, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    TRY(exclusion_has(answering->asked->exclusion, &is_out, index));
    if (!is_out) continue;
    *is_lessened = true;
    TRY(add_id(answering, lost, index));
  }
  return ADDUCE_OK;
}

/* A claim that rests on something left out, and on something else. */
static enum adduce_err look_at_standing(struct answering *answering, uint64_t index) {
  struct asked *asked = answering->asked;
  struct profile profile;
  struct support support;
  const struct told *told;
  bool is_lessened;
  struct adduce_value *lost = value_list(asked->scope);
  TRY(profile_read(answering->whole, &profile, index));
  TRY(add_lost_refs(answering, lost, &is_lessened, &profile));
  if (!is_lessened) return ADDUCE_OK;
  struct adduce_value *map = add_to(answering, STANDS);
  if (map == NULL) return ADDUCE_OK;
  TRY(told_get(asked, &told, index));
  TRY(render_claim(asked, map, told, RENDER_LINE));
  asked_set(asked, map, "lost", lost);
  TRY(support_of_event(asked, &support, index));
  return support_render(asked, map, &support);
}

/* A claim on which some act is left out: whether its life has come to something else. */
static enum adduce_err look_at_life(struct answering *answering, uint64_t index) {
  const struct told *before, *after;
  struct asked *asked = answering->asked;
  TRY(told_get(answering->whole, &before, index));
  TRY(told_get(asked, &after, index));
  if (before->status.state == after->status.state && before->status.marks == after->status.marks &&
      before->is_corrected == after->is_corrected)
    return ADDUCE_OK;
  TRY(add_subjects(answering, told_event(before)));
  TRY(add_subjects(answering, told_event(after)));
  struct adduce_value *map = add_to(answering, REVIVED), *because = value_list(asked->scope);
  if (map == NULL) return ADDUCE_OK;
  TRY(render_claim(asked, map, after, RENDER_LINE));
  asked_set_text(asked, map, "was", status_name(before->status.state));
  struct adduce_value *marks = value_map(asked->scope);
  render_marks(asked, marks, before->status.marks);
  if (adduce_value_count(marks) != 0)
    asked_set(asked, map, "marks_were", value_get(marks, span_text("marks")));
  for (size_t i = 0; i < before->status.act_count; i++) {
    bool is_out;
    TRY(exclusion_has(asked->exclusion, &is_out, before->status.acts[i].index));
    if (is_out) TRY(add_id(answering, because, before->status.acts[i].index));
  }
  asked_set(asked, map, "because", because);
  return value_finish(asked->scope);
}

static enum adduce_err look_at(struct answering *answering, uint64_t index) {
  bool is_out, new;
  TRY(exclusion_has(answering->asked->exclusion, &is_out, index));
  if (is_out) return ADDUCE_OK;
  TRY(is_new(answering, &new, index));
  if (!new) return ADDUCE_OK;
  TRY(look_at_standing(answering, index));
  return look_at_life(answering, index);
}

static enum adduce_err take_naming(void *context, const struct row *row) {
  return look_at(context, row->index);
}

/* What an event that is out was to others: those that name it, and those it named. */
static enum adduce_err look_around(struct answering *answering, uint64_t index) {
  struct profile profile;
  struct parsed_ref ref;
  TRY(profile_read(answering->whole, &profile, index));
  TRY(range_each(answering->whole, REGISTRY_REFERENCES, span_of(profile.id.bytes, 32), take_naming,
                 answering));
  struct cursor refs = profile.refs;
  while (parsed_next_ref(&refs, &ref)) {
    uint64_t target;
    if (!profile_acts_on(&profile, &ref)) continue;
    enum adduce_err err = told_index(answering->whole, &target, ref.id32);
    if (err == ADDUCE_OK) err = look_at(answering, target);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  }
  return ADDUCE_OK;
}

/* --- lines -------------------------------------------------------------------------------- */

static enum adduce_err find_lines(struct asked *asked, struct lines *lines,
                                  struct adduce_span subject) {
  struct gathered gathered;
  enum adduce_err err = gather_subject(asked, &gathered, subject);
  *lines = (struct lines){.count = 0};
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  return lines_find(asked, lines, &gathered, span_of(NULL, 0));
}

/* Lines by what makes them one. */
static enum adduce_err identify_all(struct asked *asked, struct cache *cache,
                                    const struct lines *lines) {
  *cache = (struct cache){.count = 0};
  for (size_t i = 0; i < lines->count; i++) {
    struct adduce_span identity;
    TRY(lines_identify(asked, &lines->items[i], &identity));
    if (cache_get(cache, identity) == NULL)
      TRY(cache_put(asked->scope, cache, identity, &lines->items[i]));
  }
  return ADDUCE_OK;
}

static enum adduce_err find_twin(struct answering *answering, const struct line **twin,
                                 const struct cache *lines, const struct line *line) {
  struct adduce_span wanted;
  TRY(lines_identify(answering->asked, line, &wanted));
  *twin = cache_get(lines, wanted);
  return ADDUCE_OK;
}

static enum adduce_err set_line(struct answering *answering, struct asked *asked,
                                struct adduce_value *map, struct adduce_span subject,
                                const struct line *line) {
  static const char *const sections[] = {[LINES_FACT] = "fact",
                                         [LINES_RELATION] = "relation",
                                         [LINES_SANCTION] = "sanction",
                                         [LINES_RELEASE] = "release",
                                         [LINES_STATE] = "state"};
  (void)answering;
  asked_set_str(asked, map, "subject", subject);
  asked_set_text(asked, map, "section", sections[line->section]);
  asked_set_str(asked, map, "field", line->field);
  return lineview_line(asked, map, line);
}

/* The claims of a line that are left out. */
static enum adduce_err set_lost(struct answering *answering, struct adduce_value *map,
                                const struct line *line) {
  struct adduce_value *lost = value_list(answering->asked->scope);
  for (size_t i = 0; i < line->count; i++) {
    bool is_out;
    if (i > 0 && line->supports[i].told == line->supports[i - 1].told) continue;
    TRY(exclusion_has(answering->asked->exclusion, &is_out, line->supports[i].told->index));
    if (is_out) TRY(add_id(answering, lost, line->supports[i].told->index));
  }
  asked_set(answering->asked, map, "lost", lost);
  return ADDUCE_OK;
}

/* A line that holds no more: of what was live, nothing that is left says it. */
static enum adduce_err add_unsupported(struct answering *answering, struct adduce_span subject,
                                       const struct line *line) {
  struct adduce_value *map = add_to(answering, UNSUPPORTED);
  if (map == NULL) return ADDUCE_OK;
  TRY(set_line(answering, answering->whole, map, subject, line));
  return set_lost(answering, map, line);
}

static enum adduce_err add_remaining(struct answering *answering, int which,
                                     struct adduce_span subject, const struct line *before,
                                     const struct line *after) {
  struct support support;
  struct adduce_value *map = add_to(answering, which);
  if (map == NULL) return ADDUCE_OK;
  TRY(set_line(answering, answering->asked, map, subject, after));
  if (which == CHANGED && before != NULL)
    asked_set_text(answering->asked, map, "was", status_name(before->state));
  if (before != NULL) TRY(set_lost(answering, map, before));
  TRY(support_of_line(answering->asked, &support, after));
  return support_render(answering->asked, map, &support);
}

static enum adduce_err compare_line(struct answering *answering, struct adduce_span subject,
                                    const struct line *before, const struct line *after) {
  if (after == NULL || (before->state == STATUS_LIVE && after->state != STATUS_LIVE))
    return before->state == STATUS_LIVE ? add_unsupported(answering, subject, before) : ADDUCE_OK;
  if (before->state != after->state || before->marks != after->marks)
    return add_remaining(answering, CHANGED, subject, before, after);
  if (before->count == after->count) return ADDUCE_OK;
  return add_remaining(answering, SUPPORTED, subject, before, after);
}

static enum adduce_err compare_subject(struct answering *answering, struct adduce_span subject) {
  struct lines before, after;
  struct cache were, are;
  const struct line *twin;
  TRY(find_lines(answering->whole, &before, subject));
  TRY(find_lines(answering->asked, &after, subject));
  TRY(identify_all(answering->asked, &were, &before));
  TRY(identify_all(answering->asked, &are, &after));
  for (size_t i = 0; i < before.count; i++) {
    TRY(find_twin(answering, &twin, &are, &before.items[i]));
    TRY(compare_line(answering, subject, &before.items[i], twin));
  }
  for (size_t i = 0; i < after.count; i++) {
    TRY(find_twin(answering, &twin, &were, &after.items[i]));
    if (twin == NULL) TRY(add_remaining(answering, CHANGED, subject, NULL, &after.items[i]));
  }
  return ADDUCE_OK;
}

/* --- the answer --------------------------------------------------------------------------- */

static void begin(struct answering *answering, struct asked *asked) {
  static const char *const names[] = {"selected", "falls",     "stands",      "revived",
                                      "parted",   "supported", "unsupported", "changed"};
  *answering = (struct answering){.asked = asked, .whole = exclusion_whole(asked->exclusion)};
  /* Of lines only those of the modes that are wanted, before and after. */
  answering->whole->modefilter = asked->modefilter;
  for (size_t i = 0; i < PARTS; i++)
    answering->parts[i] = (struct part){.name = names[i], .list = value_list(asked->scope)};
}

static void finish(struct answering *answering, struct adduce_value *answer) {
  struct asked *asked = answering->asked;
  struct adduce_value *counts = value_map(asked->scope);
  bool more = false;
  asked_set_number(asked, counts, "entries", asked->size);
  asked_set_number(asked, counts, "out", answering->closure.count);
  for (size_t i = 0; i < PARTS; i++) {
    asked_set_number(asked, counts, answering->parts[i].name, answering->parts[i].count);
    more |= answering->parts[i].page.more;
  }
  asked_set_number(asked, counts, "subjects", answering->queue_count);
  asked_set(asked, answer, "counts", counts);
  asked_set_flag(asked, answer, "subjects_more", answering->subjects_more);
  for (size_t i = 0; i < PARTS; i++)
    asked_set(asked, answer, answering->parts[i].name, answering->parts[i].list);
  asked_set(asked, answer, "more", value_boolean(asked->scope, more));
}

enum adduce_err ask_without(struct asked *asked, struct adduce_value *answer) {
  struct answering answering;
  if (asked->exclusion == NULL)
    return scope_fail(asked->scope, ADDUCE_E_USAGE, "nothing is said of what to leave out");
  begin(&answering, asked);
  TRY(closure_find(asked->exclusion, &answering.closure));
  for (size_t i = 0; i < answering.closure.count; i++)
    TRY(add_out(&answering, answering.closure.items[i]));
  TRY(look_at_judgements(&answering));
  for (size_t i = 0; i < answering.closure.count; i++)
    TRY(look_around(&answering, answering.closure.items[i]));
  for (size_t i = 0; i < answering.queue_count; i++)
    TRY(compare_subject(&answering, answering.queue[i]));
  finish(&answering, answer);
  return value_finish(asked->scope);
}
