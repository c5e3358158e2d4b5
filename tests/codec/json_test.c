/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "samples.h"

static struct adduce_scope *scope;

static int open_scope(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static int close_scope(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static const struct adduce_value *read_json(const char *json) {
  const struct adduce_value *value;
  enum adduce_err err = adduce_value_from_json(scope, &value, json, strlen(json));
  if (err != ADDUCE_OK) fail_msg("%s: %s", json, adduce_scope_detail(scope));
  return value;
}

static const char *write_json(const struct adduce_value *value, bool pretty) {
  const char *json;
  assert_int_equal(adduce_value_to_json(scope, &json, value, pretty), ADDUCE_OK);
  return json;
}

static void json_is_written_as_it_was_read(void **state) {
  static const char *const texts[] = {
      "{}",
      "[]",
      "true",
      "-9007199254740991",
      "9007199254740991",
      "\"\"",
      "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u009b/\"",
      "{\"z\": 1, \"a\": [1, [], {}, \"ä囚😀\"], \"m\": {\"q\": false}}",
      "{\"$id\": \"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"}",
      "{\"$bytes\": \"\"}",
      "{\"$bytes\": \"AAEC/w==\"}",
      "{\"$$id\": 5}",
      "{\"$$$x\": 5}",
      "{\"$$\": 5}",
      "{\"$id\": 1, \"$bytes\": 2}",
      "{\"?\": \"unknown\"}",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_string_equal(write_json(read_json(texts[i]), false), texts[i]);
}

static void bytes_come_from_ids_and_base64(void **state) {
  const struct adduce_value *value;
  (void)state;
  value = read_json(
      " { \"$id\" : \"00FF02030405060708090203040506070809020304050607080900010203aaBB\" } ");
  assert_int_equal(adduce_value_type(value), ADDUCE_BYTES);
  assert_int_equal(adduce_value_bytes(value).size, 32);
  assert_int_equal(adduce_value_bytes(value).data[31], 0xbb);
  value = read_json("{\"\\u0024bytes\": \"AAEC\"}");
  assert_true(span_equal(adduce_value_bytes(value), span_of("\0\1\2", 3)));
}

static void a_doubled_dollar_is_one(void **state) {
  (void)state;
  assert_string_equal(adduce_value_key(read_json("{\"$$id\": 5}"), 0), "$id");
  assert_string_equal(adduce_value_key(read_json("{\"$$id\": 5, \"x\": 1}"), 0), "$$id");
}

static void pretty_json_is_indented_by_two(void **state) {
  (void)state;
  assert_string_equal(write_json(read_json("{\"a\":[1,{}],\"b\":{\"c\":[]}}"), true),
                      "{\n"
                      "  \"a\": [\n"
                      "    1,\n"
                      "    {}\n"
                      "  ],\n"
                      "  \"b\": {\n"
                      "    \"c\": []\n"
                      "  }\n"
                      "}");
}

static void what_adduce_cannot_take_is_refused_with_its_place(void **state) {
  static const struct {
    const char *json;
    enum adduce_err err;
    const char *detail; /* its beginning */
  } cases[] = {
      {"", ADDUCE_E_JSON, "line 1, column 0: "},
      {" \n", ADDUCE_E_JSON, "line 2, column 0: "},
      {"{", ADDUCE_E_JSON, "line 1, column 1: "},
      {"{\"a\": 1,}", ADDUCE_E_JSON, "line 1, column 9: "},
      {"[1] x", ADDUCE_E_JSON, "line 1, column 5: "},
      {"'a'", ADDUCE_E_JSON, "line 1, column 1: "},
      {"[01]", ADDUCE_E_JSON, "line 1, column 2: "},
      {"nul", ADDUCE_E_JSON, "line 1, column 3: "},
      {"NaN", ADDUCE_E_JSON, "line 1, column 3: "},
      {"\"\\ud800\"", ADDUCE_E_JSON, "line 1, column "},
      {"[1.0]", ADDUCE_E_JSON, "line 1, column 2: a number with a fraction"},
      {"[\n  1e3]", ADDUCE_E_JSON, "line 2, column 3: a number with a fraction"},
      {"-1E+400", ADDUCE_E_JSON, "line 1, column 1: a number with a fraction"},
      {"{\"ä\": null}", ADDUCE_E_JSON, "line 1, column 7: null is not allowed"},
      {"{\"a\": 1, \"a\": 1}", ADDUCE_E_JSON, "line 1, column 12: duplicate object key"},
      {"{\"a\": 1, \"\\u0061\": 1}", ADDUCE_E_JSON, "line 1, column 17: duplicate object key"},
      {"9007199254740992", ADDUCE_E_VALUE, "line 1, column 1: an integer beyond 2^53 - 1"},
      {"[0, -9007199254740992]", ADDUCE_E_VALUE, "line 1, column 5: an integer beyond"},
      {"99999999999999999999999999", ADDUCE_E_VALUE, "line 1, column 1: an integer beyond"},
      {"\"a\\u0000\"", ADDUCE_E_TEXT, "line 1, column 9: the text holds U+0000"},
      {"{\"\\u0000\": 1}", ADDUCE_E_TEXT, "line 1, column "},
      {"\"\xff\"", ADDUCE_E_TEXT, "line 1, column 1: "},
      {"\"\xed\xa0\x80\"", ADDUCE_E_TEXT, "line 1, column 1: "},
      {"{\"a\": {\"$id\": \"00\"}}", ADDUCE_E_JSON, "field a: \"$id\" wants 64"},
      {"{\"$id\": 7}", ADDUCE_E_JSON, "the value: \"$id\" wants text"},
      {"[{\"$bytes\": \"AA\"}]", ADDUCE_E_JSON, "field [0]: \"$bytes\" wants base64"},
      {"{\"$bytes\": \"AAF=\"}", ADDUCE_E_JSON, "the value: \"$bytes\" wants base64"},
      {"{\"$\": 1}", ADDUCE_E_JSON, "the value: a map whose only key begins with"},
      {"{\"$x\": 1}", ADDUCE_E_JSON, "the value: a map whose only key begins with"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct adduce_span json = sample_exact(span_text(cases[i].json));
    const struct adduce_value *value = read_json("1");
    enum adduce_err err = adduce_value_from_json(scope, &value, (const char *)json.data, json.size);
    const char *detail = adduce_scope_detail(scope);
    if (err != cases[i].err || strncmp(detail, cases[i].detail, strlen(cases[i].detail)) != 0)
      fail_msg("%s: %s: %s", cases[i].json, adduce_error_name(err), detail);
    assert_null(value);
    sample_free(json);
  }
}

static enum adduce_err read_nested(unsigned lists, const char *inmost) {
  const struct adduce_value *value;
  struct adduce_span canonical;
  char json[256];
  char *at = json;
  for (unsigned i = 0; i < lists; i++) *at++ = '[';
  at += snprintf(at, 128, "%s", inmost);
  for (unsigned i = 0; i < lists; i++) *at++ = ']';
  enum adduce_err err = adduce_value_from_json(scope, &value, json, (size_t)(at - json));
  if (err == ADDUCE_OK) assert_int_equal(value_encode(scope, &canonical, value), ADDUCE_OK);
  return err;
}

static void sixteen_deep_is_the_limit(void **state) {
  (void)state;
  assert_int_equal(read_nested(15, "1"), ADDUCE_OK);
  assert_int_equal(read_nested(15, "[ \n]"), ADDUCE_OK);
  assert_int_equal(read_nested(15, "{}"), ADDUCE_OK);
  assert_int_equal(read_nested(15, "{ \"$bytes\": \"AA==\"}"), ADDUCE_OK);
  assert_int_equal(read_nested(16, "1"), ADDUCE_E_JSON);
  assert_string_equal(adduce_scope_detail(scope), "line 1, column 16: nested more than 16 deep");
  assert_int_equal(read_nested(16, "[]"), ADDUCE_E_JSON);
  assert_int_equal(read_nested(15, "{\"a\": 1}"), ADDUCE_E_JSON);
  assert_int_equal(read_nested(15, "{\"$bytes\": \"AA==\", \"b\": 1}"), ADDUCE_E_JSON);
  assert_int_equal(read_nested(15, "[\"$id\"]"), ADDUCE_E_JSON);
  assert_int_equal(read_nested(60, "1"), ADDUCE_E_JSON);
  assert_int_equal(read_nested(12, "[1],[1],[1],[1],[1],[1],[1]"), ADDUCE_OK);
}

static void strings_hide_nothing_from_the_survey(void **state) {
  (void)state;
  assert_string_equal(
      write_json(read_json("[\"null\", \"1.5\", \"[[[[\\\"\", \"\\\\\", 1]"), false),
      "[\"null\", \"1.5\", \"[[[[\\\"\", \"\\\\\", 1]");
}

static void what_is_no_text_is_written_with_replacements(void **state) {
  (void)state;
  assert_string_equal(write_json(value_text(scope,
                                            "a\xff\xfe"
                                            "b"),
                                 false),
                      "\"a\\ufffd\\ufffdb\"");
  assert_string_equal(write_json(value_str(scope, span_of("a\0b", 3)), false), "\"a\\u0000b\"");
}

static void random_values_survive_json(void **state) {
  uint64_t random = 1600;
  (void)state;
  for (int i = 0; i < 5000; i++) {
    struct scope_mark mark = scope_mark(scope);
    const struct adduce_value *again, *value = sample_value(scope, &random, 7);
    const char *json = write_json(value, i % 2 == 1);
    struct adduce_span exact = sample_exact(span_text(json));
    assert_int_equal(adduce_value_from_json(scope, &again, (const char *)exact.data, exact.size),
                     ADDUCE_OK);
    assert_true(value_equal(value, again));
    assert_string_equal(write_json(again, i % 2 == 1), json);
    sample_free(exact);
    scope_rewind(scope, mark);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_is_written_as_it_was_read),
      cmocka_unit_test(bytes_come_from_ids_and_base64),
      cmocka_unit_test(a_doubled_dollar_is_one),
      cmocka_unit_test(pretty_json_is_indented_by_two),
      cmocka_unit_test(what_adduce_cannot_take_is_refused_with_its_place),
      cmocka_unit_test(sixteen_deep_is_the_limit),
      cmocka_unit_test(strings_hide_nothing_from_the_survey),
      cmocka_unit_test(what_is_no_text_is_written_with_replacements),
      cmocka_unit_test(random_values_survive_json),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
