/* SPDX-License-Identifier: Apache-2.0 */
#include "query/phrase.h"

#include "projection/modality.h"
#include "projection/moves.h"
#include "query/believed.h"

#define DETAILS_MAX 5

/* A claim being put into words. */
struct phrase {
  struct asked *asked;
  struct buffer *out;
  const struct claim *claim;
};

static bool has(const struct phrase *phrase, const char *field) {
  return rows_open(&phrase->claim->parsed, field) != NULL;
}

static bool names_subjects(const struct phrase *phrase, struct adduce_span field) {
  const struct vocabulary_field *rule = vocabulary_field(phrase->claim->kind, field);
  return rule != NULL && (rule->type == FIELD_SUBJECT || rule->type == FIELD_REFERENCE);
}

/* The value of a field in words; lists too. */
static enum adduce_err put_field(const struct phrase *phrase, const struct parsed_field *field) {
  const struct vocabulary_field *rule = vocabulary_field(phrase->claim->kind, field->key);
  struct buffer value;
  struct adduce_span encoded, word;
  buffer_init(&value, phrase->asked->scope);
  rows_pack_field(&value, &phrase->claim->parsed, field);
  TRY(buffer_take(&value, &encoded));
  struct cursor cursor = cursor_of(encoded);
  if (rule != NULL && (rule->type == FIELD_CHOICE || rule->type == FIELD_WORD) &&
      cursor_str(&cursor, &word)) {
    prose_word(phrase->out, word);
    return ADDUCE_OK;
  }
  return prose_value(phrase->asked, phrase->out, encoded, names_subjects(phrase, field->key));
}

static enum adduce_err put(const struct phrase *phrase, const char *before, const char *name,
                           const char *otherwise) {
  const struct parsed_field *field = rows_open(&phrase->claim->parsed, name);
  if (field == NULL && otherwise == NULL) return ADDUCE_OK;
  buffer_text(phrase->out, before);
  if (field != NULL) return put_field(phrase, field);
  buffer_text(phrase->out, otherwise);
  return ADDUCE_OK;
}

/* Who is described may be known by the key alone. */
static enum adduce_err put_subject(const struct phrase *phrase) {
  const char *subject = phrase->claim->kind->subject;
  if (subject == NULL) return ADDUCE_OK;
  if (!has(phrase, subject) && has(phrase, "key")) return put(phrase, "key ", "key", NULL);
  return put(phrase, "", subject, "somebody unnamed");
}

/* --- by effect ---------------------------------------------------------------------------- */

static enum adduce_err assert_fact(const struct phrase *phrase) {
  TRY(put(phrase, "", "property", "a property"));
  buffer_text(phrase->out, " of ");
  TRY(put_subject(phrase));
  TRY(put(phrase, " is ", "value", "withheld"));
  return put(phrase, ", for ", "quantity", NULL);
}

/* A relation between its ends: of one thing, and of several. */
static const struct {
  const char *relation, *one, *many;
} relations[] = {
    {"part_of", "is part of", "are part of"},
    {"pursuant_to", "is pursuant to", "are pursuant to"},
    {"in_exchange_for", "is in exchange for", "are in exchange for"},
    {"in_parallel_with", "is in parallel with", "are in parallel with"},
    {"conditional_on", "is conditional on", "are conditional on"},
    {"comparable_to", "is comparable to", "are comparable to"},
    {"same_statement_as", "is the same statement as", "are the same statement as"},
    {"member_of_series", "belongs to the series", "belong to the series"},
    {"aims_at", "aims at", "aim at"},
    {"results_in", "results in", "result in"},
    {"causes", "causes", "cause"},
    {"follows", "follows", "follow"},
    {"precedes", "precedes", "precede"},
    {"amends", "amends", "amend"},
    {"eases", "eases", "ease"},
    {"imposes", "imposes", "impose"},
    {"lifts", "lifts", "lift"},
    {"suspends", "suspends", "suspend"},
    {"contradicts", "contradicts", "contradict"},
    {"qualifies", "qualifies", "qualify"},
    {"quotes", "quotes", "quote"},
    {"translates", "translates", "translate"},
    {"summarises", "summarises", "summarise"},
};

static void put_relation(const struct phrase *phrase, bool is_plural) {
  struct adduce_span relation = parsed_text(&phrase->claim->parsed, "relation");
  for (size_t i = 0; i < sizeof relations / sizeof relations[0]; i++) {
    if (!span_is(relation, relations[i].relation)) continue;
    buffer_text(phrase->out, is_plural ? relations[i].many : relations[i].one);
    return;
  }
  prose_word(phrase->out, relation);
}

static enum adduce_err relate(const struct phrase *phrase) {
  bool is_plural;
  TRY(prose_plural(phrase->asked, &is_plural, parsed_text(&phrase->claim->parsed, "from")));
  TRY(put(phrase, "", "from", "something unnamed"));
  buffer_byte(phrase->out, ' ');
  put_relation(phrase, is_plural);
  return put(phrase, " ", "to", "something unnamed");
}

static enum adduce_err move_sanction(const struct phrase *phrase) {
  struct adduce_span measure = parsed_text(&phrase->claim->parsed, "measure");
  struct adduce_span degree = parsed_text(&phrase->claim->parsed, "degree");
  buffer_text(phrase->out, "the ");
  if (measure.size != 0)
    prose_word(phrase->out, measure);
  else
    buffer_text(phrase->out, "sanctions");
  TRY(put(phrase, " of ", "issuer", "an unnamed issuer"));
  buffer_text(phrase->out, " on ");
  TRY(put_subject(phrase));
  TRY(put(phrase, " (", "scope", NULL));
  if (has(phrase, "scope")) buffer_byte(phrase->out, ')');
  buffer_format(phrase->out, "%s%s",
                span_is(measure, "restrictions") || measure.size == 0 ? " are " : " is ",
                phrase->claim->kind->state);
  if (span_is(degree, "partial")) buffer_text(phrase->out, " in part");
  if (span_is(degree, "full")) buffer_text(phrase->out, " in full");
  if (span_is(degree, "waiver") || span_is(degree, "licence"))
    buffer_format(phrase->out, " by %.*s", SPAN_ARGS(degree));
  return ADDUCE_OK;
}

/* The state fields that were not said yet: "; place Minsk; closed yes". */
static enum adduce_err put_details(const struct phrase *phrase, const char *const *said) {
  unsigned shown = 0;
  for (uint32_t i = 0; i < phrase->claim->parsed.field_count; i++) {
    const struct parsed_field *field = &phrase->claim->parsed.fields[i];
    const struct vocabulary_field *rule = vocabulary_field(phrase->claim->kind, field->key);
    bool is_said =
        rule == NULL || (rule->flags & FIELD_STATE) == 0 || field->slot == PARSED_WITHHELD;
    for (size_t j = 0; said[j] != NULL; j++) is_said |= span_is(field->key, said[j]);
    if (is_said) continue;
    if (shown++ == DETAILS_MAX) {
      buffer_text(phrase->out, "; and more");
      break;
    }
    buffer_text(phrase->out, shown == 1 ? ": " : "; ");
    prose_word(phrase->out, field->key);
    buffer_byte(phrase->out, ' ');
    TRY(put_field(phrase, field));
  }
  return ADDUCE_OK;
}

/* A group of people "are", one thing "is"; a release of a group is one thing. */
static enum adduce_err put_is(const struct phrase *phrase) {
  bool is_plural = false;
  if (span_is(moves_noun(phrase->claim->kind), "detention"))
    TRY(prose_plural(phrase->asked, &is_plural, claim_subject(phrase->claim)));
  buffer_text(phrase->out, is_plural ? " are " : " is ");
  buffer_text(phrase->out,
              phrase->claim->kind->state == NULL ? "changed" : phrase->claim->kind->state);
  return ADDUCE_OK;
}

static bool is_letter(uint8_t byte) {
  return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* Whether the noun stands in the text as a word: in "the agreement", and at the head of
 * "release/123". */
static bool has_word(struct adduce_span text, struct adduce_span noun) {
  for (size_t i = 0; i + noun.size <= text.size; i++) {
    bool begins = i == 0 || !is_letter(text.data[i - 1]);
    bool ends = i + noun.size == text.size || !is_letter(text.data[i + noun.size]);
    if (begins && ends && memcmp(text.data + i, noun.data, noun.size) == 0) return true;
  }
  return false;
}

/* "release/123" and "the agreement" say by themselves what they are; "talks" becomes "meeting
 * talks". */
static enum adduce_err put_noun(const struct phrase *phrase, struct adduce_span noun) {
  struct adduce_span subject = claim_subject(phrase->claim), shown = subject;
  if (subject.size != 0) TRY(names_show(phrase->asked, &shown, subject));
  if (noun.size == 0 || has_word(shown, noun) || span_is(noun, "detention")) return ADDUCE_OK;
  prose_word(phrase->out, noun);
  buffer_byte(phrase->out, ' ');
  return ADDUCE_OK;
}

static enum adduce_err move(const struct phrase *phrase) {
  static const char *const said[] = {"quantity", "group", "authority", NULL};
  struct adduce_span noun = moves_noun(phrase->claim->kind);
  if (span_is(noun, "sanction")) return move_sanction(phrase);
  TRY(put_noun(phrase, noun));
  TRY(put_subject(phrase));
  TRY(put(phrase, " of ", "quantity", NULL));
  TRY(put(phrase, has(phrase, "quantity") ? " (" : " of ", "group", NULL));
  if (has(phrase, "quantity") && has(phrase, "group")) buffer_byte(phrase->out, ')');
  TRY(put(phrase, " by ", "authority", NULL));
  TRY(put_is(phrase));
  return put_details(phrase, said);
}

static enum adduce_err set(const struct phrase *phrase) {
  static const char *const none[] = {NULL};
  static const char *const words[] = {"gist", "words", NULL};
  TRY(put_subject(phrase));
  if (strcmp(phrase->claim->kind->name, "statement.made") != 0) {
    bool is_plural;
    TRY(prose_plural(phrase->asked, &is_plural, claim_subject(phrase->claim)));
    buffer_text(phrase->out, is_plural ? " are described" : " is described");
    return put_details(phrase, none);
  }
  TRY(put(phrase, " said that ", "gist", NULL));
  TRY(put(phrase, has(phrase, "gist") ? " in the words \"" : " said \"", "words", NULL));
  if (has(phrase, "words")) buffer_byte(phrase->out, '"');
  return put_details(phrase, words);
}

static enum adduce_err judge_same(const struct phrase *phrase) {
  struct adduce_span judgement = parsed_text(&phrase->claim->parsed, "judgement");
  TRY(put(phrase, "", "left", "one"));
  TRY(put(phrase, " and ", "right", "another"));
  buffer_text(phrase->out, span_is(judgement, "positive")   ? " are the same"
                           : span_is(judgement, "negative") ? " are not the same"
                                                            : " may be the same or not");
  return ADDUCE_OK;
}

/* True iff the field says something, and not that it is unknown or that there is none. */
static bool knows(const struct phrase *phrase, const char *name) {
  return parsed_text(&phrase->claim->parsed, name).size != 0;
}

static enum adduce_err cite(const struct phrase *phrase) {
  TRY(put(phrase, "", "medium", "a source"));
  if (knows(phrase, "title")) {
    TRY(put(phrase, " \"", "title", NULL));
    buffer_byte(phrase->out, '"');
  }
  if (knows(phrase, "publisher")) TRY(put(phrase, " of ", "publisher", NULL));
  if (!knows(phrase, "title") && !knows(phrase, "publisher"))
    TRY(put(phrase, " ", "subject", NULL));
  buffer_format(phrase->out, " is %s",
                phrase->claim->kind->state == NULL ? "cited" : phrase->claim->kind->state);
  return ADDUCE_OK;
}

/* Of an act, which claims it names; by their index, since their words may lead back here. */
static enum adduce_err act(const struct phrase *phrase) {
  const char *role = phrase->claim->kind->acts_role;
  struct cursor refs = phrase->claim->parsed.refs;
  struct parsed_ref ref;
  const char *between = "claim ";
  bool is_first = true;
  while (role != NULL && parsed_next_role(&refs, &ref, role)) {
    uint64_t index;
    enum adduce_err err = told_index(believed_whole(phrase->asked), &index, ref.id32);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
    if (err == ADDUCE_OK)
      buffer_format(phrase->out, "%s#%llu", between, (unsigned long long)index);
    else
      buffer_text(phrase->out, is_first ? "a claim not here" : ", one not here");
    is_first = false;
    between = ", ";
  }
  buffer_format(phrase->out, " is %s",
                phrase->claim->kind->state == NULL ? "acted upon" : phrase->claim->kind->state);
  TRY(put(phrase, " as ", "rank", NULL));
  TRY(put(phrase, ": ", "opinion", NULL));
  return put(phrase, ": ", "reason", NULL);
}

/* Control kinds and others that change no state: the kind, and its first telling field. */
static enum adduce_err name_kind(const struct phrase *phrase) {
  static const char *const telling[] = {"name",  "origin",     "key",   "new_key",
                                        "title", "projection", "reason"};
  buffer_span(phrase->out, phrase->claim->parsed.kind);
  for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
    if (has(phrase, telling[i])) return put(phrase, ": ", telling[i], NULL);
  return ADDUCE_OK;
}

static enum adduce_err put_claim(const struct phrase *phrase) {
  switch (phrase->claim->kind->effect) {
    case EFFECT_SETS:
      return set(phrase);
    case EFFECT_MOVES:
      return move(phrase);
    case EFFECT_ASSERTS:
      return assert_fact(phrase);
    case EFFECT_RELATES:
      return relate(phrase);
    case EFFECT_ACTS:
      return act(phrase);
    case EFFECT_SAME:
      return judge_same(phrase);
    case EFFECT_SOURCE:
      return cite(phrase);
    case EFFECT_NONE:
      break;
  }
  return name_kind(phrase);
}

enum adduce_err phrase_claim(struct asked *asked, struct buffer *out, const struct told *told) {
  struct phrase phrase = {asked, out, &told_event(told)->claim};
  struct adduce_span kind = phrase.claim->parsed.kind;
  bool acts = phrase.claim->kind != NULL && phrase.claim->kind->effect == EFFECT_ACTS;
  switch (phrase.claim->standing) {
    case CLAIM_NOT_UNDERSTOOD:
      buffer_format(out, "a claim of kind %.*s, not understood here", SPAN_ARGS(kind));
      return ADDUCE_OK;
    case CLAIM_INCOMPLETE:
      buffer_format(out, "a claim of kind %.*s, incomplete%s", SPAN_ARGS(kind),
                    acts                                       ? ": "
                    : status_has(&told->status, STATUS_ERASED) ? ": part of it was erased"
                                                               : ": part of it is withheld");
      return acts ? act(&phrase) : ADDUCE_OK;
    case CLAIM_UNDERSTOOD:
      break;
  }
  return put_claim(&phrase);
}

/* The mood in a word or two, for a line in which no sentence stands: what is promised must not
 * read like what is done. */
static void add_mood(struct buffer *out, const struct parsed *parsed) {
  struct modality mood = modality_of(parsed);
  const char *before = " (";
  if (mood.certainty != MODALITY_CERTAIN) {
    buffer_format(out, "%s%s", before,
                  mood.certainty == MODALITY_UNCERTAIN ? "certainty unknown"
                                                       : modality_certainty_name(mood.certainty));
    before = ", ";
  }
  if (mood.polarity != MODALITY_POSITIVE) {
    buffer_format(out, "%s%s", before,
                  mood.polarity == MODALITY_NEGATIVE ? "denied" : "whether so is open");
    before = ", ";
  }
  if (mood.intended) {
    buffer_format(out, "%sintended, not done", before);
    before = ", ";
  }
  if (before[0] == ',') buffer_byte(out, ')');
}

enum adduce_err phrase_label(struct asked *asked, struct adduce_span *label,
                             const struct told *told) {
  struct buffer out;
  buffer_init(&out, asked->scope);
  TRY(phrase_claim(asked, &out, told));
  add_mood(&out, told_parsed(told));
  return buffer_take(&out, label);
}
