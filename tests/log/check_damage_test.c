/* SPDX-License-Identifier: Apache-2.0 */
/* What a check of the log says when a record of it has been changed: each damage is done to a copy
 * of one good log, through the store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "log/log_priv.h"
#include "support/bed.h"
#include "sys/file.h"

#define SIZE 700 /* two full tiles and a part */
#define CONTROLS 3

static struct bed test;

static void must(enum adduce_err err, const char *what) {
  if (err != ADDUCE_OK)
    fail_msg("%s: %s: %s", what, adduce_error_name(err), adduce_scope_detail(test.scope));
}

/* --- records --------------------------------------------------------------------------------*/

typedef enum adduce_err damage_fn(struct adduce_scope *scope, struct store_txn *txn);

static struct adduce_span get(struct store_txn *txn, unsigned table, struct adduce_span key) {
  struct adduce_span value;
  must(store_get(test.scope, txn, table, key, &value), "get");
  return scope_copy(test.scope, value);
}

static struct adduce_span index_key(uint64_t index) {
  uint8_t room8[8];
  return scope_copy(test.scope, log_index_key(room8, index));
}

static struct adduce_span tile_key(unsigned level, uint64_t tile) {
  uint8_t room9[9];
  return scope_copy(test.scope, log_tile_key(room9, level, tile));
}

static enum adduce_err put(struct store_txn *txn, unsigned table, struct adduce_span key,
                           struct adduce_span value) {
  return store_put(test.scope, txn, table, key, value, STORE_REPLACE);
}

/* The record with one bit of it changed. */
static enum adduce_err flip(struct store_txn *txn, unsigned table, struct adduce_span key,
                            size_t byte) {
  struct adduce_span value = get(txn, table, key);
  if (byte >= value.size) byte = value.size - 1;
  ((uint8_t *)(uintptr_t)value.data)[byte] ^= 1;
  return put(txn, table, key, value);
}

static struct adduce_span id_of(struct store_txn *txn, uint64_t index) {
  struct log_entry entry;
  struct parsed parsed;
  must(view_read(test.scope, txn, &entry, index), "read");
  must(parsed_read(test.scope, &parsed, entry.event, entry.content), "parse");
  struct adduce_id id = event_id(&parsed);
  return scope_copy(test.scope, span_of(id.bytes, 32));
}

/* --- damage and what is said of it ----------------------------------------------------------*/

struct damage {
  damage_fn *damage;
  const char *says;     /* the detail begins so */
  bool seen_in_entries; /* by a check of the entries alone */
};

static enum adduce_err do_damage(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct damage *damage = context;
  return damage->damage(scope, txn);
}

static void expect_said(enum adduce_err err, const char *says, bool is_found) {
  const char *detail = adduce_scope_detail(test.scope);
  if (!is_found && err == ADDUCE_OK) return;
  if (is_found && err != ADDUCE_OK && strncmp(detail, says, strlen(says)) == 0) return;
  fail_msg("expected \"%s\": %s, \"%s\"", is_found ? says : "", adduce_error_name(err),
           err == ADDUCE_OK ? "" : detail);
}

static void open_copy(struct log **log, const struct damage *damage) {
  const struct log_options options = {.headlock_folder = test.heads};
  const char *copy = bed_path(&test, "damaged");
  bed_copy_folder(&test, test.log_folder, copy);
  must(log_open(test.scope, log, copy, &options), "open copy");
  must(store_write(test.scope, log_store(*log), 0, do_damage, (void *)(uintptr_t)damage), "damage");
}

static void expect(struct damage damage) {
  struct log *log;
  struct log_check_report report;
  struct scope_mark mark = scope_mark(test.scope);
  open_copy(&log, &damage);
  const struct log_check_options ways[] = {
      {.threads = 1}, {.threads = 3}, {.threads = 2, .no_signatures = true}};
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
    expect_said(log_check(test.scope, log, &report, &ways[i]), damage.says, true);
  const struct log_check_options entries_only = {.entries_only = true};
  expect_said(log_check(test.scope, log, &report, &entries_only), damage.says,
              damage.seen_in_entries);
  log_close(&log);
  scope_rewind(test.scope, mark);
}

static int open_whole(void **state) {
  struct event events[100];
  (void)state;
  bed_open(&test);
  (void)bed_enter(&test, bed_authorizing(&test, 1, "\"append\""));
  (void)bed_enter(&test, bed_authorizing(&test, 2, "\"append\""));
  for (uint64_t size = CONTROLS; size < SIZE;) {
    size_t count = SIZE - size < 100 ? (size_t)(SIZE - size) : 100;
    for (size_t i = 0; i < count; i++) events[i] = bed_claim(&test, (int)(i % 3));
    must(bed_append(&test, events, count), "append");
    size += count;
  }
  log_close(&test.log);
  return 0;
}

static int close_whole(void **state) {
  (void)state;
  bed_close(&test);
  return 0;
}

/* --- entries */

static enum adduce_err flip_entry_head(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_ENTRIES, index_key(300), 0);
}

static enum adduce_err flip_entry_text(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_ENTRIES, index_key(301), 60);
}

static enum adduce_err flip_entry_signature(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_ENTRIES, index_key(SIZE - 1), SIZE_MAX);
}

static enum adduce_err swap_entries(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_span first = get(txn, LOG_ENTRIES, index_key(20));
  struct adduce_span second = get(txn, LOG_ENTRIES, index_key(21));
  (void)scope;
  TRY(put(txn, LOG_ENTRIES, index_key(20), second));
  return put(txn, LOG_ENTRIES, index_key(21), first);
}

static enum adduce_err delete_entry(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_ENTRIES, index_key(77));
}

static enum adduce_err delete_last_entry(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_ENTRIES, index_key(SIZE - 1));
}

static enum adduce_err repeat_entry(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_ENTRIES, index_key(SIZE), get(txn, LOG_ENTRIES, index_key(50)));
}

static enum adduce_err add_entry_far_off(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_ENTRIES, index_key(SIZE + 9), get(txn, LOG_ENTRIES, index_key(50)));
}

static enum adduce_err add_entry_of_no_index(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_ENTRIES, span_text("\xff\xff"), get(txn, LOG_ENTRIES, index_key(50)));
}

static void damaged_entries_are_found(void **state) {
  (void)state;
  expect((struct damage){flip_entry_head, "entry 300: ", true});
  expect((struct damage){flip_entry_text, "entry 301: ", true});
  expect((struct damage){flip_entry_signature, "entry 699: ", true});
  expect((struct damage){swap_entries, "entry 20: ", true});
  expect((struct damage){delete_entry, "entry 77: it is missing", true});
  expect((struct damage){delete_last_entry, "entry 699: it is missing", true});
  expect((struct damage){repeat_entry, "entry 700: ", true});
  expect((struct damage){add_entry_far_off, "entry 700: it is missing", true});
  expect((struct damage){add_entry_of_no_index, "entry 700: ", true});
}

/* --- contents */

static enum adduce_err flip_content(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_CONTENTS, index_key(256), SIZE_MAX);
}

static enum adduce_err flip_seed(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_CONTENTS, index_key(SIZE - 1), 5);
}

static enum adduce_err swap_contents(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_span first = get(txn, LOG_CONTENTS, index_key(40));
  struct adduce_span second = get(txn, LOG_CONTENTS, index_key(41));
  (void)scope;
  TRY(put(txn, LOG_CONTENTS, index_key(40), second));
  return put(txn, LOG_CONTENTS, index_key(41), first);
}

static enum adduce_err delete_control_content(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_CONTENTS, index_key(2));
}

static enum adduce_err add_content(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CONTENTS, index_key(SIZE), get(txn, LOG_CONTENTS, index_key(40)));
}

static enum adduce_err add_content_of_no_index(struct adduce_scope *scope, struct store_txn *txn) {
  static const uint8_t key9[9] = {0, 0, 0, 0, 0, 0, 0, 5, 0};
  (void)scope;
  return put(txn, LOG_CONTENTS, span_of(key9, 9), get(txn, LOG_CONTENTS, index_key(40)));
}

static enum adduce_err empty_content(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CONTENTS, index_key(42), span_of("", 0));
}

static void damaged_contents_are_found(void **state) {
  (void)state;
  expect((struct damage){flip_content, "entry 256: ", false});
  expect((struct damage){flip_seed, "entry 699: ", false});
  expect((struct damage){swap_contents, "entry 40: ", false});
  expect((struct damage){delete_control_content, "entry 2: ", false});
  expect((struct damage){add_content_of_no_index, "entry 6: the table contents", false});
  expect((struct damage){empty_content, "entry 42: its content is empty", false});
  expect((struct damage){add_content, "the table contents has a record after that of entry 699",
                         false});
}

/* --- ids */

static enum adduce_err delete_id(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_IDS, id_of(txn, 500));
}

static enum adduce_err flip_id_index(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_IDS, id_of(txn, 501), 7);
}

static enum adduce_err flip_id(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_span id = id_of(txn, 502), value = get(txn, LOG_IDS, id);
  TRY(store_delete(scope, txn, LOG_IDS, id));
  ((uint8_t *)(uintptr_t)id.data)[31] ^= 0x80;
  return put(txn, LOG_IDS, id, value);
}

static enum adduce_err shorten_id_index(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_IDS, id_of(txn, 503), span_text("1234567"));
}

static enum adduce_err add_id(struct adduce_scope *scope, struct store_txn *txn) {
  static const uint8_t id32[32] = {1};
  (void)scope;
  return put(txn, LOG_IDS, span_of(id32, 32), index_key(1));
}

static void damaged_ids_are_found(void **state) {
  (void)state;
  expect((struct damage){delete_id, "entry 500: its event", false});
  expect((struct damage){flip_id_index, "entry 501: the table of ids", false});
  expect((struct damage){flip_id, "entry 502: its event", false});
  expect((struct damage){shorten_id_index, "entry 503: the table of ids", false});
  expect((struct damage){add_id, "the table ids has 701 records", false});
}

/* --- tiles */

static enum adduce_err flip_leaf(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_TILES, tile_key(0, 1), 32 * 4 + 3); /* entry 256 + 4 */
}

static enum adduce_err flip_partial_leaf(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_TILES, tile_key(0, 2), SIZE_MAX);
}

static enum adduce_err flip_node(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_TILES, tile_key(1, 0), 32 + 3);
}

static enum adduce_err delete_tile(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_TILES, tile_key(0, 1));
}

static enum adduce_err shorten_tile(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_span tile = get(txn, LOG_TILES, tile_key(0, 0));
  (void)scope;
  return put(txn, LOG_TILES, tile_key(0, 0), span_of(tile.data, tile.size - 1));
}

static enum adduce_err lengthen_tile(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_span whole = get(txn, LOG_TILES, tile_key(0, 0));
  struct adduce_span partial = get(txn, LOG_TILES, tile_key(0, 2));
  (void)scope;
  memcpy((uint8_t *)(uintptr_t)whole.data, partial.data, partial.size);
  return put(txn, LOG_TILES, tile_key(0, 2), span_of(whole.data, partial.size + 32));
}

static enum adduce_err add_tile(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_TILES, tile_key(7, 0), get(txn, LOG_TILES, tile_key(1, 0)));
}

static void damaged_tiles_are_found(void **state) {
  (void)state;
  expect((struct damage){flip_leaf, "entry 260: it is not the leaf", true});
  expect((struct damage){flip_partial_leaf, "entry 699: it is not the leaf", true});
  expect((struct damage){flip_node,
                         "tile 1/0 of the tree: hash 1 is not that of the entries from 256", true});
  expect((struct damage){delete_tile, "entry 256: tile 0/1", true});
  expect((struct damage){shorten_tile, "entry 255: ", true});
  expect((struct damage){lengthen_tile, "tile 0/2 of the tree has", true});
  expect((struct damage){add_tile, "the table tiles has 5 records", true});
}

/* --- controls */

static enum adduce_err delete_control(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_CONTROLS, index_key(2));
}

static enum adduce_err add_control(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CONTROLS, index_key(100), span_of("", 0));
}

static enum adduce_err add_control_beyond(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CONTROLS, index_key(SIZE), span_of("", 0));
}

static enum adduce_err fill_control(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CONTROLS, index_key(1), span_text("x"));
}

static enum adduce_err add_control_of_no_index(struct adduce_scope *scope, struct store_txn *txn) {
  static const uint8_t key9[9] = {0, 0, 0, 0, 0, 0, 0, 2, 0};
  (void)scope;
  return put(txn, LOG_CONTROLS, span_of(key9, 9), span_of("", 0));
}

static void damaged_controls_are_found(void **state) {
  (void)state;
  expect((struct damage){delete_control, "entry 2: it is a control entry", false});
  expect((struct damage){add_control, "entry 100: it is no control entry", false});
  expect((struct damage){add_control_beyond, "the table controls has 4 records", false});
  expect((struct damage){fill_control, "entry 1: the table of controls", false});
  expect((struct damage){add_control_of_no_index, "entry 3: the table of controls", false});
}

/* --- meta, checkpoints, quarantine */

static enum adduce_err delete_latest(struct adduce_scope *scope, struct store_txn *txn) {
  return store_delete(scope, txn, LOG_META, span_text("latest"));
}

static enum adduce_err flip_latest_root(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return flip(txn, LOG_META, span_text("latest"), sizeof BED_ORIGIN + 10);
}

static struct adduce_span signed_note(uint64_t size, const struct adduce_hash *root,
                                      const char *origin, const struct signer *signer) {
  struct adduce_span note;
  struct checkpoint checkpoint = {span_text(origin), size, *root};
  must(checkpoint_sign(test.scope, &note, &checkpoint, &signer, 1), "sign");
  return note;
}

static struct adduce_hash root_of(struct store_txn *txn, uint64_t size) {
  struct adduce_hash root;
  struct merkle_reader tree = view_tiles(txn);
  must(merkle_root(test.scope, &root, &tree, size), "root");
  return root;
}

static struct adduce_span good_note(struct store_txn *txn, uint64_t size) {
  struct adduce_hash root = root_of(txn, size);
  return signed_note(size, &root, BED_ORIGIN, test.signers[BED_LOG]);
}

static enum adduce_err latest_by_founder(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_hash root = root_of(txn, SIZE);
  (void)scope;
  return put(txn, LOG_META, span_text("latest"),
             signed_note(SIZE, &root, BED_ORIGIN, test.signers[0]));
}

static enum adduce_err latest_of_another_origin(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_hash root = root_of(txn, SIZE);
  (void)scope;
  return put(txn, LOG_META, span_text("latest"),
             signed_note(SIZE, &root, "other.example", test.signers[BED_LOG]));
}

static enum adduce_err latest_of_another_root(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_hash root = root_of(txn, SIZE - 1);
  (void)scope;
  return put(txn, LOG_META, span_text("latest"),
             signed_note(SIZE, &root, BED_ORIGIN, test.signers[BED_LOG]));
}

static enum adduce_err latest_too_old(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_META, span_text("latest"), good_note(txn, 600));
}

static enum adduce_err another_origin(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_META, span_text("origin"), span_text("other.example"));
}

static enum adduce_err add_meta(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_META, span_text("stray"), span_text("x"));
}

static void damaged_checkpoints_are_found(void **state) {
  (void)state;
  expect((struct damage){delete_latest, "the log has no latest checkpoint", true});
  expect((struct damage){flip_latest_root, "the latest checkpoint: ", true});
  expect((struct damage){latest_by_founder, "the latest checkpoint: ", true});
  expect((struct damage){latest_of_another_origin, "the latest checkpoint: ", true});
  expect(
      (struct damage){latest_of_another_root, "the checkpoint of size 700 has another root", true});
  expect(
      (struct damage){latest_too_old, "entry 600: the latest checkpoint does not cover it", true});
  expect((struct damage){another_origin, "entry 0: the table meta has another origin", false});
  expect((struct damage){add_meta, "the table meta has 4 records", false});
}

static enum adduce_err keep_under_another_size(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CHECKPOINTS, index_key(299), good_note(txn, 300));
}

static enum adduce_err keep_another_root(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_hash root = root_of(txn, 299);
  (void)scope;
  return put(txn, LOG_CHECKPOINTS, index_key(300),
             signed_note(300, &root, BED_ORIGIN, test.signers[BED_LOG]));
}

static enum adduce_err keep_unsigned(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_hash root = root_of(txn, 300);
  (void)scope;
  TRY(put(txn, LOG_CHECKPOINTS, index_key(299), good_note(txn, 299)));
  return put(txn, LOG_CHECKPOINTS, index_key(300),
             signed_note(300, &root, BED_ORIGIN, test.signers[0]));
}

static enum adduce_err keep_of_the_future(struct adduce_scope *scope, struct store_txn *txn) {
  struct adduce_hash root = root_of(txn, 300);
  (void)scope;
  return put(txn, LOG_CHECKPOINTS, index_key(900),
             signed_note(900, &root, BED_ORIGIN, test.signers[BED_LOG]));
}

static enum adduce_err keep_under_no_size(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_CHECKPOINTS, span_text("size"), good_note(txn, 300));
}

static enum adduce_err add_quarantined(struct adduce_scope *scope, struct store_txn *txn) {
  (void)scope;
  return put(txn, LOG_QUARANTINE, index_key(3), span_text("x"));
}

static enum adduce_err add_quarantined_of_no_number(struct adduce_scope *scope,
                                                    struct store_txn *txn) {
  static const uint8_t item[] = {0x93, 0xa1, 'x', 0xc4, 0, 0xc4, 0};
  (void)scope;
  return put(txn, LOG_QUARANTINE, span_text("number"), span_of(item, sizeof item));
}

static void damage_beside_the_log_is_found(void **state) {
  (void)state;
  expect(
      (struct damage){keep_under_another_size, "the checkpoint kept of size 299 says 300", false});
  expect((struct damage){keep_another_root, "the checkpoint of size 300 has another root", false});
  expect((struct damage){keep_unsigned, "the checkpoint kept of size 300: ", false});
  expect((struct damage){keep_of_the_future, "entry 700: it is missing", false});
  expect((struct damage){keep_under_no_size, "the table checkpoints has a key", false});
  expect((struct damage){add_quarantined, "item 3 of the quarantine", false});
  expect((struct damage){add_quarantined_of_no_number, "the table quarantine", false});
}

/* --- several faults */

static enum adduce_err damage_thrice(struct adduce_scope *scope, struct store_txn *txn) {
  TRY(flip(txn, LOG_CONTENTS, index_key(401), SIZE_MAX));
  TRY(add_control(scope, txn)); /* at 100, found after the entries have been judged */
  return flip(txn, LOG_ENTRIES, index_key(300), 0);
}

static enum adduce_err lose_and_damage(struct adduce_scope *scope, struct store_txn *txn) {
  TRY(store_delete(scope, txn, LOG_ENTRIES, index_key(500)));
  return flip(txn, LOG_IDS, id_of(txn, 499), 7);
}

static void the_first_fault_in_the_log_is_reported(void **state) {
  (void)state;
  struct damage damage = {damage_thrice, "entry 100: it is no control entry", false};
  struct log *log;
  struct log_check_report report;
  open_copy(&log, &damage);
  for (unsigned threads = 1; threads < 5; threads++) {
    const struct log_check_options options = {.threads = threads};
    expect_said(log_check(test.scope, log, &report, &options), damage.says, true);
    assert_int_equal(report.entries, 100);
  }
  const struct log_check_options entries_only = {.entries_only = true};
  expect_said(log_check(test.scope, log, &report, &entries_only), "entry 300: ", true);
  log_close(&log);
}

static void what_comes_before_the_missing_is_judged(void **state) {
  (void)state;
  struct damage damage = {lose_and_damage, "entry 499: the table of ids", true};
  struct log *log;
  struct log_check_report report;
  open_copy(&log, &damage);
  const struct log_check_options options = {.threads = 2}, entries_only = {.entries_only = true};
  expect_said(log_check(test.scope, log, &report, &options), damage.says, true);
  expect_said(log_check(test.scope, log, &report, &entries_only), "entry 500: it is missing", true);
  log_close(&log);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(damaged_entries_are_found),
      cmocka_unit_test(damaged_contents_are_found),
      cmocka_unit_test(damaged_ids_are_found),
      cmocka_unit_test(damaged_tiles_are_found),
      cmocka_unit_test(damaged_controls_are_found),
      cmocka_unit_test(damaged_checkpoints_are_found),
      cmocka_unit_test(damage_beside_the_log_is_found),
      cmocka_unit_test(the_first_fault_in_the_log_is_reported),
      cmocka_unit_test(what_comes_before_the_missing_is_judged),
  };
  return cmocka_run_group_tests(tests, open_whole, close_whole);
}
