/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <pthread.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/hex.h"

static struct adduce_scope *scope;

static int setup(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  return sign_start(scope) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

/* The order of the prime-order subgroup, little-endian. */
static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* The 14 encodings of the 8 points of small order. */
static const char *const small_order[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};
#define SMALL_ORDER_COUNT (sizeof small_order / sizeof *small_order)

/* A signature made by hand, so that A and R can be moved by points of small order. */
struct made {
  struct adduce_key key;
  struct adduce_signature signature;
};

static void shift(uint8_t *point, const char *by) {
  uint8_t small[32], sum[32];
  assert_true(hex_decode(span_text(by), small, 32));
  assert_int_equal(crypto_core_ed25519_add(sum, point, small), 0);
  memcpy(point, sum, 32);
}

static struct made make(struct adduce_span message, const char *shift_a, const char *shift_r) {
  struct made made;
  uint8_t a[32], r[32], k[32], digest[64];
  crypto_core_ed25519_scalar_random(a);
  crypto_core_ed25519_scalar_random(r);
  assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(made.key.bytes, a), 0);
  assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(made.signature.bytes, r), 0);
  if (shift_a != NULL) shift(made.key.bytes, shift_a);
  if (shift_r != NULL) shift(made.signature.bytes, shift_r);
  crypto_hash_sha512_state hash;
  crypto_hash_sha512_init(&hash);
  crypto_hash_sha512_update(&hash, made.signature.bytes, 32);
  crypto_hash_sha512_update(&hash, made.key.bytes, 32);
  crypto_hash_sha512_update(&hash, message.data, message.size);
  crypto_hash_sha512_final(&hash, digest);
  crypto_core_ed25519_scalar_reduce(k, digest);
  crypto_core_ed25519_scalar_mul(k, k, a);
  crypto_core_ed25519_scalar_add(made.signature.bytes + 32, k, r);
  return made;
}

static void an_ordinary_signature_is_accepted(void **state) {
  (void)state;
  for (int i = 0; i < 50; i++) {
    struct adduce_span message = span_of("some message or other", (size_t)(i % 22));
    struct made made = make(message, NULL, NULL);
    assert_true(sign_key_acceptable(&made.key));
    assert_true(sign_verify_accepted(&made.key, message, &made.signature));
    assert_true(sign_verify(&made.key, message, &made.signature));
  }
}

static void every_changed_bit_is_refused(void **state) {
  (void)state;
  uint8_t text[20] = "adduce/event/v1\nabc";
  struct adduce_span message = span_of(text, sizeof text);
  struct made made = make(message, NULL, NULL);
  uint8_t *const parts[] = {text, made.key.bytes, made.signature.bytes};
  const size_t sizes[] = {sizeof text, 32, 64};
  for (size_t part = 0; part < 3; part++)
    for (size_t bit = 0; bit < 8 * sizes[part]; bit++) {
      parts[part][bit / 8] ^= (uint8_t)(1 << bit % 8);
      assert_false(sign_verify(&made.key, message, &made.signature));
      parts[part][bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
  assert_true(sign_verify(&made.key, message, &made.signature));
}

/* S + nL for every n that fits in 256 bits. */
static void an_s_that_is_not_reduced_is_refused(void **state) {
  (void)state;
  struct adduce_span message = span_text("message");
  struct made made = make(message, NULL, NULL);
  int tried = 0;
  for (;;) {
    unsigned carry = 0;
    for (int i = 0; i < 32; i++) {
      carry += (unsigned)made.signature.bytes[32 + i] + order[i];
      made.signature.bytes[32 + i] = (uint8_t)carry;
      carry >>= 8;
    }
    if (carry != 0) break;
    assert_false(sign_verify_accepted(&made.key, message, &made.signature));
    tried++;
  }
  assert_in_range(tried, 14, 16);
}

static void keys_and_points_of_small_order_are_refused(void **state) {
  (void)state;
  struct adduce_span message = span_text("message");
  for (size_t i = 0; i < SMALL_ORDER_COUNT; i++) {
    struct adduce_key key;
    assert_true(hex_decode(span_text(small_order[i]), key.bytes, 32));
    assert_false(sign_key_acceptable(&key));
    /* With A small, R = SB + kA can be met for many messages; with R small too S is 0. */
    for (size_t j = 0; j < SMALL_ORDER_COUNT; j++) {
      struct adduce_signature signature = {{0}};
      assert_true(hex_decode(span_text(small_order[j]), signature.bytes, 32));
      for (char c = 'a'; c <= 'z'; c++) {
        assert_false(sign_verify(&key, span_of(&c, 1), &signature));
        assert_false(sign_verify_accepted(&key, span_of(&c, 1), &signature));
      }
    }
    struct made made = make(message, NULL, NULL);
    assert_true(hex_decode(span_text(small_order[i]), made.signature.bytes, 32));
    assert_false(sign_verify(&made.key, message, &made.signature));
  }
}

static void keys_of_mixed_order_are_refused(void **state) {
  (void)state;
  int verified_without_the_key_check = 0;
  for (int i = 0; i < 100; i++) {
    const char *by = small_order[3 + i % 5];
    struct adduce_span message = span_of("some message or other", (size_t)(i % 22));
    struct made made = make(message, by, NULL);
    assert_false(sign_key_acceptable(&made.key));
    assert_false(sign_verify(&made.key, message, &made.signature));
    verified_without_the_key_check += sign_verify_accepted(&made.key, message, &made.signature);
  }
  /* Which shows what the check of the key is for. */
  assert_true(verified_without_the_key_check > 0);
}

static void points_r_of_mixed_order_are_refused(void **state) {
  (void)state;
  for (int i = 0; i < 100; i++) {
    const char *by = small_order[(const int[]){0, 1, 3, 4, 5, 6, 7}[i % 7]];
    struct adduce_span message = span_of("some message or other", (size_t)(i % 22));
    struct made made = make(message, NULL, by);
    assert_true(sign_key_acceptable(&made.key));
    assert_false(sign_verify(&made.key, message, &made.signature));
  }
}

/* y + p for every y for which that is below 2^255, on the curve or not. */
static void encodings_that_are_not_canonical_are_refused(void **state) {
  (void)state;
  struct adduce_span message = span_text("message");
  for (unsigned y = 0; y < 19; y++)
    for (unsigned sign = 0; sign < 2; sign++) {
      struct made made = make(message, NULL, NULL);
      struct adduce_key key;
      memset(key.bytes, 0xff, 32);
      key.bytes[0] = (uint8_t)(0xed + y);
      key.bytes[31] = sign ? 0xff : 0x7f;
      assert_false(sign_key_acceptable(&key));
      assert_false(sign_verify_accepted(&key, message, &made.signature));
      memcpy(made.signature.bytes, key.bytes, 32);
      assert_false(sign_verify(&made.key, message, &made.signature));
    }
}

/* tests/vectors/ed25519_strict.txt, made from integers without libsodium. */
static void the_whole_space_of_odd_points(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/ed25519_strict.txt", "r");
  assert_non_null(file);
  char line[512], key_hex[65], signature_hex[129], message[64], flags[64];
  int count = 0, accepted = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (line[0] == '#') continue;
    struct adduce_key key;
    struct adduce_signature signature;
    assert_int_equal(sscanf(line, "%64s %128s %63s %63s", key_hex, signature_hex, message, flags),
                     4);
    assert_true(hex_decode(span_text(key_hex), key.bytes, 32));
    assert_true(hex_decode(span_text(signature_hex), signature.bytes, 64));
    bool verdict = sign_verify(&key, span_text(message), &signature);
    assert_int_equal(verdict, strcmp(flags, "-") == 0);
    assert_int_equal(sign_key_acceptable(&key), strchr(flags, 'A') == NULL);
    accepted += verdict;
    count++;
  }
  fclose(file);
  assert_int_equal(count, 1112);
  assert_int_equal(accepted, 1);
}

static void *start_from_a_thread(void *result) {
  struct adduce_scope *own;
  enum adduce_err *err = result;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return NULL;
  *err = sign_start(own);
  adduce_scope_close(&own);
  return NULL;
}

static void starting_again_and_at_once_is_free(void **state) {
  (void)state;
  pthread_t threads[8];
  enum adduce_err results[8];
  for (size_t i = 0; i < 8; i++) {
    results[i] = ADDUCE_E_IO;
    assert_int_equal(pthread_create(&threads[i], NULL, start_from_a_thread, &results[i]), 0);
  }
  for (size_t i = 0; i < 8; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(results[i], ADDUCE_OK);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(starting_again_and_at_once_is_free),
      cmocka_unit_test(an_ordinary_signature_is_accepted),
      cmocka_unit_test(every_changed_bit_is_refused),
      cmocka_unit_test(an_s_that_is_not_reduced_is_refused),
      cmocka_unit_test(keys_and_points_of_small_order_are_refused),
      cmocka_unit_test(keys_of_mixed_order_are_refused),
      cmocka_unit_test(points_r_of_mixed_order_are_refused),
      cmocka_unit_test(encodings_that_are_not_canonical_are_refused),
      cmocka_unit_test(the_whole_space_of_odd_points),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
