/* SPDX-License-Identifier: Apache-2.0 */
#include "query/keeping.h"

#include "base/bigendian.h"
#include "projection/key.h"
#include "query/origin.h"
#include "query/people.h"
#include "query/range.h"
#include "query/told.h"

void keeping_init(struct keeping *keeping, struct asked *whole, const struct selector *only,
                  size_t count) {
  *keeping = (struct keeping){.whole = whole, .only = only, .count = count};
}

/* --- what is selected --------------------------------------------------------------------- */

static enum adduce_err in_chain(struct keeping *keeping, bool *is_in,
                                const struct selector *selector, const struct profile *profile) {
  struct profile_hops hops;
  struct profile_hop hop;
  struct words words;
  *is_in = false;
  TRY(words_find(keeping->whole, &words, profile));
  words_hops(&hops, &words.now);
  while (!*is_in && profile_hops_next(&hops, &hop))
    *is_in = selector_has_voice(selector, hop.agent);
  return ADDUCE_OK;
}

static enum adduce_err cites(struct keeping *keeping, bool *is_cited,
                             const struct selector *selector, const struct profile *profile) {
  struct cursor refs = profile->refs;
  struct parsed_ref ref;
  *is_cited = false;
  while (!*is_cited && parsed_next_role(&refs, &ref, "cites")) {
    struct profile source;
    uint64_t index;
    enum adduce_err err = told_index(keeping->whole, &index, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    TRY(profile_read(keeping->whole, &source, index));
    *is_cited = selector_is_source(selector, &source);
  }
  return ADDUCE_OK;
}

static enum adduce_err selects(struct keeping *keeping, bool *is_so,
                               const struct selector *selector, const struct profile *profile) {
  struct words words;
  struct origin origin;
  if (selector->sort == SELECTOR_SOURCE) {
    *is_so = selector_is_source(selector, profile);
    if (!*is_so) TRY(in_chain(keeping, is_so, selector, profile));
    return *is_so ? ADDUCE_OK : cites(keeping, is_so, selector, profile);
  }
  *is_so = selector_takes(selector, profile);
  if (selector->sort != SELECTOR_ORIGIN) return ADDUCE_OK;
  TRY(words_find(keeping->whole, &words, profile));
  TRY(origin_of(keeping->whole, &origin, profile, &words.now));
  *is_so = origin_is(&origin, selector);
  return ADDUCE_OK;
}

enum adduce_err keeping_selects(struct keeping *keeping, bool *is_selected,
                                const struct profile *profile) {
  *is_selected = false;
  for (size_t i = 0; i < keeping->count && !*is_selected; i++)
    TRY(selects(keeping, is_selected, &keeping->only[i], profile));
  return ADDUCE_OK;
}

/* --- walking from one event to others ----------------------------------------------------- */

/* Indexes to look at, each once. */
struct walk {
  struct keeping *keeping;
  uint64_t *items;
  size_t count, capacity;
};

static enum adduce_err put(struct walk *walk, uint64_t index) {
  for (size_t i = 0; i < walk->count; i++)
    if (walk->items[i] == index) return ADDUCE_OK;
  struct adduce_scope *scope = walk->keeping->whole->scope;
  uint64_t *grown = scope_room(scope, &walk->capacity, walk->items, walk->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  walk->items = grown;
  walk->items[walk->count++] = index;
  return ADDUCE_OK;
}

/* What an event acts on, if only its own author or house can (`own`), or whatever it is. */
static enum adduce_err put_targets(struct walk *walk, const struct profile *profile, bool own) {
  struct asked *whole = walk->keeping->whole;
  struct cursor refs = profile->refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&refs, &ref)) {
    struct profile target;
    uint64_t index;
    bool is_own = true;
    if (!profile_acts_on(profile, &ref)) continue;
    enum adduce_err err = told_index(whole, &index, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    if (own) {
      TRY(profile_read(whole, &target, index));
      TRY(people_own(whole, &is_own, profile->author32, target.author32));
    }
    if (is_own) TRY(put(walk, index));
  }
  return ADDUCE_OK;
}

/* Corrections, retractions and ends say what has become of an author's own claims. */
static bool is_own_act(const struct profile *profile) {
  const struct vocabulary_kind *kind = profile->kind;
  return kind != NULL && kind->effect == EFFECT_ACTS && kind->state != NULL &&
         (strcmp(kind->state, "corrected") == 0 || strcmp(kind->state, "retracted") == 0 ||
          strcmp(kind->state, "ended") == 0);
}

/* NULL where nothing is settled yet. */
static const bool *verdict(const struct cache *cache, uint64_t index) {
  uint8_t number[8];
  bigendian_put64(number, index);
  return cache_get(cache, span_of(number, sizeof number));
}

static enum adduce_err settle(struct keeping *keeping, struct cache *cache, uint64_t index,
                              bool is_so) {
  uint8_t number[8];
  bool *settled = scope_new(keeping->whole->scope, bool);
  if (settled == NULL) return scope_no_memory(keeping->whole->scope);
  *settled = is_so;
  bigendian_put64(number, index);
  return cache_put(keeping->whole->scope, cache, span_of(number, sizeof number), settled);
}

/* --- claims ------------------------------------------------------------------------------- */

/* Whether an event is selected, or leads by own acts to one that is. */
static enum adduce_err is_kept_claim(struct keeping *keeping, bool *is_kept, uint64_t index) {
  struct walk walk = {.keeping = keeping};
  const bool *known = verdict(&keeping->claims, index);
  *is_kept = known != NULL && *known;
  if (known != NULL) return ADDUCE_OK;
  TRY(put(&walk, index));
  for (size_t at = 0; at < walk.count && !*is_kept; at++) {
    struct profile profile;
    known = at == 0 ? NULL : verdict(&keeping->claims, walk.items[at]);
    *is_kept = known != NULL && *known;
    if (known != NULL) continue;
    TRY(profile_read(keeping->whole, &profile, walk.items[at]));
    TRY(keeping_selects(keeping, is_kept, &profile));
    if (!*is_kept && is_own_act(&profile)) TRY(put_targets(&walk, &profile, true));
  }
  return settle(keeping, &keeping->claims, index, *is_kept);
}

/* --- sources ------------------------------------------------------------------------------ */

struct citing {
  struct keeping *keeping;
  struct walk *walk;
  bool is_kept;
};

static enum adduce_err take_citing(void *context, const struct row *row) {
  struct citing *citing = context;
  TRY(is_kept_claim(citing->keeping, &citing->is_kept, row->index));
  return citing->is_kept ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

static enum adduce_err take_revision(void *context, const struct row *row) {
  struct citing *citing = context;
  struct profile profile;
  TRY(profile_read(citing->keeping->whole, &profile, row->index));
  bool is_revision = profile_is_source(&profile) && profile.kind->state != NULL &&
                     strcmp(profile.kind->state, "revised") == 0;
  return is_revision ? put(citing->walk, row->index) : ADDUCE_OK;
}

static enum adduce_err each_ref(struct keeping *keeping, const struct adduce_id *id,
                                const char *role, range_visit_fn *visit, struct citing *citing) {
  struct key key;
  key_init(&key);
  key_id(&key, id->bytes);
  key_text(&key, span_text(role));
  return range_each(keeping->whole, REGISTRY_REFERENCES, key_span(&key), visit, citing);
}

/* Whether a source is kept for its own sake, or cited by a kept claim, or so is a revision of it.
 */
static enum adduce_err is_kept_source(struct keeping *keeping, bool *is_kept, uint64_t index) {
  struct walk walk = {.keeping = keeping};
  struct citing citing = {keeping, &walk, false};
  const bool *known = verdict(&keeping->sources, index);
  *is_kept = known != NULL && *known;
  if (known != NULL) return ADDUCE_OK;
  TRY(put(&walk, index));
  for (size_t at = 0; at < walk.count && !citing.is_kept; at++) {
    struct profile profile;
    TRY(is_kept_claim(keeping, &citing.is_kept, walk.items[at]));
    if (citing.is_kept) break;
    TRY(profile_read(keeping->whole, &profile, walk.items[at]));
    TRY(each_ref(keeping, &profile.id, "cites", take_citing, &citing));
    if (!citing.is_kept) TRY(each_ref(keeping, &profile.id, "source", take_revision, &citing));
  }
  *is_kept = citing.is_kept;
  return settle(keeping, &keeping->sources, index, *is_kept);
}

static bool is_capture(const struct profile *profile) {
  return profile_is_source(profile) && profile->kind->state != NULL &&
         strcmp(profile->kind->state, "captured") == 0;
}

/* A source that is kept; a capture of one; what own acts were done to either. */
static enum adduce_err leads_to_source(struct keeping *keeping, bool *is_kept,
                                       const struct profile *start) {
  struct walk walk = {.keeping = keeping};
  *is_kept = false;
  TRY(put(&walk, start->index));
  for (size_t at = 0; at < walk.count && !*is_kept; at++) {
    struct profile profile;
    TRY(profile_read(keeping->whole, &profile, walk.items[at]));
    if (is_capture(&profile)) {
      TRY(put_targets(&walk, &profile, false));
    } else if (profile_is_source(&profile)) {
      TRY(is_kept_source(keeping, is_kept, profile.index));
    } else if (is_own_act(&profile)) {
      TRY(put_targets(&walk, &profile, true));
    }
  }
  return ADDUCE_OK;
}

enum adduce_err keeping_has(struct keeping *keeping, bool *is_kept, const struct profile *profile) {
  TRY(is_kept_claim(keeping, is_kept, profile->index));
  if (*is_kept || (!profile_is_source(profile) && !is_own_act(profile))) return ADDUCE_OK;
  return leads_to_source(keeping, is_kept, profile);
}
