/* SPDX-License-Identifier: Apache-2.0 */
#include "query/voice.h"

#include "base/bigendian.h"
#include "claim/spelling.h"
#include "projection/key.h"
#include "projection/moves.h"
#include "projection/registry.h"
#include "query/cluster.h"
#include "query/range.h"

#define PARTY_FIELDS 64

/* What has been found out; by claim, by speaker and by occurrence. */
struct voices {
  struct cache claims, bodies, parties;
  const char *fields[PARTY_FIELDS]; /* names of fields that are parties in some kind */
  size_t field_count;
};

/* --- sets of subjects --------------------------------------------------------------------- */

struct subjects {
  struct adduce_span items[VOICE_SUBJECTS];
  size_t count;
};

static bool has(const struct subjects *subjects, struct adduce_span subject) {
  for (size_t i = 0; i < subjects->count; i++)
    if (span_equal(subjects->items[i], subject)) return true;
  return false;
}

static void add(struct subjects *subjects, struct adduce_span subject) {
  if (subject.size == 0 || subjects->count == VOICE_SUBJECTS || has(subjects, subject)) return;
  subjects->items[subjects->count++] = subject;
}

static enum adduce_err add_cluster(struct asked *asked, struct subjects *subjects,
                                   struct adduce_span subject) {
  struct cluster cluster;
  TRY(cluster_find(asked, &cluster, subject));
  for (size_t i = 0; i < cluster.count; i++) add(subjects, cluster.members[i].subject);
  return ADDUCE_OK;
}

static enum adduce_err new_subjects(struct asked *asked, struct cache *cache,
                                    struct adduce_span subject, struct subjects **subjects) {
  *subjects = scope_new(asked->scope, struct subjects);
  if (*subjects == NULL) return scope_no_memory(asked->scope);
  return cache_put(asked->scope, cache, subject, *subjects);
}

static void add_kind_fields(struct voices *voices, const struct vocabulary_kind *kind) {
  for (size_t i = 0; i < kind->field_count; i++) {
    bool is_new = (kind->fields[i].flags & FIELD_PARTY) != 0;
    for (size_t j = 0; is_new && j < voices->field_count; j++)
      is_new = strcmp(voices->fields[j], kind->fields[i].name) != 0;
    if (is_new && voices->field_count < PARTY_FIELDS)
      voices->fields[voices->field_count++] = kind->fields[i].name;
  }
}

static enum adduce_err open_voices(struct asked *asked, struct voices **voices) {
  const struct vocabulary *vocabulary = asked->world->vocabulary;
  size_t count;
  *voices = asked->voices;
  if (*voices != NULL) return ADDUCE_OK;
  *voices = asked->voices = scope_new(asked->scope, struct voices);
  if (*voices == NULL) return scope_no_memory(asked->scope);
  const struct vocabulary_kind *kinds = vocabulary_builtin(&count);
  for (size_t i = 0; i < count; i++) add_kind_fields(*voices, &kinds[i]);
  count = vocabulary == NULL ? 0 : vocabulary_declared_count(vocabulary);
  for (size_t i = 0; i < count; i++) add_kind_fields(*voices, vocabulary_declared(vocabulary, i));
  return ADDUCE_OK;
}

/* --- for whom one speaks ------------------------------------------------------------------ */

struct walk {
  struct asked *asked;
  struct subjects *subjects;
  size_t left; /* rows that may still be looked at */
};

/* Whether what a claim says now stands and is said as so. */
static bool holds(const struct told *told) {
  struct modality mood = modality_of(told_parsed(told));
  return told_state(told) == STATUS_LIVE && modality_indicative(&mood);
}

static enum adduce_err take_whole(void *context, const struct row *row) {
  struct walk *walk = context;
  const struct told *told;
  if (walk->left-- == 0) return ADDUCE_E_NOT_FOUND;
  TRY(told_get(walk->asked, &told, row->index));
  const struct parsed *parsed = told_parsed(told);
  if (!holds(told) || !span_is(parsed_text(parsed, "relation"), "part_of")) return ADDUCE_OK;
  add(walk->subjects, parsed_text(parsed, "to"));
  return ADDUCE_OK;
}

static enum adduce_err take_spoken_for(void *context, const struct row *row) {
  struct walk *walk = context;
  const struct told *told;
  struct adduce_span encoded;
  if (walk->left-- == 0) return ADDUCE_E_NOT_FOUND;
  TRY(told_get(walk->asked, &told, row->index));
  const struct parsed *parsed = told_parsed(told);
  const struct parsed_field *value = rows_open(parsed, "value");
  if (!holds(told) || value == NULL || !span_is(parsed_text(parsed, "property"), "speaks_for"))
    return ADDUCE_OK;
  struct cursor map = cursor_of(value->value);
  if (!cursor_find(&map, "subject", &encoded)) return ADDUCE_OK;
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span subject;
  if (cursor_str(&cursor, &subject)) add(walk->subjects, subject);
  return ADDUCE_OK;
}

static enum adduce_err look_up(struct asked *asked, struct subjects *subjects,
                               struct adduce_span subject) {
  struct walk walk = {asked, subjects, VOICE_SUBJECTS};
  struct key key;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, 1);
  key_text(&key, span_text("part_of"));
  TRY(range_each(asked, REGISTRY_RELATIONS, key_span(&key), take_whole, &walk));
  walk.left = VOICE_SUBJECTS;
  key_init(&key);
  key_text(&key, subject);
  key_text(&key, span_text("speaks_for"));
  return range_each(asked, REGISTRY_FACTS, key_span(&key), take_spoken_for, &walk);
}

/* The speaker, those judged the same, and those whom they are parts of or speak for. */
static enum adduce_err find_bodies(struct asked *asked, const struct subjects **found,
                                   struct adduce_span speaker) {
  struct subjects *subjects = cache_get(&asked->voices->bodies, speaker);
  *found = subjects;
  if (subjects != NULL) return ADDUCE_OK;
  TRY(new_subjects(asked, &asked->voices->bodies, speaker, &subjects));
  *found = subjects;
  TRY(add_cluster(asked, subjects, speaker));
  size_t at = 0;
  for (unsigned level = 0; level < VOICE_LEVELS && at < subjects->count; level++) {
    size_t end = subjects->count;
    for (; at < end; at++) TRY(look_up(asked, subjects, subjects->items[at]));
    for (size_t i = end, known = subjects->count; i < known; i++)
      TRY(add_cluster(asked, subjects, subjects->items[i]));
  }
  return ADDUCE_OK;
}

/* --- the parties -------------------------------------------------------------------------- */

static struct adduce_span text_of(struct adduce_span encoded) {
  struct adduce_span text;
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static void add_field(struct subjects *subjects, const struct parsed *parsed,
                      const struct parsed_field *field) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (field->slot != PARSED_VALUE && !field->is_list) return;
  if (!parsed_elements(field, &elements, &count)) {
    add(subjects, text_of(field->value));
    return;
  }
  while (parsed_next_element(parsed, &elements, &element))
    if (element.hash32 == NULL) add(subjects, text_of(element.value));
}

/* Those whom the fields of a claim name as parties. */
static void add_named(struct subjects *subjects, const struct claim *claim) {
  for (uint32_t i = 0; i < claim->parsed.field_count; i++) {
    const struct parsed_field *field = &claim->parsed.fields[i];
    const struct vocabulary_field *rule = vocabulary_field(claim->kind, field->key);
    if (rule != NULL && (rule->flags & FIELD_PARTY) != 0)
      add_field(subjects, &claim->parsed, field);
  }
}

static enum adduce_err take_named(void *context, const struct row *row) {
  struct walk *walk = context;
  const struct told *told;
  if (walk->left-- == 0) return ADDUCE_E_NOT_FOUND;
  TRY(told_get(walk->asked, &told, row->index));
  if (told_event(told)->claim.kind != NULL && holds(told))
    add_named(walk->subjects, &told_event(told)->claim);
  return ADDUCE_OK;
}

static bool is_occurrence(const struct row *row) {
  struct cursor list = cursor_of(range_value(row, "in"));
  struct adduce_span field;
  uint32_t count;
  if (!cursor_array(&list, &count)) return false;
  for (uint32_t i = 0; i < count && cursor_str(&list, &field); i++)
    if (span_is(field, "occurrence")) return true;
  return false;
}

/* A claim that has this thing as its occurrence. */
static enum adduce_err take_occurrence(void *context, const struct row *row) {
  struct walk *walk = context;
  if (walk->left == 0) return ADDUCE_E_NOT_FOUND;
  if (is_occurrence(row)) return take_named(context, row);
  walk->left--;
  return ADDUCE_OK;
}

/* The parties of an occurrence, by what claims about it say, or those of which it is a part. */
static enum adduce_err find_parties(struct asked *asked, const struct subjects **found,
                                    struct adduce_span subject) {
  struct voices *voices = asked->voices;
  struct subjects *subjects = cache_get(&voices->parties, subject);
  struct walk walk = {asked, NULL, 0};
  struct key key;
  *found = subjects;
  if (subjects != NULL) return ADDUCE_OK;
  TRY(new_subjects(asked, &voices->parties, subject, &subjects));
  *found = walk.subjects = subjects;
  for (size_t i = 0; i < voices->field_count; i++) {
    walk.left = VOICE_SUBJECTS;
    key_init(&key);
    key_text(&key, subject);
    key_text(&key, span_text(voices->fields[i]));
    TRY(range_each(asked, REGISTRY_FACTS, key_span(&key), take_named, &walk));
  }
  walk.left = VOICE_MENTIONS;
  key_init(&key);
  key_text(&key, subject);
  key_byte(&key, REGISTRY_MENTIONED);
  return range_each(asked, REGISTRY_SUBJECTS, key_span(&key), take_occurrence, &walk);
}

/* --- one claim ---------------------------------------------------------------------------- */

static const struct adduce_span *meet(const struct subjects *parties,
                                      const struct subjects *bodies) {
  for (size_t i = 0; i < parties->count; i++)
    if (has(bodies, parties->items[i])) return &parties->items[i];
  return NULL;
}

/* The things a claim is about whose parties are parties to it, and which are so themselves. */
static size_t list_things(const struct claim *claim, struct adduce_span things[2],
                          bool *are_parties) {
  *are_parties = true;
  switch (claim->kind->effect) {
    case EFFECT_RELATES:
      things[0] = parsed_text(&claim->parsed, "from");
      things[1] = parsed_text(&claim->parsed, "to");
      return 2;
    case EFFECT_MOVES:
      *are_parties = false;
      things[0] = claim_subject(claim);
      return moves_has_facets(claim->kind) ? 0 : 1;
    case EFFECT_SETS:
    case EFFECT_ASSERTS:
      things[0] = claim_subject(claim);
      return 1;
    default:
      return 0;
  }
}

static struct adduce_span speaker_of(const struct told *told, const struct modality *mood) {
  const struct person *author = told->author;
  if (mood->hops != 0) return mood->speaker;
  if (!author->known || !spelling_subject(author->author.organization)) return span_of(NULL, 0);
  return author->author.organization;
}

static enum adduce_err find_party(struct asked *asked, struct voice *voice, const struct told *told,
                                  const struct claim *claim) {
  struct adduce_span speaker = speaker_of(told, &voice->mood), things[2];
  struct subjects named = {.count = 0};
  const struct subjects *bodies, *parties;
  const struct adduce_span *party;
  bool are_parties;
  if (speaker.size == 0 || claim->kind == NULL || claim->standing != CLAIM_UNDERSTOOD)
    return ADDUCE_OK;
  size_t count = list_things(claim, things, &are_parties);
  add_named(&named, claim);
  for (size_t i = 0; are_parties && i < count; i++) add(&named, things[i]);
  if (named.count == 0 && count == 0) return ADDUCE_OK;
  TRY(find_bodies(asked, &bodies, speaker));
  party = meet(&named, bodies);
  for (size_t i = 0; party == NULL && i < count; i++) {
    if (things[i].size == 0) continue;
    TRY(find_parties(asked, &parties, things[i]));
    party = meet(parties, bodies);
  }
  if (party == NULL) return ADDUCE_OK;
  voice->is_primary = true;
  voice->party = *party;
  return ADDUCE_OK;
}

static enum voice_mode mode_of(const struct voice *voice) {
  const struct modality *mood = &voice->mood;
  bool is_unnamed = mood->hops != 0 && mood->speaker.size == 0;
  if (mood->polarity == MODALITY_NEGATIVE) return VOICE_DENIED;
  if (mood->polarity == MODALITY_UNDECIDED) return VOICE_OPEN;
  if (mood->intended) return VOICE_INTENDED;
  if (mood->certainty >= MODALITY_POSSIBLE) return VOICE_POSSIBLE;
  if (voice->is_primary) return VOICE_PRIMARY;
  return mood->handed_on || is_unnamed ? VOICE_REPORTED : VOICE_STATED;
}

enum adduce_err voice_find(struct asked *asked, const struct voice **voice, const struct told *told,
                           const struct event *event) {
  struct voices *voices;
  uint8_t name[9];
  TRY(open_voices(asked, &voices));
  bigendian_put64(name, told->index);
  name[8] = event == &told->event;
  struct voice *found = cache_get(&voices->claims, span_of(name, sizeof name));
  if (found == NULL) {
    found = scope_new(asked->scope, struct voice);
    if (found == NULL) return scope_no_memory(asked->scope);
    found->mood = modality_of(&event->claim.parsed);
    TRY(find_party(asked, found, told, &event->claim));
    found->mode = mode_of(found);
    TRY(cache_put(asked->scope, &voices->claims, span_of(name, sizeof name), found));
  }
  *voice = found;
  return ADDUCE_OK;
}

const char *voice_mode_name(enum voice_mode mode) {
  static const char *const names[] = {
      [VOICE_PRIMARY] = "primary",   [VOICE_STATED] = "stated",     [VOICE_REPORTED] = "reported",
      [VOICE_POSSIBLE] = "possible", [VOICE_INTENDED] = "intended", [VOICE_DENIED] = "denied",
      [VOICE_OPEN] = "open"};
  return names[mode];
}

enum adduce_err voice_render(struct asked *asked, struct adduce_value *map, const struct told *told,
                             const struct event *event) {
  const struct voice *voice;
  TRY(voice_find(asked, &voice, told, event));
  asked_set_text(asked, map, "mode", voice_mode_name(voice->mode));
  if (voice->is_primary) asked_set_text(asked, map, "said_by", "primary");
  asked_set_str(asked, map, "party", voice->party);
  return ADDUCE_OK;
}
