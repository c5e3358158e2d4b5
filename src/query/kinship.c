/* SPDX-License-Identifier: Apache-2.0 */
#include "query/kinship.h"

#include "projection/key.h"
#include "query/naming.h"
#include "query/range.h"

struct walk {
  struct asked *asked;
  struct worklist *subjects, *events;
};

static bool relates(const struct told *told) {
  const struct vocabulary_kind *kind = told->event.claim.kind;
  return kind != NULL && kind->effect == EFFECT_RELATES;
}

static bool is_corrected(const struct told *told) {
  for (size_t i = 0; i < told->status.act_count; i++)
    if (span_is(told->status.acts[i].state, "corrected")) return true;
  return false;
}

bool kinship_says(const struct told *told) {
  return relates(told) && (is_corrected(told) ||
                           span_is(parsed_text(&told->event.claim.parsed, "relation"), "part_of"));
}

static enum adduce_err take(struct walk *walk, uint64_t index) {
  const struct told *told;
  TRY(told_get(walk->asked, &told, index));
  if (!relates(told)) return ADDUCE_OK;
  TRY(naming_subjects(walk->asked, walk->subjects, told));
  return walk->events == NULL ? ADDUCE_OK : worklist_put_index(walk->events, index);
}

static enum adduce_err take_relation(void *context, const struct row *row) {
  return take(context, row->index);
}

/* A correction that names the subject may have put it into a relation. */
static enum adduce_err take_correction(void *context, const struct row *row) {
  struct walk *walk = context;
  struct worklist targets;
  const struct told *told;
  worklist_init(&targets, walk->asked->scope);
  TRY(told_get(walk->asked, &told, row->index));
  TRY(naming_targets(walk->asked, &targets, told));
  for (size_t i = 0; i < targets.count; i++) TRY(take(walk, worklist_index(&targets, i)));
  return ADDUCE_OK;
}

enum adduce_err kinship_walk(struct asked *asked, struct worklist *subjects,
                             struct worklist *events, enum kinship direction) {
  struct walk walk = {asked, subjects, events};
  for (size_t i = 0; i < subjects->count; i++) {
    struct key key;
    key_init(&key);
    key_text(&key, subjects->items[i]);
    key_byte(&key, (uint8_t)direction);
    key_text(&key, span_text("part_of"));
    TRY(range_each(asked, REGISTRY_RELATIONS, key_span(&key), take_relation, &walk));
    key_init(&key);
    key_text(&key, subjects->items[i]);
    key_byte(&key, REGISTRY_CORRECTED);
    TRY(range_each(asked, REGISTRY_SUBJECTS, key_span(&key), take_correction, &walk));
  }
  return ADDUCE_OK;
}
