/* SPDX-License-Identifier: Apache-2.0 */
/* Making and opening logs, their head locks, and reading in views. */
#include "log/log.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/pack.h"
#include "log/log_priv.h"
#include "log/walk.h"
#include "support/bed.h"
#include "sys/file.h"

static struct bed bed;

static int make_bed(void **state) {
  (void)state;
  bed_open(&bed);
  return 0;
}

static int unmake_bed(void **state) {
  (void)state;
  bed_close(&bed);
  return 0;
}

/* --- making -------------------------------------------------------------------------------- */

static void a_new_log_has_its_genesis_its_checkpoint_and_its_lock(void **state) {
  (void)state;
  struct log_view view;
  struct log_entry entry;
  struct event event;
  struct adduce_span note;
  struct checkpoint checkpoint;
  struct headlock_head head;
  struct adduce_hash root;
  const struct note_verifier *verifier, *outgoing;
  assert_int_equal(log_writable(bed.scope, bed.log), ADDUCE_OK);
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(view.size, 1);
  assert_true(span_is(rules_origin(view.rules), BED_ORIGIN));
  assert_memory_equal(rules_genesis(view.rules)->bytes, bed.genesis.id.bytes, 32);
  assert_int_equal(log_view_event(bed.scope, &view, &entry, &event, 0), ADDUCE_OK);
  assert_memory_equal(event.id.bytes, bed.genesis.id.bytes, 32);
  assert_int_equal(entry.recorded_at_us, BED_START_US);
  assert_int_equal(log_view_checkpoint(bed.scope, &view, &note), ADDUCE_OK);
  rules_log_keys(view.rules, 1, &verifier, &outgoing);
  assert_int_equal(checkpoint_open(bed.scope, &checkpoint, note, verifier), ADDUCE_OK);
  struct merkle_reader tree = log_view_tree(&view);
  assert_int_equal(merkle_root(bed.scope, &root, &tree, 1), ADDUCE_OK);
  assert_true(checkpoint.size == 1 && hash_equal(&checkpoint.root, &root));
  assert_int_equal(headlock_read(bed.scope, &head, bed.head), ADDUCE_OK);
  assert_true(head.size == 1 && hash_equal(&head.root, &root));
  log_view_close(&view);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static enum adduce_err create(const char *name, const char *heads, int log_key) {
  return log_create(bed.scope, bed_path(&bed, name), bed_path(&bed, heads), &bed.genesis,
                    bed.signers[log_key], bed.now_us);
}

static void what_cannot_be_made_leaves_nothing(void **state) {
  (void)state;
  assert_int_equal(create("log", "heads", BED_LOG), ADDUCE_E_EXISTS);
  assert_int_equal(create("again", "heads", BED_LOG), ADDUCE_E_EXISTS); /* it has a lock */
  assert_int_equal(create("other", "other-heads", 0), ADDUCE_E_KEY);
  assert_int_not_equal(create("other", "other-heads", 1), ADDUCE_OK); /* not the vkey's */
  const char **names;
  size_t count;
  assert_int_equal(file_list(bed.scope, &names, &count, bed.folder), ADDUCE_OK);
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], "log") != 0 && strcmp(names[i], "heads") != 0 &&
        strcmp(names[i], "other-heads") != 0)
      fail_msg("%s was left", names[i]);
  if (file_type(bed_path(&bed, "other-heads")) == FILE_FOLDER) {
    assert_int_equal(file_list(bed.scope, &names, &count, bed_path(&bed, "other-heads")),
                     ADDUCE_OK);
    assert_int_equal(count, 0);
  }
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void a_killed_creation_leaves_no_log_or_a_whole_one(void **state) {
  (void)state;
  unsigned whole = 0;
  for (unsigned round = 0; round < 40; round++) {
    const char *heads = scope_format(bed.scope, "heads%u", round);
    const struct log_options options = {.headlock_folder = bed_path(&bed, heads)};
    struct log *log;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(create("made", heads, BED_LOG) == ADDUCE_OK ? 0 : 1);
    usleep(round * 2203 % 90000);
    if (round % 8 != 7) (void)kill(child, SIGKILL); /* some get done */
    assert_int_equal(waitpid(child, NULL, 0), child);
    enum adduce_err err = log_open(bed.scope, &log, bed_path(&bed, "made"), &options);
    if (err == ADDUCE_OK) {
      whole++;
      assert_int_equal(log_writable(bed.scope, log), ADDUCE_OK);
      log_close(&log);
    } else {
      assert_int_equal(err, ADDUCE_E_NOT_A_LEDGER);
      assert_int_equal(file_type(bed_path(&bed, "made")), FILE_NONE);
    }
    assert_int_equal(file_remove_tree(bed.scope, bed_path(&bed, "made")), ADDUCE_OK);
  }
  assert_true(whole > 0);
}

/* --- opening ------------------------------------------------------------------------------- */

struct meta {
  const char *name;
  struct adduce_span value;
};

static enum adduce_err set_meta(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct meta *meta = context;
  if (meta->value.size == 0) return store_delete(scope, txn, LOG_META, span_text(meta->name));
  return store_put(scope, txn, LOG_META, span_text(meta->name), meta->value, STORE_REPLACE);
}

static enum adduce_err open_with_format(const char *format) {
  struct meta meta = {"format", span_text(format)};
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(store_write(bed.scope, log_store(bed.log), 0, set_meta, &meta), ADDUCE_OK);
  enum adduce_err err = bed_reopen(&bed);
  assert_true((err == ADDUCE_OK) == (bed.log != NULL));
  return err;
}

static void only_logs_of_this_format_are_opened(void **state) {
  (void)state;
  struct log *log;
  const struct log_options options = {.read_only = true};
  assert_int_equal(log_open(bed.scope, &log, bed_path(&bed, "nothing"), &options),
                   ADDUCE_E_NOT_A_LEDGER);
  assert_int_equal(log_open(bed.scope, &log, bed.heads, &options), ADDUCE_E_NOT_A_LEDGER);
  assert_int_equal(open_with_format("\x01"), ADDUCE_OK);
  assert_int_equal(open_with_format("\x02"), ADDUCE_E_NEWER);
}

static void a_log_without_a_format_is_corrupt(void **state) {
  (void)state;
  assert_int_equal(open_with_format(""), ADDUCE_E_CORRUPT);
}

/* --- the head lock ------------------------------------------------------------------------- */

static void put_back_older_it_is_a_rollback(void **state) {
  (void)state;
  struct event event = bed_claim(&bed, 0);
  bed_enter(&bed, bed_claim(&bed, 0));
  log_close(&bed.log);
  bed_copy_folder(&bed, bed.log_folder, bed_path(&bed, "old"));
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  bed_enter(&bed, event);
  log_close(&bed.log);
  bed_copy_folder(&bed, bed_path(&bed, "old"), bed.log_folder);
  assert_int_equal(bed_reopen(&bed), ADDUCE_E_ROLLBACK);
  bed_said(&bed, "2");
  bed_said(&bed, "3");
  assert_int_equal(bed_reopen_for_reading(&bed), ADDUCE_E_ROLLBACK);
}

static void another_history_is_a_fork(void **state) {
  (void)state;
  struct event ours = bed_claim(&bed, 0), theirs = bed_claim(&bed, 0);
  log_close(&bed.log);
  bed_copy_folder(&bed, bed.log_folder, bed_path(&bed, "old"));
  bed_copy_folder(&bed, bed.heads, bed_path(&bed, "old-heads"));
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  bed_enter(&bed, ours);
  log_close(&bed.log);
  /* The same ledger, from before, goes its own way under the lock from before. */
  const char *folder = bed.log_folder, *heads = bed.heads;
  bed.log_folder = bed_path(&bed, "old");
  bed.heads = bed_path(&bed, "old-heads");
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  bed_enter(&bed, theirs);
  log_close(&bed.log);
  bed.heads = heads;
  assert_int_equal(bed_reopen(&bed), ADDUCE_E_FORK);
  bed.log_folder = folder;
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
}

static void without_its_lock_it_can_only_be_read(void **state) {
  (void)state;
  struct event event = bed_claim(&bed, 0);
  assert_int_equal(file_remove(bed.scope, bed.head), ADDUCE_OK);
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_NO_LOCK);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(log_writable(bed.scope, bed.log), ADDUCE_E_NO_LOCK);
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_NO_LOCK);
  assert_int_equal(bed_size(&bed), 1);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void a_lock_that_lags_is_advanced(void **state) {
  (void)state;
  struct headlock_head head;
  log_close(&bed.log);
  bed_copy_folder(&bed, bed.heads, bed_path(&bed, "old-heads"));
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  for (int i = 0; i < 5; i++) bed_enter(&bed, bed_claim(&bed, 0));
  log_close(&bed.log);
  bed_copy_folder(&bed, bed_path(&bed, "old-heads"), bed.heads);
  assert_int_equal(bed_reopen_for_reading(&bed), ADDUCE_OK);
  assert_int_equal(headlock_read(bed.scope, &head, bed.head), ADDUCE_OK);
  assert_int_equal(head.size, 1);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(headlock_read(bed.scope, &head, bed.head), ADDUCE_OK);
  assert_int_equal(head.size, 6);
  bed_enter(&bed, bed_claim(&bed, 0));
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

/* The folder is exchanged under a log that is open: it is noticed before anything is signed. */
static void put_back_older_while_open_nothing_is_signed(void **state) {
  (void)state;
  struct event event = bed_claim(&bed, 0);
  log_close(&bed.log);
  bed_copy_folder(&bed, bed.log_folder, bed_path(&bed, "old"));
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  for (int i = 0; i < 3; i++) bed_enter(&bed, bed_claim(&bed, 0));
  bed_copy_folder(&bed, bed_path(&bed, "old"), bed.log_folder);
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_ROLLBACK);
  assert_int_equal(bed_size(&bed), 1);
}

/* --- views --------------------------------------------------------------------------------- */

static void open_view(struct log_view *view) {
  assert_int_equal(log_view_open(bed.scope, view, bed.log), ADDUCE_OK);
}

static void a_view_is_a_snapshot(void **state) {
  (void)state;
  struct log_view before, after;
  struct log_entry entry;
  open_view(&before);
  bed_enter(&bed, bed_authorizing(&bed, 1, "\"append\""));
  open_view(&after);
  assert_true(before.size == 1 && after.size == 2);
  assert_null(rules_author(before.rules, bed_key(&bed, 1)));
  assert_non_null(rules_author(after.rules, bed_key(&bed, 1)));
  assert_int_equal(log_view_entry(bed.scope, &before, &entry, 1), ADDUCE_E_POSITION);
  assert_int_equal(log_view_entry(bed.scope, &after, &entry, 1), ADDUCE_OK);
  log_view_close(&before);
  log_view_close(&after);
}

static enum adduce_err drop_content(void *context, struct adduce_scope *scope,
                                    struct store_txn *txn) {
  uint8_t room8[8];
  return store_delete(scope, txn, LOG_CONTENTS, log_index_key(room8, *(const uint64_t *)context));
}

static void assert_walked(struct log_walk *walk, struct log_view *view, uint64_t index) {
  struct log_entry walked, entry;
  struct claim claim;
  struct event event;
  assert_int_equal(log_walk_claim(bed.scope, walk, &walked, &claim, index), ADDUCE_OK);
  assert_int_equal(log_view_event(bed.scope, view, &entry, &event, index), ADDUCE_OK);
  assert_true(walked.index == index && walked.recorded_at_us == entry.recorded_at_us);
  assert_true(span_equal(walked.entry, entry.entry) && span_equal(walked.event, entry.event));
  assert_true(span_equal(walked.content, entry.content));
  assert_true(claim.kind == event.claim.kind && claim.standing == event.claim.standing);
}

/* Forwards, backwards and by leaps; past contents that are not there, several in a row and the
 * last among them. */
static void a_walk_finds_what_is_found_by_index(void **state) {
  enum { COUNT = 60 };
  static const uint64_t absent[] = {7, 8, 9, 30, COUNT};
  struct log_view view;
  struct log_walk walk;
  struct log_entry entry;
  struct claim claim;
  struct event events[COUNT];
  uint64_t seed = 7;
  (void)state;
  for (size_t i = 0; i < COUNT; i++) events[i] = bed_claim(&bed, 0);
  assert_int_equal(bed_append(&bed, events, COUNT), ADDUCE_OK);
  for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
    uint64_t index = absent[i];
    assert_int_equal(store_write(bed.scope, bed.log->store, 4096, drop_content, &index), ADDUCE_OK);
  }
  open_view(&view);
  assert_int_equal(log_walk_open(bed.scope, &walk, &view), ADDUCE_OK);
  for (int turn = 0; turn < 2; turn++)
    for (uint64_t i = 0; i < view.size; i++) assert_walked(&walk, &view, i);
  for (uint64_t i = view.size; i-- > 0;) assert_walked(&walk, &view, i);
  for (int i = 0; i < 300; i++) {
    seed = seed * UINT64_C(6364136223846793005) + 1;
    uint64_t from = (seed >> 40) % view.size;
    for (uint64_t at = from; at < view.size && at < from + (seed >> 33) % 5; at++)
      assert_walked(&walk, &view, at);
  }
  assert_int_equal(log_walk_claim(bed.scope, &walk, &entry, &claim, view.size), ADDUCE_E_POSITION);
  assert_walked(&walk, &view, 3);
  log_walk_close(&walk);
  log_view_close(&view);
}

static void events_are_found_by_id_and_by_its_beginning(void **state) {
  (void)state;
  struct log_view view;
  uint64_t index;
  struct event events[300];
  for (size_t i = 0; i < 300; i++) events[i] = bed_claim(&bed, 0);
  assert_int_equal(bed_append(&bed, events, 300), ADDUCE_OK);
  open_view(&view);
  for (size_t i = 0; i < 300; i++) {
    assert_int_equal(log_view_find(bed.scope, &view, &index, &events[i].id), ADDUCE_OK);
    assert_int_equal(index, i + 1);
    struct hex64 hex = hex_text32(events[i].id.bytes);
    for (size_t digits = 12; digits <= 64; digits += 13) {
      assert_int_equal(log_view_find_prefix(bed.scope, &view, &index, span_of(hex.text, digits)),
                       ADDUCE_OK);
      assert_int_equal(index, i + 1);
    }
  }
  struct adduce_id absent = {{1, 2, 3}};
  assert_int_equal(log_view_find(bed.scope, &view, &index, &absent), ADDUCE_E_NOT_FOUND);
  assert_int_equal(log_view_find_prefix(bed.scope, &view, &index, span_text("010203040506")),
                   ADDUCE_E_NOT_FOUND);
  assert_int_equal(log_view_find_prefix(bed.scope, &view, &index, span_text("abc")),
                   ADDUCE_E_USAGE);
  assert_int_equal(log_view_find_prefix(bed.scope, &view, &index, span_text("wxyz")),
                   ADDUCE_E_USAGE);
  log_view_close(&view);
}

struct id_record {
  struct adduce_id id;
};

static enum adduce_err put_id(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  static const uint8_t zero8[8];
  const struct id_record *record = context;
  return store_put(scope, txn, LOG_IDS, span_of(record->id.bytes, 32), span_of(zero8, 8),
                   STORE_NEW);
}

static void ids_that_begin_alike_are_named(void **state) {
  (void)state;
  struct log_view view;
  uint64_t index;
  struct id_record record = {bed.genesis.id};
  record.id.bytes[31] ^= 1;
  assert_int_equal(store_write(bed.scope, log_store(bed.log), 0, put_id, &record), ADDUCE_OK);
  open_view(&view);
  struct hex64 hex = hex_text32(bed.genesis.id.bytes);
  assert_int_equal(log_view_find_prefix(bed.scope, &view, &index, span_of(hex.text, 8)),
                   ADDUCE_E_AMBIGUOUS);
  hex.text[16] = '\0';
  bed_said(&bed, hex.text);
  hex = hex_text32(bed.genesis.id.bytes);
  assert_int_equal(log_view_find_prefix(bed.scope, &view, &index, span_of(hex.text, 64)),
                   ADDUCE_OK);
  log_view_close(&view);
}

static void a_time_is_the_last_entry_at_or_before_it(void **state) {
  (void)state;
  struct log_view view;
  uint64_t index;
  for (int i = 0; i < 10; i++) bed_enter(&bed, bed_claim(&bed, 0));
  open_view(&view);
  for (uint64_t i = 0; i < 11; i++) {
    struct log_entry entry;
    assert_int_equal(log_view_entry(bed.scope, &view, &entry, i), ADDUCE_OK);
    uint64_t last = i;
    if (i == 0) last = 1; /* the first append had the clock of the genesis */
    assert_int_equal(log_view_at_time(bed.scope, &view, &index, entry.recorded_at_us), ADDUCE_OK);
    assert_int_equal(index, last);
    assert_int_equal(log_view_at_time(bed.scope, &view, &index, entry.recorded_at_us + 999999),
                     ADDUCE_OK);
    assert_int_equal(index, last);
  }
  assert_int_equal(log_view_at_time(bed.scope, &view, &index, BED_START_US - 1), ADDUCE_E_POSITION);
  log_view_close(&view);
}

static void control_entries_are_walked(void **state) {
  (void)state;
  struct log_view view;
  uint64_t index;
  bed_enter(&bed, bed_claim(&bed, 0));
  bed_enter(&bed, bed_authorizing(&bed, 1, "\"append\""));
  bed_enter(&bed, bed_claim(&bed, 1));
  open_view(&view);
  assert_int_equal(log_view_next_control(bed.scope, &view, &index, 0), ADDUCE_OK);
  assert_int_equal(index, 0);
  assert_int_equal(log_view_next_control(bed.scope, &view, &index, 1), ADDUCE_OK);
  assert_int_equal(index, 2);
  assert_int_equal(log_view_next_control(bed.scope, &view, &index, 3), ADDUCE_E_NOT_FOUND);
  log_view_close(&view);
}

static void a_checkpoint_that_leaves_is_kept(void **state) {
  (void)state;
  struct log_check_report report;
  const struct log_check_options options = {.threads = 1};
  bed_enter(&bed, bed_claim(&bed, 0));
  assert_int_equal(log_keep_checkpoint(bed.scope, bed.log), ADDUCE_OK);
  assert_int_equal(log_keep_checkpoint(bed.scope, bed.log), ADDUCE_OK);
  bed_enter(&bed, bed_claim(&bed, 0));
  assert_int_equal(log_keep_checkpoint(bed.scope, bed.log), ADDUCE_OK);
  assert_int_equal(log_check(bed.scope, bed.log, &report, &options), ADDUCE_OK);
  assert_true(report.checkpoints >= 2);
}

static void proofs_can_be_made_at_every_size(void **state) {
  (void)state;
  struct log_view view;
  struct adduce_hash roots[600], leaf;
  struct merkle_proof proof;
  struct log_entry entry;
  for (uint64_t size = 1; size < 600;) {
    struct event events[64];
    size_t count = size % 7 == 0 ? 64 : 1 + size % 3;
    for (size_t i = 0; i < count; i++) events[i] = bed_claim(&bed, 0);
    assert_int_equal(bed_append(&bed, events, count), ADDUCE_OK);
    size += count;
  }
  open_view(&view);
  struct merkle_reader tree = log_view_tree(&view);
  for (uint64_t size = 1; size < 600; size += 13)
    assert_int_equal(merkle_root(bed.scope, &roots[size], &tree, size), ADDUCE_OK);
  for (uint64_t size = 1; size < 600; size += 13) {
    assert_int_equal(merkle_prove_inclusion(bed.scope, &proof, &tree, size - 1, size), ADDUCE_OK);
    assert_int_equal(log_view_entry(bed.scope, &view, &entry, size - 1), ADDUCE_OK);
    leaf = merkle_leaf(entry.entry);
    assert_true(merkle_verify_inclusion(&leaf, size - 1, size, &proof, &roots[size]));
    assert_int_equal(merkle_prove_consistency(bed.scope, &proof, &tree, 1, size), ADDUCE_OK);
    assert_true(merkle_verify_consistency(1, size, &proof, &roots[1], &roots[size]));
  }
  log_view_close(&view);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bed, unmake_bed)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_new_log_has_its_genesis_its_checkpoint_and_its_lock),
      TEST(what_cannot_be_made_leaves_nothing),
      TEST(a_killed_creation_leaves_no_log_or_a_whole_one),
      TEST(only_logs_of_this_format_are_opened),
      TEST(a_log_without_a_format_is_corrupt),
      TEST(put_back_older_it_is_a_rollback),
      TEST(another_history_is_a_fork),
      TEST(without_its_lock_it_can_only_be_read),
      TEST(a_lock_that_lags_is_advanced),
      TEST(put_back_older_while_open_nothing_is_signed),
      TEST(a_view_is_a_snapshot),
      TEST(a_walk_finds_what_is_found_by_index),
      TEST(events_are_found_by_id_and_by_its_beginning),
      TEST(ids_that_begin_alike_are_named),
      TEST(a_time_is_the_last_entry_at_or_before_it),
      TEST(control_entries_are_walked),
      TEST(a_checkpoint_that_leaves_is_kept),
      TEST(proofs_can_be_made_at_every_size),
  };
  return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
