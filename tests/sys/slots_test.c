/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/slots.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"

#define FILE_BYTES 1024
#define SLOT_BYTES 512

/* Not cryptography, but every bit counts: four sums of FNV-1a with different beginnings. */
static void sum(const uint8_t *bytes480, uint8_t *out32) {
  for (uint64_t lane = 0; lane < 4; lane++) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325) + lane;
    for (size_t i = 0; i < 480; i++) hash = (hash ^ bytes480[i]) * UINT64_C(0x100000001b3);
    memcpy(out32 + 8 * lane, &hash, 8);
  }
}

static void expect_payload(const char *path, const char *text) {
  struct adduce_span payload;
  struct slots slots;
  assert_int_equal(slots_read(scope, &payload, path, sum), ADDUCE_OK);
  assert_true(span_is(payload, text));
  assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_OK);
  assert_true(span_is(payload, text));
  slots_close(&slots);
  slots_close(&slots);
}

static void the_last_payload_is_read(void **state) {
  const char *path = in_folder("last");
  struct adduce_span payload;
  struct slots slots;
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("one"), sum), ADDUCE_OK);
  assert_int_equal(slots_create(scope, path, span_text("two"), sum), ADDUCE_E_EXISTS);
  expect_payload(path, "one");
  assert_int_equal(file_size(path), FILE_BYTES);
  for (int i = 0; i < 9; i++) {
    const char *text = scope_format(scope, "%.*s", i, "abcdefghi");
    assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_OK);
    assert_int_equal(slots.sequence, 1 + i);
    assert_int_equal(slots_write(scope, &slots, span_text(text), sum), ADDUCE_OK);
    assert_int_equal(slots.sequence, 2 + i);
    slots_close(&slots);
    expect_payload(path, text);
  }
  assert_int_equal(file_size(path), FILE_BYTES);
}

static void a_payload_fits_or_is_refused(void **state) {
  const char *path = in_folder("fit");
  uint8_t bytes[SLOTS_PAYLOAD_BYTES + 1];
  struct adduce_span payload;
  struct slots slots;
  (void)state;
  memset(bytes, 'x', sizeof bytes);
  assert_int_equal(slots_create(scope, path, span_of(bytes, sizeof bytes), sum), ADDUCE_E_USAGE);
  assert_int_equal(file_type(path), FILE_NONE);
  assert_int_equal(slots_create(scope, path, span_of(bytes, sizeof bytes - 1), sum), ADDUCE_OK);
  assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_OK);
  assert_int_equal(payload.size, SLOTS_PAYLOAD_BYTES);
  assert_int_equal(slots_write(scope, &slots, span_of(bytes, sizeof bytes), sum), ADDUCE_E_USAGE);
  assert_int_equal(slots_write(scope, &slots, span_of(bytes, sizeof bytes - 1), sum), ADDUCE_OK);
  slots_close(&slots);
}

/* A crash leaves any prefix of the new slot over the old one; so do other orders, sector by
 * sector, but a slot is one sector. */
static void a_torn_write_leaves_the_old_payload(void **state) {
  const char *path = in_folder("torn");
  struct adduce_span before, after, payload;
  struct slots slots;
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("first"), sum), ADDUCE_OK);
  assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_OK);
  assert_int_equal(slots_write(scope, &slots, span_text("old"), sum), ADDUCE_OK);
  assert_int_equal(file_read(scope, &before, path, FILE_BYTES), ADDUCE_OK);
  assert_int_equal(slots_write(scope, &slots, span_text("new"), sum), ADDUCE_OK);
  assert_int_equal(file_read(scope, &after, path, FILE_BYTES), ADDUCE_OK);
  slots_close(&slots);
  size_t slot = memcmp(before.data, after.data, SLOT_BYTES) != 0 ? 0 : SLOT_BYTES;
  for (size_t cut = 0; cut <= SLOT_BYTES; cut += cut < 16 || cut > 470 ? 1 : 29) {
    struct scope_mark mark = scope_mark(scope);
    uint8_t torn[FILE_BYTES];
    memcpy(torn, before.data, FILE_BYTES);
    memcpy(torn + slot, after.data + slot, cut);
    assert_int_equal(file_write(scope, path, span_of(torn, sizeof torn), 0600, false), ADDUCE_OK);
    bool is_whole = memcmp(torn + slot, after.data + slot, SLOT_BYTES) == 0;
    expect_payload(path, is_whole ? "new" : "old");
    scope_rewind(scope, mark);
  }
}

static void any_damage_to_a_slot_gives_the_other(void **state) {
  const char *path = in_folder("damage");
  struct adduce_span whole, payload;
  struct slots slots;
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("one"), sum), ADDUCE_OK);
  assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_OK);
  assert_int_equal(slots_write(scope, &slots, span_text("two"), sum), ADDUCE_OK);
  slots_close(&slots);
  assert_int_equal(file_read(scope, &whole, path, FILE_BYTES), ADDUCE_OK);
  for (size_t at = 0; at < FILE_BYTES; at++) {
    struct scope_mark mark = scope_mark(scope);
    uint8_t bytes[FILE_BYTES];
    memcpy(bytes, whole.data, FILE_BYTES);
    bytes[at] ^= (uint8_t)(1u << at % 8);
    FILE *file = fopen(path, "r+b");
    assert_true(file != NULL && fwrite(bytes, 1, FILE_BYTES, file) == FILE_BYTES);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(slots_read(scope, &payload, path, sum), ADDUCE_OK);
    assert_true(span_is(payload, at < SLOT_BYTES ? "one" : "two")); /* sequence 2 is in place 0 */
    scope_rewind(scope, mark);
  }
}

static void what_has_no_good_slot_is_corrupt(void **state) {
  const char *path = in_folder("corrupt");
  static const uint8_t zeroes[FILE_BYTES];
  struct adduce_span payload;
  struct slots slots;
  (void)state;
  for (size_t size = 0; size <= FILE_BYTES; size += 256) {
    assert_int_equal(file_write(scope, path, span_of(zeroes, size), 0600, false), ADDUCE_OK);
    assert_int_equal(slots_read(scope, &payload, path, sum), ADDUCE_E_CORRUPT);
    assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_E_CORRUPT);
    assert_int_equal(slots.fd, -1);
  }
  assert_int_equal(slots_read(scope, &payload, in_folder("none"), sum), ADDUCE_E_NO_FILE);
  assert_int_equal(slots_open(scope, &slots, &payload, in_folder("none"), sum), ADDUCE_E_NO_FILE);
  assert_int_equal(slots_open(scope, &slots, &payload, folder, sum), ADDUCE_E_IO);
}

static void a_slot_out_of_its_place_does_not_count(void **state) {
  const char *path = in_folder("place");
  struct adduce_span whole, payload;
  uint8_t swapped[FILE_BYTES] = {0};
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("one"), sum), ADDUCE_OK);
  assert_int_equal(file_read(scope, &whole, path, FILE_BYTES), ADDUCE_OK);
  memcpy(swapped, whole.data + SLOT_BYTES, SLOT_BYTES);
  assert_int_equal(file_write(scope, path, span_of(swapped, FILE_BYTES), 0600, false), ADDUCE_OK);
  assert_int_equal(slots_read(scope, &payload, path, sum), ADDUCE_E_CORRUPT);
}

static void a_link_is_not_followed(void **state) {
  const char *path = in_folder("target"), *link = in_folder("link");
  struct adduce_span payload;
  struct slots slots;
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("one"), sum), ADDUCE_OK);
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(slots_open(scope, &slots, &payload, link, sum), ADDUCE_E_IO);
}

/* In a child: opens, adds one to a number, many times. */
static int count_up(const char *path, int times) {
  for (int i = 0; i < times; i++) {
    struct scope_mark mark = scope_mark(scope);
    struct adduce_span payload;
    struct slots slots;
    if (slots_open(scope, &slots, &payload, path, sum) != ADDUCE_OK) return 1;
    const char *next = scope_format(scope, "%d", atoi((const char *)payload.data) + 1);
    if (slots_write(scope, &slots, span_text(next), sum) != ADDUCE_OK) return 1;
    slots_close(&slots);
    scope_rewind(scope, mark);
  }
  return 0;
}

static void two_writers_lose_no_change_and_readers_see_whole_ones(void **state) {
  const char *path = in_folder("count");
  pid_t children[2];
  int last = 0, running = 2;
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("0"), sum), ADDUCE_OK);
  for (int i = 0; i < 2; i++) {
    children[i] = fork();
    assert_true(children[i] >= 0);
    if (children[i] == 0) _exit(count_up(path, 200));
  }
  while (running != 0) {
    struct scope_mark mark = scope_mark(scope);
    struct adduce_span payload;
    int status;
    assert_int_equal(slots_read(scope, &payload, path, sum), ADDUCE_OK);
    assert_true(atoi((const char *)payload.data) >= last);
    last = atoi((const char *)payload.data);
    if (waitpid(-1, &status, WNOHANG) > 0) {
      assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
      running--;
    }
    scope_rewind(scope, mark);
  }
  expect_payload(path, "400");
}

/* The file is cut behind its first slot, and may not grow again. */
static void a_full_disk_leaves_the_current_slot(void **state) {
  const char *path = in_folder("full");
  struct rlimit before, none = {SLOT_BYTES, RLIM_INFINITY};
  struct adduce_span payload;
  struct slots slots;
  (void)state;
  assert_int_equal(slots_create(scope, path, span_text("one"), sum), ADDUCE_OK);
  assert_int_equal(slots_open(scope, &slots, &payload, path, sum), ADDUCE_OK);
  assert_int_equal(slots_write(scope, &slots, span_text("two"), sum), ADDUCE_OK);
  assert_int_equal(truncate(path, SLOT_BYTES), 0);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  none.rlim_max = before.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
  enum adduce_err err = slots_write(scope, &slots, span_text("three"), sum);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(err, ADDUCE_E_DISK_FULL);
  assert_int_equal(slots.sequence, 2);
  slots_close(&slots);
  expect_payload(path, "two");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_payload_is_read),
      cmocka_unit_test(a_payload_fits_or_is_refused),
      cmocka_unit_test(a_torn_write_leaves_the_old_payload),
      cmocka_unit_test(any_damage_to_a_slot_gives_the_other),
      cmocka_unit_test(what_has_no_good_slot_is_corrupt),
      cmocka_unit_test(a_slot_out_of_its_place_does_not_count),
      cmocka_unit_test(a_link_is_not_followed),
      cmocka_unit_test(two_writers_lose_no_change_and_readers_see_whole_ones),
      cmocka_unit_test(a_full_disk_leaves_the_current_slot),
  };
  return cmocka_run_group_tests(tests, open_folder, close_folder);
}
