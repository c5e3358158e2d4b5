/* SPDX-License-Identifier: Apache-2.0 */
#include "query/closure.h"

#include "base/numbers.h"
#include "query/cluster.h"
#include "query/links.h"
#include "query/selection.h"

struct walk {
  struct exclusion *exclusion;
  struct asked *whole;
  struct closure *closure;
  uint8_t *seen; /* a bit for each event */
  struct adduce_span *voices;
  size_t voice_count;
  bool has_words, has_links;
};

static enum adduce_err visit(void *context, uint64_t index) {
  struct walk *walk = context;
  struct closure *closure = walk->closure;
  enum exclusion_level level;
  uint8_t bit = (uint8_t)(1u << (index & 7));
  if ((walk->seen[index / 8] & bit) != 0) return ADDUCE_OK;
  walk->seen[index / 8] |= bit;
  TRY(exclusion_level(walk->exclusion, &level, index));
  if (level == EXCLUSION_IN) return ADDUCE_OK;
  uint64_t *grown = scope_room(walk->whole->scope, &closure->capacity, closure->items,
                               closure->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(walk->whole->scope);
  closure->items = grown;
  closure->items[closure->count++] = index;
  return ADDUCE_OK;
}

static enum adduce_err visit_id(struct walk *walk, const uint8_t *id32) {
  uint64_t index;
  enum adduce_err err = told_index(walk->whole, &index, id32);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  return err == ADDUCE_OK ? visit(walk, index) : err;
}

/* --- voices ------------------------------------------------------------------------------- */

static enum adduce_err add_voice(struct walk *walk, struct adduce_span subject) {
  size_t count = walk->voice_count;
  for (size_t i = 0; i < count; i++)
    if (span_equal(walk->voices[i], subject)) return ADDUCE_OK;
  if ((count & (count - 1)) == 0) {
    walk->voices = scope_grow(walk->whole->scope, walk->voices, count * sizeof *walk->voices,
                              (count == 0 ? 1 : 2 * count) * sizeof *walk->voices);
    if (walk->voices == NULL) return scope_no_memory(walk->whole->scope);
  }
  walk->voices[walk->voice_count++] = subject;
  return ADDUCE_OK;
}

static enum adduce_err follow(struct walk *walk, const struct links *links) {
  for (size_t i = 0; i < links->count; i++) {
    struct adduce_id id;
    if (links_event(links->items[i].other, &id))
      TRY(visit_id(walk, id.bytes));
    else
      TRY(add_voice(walk, links->items[i].other));
  }
  return ADDUCE_OK;
}

/* A voice that may be gone: what it says, what was made from it, and who may be one with it. */
static enum adduce_err walk_voice(struct walk *walk, struct adduce_span subject) {
  struct links links = {.count = 0};
  struct cluster cluster;
  TRY(selection_each_of_voice(walk->whole, subject, visit, walk));
  TRY(links_find(walk->whole, &links, subject, LINKS_UP));
  TRY(follow(walk, &links));
  TRY(cluster_find(walk->whole, &cluster, subject));
  for (size_t i = 0; i < cluster.count; i++) TRY(add_voice(walk, cluster.members[i].subject));
  for (size_t i = 0; i < cluster.parted_count; i++) TRY(add_voice(walk, cluster.parted[i].subject));
  return ADDUCE_OK;
}

/* --- events ------------------------------------------------------------------------------- */

/* The claims that an act, directly or by way of others, decides about: their chains may change. */
static enum adduce_err visit_targets(struct walk *walk, const struct profile *profile,
                                     unsigned depth) {
  struct cursor refs = profile->refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&refs, &ref)) {
    struct profile target;
    uint64_t index;
    if (!span_is(ref.role, "target") && !span_is(ref.role, "replacement")) continue;
    enum adduce_err err = told_index(walk->whole, &index, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    TRY(visit(walk, index));
    TRY(profile_read(walk->whole, &target, index));
    if (target.kind != NULL && target.kind->effect == EFFECT_ACTS && depth < 64)
      TRY(visit_targets(walk, &target, depth + 1));
  }
  return ADDUCE_OK;
}

static enum adduce_err walk_event(struct walk *walk, uint64_t index) {
  struct profile profile;
  struct links links = {.count = 0};
  TRY(profile_read(walk->whole, &profile, index));
  TRY(selection_each_naming(walk->whole, &profile.id, visit, walk));
  if (!walk->has_words) return ADDUCE_OK;
  if (walk->has_links) TRY(links_of_event(walk->whole, &links, &profile.id, LINKS_UP));
  TRY(follow(walk, &links));
  if (profile.kind == NULL || profile.kind->effect != EFFECT_ACTS) return ADDUCE_OK;
  return visit_targets(walk, &profile, 0);
}

/* --- all ---------------------------------------------------------------------------------- */

static enum adduce_err begin(struct walk *walk) {
  size_t count, only_count;
  const struct selector *without = exclusion_without(walk->exclusion, &count);
  (void)exclusion_only(walk->exclusion, &only_count);
  for (size_t i = 0; i < count; i++) {
    walk->has_words |= selector_is_word(&without[i]);
    TRY(selection_each(walk->whole, &without[i], visit, walk));
    for (size_t j = 0; j < without[i].voice_count && without[i].sort == SELECTOR_SOURCE; j++)
      TRY(add_voice(walk, without[i].voices[j]));
  }
  if (walk->has_words) TRY(selection_each_rechained(walk->whole, visit, walk));
  if (walk->has_words) TRY(links_of_events(walk->whole, &walk->has_links));
  for (uint64_t i = 0; only_count != 0 && i < walk->whole->size; i++) TRY(visit(walk, i));
  return ADDUCE_OK;
}

enum adduce_err closure_find(struct exclusion *exclusion, struct closure *closure) {
  struct walk walk = {.exclusion = exclusion, .closure = closure};
  *closure = (struct closure){.count = 0};
  walk.whole = exclusion_whole(exclusion);
  walk.seen = scope_array(walk.whole->scope, (size_t)(walk.whole->size / 8) + 1, 1);
  if (walk.seen == NULL) return scope_no_memory(walk.whole->scope);
  TRY(begin(&walk));
  for (size_t voice = 0, at = 0; voice < walk.voice_count || at < closure->count;) {
    if (voice < walk.voice_count)
      TRY(walk_voice(&walk, walk.voices[voice++]));
    else
      TRY(walk_event(&walk, closure->items[at++]));
  }
  numbers_sort(closure->items, closure->count);
  return ADDUCE_OK;
}
