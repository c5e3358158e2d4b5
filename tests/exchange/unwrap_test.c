/* SPDX-License-Identifier: Apache-2.0 */
/* What the process that takes bundles apart has of its parent's: no secret of its. */
#define _GNU_SOURCE
#include "exchange/unwrap.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundles.h"
#include "crypto/sign.h"
#include "sys/confine.h"

/* The seed, but for every bit the other way round, so that memory has it once: in the signer. */
static const uint8_t inverted[32] = {
    0x5a, 0x11, 0xe3, 0x9c, 0x47, 0x08, 0xbd, 0x72, 0xf6, 0x2b, 0x80, 0xcd, 0x19, 0xa4, 0x3e, 0x65,
    0xd1, 0x0c, 0x97, 0x4f, 0xb8, 0x23, 0x7e, 0xea, 0x36, 0x81, 0xdc, 0x50, 0xa9, 0x14, 0x6f, 0xc2};

static bool is_seed(const uint8_t *bytes) {
  for (size_t i = 0; i < sizeof inverted; i++)
    if ((bytes[i] ^ inverted[i]) != 0xff) return false;
  return true;
}

static struct signer *open_signer(void) {
  uint8_t seed[32];
  struct signer *signer;
  for (size_t i = 0; i < sizeof seed; i++) seed[i] = inverted[i] ^ 0xff;
  assert_int_equal(signer_from_seed(scope, &signer, seed), ADDUCE_OK);
  explicit_bzero(seed, sizeof seed);
  return signer;
}

static const uint8_t *find_in(int memory, uintptr_t begin, uintptr_t end) {
  static uint8_t page[4096];
  for (uintptr_t at = begin; at < end; at += sizeof page) {
    if (at <= (uintptr_t)page && (uintptr_t)page < at + sizeof page) continue;
    if (pread(memory, page, sizeof page, (off_t)at) != (ssize_t)sizeof page) continue;
    for (size_t i = 0; i + 32 <= sizeof page; i++)
      if (is_seed(page + i)) {
        explicit_bzero(page, sizeof page);
        return (const uint8_t *)at + i;
      }
  }
  return NULL;
}

/* Where the seed stands in our memory, closed pages among it; NULL if it does not. */
static const uint8_t *find_seed(void) {
  const uint8_t *found = NULL;
  unsigned long begin, end;
  char line[512], access[8];
  unsigned long long inode;
  int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen("/proc/self/maps", "re");
  if (memory < 0 || maps == NULL) skip();
  while (found == NULL && fgets(line, sizeof line, maps) != NULL)
    if (sscanf(line, "%lx-%lx %7s %*s %*s %llu", &begin, &end, access, &inode) == 4 && inode == 0 &&
        end - begin < (64u << 20))
      found = find_in(memory, begin, end);
  fclose(maps);
  close(memory);
  return found;
}

/* In the child: 1 if the seed is where it was, whatever keeps it shut. */
static void look(void *context) {
  const uint8_t *seed = *(const uint8_t **)context;
  uint8_t *page = (uint8_t *)((uintptr_t)seed & ~(uintptr_t)4095);
  const uint8_t is_there = mprotect(page, 4096, PROT_READ) == 0 && is_seed(seed) ? 1 : 0;
  confine_give(span_of(&is_there, 1));
}

static enum adduce_err give_nothing(void *context, struct adduce_scope *own, uint8_t *out,
                                    size_t *got, size_t capacity) {
  (void)context, (void)own, (void)out, (void)capacity;
  *got = 0;
  return ADDUCE_OK;
}

static void an_open_key_is_not_in_the_confined_process(void **state) {
  (void)state;
  static const struct confine_limits limits = {(size_t)64 << 20, 10, 10};
  struct confine confined;
  uint8_t is_there = 2;
  size_t got = 0;
  struct signer *signer = open_signer();
  const uint8_t *seed = find_seed();
  assert_non_null(seed); /* or the child would look at nothing */
  assert_int_equal(confine_start(scope, &confined, look, &seed, give_nothing, NULL, &limits),
                   ADDUCE_OK);
  assert_int_equal(confine_read(scope, &confined, &is_there, &got, 1), ADDUCE_OK);
  assert_int_equal(got, 1);
  bool has_no_secrets = confined.has_no_secrets;
  confine_close(&confined);
  signer_close(&signer);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip();
#endif
  assert_true(has_no_secrets);
  assert_int_equal(is_there, 0);
}

/* Before, after, and in a child that a host forks for itself. */
static void the_key_goes_on_signing_everywhere_else(void **state) {
  (void)state;
  static const struct confine_limits limits = {(size_t)64 << 20, 10, 10};
  const struct adduce_span message = span_text("signed");
  struct adduce_signature signature;
  struct confine confined;
  uint8_t byte;
  size_t got;
  int status = -1;
  struct signer *signer = open_signer();
  const uint8_t *seed = find_seed();
  assert_int_equal(confine_start(scope, &confined, look, &seed, give_nothing, NULL, &limits),
                   ADDUCE_OK);
  assert_int_equal(confine_read(scope, &confined, &byte, &got, 1), ADDUCE_OK);
  assert_int_equal(signer_sign(scope, &signature, signer, message), ADDUCE_OK);
  pid_t child = fork();
  if (child == 0)
    _exit(signer_sign(scope, &signature, signer, message) == ADDUCE_OK &&
                  sign_verify_accepted(signer_key(signer), message, &signature)
              ? 0
              : 1);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  confine_close(&confined);
  signer_close(&signer);
}

/* --- its frames ----------------------------------------------------------------------------- */

/* A bundle goes through it whole. */
static void a_bundle_comes_out_as_it_went_in(void **state) {
  (void)state;
  bool selected[3] = {true, true, true};
  struct little *log = little_make(3);
  struct bundle_manifest manifest = little_manifest(log, selected);
  struct stream_bytes stream = {little_bundle(log, &manifest, NULL), 100};
  const struct adduce_source source = {read_bytes, &stream};
  struct unwrap *unwrap;
  struct bundlereader_item item;
  assert_int_equal(unwrap_open(scope, &unwrap, &source, NULL), ADDUCE_OK);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(unwrap_next(scope, unwrap, &item), ADDUCE_OK);
    assert_true(span_equal(item.entry, log->entries[i]));
    assert_true(span_equal(item.content, log->contents[i]));
  }
  assert_int_equal(unwrap_next(scope, unwrap, &item), ADDUCE_OK);
  assert_int_equal(item.type, BUNDLEREADER_END);
  unwrap_close(&unwrap);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_open_key_is_not_in_the_confined_process),
      cmocka_unit_test(the_key_goes_on_signing_everywhere_else),
      cmocka_unit_test(a_bundle_comes_out_as_it_went_in),
  };
  return cmocka_run_group_tests(tests, open_bundles, close_bundles);
}
