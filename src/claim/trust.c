/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/trust.h"

#include "base/hex.h"

static const char *const effects[] = {"counts", "apart", "ignored"};

const char *trust_effect_name(enum trust_effect effect) {
  return effects[effect];
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
  bool has_effect, has_condition;
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

static enum adduce_err read_author(struct reading *reading, struct adduce_span key,
                                   struct cursor cursor) {
  struct cursor again = cursor;
  struct adduce_span digits;
  const uint8_t *key32;
  reading->rule->has_author = reading->has_condition = true;
  if (cursor_bin_of(&cursor, 32, &key32)) {
    memcpy(reading->rule->author32, key32, 32);
    return ADDUCE_OK;
  }
  if (cursor_str(&again, &digits) && digits.size == 64 &&
      hex_decode(digits, reading->rule->author32, 32))
    return ADDUCE_OK;
  return refuse(reading, ADDUCE_E_VALUE, key,
                "an author is a key: 64 hexadecimal digits, or {\"$id\": ...}");
}

static enum adduce_err read_text(struct reading *reading, struct adduce_span *text,
                                 struct adduce_span key, struct cursor cursor) {
  if (!cursor_str(&cursor, text)) return refuse(reading, ADDUCE_E_TYPE, key, "it is text");
  return text->size != 0 ? ADDUCE_OK : refuse(reading, ADDUCE_E_VALUE, key, "it is empty");
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
               {"origin", &rule->origin}};
  if (span_is(key, "effect")) return read_effect(reading, key, value);
  if (span_is(key, "author")) return read_author(reading, key, value);
  if (span_is(key, "text")) return read_text(reading, &rule->text, key, value);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (!span_is(key, texts[i].key)) continue;
    reading->has_condition = true;
    return read_text(reading, texts[i].text, key, value);
  }
  if (span_is(key, "quorum"))
    return refuse(reading, ADDUCE_E_FIELD, key, "kept for a later version, which counts several");
  return refuse(reading, ADDUCE_E_FIELD, key,
                "no rule has this; a rule has effect, author, organization, kind, subject, origin, "
                "text");
}

static enum adduce_err read_rule(struct adduce_scope *scope, struct trust *trust, uint32_t place,
                                 uint32_t places, struct cursor map) {
  struct reading reading = {.scope = scope, .rule = &trust->rules[trust->count]};
  struct adduce_span key, encoded;
  uint32_t count;
  *reading.rule = (struct trust_rule){.place = place};
  if (!cursor_map(&map, &count))
    return scope_fail(scope, ADDUCE_E_TYPE, "rules.%u: a rule is a map", place);
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&map, &key) || !cursor_value(&map, &encoded))
      return scope_fail(scope, ADDUCE_E_TYPE, "rules.%u: a rule is a map", place);
    if (count == 1 && span_is(key, "tlog_policy")) return ADDUCE_OK;
    TRY(read_pair(&reading, key, cursor_of(encoded)));
  }
  if (!reading.has_effect)
    return scope_fail(scope, ADDUCE_E_MISSING,
                      "rules.%u: it has no effect: counts, apart or ignored", place);
  if (!reading.has_condition && place + 1 != places)
    return scope_fail(scope, ADDUCE_E_MISSING,
                      "rules.%u: it has no condition (author, organization, kind, subject, "
                      "origin), so no rule after it is ever reached",
                      place);
  trust->count++;
  return ADDUCE_OK;
}

enum adduce_err trust_read(struct adduce_scope *scope, struct trust *trust,
                           struct adduce_span rules) {
  struct cursor cursor = cursor_of(rules);
  struct adduce_span encoded;
  uint32_t count = 0;
  *trust = (struct trust){.count = 0};
  if (rules.size != 0 && !cursor_array(&cursor, &count))
    return scope_fail(scope, ADDUCE_E_TYPE, "rules: a list of rules");
  if (count > TRUST_RULES)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "rules: a policy has at most %d rules",
                      TRUST_RULES);
  trust->rules = scope_array(scope, count, sizeof *trust->rules);
  if (trust->rules == NULL) return scope_no_memory(scope);
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_value(&cursor, &encoded))
      return scope_fail(scope, ADDUCE_E_TYPE, "rules: a list of rules");
    TRY(read_rule(scope, trust, i, count, cursor_of(encoded)));
  }
  return ADDUCE_OK;
}
