/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/keyfile.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bigendian.h"
#include "base/hex.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

static struct adduce_scope *scope;
static struct signer *signer;
static char folder[64], path[96], link_path[96];

static int setup(void **state) {
  (void)state;
  strcpy(folder, "/tmp/adduce-keyfile-XXXXXX");
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(path, sizeof path, "%s/key", folder);
  snprintf(link_path, sizeof link_path, "%s/link", folder);
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  return signer_generate(scope, &signer) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  signer_close(&signer);
  adduce_scope_close(&scope);
  unlink(path);
  return rmdir(folder);
}

static int no_file(void **state) {
  (void)state;
  unlink(path);
  return 0;
}

static void write_raw(const void *bytes, size_t size) {
  unlink(path);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, bytes, size), (ssize_t)size);
  close(fd);
}

static void read_raw(uint8_t *bytes160) {
  int fd = open(path, O_RDONLY);
  assert_true(fd >= 0);
  assert_int_equal(read(fd, bytes160, KEYFILE_BYTES), KEYFILE_BYTES);
  uint8_t more;
  assert_int_equal(read(fd, &more, 1), 0);
  close(fd);
}

static enum adduce_err open_key(const char *passphrase, struct keyfile_info *info) {
  struct signer *opened;
  enum adduce_err err = keyfile_open(scope, &opened, info, path, span_text(passphrase));
  if (err == ADDUCE_OK) {
    assert_memory_equal(signer_key(opened), signer_key(signer), 32);
    assert_memory_equal(&info->key, signer_key(signer), 32);
  }
  assert_int_equal(opened == NULL, err != ADDUCE_OK);
  signer_close(&opened);
  return err;
}

static enum adduce_err parse(const uint8_t *bytes160) {
  struct keyfile_info info;
  return keyfile_parse(scope, &info, span_of(bytes160, KEYFILE_BYTES), "key");
}

/* A file as the header describes it, under a cost too low for keyfile_create but fit for a
 * test: one pass over 8 KiB. */
static void seal_cheaply(uint8_t *bytes160, const char *passphrase) {
  static const char magic[16] = "adduce key v1\n\0";
  uint8_t seed[32], key[32];
  memset(bytes160, 0, KEYFILE_BYTES);
  memcpy(bytes160, magic, 16);
  bytes160[16] = 1;
  bytes160[17] = KEYFILE_LOG;
  memcpy(bytes160 + 24, signer_key(signer), 32);
  bigendian_put64(bytes160 + 56, 1);
  bigendian_put64(bytes160 + 64, 8192);
  memset(bytes160 + 72, 's', 16);
  memset(bytes160 + 88, 'n', 24);
  assert_true(signer_seed(scope, signer, seed) == ADDUCE_OK);
  assert_int_equal(crypto_pwhash(key, 32, passphrase, strlen(passphrase), bytes160 + 72, 1, 8192,
                                 crypto_pwhash_ALG_ARGON2ID13),
                   0);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes160 + 112, NULL, seed, 32, bytes160, 112, NULL,
                                             bytes160 + 88, key);
}

/* --- in the clear ------------------------------------------------------------------------- */

static void a_clear_file_has_the_bytes_of_the_format(void **state) {
  (void)state;
  uint8_t bytes[KEYFILE_BYTES], expected[KEYFILE_BYTES] = "adduce key v1\n";
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_WITNESS, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  read_raw(bytes);
  expected[17] = 3;
  memcpy(expected + 24, signer_key(signer), 32);
  assert_true(signer_seed(scope, signer, expected + 112) == ADDUCE_OK);
  struct adduce_hash digest = hash_bytes(span_of(expected, 144));
  memcpy(expected + 144, digest.bytes, 16);
  assert_memory_equal(bytes, expected, KEYFILE_BYTES);
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(status.st_mode & 07777, 0600);
}

static void a_clear_file_opens(void **state) {
  (void)state;
  struct keyfile_info info;
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_OK);
  assert_false(info.needs_passphrase);
  assert_int_equal(info.purpose, KEYFILE_AUTHOR);
  assert_memory_equal(&info.key, signer_key(signer), 32);
  assert_int_equal(open_key("", &info), ADDUCE_OK);
  assert_int_equal(open_key("not needed", &info), ADDUCE_OK);
}

static void every_changed_bit_of_a_clear_file_is_refused(void **state) {
  (void)state;
  uint8_t bytes[KEYFILE_BYTES];
  struct keyfile_info info;
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  read_raw(bytes);
  assert_int_equal(parse(bytes), ADDUCE_OK);
  for (size_t bit = 0; bit < 8 * KEYFILE_BYTES; bit++) {
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_int_equal(parse(bytes), ADDUCE_E_KEY_FILE);
    if (bit % 7 == 0) {
      write_raw(bytes, sizeof bytes);
      assert_int_equal(open_key("", &info), ADDUCE_E_KEY_FILE);
    }
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
}

/* The checksum is no signature: whoever makes it anew still cannot give a seed another key. */
static void a_public_key_that_is_not_the_seeds_is_refused(void **state) {
  (void)state;
  uint8_t bytes[KEYFILE_BYTES];
  struct keyfile_info info;
  struct signer *other;
  assert_int_equal(signer_generate(scope, &other), ADDUCE_OK);
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  read_raw(bytes);
  memcpy(bytes + 24, signer_key(other), 32);
  struct adduce_hash digest = hash_bytes(span_of(bytes, 144));
  memcpy(bytes + 144, digest.bytes, 16);
  write_raw(bytes, sizeof bytes);
  assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_OK);
  assert_int_equal(open_key("", &info), ADDUCE_E_KEY_FILE);
  memset(bytes + 24, 0, 32);
  digest = hash_bytes(span_of(bytes, 144));
  memcpy(bytes + 144, digest.bytes, 16);
  write_raw(bytes, sizeof bytes);
  assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_E_KEY_FILE);
  signer_close(&other);
}

static void another_size_is_refused(void **state) {
  (void)state;
  uint8_t bytes[2 * KEYFILE_BYTES] = {0};
  struct keyfile_info info;
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  read_raw(bytes);
  static const size_t sizes[] = {0, 1, 112, 159, 161, 320};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    write_raw(bytes, sizes[i]);
    assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_E_KEY_FILE);
    assert_int_equal(open_key("", &info), ADDUCE_E_KEY_FILE);
    assert_int_equal(keyfile_parse(scope, &info, span_of(bytes, sizes[i]), "key"),
                     ADDUCE_E_KEY_FILE);
  }
}

/* --- under a passphrase ------------------------------------------------------------------- */

static void a_passphrase_opens_what_it_closed(void **state) {
  (void)state;
  uint8_t bytes[KEYFILE_BYTES], seed[32];
  struct keyfile_info info;
  assert_int_equal(keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text("correct horse"),
                                  KEYFILE_MODERATE),
                   ADDUCE_OK);
  assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_OK);
  assert_true(info.needs_passphrase);
  assert_int_equal(open_key("correct horse", &info), ADDUCE_OK);
  assert_int_equal(open_key("", &info), ADDUCE_E_PASSPHRASE);
  assert_int_equal(open_key("correct horsf", &info), ADDUCE_E_PASSPHRASE);
  read_raw(bytes);
  assert_int_equal(bigendian_get64(bytes + 56), 3);
  assert_int_equal(bigendian_get64(bytes + 64), 256 << 20);
  assert_true(signer_seed(scope, signer, seed) == ADDUCE_OK);
  for (size_t at = 0; at + 8 <= KEYFILE_BYTES; at++)
    for (size_t from = 0; from + 8 <= 32; from++)
      assert_true(memcmp(bytes + at, seed + from, 8) != 0);
}

/* In a child, whose memory is bounded. A sanitizer has bounds of its own and is left alone. */
static void too_little_memory_for_argon2id_is_said(void **state) {
  (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip();
#endif
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    struct rlimit limit = {(rlim_t)200 << 20, (rlim_t)200 << 20};
    if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(1);
    _exit(keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text("pass"),
                         KEYFILE_MODERATE) == ADDUCE_E_MEMORY
              ? 0
              : 2);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_int_not_equal(access(path, F_OK), 0);
}

static void the_format_is_as_described(void **state) {
  (void)state;
  uint8_t bytes[KEYFILE_BYTES];
  struct keyfile_info info;
  seal_cheaply(bytes, "pass");
  write_raw(bytes, sizeof bytes);
  assert_int_equal(open_key("pass", &info), ADDUCE_OK);
  assert_int_equal(info.purpose, KEYFILE_LOG);
  assert_true(info.needs_passphrase);
  assert_int_equal(open_key("Pass", &info), ADDUCE_E_PASSPHRASE);
}

/* Bits of the cost may make a file dear, never beyond the bound, and are left out here; all
 * others are tried. */
static void every_changed_bit_of_a_closed_file_is_refused(void **state) {
  (void)state;
  uint8_t bytes[KEYFILE_BYTES];
  struct keyfile_info info;
  seal_cheaply(bytes, "pass");
  for (size_t bit = 0; bit < 8 * KEYFILE_BYTES; bit++) {
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    bool cost = bit / 8 >= 56 && bit / 8 < 72;
    if (!cost || parse(bytes) != ADDUCE_OK) {
      write_raw(bytes, sizeof bytes);
      enum adduce_err err = open_key("pass", &info);
      assert_true(err == ADDUCE_E_KEY_FILE || (err == ADDUCE_E_PASSPHRASE && !cost));
    }
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
}

static void the_cost_is_bounded_before_it_is_paid(void **state) {
  (void)state;
  static const struct {
    uint64_t passes, memory;
    bool good;
  } cases[] = {
      {1, 8192, true},
      {10, (uint64_t)1 << 30, true},
      {0, 8192, false},
      {11, 8192, false},
      {UINT64_MAX, 8192, false},
      {1, 8191, false},
      {1, 0, false},
      {1, ((uint64_t)1 << 30) + 1, false},
      {1, UINT64_MAX, false},
      {1 | (uint64_t)1 << 32, 8192, false},
  };
  uint8_t bytes[KEYFILE_BYTES];
  seal_cheaply(bytes, "pass");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    bigendian_put64(bytes + 56, cases[i].passes);
    bigendian_put64(bytes + 64, cases[i].memory);
    assert_int_equal(parse(bytes), cases[i].good ? ADDUCE_OK : ADDUCE_E_KEY_FILE);
  }
}

/* --- tests/vectors/keyfiles.txt ----------------------------------------------------------- */

static void vectors(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/keyfiles.txt", "r");
  assert_non_null(file);
  char line[1024], passphrase[64], seed_hex[65], file_hex[321];
  int count = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (line[0] == '#') continue;
    uint8_t bytes[KEYFILE_BYTES], seed[32], opened_seed[32];
    struct signer *opened;
    struct keyfile_info info;
    assert_int_equal(sscanf(line, "%63s %64s %320s", passphrase, seed_hex, file_hex), 3);
    assert_true(hex_decode(span_text(seed_hex), seed, 32));
    assert_true(hex_decode(span_text(file_hex), bytes, sizeof bytes));
    write_raw(bytes, sizeof bytes);
    if (strcmp(passphrase, "-") == 0) passphrase[0] = '\0';
    assert_int_equal(keyfile_open(scope, &opened, &info, path, span_text(passphrase)), ADDUCE_OK);
    assert_true(signer_seed(scope, opened, opened_seed) == ADDUCE_OK);
    assert_memory_equal(seed, opened_seed, 32);
    signer_close(&opened);
    count++;
  }
  fclose(file);
  assert_int_equal(count, 4);
}

/* --- the file itself ---------------------------------------------------------------------- */

static void a_file_that_others_may_read_is_refused(void **state) {
  (void)state;
  struct keyfile_info info;
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  static const mode_t modes[] = {0644, 0640, 0604, 0620, 0610, 0601, 0666};
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    assert_int_equal(chmod(path, modes[i]), 0);
    assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_E_KEY_FILE);
    assert_int_equal(open_key("", &info), ADDUCE_E_KEY_FILE);
  }
  assert_int_equal(chmod(path, 0400), 0);
  assert_int_equal(open_key("", &info), ADDUCE_OK);
}

static void a_link_to_a_key_file_is_refused(void **state) {
  (void)state;
  struct keyfile_info info;
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  assert_int_equal(symlink(path, link_path), 0);
  assert_int_equal(keyfile_inspect(scope, &info, link_path), ADDUCE_E_KEY_FILE);
  assert_int_equal(unlink(link_path), 0);
}

static void a_missing_file_and_a_folder_are_refused(void **state) {
  (void)state;
  struct keyfile_info info;
  assert_int_equal(keyfile_inspect(scope, &info, path), ADDUCE_E_NO_FILE);
  assert_int_equal(open_key("", &info), ADDUCE_E_NO_FILE);
  assert_int_not_equal(keyfile_inspect(scope, &info, folder), ADDUCE_OK);
}

static void an_existing_file_is_never_overwritten_but_may_be_replaced(void **state) {
  (void)state;
  struct keyfile_info info;
  static const uint8_t other[] = "something else";
  write_raw(other, sizeof other);
  assert_int_equal(
      keyfile_create(scope, path, signer, KEYFILE_AUTHOR, span_text(""), KEYFILE_MODERATE),
      ADDUCE_E_EXISTS);
  int fd = open(path, O_RDONLY);
  char bytes[sizeof other];
  assert_int_equal(read(fd, bytes, sizeof bytes), sizeof other);
  close(fd);
  assert_memory_equal(bytes, other, sizeof other);
  assert_int_equal(
      keyfile_replace(scope, path, signer, KEYFILE_LOG, span_text(""), KEYFILE_MODERATE),
      ADDUCE_OK);
  assert_int_equal(open_key("", &info), ADDUCE_OK);
  assert_int_equal(info.purpose, KEYFILE_LOG);
}

static void an_unknown_purpose_is_a_wrong_call(void **state) {
  (void)state;
  assert_int_equal(
      keyfile_create(scope, path, signer, (enum keyfile_purpose)4, span_text(""), KEYFILE_MODERATE),
      ADDUCE_E_USAGE);
  assert_int_not_equal(access(path, F_OK), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_clear_file_has_the_bytes_of_the_format, no_file),
      cmocka_unit_test_teardown(a_clear_file_opens, no_file),
      cmocka_unit_test_teardown(every_changed_bit_of_a_clear_file_is_refused, no_file),
      cmocka_unit_test_teardown(a_public_key_that_is_not_the_seeds_is_refused, no_file),
      cmocka_unit_test_teardown(another_size_is_refused, no_file),
      cmocka_unit_test_teardown(a_passphrase_opens_what_it_closed, no_file),
      cmocka_unit_test_teardown(too_little_memory_for_argon2id_is_said, no_file),
      cmocka_unit_test_teardown(the_format_is_as_described, no_file),
      cmocka_unit_test_teardown(every_changed_bit_of_a_closed_file_is_refused, no_file),
      cmocka_unit_test_teardown(the_cost_is_bounded_before_it_is_paid, no_file),
      cmocka_unit_test_teardown(vectors, no_file),
      cmocka_unit_test_teardown(a_file_that_others_may_read_is_refused, no_file),
      cmocka_unit_test_teardown(a_link_to_a_key_file_is_refused, no_file),
      cmocka_unit_test_teardown(a_missing_file_and_a_folder_are_refused, no_file),
      cmocka_unit_test_teardown(an_existing_file_is_never_overwritten_but_may_be_replaced, no_file),
      cmocka_unit_test_teardown(an_unknown_purpose_is_a_wrong_call, no_file),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
