/* SPDX-License-Identifier: Apache-2.0 */
#include "query/candidates.h"

#include "projection/key.h"
#include "projection/moves.h"
#include "query/kinship.h"
#include "query/naming.h"
#include "query/range.h"

struct candidates {
  struct asked *asked;
  struct worklist *events;    /* what is found */
  struct worklist subjects;   /* ids that are, or were, one with the subject */
  struct worklist totals;     /* subjects whose numbers they count by */
  struct worklist kin[2];     /* wholes and parts of the subject, with it */
  struct worklist keys;       /* of the authors */
  struct worklist key_events; /* about these keys: not followed further */
  size_t next_subject, next_event, next_total;
};

static enum adduce_err take_event(void *context, const struct row *row) {
  struct candidates *found = context;
  return worklist_put_index(found->events, row->index);
}

static enum adduce_err take_key_event(void *context, const struct row *row) {
  struct candidates *found = context;
  return worklist_put_index(&found->key_events, row->index);
}

/* A correction that names the subject, and what it corrects. */
static enum adduce_err take_corrected(void *context, const struct row *row) {
  struct candidates *found = context;
  const struct told *told;
  TRY(worklist_put_index(found->events, row->index));
  TRY(told_get(found->asked, &told, row->index));
  return naming_targets(found->asked, found->events, told);
}

static enum adduce_err walk(struct candidates *found, enum registry_number table,
                            struct adduce_span subject, uint8_t role, range_visit_fn *visit) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, role);
  return range_each(found->asked, table, key_span(&key), visit, found);
}

static enum adduce_err follow_subject(struct candidates *found, struct adduce_span subject) {
  TRY(walk(found, REGISTRY_SUBJECTS, subject, REGISTRY_ABOUT, take_event));
  TRY(walk(found, REGISTRY_SUBJECTS, subject, REGISTRY_INCOMPLETE, take_event));
  TRY(walk(found, REGISTRY_SUBJECTS, subject, REGISTRY_CORRECTED, take_corrected));
  TRY(walk(found, REGISTRY_RELEASES, subject, MOVES_OTHER, take_event));
  return walk(found, REGISTRY_SANCTIONS, subject, MOVES_OTHER, take_event);
}

/* The number of another subject is read from the rows of what was signed (bounds.c). */
static enum adduce_err follow_total(struct candidates *found, struct adduce_span subject) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_text(&key, span_text("quantity"));
  return range_each(found->asked, REGISTRY_FACTS, key_span(&key), take_event, found);
}

/* The key's own history, and that of the keys it came from by rotation. */
static enum adduce_err follow_key(struct candidates *found, struct adduce_span key) {
  TRY(range_each(found->asked, REGISTRY_AUTHORS, key, take_key_event, found));
  for (size_t i = 0; i < found->key_events.count; i++) {
    const struct told *told;
    const uint8_t *key32;
    TRY(told_get(found->asked, &told, worklist_index(&found->key_events, i)));
    const struct parsed_field *field = parsed_field(&told->event.claim.parsed, "old_key");
    if (field == NULL || field->slot != PARSED_VALUE) continue;
    struct cursor cursor = cursor_of(field->value);
    if (cursor_bin_of(&cursor, 32, &key32)) TRY(worklist_put(&found->keys, span_of(key32, 32)));
  }
  return ADDUCE_OK;
}

/* A judgement that ties, or that a correction may have made tie. */
static bool may_tie(const struct told *told) {
  const struct vocabulary_kind *kind = told->event.claim.kind;
  if (kind == NULL || kind->effect != EFFECT_SAME) return false;
  if (span_is(parsed_text(&told->event.claim.parsed, "judgement"), "positive")) return true;
  for (size_t i = 0; i < told->status.act_count; i++)
    if (span_is(told->status.acts[i].state, "corrected")) return true;
  return false;
}

static enum adduce_err follow_sources(struct candidates *found, const struct told *told) {
  struct cursor refs = told->event.claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&refs, &ref, "cites")) {
    struct key key;
    key_init(&key);
    key_byte(&key, 2);
    key_id(&key, ref.id32);
    key_text(&key, span_text("revised"));
    TRY(range_each(found->asked, REGISTRY_SOURCES, key_span(&key), take_event, found));
  }
  return ADDUCE_OK;
}

/* A claim, an act, or a revision: what was done to it, and what it leads to. */
static enum adduce_err follow_event(struct candidates *found, uint64_t index) {
  struct asked *asked = found->asked;
  const struct told *told;
  TRY(told_get(asked, &told, index));
  for (size_t i = 0; i < told->status.act_count; i++)
    TRY(worklist_put_index(found->events, told->status.acts[i].index));
  TRY(worklist_put(&found->keys, span_of(told->event.claim.parsed.author32, 32)));
  if (may_tie(told)) TRY(naming_subjects(asked, &found->subjects, told));
  TRY(naming_totals(asked, &found->totals, told));
  return follow_sources(found, told);
}

/* Wholes and parts, whose numbers bound those of the subject. */
static enum adduce_err follow_kin(struct candidates *found) {
  for (size_t i = 0; i < 2; i++) {
    worklist_init(&found->kin[i], found->asked->scope);
    for (size_t j = 0; j < found->subjects.count; j++)
      TRY(worklist_put(&found->kin[i], found->subjects.items[j]));
    TRY(kinship_walk(found->asked, &found->kin[i], found->events,
                     i == 0 ? KINSHIP_WHOLES : KINSHIP_PARTS));
    for (size_t j = 0; j < found->kin[i].count; j++)
      TRY(worklist_put(&found->totals, found->kin[i].items[j]));
  }
  return ADDUCE_OK;
}

static enum adduce_err add_policies(struct candidates *found) {
  struct key key;
  key_init(&key);
  key_text(&key, span_text("policy.set"));
  return range_each(found->asked, REGISTRY_BYKIND, key_span(&key), take_key_event, found);
}

/* Until nothing more is found. */
static enum adduce_err follow_all(struct candidates *found) {
  while (found->next_subject < found->subjects.count || found->next_event < found->events->count ||
         found->next_total < found->totals.count) {
    if (found->next_subject < found->subjects.count)
      TRY(follow_subject(found, found->subjects.items[found->next_subject++]));
    else if (found->next_event < found->events->count)
      TRY(follow_event(found, worklist_index(found->events, found->next_event++)));
    else
      TRY(follow_total(found, found->totals.items[found->next_total++]));
  }
  return ADDUCE_OK;
}

enum adduce_err candidates_find(struct asked *asked, struct worklist *events,
                                struct adduce_span subject) {
  struct candidates found = {.asked = asked, .events = events};
  size_t keys = 0;
  worklist_init(events, asked->scope);
  worklist_init(&found.subjects, asked->scope);
  worklist_init(&found.totals, asked->scope);
  worklist_init(&found.keys, asked->scope);
  worklist_init(&found.key_events, asked->scope);
  TRY(worklist_put(&found.subjects, subject));
  TRY(follow_all(&found));
  TRY(follow_kin(&found));
  TRY(follow_all(&found));
  while (keys < found.keys.count) TRY(follow_key(&found, found.keys.items[keys++]));
  TRY(add_policies(&found));
  for (size_t i = 0; i < found.key_events.count; i++)
    TRY(worklist_put(events, found.key_events.items[i]));
  worklist_sort(events);
  return ADDUCE_OK;
}

enum adduce_err candidates_all(struct asked *asked, struct worklist *events) {
  worklist_init(events, asked->scope);
  for (uint64_t index = 0; index < asked->size; index++) TRY(worklist_put_index(events, index));
  return ADDUCE_OK;
}
