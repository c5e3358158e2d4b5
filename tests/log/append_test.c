/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bigendian.h"
#include "base/clock.h"
#include "log/log.h"
#include "support/bed.h"
#include "sys/file.h"
#include "sys/machine.h"

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

static void expect_unchanged(uint64_t size) {
  assert_int_equal(bed_size(&bed), size);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

/* --- what an append gives ------------------------------------------------------------------ */

static void expect_receipt(const struct log_receipt *receipt, uint64_t size) {
  struct log_view view;
  struct checkpoint checkpoint;
  struct headlock_head head;
  struct adduce_hash root;
  const struct note_verifier *verifier, *outgoing;
  assert_int_equal(receipt->size, size);
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  struct merkle_reader tree = log_view_tree(&view);
  rules_log_keys(view.rules, size, &verifier, &outgoing);
  assert_int_equal(merkle_root(bed.scope, &root, &tree, size), ADDUCE_OK);
  assert_int_equal(checkpoint_open(bed.scope, &checkpoint, receipt->checkpoint, verifier),
                   ADDUCE_OK);
  assert_true(hash_equal(&root, &receipt->root) && hash_equal(&root, &checkpoint.root));
  assert_int_equal(checkpoint.size, size);
  assert_int_equal(headlock_read(bed.scope, &head, bed.head), ADDUCE_OK);
  assert_true(head.size == size && hash_equal(&head.root, &root));
  log_view_close(&view);
}

static void events_get_places_and_a_receipt(void **state) {
  (void)state;
  struct event events[3];
  struct log_appended appended[3];
  struct log_receipt receipt;
  for (int i = 0; i < 3; i++) events[i] = bed_claim(&bed, 0);
  assert_int_equal(bed_append_to(&bed, appended, &receipt, events, 3, NULL), ADDUCE_OK);
  for (uint64_t i = 0; i < 3; i++) {
    assert_int_equal(appended[i].index, i + 1);
    assert_memory_equal(appended[i].id.bytes, events[i].id.bytes, 32);
    assert_false(appended[i].duplicate);
  }
  expect_receipt(&receipt, 4);
  expect_unchanged(4);
}

static void what_is_there_already_writes_nothing_and_says_so(void **state) {
  (void)state;
  struct event events[4];
  struct log_appended appended[4];
  struct log_receipt first, second;
  events[0] = bed_claim(&bed, 0);
  events[1] = bed_claim(&bed, 0);
  events[2] = events[0];
  events[3] = bed.genesis;
  assert_int_equal(bed_append_to(&bed, appended, &first, events, 4, NULL), ADDUCE_OK);
  assert_true(appended[0].index == 1 && !appended[0].duplicate);
  assert_true(appended[1].index == 2 && !appended[1].duplicate);
  assert_true(appended[2].index == 1 && appended[2].duplicate);
  assert_true(appended[3].index == 0 && appended[3].duplicate);
  assert_int_equal(bed_append_to(&bed, appended, &second, events, 4, NULL), ADDUCE_OK);
  for (int i = 0; i < 4; i++) assert_true(appended[i].duplicate);
  assert_true(span_equal(first.checkpoint, second.checkpoint));
  assert_int_equal(first.recorded_at_us, second.recorded_at_us);
  expect_receipt(&second, 3);
  expect_unchanged(3);
}

static void appends_go_on_after_reopening(void **state) {
  (void)state;
  for (uint64_t i = 1; i < 300; i += 7) {
    struct event events[7];
    for (int k = 0; k < 7; k++) events[k] = bed_claim(&bed, 0);
    assert_int_equal(bed_append(&bed, events, 7), ADDUCE_OK);
    if (i % 3 == 0) assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  }
  expect_unchanged(302);
}

static void nothing_and_nobody_are_refused(void **state) {
  (void)state;
  struct event event = bed_claim(&bed, 0);
  struct log_appended appended;
  struct log_receipt receipt;
  const struct log_append_options options = {.now_us = bed.now_us};
  assert_int_equal(bed_append(&bed, &event, 0), ADDUCE_E_USAGE);
  assert_int_equal(log_append(bed.scope, bed.log, &appended, &receipt, &event, 1, NULL, &options),
                   ADDUCE_E_USAGE);
  assert_int_equal(
      log_append(bed.scope, bed.log, &appended, &receipt, &event, 1, bed.signers[1], &options),
      ADDUCE_E_SIGNATURE);
  expect_unchanged(1);
}

static void a_log_opened_for_reading_takes_nothing(void **state) {
  (void)state;
  struct event event = bed_claim(&bed, 0);
  assert_int_equal(bed_reopen_for_reading(&bed), ADDUCE_OK);
  assert_int_equal(log_writable(bed.scope, bed.log), ADDUCE_E_READ_ONLY);
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_READ_ONLY);
}

/* --- refusals ------------------------------------------------------------------------------ */

static void a_refused_batch_leaves_nothing(void **state) {
  (void)state;
  struct event events[3];
  events[0] = bed_claim(&bed, 0);
  events[1] = bed_claim(&bed, 1);
  events[2] = bed_claim(&bed, 0);
  assert_int_equal(bed_append(&bed, events, 3), ADDUCE_E_UNAUTHORIZED);
  bed_said(&bed, "2: ");
  expect_unchanged(1);
  events[1] = events[0];
  assert_int_equal(bed_append(&bed, events, 3), ADDUCE_OK);
  expect_unchanged(3);
}

static struct event citing(const struct adduce_id *source, const char *role) {
  return bed_event(&bed, 0, "statement.made",
                   scope_format(bed.scope, "{\"speaker\":\"%s/a\",\"gist\":\"cites %llu\"}",
                                BED_ORIGIN, (unsigned long long)bed.made++),
                   role, source, NULL);
}

static struct event source(void) {
  return bed_event(&bed, 0, "source.cited",
                   scope_format(bed.scope,
                                "{\"title\":\"source %llu\",\"publisher\":{\"?\":\"unknown\"},"
                                "\"published_at\":{\"?\":\"unknown\"},\"medium\":\"Article\","
                                "\"retrieved_at\":\"2025-12-14\"}",
                                (unsigned long long)bed.made++),
                   NULL);
}

static void references_lead_to_something_before_them(void **state) {
  (void)state;
  static const char *const roles[] = {"cites", "about", "evidence", "follows", "own_role"};
  struct event events[2];
  struct adduce_id absent = {{9, 9, 9}};
  for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
    events[0] = citing(&absent, roles[i]);
    assert_int_equal(bed_append(&bed, events, 1), ADDUCE_E_REFERENCE);
    bed_said(&bed, roles[i]);
    bed_said(&bed, "090909");
  }
  events[1] = source();
  events[0] = citing(&events[1].id, "cites");
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_REFERENCE);
  expect_unchanged(1);
  struct event swapped[2] = {events[1], events[0]};
  assert_int_equal(bed_append(&bed, swapped, 2), ADDUCE_OK);
  events[0] = citing(&events[1].id, "cites");
  assert_int_equal(bed_append(&bed, events, 1), ADDUCE_OK);
  expect_unchanged(4);
}

static void a_citation_cites_a_source(void **state) {
  (void)state;
  struct event statement = bed_claim(&bed, 0);
  bed_enter(&bed, statement);
  struct event event = citing(&statement.id, "cites");
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_REFERENCE);
  bed_said(&bed, "statement.made");
  event = citing(&bed.genesis.id, "cites");
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_REFERENCE);
  bed_enter(&bed, citing(&statement.id, "about"));
  expect_unchanged(3);
}

/* --- rights in time ------------------------------------------------------------------------ */

static void rights_count_from_the_next_entry_on(void **state) {
  (void)state;
  struct event events[2];
  events[0] = bed_claim(&bed, 1);
  events[1] = bed_authorizing(&bed, 1, "\"append\"");
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_UNAUTHORIZED);
  struct event swapped[2] = {events[1], events[0]};
  assert_int_equal(bed_append(&bed, swapped, 2), ADDUCE_OK);
  struct event revoking = bed_event(
      &bed, 0, "key.revoked",
      scope_format(bed.scope, "{\"key\":{\"$id\":\"%s\"},\"reason\":\"lost\"}", bed_hex(&bed, 1)),
      NULL);
  events[0] = revoking;
  events[1] = bed_claim(&bed, 1);
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_REVOKED);
  expect_unchanged(3);
  bed_enter(&bed, bed_claim(&bed, 1));
  bed_enter(&bed, revoking);
  assert_int_equal(bed_append(&bed, &events[1], 1), ADDUCE_E_REVOKED);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(bed_append(&bed, &events[1], 1), ADDUCE_E_REVOKED);
  expect_unchanged(5);
}

static void the_log_key_is_no_author(void **state) {
  (void)state;
  struct event event = bed_authorizing(&bed, BED_LOG, "\"append\"");
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_KEY);
  expect_unchanged(1);
}

static void an_act_of_another_ledger_is_refused(void **state) {
  (void)state;
  struct event statement = bed_claim(&bed, 0);
  bed_enter(&bed, statement);
  struct event real = bed.genesis;
  bed.genesis.id = statement.id;
  struct event event = bed_authorizing(&bed, 1, "\"append\"");
  bed.genesis = real;
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_OTHER_LEDGER);
  expect_unchanged(2);
}

/* --- quarantine ---------------------------------------------------------------------------- */

static void unknown_authors_wait_in_quarantine_if_the_policy_says_so(void **state) {
  (void)state;
  struct event events[2];
  struct log_view view;
  struct log_quarantined item;
  struct log_check_report report;
  const struct log_check_options check = {.threads = 1};
  bed_enter(&bed, bed_event(&bed, 0, "policy.set", "{\"unknown_authors\":\"quarantine\"}", NULL));
  events[0] = bed_claim(&bed, 0);
  events[1] = bed_claim(&bed, 3);
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_QUARANTINED);
  assert_int_equal(bed_append(&bed, &events[1], 1), ADDUCE_E_QUARANTINED);
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(view.size, 2);
  assert_int_equal(log_view_quarantined(bed.scope, &view, &item, 0), ADDUCE_OK);
  assert_int_equal(item.number, 0);
  assert_true(span_equal(item.event, events[0].claim.parsed.event));
  assert_int_equal(log_view_quarantined(bed.scope, &view, &item, 1), ADDUCE_OK);
  assert_true(span_equal(item.content, events[1].claim.parsed.content));
  assert_true(item.reason.size > 0);
  log_view_close(&view);
  assert_int_equal(log_check(bed.scope, bed.log, &report, &check), ADDUCE_OK);
  assert_true(report.quarantined >= 2 && report.entries == 2);
}

/* --- the clock ----------------------------------------------------------------------------- */

static enum adduce_err append_at(int64_t now_us, bool accept, int64_t *recorded_at_us) {
  struct event event = bed_claim(&bed, 0);
  struct log_appended appended;
  struct log_receipt receipt = {0};
  const struct log_append_options options = {.now_us = now_us, .accept_clock = accept};
  enum adduce_err err = bed_append_to(&bed, &appended, &receipt, &event, 1, &options);
  *recorded_at_us = receipt.recorded_at_us;
  return err;
}

static void recorded_times_never_decrease_and_do_not_leap(void **state) {
  (void)state;
  int64_t at, start = BED_START_US;
  assert_int_equal(append_at(start + 5, false, &at), ADDUCE_OK);
  assert_int_equal(at, start + 5);
  assert_int_equal(append_at(start - CLOCK_DAY_US * 400, false, &at), ADDUCE_OK);
  assert_int_equal(at, start + 5);
  assert_int_equal(append_at(start + 5 + CLOCK_DAY_US, false, &at), ADDUCE_OK);
  assert_int_equal(append_at(start + 6 + 2 * CLOCK_DAY_US, false, &at), ADDUCE_E_CLOCK);
  expect_unchanged(4);
  assert_int_equal(append_at(start + 6 + 2 * CLOCK_DAY_US, true, &at), ADDUCE_OK);
  assert_int_equal(at, start + 6 + 2 * CLOCK_DAY_US);
  assert_int_equal(append_at(INT64_MAX, true, &at), ADDUCE_E_CLOCK);
  expect_unchanged(5);
}

/* --- dry runs ------------------------------------------------------------------------------ */

static void a_dry_run_says_what_would_be_and_writes_nothing(void **state) {
  (void)state;
  struct event events[3];
  struct log_appended dry_at[3], at[3];
  struct log_receipt dry, real;
  struct log_append_options options = {.now_us = bed.now_us, .dry_run = true};
  events[0] = bed_authorizing(&bed, 1, "\"append\"");
  events[1] = bed_claim(&bed, 1);
  events[2] = events[1];
  assert_int_equal(bed_append_to(&bed, dry_at, &dry, events, 3, &options), ADDUCE_OK);
  expect_unchanged(1);
  assert_int_equal(dry.checkpoint.size, 0);
  options.dry_run = false;
  assert_int_equal(bed_append_to(&bed, at, &real, events, 3, &options), ADDUCE_OK);
  for (int i = 0; i < 3; i++)
    assert_true(at[i].index == dry_at[i].index && at[i].duplicate == dry_at[i].duplicate);
  assert_true(dry.size == real.size && hash_equal(&dry.root, &real.root));
  assert_int_equal(dry.recorded_at_us, real.recorded_at_us);
  options.dry_run = true;
  events[0] = bed_claim(&bed, 2);
  assert_int_equal(bed_append_to(&bed, at, &dry, events, 1, &options), ADDUCE_E_UNAUTHORIZED);
  options.now_us += 3 * CLOCK_DAY_US;
  assert_int_equal(bed_append_to(&bed, at, &dry, &events[1], 1, &options), ADDUCE_E_CLOCK);
  expect_unchanged(3);
}

/* --- a new log key ------------------------------------------------------------------------- */

static struct event rekeying(int who, uint64_t from_size) {
  const char *vkey;
  assert_int_equal(note_vkey_encode(bed.scope, &vkey, span_text(BED_ORIGIN), bed_key(&bed, who)),
                   ADDUCE_OK);
  return bed_event(&bed, 0, "ledger.rekeyed",
                   scope_format(bed.scope, "{\"vkey\":\"%s\",\"from_size\":%llu}", vkey,
                                (unsigned long long)from_size),
                   NULL);
}

static enum adduce_err append_signed_by(const struct event *events, size_t count, int signer,
                                        int incoming, struct log_receipt *receipt) {
  struct log_appended appended[4];
  const struct log_append_options options = {
      .now_us = bed.now_us, .incoming_signer = incoming < 0 ? NULL : bed.signers[incoming]};
  return log_append(bed.scope, bed.log, appended, receipt, events, count, bed.signers[signer],
                    &options);
}

static void a_rekeying_is_signed_by_both_keys(void **state) {
  (void)state;
  struct log_receipt receipt;
  struct checkpoint checkpoint;
  struct note note;
  struct event events[2];
  const struct note_verifier *verifier, *outgoing;
  struct log_view view;
  bed_enter(&bed, bed_claim(&bed, 0));
  events[0] = rekeying(BED_NEXT_LOG, 7);
  assert_int_equal(append_signed_by(events, 1, BED_LOG, BED_NEXT_LOG, &receipt), ADDUCE_E_VALUE);
  events[0] = rekeying(BED_NEXT_LOG, 3);
  assert_int_equal(append_signed_by(events, 1, BED_LOG, -1, &receipt), ADDUCE_E_SIGNATURE);
  assert_int_equal(append_signed_by(events, 1, BED_NEXT_LOG, -1, &receipt), ADDUCE_E_SIGNATURE);
  events[1] = bed_claim(&bed, 0);
  assert_int_equal(append_signed_by(events, 2, BED_LOG, BED_NEXT_LOG, &receipt), ADDUCE_E_VALUE);
  expect_unchanged(2);
  assert_int_equal(append_signed_by(events, 1, BED_LOG, BED_NEXT_LOG, &receipt), ADDUCE_OK);
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  rules_log_keys(view.rules, 3, &verifier, &outgoing);
  assert_non_null(outgoing);
  assert_int_equal(checkpoint_parse(bed.scope, &checkpoint, &note, receipt.checkpoint), ADDUCE_OK);
  assert_int_equal(note_verify(bed.scope, &note, verifier), ADDUCE_OK);
  assert_int_equal(note_verify(bed.scope, &note, outgoing), ADDUCE_OK);
  log_view_close(&view);
  assert_int_equal(append_signed_by(&events[1], 1, BED_LOG, -1, &receipt), ADDUCE_E_SIGNATURE);
  assert_int_equal(append_signed_by(&events[1], 1, BED_NEXT_LOG, -1, &receipt), ADDUCE_OK);
  expect_receipt(&receipt, 4);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  expect_unchanged(4);
}

/* The checkpoint that both have signed is what later readers judge the change by. */
static void the_checkpoint_of_a_rekeying_is_kept(void **state) {
  (void)state;
  struct log_receipt receipt;
  struct log_check_report report;
  const struct log_check_options options = {.threads = 1};
  struct event event = rekeying(BED_NEXT_LOG, 2);
  assert_int_equal(append_signed_by(&event, 1, BED_LOG, BED_NEXT_LOG, &receipt), ADDUCE_OK);
  event = bed_claim(&bed, 0);
  assert_int_equal(append_signed_by(&event, 1, BED_NEXT_LOG, -1, &receipt), ADDUCE_OK);
  assert_int_equal(log_check(bed.scope, bed.log, &report, &options), ADDUCE_OK);
  assert_true(report.checkpoints >= 1);
}

/* --- declared kinds ------------------------------------------------------------------------ */

static void kinds_are_declared_before_they_are_used(void **state) {
  (void)state;
  static const char declaration[] =
      "{\"name\":\"monitor.example:custody.transferred\",\"text\":\"It changed hands.\","
      "\"effect\":\"none\",\"subject\":\"item\",\"fields\":[{\"name\":\"item\",\"type\":"
      "\"subject\","
      "\"required\":true,\"text\":\"what\"}]}";
  struct event declaring = bed_event(&bed, 0, "kind.declared", declaration, NULL);
  assert_int_equal(
      vocabulary_declare(bed.scope, bed.vocabulary, &declaring.claim.parsed, declaring.id.bytes),
      ADDUCE_OK);
  struct event events[2];
  events[0] = declaring;
  events[1] = bed_event(&bed, 0, "monitor.example:custody.transferred",
                        "{\"item\":\"monitor.example/box\"}", "kind", &declaring.id, NULL);
  assert_int_equal(bed_append(&bed, &events[1], 1), ADDUCE_E_REFERENCE);
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_OK);
  expect_unchanged(3);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  struct log_view view;
  struct log_entry entry;
  struct event event;
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(log_view_event(bed.scope, &view, &entry, &event, 2), ADDUCE_OK);
  assert_int_equal(event.claim.standing, CLAIM_UNDERSTOOD);
  log_view_close(&view);
}

/* --- threads and processes ----------------------------------------------------------------- */

#define EACH 60

/* Appends claims one by one and writes down the index of each. */
struct appender {
  struct log *log;
  const struct event *events;
  const struct event *refused; /* appended in between, to no effect */
  uint64_t indexes[EACH];
  bool good;
};

static void *append_each(void *context) {
  struct appender *appender = context;
  struct adduce_scope *scope;
  const struct log_append_options options = {.now_us = BED_START_US};
  appender->good = adduce_scope_open(&scope, 0) == ADDUCE_OK;
  for (int i = 0; i < EACH && appender->good; i++) {
    struct log_appended appended;
    struct log_receipt receipt;
    enum adduce_err err = log_append(scope, appender->log, &appended, &receipt,
                                     &appender->events[i], 1, bed.signers[BED_LOG], &options);
    if (err != ADDUCE_OK) print_error("append: %s\n", adduce_scope_detail(scope));
    appender->good =
        err == ADDUCE_OK && receipt.size > appended.index && receipt.checkpoint.size > 0;
    appender->indexes[i] = appended.index;
    if (i % 8 == 0 && appender->refused != NULL &&
        log_append(scope, appender->log, &appended, &receipt, appender->refused, 1,
                   bed.signers[BED_LOG], &options) != ADDUCE_E_UNAUTHORIZED)
      appender->good = false;
    adduce_scope_reset(scope);
  }
  adduce_scope_close(&scope);
  return NULL;
}

static const struct event *claims(size_t count) {
  struct event *events = scope_array(bed.scope, count, sizeof *events);
  assert_non_null(events);
  for (size_t i = 0; i < count; i++) events[i] = bed_claim(&bed, 0);
  return events;
}

#define THREADS 4

/* Four threads of one handle; each index once. */
static bool append_in_threads(struct log *log, const struct event *events,
                              const struct event *refused, uint64_t *indexes) {
  pthread_t threads[THREADS];
  struct appender appenders[THREADS];
  bool good = true;
  for (size_t i = 0; i < THREADS; i++) {
    appenders[i] = (struct appender){.log = log, .events = events + i * EACH, .refused = refused};
    if (pthread_create(&threads[i], NULL, append_each, &appenders[i]) != 0) return false;
  }
  for (size_t i = 0; i < THREADS; i++) {
    if (pthread_join(threads[i], NULL) != 0 || !appenders[i].good) good = false;
    memcpy(indexes + i * EACH, appenders[i].indexes, sizeof appenders[i].indexes);
  }
  return good;
}

static int compare_indexes(const void *left, const void *right) {
  const uint64_t *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static void threads_share_transactions_and_lose_nothing(void **state) {
  (void)state;
  uint64_t indexes[THREADS * EACH];
  const struct event *events = claims(THREADS * EACH);
  struct event refused = bed_claim(&bed, 1);
  assert_true(append_in_threads(bed.log, events, &refused, indexes));
  qsort(indexes, THREADS * EACH, sizeof *indexes, compare_indexes);
  for (uint64_t i = 0; i < THREADS * EACH; i++) assert_int_equal(indexes[i], i + 1);
  expect_unchanged(THREADS * EACH + 1);
}

/* Another process: opens the log, appends from four threads, and says where they went. */
static pid_t start_appending(const struct event *events, int said) {
  uint64_t indexes[THREADS * EACH];
  pid_t child = fork();
  assert_true(child >= 0);
  if (child != 0) return child;
  bool good = bed_reopen(&bed) == ADDUCE_OK && append_in_threads(bed.log, events, NULL, indexes) &&
              write(said, indexes, sizeof indexes) == (ssize_t)sizeof indexes;
  log_close(&bed.log);
  _exit(good ? 0 : 1);
}

static void processes_and_threads_get_indexes_without_gaps(void **state) {
  (void)state;
  static uint64_t indexes[2 * THREADS * EACH];
  const size_t half = THREADS * EACH;
  int said[2], status;
  const struct event *events = claims(2 * half);
  log_close(&bed.log);
  assert_int_equal(pipe(said), 0);
  pid_t children[2] = {start_appending(events, said[1]), start_appending(events + half, said[1])};
  close(said[1]);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(read(said[0], indexes + i * half, half * sizeof *indexes),
                     half * sizeof *indexes);
  }
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(waitpid(children[i], &status, 0), children[i]);
    assert_int_equal(status, 0);
  }
  qsort(indexes, 2 * half, sizeof *indexes, compare_indexes);
  for (uint64_t i = 0; i < 2 * half; i++) assert_int_equal(indexes[i], i + 1);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  expect_unchanged(2 * half + 1);
}

/* What another process changes in the rules is seen by an open handle. */
static void rules_of_another_process_count(void **state) {
  (void)state;
  int gate[2], status;
  char byte;
  struct event authorizing = bed_authorizing(&bed, 1, "\"append\""), claim = bed_claim(&bed, 1);
  log_close(&bed.log);
  assert_int_equal(pipe(gate), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    bool good = read(gate[0], &byte, 1) == 1 && bed_reopen(&bed) == ADDUCE_OK &&
                bed_append(&bed, &authorizing, 1) == ADDUCE_OK;
    log_close(&bed.log);
    _exit(good ? 0 : 1);
  }
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(bed_append(&bed, &claim, 1), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(write(gate[1], "x", 1), 1);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_int_equal(bed_append(&bed, &claim, 1), ADDUCE_OK);
  expect_unchanged(3);
}

/* --- kill -9 ------------------------------------------------------------------------------- */

/* Appends until it is killed, and after each receipt says the size it had. */
static void append_until_killed(const struct event *events, size_t count, int said) {
  if (bed_reopen(&bed) != ADDUCE_OK) _exit(1);
  for (size_t i = 0; i + 3 <= count; i += 3) {
    struct log_appended appended[3];
    struct log_receipt receipt;
    if (bed_append_to(&bed, appended, &receipt, events + i, 3, NULL) != ADDUCE_OK ||
        write(said, &receipt.size, sizeof receipt.size) != (ssize_t)sizeof receipt.size)
      _exit(1);
  }
  for (;;) pause();
}

static void what_was_acknowledged_survives_kill(void **state) {
  (void)state;
  uint64_t acknowledged = 1;
  for (unsigned round = 0; round < 50; round++) {
    int said[2];
    const struct event *events = claims(60);
    log_close(&bed.log);
    assert_int_equal(pipe(said), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) append_until_killed(events, 60, said[1]);
    close(said[1]);
    /* Half of them die while opening, or whenever; the others after a first receipt. */
    if (round % 2 == 1)
      assert_int_equal(read(said[0], &acknowledged, sizeof acknowledged), sizeof acknowledged);
    usleep(round * 1913 % 30000);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    for (uint64_t size; read(said[0], &size, sizeof size) == (ssize_t)sizeof size;)
      acknowledged = size;
    close(said[0]);
    assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
    uint64_t size = bed_size(&bed);
    assert_true(size >= acknowledged && size % 3 == 1);
    struct headlock_head head;
    assert_int_equal(headlock_read(bed.scope, &head, bed.head), ADDUCE_OK);
    assert_int_equal(head.size, size);
    assert_int_equal(bed_check(&bed), ADDUCE_OK);
  }
  assert_true(acknowledged > 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bed, unmake_bed)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(events_get_places_and_a_receipt),
      TEST(what_is_there_already_writes_nothing_and_says_so),
      TEST(appends_go_on_after_reopening),
      TEST(nothing_and_nobody_are_refused),
      TEST(a_log_opened_for_reading_takes_nothing),
      TEST(a_refused_batch_leaves_nothing),
      TEST(references_lead_to_something_before_them),
      TEST(a_citation_cites_a_source),
      TEST(rights_count_from_the_next_entry_on),
      TEST(the_log_key_is_no_author),
      TEST(an_act_of_another_ledger_is_refused),
      TEST(unknown_authors_wait_in_quarantine_if_the_policy_says_so),
      TEST(recorded_times_never_decrease_and_do_not_leap),
      TEST(a_dry_run_says_what_would_be_and_writes_nothing),
      TEST(a_rekeying_is_signed_by_both_keys),
      TEST(the_checkpoint_of_a_rekeying_is_kept),
      TEST(kinds_are_declared_before_they_are_used),
      TEST(threads_share_transactions_and_lose_nothing),
      TEST(processes_and_threads_get_indexes_without_gaps),
      TEST(rules_of_another_process_count),
      TEST(what_was_acknowledged_survives_kill),
  };
  return cmocka_run_group_tests_name("append", tests, NULL, NULL);
}
