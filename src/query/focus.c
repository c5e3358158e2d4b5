/* SPDX-License-Identifier: Apache-2.0 */
#include "query/focus.h"

#include "query/passage.h"

static enum adduce_err add_members(struct focus *focus, const struct cluster *before,
                                   const struct cluster *after) {
  for (size_t i = 0; i < before->count; i++)
    for (size_t j = 0; j < after->count; j++)
      if (span_equal(before->members[i].subject, after->members[j].subject))
        TRY(worklist_put(&focus->members, before->members[i].subject));
  return ADDUCE_OK;
}

static enum adduce_err add_claims(struct focus *focus, const struct snapshot_line *line) {
  for (size_t i = 0; line != NULL && i < line->count; i++)
    TRY(worklist_put_index(&focus->claims, line->supports[i].told->index));
  return ADDUCE_OK;
}

static enum adduce_err take_change(void *context, const struct passage_change *change) {
  TRY(add_claims(context, change->before));
  return add_claims(context, change->after);
}

static enum adduce_err add_numbers(struct focus *focus, const struct snapshot *snapshot) {
  for (size_t i = 0; i < snapshot->count; i++)
    if (span_is(snapshot->items[i].field, "quantity")) TRY(add_claims(focus, &snapshot->items[i]));
  return ADDUCE_OK;
}

enum adduce_err focus_find(struct focus *focus, struct adduce_scope *scope, struct passage *whole,
                           const struct cache *touched) {
  *focus = (struct focus){.touched = touched};
  worklist_init(&focus->claims, scope);
  worklist_init(&focus->members, scope);
  TRY(add_members(focus, &whole->before->cluster, &whole->after->cluster));
  TRY(passage_each(whole, take_change, focus));
  TRY(add_numbers(focus, whole->before));
  return add_numbers(focus, whole->after);
}

bool focus_has(const struct focus *focus, struct adduce_span member, uint64_t index) {
  uint8_t number[8];
  if (focus == NULL || cache_get(&focus->members.seen, member) == NULL) return true;
  bigendian_put64(number, index);
  struct adduce_span name = span_of(number, sizeof number);
  return cache_get(focus->touched, name) != NULL || cache_get(&focus->claims.seen, name) != NULL;
}
