/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/quantity.h"

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

static struct adduce_span encode(const char *json) {
  struct adduce_span encoded;
  assert_int_equal(value_encode(scope, &encoded, draft_json(scope, json)), ADDUCE_OK);
  return encoded;
}

static struct quantity must_parse(const char *json) {
  struct quantity quantity;
  const char *reason;
  if (!quantity_parse(encode(json), &quantity, &reason)) fail_msg("%s: %s", json, reason);
  assert_null(reason);
  return quantity;
}

static void a_quantity_is_an_interval(void **state) {
  (void)state;
  static const struct {
    const char *json;
    int64_t at_least, at_most;
  } cases[] = {
      {"{\"exact\":123}", 123, 123},
      {"{\"exact\":0}", 0, 0},
      {"{\"at_least\":5}", 5, QUANTITY_UNBOUNDED},
      {"{\"at_most\":7}", 0, 7},
      {"{\"at_least\":5,\"at_most\":7}", 5, 7},
      {"{\"at_least\":5,\"at_most\":5}", 5, 5},
      {"{\"about\":120}", 0, QUANTITY_UNBOUNDED},
      {"{\"some\":true}", 1, QUANTITY_UNBOUNDED},
      {"{\"majority_of\":123}", 62, 123},
      {"{\"majority_of\":1}", 1, 1},
      {"{\"majority_of\":2}", 2, 2},
      {"{\"majority_of\":124}", 63, 124},
      {"{\"majority_of\":\"monitor.example/group\"}", 1, QUANTITY_UNBOUNDED},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct quantity quantity = must_parse(cases[i].json);
    assert_true(quantity.at_least == cases[i].at_least && quantity.at_most == cases[i].at_most);
  }
}

static void what_else_a_quantity_says(void **state) {
  (void)state;
  struct quantity quantity = must_parse("{\"about\":120,\"unit\":\"persons\",\"of\":\"a.b/c\"}");
  assert_true(quantity.about && quantity.about_value == 120);
  assert_true(span_is(quantity.unit, "persons"));
  assert_true(span_is(quantity.of, "a.b/c"));
  assert_false(quantity.majority_of_subject);
  quantity = must_parse("{\"majority_of\":\"a.b/c\"}");
  assert_true(quantity.majority_of_subject && span_is(quantity.of, "a.b/c"));
  quantity = must_parse("{\"majority_of\":5,\"of\":\"a.b/c\"}");
  assert_true(!quantity.majority_of_subject && span_is(quantity.of, "a.b/c"));
}

static void what_is_no_quantity_is_refused(void **state) {
  (void)state;
  static const char *const cases[] = {
      "{}",
      "5",
      "\"5\"",
      "[5]",
      "true",
      "{\"unit\":\"persons\"}",
      "{\"exact\":-1}",
      "{\"exact\":\"5\"}",
      "{\"exact\":1,\"about\":1}",
      "{\"exact\":1,\"some\":true}",
      "{\"at_least\":8,\"at_most\":7}",
      "{\"at_least\":1,\"at_most\":7,\"exact\":3}",
      "{\"some\":false}",
      "{\"some\":1}",
      "{\"majority_of\":0}",
      "{\"majority_of\":\"x\"}",
      "{\"majority_of\":true}",
      "{\"majority_of\":\"a.b/c\",\"of\":\"a.b/d\"}",
      "{\"exact\":1,\"of\":\"x\"}",
      "{\"exact\":1,\"of\":5}",
      "{\"exact\":1,\"unit\":\"\"}",
      "{\"exact\":1,\"unit\":5}",
      "{\"exactly\":1}",
      "{\"exact\":1,\"more\":1}",
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct quantity quantity;
    const char *reason = NULL;
    if (quantity_parse(encode(cases[i]), &quantity, &reason)) fail_msg("%s", cases[i]);
    assert_non_null(reason);
    assert_false(quantity_parse(encode(cases[i]), &quantity, NULL));
  }
}

static void a_majority_is_more_than_half(void **state) {
  (void)state;
  for (int64_t total = 1; total < 1000; total++) {
    char json[64];
    (void)snprintf(json, sizeof json, "{\"majority_of\":%lld}", (long long)total);
    struct quantity quantity = must_parse(json);
    assert_true(2 * quantity.at_least > total && 2 * (quantity.at_least - 1) <= total);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_quantity_is_an_interval),
      cmocka_unit_test(what_else_a_quantity_says),
      cmocka_unit_test(what_is_no_quantity_is_refused),
      cmocka_unit_test(a_majority_is_more_than_half),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
