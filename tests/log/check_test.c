/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "log/commit.h"
#include "support/bed.h"
#include "sys/file.h"

static struct bed test;

static void must(enum adduce_err err, const char *what) {
  if (err != ADDUCE_OK)
    fail_msg("%s: %s: %s", what, adduce_error_name(err), adduce_scope_detail(test.scope));
}

static enum adduce_err check(struct log_check_report *report) {
  const struct log_check_options options = {.threads = 2};
  return log_check(test.scope, test.log, report, &options);
}

/* Claims until the log has `size` entries. */
static void grow_to(uint64_t size) {
  struct event events[100];
  for (uint64_t now = bed_size(&test); now < size;) {
    struct scope_mark mark = scope_mark(test.scope);
    size_t count = size - now < 100 ? (size_t)(size - now) : 100;
    for (size_t i = 0; i < count; i++) events[i] = bed_claim(&test, 0);
    must(bed_append(&test, events, count), "append");
    scope_rewind(test.scope, mark);
    now += count;
  }
}

static int open_bed(void **state) {
  (void)state;
  bed_open(&test);
  return 0;
}

static int open_some(void **state) {
  (void)state;
  bed_open(&test);
  grow_to(300);
  return 0;
}

static int close_bed(void **state) {
  (void)state;
  bed_close(&test);
  return 0;
}

/* --- good logs ------------------------------------------------------------------------------*/

static void check_all_ways(uint64_t size) {
  static const struct log_check_options ways[] = {
      {.threads = 1}, {.threads = 1, .no_signatures = true}, {.threads = 1, .entries_only = true},
      {.threads = 4}, {.threads = 4, .no_signatures = true}, {.threads = 4, .entries_only = true},
  };
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    struct log_check_report report;
    must(log_check(test.scope, test.log, &report, &ways[i]), "check");
    assert_int_equal(report.entries, size);
    assert_int_equal(report.signatures, i % 3 == 0 ? size : 0);
    assert_int_equal(report.contents, i % 3 == 2 ? 0 : size);
    assert_int_equal(report.controls, i % 3 == 2 ? 0 : 1);
    assert_int_equal(report.withheld, 0);
  }
}

static void a_good_log_passes_at_every_size(void **state) {
  static const uint64_t sizes[] = {1, 2, 255, 256, 257, 1000, 4095, 4096, 4097, 4353};
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    grow_to(sizes[i]);
    check_all_ways(sizes[i]);
  }
}

static void the_root_is_that_of_the_checkpoint(void **state) {
  struct log_check_report report;
  struct log_view view;
  struct adduce_span note;
  struct checkpoint checkpoint;
  struct note parsed;
  (void)state;
  must(log_keep_checkpoint(test.scope, test.log), "keep");
  must(check(&report), "check");
  assert_int_equal(report.checkpoints, 1);
  must(log_view_open(test.scope, &view, test.log), "view");
  must(log_view_checkpoint(test.scope, &view, &note), "checkpoint");
  must(checkpoint_parse(test.scope, &checkpoint, &parsed, note), "parse");
  assert_memory_equal(checkpoint.root.bytes, report.root.bytes, 32);
  log_view_close(&view);
}

/* --- what is not held -----------------------------------------------------------------------*/

static enum adduce_err withhold(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct log_entry entry;
  struct parsed parsed;
  struct adduce_span partial;
  uint8_t room8[8];
  (void)context;
  TRY(view_read(scope, txn, &entry, 100));
  TRY(parsed_read(scope, &parsed, entry.event, entry.content));
  struct content_path path = {parsed.fields[0].key, -1};
  TRY(content_withhold(scope, &partial, &parsed, &path, 1));
  TRY(store_put(scope, txn, LOG_CONTENTS, log_index_key(room8, 100), partial, STORE_REPLACE));
  return store_delete(scope, txn, LOG_CONTENTS, log_index_key(room8, 101));
}

static void what_is_withheld_is_counted_and_is_no_fault(void **state) {
  struct log_check_report report;
  (void)state;
  must(store_write(test.scope, log_store(test.log), 0, withhold, NULL), "withhold");
  must(check(&report), "check");
  assert_int_equal(report.withheld, 2);
  assert_int_equal(report.contents, report.entries - 1);
}

/* --- a log that is whole, but should not have been ------------------------------------------
 * Its keeper writes what admission would have refused, and signs. */

struct forgery {
  const struct event *events;
  size_t count;
  int64_t now_us;
};

static enum adduce_err write_forgery(void *context, struct adduce_scope *scope,
                                     struct store_txn *txn) {
  const struct forgery *forgery = context;
  struct plan plan;
  struct log_view view;
  struct adduce_span note;
  struct merkle_edge *edge = scope_new(scope, struct merkle_edge);
  uint64_t size;
  assert_non_null(edge);
  TRY(view_size(scope, txn, &size));
  TRY(view_edge(scope, txn, edge, size));
  TRY(plan_append(scope, &plan, edge, forgery->events, forgery->count, forgery->now_us,
                  forgery->now_us, true));
  TRY(log_view_open(scope, &view, test.log));
  enum adduce_err err = commit_sign(scope, &note, &plan, view.rules, test.signers[BED_LOG], NULL);
  if (err == ADDUCE_OK) err = commit_plan(scope, txn, &plan, note, view.rules);
  log_view_close(&view);
  return err;
}

static void forge(const struct event *events, size_t count, int64_t now_us) {
  struct forgery forgery = {events, count, now_us};
  must(store_write(test.scope, log_store(test.log), 0, write_forgery, &forgery), "forge");
}

/* The check ends at entry `index` with this error and these words. */
static void expect_at(uint64_t index, enum adduce_err expected, const char *says) {
  struct log_check_report report;
  enum adduce_err err = check(&report);
  assert_string_equal(adduce_error_name(err), adduce_error_name(expected));
  bed_said(&test, scope_format(test.scope, "entry %llu: ", (unsigned long long)index));
  bed_said(&test, says);
  assert_int_equal(report.entries, index);
}

static void expect_forged(struct event event, enum adduce_err expected, const char *says) {
  uint64_t index = bed_size(&test);
  forge(&event, 1, test.now_us);
  expect_at(index, expected, says);
}

static void a_stranger_in_the_log_is_found(void **state) {
  (void)state;
  expect_forged(bed_claim(&test, 4), ADDUCE_E_UNAUTHORIZED, "is unknown here");
}

static void one_whose_key_was_revoked_is_found(void **state) {
  (void)state;
  (void)bed_enter(&test, bed_authorizing(&test, 1, "\"append\""));
  (void)bed_enter(&test, bed_claim(&test, 1));
  (void)bed_enter(&test, bed_event(&test, 0, "key.revoked",
                                   scope_format(test.scope,
                                                "{\"key\":{\"$id\":\"%s\"},"
                                                "\"effective_from\":302,\"reason\":\"lost\"}",
                                                bed_hex(&test, 1)),
                                   NULL));
  expect_forged(bed_claim(&test, 1), ADDUCE_E_REVOKED, "was revoked at index");
}

static void a_forged_control_is_found(void **state) {
  (void)state;
  (void)bed_enter(&test, bed_authorizing(&test, 1, "\"append\""));
  struct event event =
      bed_event(&test, 1, "key.authorized",
                scope_format(test.scope, "{\"key\":{\"$id\":\"%s\"},\"rights\":[\"append\"]}",
                             bed_hex(&test, 4)),
                NULL);
  expect_forged(event, ADDUCE_E_UNAUTHORIZED, "needs the right \"authorize\"");
}

/* Only the reference can be at fault: the founder may do everything. */
static void a_control_of_another_ledger_is_found(void **state) {
  struct adduce_id genesis = test.genesis.id;
  (void)state;
  struct event claim = bed_claim(&test, 0);
  (void)bed_enter(&test, claim);
  test.genesis.id = claim.id;
  struct event event = bed_authorizing(&test, 4, "\"append\"");
  test.genesis.id = genesis;
  expect_forged(event, ADDUCE_E_OTHER_LEDGER, "this ledger is");
}

static void a_reference_to_nothing_is_found(void **state) {
  struct event missing = bed_claim(&test, 0);
  (void)state;
  expect_forged(
      bed_event(&test, 0, "claim.retracted", "{\"reason\":\"R\"}", "target", &missing.id, NULL),
      ADDUCE_E_REFERENCE, "ref target leads to");
}

static void a_reference_to_what_comes_later_is_found(void **state) {
  uint64_t index = bed_size(&test);
  struct event later = bed_claim(&test, 0);
  struct event events[2] = {
      bed_event(&test, 0, "claim.retracted", "{\"reason\":\"R\"}", "target", &later.id, NULL),
      later};
  (void)state;
  forge(events, 2, test.now_us);
  expect_at(index, ADDUCE_E_REFERENCE, "which is not before it");
}

static void time_that_goes_back_is_found(void **state) {
  uint64_t index = bed_size(&test);
  struct event event = bed_claim(&test, 0);
  (void)state;
  forge(&event, 1, BED_START_US);
  expect_at(index, ADDUCE_E_FAILED, "recorded before");
}

static void a_bad_signature_is_found(void **state) {
  struct event event = bed_claim(&test, 0);
  struct adduce_span bytes = event.claim.parsed.event;
  (void)state;
  ((uint8_t *)(uintptr_t)bytes.data)[bytes.size - 1] ^= 1;
  uint64_t index = bed_size(&test);
  expect_forged(event, ADDUCE_E_SIGNATURE, "the signature is not one of");
  const struct log_check_options options = {.no_signatures = true};
  struct log_check_report report;
  must(log_check(test.scope, test.log, &report, &options), "check without signatures");
  assert_int_equal(report.entries, index + 1);
}

/* --- declared kinds -------------------------------------------------------------------------*/

#define VISIT BED_ORIGIN ":visit.paid"

static struct event declare_kind(const char *type) {
  return bed_event(&test, 0, "kind.declared",
                   scope_format(test.scope,
                                "{\"name\":\"" VISIT "\",\"text\":\"A visit.\",\"effect\":\"none\","
                                "\"fields\":[{\"name\":\"whom\",\"type\":\"%s\","
                                "\"text\":\"who was visited\"}]}",
                                type),
                   NULL);
}

/* A visit signed by somebody who thinks that `belief` declares the kind. */
static struct event visit(const struct event *belief, const struct event *declaration,
                          const char *whom) {
  struct vocabulary *usual = test.vocabulary;
  must(vocabulary_open(test.scope, &test.vocabulary), "vocabulary");
  must(
      vocabulary_declare(test.scope, test.vocabulary, &belief->claim.parsed, declaration->id.bytes),
      "declare");
  struct event event = bed_event(&test, 0, VISIT, scope_format(test.scope, "{\"whom\":%s}", whom),
                                 "kind", &declaration->id, NULL);
  test.vocabulary = usual;
  return event;
}

static void a_declared_kind_is_known_from_there_on(void **state) {
  struct log_check_report report;
  struct event declaration = declare_kind("integer"), other = declare_kind("text");
  struct event good[2] = {declaration, visit(&declaration, &declaration, "5")};
  struct event bad = visit(&other, &declaration, "\"five\"");
  (void)state;
  must(bed_append(&test, good, 2), "append");
  must(check(&report), "check");
  uint64_t index = bed_size(&test);
  forge(&bad, 1, test.now_us);
  expect_at(index, ADDUCE_E_TYPE, "field whom");
}

/* As somebody reads it who does not know the kind. */
static struct event unknowing(struct event event) {
  const struct parsed parsed = event.claim.parsed;
  must(claim_validate(test.scope, &event.claim, &parsed, test.vocabulary, CLAIM_FOREIGN), "read");
  assert_null(event.claim.kind);
  return event;
}

static void a_claim_read_before_its_kind_was_declared_is_judged_again(void **state) {
  (void)state;
  struct event declaration = declare_kind("integer"), other = declare_kind("text");
  struct event bad = unknowing(visit(&other, &declaration, "\"five\""));
  struct event good = unknowing(visit(&declaration, &declaration, "5"));
  must(bed_append(&test, &declaration, 1), "append");
  uint64_t size = bed_size(&test);
  assert_int_equal(bed_append(&test, &bad, 1), ADDUCE_E_TYPE);
  bed_said(&test, "field whom");
  assert_int_equal(bed_size(&test), size);
  must(bed_append(&test, &good, 1), "append");
  must(bed_check(&test), "check");
}

/* --- a new log key --------------------------------------------------------------------------*/

static enum adduce_err forget_checkpoint(void *context, struct adduce_scope *scope,
                                         struct store_txn *txn) {
  uint8_t room8[8];
  return store_delete(scope, txn, LOG_CHECKPOINTS, log_index_key(room8, *(uint64_t *)context));
}

static void the_checkpoint_of_a_rekeying_must_be_kept(void **state) {
  const char *vkey;
  struct log_check_report report;
  struct log_appended appended;
  struct log_receipt receipt;
  uint64_t index = bed_size(&test), size = index + 1;
  const struct log_append_options options = {.now_us = test.now_us,
                                             .incoming_signer = test.signers[BED_NEXT_LOG]};
  (void)state;
  must(note_vkey_encode(test.scope, &vkey, span_text(BED_ORIGIN), bed_key(&test, BED_NEXT_LOG)),
       "vkey");
  struct event event = bed_event(&test, 0, "ledger.rekeyed",
                                 scope_format(test.scope, "{\"vkey\":\"%s\",\"from_size\":%llu}",
                                              vkey, (unsigned long long)size),
                                 NULL);
  must(bed_append_to(&test, &appended, &receipt, &event, 1, &options), "rekey");
  must(check(&report), "check");
  must(store_write(test.scope, log_store(test.log), 0, forget_checkpoint, &size), "forget");
  expect_at(index, ADDUCE_E_FAILED, "is not kept");
}

/* --- the head lock --------------------------------------------------------------------------*/

static void the_head_lock_is_held_against_the_log(void **state) {
  struct log_check_report report;
  struct headlock_head head;
  (void)state;
  must(headlock_read(test.scope, &head, test.head), "read lock");
  head.root.bytes[0] ^= 1;
  must(file_remove(test.scope, test.head), "remove lock");
  must(headlock_create(test.scope, test.head, &head), "forge lock");
  assert_int_equal(check(&report), ADDUCE_E_FORK);
  head.root.bytes[0] ^= 1;
  head.size++;
  must(file_remove(test.scope, test.head), "remove lock");
  must(headlock_create(test.scope, test.head, &head), "forge lock");
  assert_int_equal(check(&report), ADDUCE_E_ROLLBACK);
  must(file_remove(test.scope, test.head), "remove lock");
  must(check(&report), "check without a lock");
}

/* --- while it goes on -----------------------------------------------------------------------*/

static int stop_at_once(void *context, const char *what, unsigned long long done,
                        unsigned long long total) {
  assert_string_equal(what, "verifying");
  assert_true(done <= total);
  ++*(unsigned *)context;
  return 1;
}

static void a_check_can_be_interrupted(void **state) {
  struct log_check_report report;
  unsigned calls = 0;
  (void)state;
  adduce_scope_progress(test.scope, stop_at_once, &calls);
  assert_int_equal(check(&report), ADDUCE_E_INTERRUPTED);
  adduce_scope_progress(test.scope, NULL, NULL);
  assert_int_equal(calls, 1);
}

struct appender {
  pthread_t thread;
  const struct event *events;
  size_t count;
};

static void *append_singly(void *context) {
  const struct appender *appender = context;
  struct adduce_scope *scope;
  struct log_appended appended;
  struct log_receipt receipt;
  bool good = adduce_scope_open(&scope, 0) == ADDUCE_OK;
  for (size_t i = 0; i < appender->count && good; i++) {
    struct log_append_options options = {.now_us = test.now_us};
    good = log_append(scope, test.log, &appended, &receipt, &appender->events[i], 1,
                      test.signers[BED_LOG], &options) == ADDUCE_OK;
  }
  if (good) adduce_scope_close(&scope);
  return good ? context : NULL;
}

static void a_check_passes_while_others_append(void **state) {
  struct event events[300];
  struct appender appender = {.events = events, .count = 300};
  struct log_check_report report;
  void *good;
  (void)state;
  for (size_t i = 0; i < 300; i++) events[i] = bed_claim(&test, 0);
  uint64_t before = bed_size(&test);
  assert_int_equal(pthread_create(&appender.thread, NULL, append_singly, &appender), 0);
  for (int i = 0; i < 20; i++) {
    must(check(&report), "check");
    assert_true(report.entries >= before);
    before = report.entries;
  }
  pthread_join(appender.thread, &good);
  assert_non_null(good);
}

#define STARTING(test, setup) cmocka_unit_test_setup_teardown(test, setup, close_bed)

int main(void) {
  const struct CMUnitTest tests[] = {
      STARTING(a_good_log_passes_at_every_size, open_bed),
      STARTING(the_root_is_that_of_the_checkpoint, open_some),
      STARTING(what_is_withheld_is_counted_and_is_no_fault, open_some),
      STARTING(a_stranger_in_the_log_is_found, open_some),
      STARTING(one_whose_key_was_revoked_is_found, open_some),
      STARTING(a_forged_control_is_found, open_some),
      STARTING(a_control_of_another_ledger_is_found, open_some),
      STARTING(a_reference_to_nothing_is_found, open_some),
      STARTING(a_reference_to_what_comes_later_is_found, open_some),
      STARTING(time_that_goes_back_is_found, open_some),
      STARTING(a_bad_signature_is_found, open_some),
      STARTING(a_declared_kind_is_known_from_there_on, open_some),
      STARTING(a_claim_read_before_its_kind_was_declared_is_judged_again, open_some),
      STARTING(the_checkpoint_of_a_rekeying_must_be_kept, open_some),
      STARTING(the_head_lock_is_held_against_the_log, open_some),
      STARTING(a_check_can_be_interrupted, open_some),
      STARTING(a_check_passes_while_others_append, open_some),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
