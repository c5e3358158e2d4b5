/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/hex.h"

static void assert_digest(struct adduce_hash digest, const char *hex) {
  assert_string_equal(hex_text32(digest.bytes).text, hex);
}

/* FIPS 180-4's examples. */
static void known_answers(void **state) {
  (void)state;
  assert_digest(hash_bytes(span_of(NULL, 0)),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_digest(hash_bytes(span_text("abc")),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_digest(hash_bytes(span_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters(void **state) {
  (void)state;
  struct hash hash;
  struct adduce_hash digest;
  hash_init(&hash);
  for (int i = 0; i < 100000; i++) hash_span(&hash, span_text("aaaaaaaaaa"));
  hash_final(&hash, &digest);
  assert_digest(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void pieces_do_not_matter(void **state) {
  (void)state;
  uint8_t bytes[300];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7);
  struct adduce_hash whole = hash_bytes(span_of(bytes, sizeof bytes));
  for (size_t first = 0; first <= sizeof bytes; first++) {
    struct hash hash;
    struct adduce_hash digest;
    hash_init(&hash);
    hash_update(&hash, bytes, first);
    hash_update(&hash, NULL, 0);
    hash_update(&hash, bytes + first, sizeof bytes - first);
    hash_final(&hash, &digest);
    assert_true(hash_equal(&digest, &whole));
  }
}

/* All lengths that padding makes two blocks of. */
static void two_padded_blocks_have_the_digest_of_what_was_padded(void **state) {
  (void)state;
  for (size_t size = 56; size < 120; size++) {
    uint8_t blocks[128] = {0};
    for (size_t i = 0; i < size; i++) blocks[i] = (uint8_t)(i * size + 11);
    struct adduce_hash whole = hash_bytes(span_of(blocks, size));
    blocks[size] = 0x80;
    blocks[126] = (uint8_t)(size * 8 >> 8);
    blocks[127] = (uint8_t)(size * 8);
    struct adduce_hash padded = hash_padded128(blocks);
    assert_true(hash_equal(&padded, &whole));
  }
}

/* At every size, in one piece and byte by byte. */
static void one_piece_is_all_its_bytes(void **state) {
  (void)state;
  uint8_t bytes[700];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 13 + i / 256);
  for (size_t size = 0; size <= sizeof bytes; size++) {
    struct hash hash;
    struct adduce_hash digest, whole = hash_bytes(span_of(bytes, size));
    hash_init(&hash);
    for (size_t i = 0; i < size; i++) hash_update(&hash, &bytes[i], 1);
    hash_final(&hash, &digest);
    assert_true(hash_equal(&digest, &whole));
  }
}

static void assert_oracle(const struct adduce_hash *digest, const uint8_t *bytes, size_t size) {
  uint8_t expected[32];
  crypto_hash_sha256(expected, bytes, size);
  assert_memory_equal(digest->bytes, expected, 32);
}

/* Around the size up to which pieces are gathered, and around twice that; libsodium knows it
 * otherwise. */
static void what_is_gathered_has_the_digest_of_another_library(void **state) {
  static uint8_t bytes[3 * HASH_GATHERED_BYTES];
  static const size_t pieces[] = {1, 7, 64, 100, 1000, HASH_GATHERED_BYTES, sizeof bytes};
  (void)state;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 29 + i / 256);
  for (size_t size = 0; size <= sizeof bytes; size += size % 64 < 50 ? 7 : 1) {
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
      struct hash hash;
      struct adduce_hash digest;
      hash_init(&hash);
      for (size_t at = 0; at < size; at += pieces[k])
        hash_update(&hash, bytes + at, size - at < pieces[k] ? size - at : pieces[k]);
      hash_final(&hash, &digest);
      assert_oracle(&digest, bytes, size);
    }
  }
}

static void padding_in_place_has_the_digest_of_another_library(void **state) {
  uint8_t bytes[400 + HASH_PADDING_BYTES], fence = 0x5a;
  (void)state;
  for (size_t size = 0; size <= 400; size++) {
    uint8_t message[400];
    for (size_t i = 0; i < size; i++) message[i] = (uint8_t)(i * size + 3);
    memset(bytes, fence, sizeof bytes);
    if (size != 0) memcpy(bytes, message, size);
    struct adduce_hash digest = hash_padding(bytes, size);
    assert_oracle(&digest, message, size);
    for (size_t i = size + HASH_PADDING_BYTES; i < sizeof bytes; i++)
      assert_int_equal(bytes[i], fence);
  }
}

/* The first two answers of SipHash's authors for 16 bytes of output. */
static void the_keyed_hash_gives_known_answers(void **state) {
  static const uint8_t none[16] = {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6,
                                   0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93};
  static const uint8_t zero[16] = {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44,
                                   0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45};
  uint8_t key[16], out[16];
  (void)state;
  for (uint8_t i = 0; i < 16; i++) key[i] = i;
  hash_keyed128(out, key, span_of("", 0));
  assert_memory_equal(out, none, 16);
  hash_keyed128(out, key, span_of("\0", 1));
  assert_memory_equal(out, zero, 16);
}

static void a_copied_state_goes_its_own_way(void **state) {
  (void)state;
  struct hash one, two;
  struct adduce_hash digest;
  hash_init(&one);
  hash_update(&one, "ab", 2);
  two = one;
  hash_update(&one, "x", 1);
  hash_update(&two, "c", 1);
  hash_final(&two, &digest);
  assert_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Stored on disk, so its values stay. */
static void the_checksum_is_fixed_and_sees_every_bit(void **state) {
  (void)state;
  uint8_t bytes[64];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)i;
  uint64_t good = hash_checksum(span_of(bytes, sizeof bytes));
  assert_true(good == UINT64_C(0xddd57f581d5dfc61));
  assert_true(hash_checksum(span_of(NULL, 0)) == UINT64_C(0xc410091cce214d5f));
  for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_true(hash_checksum(span_of(bytes, sizeof bytes)) != good);
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  assert_true(hash_checksum(span_of(bytes, 63)) != good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_answers),
      cmocka_unit_test(a_million_letters),
      cmocka_unit_test(pieces_do_not_matter),
      cmocka_unit_test(two_padded_blocks_have_the_digest_of_what_was_padded),
      cmocka_unit_test(one_piece_is_all_its_bytes),
      cmocka_unit_test(what_is_gathered_has_the_digest_of_another_library),
      cmocka_unit_test(padding_in_place_has_the_digest_of_another_library),
      cmocka_unit_test(the_keyed_hash_gives_known_answers),
      cmocka_unit_test(a_copied_state_goes_its_own_way),
      cmocka_unit_test(the_checksum_is_fixed_and_sees_every_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
