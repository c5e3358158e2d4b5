/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The definition, by encoding: what this makes of 0 .. 10FFFF without surrogates, and nothing
 * else, is valid. */
static size_t encode(uint32_t point, uint8_t *out) {
  if (point < 0x80) {
    out[0] = (uint8_t)point;
    return 1;
  }
  size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  static const uint8_t marks[5] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = length - 1; i > 0; i--, point >>= 6) out[i] = (uint8_t)(0x80 | (point & 0x3f));
  out[0] = (uint8_t)(marks[length] | point);
  return length;
}

static void every_code_point_decodes_to_itself(void **state) {
  (void)state;
  for (uint32_t point = 0; point <= 0x110fff; point++) {
    uint8_t bytes[4];
    uint32_t decoded;
    size_t length = encode(point, bytes);
    bool valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    assert_int_equal(utf8_decode(span_of(bytes, length), &decoded), valid ? length : 0);
    if (valid) assert_int_equal(decoded, point);
    for (size_t cut = 1; cut < length; cut++)
      assert_int_equal(utf8_decode(span_of(bytes, cut), &decoded), 0);
  }
}

/* All 2^24 texts of three bytes: a decoded prefix must be what encoding gives. */
static void nothing_but_the_shortest_form_decodes(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 1u << 24; i++) {
    uint8_t bytes[3] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}, again[4];
    uint32_t point = 0;
    size_t length = utf8_decode(span_of(bytes, 3), &point);
    if (length == 0) continue;
    if (encode(point, again) != length || memcmp(again, bytes, length) != 0)
      fail_msg("%06x decodes to %x", i, point);
  }
}

static void the_first_bad_byte_is_named(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t size, offset; /* offset == size: valid */
  } cases[] = {
      {"", 0, 0},
      {"abc\0def", 7, 7},
      {"abcdefgh\x80", 9, 8},
      {"abcdefg\xc3\xa4hijklmnop", 18, 18},
      {"abcdefgh\xc0\x80", 10, 8},
      {"\xed\xa0\x80", 3, 0},
      {"a\xf4\x90\x80\x80", 5, 1},
      {"a\xf5\x80\x80\x80", 5, 1},
      {"\xe2\x80", 2, 0},
      {"01234567\xe2\x80\x94 89abcdef0123\xff", 25, 24},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t offset = cases[i].size;
    bool valid = utf8_valid(span_of(cases[i].text, cases[i].size), &offset);
    assert_int_equal(valid, cases[i].offset == cases[i].size);
    assert_int_equal(offset, cases[i].offset);
    assert_int_equal(utf8_valid(span_of(cases[i].text, cases[i].size), NULL), valid);
  }
}

static void unicode_has_25_spaces(void **state) {
  (void)state;
  size_t count = 0;
  for (uint32_t point = 0; point <= 0x10ffff; point++) count += utf8_space(point);
  assert_int_equal(count, 25);
  assert_false(utf8_space(0x200b)); /* the zero width space is none */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_code_point_decodes_to_itself),
      cmocka_unit_test(nothing_but_the_shortest_form_decodes),
      cmocka_unit_test(the_first_bad_byte_is_named),
      cmocka_unit_test(unicode_has_25_spaces),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
