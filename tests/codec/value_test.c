/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/value.h"

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

/* {"b": [true, -7], "a": "text", "c": <01 00 02>} */
static struct adduce_value *make_example(void) {
  struct adduce_value *map = value_map(scope), *list = value_list(scope);
  value_add(scope, list, value_boolean(scope, true));
  value_add(scope, list, value_integer(scope, -7));
  value_set(scope, map, "b", list);
  value_set_text(scope, map, "a", "text");
  value_set(scope, map, "c", value_bytes(scope, span_of("\1\0\2", 3)));
  return map;
}

static void getters_give_what_builders_took(void **state) {
  const struct adduce_value *map = make_example(), *list = adduce_value_get(map, "b");
  (void)state;
  assert_int_equal(value_finish(scope), ADDUCE_OK);
  assert_int_equal(adduce_value_type(map), ADDUCE_MAP);
  assert_int_equal(adduce_value_count(map), 3);
  assert_string_equal(adduce_value_key(map, 0), "b");
  assert_string_equal(adduce_value_key(map, 1), "a");
  assert_ptr_equal(adduce_value_at(map, 0), list);
  assert_int_equal(adduce_value_count(list), 2);
  assert_true(adduce_value_boolean(adduce_value_at(list, 0)));
  assert_int_equal(adduce_value_integer(adduce_value_at(list, 1)), -7);
  assert_string_equal(adduce_value_text(adduce_value_get(map, "a")), "text");
  assert_int_equal(adduce_value_bytes(adduce_value_get(map, "c")).size, 3);
  assert_true(span_is(adduce_value_bytes(adduce_value_get(map, "a")), "text"));
}

static void a_getter_of_another_type_gives_nothing(void **state) {
  const struct adduce_value *map = make_example(), *text = adduce_value_get(map, "a");
  (void)state;
  assert_false(adduce_value_boolean(text));
  assert_int_equal(adduce_value_integer(text), 0);
  assert_string_equal(adduce_value_text(map), "");
  assert_int_equal(adduce_value_bytes(map).size, 0);
  assert_int_equal(adduce_value_count(text), 0);
  assert_null(adduce_value_at(text, 0));
  assert_null(adduce_value_at(map, 3));
  assert_string_equal(adduce_value_key(map, 3), "");
  assert_string_equal(adduce_value_key(text, 0), "");
  assert_null(adduce_value_get(map, "d"));
  assert_null(adduce_value_get(text, "a"));
  assert_null(adduce_value_get(NULL, "a"));
  assert_int_equal(adduce_value_count(NULL), 0);
  assert_string_equal(adduce_value_text(NULL), "");
}

static void a_key_set_again_keeps_its_place(void **state) {
  struct adduce_value *map = make_example();
  (void)state;
  value_set_integer(scope, map, "b", 1);
  assert_int_equal(adduce_value_count(map), 3);
  assert_string_equal(adduce_value_key(map, 0), "b");
  assert_int_equal(adduce_value_integer(adduce_value_at(map, 0)), 1);
}

static void equality_does_not_ask_for_the_order_of_keys(void **state) {
  struct adduce_value *a = value_map(scope), *b = value_map(scope);
  (void)state;
  value_set_integer(scope, a, "x", 1);
  value_set_integer(scope, a, "y", 2);
  value_set_integer(scope, b, "y", 2);
  assert_false(value_equal(a, b));
  value_set_integer(scope, b, "x", 1);
  assert_true(value_equal(a, b));
  value_set_integer(scope, b, "x", 2);
  assert_false(value_equal(a, b));
  assert_true(value_equal(make_example(), make_example()));
  assert_false(value_equal(value_text(scope, "x"), value_bytes(scope, span_text("x"))));
  assert_false(value_equal(a, NULL));
  assert_true(value_equal(NULL, NULL));
}

static void encoding_sorts_keys_and_leaves_the_value_alone(void **state) {
  struct adduce_value *map = make_example();
  struct adduce_span bytes;
  static const char expected[] =
      "\x83\xa1"
      "a\xa4text\xa1"
      "b\x92\xc3\xf9\xa1"
      "c\xc4\x03\x01\x00\x02";
  (void)state;
  assert_int_equal(value_encode(scope, &bytes, map), ADDUCE_OK);
  assert_true(span_equal(bytes, span_of(expected, sizeof expected - 1)));
  assert_string_equal(adduce_value_key(map, 0), "b");
}

static void expect_refused(const struct adduce_value *value, enum adduce_err err,
                           const char *detail) {
  struct adduce_span bytes;
  assert_int_equal(value_encode(scope, &bytes, value), err);
  assert_int_equal(bytes.size, 0);
  assert_string_equal(adduce_scope_detail(scope), detail);
}

static void a_refusal_names_the_place(void **state) {
  struct adduce_value *map = value_map(scope), *inner = value_map(scope), *list = value_list(scope);
  (void)state;
  value_set(scope, map, "a", inner);
  value_set(scope, inner, "b", list);
  value_add(scope, list, value_text(scope, "fine"));
  value_add(scope, list, value_text(scope, "ab\xff"));
  expect_refused(map, ADDUCE_E_TEXT, "field a.b[1]: the text is not valid UTF-8, at byte 2");
  expect_refused(value_str(scope, span_of("a\0b", 3)), ADDUCE_E_TEXT,
                 "the value: the text holds U+0000, at byte 1");
  value_set(scope, inner, "b", value_integer(scope, CANONICAL_INTEGER_MAX + 1));
  expect_refused(map, ADDUCE_E_VALUE,
                 "field a.b: the integer 9007199254740992 lies beyond 2^53 - 1; write it as text");
  expect_refused(value_integer(scope, INT64_MIN), ADDUCE_E_VALUE,
                 "the value: the integer -9223372036854775808 lies beyond 2^53 - 1; write it as "
                 "text");
  value_set(scope, inner, "b", value_map(scope));
  value_append(scope, inner, span_text("b"), value_map(scope));
  expect_refused(map, ADDUCE_E_VALUE, "field a: the key \"b\" stands twice");
  inner = value_map(scope);
  value_set(scope, map, "a", inner);
  value_set(scope, inner, "k\xff", value_map(scope));
  expect_refused(map, ADDUCE_E_TEXT,
                 "the key of field a.k\xff: the text is not valid UTF-8, at byte 1");
}

static struct adduce_value *nest(unsigned lists, struct adduce_value *inmost) {
  for (; lists != 0; lists--) {
    struct adduce_value *list = value_list(scope);
    value_add(scope, list, inmost);
    inmost = list;
  }
  return inmost;
}

static void sixteen_deep_is_the_limit(void **state) {
  struct adduce_span bytes;
  (void)state;
  assert_int_equal(value_encode(scope, &bytes, nest(15, value_list(scope))), ADDUCE_OK);
  assert_int_equal(value_encode(scope, &bytes, nest(15, value_integer(scope, 1))), ADDUCE_OK);
  assert_int_equal(value_encode(scope, &bytes, nest(16, value_integer(scope, 1))),
                   ADDUCE_E_TOO_LARGE);
  assert_int_equal(value_encode(scope, &bytes, nest(16, value_map(scope))), ADDUCE_E_TOO_LARGE);
}

static void objects_are_counted_with_their_keys(void **state) {
  struct adduce_value *list = value_list(scope), *map = value_map(scope);
  struct adduce_span bytes;
  char key[16];
  (void)state;
  for (int i = 0; i < CANONICAL_OBJECTS - 1; i++) value_add(scope, list, value_integer(scope, i));
  assert_int_equal(value_encode(scope, &bytes, list), ADDUCE_OK);
  value_add(scope, list, value_integer(scope, 0));
  assert_int_equal(value_encode(scope, &bytes, list), ADDUCE_E_TOO_LARGE);
  for (int i = 0; i < CANONICAL_OBJECTS / 2 - 1; i++) {
    int size = snprintf(key, sizeof key, "%d", i);
    value_append(scope, map, span_of(key, (size_t)size), value_integer(scope, i));
  }
  assert_int_equal(value_encode(scope, &bytes, map), ADDUCE_OK);
  value_append(scope, map, span_text("x"), value_integer(scope, 0));
  assert_int_equal(value_encode(scope, &bytes, map), ADDUCE_E_TOO_LARGE);
}

static void decoding_refuses_what_the_check_refuses(void **state) {
  struct adduce_value *value = make_example();
  (void)state;
  assert_int_equal(value_decode(scope, &value, span_text("\xdd\xff\xff\xff\xff\x01")),
                   ADDUCE_E_NOT_CANONICAL);
  assert_null(value);
  assert_int_equal(value_decode(scope, &value, span_text("\xa1\xff")), ADDUCE_E_TEXT);
}

static void a_decoded_value_does_not_borrow(void **state) {
  char bytes[] = "\x81\xa1k\xa1v";
  struct adduce_value *value;
  (void)state;
  assert_int_equal(value_decode(scope, &value, span_of(bytes, 5)), ADDUCE_OK);
  memset(bytes, 0, sizeof bytes);
  assert_string_equal(adduce_value_key(value, 0), "k");
  assert_string_equal(adduce_value_text(adduce_value_get(value, "k")), "v");
}

/* Whatever the moment at which memory runs out, it is an error and no crash. */
static void memory_may_run_out_at_any_moment(void **state) {
  struct adduce_scope *kept = scope;
  bool has_failed = false, has_succeeded = false;
  (void)state;
  for (size_t limit = 16; limit < 40000; limit += limit < 4000 ? 16 : 1000) {
    struct adduce_value *decoded;
    struct adduce_span bytes;
    const char *json;
    uint64_t random = 5;
    assert_int_equal(adduce_scope_open(&scope, limit), ADDUCE_OK);
    struct adduce_value *map = make_example();
    value_set(scope, map, "more", sample_value(scope, &random, 5));
    enum adduce_err err = value_finish(scope);
    if (err != ADDUCE_OK) assert_int_equal(value_encode(scope, &bytes, map), ADDUCE_E_MEMORY);
    if (err == ADDUCE_OK) err = value_encode(scope, &bytes, map);
    if (err == ADDUCE_OK) err = value_decode(scope, &decoded, bytes);
    if (err == ADDUCE_OK) err = adduce_value_to_json(scope, &json, decoded, true);
    if (err == ADDUCE_OK) assert_true(value_equal(map, decoded));
    assert_true(err == ADDUCE_OK || err == ADDUCE_E_MEMORY);
    has_failed |= err != ADDUCE_OK;
    has_succeeded |= err == ADDUCE_OK;
    adduce_scope_close(&scope);
  }
  assert_true(has_failed && has_succeeded);
  scope = kept;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(getters_give_what_builders_took),
      cmocka_unit_test(a_getter_of_another_type_gives_nothing),
      cmocka_unit_test(a_key_set_again_keeps_its_place),
      cmocka_unit_test(equality_does_not_ask_for_the_order_of_keys),
      cmocka_unit_test(encoding_sorts_keys_and_leaves_the_value_alone),
      cmocka_unit_test(a_refusal_names_the_place),
      cmocka_unit_test(sixteen_deep_is_the_limit),
      cmocka_unit_test(objects_are_counted_with_their_keys),
      cmocka_unit_test(decoding_refuses_what_the_check_refuses),
      cmocka_unit_test(a_decoded_value_does_not_borrow),
      cmocka_unit_test(memory_may_run_out_at_any_moment),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
