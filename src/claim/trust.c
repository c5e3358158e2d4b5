/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/trust.h"

#include "base/hex.h"

static const char *const effects[] = {"counts", "apart", "ignored"};
static const char *const admissions[] = {"quarantine", "admit", "refuse"};

const char *trust_effect_name(enum trust_effect effect) {
  return effects[effect];
}

const char *trust_admission_name(enum trust_admission admission) {
  return admissions[admission];
}

bool trust_fits(struct adduce_span condition, struct adduce_span text) {
  uint8_t last = condition.size == 0 ? 0 : condition.data[condition.size - 1];
  bool is_beginning = last == '.' || last == ':' || last == '/';
  if (!is_beginning) return span_equal(condition, text);
  return text.size >= condition.size && memcmp(text.data, condition.data, condition.size) == 0;
}

/* --- one rule ----------------------------------------------------------------------------- */

/* A rule being read. */
struct reading {
  struct adduce_scope *scope;
  struct trust_rule *rule;
  bool has_effect, has_admission; /* which of the two sorts it is of */
};

static enum adduce_err refuse(const struct reading *reading, enum adduce_err err,
                              struct adduce_span key, const char *what) {
  return scope_fail(reading->scope, err, "rules.%u.%.*s: %s", reading->rule->place, SPAN_ARGS(key),
                    what);
}

static enum adduce_err read_effect(struct reading *reading, struct adduce_span key,
                                   struct cursor cursor) {
  struct adduce_span word;
  reading->has_effect = true;
  if (!cursor_str(&cursor, &word))
    return refuse(reading, ADDUCE_E_TYPE, key, "an effect is a word: counts, apart or ignored");
  for (unsigned i = 0; i < sizeof effects / sizeof effects[0]; i++) {
    if (!span_is(word, effects[i])) continue;
    reading->rule->effect = (enum trust_effect)i;
    return ADDUCE_OK;
  }
  return refuse(reading, ADDUCE_E_VALUE, key, "an effect is counts, apart or ignored");
}

static enum adduce_err read_admission(struct reading *reading, struct adduce_span key,
                                      struct cursor cursor) {
  struct adduce_span word;
  reading->has_admission = true;
  if (!cursor_str(&cursor, &word))
    return refuse(reading, ADDUCE_E_TYPE, key, "an admission is admit, quarantine or refuse");
  for (unsigned i = 0; i < sizeof admissions / sizeof admissions[0]; i++) {
    if (!span_is(word, admissions[i])) continue;
    reading->rule->admission = (enum trust_admission)i;
    return ADDUCE_OK;
  }
  return refuse(reading, ADDUCE_E_VALUE, key, "an admission is admit, quarantine or refuse");
}

static enum adduce_err read_author(struct reading *reading, uint8_t *author32,
                                   struct adduce_span key, struct cursor cursor) {
  struct cursor again = cursor;
  struct adduce_span digits;
  const uint8_t *key32;
  if (cursor_bin_of(&cursor, 32, &key32)) {
    memcpy(author32, key32, 32);
    return ADDUCE_OK;
  }
  if (cursor_str(&again, &digits) && digits.size == 64 && hex_decode(digits, author32, 32))
    return ADDUCE_OK;
  return refuse(reading, ADDUCE_E_VALUE, key,
                "an author is a key: 64 hexadecimal digits, or {\"$id\": ...}");
}

static enum adduce_err read_text(struct reading *reading, struct adduce_span *text,
                                 struct adduce_span key, struct cursor cursor) {
  if (!cursor_str(&cursor, text)) return refuse(reading, ADDUCE_E_TYPE, key, "it is text");
  return text->size != 0 ? ADDUCE_OK : refuse(reading, ADDUCE_E_VALUE, key, "it is empty");
}

/* --- a quorum ------------------------------------------------------------------------------- */

static enum adduce_err read_quorum(struct reading *reading, struct adduce_span key,
                                   struct cursor cursor) {
  int64_t quorum;
  if (!cursor_int(&cursor, &quorum))
    return refuse(reading, ADDUCE_E_TYPE, key, "a quorum is a number: how many must say it");
  if (quorum < 1 || quorum > TRUST_MEMBERS)
    return refuse(reading, ADDUCE_E_VALUE, key,
                  "a quorum is at least 1, and at most as many as its members, which are at most "
                  "32");
  reading->rule->quorum = (uint32_t)quorum;
  return ADDUCE_OK;
}

static enum adduce_err read_otherwise(struct reading *reading, struct adduce_span key,
                                      struct cursor cursor) {
  struct adduce_span word;
  if (!cursor_str(&cursor, &word))
    return refuse(reading, ADDUCE_E_TYPE, key, "it is a word: apart or ignored");
  if (!span_is(word, effects[TRUST_APART]) && !span_is(word, effects[TRUST_IGNORED]))
    return refuse(reading, ADDUCE_E_VALUE, key,
                  "what is said by fewer than the quorum is apart or ignored");
  reading->rule->has_otherwise = true;
  reading->rule->otherwise = span_is(word, effects[TRUST_APART]) ? TRUST_APART : TRUST_IGNORED;
  return ADDUCE_OK;
}

static enum adduce_err read_member(struct reading *reading, struct trust_member *member,
                                   struct adduce_span key, struct cursor map) {
  struct adduce_span name, encoded;
  uint32_t count;
  if (!cursor_map(&map, &count) || count != 1 || !cursor_str(&map, &name) ||
      !cursor_value(&map, &encoded))
    return refuse(reading, ADDUCE_E_TYPE, key,
                  "a member is a map with one of author, organization and origin");
  if (span_is(name, "author")) {
    member->has_author = true;
    return read_author(reading, member->author32, key, cursor_of(encoded));
  }
  if (span_is(name, "organization"))
    return read_text(reading, &member->organization, key, cursor_of(encoded));
  if (span_is(name, "origin")) return read_text(reading, &member->origin, key, cursor_of(encoded));
  return refuse(reading, ADDUCE_E_FIELD, key,
                "no member has this; it has one of author, organization and origin");
}

static bool is_same_member(const struct trust_member *a, const struct trust_member *b) {
  return a->has_author == b->has_author && memcmp(a->author32, b->author32, 32) == 0 &&
         span_equal(a->organization, b->organization) && span_equal(a->origin, b->origin);
}

static enum adduce_err read_members(struct reading *reading, struct adduce_span key,
                                    struct cursor list) {
  struct trust_rule *rule = reading->rule;
  struct adduce_span encoded;
  uint32_t count;
  if (!cursor_array(&list, &count) || count == 0)
    return refuse(reading, ADDUCE_E_TYPE, key, "the members of a quorum are a list, not empty");
  if (count > TRUST_MEMBERS)
    return refuse(reading, ADDUCE_E_TOO_LARGE, key, "a quorum has at most 32 members");
  rule->members = scope_array(reading->scope, count, sizeof *rule->members);
  if (rule->members == NULL) return scope_no_memory(reading->scope);
  for (rule->member_count = 0; rule->member_count < count; rule->member_count++) {
    struct trust_member *member = &rule->members[rule->member_count];
    *member = (struct trust_member){.has_author = false};
    if (!cursor_value(&list, &encoded))
      return refuse(reading, ADDUCE_E_TYPE, key, "the members of a quorum are a list");
    TRY(read_member(reading, member, key, cursor_of(encoded)));
    for (uint32_t i = 0; i < rule->member_count; i++)
      if (is_same_member(&rule->members[i], member))
        return refuse(reading, ADDUCE_E_VALUE, key, "a member is there twice");
  }
  return ADDUCE_OK;
}

/* What belongs together is there together, and can be met. */
static enum adduce_err check_quorum(const struct reading *reading) {
  const struct trust_rule *rule = reading->rule;
  if (rule->quorum == 0 && rule->member_count == 0 && !rule->has_otherwise) return ADDUCE_OK;
  if (rule->quorum == 0)
    return refuse(reading, ADDUCE_E_MISSING,
                  span_text(rule->member_count != 0 ? "of" : "otherwise"),
                  "it stands beside \"quorum\", which is not there");
  if (rule->member_count == 0)
    return refuse(reading, ADDUCE_E_MISSING, span_text("quorum"),
                  "it stands beside \"of\", the list of its members, which is not there");
  if (rule->quorum > rule->member_count)
    return refuse(reading, ADDUCE_E_VALUE, span_text("quorum"),
                  "it is more than there are members, so it could never be met");
  if (!reading->has_effect)
    return refuse(reading, ADDUCE_E_FIELD, span_text("quorum"),
                  "an admission depends on author, kind, subject and source alone");
  if (rule->effect != TRUST_COUNTS)
    return refuse(reading, ADDUCE_E_VALUE, span_text("quorum"),
                  "it says when claims count, so the effect is counts; what becomes of others is "
                  "said by \"otherwise\"");
  return ADDUCE_OK;
}

/* --- pairs ---------------------------------------------------------------------------------- */

static enum adduce_err read_condition_author(struct reading *reading, struct adduce_span key,
                                             struct cursor value) {
  reading->rule->has_author = reading->rule->has_condition = true;
  return read_author(reading, reading->rule->author32, key, value);
}

static enum adduce_err read_pair(struct reading *reading, struct adduce_span key,
                                 struct cursor value) {
  struct trust_rule *rule = reading->rule;
  struct {
    const char *key;
    struct adduce_span *text;
  } texts[] = {{"organization", &rule->organization},
               {"kind", &rule->kind},
               {"subject", &rule->subject},
               {"origin", &rule->origin},
               {"source", &rule->source}};
  if (span_is(key, "effect")) return read_effect(reading, key, value);
  if (span_is(key, "admission")) return read_admission(reading, key, value);
  if (span_is(key, "author")) return read_condition_author(reading, key, value);
  if (span_is(key, "quorum")) return read_quorum(reading, key, value);
  if (span_is(key, "of")) return read_members(reading, key, value);
  if (span_is(key, "otherwise")) return read_otherwise(reading, key, value);
  if (span_is(key, "text")) return read_text(reading, &rule->text, key, value);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (!span_is(key, texts[i].key)) continue;
    rule->has_condition = true;
    return read_text(reading, texts[i].text, key, value);
  }
  if (span_is(key, "delegate"))
    return refuse(reading, ADDUCE_E_FIELD, key,
                  "kept for a later version, in which another ledger's policy can decide");
  return refuse(reading, ADDUCE_E_FIELD, key,
                "no rule has this; a rule has effect, author, organization, kind, subject, origin, "
                "quorum, of, otherwise, text, or admission, author, kind, subject, source, text");
}

/* A rule of one sort has no conditions of the other. */
static enum adduce_err check_sort(const struct reading *reading) {
  const struct trust_rule *rule = reading->rule;
  if (reading->has_effect == reading->has_admission)
    return scope_fail(reading->scope, ADDUCE_E_MISSING,
                      "rules.%u: it has %s an effect (counts, apart, ignored) %s an admission "
                      "(admit, quarantine, refuse); it takes one",
                      rule->place, reading->has_effect ? "both" : "neither",
                      reading->has_effect ? "and" : "nor");
  if (reading->has_effect && rule->source.size != 0)
    return refuse(reading, ADDUCE_E_FIELD, span_text("source"),
                  "only rules of admission have this; an effect depends on author, organization, "
                  "kind, subject and origin");
  if (reading->has_admission && (rule->organization.size != 0 || rule->origin.size != 0))
    return refuse(reading, ADDUCE_E_FIELD,
                  span_text(rule->origin.size != 0 ? "origin" : "organization"),
                  "an admission depends on author, kind, subject and source alone");
  return check_quorum(reading);
}

/* Reads a rule into `rule`; `*is_ours` is false of one about witnesses. */
static enum adduce_err read_rule(struct reading *reading, struct cursor map, bool *is_ours) {
  struct adduce_scope *scope = reading->scope;
  struct adduce_span key, encoded;
  uint32_t count, place = reading->rule->place;
  *is_ours = true;
  if (!cursor_map(&map, &count))
    return scope_fail(scope, ADDUCE_E_TYPE, "rules.%u: a rule is a map", place);
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&map, &key) || !cursor_value(&map, &encoded))
      return scope_fail(scope, ADDUCE_E_TYPE, "rules.%u: a rule is a map", place);
    *is_ours = count != 1 || !span_is(key, "tlog_policy");
    if (*is_ours) TRY(read_pair(reading, key, cursor_of(encoded)));
  }
  return *is_ours ? check_sort(reading) : ADDUCE_OK;
}

/* Behind a rule without conditions no other of its sort is ever reached. */
static enum adduce_err add_rule(struct adduce_scope *scope, struct trust_rule *rules, size_t *count,
                                const struct trust_rule *rule) {
  const struct trust_rule *last = *count == 0 ? NULL : &rules[*count - 1];
  if (last != NULL && !last->has_condition)
    return scope_fail(scope, ADDUCE_E_MISSING,
                      "rules.%u: it has no condition (author, organization, kind, subject, origin, "
                      "source), so no rule after it is ever reached",
                      last->place);
  rules[(*count)++] = *rule;
  return ADDUCE_OK;
}

static enum adduce_err read_all(struct adduce_scope *scope, struct trust *trust,
                                struct cursor cursor, uint32_t count) {
  struct adduce_span encoded;
  for (uint32_t i = 0; i < count; i++) {
    struct trust_rule rule = {.place = i, .otherwise = TRUST_APART};
    struct reading reading = {.scope = scope, .rule = &rule};
    bool is_ours;
    if (!cursor_value(&cursor, &encoded))
      return scope_fail(scope, ADDUCE_E_TYPE, "rules: a list of rules");
    TRY(read_rule(&reading, cursor_of(encoded), &is_ours));
    if (!is_ours) continue;
    if (reading.has_effect)
      TRY(add_rule(scope, trust->rules, &trust->count, &rule));
    else
      TRY(add_rule(scope, trust->admissions, &trust->admission_count, &rule));
  }
  return ADDUCE_OK;
}

enum adduce_err trust_read(struct adduce_scope *scope, struct trust *trust,
                           struct adduce_span rules) {
  struct cursor cursor = cursor_of(rules);
  uint32_t count = 0;
  *trust = (struct trust){.count = 0};
  if (rules.size != 0 && !cursor_array(&cursor, &count))
    return scope_fail(scope, ADDUCE_E_TYPE, "rules: a list of rules");
  if (count > TRUST_RULES)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "rules: a policy has at most %d rules",
                      TRUST_RULES);
  trust->rules = scope_array(scope, count, sizeof *trust->rules);
  trust->admissions = scope_array(scope, count, sizeof *trust->admissions);
  if (trust->rules == NULL || trust->admissions == NULL) return scope_no_memory(scope);
  return read_all(scope, trust, cursor, count);
}

/* --- admission ---------------------------------------------------------------------------- */

/* A source is named by its origin or, in hexadecimal, by its genesis id. */
static bool fits_source(struct adduce_span condition, const struct trust_foreign *foreign) {
  struct hex64 genesis = hex_text32(foreign->genesis32);
  return span_equal(condition, foreign->origin) || span_is(condition, genesis.text);
}

/* Its subject aside. */
static bool may_fit(const struct trust_rule *rule, const struct trust_foreign *foreign) {
  if (rule->has_author && memcmp(rule->author32, foreign->author32, 32) != 0) return false;
  if (rule->kind.size != 0 && !trust_fits(rule->kind, foreign->kind)) return false;
  return rule->source.size == 0 || fits_source(rule->source, foreign);
}

enum trust_admission trust_admit(const struct trust *trust, const struct trust_foreign *foreign,
                                 const struct trust_rule **rule) {
  *rule = NULL;
  for (size_t i = 0; i < trust->admission_count; i++) {
    const struct trust_rule *each = &trust->admissions[i];
    if (!may_fit(each, foreign)) continue;
    if (each->subject.size != 0 && foreign->is_subject_unknown) return TRUST_QUARANTINE;
    if (each->subject.size != 0 && !trust_fits(each->subject, foreign->subject)) continue;
    *rule = each;
    return each->admission;
  }
  return TRUST_QUARANTINE;
}
