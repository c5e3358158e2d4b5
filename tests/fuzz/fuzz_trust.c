/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a policy, as the log holds them (canonical bytes) or as JSON from a file: whatever
 * is read is what the rule says, each refusal has its place, and a condition fits itself. */
#include "base/invariant.h"
#include "claim/trust.h"
#include "codec/canonical.h"
#include "codec/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_error_of_rules(enum adduce_err err) {
  return err == ADDUCE_E_FIELD || err == ADDUCE_E_TYPE || err == ADDUCE_E_VALUE ||
         err == ADDUCE_E_MISSING || err == ADDUCE_E_TOO_LARGE;
}

/* What `rules` says under a key of the rule at a place, as text; NULL if it is none. */
static const char *said(const struct adduce_value *rules, const struct trust_rule *rule,
                        const char *key) {
  const struct adduce_value *value = adduce_value_get(adduce_value_at(rules, rule->place), key);
  if (value == NULL || adduce_value_type(value) != ADDUCE_TEXT) return NULL;
  return adduce_value_text(value);
}

static void check_text(const struct adduce_value *rules, const struct trust_rule *rule,
                       const char *key, struct adduce_span text) {
  const char *written = said(rules, rule, key);
  INVARIANT((written == NULL) == (text.size == 0));
  INVARIANT(written == NULL || span_is(text, written));
}

/* One of those of whom several must say so: what the list says in its place. */
static void check_member(const struct adduce_value *written, const struct trust_member *member) {
  const struct adduce_value *organization = adduce_value_get(written, "organization"),
                            *origin = adduce_value_get(written, "origin");
  INVARIANT(adduce_value_count(written) == 1);
  INVARIANT(member->has_author == (adduce_value_get(written, "author") != NULL));
  INVARIANT((organization == NULL) == (member->organization.size == 0));
  INVARIANT((origin == NULL) == (member->origin.size == 0));
  INVARIANT(organization == NULL || span_is(member->organization, adduce_value_text(organization)));
  INVARIANT(origin == NULL || span_is(member->origin, adduce_value_text(origin)));
}

static void check_quorum(const struct adduce_value *rules, const struct trust_rule *rule) {
  const struct adduce_value *map = adduce_value_at(rules, rule->place);
  const struct adduce_value *of = adduce_value_get(map, "of");
  INVARIANT(adduce_value_count(of) == rule->member_count && rule->member_count <= TRUST_MEMBERS);
  INVARIANT((adduce_value_get(map, "quorum") == NULL) == (rule->quorum == 0));
  INVARIANT((rule->quorum == 0) == (rule->member_count == 0));
  INVARIANT(rule->quorum <= rule->member_count && rule->otherwise != TRUST_COUNTS);
  if (rule->quorum == 0) return;
  INVARIANT(rule->effect == TRUST_COUNTS);
  INVARIANT(adduce_value_integer(adduce_value_get(map, "quorum")) == (int64_t)rule->quorum);
  for (uint32_t i = 0; i < rule->member_count; i++)
    check_member(adduce_value_at(of, i), &rule->members[i]);
}

static void check_rule(const struct adduce_value *rules, const struct trust_rule *rule, bool last) {
  INVARIANT(span_is(span_text(trust_effect_name(rule->effect)), said(rules, rule, "effect")));
  check_text(rules, rule, "organization", rule->organization);
  check_text(rules, rule, "kind", rule->kind);
  check_text(rules, rule, "subject", rule->subject);
  check_text(rules, rule, "origin", rule->origin);
  check_text(rules, rule, "text", rule->text);
  bool has_condition = rule->has_author || rule->organization.size != 0 || rule->kind.size != 0 ||
                       rule->subject.size != 0 || rule->origin.size != 0;
  INVARIANT(has_condition || last);
  check_quorum(rules, rule);
  INVARIANT(trust_fits(rule->kind, rule->kind) && trust_fits(rule->subject, rule->subject));
}

static void try_rules(struct adduce_scope *scope, struct adduce_span encoded) {
  struct adduce_value *rules;
  struct trust trust;
  enum adduce_err err = trust_read(scope, &trust, encoded);
  if (err != ADDUCE_OK) {
    INVARIANT(is_error_of_rules(err) && strncmp(adduce_scope_detail(scope), "rules", 5) == 0);
    return;
  }
  INVARIANT(value_decode(scope, &rules, encoded) == ADDUCE_OK);
  INVARIANT(trust.count <= TRUST_RULES && trust.count <= adduce_value_count(rules));
  for (size_t i = 0; i < trust.count; i++) {
    bool last = trust.rules[i].place + 1 == adduce_value_count(rules);
    INVARIANT(i == 0 || trust.rules[i - 1].place < trust.rules[i].place);
    check_rule(rules, &trust.rules[i], last);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  const struct adduce_value *json;
  struct canonical_fault fault;
  struct adduce_span encoded;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  if (canonical_check(span_of(data, size), &fault)) try_rules(scope, span_of(data, size));
  if (adduce_value_from_json(scope, &json, (const char *)data, size) == ADDUCE_OK &&
      value_encode(scope, &encoded, json) == ADDUCE_OK)
    try_rules(scope, encoded);
  adduce_scope_close(&scope);
  return 0;
}
