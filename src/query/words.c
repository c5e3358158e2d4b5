/* SPDX-License-Identifier: Apache-2.0 */
#include "query/words.h"

#include "query/range.h"
#include "query/told.h"

/* Room is made whenever a count is a power of two. */
static void *grow(struct asked *asked, void *items, size_t count, size_t size) {
  if ((count & (count - 1)) != 0) return items;
  return scope_grow(asked->scope, items, count * size, (count == 0 ? 1 : 2 * count) * size);
}

static enum adduce_err add_chain(struct asked *asked, struct words *words,
                                 const struct words_chain *chain) {
  words->others = grow(asked, words->others, words->other_count, sizeof *words->others);
  if (words->others == NULL) return scope_no_memory(asked->scope);
  words->others[words->other_count++] = *chain;
  return ADDUCE_OK;
}

static enum adduce_err add_act(struct asked *asked, struct words *words, uint64_t index) {
  words->acts = grow(asked, words->acts, words->act_count, sizeof *words->acts);
  if (words->acts == NULL) return scope_no_memory(asked->scope);
  words->acts[words->act_count++] = index;
  return ADDUCE_OK;
}

bool words_corrected(const struct parsed *correction, struct words_chain *chain) {
  const struct parsed_field *fields = parsed_field(correction, "fields");
  struct adduce_span encoded;
  if (fields == NULL || fields->slot != PARSED_VALUE) return false;
  struct cursor map = cursor_of(fields->value);
  if (!cursor_find(&map, "attribution", &encoded)) return false;
  struct cursor list = cursor_of(encoded);
  *chain = (struct words_chain){.form = PARSED_WHOLE};
  chain->field = (struct parsed_field){.key = span_text("attribution"),
                                       .slot = PARSED_VALUE,
                                       .value = encoded,
                                       .is_list = cursor_peek(&list) == CURSOR_ARRAY};
  return true;
}

/* --- corrections of the chain -------------------------------------------------------------- */

static enum adduce_err is_corrected(void *context, const struct row *row) {
  bool *found = context;
  *found = span_is(range_text(row, "state"), "corrected");
  return *found ? ADDUCE_E_NOT_FOUND : ADDUCE_OK;
}

/* Acts on acts: each is looked at once, however many lead to it. */
static enum adduce_err add_acts_on(struct asked *asked, struct words *words, size_t from) {
  for (size_t at = from; at < words->act_count; at++) {
    const struct told *act;
    TRY(told_get(asked, &act, words->acts[at]));
    for (size_t i = 0; i < act->status.act_count; i++) {
      bool is_there = false;
      for (size_t j = 0; j < words->act_count && !is_there; j++)
        is_there = words->acts[j] == act->status.acts[i].index;
      if (!is_there) TRY(add_act(asked, words, act->status.acts[i].index));
    }
  }
  return ADDUCE_OK;
}

static enum adduce_err take_correction(struct asked *asked, struct words *words,
                                       const struct status_act *act) {
  const struct told *correction;
  struct words_chain chain;
  size_t before = words->act_count;
  if (!act->own || !act->whole || !span_is(act->state, "corrected") ||
      !span_is(act->role, "target"))
    return ADDUCE_OK;
  TRY(told_get(asked, &correction, act->index));
  bool is_signed = words_corrected(&correction->event.claim.parsed, &chain);
  if (is_signed) TRY(add_chain(asked, words, &chain));
  bool is_now = correction->is_corrected && words_corrected(told_parsed(correction), &chain);
  if (is_now) TRY(add_chain(asked, words, &chain));
  if (!is_signed && !is_now) return ADDUCE_OK;
  TRY(add_act(asked, words, act->index));
  return add_acts_on(asked, words, before);
}

static enum adduce_err take_corrections(struct asked *asked, struct words *words, uint64_t index) {
  const struct words_chain as_signed = words->now;
  const struct told *told;
  TRY(told_get(asked, &told, index));
  if (told->is_corrected) {
    const struct parsed *parsed = &told->corrected.claim.parsed;
    const struct parsed_field *field = parsed_field(parsed, "attribution");
    words->now = (struct words_chain){.form = parsed->form};
    if (field != NULL) words->now.field = *field;
  }
  for (size_t i = 0; i < told->status.act_count; i++)
    TRY(take_correction(asked, words, &told->status.acts[i]));
  return words->act_count == 0 ? ADDUCE_OK : add_chain(asked, words, &as_signed);
}

enum adduce_err words_find(struct asked *asked, struct words *words,
                           const struct profile *profile) {
  bool has_corrections = false;
  *words = (struct words){.now = {profile->chain, profile->form}};
  if (profile->kind == NULL || !profile->kind->has_frame) return ADDUCE_OK;
  TRY(range_each(asked, REGISTRY_LIFE, span_of(profile->id.bytes, 32), is_corrected,
                 &has_corrections));
  return has_corrections ? take_corrections(asked, words, profile->index) : ADDUCE_OK;
}
