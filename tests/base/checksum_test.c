/* SPDX-License-Identifier: Apache-2.0 */
/* Checksums: known ones, computed by another program; every changed bit, byte
 * and word is found, and so is what is longer or shorter. */
#include "base/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES 300

static uint64_t sum(const uint8_t *bytes, size_t size) {
  return checksum_of(span_of(bytes, size));
}

static void fill(uint8_t *bytes) {
  for (size_t i = 0; i < BYTES; i++) bytes[i] = (uint8_t)(i * 7 + i / 256);
}

static void known_answers(void **state) {
  uint8_t bytes[BYTES];
  (void)state;
  fill(bytes);
  assert_int_equal(sum(NULL, 0), UINT64_C(0x09a04d87060a299c));
  assert_int_equal(sum(bytes, 1), UINT64_C(0x1ed7e4dd100057de));
  assert_int_equal(sum(bytes, 300), UINT64_C(0xc517df4542d58f5a));
}

static void every_changed_bit_is_found(void **state) {
  uint8_t bytes[BYTES];
  (void)state;
  fill(bytes);
  for (size_t size = 1; size <= BYTES; size += 13) {
    uint64_t before = sum(bytes, size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
      bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
      assert_int_not_equal(sum(bytes, size), before);
      bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
  }
}

/* Pairs of high bits, which a product alone would let cancel each other. */
static void pairs_of_changed_bits_are_found(void **state) {
  uint8_t bytes[BYTES];
  (void)state;
  fill(bytes);
  uint64_t before = sum(bytes, BYTES);
  for (size_t i = 0; i < BYTES; i++) {
    for (size_t j = i + 1; j < BYTES; j++) {
      bytes[i] ^= 0x80;
      bytes[j] ^= 0x80;
      assert_int_not_equal(sum(bytes, BYTES), before);
      bytes[i] ^= 0x80;
      bytes[j] ^= 0x80;
    }
  }
}

static void what_changed_places_is_found(void **state) {
  uint8_t bytes[BYTES];
  (void)state;
  fill(bytes);
  uint64_t before = sum(bytes, BYTES);
  for (size_t i = 0; i + 8 <= BYTES; i += 8) {
    for (size_t j = i + 8; j + 8 <= BYTES; j += 8) {
      uint8_t word[8];
      if (memcmp(bytes + i, bytes + j, 8) == 0) continue;
      memcpy(word, bytes + i, 8);
      memcpy(bytes + i, bytes + j, 8);
      memcpy(bytes + j, word, 8);
      assert_int_not_equal(sum(bytes, BYTES), before);
      memcpy(bytes + j, bytes + i, 8);
      memcpy(bytes + i, word, 8);
    }
  }
}

static void zeros_more_or_fewer_are_found(void **state) {
  uint8_t bytes[BYTES] = {0};
  (void)state;
  for (size_t size = 0; size < BYTES; size++)
    for (size_t other = size + 1; other <= BYTES; other++)
      assert_int_not_equal(sum(bytes, size), sum(bytes, other));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_answers),
      cmocka_unit_test(every_changed_bit_is_found),
      cmocka_unit_test(pairs_of_changed_bits_are_found),
      cmocka_unit_test(what_changed_places_is_found),
      cmocka_unit_test(zeros_more_or_fewer_are_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
