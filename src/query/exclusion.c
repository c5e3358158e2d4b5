/* SPDX-License-Identifier: Apache-2.0 */
#include "query/exclusion.h"

#include "codec/value.h"
#include "query/cluster.h"
#include "query/keeping.h"
#include "query/levels.h"
#include "query/selection.h"

struct exclusion {
  struct asked whole; /* nothing is left out of this one */
  struct selector *without, *only;
  size_t without_count, only_count;
  struct keeping keeping;
  struct levels levels;
};

/* --- opening ------------------------------------------------------------------------------ */

/* On a way, what names nothing yet selects nothing. */
static enum adduce_err resolve(struct asked *asked, struct selector **selectors, size_t *found,
                               const char *const *texts, size_t count) {
  *selectors = scope_array(asked->scope, count, sizeof **selectors);
  if (*selectors == NULL) return scope_no_memory(asked->scope);
  *found = 0;
  for (size_t i = 0; i < count; i++) {
    enum adduce_err err = selector_resolve(asked, &(*selectors)[*found], texts[i]);
    bool is_not_yet = err == ADDUCE_E_NOT_FOUND || err == ADDUCE_E_POSITION;
    if (asked->is_on_way && is_not_yet) continue;
    if (err != ADDUCE_OK) return err;
    ++*found;
  }
  return ADDUCE_OK;
}

struct remainder {
  struct exclusion *exclusion;
  bool is_selected, is_left;
};

/* Whether something that --only selects is left. */
static enum adduce_err take_selected(void *context, uint64_t index) {
  struct remainder *remainder = context;
  struct exclusion *exclusion = remainder->exclusion;
  struct profile profile;
  bool is_kept, is_out;
  TRY(profile_read(&exclusion->whole, &profile, index));
  if (profile.is_control) return ADDUCE_OK;
  TRY(keeping_selects(&exclusion->keeping, &is_kept, &profile));
  if (!is_kept) return ADDUCE_OK;
  remainder->is_selected = true;
  TRY(exclusion_has(exclusion, &is_out, index));
  remainder->is_left = !is_out;
  return is_out ? ADDUCE_OK : ADDUCE_E_NOT_FOUND;
}

static enum adduce_err check_remainder(struct exclusion *exclusion) {
  struct remainder remainder = {exclusion, false, false};
  struct adduce_scope *scope = exclusion->whole.scope;
  for (size_t i = 0; i < exclusion->only_count && !remainder.is_left; i++)
    TRY(selection_each(&exclusion->whole, &exclusion->only[i], take_selected, &remainder));
  if (remainder.is_left) return ADDUCE_OK;
  if (!remainder.is_selected)
    return scope_fail(scope, ADDUCE_E_USAGE, "--only %.*s selects no claim at #%llu",
                      SPAN_ARGS(exclusion->only[0].text),
                      (unsigned long long)exclusion->whole.size - 1);
  return scope_fail(
      scope, ADDUCE_E_USAGE, "nothing is left: all that --only %.*s keeps %s%.*s",
      SPAN_ARGS(exclusion->only[0].text),
      exclusion->without_count == 0 ? "rests on what it leaves out" : "falls by --without ",
      SPAN_ARGS(exclusion->without_count == 0 ? span_of("", 0) : exclusion->without[0].text));
}

enum adduce_err exclusion_open(struct asked *asked, const struct adduce_question *question) {
  if (question->without_count == 0 && question->only_count == 0) return ADDUCE_OK;
  struct exclusion *exclusion = scope_new(asked->scope, struct exclusion);
  if (exclusion == NULL) return scope_no_memory(asked->scope);
  exclusion->whole = *asked;
  TRY(resolve(&exclusion->whole, &exclusion->without, &exclusion->without_count, question->without,
              question->without_count));
  TRY(resolve(&exclusion->whole, &exclusion->only, &exclusion->only_count, question->only,
              question->only_count));
  keeping_init(&exclusion->keeping, &exclusion->whole, exclusion->only, exclusion->only_count);
  TRY(levels_open(&exclusion->levels, &exclusion->whole, exclusion->without,
                  exclusion->without_count,
                  question->only_count == 0 ? NULL : &exclusion->keeping));
  if (question->only_count != 0 && !asked->is_on_way) TRY(check_remainder(exclusion));
  asked->exclusion = exclusion;
  return ADDUCE_OK;
}

/* --- asking ------------------------------------------------------------------------------- */

enum adduce_err exclusion_level(struct exclusion *exclusion, enum exclusion_level *level,
                                uint64_t index) {
  unsigned found;
  TRY(levels_find(&exclusion->levels, &found, index));
  *level = (enum exclusion_level)found;
  return ADDUCE_OK;
}

enum adduce_err exclusion_has(struct exclusion *exclusion, bool *is_out, uint64_t index) {
  enum exclusion_level level = EXCLUSION_IN;
  if (exclusion != NULL) TRY(exclusion_level(exclusion, &level, index));
  *is_out = level != EXCLUSION_IN;
  return ADDUCE_OK;
}

enum adduce_err exclusion_find_why(struct exclusion *exclusion, struct exclusion_why *why,
                                   uint64_t index) {
  return levels_find_why(&exclusion->levels, why, index);
}

struct asked *exclusion_whole(struct exclusion *exclusion) {
  return &exclusion->whole;
}

const struct selector *exclusion_without(const struct exclusion *exclusion, size_t *count) {
  *count = exclusion->without_count;
  return exclusion->without;
}

const struct selector *exclusion_only(const struct exclusion *exclusion, size_t *count) {
  *count = exclusion->only_count;
  return exclusion->only;
}

/* --- showing ------------------------------------------------------------------------------ */

static void set_selectors(const struct asked *asked, struct adduce_value *answer, const char *key,
                          const struct selector *selectors, size_t count) {
  struct adduce_value *list = value_list(asked->scope);
  if (count == 0) return;
  for (size_t i = 0; i < count; i++)
    value_add(asked->scope, list, value_str(asked->scope, selectors[i].text));
  asked_set(asked, answer, key, list);
}

void exclusion_render(const struct asked *asked, struct adduce_value *answer) {
  const struct exclusion *exclusion = asked->exclusion;
  if (exclusion == NULL) return;
  set_selectors(asked, answer, "without", exclusion->without, exclusion->without_count);
  set_selectors(asked, answer, "only", exclusion->only, exclusion->only_count);
}
