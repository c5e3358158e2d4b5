/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tilefolder.h"

#include <unistd.h>

#include "liar.h"
#include "sys/file.h"

static char folder[64];

static int setup(void **state) {
  if (open_logs(state) != 0) return -1;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  return mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown(void **state) {
  enum adduce_err err = file_remove_tree(scope, folder);
  return close_logs(state) + (err != ADDUCE_OK);
}

static const char *in(const char *name) {
  return scope_format(scope, "%s/%s", folder, name);
}

static void put_checkpoint(struct liar *liar, struct tree *tree, uint64_t size) {
  struct checkpoint head = tree_head(tree, size);
  liar->tree = tree;
  liar->checkpoint = sign_head(&head, log_key);
}

static enum adduce_err update(struct liar *liar, const char *name,
                              struct tilefolder_report *report) {
  struct adduce_published source = liar_published(liar);
  struct note_verifier verifier = verifier_of(ORIGIN, log_key);
  struct checkpoint checkpoint;
  assert_int_equal(checkpoint_open(scope, &checkpoint, liar->checkpoint, &verifier), ADDUCE_OK);
  return tilefolder_update(scope, report, in(name), &source, &checkpoint, liar->checkpoint);
}

/* Every file below `path`, with its name and bytes, in one digest. */
static void digest_folder(struct hash *hash, const char *path) {
  const char **names;
  size_t count;
  assert_int_equal(file_list(scope, &names, &count, path), ADDUCE_OK);
  for (size_t i = 0; i < count; i++) {
    const char *inner = scope_format(scope, "%s/%s", path, names[i]);
    struct adduce_span bytes;
    hash_span(hash, span_text(names[i]));
    if (file_type(inner) == FILE_FOLDER) {
      digest_folder(hash, inner);
      continue;
    }
    assert_int_equal(file_read(scope, &bytes, inner, SIZE_MAX / 4), ADDUCE_OK);
    hash_span(hash, bytes);
  }
}

static struct adduce_hash digest(const char *name) {
  struct hash hash;
  struct adduce_hash out;
  hash_init(&hash);
  digest_folder(&hash, in(name));
  hash_final(&hash, &out);
  return out;
}

static void one_step_and_many_leave_a_log_that_is_whole(void **state) {
  (void)state;
  struct tree tree = tree_make(700, 0, "");
  struct liar liar = {.salt = ""};
  struct tilefolder_report report;
  uint64_t sizes[] = {0, 1, 255, 256, 257, 300, 511, 512, 700};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct tree part = tree;
    part.size = sizes[i];
    put_checkpoint(&liar, &part, sizes[i]);
    assert_int_equal(update(&liar, "steps", &report), ADDUCE_OK);
    assert_int_equal(report.from, i == 0 ? 0 : sizes[i - 1]);
    struct adduce_hash before = digest("steps");
    assert_int_equal(update(&liar, "steps", &report), ADDUCE_OK);
    assert_int_equal(report.files, 0);
    struct adduce_hash after = digest("steps");
    assert_true(hash_equal(&before, &after));
    /* What the folder holds is a log of its own. */
    struct adduce_published here = tilefolder_published(in("steps"));
    struct checkpoint head = tree_head(&part, sizes[i]);
    struct tilelog *log;
    struct tilelog_file file;
    assert_int_equal(tilelog_open(scope, &log, NULL, &here, &head), ADDUCE_OK);
    for (uint64_t tile = 0; tiles_width(sizes[i], 0, tile) != 0; tile++)
      assert_int_equal(tilelog_bundle(scope, log, &file, tile), ADDUCE_OK);
  }
  assert_int_equal(file_type(in("steps/tile/0/000.p")), FILE_NONE);
  assert_int_equal(file_type(in("steps/tile/1/000.p/1")), FILE_REGULAR);
}

static void the_second_run_costs_what_is_new(void **state) {
  (void)state;
  struct tree tree = tree_make(5000, 0, "");
  struct liar liar = {.salt = ""};
  struct tilefolder_report report;
  struct tree part = tree;
  part.size = 4000;
  put_checkpoint(&liar, &part, 4000);
  assert_int_equal(update(&liar, "grow", &report), ADDUCE_OK);
  put_checkpoint(&liar, &tree, 5000);
  liar.fetches = 0;
  assert_int_equal(update(&liar, "grow", &report), ADDUCE_OK);
  assert_int_equal(report.from, 4000);
  assert_true(liar.fetches < 20);
  assert_true(report.files < 20);
}

static void a_lying_source_leaves_what_was_there(void **state) {
  (void)state;
  struct tree tree = tree_make(700, 0, ""), other = tree_make(700, 100, "!");
  struct liar liar = {.salt = ""};
  struct tilefolder_report report;
  struct tree part = tree;
  part.size = 300;
  put_checkpoint(&liar, &part, 300);
  assert_int_equal(update(&liar, "lies", &report), ADDUCE_OK);
  struct adduce_hash before = digest("lies");
  /* Another history, a shorter one, one tile too short, one bit wrong. */
  struct liar forked = {.salt = "!", .from = 100};
  put_checkpoint(&forked, &other, 700);
  assert_int_equal(update(&forked, "lies", &report), ADDUCE_E_FORK);
  struct tree shorter = tree;
  shorter.size = 200;
  put_checkpoint(&liar, &shorter, 200);
  assert_int_equal(update(&liar, "lies", &report), ADDUCE_E_ROLLBACK);
  put_checkpoint(&forked, &other, 300);
  other.size = 300;
  assert_int_equal(update(&forked, "lies", &report), ADDUCE_E_FORK);
  struct adduce_hash after = digest("lies");
  assert_true(hash_equal(&before, &after));
  put_checkpoint(&liar, &tree, 700);
  liar.flip_path = "tile/entries/002.p/188";
  liar.flip_bit = 1000;
  assert_int_equal(update(&liar, "lies", &report), ADDUCE_E_FAILED);
  struct adduce_published here = tilefolder_published(in("lies"));
  struct adduce_span note;
  struct checkpoint head;
  struct note parsed;
  assert_int_equal(here.fetch(here.context, scope, &note, "checkpoint", NOTE_BYTES_MAX), ADDUCE_OK);
  assert_int_equal(checkpoint_parse(scope, &head, &parsed, note), ADDUCE_OK);
  assert_int_equal(head.size, 300);
  /* It goes on from what was verified. */
  liar.flip_path = NULL;
  liar.fetches = 0;
  assert_int_equal(update(&liar, "lies", &report), ADDUCE_OK);
  assert_int_equal(report.from, 300);
  struct tilefolder_report whole;
  assert_int_equal(update(&liar, "whole", &whole), ADDUCE_OK);
  assert_true(report.files < whole.files);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_step_and_many_leave_a_log_that_is_whole),
      cmocka_unit_test(the_second_run_costs_what_is_new),
      cmocka_unit_test(a_lying_source_leaves_what_was_there),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
