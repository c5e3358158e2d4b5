/* SPDX-License-Identifier: Apache-2.0 */
/* Bits flipped in the file of a log: each is found, or nothing that the log says has changed, and
 * none brings the program down. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/bed.h"
#include "support/child.h"
#include "sys/file.h"

#define PAGE_BYTES 4096
#define HEADER_BYTES 64

enum { FOUND, UNCHANGED, CHANGED, CRASHED };

static struct bed bed;

/* Everything that the log would say: entries, contents, the latest checkpoint. */
static enum adduce_err digest_all(struct adduce_hash *digest) {
  struct log_view view;
  struct hash hash;
  struct adduce_span note;
  hash_init(&hash);
  TRY(log_view_open(bed.scope, &view, bed.log));
  for (uint64_t i = 0; i < view.size; i++) {
    struct log_entry entry;
    TRY(log_view_entry(bed.scope, &view, &entry, i));
    hash_span(&hash, entry.entry);
    hash_span(&hash, entry.content);
  }
  TRY(log_view_checkpoint(bed.scope, &view, &note));
  hash_span(&hash, note);
  log_view_close(&view);
  hash_final(&hash, digest);
  return ADDUCE_OK;
}

static void look(const struct adduce_hash *sound) {
  struct adduce_hash digest;
  child_dies_of_faults();
  if (bed_reopen_for_reading(&bed) != ADDUCE_OK || bed_check(&bed) != ADDUCE_OK) _exit(FOUND);
  bool same = digest_all(&digest) == ADDUCE_OK && hash_equal(&digest, sound);
  _exit(same ? UNCHANGED : CHANGED);
}

static int fate(const struct adduce_hash *sound) {
  int status;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) look(sound);
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : CRASHED;
}

static void flip(int fd, size_t offset, unsigned bit) {
  uint8_t byte;
  assert_int_equal(pread(fd, &byte, 1, (off_t)offset), 1);
  byte ^= (uint8_t)(1u << bit);
  assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
}

/* Every third flip in the head of a page, which LMDB trusts; the others anywhere. */
static size_t choose(size_t round, size_t size) {
  size_t offset = round * 15485863 % size;
  return round % 3 == 0 ? offset / PAGE_BYTES * PAGE_BYTES + round % HEADER_BYTES : offset;
}

static void no_flipped_bit_changes_what_the_log_says(void **state) {
  (void)state;
  struct event events[60];
  struct adduce_hash sound;
  size_t fates[4] = {0};
  bed_open(&bed);
  for (int batch = 0; batch < 6; batch++) {
    for (size_t i = 0; i < 60; i++) events[i] = bed_claim(&bed, 0);
    assert_int_equal(bed_append(&bed, events, 60), ADDUCE_OK);
  }
  bed_enter(&bed, bed_authorizing(&bed, 1, "\"append\""));
  assert_int_equal(digest_all(&sound), ADDUCE_OK);
  log_close(&bed.log);
  const char *path = scope_format(bed.scope, "%s/data-1.mdb", bed.log_folder);
  int fd = open(path, O_RDWR | O_CLOEXEC);
  assert_true(fd >= 0);
  assert_int_equal(fate(&sound), UNCHANGED);
  for (size_t round = 0; round < 100; round++) {
    size_t offset = choose(round, file_size(path));
    flip(fd, offset, (unsigned)round % 8);
    int what = fate(&sound);
    flip(fd, offset, (unsigned)round % 8);
    if (what != FOUND && what != UNCHANGED)
      fail_msg("bit %zu of byte %zu: %s", round % 8, offset,
               what == CHANGED ? "not found" : "brought the program down");
    fates[what]++;
  }
  close(fd);
  assert_true(fates[FOUND] > 15);
  bed_close(&bed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_flipped_bit_changes_what_the_log_says),
  };
  return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
