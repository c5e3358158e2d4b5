/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <pthread.h>
#include <sodium.h>

#include "crypto/hash.h"

/* libsodium's verification refuses S >= L, R of small order, A that is not canonical or of
 * small order, and compares R bytewise with the recomputed point, which is canonical. */
bool sign_verify_accepted(const struct adduce_key *key, struct adduce_span message,
                          const struct adduce_signature *signature) {
  return crypto_sign_verify_detached(signature->bytes, message.data, message.size, key->bytes) == 0;
}

/* The check costs about as much as verifying a signature, and few keys sign many events. So each
 * thread remembers the keys it has found acceptable: a memory of a pure function, which changes
 * no answer. A refused key is never remembered. */
#define REMEMBERED_KEYS 64

static _Thread_local struct {
  struct adduce_key key;
  bool acceptable; /* false: this place is free */
} remembered[REMEMBERED_KEYS];

/* Canonical, on the curve, not of small order, and L times it is the neutral element. */
bool sign_key_acceptable(const struct adduce_key *key) {
  unsigned place = key->bytes[0] % REMEMBERED_KEYS;
  if (remembered[place].acceptable && memcmp(&remembered[place].key, key, sizeof *key) == 0)
    return true;
  if (crypto_core_ed25519_is_valid_point(key->bytes) != 1) return false;
  remembered[place].key = *key;
  remembered[place].acceptable = true;
  return true;
}

bool sign_verify(const struct adduce_key *key, struct adduce_span message,
                 const struct adduce_signature *signature) {
  return sign_key_acceptable(key) && sign_verify_accepted(key, message, signature);
}

void sign_random(void *out, size_t size) {
  randombytes_buf(out, size);
}

/* --- known answers ------------------------------------------------------------------------ */

/* RFC 8032, 7.1, test 2: seed, key and signature of the one byte 0x72. */
static const uint8_t known_seed[32] = {
    0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
    0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
static const struct adduce_key known_key = {{0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a,
                                             0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
                                             0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c,
                                             0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c}};
static const struct adduce_signature known_signature = {
    {0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f,
     0x64, 0x25, 0x40, 0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76,
     0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99,
     0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
     0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00}};
static const struct adduce_span known_message = {(const uint8_t *)"\x72", 1};

/* The order of the prime-order subgroup, little-endian. */
static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* A point of order 8. */
static const struct adduce_key order8 = {{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0,
                                          0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
                                          0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39,
                                          0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05}};

static bool signs_as_known(void) {
  struct adduce_key key;
  struct adduce_signature signature;
  uint8_t secret[crypto_sign_SECRETKEYBYTES];
  bool good = crypto_sign_seed_keypair(key.bytes, secret, known_seed) == 0 &&
              crypto_sign_detached(signature.bytes, NULL, known_message.data, known_message.size,
                                   secret) == 0;
  sodium_memzero(secret, sizeof secret);
  return good && memcmp(key.bytes, known_key.bytes, sizeof key) == 0 &&
         memcmp(signature.bytes, known_signature.bytes, sizeof signature) == 0;
}

static bool refuses_s_plus_l(void) {
  struct adduce_signature signature = known_signature;
  unsigned carry = 0;
  for (int i = 0; i < 32; i++) {
    carry += (unsigned)signature.bytes[32 + i] + order[i];
    signature.bytes[32 + i] = (uint8_t)carry;
    carry >>= 8;
  }
  return !sign_verify(&known_key, known_message, &signature);
}

static bool refuses_torsion(void) {
  struct adduce_key mixed;
  if (crypto_core_ed25519_add(mixed.bytes, known_key.bytes, order8.bytes) != 0) return false;
  return !sign_key_acceptable(&order8) && !sign_key_acceptable(&mixed);
}

static bool draws_random(void) {
  static const uint8_t zero[32];
  uint8_t first[32], second[32];
  sign_random(first, sizeof first);
  sign_random(second, sizeof second);
  return memcmp(first, zero, 32) != 0 && memcmp(first, second, 32) != 0;
}

static bool hashes_as_known(void) {
  static const struct adduce_hash abc = {{0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                          0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                          0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
                                          0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad}};
  struct adduce_hash digest = hash_bytes(span_text("abc"));
  return hash_equal(&digest, &abc);
}

/* --- start -------------------------------------------------------------------------------- */

static pthread_once_t started = PTHREAD_ONCE_INIT;
static const char *fault; /* what does not work; written once, inside pthread_once */

static void start(void) {
  if (sodium_init() < 0)
    fault = "it cannot be initialised";
  else if (!signs_as_known())
    fault = "its signature is not the known one";
  else if (!sign_verify(&known_key, known_message, &known_signature))
    fault = "it refuses a known signature";
  else if (!refuses_s_plus_l())
    fault = "it accepts a signature with S + L";
  else if (!refuses_torsion())
    fault = "it accepts a public key outside the prime-order subgroup";
  else if (!draws_random())
    fault = "its randomness repeats";
  else if (!hashes_as_known())
    fault = "nettle's SHA-256 is not SHA-256";
}

enum adduce_err sign_start(struct adduce_scope *scope) {
  if (pthread_once(&started, start) != 0)
    return scope_fail(scope, ADDUCE_E_IO, "libsodium: cannot be started once");
  if (fault != NULL)
    return scope_fail(scope, ADDUCE_E_IO, "libsodium %s failed its self-test: %s",
                      sodium_version_string(), fault);
  return ADDUCE_OK;
}
