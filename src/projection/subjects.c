/* SPDX-License-Identifier: Apache-2.0 */
/* Subjects: which claims concern whom.
 *
 *   text subject | byte role | index -> {in?: [field]}
 *
 * Roles (registry.h): ABOUT, the claim's own subject, both ends of a relation, both sides of a
 * judgement, a source's own id; MENTIONED, wherever else a subject stands: as a value, as a speaker
 * in the attribution, as the total of a quantity, as what a time is counted from; CORRECTED, what a
 * correction puts in the place of another, which may make the corrected claim one about it;
 * INCOMPLETE, the subject of a claim that says nothing because part of it is withheld or not
 * understood. `in` are the fields in which it is mentioned. */
#include "claim/spelling.h"
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

#define MENTIONS_MAX 256 /* of one event; more are not indexed */

struct mention {
  struct adduce_span subject;
  struct adduce_span field;
};

struct mentions {
  struct mention items[MENTIONS_MAX];
  size_t count;
};

static void add_mention(struct mentions *mentions, struct adduce_span subject,
                        struct adduce_span field) {
  if (subject.size == 0 || mentions->count == MENTIONS_MAX) return;
  for (size_t i = 0; i < mentions->count; i++)
    if (span_equal(mentions->items[i].subject, subject) &&
        span_equal(mentions->items[i].field, field))
      return;
  mentions->items[mentions->count++] = (struct mention){subject, field};
}

static struct adduce_span str_of(struct adduce_span encoded) {
  struct adduce_span text;
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static struct adduce_span str_at(const struct cursor *map, const char *key) {
  struct adduce_span encoded;
  return cursor_find(map, key, &encoded) ? str_of(encoded) : span_of(NULL, 0);
}

/* Text that may be something else than a subject: a number of a majority, the id of an event. */
static void add_spelled(struct mentions *mentions, struct adduce_span text,
                        struct adduce_span field) {
  if (spelling_subject(text)) add_mention(mentions, text, field);
}

static void look_into_period(struct mentions *mentions, const struct cursor *map,
                             struct adduce_span field) {
  static const char *const names[] = {"after", "before", "during"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    struct adduce_span encoded;
    if (!cursor_find(map, names[i], &encoded)) continue;
    struct cursor relative = cursor_of(encoded);
    add_spelled(mentions, str_of(encoded), field);
    add_spelled(mentions, str_at(&relative, "to"), field);
  }
}

/* One value, or one element, of a type that can name subjects. */
static void look_into(struct mentions *mentions, enum field_type type, struct adduce_span encoded,
                      struct adduce_span field) {
  struct cursor map = cursor_of(encoded);
  switch (type) {
    case FIELD_SUBJECT:
    case FIELD_REFERENCE:
      add_spelled(mentions, str_of(encoded), field);
      return;
    case FIELD_ATTRIBUTION:
      add_mention(mentions, str_at(&map, "agent"), field);
      return;
    case FIELD_VALUE:
    case FIELD_QUANTITY:
      add_spelled(mentions, str_at(&map, "subject"), field);
      add_spelled(mentions, str_at(&map, "of"), field);
      add_spelled(mentions, str_at(&map, "majority_of"), field);
      return;
    case FIELD_PERIOD:
      look_into_period(mentions, &map, field);
      return;
    default:
      return;
  }
}

static void gather(struct mentions *mentions, const struct claim *claim) {
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    const struct parsed_field *field = &claim->parsed.fields[i];
    const struct vocabulary_field *rule = vocabulary_field(claim->kind, field->key);
    struct cursor elements;
    struct parsed_element element;
    uint32_t count;
    if (rule == NULL || field->slot == PARSED_WITHHELD) continue;
    if (!parsed_elements(field, &elements, &count)) {
      look_into(mentions, rule->type, field->value, field->key);
      continue;
    }
    while (parsed_next_element(&claim->parsed, &elements, &element))
      if (element.hash32 == NULL) look_into(mentions, rule->type, element.value, field->key);
  }
}

/* --- rows --------------------------------------------------------------------------------- */

static void add_row(struct rows *rows, struct adduce_span subject, uint8_t role,
                    const char *const *derived) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, role);
  rows_put(rows, &key, derived);
}

static void add_plain(struct rows *rows, struct adduce_span subject, uint8_t role,
                      const char *field) {
  const char *derived[] = {field, NULL};
  if (subject.size == 0) return;
  pack_map(rows_value(rows), 0);
  add_row(rows, subject, role, derived);
}

/* One row a subject, with all fields in which it stands; the event's own subject is not a
 * mention. */
static void add_mentions(struct rows *rows, const struct claim *claim,
                         const struct mentions *mentions) {
  for (size_t i = 0; i < mentions->count; i++) {
    const struct mention *mention = &mentions->items[i];
    const char *derived[PARSED_FIELDS + 1];
    size_t count = 0;
    bool is_first = true;
    for (size_t j = 0; j < i; j++)
      is_first = is_first && !span_equal(mentions->items[j].subject, mention->subject);
    if (!is_first) continue;
    for (size_t j = i; j < mentions->count; j++) {
      if (!span_equal(mentions->items[j].subject, mention->subject)) continue;
      derived[count++] = vocabulary_field(claim->kind, mentions->items[j].field)->name;
    }
    derived[count] = NULL;
    struct buffer *value = rows_value(rows);
    pack_map(value, 1);
    pack_text(value, "in");
    pack_array(value, count);
    for (size_t j = 0; j < count; j++) pack_text(value, derived[j]);
    add_row(rows, mention->subject, REGISTRY_MENTIONED, derived);
  }
}

static void drop(struct mentions *mentions, const char *field) {
  size_t kept = 0;
  if (field == NULL) return;
  for (size_t i = 0; i < mentions->count; i++)
    if (!span_is(mentions->items[i].field, field)) mentions->items[kept++] = mentions->items[i];
  mentions->count = kept;
}

/* A judgement or relation is about both of its sides. */
static void add_about(struct rows *rows, const struct claim *claim, struct mentions *mentions) {
  const char *second = NULL;
  struct adduce_span subject = claim_subject(claim);
  if (claim->kind->effect == EFFECT_SAME) second = "right";
  if (claim->kind->effect == EFFECT_RELATES) second = "to";
  add_plain(rows, subject, REGISTRY_ABOUT, claim->kind->subject);
  drop(mentions, claim->kind->subject);
  if (second == NULL) return;
  struct adduce_span other = parsed_text(&claim->parsed, second);
  if (!span_equal(other, subject)) add_plain(rows, other, REGISTRY_ABOUT, second);
  drop(mentions, second);
}

/* What a correction puts in the place of another value. Which field of its target is the subject
 * is not known here, so every subject it names counts. */
static void add_corrected(struct rows *rows, const struct parsed *parsed) {
  const struct parsed_field *fields = rows_open(parsed, "fields");
  struct mentions mentions = {.count = 0};
  struct adduce_span key, encoded;
  uint32_t count;
  if (fields == NULL || fields->is_list) return;
  struct cursor cursor = cursor_of(fields->value);
  if (!cursor_map(&cursor, &count)) return;
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &key) || !cursor_value(&cursor, &encoded)) return;
    add_spelled(&mentions, str_of(encoded), span_text("fields"));
  }
  for (size_t i = 0; i < mentions.count; i++)
    add_plain(rows, mentions.items[i].subject, REGISTRY_CORRECTED, "fields");
}

void subjects_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  struct mentions mentions = {.count = 0};
  if (claim->kind == NULL) return;
  if (!projection_says(input)) {
    add_plain(rows, claim_subject(claim), REGISTRY_INCOMPLETE, claim->kind->subject);
    return;
  }
  gather(&mentions, claim);
  add_about(rows, claim, &mentions);
  add_mentions(rows, claim, &mentions);
  if (claim->kind->effect == EFFECT_ACTS && claim->kind->state != NULL &&
      strcmp(claim->kind->state, "corrected") == 0)
    add_corrected(rows, &claim->parsed);
}
