/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyfile.h"

#include <sodium.h>

#include "base/bigendian.h"
#include "base/hex.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "sys/file.h"

/* Where what stands; see the header. */
enum {
  AT_MAGIC = 0,
  AT_PROTECTION = 16,
  AT_PURPOSE = 17,
  AT_ZEROES = 18,
  AT_KEY = 24,
  AT_PASSES = 56,
  AT_MEMORY = 64,
  AT_SALT = 72,
  AT_NONCE = 88,
  AT_SEED = 112,
  AT_CHECKSUM = 144,
};

enum { CLEAR = 0, PASSPHRASE = 1 };

#define SEED_BYTES 32
#define CHECKSUM_BYTES 16
#define PASSES_MAX 10
#define MEMORY_BYTES_MAX ((uint64_t)1 << 30)

static const uint8_t magic[16] = "adduce key v1\n\0";

_Static_assert(AT_SALT + crypto_pwhash_SALTBYTES == AT_NONCE, "salt");
_Static_assert(AT_NONCE + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == AT_SEED, "nonce");
_Static_assert(AT_CHECKSUM + CHECKSUM_BYTES == KEYFILE_BYTES, "checksum");
_Static_assert(crypto_pwhash_OPSLIMIT_SENSITIVE <= PASSES_MAX, "we read what we write");
_Static_assert(crypto_pwhash_MEMLIMIT_SENSITIVE <= MEMORY_BYTES_MAX, "we read what we write");
_Static_assert(AT_CHECKSUM + crypto_aead_xchacha20poly1305_ietf_ABYTES == KEYFILE_BYTES, "tag");

/* Everything here that holds a seed or a key is on the stack and wiped, never in a scope. */
struct image {
  uint8_t bytes[KEYFILE_BYTES];
};

static enum adduce_err misformed(struct adduce_scope *scope, const char *path, const char *what) {
  return scope_fail(scope, ADDUCE_E_KEY_FILE, "%s: not a sound key file: %s", path, what);
}

static void make_checksum(uint8_t *out16, const struct image *image) {
  struct adduce_hash digest = hash_bytes(span_of(image->bytes, AT_CHECKSUM));
  memcpy(out16, digest.bytes, CHECKSUM_BYTES);
  sodium_memzero(&digest, sizeof digest);
}

/* The AEAD key that the passphrase gives under the image's salt and cost. */
static enum adduce_err stretch(struct adduce_scope *scope, uint8_t *key32,
                               const struct image *image, struct adduce_span passphrase) {
  uint64_t memory = bigendian_get64(image->bytes + AT_MEMORY);
  if (crypto_pwhash(key32, crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
                    (const char *)passphrase.data, passphrase.size, image->bytes + AT_SALT,
                    bigendian_get64(image->bytes + AT_PASSES), (size_t)memory,
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    return scope_fail(scope, ADDUCE_E_MEMORY,
                      "Argon2id needs %llu MiB of memory for this passphrase; there is less",
                      (unsigned long long)(memory >> 20));
  return ADDUCE_OK;
}

/* --- writing ------------------------------------------------------------------------------ */

static void seal_clear(struct image *image) {
  make_checksum(image->bytes + AT_CHECKSUM, image);
}

/* Turns the seed that stands at AT_SEED into its ciphertext, in place. */
static enum adduce_err seal_passphrase(struct adduce_scope *scope, struct image *image,
                                       struct adduce_span passphrase, enum keyfile_cost cost) {
  bool high = cost == KEYFILE_SENSITIVE;
  image->bytes[AT_PROTECTION] = PASSPHRASE;
  bigendian_put64(image->bytes + AT_PASSES,
                  high ? crypto_pwhash_OPSLIMIT_SENSITIVE : crypto_pwhash_OPSLIMIT_MODERATE);
  bigendian_put64(image->bytes + AT_MEMORY,
                  high ? crypto_pwhash_MEMLIMIT_SENSITIVE : crypto_pwhash_MEMLIMIT_MODERATE);
  sign_random(image->bytes + AT_SALT, AT_SEED - AT_SALT); /* salt and nonce */
  uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
  enum adduce_err err = stretch(scope, key, image, passphrase);
  if (err == ADDUCE_OK)
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        image->bytes + AT_SEED, NULL, image->bytes + AT_SEED, SEED_BYTES, image->bytes, AT_SEED,
        NULL, image->bytes + AT_NONCE, key);
  sodium_memzero(key, sizeof key);
  return err;
}

static enum adduce_err write_file(struct adduce_scope *scope, const char *path,
                                  const struct signer *signer, enum keyfile_purpose purpose,
                                  struct adduce_span passphrase, enum keyfile_cost cost,
                                  bool exclusive) {
  TRY(sign_start(scope));
  if (purpose < KEYFILE_AUTHOR || purpose > KEYFILE_WITNESS)
    return scope_fail(scope, ADDUCE_E_USAGE, "%s: no such purpose of a key: %d", path,
                      (int)purpose);
  struct image image = {{0}};
  memcpy(image.bytes + AT_MAGIC, magic, sizeof magic);
  image.bytes[AT_PURPOSE] = (uint8_t)purpose;
  memcpy(image.bytes + AT_KEY, signer_key(signer)->bytes, 32);
  TRY(signer_seed(scope, signer, image.bytes + AT_SEED));
  enum adduce_err err = ADDUCE_OK;
  if (passphrase.size == 0)
    seal_clear(&image);
  else
    err = seal_passphrase(scope, &image, passphrase, cost);
  if (err == ADDUCE_OK)
    err = file_write(scope, path, span_of(image.bytes, sizeof image.bytes), 0600, exclusive);
  sodium_memzero(&image, sizeof image);
  return err;
}

enum adduce_err keyfile_create(struct adduce_scope *scope, const char *path,
                               const struct signer *signer, enum keyfile_purpose purpose,
                               struct adduce_span passphrase, enum keyfile_cost cost) {
  /* Said before Argon2id has taken its second; file_write sees to it for certain. */
  enum file_type type;
  TRY(file_look(scope, &type, path));
  if (type != FILE_NONE)
    return scope_fail(scope, ADDUCE_E_EXISTS, "%s: exists; a key file is never overwritten", path);
  return write_file(scope, path, signer, purpose, passphrase, cost, true);
}

enum adduce_err keyfile_replace(struct adduce_scope *scope, const char *path,
                                const struct signer *signer, enum keyfile_purpose purpose,
                                struct adduce_span passphrase, enum keyfile_cost cost) {
  return write_file(scope, path, signer, purpose, passphrase, cost, false);
}

/* --- reading ------------------------------------------------------------------------------ */

static enum adduce_err check_clear(struct adduce_scope *scope, const struct image *image,
                                   const char *path) {
  if (!sodium_is_zero(image->bytes + AT_PASSES, AT_SEED - AT_PASSES))
    return misformed(scope, path, "a key in the clear with the marks of a passphrase");
  uint8_t checksum[CHECKSUM_BYTES];
  make_checksum(checksum, image);
  if (sodium_memcmp(checksum, image->bytes + AT_CHECKSUM, sizeof checksum) != 0)
    return misformed(scope, path, "its checksum is wrong");
  return ADDUCE_OK;
}

/* The cost is bounded before it is paid. */
static enum adduce_err check_passphrase(struct adduce_scope *scope, const struct image *image,
                                        const char *path) {
  uint64_t passes = bigendian_get64(image->bytes + AT_PASSES);
  uint64_t memory = bigendian_get64(image->bytes + AT_MEMORY);
  if (passes < crypto_pwhash_OPSLIMIT_MIN || passes > PASSES_MAX)
    return misformed(scope, path, "Argon2id passes outside 1 to 10");
  if (memory < crypto_pwhash_MEMLIMIT_MIN || memory > MEMORY_BYTES_MAX)
    return misformed(scope, path, "Argon2id memory outside 8 KiB to 1 GiB");
  return ADDUCE_OK;
}

static enum adduce_err parse_image(struct adduce_scope *scope, struct keyfile_info *info,
                                   const struct image *image, const char *path) {
  uint8_t protection = image->bytes[AT_PROTECTION];
  uint8_t purpose = image->bytes[AT_PURPOSE];
  if (memcmp(image->bytes + AT_MAGIC, magic, sizeof magic) != 0)
    return misformed(scope, path, "it does not begin as one of version 1");
  if (protection != CLEAR && protection != PASSPHRASE)
    return misformed(scope, path, "byte 16: a protection that is not known");
  if (purpose < KEYFILE_AUTHOR || purpose > KEYFILE_WITNESS)
    return misformed(scope, path, "byte 17: a purpose that is not known");
  if (!sodium_is_zero(image->bytes + AT_ZEROES, AT_KEY - AT_ZEROES))
    return misformed(scope, path, "bytes 18 to 23 are not zero");
  if (protection == CLEAR)
    TRY(check_clear(scope, image, path));
  else
    TRY(check_passphrase(scope, image, path));
  struct adduce_key key;
  memcpy(key.bytes, image->bytes + AT_KEY, sizeof key.bytes);
  if (!sign_key_acceptable(&key))
    return misformed(scope, path, "its public key is not an acceptable one");
  *info = (struct keyfile_info){key, (enum keyfile_purpose)purpose, protection == PASSPHRASE};
  return ADDUCE_OK;
}

static enum adduce_err read_file(struct adduce_scope *scope, struct keyfile_info *info,
                                 struct image *image, const char *path) {
  TRY(sign_start(scope));
  size_t size = 0;
  enum adduce_err err = file_read_secret(scope, image->bytes, &size, path, sizeof image->bytes);
  if (err == ADDUCE_E_TOO_LARGE || (err == ADDUCE_OK && size != sizeof image->bytes))
    return misformed(scope, path, "a key file is exactly 160 bytes");
  if (err != ADDUCE_OK) return err;
  return parse_image(scope, info, image, path);
}

enum adduce_err keyfile_parse(struct adduce_scope *scope, struct keyfile_info *info,
                              struct adduce_span bytes, const char *path) {
  struct image image;
  memset(info, 0, sizeof *info);
  if (bytes.size != sizeof image.bytes)
    return misformed(scope, path, "a key file is exactly 160 bytes");
  memcpy(image.bytes, bytes.data, sizeof image.bytes);
  enum adduce_err err = parse_image(scope, info, &image, path);
  sodium_memzero(&image, sizeof image);
  return err;
}

enum adduce_err keyfile_inspect(struct adduce_scope *scope, struct keyfile_info *info,
                                const char *path) {
  struct image image;
  memset(info, 0, sizeof *info);
  enum adduce_err err = read_file(scope, info, &image, path);
  sodium_memzero(&image, sizeof image);
  return err;
}

/* Puts the seed in the place of its ciphertext. */
static enum adduce_err unseal(struct adduce_scope *scope, struct image *image, const char *path,
                              struct adduce_span passphrase) {
  if (passphrase.size == 0)
    return scope_fail(scope, ADDUCE_E_PASSPHRASE, "%s: the key is under a passphrase; give it",
                      path);
  uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
  enum adduce_err err = stretch(scope, key, image, passphrase);
  if (err == ADDUCE_OK &&
      crypto_aead_xchacha20poly1305_ietf_decrypt(
          image->bytes + AT_SEED, NULL, NULL, image->bytes + AT_SEED, KEYFILE_BYTES - AT_SEED,
          image->bytes, AT_SEED, image->bytes + AT_NONCE, key) != 0)
    err = scope_fail(scope, ADDUCE_E_PASSPHRASE,
                     "%s: the passphrase is wrong (or the file was changed)", path);
  sodium_memzero(key, sizeof key);
  return err;
}

static enum adduce_err make_signer(struct adduce_scope *scope, struct signer **signer,
                                   const struct keyfile_info *info, const struct image *image,
                                   const char *path) {
  TRY(signer_from_seed(scope, signer, image->bytes + AT_SEED));
  struct adduce_key derived = *signer_key(*signer);
  if (memcmp(derived.bytes, info->key.bytes, sizeof derived.bytes) == 0) return ADDUCE_OK;
  signer_close(signer);
  return scope_fail(scope, ADDUCE_E_KEY_FILE,
                    "%s: the public key is not that of the seed (it says %s, the seed gives %s)",
                    path, hex_text32(info->key.bytes).text, hex_text32(derived.bytes).text);
}

enum adduce_err keyfile_open(struct adduce_scope *scope, struct signer **signer,
                             struct keyfile_info *info, const char *path,
                             struct adduce_span passphrase) {
  struct image image;
  *signer = NULL;
  memset(info, 0, sizeof *info);
  enum adduce_err err = read_file(scope, info, &image, path);
  if (err == ADDUCE_OK && info->needs_passphrase) err = unseal(scope, &image, path, passphrase);
  if (err == ADDUCE_OK) err = make_signer(scope, signer, info, &image, path);
  sodium_memzero(&image, sizeof image);
  return err;
}
