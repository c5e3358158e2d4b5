/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tiles.h"

#include "logs.h"

static void paths_are_those_of_the_specification(void **state) {
  (void)state;
  const struct {
    const char *text;
    struct tiles_path path;
  } cases[] = {
      {"checkpoint", {TILES_CHECKPOINT, 0, 0, 256}},
      {"tile/0/000", {TILES_HASHES, 0, 0, 256}},
      {"tile/0/x001/x234/067", {TILES_HASHES, 0, 1234067, 256}},
      {"tile/0/273.p/112", {TILES_HASHES, 0, 273, 112}},
      {"tile/1/001.p/17", {TILES_HASHES, 1, 1, 17}},
      {"tile/2/000.p/1", {TILES_HASHES, 2, 0, 1}},
      {"tile/entries/x001/000.p/255", {TILES_ENTRIES, 0, 1000, 255}},
      {"control/x001/234", {TILES_CONTROL, 0, 1234, 256}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct tiles_path read;
    assert_string_equal(tiles_path_format(&cases[i].path).text, cases[i].text);
    assert_true(tiles_path_parse(cases[i].text, &read));
    assert_int_equal(read.kind, cases[i].path.kind);
    assert_int_equal(read.level, cases[i].path.level);
    assert_int_equal(read.index, cases[i].path.index);
    assert_int_equal(read.width, cases[i].path.width);
  }
}

static void other_spellings_are_other_paths(void **state) {
  (void)state;
  const char *bad[] = {"",
                       "Checkpoint",
                       "checkpoint/",
                       "tile",
                       "tile/",
                       "tile/0",
                       "tile/0/",
                       "tile/0/0",
                       "tile/0/00",
                       "tile/0/0000",
                       "tile/00/000",
                       "tile/8/000",
                       "tile/64/000",
                       "tile/-1/000",
                       "tile/0/000.p/0",
                       "tile/0/000.p/256",
                       "tile/0/000.p/01",
                       "tile/0/000.p/",
                       "tile/0/000.p",
                       "tile/0/x000/000",
                       "tile/0/x001",
                       "tile/0/001/000",
                       "tile/0/x001/x000",
                       "/tile/0/000",
                       "tile/0/000/",
                       "tile/0/../000",
                       "tile/entries",
                       "tile/entries/0",
                       "tile/0/x999/x999/x999/x999/x999/x999/999",
                       "control/000.p/1",
                       "tile/0/x999/x999/x999/x999/x999/999",
                       "tile/0/99999999999999999999"};
  struct tiles_path path;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(tiles_path_parse(bad[i], &path));
}

static void widths_follow_from_the_size(void **state) {
  (void)state;
  assert_int_equal(tiles_width(70000, 0, 272), 256);
  assert_int_equal(tiles_width(70000, 0, 273), 112);
  assert_int_equal(tiles_width(70000, 0, 274), 0);
  assert_int_equal(tiles_width(70000, 1, 0), 256);
  assert_int_equal(tiles_width(70000, 1, 1), 17);
  assert_int_equal(tiles_width(70000, 2, 0), 1);
  assert_int_equal(tiles_width(70000, 3, 0), 0);
  assert_int_equal(tiles_width(256, 0, 0), 256);
  assert_int_equal(tiles_width(256, 0, 1), 0);
  assert_int_equal(tiles_width(256, 1, 0), 1);
  assert_int_equal(tiles_width(0, 0, 0), 0);
}

static void a_bundle_gives_back_its_entries(void **state) {
  (void)state;
  struct buffer bundle;
  uint8_t *large = calloc(1, TILES_ENTRY_MAX);
  buffer_init(&bundle, scope);
  tiles_bundle_add(&bundle, span_text("one"));
  tiles_bundle_add(&bundle, span_text(""));
  tiles_bundle_add(&bundle, span_of(large, TILES_ENTRY_MAX));
  struct adduce_span rest = text_of(&bundle), entry;
  assert_memory_equal(rest.data, "\0\3one\0\0\xff\xff", 9);
  assert_true(tiles_bundle_next(&rest, &entry) && span_is(entry, "one"));
  assert_true(tiles_bundle_next(&rest, &entry) && entry.size == 0);
  struct adduce_span cut = span_of(rest.data, rest.size - 1);
  assert_false(tiles_bundle_next(&cut, &entry));
  assert_true(tiles_bundle_next(&rest, &entry) && entry.size == TILES_ENTRY_MAX);
  assert_false(tiles_bundle_next(&rest, &entry));
  free(large);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_are_those_of_the_specification),
      cmocka_unit_test(other_spellings_are_other_paths),
      cmocka_unit_test(widths_follow_from_the_size),
      cmocka_unit_test(a_bundle_gives_back_its_entries),
  };
  return cmocka_run_group_tests(tests, open_logs, close_logs);
}
