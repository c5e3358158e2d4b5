/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/trust.h"

#include "drafts.h"

static struct adduce_scope *scope;

static int start(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static int stop(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static enum adduce_err read(struct trust *trust, const char *json) {
  struct adduce_span encoded;
  assert_int_equal(value_encode(scope, &encoded, draft_json(scope, json)), ADDUCE_OK);
  return trust_read(scope, trust, encoded);
}

static void rules_are_read(void **state) {
  (void)state;
  struct trust trust;
  assert_int_equal(
      read(&trust,
           "[{\"tlog_policy\":\"log x\"},"
           "{\"effect\":\"apart\",\"organization\":\"b.example\",\"kind\":\"sanction.\","
           "\"text\":\"no desk\"},"
           "{\"effect\":\"counts\",\"author\":"
           "\"0101010101010101010101010101010101010101010101010101010101010101\"},"
           "{\"effect\":\"ignored\"}]"),
      ADDUCE_OK);
  assert_int_equal(trust.count, 3);
  assert_int_equal(trust.rules[0].place, 1);
  assert_int_equal(trust.rules[0].effect, TRUST_APART);
  assert_true(span_is(trust.rules[0].kind, "sanction."));
  assert_true(span_is(trust.rules[0].text, "no desk"));
  assert_true(trust.rules[1].has_author);
  assert_int_equal(trust.rules[1].author32[31], 1);
  assert_int_equal(trust.rules[2].effect, TRUST_IGNORED);
  assert_int_equal(trust_read(scope, &trust, span_of(NULL, 0)), ADDUCE_OK);
  assert_int_equal(trust.count, 0);
}

static void a_quorum_has_members(void **state) {
  (void)state;
  struct trust trust;
  assert_int_equal(read(&trust,
                        "[{\"effect\":\"counts\",\"kind\":\"sanction.\",\"quorum\":2,\"of\":["
                        "{\"organization\":\"a.example\"},{\"origin\":\"a.example\"},{\"author\":"
                        "\"0101010101010101010101010101010101010101010101010101010101010101\"}]},"
                        "{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"origin\":\"x\"}],"
                        "\"otherwise\":\"ignored\"}]"),
                   ADDUCE_OK);
  assert_int_equal(trust.rules[0].quorum, 2);
  assert_int_equal(trust.rules[0].member_count, 3);
  assert_int_equal(trust.rules[0].otherwise, TRUST_APART);
  assert_true(span_is(trust.rules[0].members[0].organization, "a.example"));
  assert_true(span_is(trust.rules[0].members[1].origin, "a.example"));
  assert_true(trust.rules[0].members[2].has_author);
  assert_int_equal(trust.rules[0].members[2].author32[0], 1);
  assert_int_equal(trust.rules[1].otherwise, TRUST_IGNORED);
  assert_false(trust.rules[1].has_condition);
}

static void a_quorum_has_so_many_members_at_most(void **state) {
  (void)state;
  struct trust trust;
  for (unsigned count = TRUST_MEMBERS; count <= TRUST_MEMBERS + 1; count++) {
    const char *json = "[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"origin\":\"0\"}";
    for (unsigned i = 1; i < count; i++)
      json = scope_format(scope, "%s,{\"origin\":\"%u\"}", json, i);
    enum adduce_err err = read(&trust, scope_format(scope, "%s]}]", json));
    assert_int_equal(err, count <= TRUST_MEMBERS ? ADDUCE_OK : ADDUCE_E_TOO_LARGE);
  }
}

/* Each refusal names the place and what can stand there. */
static void what_is_no_rule_is_refused_with_its_place(void **state) {
  (void)state;
  static const struct {
    const char *json;
    enum adduce_err err;
    const char *detail;
  } wrong[] = {
      {"[{\"effect\":\"apart\",\"authr\":\"x\"}]", ADDUCE_E_FIELD, "rules.0.authr"},
      {"[{\"effect\":\"apart\",\"kind\":\"a.b\"},{\"effect\":\"maybe\",\"kind\":\"a.b\"}]",
       ADDUCE_E_VALUE, "rules.1.effect: an effect is counts, apart or ignored"},
      {"[{\"effect\":1,\"kind\":\"a.b\"}]", ADDUCE_E_TYPE, "rules.0.effect"},
      {"[{\"kind\":\"a.b\"}]", ADDUCE_E_MISSING, "rules.0: it has neither an effect"},
      {"[{\"effect\":\"apart\",\"admission\":\"admit\"}]", ADDUCE_E_MISSING,
       "rules.0: it has both"},
      {"[{\"admission\":\"maybe\"}]", ADDUCE_E_VALUE, "rules.0.admission"},
      {"[{\"admission\":1}]", ADDUCE_E_TYPE, "rules.0.admission"},
      {"[{\"admission\":\"admit\",\"origin\":\"x\"}]", ADDUCE_E_FIELD, "rules.0.origin"},
      {"[{\"admission\":\"admit\",\"organization\":\"x\"}]", ADDUCE_E_FIELD,
       "rules.0.organization"},
      {"[{\"effect\":\"apart\",\"source\":\"x\"}]", ADDUCE_E_FIELD, "rules.0.source"},
      {"[{\"admission\":\"admit\"},{\"admission\":\"admit\",\"kind\":\"a.b\"}]", ADDUCE_E_MISSING,
       "rules.0: it has no condition"},
      {"[{\"effect\":\"apart\"},{\"effect\":\"counts\",\"kind\":\"a.b\"}]", ADDUCE_E_MISSING,
       "rules.0: it has no condition"},
      {"[{\"effect\":\"apart\",\"author\":\"abc\"}]", ADDUCE_E_VALUE, "rules.0.author"},
      {"[{\"effect\":\"apart\",\"kind\":\"\"}]", ADDUCE_E_VALUE, "rules.0.kind"},
      {"[{\"effect\":\"apart\",\"kind\":3}]", ADDUCE_E_TYPE, "rules.0.kind"},
      {"[{\"effect\":\"counts\",\"quorum\":2,\"kind\":\"a.b\"}]", ADDUCE_E_MISSING,
       "rules.0.quorum: it stands beside \"of\""},
      {"[{\"effect\":\"counts\",\"of\":[{\"organization\":\"x\"}]}]", ADDUCE_E_MISSING,
       "rules.0.of: it stands beside \"quorum\""},
      {"[{\"effect\":\"counts\",\"otherwise\":\"apart\"}]", ADDUCE_E_MISSING, "rules.0.otherwise"},
      {"[{\"effect\":\"counts\",\"quorum\":2,\"of\":[{\"organization\":\"x\"}]}]", ADDUCE_E_VALUE,
       "rules.0.quorum: it is more than there are members"},
      {"[{\"effect\":\"counts\",\"quorum\":0,\"of\":[{\"organization\":\"x\"}]}]", ADDUCE_E_VALUE,
       "rules.0.quorum: a quorum is at least 1"},
      {"[{\"effect\":\"counts\",\"quorum\":\"1\",\"of\":[{\"organization\":\"x\"}]}]",
       ADDUCE_E_TYPE, "rules.0.quorum"},
      {"[{\"effect\":\"apart\",\"quorum\":1,\"of\":[{\"organization\":\"x\"}]}]", ADDUCE_E_VALUE,
       "the effect is counts"},
      {"[{\"admission\":\"admit\",\"quorum\":1,\"of\":[{\"organization\":\"x\"}]}]", ADDUCE_E_FIELD,
       "rules.0.quorum: an admission"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"organization\":\"x\"}],\"otherwise\":"
       "\"counts\"}]",
       ADDUCE_E_VALUE, "rules.0.otherwise"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"organization\":\"x\"}],\"otherwise\":1}]",
       ADDUCE_E_TYPE, "rules.0.otherwise"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[]}]", ADDUCE_E_TYPE, "rules.0.of"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":\"x\"}]", ADDUCE_E_TYPE, "rules.0.of"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[\"x\"]}]", ADDUCE_E_TYPE, "a member is a map"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"organization\":\"x\",\"origin\":\"y\"}]}]",
       ADDUCE_E_TYPE, "a member is a map with one"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"kind\":\"x\"}]}]", ADDUCE_E_FIELD,
       "no member has this"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"organization\":\"\"}]}]", ADDUCE_E_VALUE,
       "rules.0.of: it is empty"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"author\":\"x\"}]}]", ADDUCE_E_VALUE,
       "an author is a key"},
      {"[{\"effect\":\"counts\",\"quorum\":1,\"of\":[{\"origin\":\"x\"},{\"origin\":\"x\"}]}]",
       ADDUCE_E_VALUE, "a member is there twice"},
      {"[{\"delegate\":\"x.example\",\"kind\":\"a.b\"}]", ADDUCE_E_FIELD, "later version"},
      {"[{\"tlog_policy\":\"log x\",\"effect\":\"counts\"}]", ADDUCE_E_FIELD, "tlog_policy"},
      {"[\"x\"]", ADDUCE_E_TYPE, "rules.0: a rule is a map"},
      {"{\"a\":\"x\"}", ADDUCE_E_TYPE, "a list of rules"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct trust trust;
    assert_int_equal(read(&trust, wrong[i].json), wrong[i].err);
    if (strstr(adduce_scope_detail(scope), wrong[i].detail) == NULL)
      fail_msg("%s: %s", wrong[i].json, adduce_scope_detail(scope));
  }
}

/* The first rule of admission that fits decides; effects have no say in it. */
static void foreign_events_are_judged(void **state) {
  (void)state;
  static const uint8_t author32[32] = {1}, genesis32[32] = {2};
  struct trust trust;
  const struct trust_rule *rule;
  struct trust_foreign foreign = {
      .author32 = author32,
      .kind = span_text("release.announced"),
      .subject = span_text("a.example/b/c"),
      .genesis32 = genesis32,
      .origin = span_text("p.example"),
  };
  assert_int_equal(
      read(&trust,
           "[{\"effect\":\"ignored\"},"
           "{\"admission\":\"refuse\",\"source\":\"p.example\",\"kind\":\"sanction.\"},"
           "{\"admission\":\"admit\",\"source\":"
           "\"0200000000000000000000000000000000000000000000000000000000000000\","
           "\"subject\":\"a.example/\"},"
           "{\"admission\":\"admit\",\"author\":"
           "\"0100000000000000000000000000000000000000000000000000000000000000\",\"kind\":\"x.y\"}"
           "]"),
      ADDUCE_OK);
  assert_int_equal(trust.count, 1);
  assert_int_equal(trust.admission_count, 3);
  assert_int_equal(trust_admit(&trust, &foreign, &rule), TRUST_ADMIT);
  assert_int_equal(rule->place, 2);
  foreign.kind = span_text("sanction.eased");
  assert_int_equal(trust_admit(&trust, &foreign, &rule), TRUST_REFUSE);
  foreign.origin = span_text("q.example");
  assert_int_equal(trust_admit(&trust, &foreign, &rule), TRUST_ADMIT);
  foreign.subject = span_text("b.example/c");
  assert_int_equal(trust_admit(&trust, &foreign, &rule), TRUST_QUARANTINE);
  assert_null(rule);
  foreign.is_subject_unknown = true;
  foreign.subject = span_text("");
  assert_int_equal(trust_admit(&trust, &foreign, &rule), TRUST_QUARANTINE);
  assert_null(rule);
  foreign.is_subject_unknown = false;
  foreign.kind = span_text("x.y");
  assert_int_equal(trust_admit(&trust, &foreign, &rule), TRUST_ADMIT);
  assert_int_equal(rule->place, 3);
}

static void there_are_so_many_rules_at_most(void **state) {
  (void)state;
  struct trust trust;
  for (unsigned count = TRUST_RULES; count <= TRUST_RULES + 1; count++) {
    const char *json = "[{\"effect\":\"apart\",\"kind\":\"a.b\"}";
    for (unsigned i = 1; i < count; i++)
      json = scope_format(scope, "%s,{\"effect\":\"apart\",\"kind\":\"a.b\"}", json);
    enum adduce_err err = read(&trust, scope_format(scope, "%s]", json));
    assert_int_equal(err, count <= TRUST_RULES ? ADDUCE_OK : ADDUCE_E_TOO_LARGE);
  }
}

static void beginnings_end_in_a_mark(void **state) {
  (void)state;
  assert_true(trust_fits(span_text("sanction."), span_text("sanction.imposed")));
  assert_false(trust_fits(span_text("sanction"), span_text("sanction.imposed")));
  assert_true(trust_fits(span_text("a.example/b/"), span_text("a.example/b/c")));
  assert_false(trust_fits(span_text("a.example/b"), span_text("a.example/b/c")));
  assert_true(trust_fits(span_text("a.example:"), span_text("a.example:x.done")));
  assert_false(trust_fits(span_text("sanction.imposed."), span_text("sanction.imposed")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_are_read),
      cmocka_unit_test(a_quorum_has_members),
      cmocka_unit_test(a_quorum_has_so_many_members_at_most),
      cmocka_unit_test(what_is_no_rule_is_refused_with_its_place),
      cmocka_unit_test(foreign_events_are_judged),
      cmocka_unit_test(there_are_so_many_rules_at_most),
      cmocka_unit_test(beginnings_end_in_a_mark),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
