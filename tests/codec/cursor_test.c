/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cursor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "codec/pack.h"
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

/* {"a": [1, -5, true], "b": "text", "c": <abc>, "d": {}} */
static struct adduce_span pack_example(void) {
  struct buffer buffer;
  struct adduce_span bytes;
  buffer_init(&buffer, scope);
  pack_map(&buffer, 4);
  pack_text(&buffer, "a");
  pack_array(&buffer, 3);
  pack_int(&buffer, 1);
  pack_int(&buffer, -5);
  pack_bool(&buffer, true);
  pack_text(&buffer, "b");
  pack_text(&buffer, "text");
  pack_text(&buffer, "c");
  pack_bin(&buffer, "abc", 3);
  pack_text(&buffer, "d");
  pack_map(&buffer, 0);
  assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_OK);
  return bytes;
}

static void a_value_is_read_in_its_order(void **state) {
  struct cursor cursor = cursor_of(pack_example());
  struct adduce_span text;
  const uint8_t *bytes;
  int64_t integer;
  uint32_t count;
  bool truth;
  (void)state;
  assert_int_equal(cursor_peek(&cursor), CURSOR_MAP);
  assert_true(cursor_map(&cursor, &count) && count == 4);
  assert_true(cursor_str(&cursor, &text) && span_is(text, "a"));
  assert_int_equal(cursor_peek(&cursor), CURSOR_ARRAY);
  assert_true(cursor_array(&cursor, &count) && count == 3);
  assert_int_equal(cursor_peek(&cursor), CURSOR_INT);
  assert_true(cursor_int(&cursor, &integer) && integer == 1);
  assert_true(cursor_int(&cursor, &integer) && integer == -5);
  assert_int_equal(cursor_peek(&cursor), CURSOR_BOOL);
  assert_true(cursor_bool(&cursor, &truth) && truth);
  assert_true(cursor_str(&cursor, &text) && span_is(text, "b"));
  assert_int_equal(cursor_peek(&cursor), CURSOR_STR);
  assert_true(cursor_str(&cursor, &text) && span_is(text, "text"));
  assert_true(cursor_str(&cursor, &text) && span_is(text, "c"));
  assert_int_equal(cursor_peek(&cursor), CURSOR_BIN);
  assert_true(cursor_bin_of(&cursor, 3, &bytes) && memcmp(bytes, "abc", 3) == 0);
  assert_true(cursor_str(&cursor, &text) && span_is(text, "d"));
  assert_true(cursor_map(&cursor, &count) && count == 0);
  assert_true(cursor_done(&cursor));
  assert_int_equal(cursor_peek(&cursor), CURSOR_END);
}

/* How many of the readers take what stands at the cursor; one that does not must not move. */
static unsigned count_readers(struct cursor cursor) {
  struct cursor before = cursor;
  struct adduce_span span;
  const uint8_t *bytes;
  int64_t integer;
  uint32_t count;
  bool truth;
  unsigned takers = 0;
#define TAKES(call)                                        \
  do {                                                     \
    cursor = before;                                       \
    bool is_taken = (call);                                \
    takers += is_taken;                                    \
    if (!is_taken) assert_ptr_equal(cursor.at, before.at); \
    assert_true(cursor.at <= cursor.end);                  \
  } while (0)
  TAKES(cursor_bool(&cursor, &truth));
  TAKES(cursor_int(&cursor, &integer));
  TAKES(cursor_str(&cursor, &span));
  TAKES(cursor_bin(&cursor, &span));
  TAKES(cursor_array(&cursor, &count));
  TAKES(cursor_map(&cursor, &count));
  cursor = before;
  if (cursor_bin_of(&cursor, 32, &bytes)) assert_int_equal(cursor_peek(&before), CURSOR_BIN);
  return takers;
}

static void a_reader_of_another_type_does_not_move(void **state) {
  static const struct {
    const char *bytes;
    size_t size;
  } values[] = {{"\xc2", 1},      {"\x05", 1}, {"\xff", 1},         {"\xa1x", 2},
                {"\xc4\x01x", 3}, {"\x90", 1}, {"\x81\xa0\xc2", 3}, {"\xcd\x01\x00", 3}};
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    assert_int_equal(count_readers(cursor_of(span_of(values[i].bytes, values[i].size))), 1);
  assert_int_equal(count_readers(cursor_of(span_of("", 0))), 0);
  assert_int_equal(count_readers(cursor_of(span_of(NULL, 0))), 0);
}

static void a_bin_of_another_size_is_refused(void **state) {
  struct cursor cursor =
      cursor_of(span_of("\xc4\x03"
                        "abc",
                        5));
  const uint8_t *bytes = NULL;
  (void)state;
  assert_false(cursor_bin_of(&cursor, 2, &bytes));
  assert_false(cursor_bin_of(&cursor, 4, &bytes));
  assert_true(cursor_bin_of(&cursor, 3, &bytes));
}

static void every_integer_form_is_read(void **state) {
  static const int64_t values[] = {0,
                                   127,
                                   128,
                                   255,
                                   256,
                                   65535,
                                   65536,
                                   -1,
                                   -32,
                                   -33,
                                   -128,
                                   -129,
                                   -32768,
                                   -32769,
                                   INT64_C(4294967295),
                                   INT64_C(4294967296),
                                   CANONICAL_INTEGER_MAX,
                                   INT64_C(-2147483648),
                                   INT64_C(-2147483649),
                                   -CANONICAL_INTEGER_MAX};
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    struct buffer buffer;
    struct adduce_span bytes;
    struct canonical_fault fault;
    int64_t read;
    buffer_init(&buffer, scope);
    pack_int(&buffer, values[i]);
    assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_OK);
    assert_true(canonical_check(bytes, &fault));
    struct cursor cursor = cursor_of(bytes);
    assert_true(cursor_int(&cursor, &read) && cursor_done(&cursor));
    assert_true(read == values[i]);
  }
}

static void a_key_is_found_wherever_it_stands(void **state) {
  struct cursor map = cursor_of(pack_example());
  const uint8_t *begin = map.at;
  struct adduce_span value;
  (void)state;
  assert_true(cursor_find(&map, "a", &value));
  assert_int_equal(value.size, 4);
  assert_true(cursor_find(&map, "b", &value));
  assert_true(span_is(value, "\xa4text"));
  assert_true(cursor_find(&map, "d", &value));
  assert_true(span_is(value, "\x80"));
  assert_false(cursor_find(&map, "", &value));
  assert_false(cursor_find(&map, "aa", &value));
  assert_false(cursor_find(&map, "e", &value));
  assert_ptr_equal(map.at, begin);
  struct cursor list = cursor_of(span_text("\x91\x01"));
  assert_false(cursor_find(&list, "a", &value));
}

/* The slow way: every pair is read whole, whatever it begins with. */
static bool find_slowly(struct cursor map, const char *key, struct adduce_span *value) {
  struct adduce_span found;
  uint32_t count;
  bool is_found = false;
  if (!cursor_map(&map, &count)) return false;
  for (uint32_t i = 0; i < count && !is_found; i++)
    is_found = cursor_str(&map, &found) && cursor_value(&map, value) && span_is(found, key);
  return is_found;
}

static void assert_found_alike(struct cursor map, const char *key) {
  struct adduce_span value, slow;
  bool is_found = find_slowly(map, key, &slow);
  assert_true(cursor_find(&map, key, &value) == is_found);
  if (is_found) assert_true(value.data == slow.data && value.size == slow.size);
}

/* In maps of all kinds of values: each key they have, what is left of it without its last byte,
 * and what it is with one more. */
static void a_key_is_found_as_the_slow_way_finds_it(void **state) {
  uint64_t random = 7;
  (void)state;
  for (int i = 0; i < 2000; i++) {
    struct adduce_span bytes, key, value;
    struct scope_mark mark = scope_mark(scope);
    uint32_t count;
    assert_int_equal(value_encode(scope, &bytes, sample_value(scope, &random, 5)), ADDUCE_OK);
    struct cursor map = cursor_of(bytes), pairs = map;
    if (!cursor_map(&pairs, &count)) count = 0;
    for (uint32_t k = 0; k < count; k++) {
      assert_true(cursor_str(&pairs, &key) && cursor_value(&pairs, &value));
      assert_found_alike(map, scope_format(scope, "%.*s", SPAN_ARGS(key)));
      assert_found_alike(map, scope_format(scope, "%.*sx", SPAN_ARGS(key)));
      if (key.size != 0)
        assert_found_alike(map, scope_format(scope, "%.*s", (int)key.size - 1, key.data));
    }
    scope_rewind(scope, mark);
  }
}

static void a_whole_value_is_passed_over(void **state) {
  struct adduce_span example = pack_example(), value;
  struct cursor cursor = cursor_of(example);
  (void)state;
  assert_true(cursor_value(&cursor, &value));
  assert_true(span_equal(value, example));
  assert_true(cursor_done(&cursor));
  assert_false(cursor_value(&cursor, &value));
}

/* The bytes are supposed to be canonical; where they are not, the end still is the end. */
static void nothing_is_read_beyond_the_end(void **state) {
  uint64_t random = 99;
  (void)state;
  for (int i = 0; i < 2000; i++) {
    struct adduce_span bytes, value;
    struct scope_mark mark = scope_mark(scope);
    assert_int_equal(value_encode(scope, &bytes, sample_value(scope, &random, 5)), ADDUCE_OK);
    struct adduce_span cut =
        sample_exact(span_of(bytes.data, sample_below(&random, bytes.size + 1)));
    if (cut.size != 0 && i % 2 == 0)
      ((uint8_t *)(uintptr_t)cut.data)[sample_below(&random, cut.size)] =
          (uint8_t)sample_bits(&random);
    struct cursor cursor = cursor_of(cut);
    (void)cursor_peek(&cursor);
    assert_true(count_readers(cursor) <= 1);
    if (cursor_find(&cursor, "valid", &value)) assert_true(value.size <= cut.size);
    if (cursor_value(&cursor, &value)) assert_true(value.size <= cut.size);
    sample_free(cut);
    scope_rewind(scope, mark);
  }
}

static void counts_beyond_all_bytes_are_refused_at_once(void **state) {
  static const char *const values[] = {"\xdd\xff\xff\xff\xff\x01", "\xdf\xff\xff\xff\xff\x01",
                                       "\xdb\xff\xff\xff\xff\x01", "\xc6\xff\xff\xff\xff\x01"};
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    struct adduce_span value, bytes = sample_exact(span_of(values[i], 6));
    struct cursor cursor = cursor_of(bytes);
    assert_false(cursor_value(&cursor, &value));
    assert_ptr_equal(cursor.at, bytes.data);
    sample_free(bytes);
  }
}

static void a_body_cut_short_is_not_read(void **state) {
  static const uint8_t text[] = {0xa3, 'a', 'b'}, bin[] = {0xc4, 3, 1, 2};
  struct cursor cursor = cursor_of(span_of(text, sizeof text));
  struct adduce_span body;
  (void)state;
  assert_false(cursor_str(&cursor, &body));
  assert_ptr_equal(cursor.at, text);
  cursor = cursor_of(span_of(bin, sizeof bin));
  assert_false(cursor_bin(&cursor, &body));
  assert_ptr_equal(cursor.at, bin);
  static const uint8_t whole[] = {0xa2, 'a', 'b'};
  cursor = cursor_of(span_of(whole, sizeof whole));
  assert_true(cursor_value(&cursor, &body) && body.size == sizeof whole);
}

/* {"a": 1}, and behind it what would be one more pair. */
static void a_key_behind_the_map_is_not_found(void **state) {
  static const uint8_t bytes[] = {0x81, 0xa1, 'a', 1, 0xa1, 'b', 2};
  const struct cursor map = cursor_of(span_of(bytes, sizeof bytes));
  struct adduce_span value;
  (void)state;
  assert_true(cursor_find(&map, "a", &value));
  assert_false(cursor_find(&map, "b", &value));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_value_is_read_in_its_order),
      cmocka_unit_test(a_reader_of_another_type_does_not_move),
      cmocka_unit_test(a_bin_of_another_size_is_refused),
      cmocka_unit_test(every_integer_form_is_read),
      cmocka_unit_test(a_key_is_found_wherever_it_stands),
      cmocka_unit_test(a_key_is_found_as_the_slow_way_finds_it),
      cmocka_unit_test(a_whole_value_is_passed_over),
      cmocka_unit_test(nothing_is_read_beyond_the_end),
      cmocka_unit_test(counts_beyond_all_bytes_are_refused_at_once),
      cmocka_unit_test(a_body_cut_short_is_not_read),
      cmocka_unit_test(a_key_behind_the_map_is_not_found),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
