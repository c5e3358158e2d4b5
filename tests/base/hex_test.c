/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bigendian.h"

static void every_byte_is_two_digits_and_back(void **state) {
  (void)state;
  for (unsigned byte = 0; byte < 256; byte++) {
    uint8_t in = (uint8_t)byte, out;
    char digits[3];
    hex_encode(span_of(&in, 1), digits);
    assert_true(hex_decode(span_text(digits), &out, 1));
    assert_int_equal(out, byte);
  }
}

static void only_digits_are_digits(void **state) {
  (void)state;
  for (unsigned byte = 0; byte < 256; byte++) {
    char digits[2] = {'0', (char)byte};
    uint8_t out;
    bool is_digit = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
                    (byte >= 'A' && byte <= 'F');
    assert_int_equal(hex_decode(span_of(digits, 2), &out, 1), is_digit);
  }
}

static void the_length_must_be_exact(void **state) {
  uint8_t out[4];
  (void)state;
  assert_false(hex_decode(span_text("0011"), out, 1));
  assert_false(hex_decode(span_text("0011"), out, 3));
  assert_false(hex_decode(span_text("001"), out, 1));
  assert_true(hex_decode(span_text("0011"), out, 2));
  assert_true(hex_decode(span_text(""), out, 0));
}

static void an_id_is_shown_in_lower_case(void **state) {
  uint8_t id[32];
  (void)state;
  memset(id, 0xab, sizeof id);
  id[0] = 0x01;
  assert_string_equal(hex_text32(id).text,
                      "01ababababababababababababababababababababababababababababababab");
}

static void big_endian_integers_come_back(void **state) {
  static const uint64_t values[] = {0,         1, 0x0102, 0x01020304, UINT64_C(0x0102030405060708),
                                    UINT64_MAX};
  uint8_t bytes[8];
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    bigendian_put64(bytes, values[i]);
    assert_true(bigendian_get64(bytes) == values[i]);
    bigendian_put32(bytes, (uint32_t)values[i]);
    assert_true(bigendian_get32(bytes) == (uint32_t)values[i]);
    bigendian_put16(bytes, (uint16_t)values[i]);
    assert_true(bigendian_get16(bytes) == (uint16_t)values[i]);
  }
  bigendian_put64(bytes, UINT64_C(0x0102030405060708));
  for (uint8_t i = 0; i < 8; i++) assert_int_equal(bytes[i], i + 1);
}

static void spans_are_ordered_bytewise(void **state) {
  static const char *const rising[] = {"", "a", "aa", "ab", "b", "\x7f", "\xc3\xa4", "\xff"};
  size_t count = sizeof rising / sizeof *rising;
  (void)state;
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < count; j++) {
      struct adduce_span a = span_text(rising[i]), b = span_text(rising[j]);
      int order = span_compare(a, b);
      assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
      assert_int_equal(span_equal(a, b), i == j);
    }
  }
  assert_true(span_equal(span_of(NULL, 0), span_text("")));
  assert_true(span_starts(span_text("prefix"), "pre") && !span_starts(span_text("pr"), "pre"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_byte_is_two_digits_and_back),
      cmocka_unit_test(only_digits_are_digits),
      cmocka_unit_test(the_length_must_be_exact),
      cmocka_unit_test(an_id_is_shown_in_lower_case),
      cmocka_unit_test(big_endian_integers_come_back),
      cmocka_unit_test(spans_are_ordered_bytewise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
