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
  uint32_t field; /* of the content */
};

struct mentions {
  struct mention items[MENTIONS_MAX];
  size_t count;
};

static void add_mention(struct mentions *mentions, struct adduce_span subject, uint32_t field) {
  if (subject.size == 0 || mentions->count == MENTIONS_MAX) return;
  for (size_t i = 0; i < mentions->count; i++)
    if (mentions->items[i].field == field && span_equal(mentions->items[i].subject, subject))
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
static void add_spelled(struct mentions *mentions, struct adduce_span text, uint32_t field) {
  if (spelling_subject(text)) add_mention(mentions, text, field);
}

static void look_into_period(struct mentions *mentions, const struct cursor *map, uint32_t field) {
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
                      uint32_t field) {
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

static bool names_subjects(enum field_type type) {
  return type == FIELD_SUBJECT || type == FIELD_REFERENCE || type == FIELD_ATTRIBUTION ||
         type == FIELD_VALUE || type == FIELD_QUANTITY || type == FIELD_PERIOD;
}

static void gather(struct mentions *mentions, const struct claim *claim) {
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    const struct parsed_field *field = &claim->parsed.fields[i];
    const struct vocabulary_field *rule = field->rule;
    struct cursor elements;
    struct parsed_element element;
    uint32_t count;
    if (rule == NULL || field->slot == PARSED_WITHHELD || !names_subjects(rule->type)) continue;
    if (!parsed_elements(field, &elements, &count)) {
      look_into(mentions, rule->type, field->value, i);
      continue;
    }
    while (parsed_next_element(&claim->parsed, &elements, &element))
      if (element.hash32 == NULL) look_into(mentions, rule->type, element.value, i);
  }
}

/* --- rows --------------------------------------------------------------------------------- */

static void add_row(struct rows *rows, struct adduce_span subject, uint8_t role, uint64_t fields) {
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, role);
  rows_put(rows, &key, fields);
}

static void add_plain(struct rows *rows, struct adduce_span subject, uint8_t role,
                      const char *field) {
  if (subject.size == 0) return;
  pack_map(rows_value(rows), 0);
  add_row(rows, subject, role, rows_field(rows, field));
}

static bool is_first(const struct mentions *mentions, size_t at) {
  for (size_t i = 0; i < at; i++)
    if (span_equal(mentions->items[i].subject, mentions->items[at].subject)) return false;
  return true;
}

/* One row for all fields in which a subject stands: those from `at` on, where it stands first. */
static void add_mention_row(struct rows *rows, const struct claim *claim,
                            const struct mentions *mentions, size_t at) {
  struct adduce_span subject = mentions->items[at].subject;
  uint64_t fields = 0;
  size_t count = 0;
  for (size_t i = at; i < mentions->count; i++) {
    if (!span_equal(mentions->items[i].subject, subject)) continue;
    fields |= UINT64_C(1) << mentions->items[i].field;
    count++;
  }
  struct buffer *value = rows_value(rows);
  pack_map(value, 1);
  pack_text(value, "in");
  pack_array(value, count);
  for (uint32_t i = 0; i < claim->parsed.field_count; i++)
    if ((fields >> i & 1) != 0) pack_str(value, claim->parsed.fields[i].key);
  add_row(rows, subject, REGISTRY_MENTIONED, fields);
}

static void drop(struct mentions *mentions, const struct claim *claim, const char *field) {
  const struct parsed_field *dropped = field == NULL ? NULL : parsed_field(&claim->parsed, field);
  size_t kept = 0;
  if (dropped == NULL) return;
  for (size_t i = 0; i < mentions->count; i++)
    if (&claim->parsed.fields[mentions->items[i].field] != dropped)
      mentions->items[kept++] = mentions->items[i];
  mentions->count = kept;
}

/* A judgement or relation is about both of its sides. */
static void add_about(struct rows *rows, const struct claim *claim, struct mentions *mentions) {
  const char *second = NULL;
  struct adduce_span subject = claim_subject(claim);
  if (claim->kind->effect == EFFECT_SAME) second = "right";
  if (claim->kind->effect == EFFECT_RELATES) second = "to";
  add_plain(rows, subject, REGISTRY_ABOUT, claim->kind->subject);
  drop(mentions, claim, claim->kind->subject);
  if (second == NULL) return;
  struct adduce_span other = parsed_text(&claim->parsed, second);
  if (!span_equal(other, subject)) add_plain(rows, other, REGISTRY_ABOUT, second);
  drop(mentions, claim, second);
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
    add_spelled(&mentions, str_of(encoded), 0);
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
  for (size_t i = 0; i < mentions.count; i++)
    if (is_first(&mentions, i)) add_mention_row(rows, claim, &mentions, i);
  if (claim->kind->effect == EFFECT_ACTS && claim->kind->state != NULL &&
      strcmp(claim->kind->state, "corrected") == 0)
    add_corrected(rows, &claim->parsed);
}
