/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pack.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/hex.h"
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

static void expect(struct buffer *buffer, const char *hex) {
  struct adduce_span bytes;
  char found[64];
  assert_int_equal(buffer_take(buffer, &bytes), ADDUCE_OK);
  assert_true(bytes.size < 32);
  hex_encode(bytes, found);
  assert_string_equal(found, hex);
  buffer_reset(buffer);
}

static void integers_take_their_shortest_form(void **state) {
  static const struct {
    int64_t value;
    const char *hex;
  } cases[] = {
      {0, "00"},
      {127, "7f"},
      {128, "cc80"},
      {255, "ccff"},
      {256, "cd0100"},
      {65535, "cdffff"},
      {65536, "ce00010000"},
      {INT64_C(4294967295), "ceffffffff"},
      {INT64_C(4294967296), "cf0000000100000000"},
      {CANONICAL_INTEGER_MAX, "cf001fffffffffffff"},
      {-1, "ff"},
      {-32, "e0"},
      {-33, "d0df"},
      {-128, "d080"},
      {-129, "d1ff7f"},
      {-32768, "d18000"},
      {-32769, "d2ffff7fff"},
      {INT64_C(-2147483648), "d280000000"},
      {INT64_C(-2147483649), "d3ffffffff7fffffff"},
      {-CANONICAL_INTEGER_MAX, "d3ffe0000000000001"},
  };
  struct buffer buffer;
  (void)state;
  buffer_init(&buffer, scope);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pack_int(&buffer, cases[i].value);
    expect(&buffer, cases[i].hex);
  }
}

/* The first bytes of a text or bin of `size`, as hex. */
static void expect_head(void (*pack)(struct buffer *, size_t), size_t size, const char *hex) {
  struct buffer buffer;
  struct adduce_span bytes;
  char found[16];
  buffer_init(&buffer, scope);
  pack(&buffer, size);
  assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_OK);
  hex_encode(span_of(bytes.data, strlen(hex) / 2), found);
  assert_string_equal(found, hex);
}

static const char filler[65537];

static void pack_text_of(struct buffer *buffer, size_t size) {
  pack_str(buffer, span_of(filler, size));
}

static void pack_bytes_of(struct buffer *buffer, size_t size) {
  pack_bin(buffer, filler, size);
}

static void lengths_take_their_shortest_form(void **state) {
  (void)state;
  expect_head(pack_text_of, 0, "a0");
  expect_head(pack_text_of, 31, "bf");
  expect_head(pack_text_of, 32, "d920");
  expect_head(pack_text_of, 255, "d9ff");
  expect_head(pack_text_of, 256, "da0100");
  expect_head(pack_text_of, 65535, "daffff");
  expect_head(pack_text_of, 65536, "db00010000");
  expect_head(pack_bytes_of, 0, "c400");
  expect_head(pack_bytes_of, 255, "c4ff");
  expect_head(pack_bytes_of, 256, "c50100");
  expect_head(pack_bytes_of, 65536, "c600010000");
  expect_head(pack_array, 0, "90");
  expect_head(pack_array, 15, "9f");
  expect_head(pack_array, 16, "dc0010");
  expect_head(pack_array, 65535, "dcffff");
  expect_head(pack_array, 65536, "dd00010000");
  expect_head(pack_map, 15, "8f");
  expect_head(pack_map, 16, "de0010");
  expect_head(pack_map, 65536, "df00010000");
}

static void truth_and_encoded_values_stand_as_they_are(void **state) {
  struct buffer buffer;
  (void)state;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 3);
  pack_bool(&buffer, true);
  pack_bool(&buffer, false);
  pack_encoded(&buffer, span_text("\xa1x"));
  expect(&buffer, "93c3c2a178");
}

static void a_length_beyond_32_bits_fails(void **state) {
  struct buffer buffer;
  struct adduce_span bytes;
  (void)state;
  if (sizeof(size_t) < 8) skip();
  for (int i = 0; i < 4; i++) {
    size_t size = (size_t)UINT32_MAX + 1;
    buffer_init(&buffer, scope);
    if (i == 0) pack_str(&buffer, span_of(filler, size));
    if (i == 1) pack_bin(&buffer, filler, size);
    if (i == 2) pack_array(&buffer, size);
    if (i == 3) pack_map(&buffer, size);
    assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_E_MEMORY);
  }
}

static void a_growth_that_failed_is_seen_at_the_end(void **state) {
  struct adduce_scope *small;
  struct buffer buffer;
  struct adduce_span bytes;
  (void)state;
  assert_int_equal(adduce_scope_open(&small, 1024), ADDUCE_OK);
  buffer_init(&buffer, small);
  pack_array(&buffer, 2);
  pack_bytes_of(&buffer, 4096);
  pack_int(&buffer, 1);
  assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_E_MEMORY);
  assert_int_equal(bytes.size, 0);
  adduce_scope_close(&small);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers_take_their_shortest_form),
      cmocka_unit_test(lengths_take_their_shortest_form),
      cmocka_unit_test(truth_and_encoded_values_stand_as_they_are),
      cmocka_unit_test(a_length_beyond_32_bits_fails),
      cmocka_unit_test(a_growth_that_failed_is_seen_at_the_end),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
