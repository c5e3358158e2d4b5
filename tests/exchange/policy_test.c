/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/policy.h"

#include "logs.h"

#define WITNESSES 6

static struct signer *witnesses[WITNESSES];
static const char *log_vkey, *other_vkey, *vkeys[WITNESSES];

static int setup(void **state) {
  if (open_logs(state) != 0) return -1;
  for (int i = 0; i < WITNESSES; i++) {
    if (signer_generate(scope, &witnesses[i]) != ADDUCE_OK) return -1;
    if (cosignature_vkey_encode(scope, &vkeys[i], span_text("w"), signer_key(witnesses[i])) !=
        ADDUCE_OK)
      return -1;
  }
  if (note_vkey_encode(scope, &other_vkey, span_text(ORIGIN), signer_key(other_key)) != ADDUCE_OK)
    return -1;
  return note_vkey_encode(scope, &log_vkey, span_text(ORIGIN), signer_key(log_key)) == ADDUCE_OK
             ? 0
             : -1;
}

static int teardown(void **state) {
  for (int i = 0; i < WITNESSES; i++) signer_close(&witnesses[i]);
  return close_logs(state);
}

/* Two of three of one organization and one of three of another: the specification's example. */
static const char *example(void) {
  return scope_format(scope,
                      "# the example\n\n  log %s\thttps://log.example/ledger \n"
                      "witness X1 %s\nwitness X2 %s\nwitness X3 %s\n"
                      "group X-witnesses 2 X1 X2 X3\n \t# indented\n"
                      "witness Y1 %s\nwitness Y2 %s https://w.example/\nwitness Y3 %s\n"
                      "group Y-witnesses any Y1 Y2 Y3\n"
                      "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
                      log_vkey, vkeys[0], vkeys[1], vkeys[2], vkeys[3], vkeys[4], vkeys[5]);
}

static struct adduce_span cosigned(unsigned who) {
  struct tree tree = tree_make(3, 0, "");
  struct checkpoint head = tree_head(&tree, 3);
  struct buffer note;
  struct adduce_span text;
  buffer_init(&note, scope);
  buffer_span(&note, sign_head(&head, log_key));
  assert_int_equal(checkpoint_text(scope, &text, &head), ADDUCE_OK);
  for (int i = 0; i < WITNESSES; i++)
    if (who >> i & 1)
      assert_int_equal(
          cosignature_sign(scope, &note, text, span_text("w"), witnesses[i], 1700000000 + i),
          ADDUCE_OK);
  return text_of(&note);
}

static void a_quorum_is_met_by_the_right_subsets(void **state) {
  (void)state;
  struct policy policy;
  assert_int_equal(policy_parse(scope, &policy, span_text(example())), ADDUCE_OK);
  assert_int_equal(policy.log_count, 1);
  assert_true(span_is(policy.logs[0].url, "https://log.example/ledger"));
  assert_true(span_is(policy.witnesses[4].url, "https://w.example/"));
  for (unsigned who = 0; who < 1u << WITNESSES; who++) {
    struct policy_verdict verdict;
    bool expected = __builtin_popcount(who & 7) >= 2 && (who & 070) != 0;
    assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(who)),
                     expected ? ADDUCE_OK : ADDUCE_E_QUORUM);
    assert_int_equal(verdict.met, expected);
    assert_int_equal(verdict.checkpoint.size, 3);
    for (int i = 0; i < WITNESSES; i++)
      assert_int_equal(verdict.witness_times_s[i], who >> i & 1 ? 1700000000 + i : 0);
  }
}

static void a_missed_rule_is_said(void **state) {
  (void)state;
  struct policy policy;
  struct policy_verdict verdict;
  const char *json;
  assert_int_equal(policy_parse(scope, &policy, span_text(example())), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(1 + 8)), ADDUCE_E_QUORUM);
  assert_string_equal(adduce_scope_detail(scope),
                      "the quorum is missed: group X-and-Y needs 2 of its 2 members, 1 cosigned");
  struct adduce_value *value = policy_describe(scope, &policy, &verdict);
  assert_int_equal(adduce_value_to_json(scope, &json, value, false), ADDUCE_OK);
  assert_non_null(strstr(
      json, "{\"name\": \"X-witnesses\", \"needs\": 2, \"of\": 3, \"has\": 1, \"met\": false}"));
  assert_non_null(strstr(
      json,
      "{\"name\": \"Y1\", \"key\": \"w\", \"cosigned\": true, \"at\": \"2023-11-14T22:13:23Z\"}"));
}

static void a_log_must_have_signed(void **state) {
  (void)state;
  struct policy policy;
  struct policy_verdict verdict;
  const char *text = scope_format(scope, "log %s\nquorum none\n", other_vkey);
  assert_int_equal(policy_parse(scope, &policy, span_text(text)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(0)), ADDUCE_E_SIGNATURE);
  assert_int_equal(policy_parse(scope, &policy, span_text("quorum none\n")), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(0)), ADDUCE_E_SIGNATURE);
  text = scope_format(scope, "log %s\nlog %s\nquorum none\n", other_vkey, log_vkey);
  assert_int_equal(policy_parse(scope, &policy, span_text(text)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(0)), ADDUCE_OK);
  assert_ptr_equal(verdict.log, &policy.logs[1]);
}

static void one_bad_signature_of_a_known_witness_refuses_the_note(void **state) {
  (void)state;
  struct policy policy;
  struct policy_verdict verdict;
  struct buffer note;
  uint8_t blob[72] = {0, 0, 0, 0, 0, 0, 0, 9};
  assert_int_equal(policy_parse(scope, &policy, span_text(example())), ADDUCE_OK);
  buffer_init(&note, scope);
  buffer_span(&note, cosigned(1 + 2 + 8));
  assert_int_equal(note_append_line(scope, &note, span_text("w"), policy.witnesses[5].key.key_id,
                                    span_of(blob, sizeof blob)),
                   ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, text_of(&note)), ADDUCE_E_SIGNATURE);
}

static void a_witness_may_be_the_quorum(void **state) {
  (void)state;
  struct policy policy;
  struct policy_verdict verdict;
  const char *text =
      scope_format(scope, "log %s\nwitness all %s\nquorum all\n", log_vkey, vkeys[2]);
  assert_int_equal(policy_parse(scope, &policy, span_text(text)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(4)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(3)), ADDUCE_E_QUORUM);
}

/* An ML-DSA-44 verifier key, and a line of the length that its signatures have (C2SP
 * tlog-cosignature: 8 bytes of time and 2420); nobody here can tell whether it is good. */
static const char *pq_vkey(const char *name, uint8_t seed) {
  const char *vkey;
  uint8_t *material = scope_alloc(scope, 1312);
  memset(material, seed, 1312);
  assert_int_equal(
      note_vkey_join(scope, &vkey, span_text(name), NOTE_ML_DSA_44, span_of(material, 1312)),
      ADDUCE_OK);
  return vkey;
}

static struct adduce_span with_pq_line(struct adduce_span note, const char *vkey) {
  struct buffer out;
  struct note_vkey split;
  uint8_t *signature = scope_alloc(scope, 2428);
  memset(signature, 7, 2428);
  buffer_init(&out, scope);
  buffer_span(&out, note);
  assert_int_equal(note_vkey_split(scope, &split, span_text(vkey)), ADDUCE_OK);
  assert_int_equal(
      note_append_line(scope, &out, split.name, split.key_id, span_of(signature, 2428)), ADDUCE_OK);
  return text_of(&out);
}

static const char *why_not(const struct policy *policy, const struct policy_verdict *verdict) {
  const struct adduce_value *map = policy_describe(scope, policy, verdict);
  const struct adduce_value *first = adduce_value_at(adduce_value_get(map, "witnesses"), 0);
  return adduce_value_text(adduce_value_get(first, "why_not"));
}

static void a_witness_with_a_key_we_cannot_use_never_counts(void **state) {
  (void)state;
  struct policy policy;
  struct policy_verdict verdict;
  const char *vkey = pq_vkey("pq", 1);
  const char *text =
      scope_format(scope, "log %s\nwitness a %s\nwitness b %s\ngroup g any a b\nquorum g\n",
                   log_vkey, vkey, vkeys[0]);
  assert_int_equal(policy_parse(scope, &policy, span_text(text)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(0)), ADDUCE_E_QUORUM);
  assert_non_null(strstr(why_not(&policy, &verdict), "its key is ML-DSA-44 (type 0x06)"));
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(1)), ADDUCE_OK);
  /* Its line is tolerated, does not count, and is told apart from one that is not there. */
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, with_pq_line(cosigned(0), vkey)),
                   ADDUCE_E_QUORUM);
  assert_non_null(strstr(why_not(&policy, &verdict), "it signed with ML-DSA-44 (type 0x06)"));
  assert_int_equal(verdict.unknown, 0);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, with_pq_line(cosigned(1), vkey)),
                   ADDUCE_OK);
  /* One that nobody names is passed over, and counted. */
  assert_int_equal(
      policy_evaluate(scope, &verdict, &policy, with_pq_line(cosigned(1), pq_vkey("x", 2))),
      ADDUCE_OK);
  assert_int_equal(verdict.unknown, 1);
  const struct adduce_value *map = policy_describe(scope, &policy, &verdict);
  assert_int_equal(adduce_value_integer(adduce_value_get(map, "unknown_signatures")), 1);
}

/* A log may sign with both; with ML-DSA-44 alone there is nothing to believe. */
static void a_log_with_a_key_we_cannot_use_is_named(void **state) {
  (void)state;
  struct policy policy;
  struct policy_verdict verdict;
  const char *vkey = pq_vkey(ORIGIN, 1);
  const char *both = scope_format(scope, "log %s\nlog %s\nquorum none\n", vkey, log_vkey);
  assert_int_equal(policy_parse(scope, &policy, span_text(both)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, with_pq_line(cosigned(0), vkey)),
                   ADDUCE_OK);
  assert_ptr_equal(verdict.log, &policy.logs[1]);
  const char *alone = scope_format(scope, "log %s\nquorum none\n", vkey);
  assert_int_equal(policy_parse(scope, &policy, span_text(alone)), ADDUCE_OK);
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, with_pq_line(cosigned(0), vkey)),
                   ADDUCE_E_SIGNATURE);
  assert_non_null(strstr(adduce_scope_detail(scope), "ML-DSA-44 (type 0x06) alone"));
  assert_int_equal(policy_evaluate(scope, &verdict, &policy, cosigned(0)), ADDUCE_E_SIGNATURE);
  const char *twice = scope_format(scope, "log %s\nlog %s\nquorum none\n", vkey, vkey);
  assert_int_equal(policy_parse(scope, &policy, span_text(twice)), ADDUCE_E_POLICY);
}

static void thirty_two_of_each_and_more_are_taken(void **state) {
  (void)state;
  struct buffer text;
  struct policy policy;
  struct signer *signer;
  const char *vkey;
  buffer_init(&text, scope);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(signer_generate(scope, &signer), ADDUCE_OK);
    assert_int_equal(note_vkey_encode(scope, &vkey, span_text("l"), signer_key(signer)), ADDUCE_OK);
    buffer_format(&text, "log %s\n", vkey);
    assert_int_equal(cosignature_vkey_encode(scope, &vkey, span_text("w"), signer_key(signer)),
                     ADDUCE_OK);
    buffer_format(&text, "witness w%d %s\ngroup g%d any w%d%s", i, vkey, i, i, i == 0 ? "\n" : "");
    if (i != 0) buffer_format(&text, " g%d\n", i - 1);
    signer_close(&signer);
  }
  buffer_text(&text, "quorum g99\n");
  assert_int_equal(policy_parse(scope, &policy, text_of(&text)), ADDUCE_OK);
  assert_int_equal(policy.log_count, 100);
}

static void every_malformed_policy_is_refused_with_its_line(void **state) {
  (void)state;
  const char *l = log_vkey, *a = vkeys[0], *b = vkeys[1];
  const char *bad[] = {
      "",
      "\n",
      "quorum none",
      "quorum\n",
      "quorum x\n",
      "quorum none none\n",
      "quorum none\nquorum none\n",
      "Quorum none\n",
      "log\nquorum none\n",
      "log x\nquorum none\n",
      "quorum none # no comment here\n",
      "quorum\xc2\xa0none\n",
      "quorum none\r\n",
      scope_format(scope, "log %s\n", l),
      scope_format(scope, "log %s u v\nquorum none\n", l),
      scope_format(scope, "log %s\nlog %s\nquorum none\n", l, l),
      scope_format(scope, "log %s\nquorum none\n", a),
      scope_format(scope, "witness %s\nquorum none\n", a),
      scope_format(scope, "witness a %s\nquorum none\n", l),
      scope_format(scope, "witness none %s\nquorum none\n", a),
      scope_format(scope, "witness a %s\nwitness a %s\nquorum a\n", a, b),
      scope_format(scope, "witness a %s\nwitness b %s\nquorum a\n", a, a),
      scope_format(scope, "witness a %s\nquorum A\n", a),
      scope_format(scope, "quorum a\nwitness a %s\n", a),
      scope_format(scope, "witness a %s\ngroup g\nquorum a\n", a),
      scope_format(scope, "witness a %s\ngroup g any\nquorum a\n", a),
      scope_format(scope, "witness a %s\ngroup g 0 a\nquorum a\n", a),
      scope_format(scope, "witness a %s\ngroup g 2 a\nquorum a\n", a),
      scope_format(scope, "witness a %s\ngroup g 01 a\nquorum a\n", a),
      scope_format(scope, "witness a %s\ngroup g most a\nquorum a\n", a),
      scope_format(scope, "witness a %s\ngroup g any a a\nquorum g\n", a),
      scope_format(scope, "witness a %s\ngroup g any g\nquorum g\n", a),
      scope_format(scope, "witness a %s\ngroup g any none\nquorum g\n", a),
      scope_format(scope, "witness a %s\ngroup g any a\ngroup h any a\nquorum h\n", a),
      scope_format(scope, "witness a %s\ngroup a any a\nquorum a\n", a),
      scope_format(scope, "group g any a\nwitness a %s\nquorum g\n", a),
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct policy policy;
    enum adduce_err err = policy_parse(scope, &policy, span_text(bad[i]));
    if (err != ADDUCE_E_POLICY) print_error("%s\n", bad[i]);
    assert_int_equal(err, ADDUCE_E_POLICY);
    assert_non_null(strstr(adduce_scope_detail(scope), "line "));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quorum_is_met_by_the_right_subsets),
      cmocka_unit_test(a_missed_rule_is_said),
      cmocka_unit_test(a_log_must_have_signed),
      cmocka_unit_test(one_bad_signature_of_a_known_witness_refuses_the_note),
      cmocka_unit_test(a_witness_may_be_the_quorum),
      cmocka_unit_test(a_witness_with_a_key_we_cannot_use_never_counts),
      cmocka_unit_test(a_log_with_a_key_we_cannot_use_is_named),
      cmocka_unit_test(thirty_two_of_each_and_more_are_taken),
      cmocka_unit_test(every_malformed_policy_is_refused_with_its_line),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
