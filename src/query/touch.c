/* SPDX-License-Identifier: Apache-2.0 */
#include "query/touch.h"

#include "projection/key.h"
#include "query/kinship.h"
#include "query/naming.h"
#include "query/stream.h"

void touch_init(struct touch *touch, struct asked *asked) {
  *touch = (struct touch){.asked = asked};
  worklist_init(&touch->events, asked->scope);
  worklist_init(&touch->subjects, asked->scope);
}

/* --- what an event leads to --------------------------------------------------------------- */

/* The events under a prefix, of the entries [from, to). */
static enum adduce_err put_events(struct touch *touch, enum registry_number table,
                                  struct adduce_span prefix, uint64_t from, uint64_t to) {
  struct stream stream;
  TRY(stream_open(touch->asked, &stream, table, prefix, false));
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK && from < to) {
    uint64_t index = STREAM_END;
    err = stream_leap(&stream, &index, from);
    if (err != ADDUCE_OK || index >= to) break;
    err = worklist_put_index(&touch->events, index);
    from = index + 1;
  }
  stream_close(&stream);
  return err;
}

/* What cites the sources that were revised. */
static enum adduce_err follow_revision(struct touch *touch, const struct told *told) {
  struct cursor refs = told->event.claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&refs, &ref, told->event.claim.kind->acts_role)) {
    struct key key;
    key_init(&key);
    key_id(&key, ref.id32);
    key_text(&key, span_text("cites"));
    TRY(put_events(touch, REGISTRY_REFERENCES, key_span(&key), 0, touch->asked->size));
  }
  return ADDUCE_OK;
}

static enum adduce_err follow_key(struct touch *touch, const struct told *told, const char *field,
                                  uint64_t from, uint64_t to) {
  const struct parsed_field *held = parsed_field(&told->event.claim.parsed, field);
  const uint8_t *key32;
  if (held == NULL || held->slot != PARSED_VALUE) return ADDUCE_OK;
  struct cursor cursor = cursor_of(held->value);
  if (!cursor_bin_of(&cursor, 32, &key32)) return ADDUCE_OK;
  return put_events(touch, REGISTRY_BYAUTHOR, span_of(key32, 32), from, to);
}

/* A key that was never heard of before its authorization has said nothing that could change. */
static enum adduce_err follow_keys(struct touch *touch, const struct told *told) {
  struct adduce_span kind = told->event.claim.parsed.kind;
  int64_t from = 0;
  if (span_is(kind, "key.authorized")) return follow_key(touch, told, "key", 0, told->index);
  if (span_is(kind, "key.rotated")) return follow_key(touch, told, "new_key", 0, told->index);
  if (!span_is(kind, "key.revoked")) return ADDUCE_OK;
  if (!asked_is_ours(touch->asked,
                     &told->event.claim.parsed)) /* it counts by the indexes of its own ledger */
    return follow_key(touch, told, "key", 0, told->index);
  const struct parsed_field *field = parsed_field(&told->event.claim.parsed, "effective_from");
  if (field != NULL && field->slot == PARSED_VALUE) {
    struct cursor cursor = cursor_of(field->value);
    if (!cursor_int(&cursor, &from) || from < 0) from = 0;
  }
  return follow_key(touch, told, "key", (uint64_t)from, touch->asked->size);
}

static bool is_counted(const struct row *row) {
  struct cursor fields = cursor_of(range_value(row, "in"));
  struct adduce_span field;
  uint32_t count;
  if (!cursor_array(&fields, &count)) return false;
  while (count-- > 0 && cursor_str(&fields, &field))
    if (span_is(field, "quantity") || span_is(field, "value")) return true;
  return false;
}

static enum adduce_err take_counted(void *context, const struct row *row) {
  return is_counted(row) ? worklist_put_index(context, row->index) : ADDUCE_OK;
}

/* A correction may count by another subject than what it corrects: its row names it as well. */
static enum adduce_err take_corrected(void *context, const struct row *row) {
  return worklist_put_index(context, row->index);
}

/* What is counted by the numbers of these subjects. */
static enum adduce_err follow_number(struct touch *touch, const struct worklist *subjects) {
  for (size_t i = 0; i < subjects->count; i++) {
    struct key key;
    key_init(&key);
    key_text(&key, subjects->items[i]);
    key_byte(&key, REGISTRY_MENTIONED);
    TRY(range_each(touch->asked, REGISTRY_SUBJECTS, key_span(&key), take_counted, &touch->events));
    key.bytes[key.size - 1] = REGISTRY_CORRECTED;
    TRY(range_each(touch->asked, REGISTRY_SUBJECTS, key_span(&key), take_corrected,
                   &touch->events));
  }
  return ADDUCE_OK;
}

/* Numbers follow from those of parts and wholes: a number bears on all of both, a relation on the
 * parts of its one end and the wholes of the other. A corrected one may have had its ends anywhere.
 */
static enum adduce_err follow_kin(struct touch *touch, const struct told *told,
                                  const struct worklist *named, bool gives_number) {
  struct asked *asked = touch->asked;
  struct worklist kin[2];
  struct adduce_span from = parsed_text(&told->event.claim.parsed, "from");
  struct adduce_span to = parsed_text(&told->event.claim.parsed, "to");
  if (!gives_number && !kinship_says(told)) return ADDUCE_OK;
  bool is_plain = !gives_number && named->count == (size_t)2 - span_equal(from, to);
  for (size_t i = 0; i < 2; i++) {
    worklist_init(&kin[i], asked->scope);
    if (is_plain) TRY(worklist_put(&kin[i], i == 0 ? to : from));
    for (size_t j = 0; j < named->count && !is_plain; j++)
      TRY(worklist_put(&kin[i], named->items[j]));
    TRY(kinship_walk(asked, &kin[i], NULL, i == 0 ? KINSHIP_WHOLES : KINSHIP_PARTS));
    for (size_t j = 0; j < kin[i].count; j++) TRY(worklist_put(&touch->subjects, kin[i].items[j]));
  }
  return ADDUCE_OK;
}

/* The subject of a row. One that is too long for a key is among those that its claim names. */
static enum adduce_err put_subject(struct touch *touch, const struct row *row) {
  struct adduce_span rest = row->key, subject;
  const struct told *claim;
  bool is_whole;
  if (key_take_text(&rest, &subject, &is_whole) && is_whole)
    return worklist_put(&touch->subjects, subject);
  TRY(told_get(touch->asked, &claim, row->index));
  TRY(naming_totals(touch->asked, &touch->subjects, claim));
  return naming_subjects(touch->asked, &touch->subjects, claim);
}

/* Every subject, by the first row of each. */
enum adduce_err touch_all(struct touch *touch) {
  struct range range;
  TRY(range_open(touch->asked, &range, REGISTRY_SUBJECTS, span_of(NULL, 0)));
  enum adduce_err err = range_next(&range);
  while (err == ADDUCE_OK) {
    err = put_subject(touch, &range.row);
    if (err == ADDUCE_OK) err = range_next_stem(&range);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err look_at(struct touch *touch, uint64_t index) {
  struct asked *asked = touch->asked;
  struct worklist named;
  const struct told *told;
  bool gives_number;
  worklist_init(&named, asked->scope);
  TRY(told_get(asked, &told, index));
  if (told->event.claim.kind == NULL) return ADDUCE_OK;
  TRY(naming_subjects(asked, &named, told));
  for (size_t i = 0; i < named.count; i++) TRY(worklist_put(&touch->subjects, named.items[i]));
  TRY(naming_number(asked, &gives_number, told));
  if (gives_number) TRY(follow_number(touch, &named));
  TRY(follow_kin(touch, told, &named, gives_number));
  if (told->event.claim.kind->effect == EFFECT_ACTS || naming_revision(told))
    TRY(naming_targets(asked, &touch->events, told));
  if (naming_revision(told)) TRY(follow_revision(touch, told));
  /* A policy may count or discount the claims of anybody. */
  if (span_is(told->event.claim.parsed.kind, "policy.set")) TRY(touch_all(touch));
  return follow_keys(touch, told);
}

enum adduce_err touch_event(struct touch *touch, uint64_t index) {
  TRY(worklist_put_index(&touch->events, index));
  for (; touch->next < touch->events.count; touch->next++)
    TRY(look_at(touch, worklist_index(&touch->events, touch->next)));
  return ADDUCE_OK;
}

/* --- what is one with them ---------------------------------------------------------------- */

static enum adduce_err put_cluster(struct touch *touch, struct asked *asked,
                                   struct adduce_span subject) {
  struct cluster cluster;
  TRY(cluster_find(asked, &cluster, subject));
  for (size_t i = 1; i < cluster.count; i++)
    TRY(worklist_put(&touch->subjects, cluster.members[i].subject));
  for (size_t i = 0; i < cluster.parted_count; i++)
    TRY(worklist_put(&touch->subjects, cluster.parted[i].subject));
  return ADDUCE_OK;
}

enum adduce_err touch_finish(struct touch *touch, struct asked *const *at, size_t count) {
  for (size_t next = 0; next < touch->subjects.count; next++) {
    for (size_t i = 0; i < count; i++) TRY(put_cluster(touch, at[i], touch->subjects.items[next]));
  }
  worklist_sort(&touch->subjects);
  return ADDUCE_OK;
}
