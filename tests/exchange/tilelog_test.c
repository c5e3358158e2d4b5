/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tilelog.h"

#include "liar.h"

/* Reads everything there is of a log. */
static enum adduce_err walk(struct liar *liar, const struct checkpoint *checkpoint) {
  struct adduce_published published = liar_published(liar);
  struct tilelog *log;
  struct tilelog_file file;
  TRY(tilelog_open(scope, &log, NULL, &published, checkpoint));
  for (unsigned level = MERKLE_LEVELS; level-- > 0;)
    for (uint64_t tile = 0; tiles_width(checkpoint->size, level, tile) != 0; tile++) {
      TRY(tilelog_tile_file(scope, log, &file, level, tile));
      if (level == 0) TRY(tilelog_bundle(scope, log, &file, tile));
    }
  return ADDUCE_OK;
}

static void every_size_is_read_and_every_proof_made(void **state) {
  (void)state;
  for (uint64_t size = 0; size <= 1100; size += size < 4 ? 1 : 97) {
    struct scope_mark mark = scope_mark(scope);
    struct tree tree = tree_make(size, 0, "");
    struct liar liar = {.tree = &tree, .salt = ""};
    struct checkpoint head = tree_head(&tree, size);
    struct adduce_published published = liar_published(&liar);
    struct tilelog *log;
    assert_int_equal(walk(&liar, &head), ADDUCE_OK);
    assert_int_equal(tilelog_open(scope, &log, NULL, &published, &head), ADDUCE_OK);
    struct merkle_reader reader = tilelog_reader(log);
    for (uint64_t old = 1; old <= size; old += 41) {
      struct checkpoint older = tree_head(&tree, old);
      struct merkle_proof proof;
      assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, old, size), ADDUCE_OK);
      assert_true(merkle_verify_consistency(old, size, &proof, &older.root, &head.root));
      assert_int_equal(tilelog_extends(scope, log, &head, &older), ADDUCE_OK);
    }
    scope_rewind(scope, mark);
  }
}

/* Flips each bit of a file and looks for `where` in the complaint. */
static void flip_all(struct liar *liar, const struct checkpoint *head, const char *path,
                     size_t bytes, size_t step, const char *where) {
  for (size_t bit = 0; bit < bytes * 8; bit += step) {
    struct scope_mark mark = scope_mark(scope);
    liar->flip_path = path;
    liar->flip_bit = bit;
    assert_int_equal(walk(liar, head), ADDUCE_E_FAILED);
    if (strstr(adduce_scope_detail(scope), where) == NULL)
      print_error("%s bit %zu: %s\n", path, bit, adduce_scope_detail(scope));
    assert_non_null(strstr(adduce_scope_detail(scope), where));
    scope_rewind(scope, mark);
  }
  liar->flip_path = NULL;
}

static void every_flipped_bit_is_found(void **state) {
  (void)state;
  struct tree tree = tree_make(600, 0, "");
  struct liar liar = {.tree = &tree, .salt = ""};
  struct checkpoint head = tree_head(&tree, 600);
  assert_int_equal(walk(&liar, &head), ADDUCE_OK);
  flip_all(&liar, &head, "tile/0/001", 8192, 251, "tile/0/001: hash ");
  flip_all(&liar, &head, "tile/0/002.p/88", 88 * 32, 131, "tile/0/002.p/88: hash ");
  flip_all(&liar, &head, "tile/1/000.p/2", 64, 1, "tile/1/000.p/2: hash ");
  flip_all(&liar, &head, "tile/entries/001", 2000, 101, "entry ");
  flip_all(&liar, &head, "tile/entries/002.p/88", 88 * 11, 17, "entry ");
}

static void a_flipped_bit_is_named_by_index(void **state) {
  (void)state;
  struct tree tree = tree_make(600, 0, "");
  struct liar liar = {.tree = &tree, .salt = "", .flip_path = "tile/0/001"};
  struct checkpoint head = tree_head(&tree, 600);
  for (size_t i = 0; i < 256; i += 51) {
    liar.flip_bit = i * 256 + 77;
    assert_int_equal(walk(&liar, &head), ADDUCE_E_FAILED);
    const char *expected = scope_format(scope,
                                        "tile/0/001: hash %zu is not that of entry %zu in "
                                        "tile/entries/001; one of the two is damaged",
                                        i, 256 + i);
    assert_string_equal(adduce_scope_detail(scope), expected);
  }
  liar.flip_path = "tile/entries/000";
  liar.flip_bit = (2 + 5) * 8; /* within the text of the first entry */
  assert_int_equal(walk(&liar, &head), ADDUCE_E_FAILED);
  assert_string_equal(adduce_scope_detail(scope),
                      "tile/entries/000: entry 0 is not the one in the tree");
}

static void other_lengths_are_refused(void **state) {
  (void)state;
  struct tree tree = tree_make(600, 0, "");
  struct liar liar = {.tree = &tree, .salt = ""};
  struct checkpoint head = tree_head(&tree, 600);
  const char *paths[] = {"tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001",
                         "tile/entries/002.p/88"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    for (long cut = -40; cut <= 40; cut++) {
      liar.cut_path = paths[i];
      liar.cut_bytes = cut;
      enum adduce_err expected = cut == 0 ? ADDUCE_OK : ADDUCE_E_FAILED;
      assert_int_equal(walk(&liar, &head), expected);
    }
  }
}

static void a_full_tile_stands_in_for_a_partial(void **state) {
  (void)state;
  struct tree tree = tree_make(600, 0, "");
  struct liar liar = {.tree = &tree, .salt = "", .cut_path = "never"};
  struct checkpoint head = tree_head(&tree, 300); /* its partials are gone: 600 has full ones */
  struct adduce_published published = liar_published(&liar);
  struct tilelog *log;
  struct tilelog_file file;
  assert_int_equal(tilelog_open(scope, &log, NULL, &published, &head), ADDUCE_OK);
  assert_int_equal(tilelog_bundle(scope, log, &file, 1), ADDUCE_OK);
  struct adduce_span rest = file.bytes, entry;
  unsigned count = 0;
  while (tiles_bundle_next(&rest, &entry)) count++;
  assert_int_equal(count, 44);
  assert_int_equal(tilelog_tile_file(scope, log, &file, 0, 1), ADDUCE_OK);
  assert_int_equal(file.bytes.size, 44 * 32);
}

static void rollbacks_and_forks_are_told_apart(void **state) {
  (void)state;
  struct tree tree = tree_make(600, 0, ""), other = tree_make(600, 400, "!");
  struct liar liar = {.tree = &tree, .salt = ""};
  struct checkpoint head = tree_head(&tree, 500), older = tree_head(&tree, 550);
  struct adduce_published published = liar_published(&liar);
  struct tilelog *log;
  assert_int_equal(tilelog_open(scope, &log, NULL, &published, &head), ADDUCE_OK);
  assert_int_equal(tilelog_extends(scope, log, &head, &older), ADDUCE_E_ROLLBACK);
  older = tree_head(&other, 450);
  assert_int_equal(tilelog_extends(scope, log, &head, &older), ADDUCE_E_FORK);
  older = tree_head(&other, 400);
  assert_int_equal(tilelog_extends(scope, log, &head, &older), ADDUCE_OK);
  older.origin = span_text("else.example");
  assert_int_equal(tilelog_extends(scope, log, &head, &older), ADDUCE_E_FORK);
}

static void what_is_wrong_near_is_taken_from_afar(void **state) {
  (void)state;
  struct tree tree = tree_make(600, 0, "");
  struct liar near = {.tree = &tree, .salt = "", .flip_path = "tile/0/001", .flip_bit = 9};
  struct liar far = {.tree = &tree, .salt = ""};
  struct checkpoint head = tree_head(&tree, 600);
  struct adduce_published near_log = liar_published(&near), far_log = liar_published(&far);
  struct tilelog *log;
  struct tilelog_file file;
  assert_int_equal(tilelog_open(scope, &log, &near_log, &far_log, &head), ADDUCE_OK);
  assert_int_equal(far.fetches, 0);
  assert_int_equal(tilelog_tile_file(scope, log, &file, 0, 0), ADDUCE_OK);
  assert_false(file.from_far);
  assert_int_equal(tilelog_tile_file(scope, log, &file, 0, 1), ADDUCE_OK);
  assert_true(file.from_far);
  assert_int_equal(far.fetches, 1);
  near.flip_path = "tile/entries/001";
  assert_int_equal(tilelog_bundle(scope, log, &file, 1), ADDUCE_OK);
  assert_true(file.from_far);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_size_is_read_and_every_proof_made),
      cmocka_unit_test(every_flipped_bit_is_found),
      cmocka_unit_test(a_flipped_bit_is_named_by_index),
      cmocka_unit_test(other_lengths_are_refused),
      cmocka_unit_test(a_full_tile_stands_in_for_a_partial),
      cmocka_unit_test(rollbacks_and_forks_are_told_apart),
      cmocka_unit_test(what_is_wrong_near_is_taken_from_afar),
  };
  return cmocka_run_group_tests(tests, open_logs, close_logs);
}
