/* SPDX-License-Identifier: Apache-2.0 */
#include "log/headlock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sys/folder.h"
#include "sys/slots.h"

#define LEAVES 40

/* Two histories that part at leaf 20; a reader counts how often it is asked. */
struct tree {
  struct adduce_hash leaves[LEAVES];
  size_t reads;
  bool broken;
};

static struct tree ours, theirs;
static const char *path;

static enum adduce_err read_tree(void *context, struct adduce_scope *into, unsigned level,
                                 uint64_t first, size_t count, struct adduce_hash *out) {
  struct tree *tree = context;
  tree->reads++;
  if (tree->broken) return scope_fail(into, ADDUCE_E_CORRUPT, "broken");
  assert_true(level == 0 && first + count <= LEAVES);
  memcpy(out, &tree->leaves[first], count * 32);
  return ADDUCE_OK;
}

static struct merkle_reader reader_of(struct tree *tree) {
  tree->reads = 0;
  return (struct merkle_reader){read_tree, tree};
}

static struct headlock_head head_of(struct tree *tree, uint64_t size) {
  struct headlock_head head = {.origin = span_text("m.example"), .size = size};
  struct merkle_reader reader = reader_of(tree);
  assert_int_equal(merkle_root(scope, &head.root, &reader, size), ADDUCE_OK);
  head.note_digest = hash_bytes(span_of(&size, sizeof size));
  return head;
}

static void expect(const struct headlock_head *wanted) {
  struct headlock_head head;
  assert_int_equal(headlock_read(scope, &head, path), ADDUCE_OK);
  assert_int_equal(head.size, wanted->size);
  assert_true(span_equal(head.origin, wanted->origin));
  assert_memory_equal(&head.root, &wanted->root, 32);
  assert_memory_equal(&head.note_digest, &wanted->note_digest, 32);
}

static void detail_has(const char *text) {
  if (strstr(adduce_scope_detail(scope), text) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", adduce_scope_detail(scope), text);
}

/* Advances without a word from the store. */
static enum adduce_err advance(struct tree *tree, uint64_t size,
                               const struct headlock_head *known) {
  struct headlock_head head = head_of(tree, size);
  struct merkle_reader reader = reader_of(tree);
  return headlock_advance(scope, path, &head, &reader, known, NULL, NULL);
}

/* --- fixtures ----------------------------------------------------------------------------- */

static int start(void **state) {
  for (size_t i = 0; i < LEAVES; i++) {
    ours.leaves[i] = hash_bytes(span_of(&i, sizeof i));
    theirs.leaves[i] = ours.leaves[i];
    if (i >= 20) theirs.leaves[i].bytes[0] ^= 1;
  }
  return open_folder(state);
}

/* A lock at size 10 of our history. */
static int locked(void **state) {
  (void)state;
  static const struct adduce_id genesis = {{0xab}};
  path = headlock_path(scope, folder, &genesis);
  if (file_remove(scope, path) != ADDUCE_OK) return 1;
  struct headlock_head head = head_of(&ours, 10);
  return headlock_create(scope, path, &head) == ADDUCE_OK ? 0 : 1;
}

/* --- making and reading ------------------------------------------------------------------- */

static void the_path_is_that_of_the_genesis(void **state) {
  (void)state;
  static const struct adduce_id genesis = {{0x01, 0x0f}};
  assert_string_equal(
      headlock_path(scope, "there", &genesis),
      "there/010f000000000000000000000000000000000000000000000000000000000000.head");
}

static void a_lock_is_read_as_it_was_made(void **state) {
  (void)state;
  struct headlock_head head = head_of(&ours, 10);
  expect(&head);
  assert_int_equal(headlock_create(scope, path, &head), ADDUCE_E_EXISTS);
  assert_int_equal(file_size(path), 1024);
}

static void the_longest_origin_fits(void **state) {
  (void)state;
  char origin[255];
  memset(origin, 'o', sizeof origin);
  struct headlock_head head = head_of(&ours, 10);
  head.origin = span_of(origin, sizeof origin);
  head.size = MERKLE_SIZE_MAX;
  assert_int_equal(file_remove(scope, path), ADDUCE_OK);
  assert_int_equal(headlock_create(scope, path, &head), ADDUCE_OK);
  expect(&head);
}

static void a_missing_lock_is_told_apart(void **state) {
  (void)state;
  struct headlock_head head;
  assert_int_equal(file_remove(scope, path), ADDUCE_OK);
  assert_int_equal(headlock_read(scope, &head, path), ADDUCE_E_NO_LOCK);
  detail_has(path);
  assert_int_equal(advance(&ours, 12, NULL), ADDUCE_E_NO_LOCK);
  assert_int_equal(file_type(path), FILE_NONE);
}

static void sum(const uint8_t *bytes480, uint8_t *out32) {
  struct adduce_hash digest = hash_bytes(span_of(bytes480, 480));
  memcpy(out32, digest.bytes, 32);
}

static void a_payload_of_another_form_is_damage(void **state) {
  (void)state;
  struct headlock_head head;
  static const char *const payloads[] = {"", "\x05", "\x94\xa1o\xff", "\x91\xa1o",
                                         "\x94\xa1o\x05\xc4"};
  for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
    assert_int_equal(file_remove(scope, path), ADDUCE_OK);
    assert_int_equal(slots_create(scope, path, span_text(payloads[i]), sum), ADDUCE_OK);
    assert_int_equal(headlock_read(scope, &head, path), ADDUCE_E_CORRUPT);
    detail_has(path);
    assert_int_equal(advance(&ours, 12, NULL), ADDUCE_E_CORRUPT);
  }
}

static void no_changed_byte_goes_unseen(void **state) {
  (void)state;
  struct headlock_head head;
  struct adduce_span whole;
  assert_int_equal(file_read(scope, &whole, path, 1024), ADDUCE_OK);
  for (size_t i = 512; i < 1024; i++) {
    struct adduce_span changed = scope_copy(scope, whole);
    ((uint8_t *)(uintptr_t)changed.data)[i] ^= 0x10;
    assert_int_equal(file_write(scope, path, changed, 0644, false), ADDUCE_OK);
    assert_int_equal(headlock_read(scope, &head, path), ADDUCE_E_CORRUPT);
  }
}

/* --- advancing ---------------------------------------------------------------------------- */

static void a_head_that_extends_the_lock_advances_it(void **state) {
  (void)state;
  for (uint64_t size = 11; size < 30; size += 3) {
    struct headlock_head head = head_of(&ours, size);
    assert_int_equal(advance(&ours, size, NULL), ADDUCE_OK);
    expect(&head);
  }
}

static void a_head_that_does_not_extend_the_lock_is_a_fork(void **state) {
  (void)state;
  assert_int_equal(advance(&theirs, 20, NULL), ADDUCE_OK); /* still one history */
  assert_int_equal(advance(&ours, 25, NULL), ADDUCE_OK);
  struct headlock_head lock = head_of(&ours, 25);
  assert_int_equal(advance(&theirs, 30, NULL), ADDUCE_E_FORK);
  detail_has("size 25");
  assert_int_equal(advance(&theirs, 25, NULL), ADDUCE_E_FORK);
  expect(&lock);
}

static void a_lock_that_is_there_already_stays(void **state) {
  (void)state;
  struct headlock_head lock = head_of(&ours, 10), head = lock;
  struct merkle_reader reader = reader_of(&ours);
  head.note_digest.bytes[0] ^= 1; /* another signature of the same tree */
  assert_int_equal(headlock_advance(scope, path, &head, &reader, NULL, NULL, NULL), ADDUCE_OK);
  expect(&lock);
}

static void a_known_lock_is_not_computed_again(void **state) {
  (void)state;
  struct headlock_head known = head_of(&ours, 10), other = head_of(&ours, 9);
  assert_int_equal(advance(&ours, 12, &known), ADDUCE_OK);
  assert_int_equal(ours.reads, 0);
  assert_int_equal(advance(&ours, 13, &other), ADDUCE_OK);
  assert_true(ours.reads > 0);
  other = head_of(&ours, 13);
  other.root.bytes[0] ^= 1;
  assert_int_equal(advance(&ours, 14, &other), ADDUCE_OK);
  assert_true(ours.reads > 0);
}

static void everything_extends_nothing(void **state) {
  (void)state;
  struct headlock_head none = {.origin = span_text("m.example"), .root = merkle_empty()};
  assert_int_equal(file_remove(scope, path), ADDUCE_OK);
  assert_int_equal(headlock_create(scope, path, &none), ADDUCE_OK);
  assert_int_equal(advance(&theirs, 30, NULL), ADDUCE_OK);
  assert_int_equal(theirs.reads, 0);
}

static void another_origin_is_a_fork(void **state) {
  (void)state;
  struct headlock_head head = head_of(&ours, 12);
  struct merkle_reader reader = reader_of(&ours);
  head.origin = span_text("n.example");
  assert_int_equal(headlock_advance(scope, path, &head, &reader, NULL, NULL, NULL), ADDUCE_E_FORK);
  detail_has("n.example");
}

static enum adduce_err answer(void *context, struct adduce_scope *into,
                              const struct headlock_head *lock) {
  assert_int_equal(lock->size, 10);
  return scope_fail(into, *(enum adduce_err *)context, "asked");
}

static void a_larger_lock_is_for_the_store_to_judge(void **state) {
  (void)state;
  struct headlock_head head = head_of(&ours, 8), lock = head_of(&ours, 10);
  struct merkle_reader reader = reader_of(&ours);
  static const enum adduce_err answers[] = {ADDUCE_OK, ADDUCE_E_FORK, ADDUCE_E_ROLLBACK};
  for (size_t i = 0; i < 3; i++) {
    enum adduce_err err = answers[i];
    assert_int_equal(headlock_advance(scope, path, &head, &reader, NULL, answer, &err), answers[i]);
    expect(&lock);
  }
  assert_int_equal(advance(&ours, 8, NULL), ADDUCE_E_ROLLBACK);
}

static void a_reader_that_fails_leaves_the_lock(void **state) {
  (void)state;
  struct headlock_head head = head_of(&ours, 12), lock = head_of(&ours, 10);
  struct merkle_reader reader = reader_of(&ours);
  ours.broken = true;
  enum adduce_err err = headlock_advance(scope, path, &head, &reader, NULL, NULL, NULL);
  ours.broken = false;
  assert_int_equal(err, ADDUCE_E_CORRUPT);
  expect(&lock);
  assert_int_equal(advance(&ours, 12, NULL), ADDUCE_OK); /* and lets go of it */
}

/* --- judging ------------------------------------------------------------------------------ */

static enum adduce_err judge(struct tree *tree, uint64_t lock_size, uint64_t size) {
  struct headlock_head lock = head_of(&ours, lock_size);
  struct merkle_reader reader = reader_of(tree);
  return headlock_judge(scope, &lock, &reader, size);
}

static void a_ledger_is_judged_by_its_lock(void **state) {
  (void)state;
  assert_int_equal(judge(&ours, 25, 25), ADDUCE_OK);
  assert_int_equal(judge(&ours, 25, 40), ADDUCE_OK);
  assert_int_equal(judge(&ours, 25, 24), ADDUCE_E_ROLLBACK);
  detail_has("size 25");
  detail_has("24 entries");
  assert_int_equal(judge(&theirs, 25, 24), ADDUCE_E_ROLLBACK);
  assert_int_equal(judge(&theirs, 25, 25), ADDUCE_E_FORK);
  assert_int_equal(judge(&theirs, 25, 40), ADDUCE_E_FORK);
  assert_int_equal(judge(&theirs, 20, 40), ADDUCE_OK);
}

#define WITH_LOCK(test) cmocka_unit_test_setup(test, locked)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_LOCK(the_path_is_that_of_the_genesis),
      WITH_LOCK(a_lock_is_read_as_it_was_made),
      WITH_LOCK(the_longest_origin_fits),
      WITH_LOCK(a_missing_lock_is_told_apart),
      WITH_LOCK(a_payload_of_another_form_is_damage),
      WITH_LOCK(no_changed_byte_goes_unseen),
      WITH_LOCK(a_head_that_extends_the_lock_advances_it),
      WITH_LOCK(a_head_that_does_not_extend_the_lock_is_a_fork),
      WITH_LOCK(a_lock_that_is_there_already_stays),
      WITH_LOCK(a_known_lock_is_not_computed_again),
      WITH_LOCK(everything_extends_nothing),
      WITH_LOCK(another_origin_is_a_fork),
      WITH_LOCK(a_larger_lock_is_for_the_store_to_judge),
      WITH_LOCK(a_reader_that_fails_leaves_the_lock),
      WITH_LOCK(a_ledger_is_judged_by_its_lock),
  };
  return cmocka_run_group_tests(tests, start, close_folder);
}
