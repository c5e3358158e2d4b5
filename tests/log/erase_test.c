/* SPDX-License-Identifier: Apache-2.0 */
/* Erasures and holds in the log: what goes, what stays, what is refused, and what a check finds. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bigendian.h"
#include "log/erase.h"
#include "log/log_priv.h"
#include "log/quarantine.h"
#include "support/bed.h"

#define DAY_US (INT64_C(86400) * 1000000)

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

static struct event person(void) {
  return bed_event(&bed, 0, "entity.described",
                   "{\"subject\":\"monitor.example/p\",\"schema\":\"Person\","
                   "\"name\":[\"First Alias\",\"Second Alias\"],\"birth_date\":\"1970-02-03\"}",
                   NULL);
}

static struct event erasure(const struct event *target, const char *content) {
  return bed_event(&bed, 0, "content.erased", content, "target", &target->id, NULL);
}

/* The content that is held of an entry, parsed. */
static struct parsed held(uint64_t index) {
  struct log_view view;
  struct log_entry entry;
  struct parsed parsed;
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(log_view_entry(bed.scope, &view, &entry, index), ADDUCE_OK);
  struct adduce_span content = scope_copy(bed.scope, entry.content);
  struct adduce_span event = scope_copy(bed.scope, entry.event);
  log_view_close(&view);
  assert_int_equal(parsed_read(bed.scope, &parsed, event, content), ADDUCE_OK);
  assert_int_equal(content_verify(bed.scope, &parsed), ADDUCE_OK);
  return parsed;
}

static bool has(const struct parsed *parsed, const char *words) {
  return memmem(parsed->content.data, parsed->content.size, words, strlen(words)) != NULL;
}

static bool is_pending(void) {
  struct log_view view;
  struct erase_pending pending;
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(erase_pending(bed.scope, &view, &pending), ADDUCE_OK);
  log_view_close(&view);
  return pending.is_pending;
}

/* --- what goes ----------------------------------------------------------------------------- */

static void values_go_with_the_seed_and_the_rest_verifies(void **state) {
  (void)state;
  struct event claim = person();
  uint64_t index = bed_enter(&bed, claim);
  struct adduce_span seed = span_of(claim.claim.parsed.seed16, 16);
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"name.1\",\"birth_date\"],\"reason\":\"r\"}"));
  struct parsed left = held(index);
  assert_int_equal(left.form, PARSED_PARTIAL);
  assert_false(has(&left, "Second Alias") || has(&left, "1970-02-03"));
  assert_true(has(&left, "First Alias") && has(&left, "Person"));
  assert_null(memmem(left.content.data, left.content.size, seed.data, 16));
  assert_true(is_pending());
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"name\"],\"reason\":\"r\"}"));
  left = held(index);
  assert_false(has(&left, "Alias"));
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void all_of_a_content_goes(void **state) {
  (void)state;
  struct event first = person(), second = bed_claim(&bed, 0);
  uint64_t index = bed_enter(&bed, first), other = bed_enter(&bed, second);
  bed_enter(&bed, bed_event(&bed, 0, "content.erased", "{\"reason\":\"r\"}", "target", &first.id,
                            "target", &second.id, NULL));
  assert_int_equal(held(index).form, PARSED_NO_CONTENT);
  assert_int_equal(held(other).form, PARSED_NO_CONTENT);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void claim_and_erasure_in_one_batch(void **state) {
  (void)state;
  struct event events[3];
  events[0] = person();
  events[1] = erasure(&events[0], "{\"paths\":[\"name.0\"],\"reason\":\"r\"}");
  events[2] = erasure(&events[0], "{\"paths\":[\"birth_date\"],\"reason\":\"r\"}");
  assert_int_equal(bed_append(&bed, events, 3), ADDUCE_OK);
  struct parsed left = held(1);
  assert_false(has(&left, "First Alias") || has(&left, "1970"));
  assert_true(has(&left, "Second Alias"));
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void appending_it_again_brings_nothing_back(void **state) {
  (void)state;
  struct event claim = person();
  struct log_appended appended;
  struct log_receipt receipt;
  uint64_t index = bed_enter(&bed, claim);
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"name\"],\"reason\":\"r\"}"));
  assert_int_equal(bed_append_to(&bed, &appended, &receipt, &claim, 1, NULL), ADDUCE_OK);
  assert_true(appended.duplicate && appended.index == index);
  struct parsed left = held(index);
  assert_false(has(&left, "Alias"));
}

static void what_is_offered_later_is_filtered(void **state) {
  (void)state;
  struct event claim = person(), other = bed_claim(&bed, 0);
  struct log_view view;
  struct erase_set set;
  struct adduce_span content;
  struct parsed left;
  uint64_t index = bed_enter(&bed, claim), whole = bed_enter(&bed, other);
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"name.1\"],\"reason\":\"r\"}"));
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"birth_date\"],\"reason\":\"r\"}"));
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(erase_load(bed.scope, &set, &view), ADDUCE_OK);
  assert_int_equal(set.count, 2);
  assert_int_equal(erase_filter(bed.scope, &content, &claim.claim.parsed, &set, index), ADDUCE_OK);
  assert_int_equal(parsed_read(bed.scope, &left, claim.claim.parsed.event, content), ADDUCE_OK);
  assert_int_equal(content_verify(bed.scope, &left), ADDUCE_OK);
  assert_true(has(&left, "First Alias"));
  assert_false(has(&left, "Second Alias") || has(&left, "1970"));
  assert_int_equal(erase_filter(bed.scope, &content, &other.claim.parsed, &set, whole), ADDUCE_OK);
  assert_true(span_equal(content, other.claim.parsed.content));
  log_view_close(&view);
}

static void a_copy_in_quarantine_goes_too(void **state) {
  (void)state;
  struct log_view view;
  struct log_quarantined item;
  struct event stranger =
      bed_event(&bed, 2, "statement.made",
                "{\"speaker\":\"monitor.example/s\",\"gist\":\"a secret of a stranger\"}", NULL);
  bed_enter(&bed, bed_event(&bed, 0, "policy.set", "{\"unknown_authors\":\"quarantine\"}", NULL));
  assert_int_equal(bed_append(&bed, &stranger, 1), ADDUCE_E_QUARANTINED);
  bed_enter(&bed, bed_authorizing(&bed, 2, "\"append\""));
  bed_enter(&bed, stranger);
  bed_enter(&bed, erasure(&stranger, "{\"paths\":[\"gist\"],\"reason\":\"r\"}"));
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(log_view_quarantined(bed.scope, &view, &item, 0), ADDUCE_OK);
  assert_true(item.event.size != 0 && item.content.size != 0);
  assert_null(memmem(item.content.data, item.content.size, "secret", 6));
  log_view_close(&view);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void a_copy_out_of_a_bundle_is_still_one_afterwards(void **state) {
  (void)state;
  struct log_view view;
  struct log_quarantined item;
  size_t added;
  struct event claim = person();
  struct quarantine_item waiting = {.event = &claim,
                                    .reason = "no rule admits it",
                                    .is_foreign = true,
                                    .manifest = {{7}},
                                    .source_index = 9};
  assert_int_equal(log_quarantine(bed.scope, bed.log, &waiting, 1, &added), ADDUCE_OK);
  assert_int_equal(added, 1);
  bed_enter(&bed, claim);
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"name.1\"],\"reason\":\"r\"}"));
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(log_view_quarantined(bed.scope, &view, &item, 0), ADDUCE_OK);
  assert_true(span_is(item.reason, waiting.reason));
  assert_true(item.is_foreign && item.source_index == 9);
  assert_memory_equal(item.manifest.bytes, waiting.manifest.bytes, 32);
  assert_non_null(memmem(item.content.data, item.content.size, "First Alias", 11));
  assert_null(memmem(item.content.data, item.content.size, "Second Alias", 12));
  log_view_close(&view);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

/* --- what is refused ----------------------------------------------------------------------- */

static void expect_refused(struct event event, enum adduce_err err, const char *words) {
  uint64_t size = bed_size(&bed);
  assert_int_equal(bed_append(&bed, &event, 1), err);
  bed_said(&bed, words);
  assert_int_equal(bed_size(&bed), size);
  assert_false(is_pending());
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static void what_cannot_be_erased(void **state) {
  (void)state;
  struct event claim = person(), erased;
  bed_enter(&bed, claim);
  expect_refused(erasure(&bed.genesis, "{\"reason\":\"r\"}"), ADDUCE_E_REFUSED, "ledger.created");
  expect_refused(erasure(&claim, "{\"paths\":[\"height\"],\"reason\":\"r\"}"), ADDUCE_E_NOT_FOUND,
                 "no field height");
  expect_refused(erasure(&claim, "{\"paths\":[\"name.2\"],\"reason\":\"r\"}"), ADDUCE_E_NOT_FOUND,
                 "no element 2");
  expect_refused(erasure(&claim, "{\"paths\":[\"birth_date.0\"],\"reason\":\"r\"}"),
                 ADDUCE_E_NOT_FOUND, "no element 0");
  struct event nobody = bed_claim(&bed, 0);
  expect_refused(erasure(&nobody, "{\"reason\":\"r\"}"), ADDUCE_E_REFERENCE, "leads to nothing");
  bed_enter(&bed, bed_authorizing(&bed, 1, "\"append\""));
  expect_refused(
      bed_event(&bed, 1, "content.erased", "{\"reason\":\"r\"}", "target", &claim.id, NULL),
      ADDUCE_E_UNAUTHORIZED, "erase");
  struct parsed left = held(1);
  assert_int_equal(left.form, PARSED_WHOLE);
  /* An erasure is a control event, too. */
  erased = erasure(&claim, "{\"paths\":[\"name\"],\"reason\":\"r\"}");
  bed_enter(&bed, erased);
  struct event again = erasure(&erased, "{\"reason\":\"r\"}");
  assert_int_equal(bed_append(&bed, &again, 1), ADDUCE_E_REFUSED);
}

static void a_dry_run_erases_nothing(void **state) {
  (void)state;
  struct event claim = person();
  struct log_appended appended;
  struct log_receipt receipt;
  uint64_t index = bed_enter(&bed, claim);
  struct event event = erasure(&claim, "{\"reason\":\"r\"}");
  const struct log_append_options options = {.now_us = bed.now_us, .dry_run = true};
  assert_int_equal(bed_append_to(&bed, &appended, &receipt, &event, 1, &options), ADDUCE_OK);
  assert_int_equal(held(index).form, PARSED_WHOLE);
  assert_false(is_pending());
}

/* --- holds --------------------------------------------------------------------------------- */

static void a_hold_keeps_its_targets_until_it_is_lifted(void **state) {
  (void)state;
  struct event kept = person(), free_one = bed_claim(&bed, 0);
  bed_enter(&bed, kept);
  bed_enter(&bed, free_one);
  struct event hold =
      bed_event(&bed, 0, "hold.placed", "{\"reason\":\"proceedings\"}", "target", &kept.id, NULL);
  bed_enter(&bed, hold);
  expect_refused(erasure(&kept, "{\"reason\":\"r\"}"), ADDUCE_E_HELD, "keeps");
  bed_enter(&bed, erasure(&free_one, "{\"reason\":\"r\"}"));
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK); /* folded from the log again */
  struct event event = erasure(&kept, "{\"reason\":\"r\"}");
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_HELD);
  struct event lift =
      bed_event(&bed, 0, "hold.lifted", "{\"reason\":\"over\"}", "hold", &hold.id, NULL);
  bed_enter(&bed, lift);
  bed_enter(&bed, event);
  assert_int_equal(held(1).form, PARSED_NO_CONTENT);
  struct event twice =
      bed_event(&bed, 0, "hold.lifted", "{\"reason\":\"again\"}", "hold", &hold.id, NULL);
  assert_int_equal(bed_append(&bed, &twice, 1), ADDUCE_E_VALUE);
  bed_said(&bed, "was lifted");
  struct event wrong =
      bed_event(&bed, 0, "hold.lifted", "{\"reason\":\"x\"}", "hold", &kept.id, NULL);
  assert_int_not_equal(bed_append(&bed, &wrong, 1), ADDUCE_OK);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

/* By the recorded time, to the end of what `until` can mean; and a replay comes to the same. */
static void a_hold_on_everything_runs_out(void **state) {
  (void)state;
  struct event claim = person();
  bed_enter(&bed, claim);
  bed_enter(&bed, bed_event(&bed, 0, "hold.placed",
                            "{\"reason\":\"audit\",\"until\":\"2025-12-13\"}", NULL));
  expect_refused(erasure(&claim, "{\"reason\":\"r\"}"), ADDUCE_E_HELD, "everything");
  bed.now_us = BED_START_US - BED_START_US % DAY_US + DAY_US - 1;
  struct event event = erasure(&claim, "{\"reason\":\"r\"}");
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_E_HELD);
  bed.now_us = BED_START_US - BED_START_US % DAY_US + DAY_US;
  assert_int_equal(bed_append(&bed, &event, 1), ADDUCE_OK);
  assert_int_equal(held(1).form, PARSED_NO_CONTENT);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

/* --- the mark and the check ---------------------------------------------------------------- */

static void the_mark_leaves_with_its_own_erasure_only(void **state) {
  (void)state;
  struct event claim = person();
  struct log_appended appended;
  struct log_receipt receipt;
  struct log_view view;
  struct erase_pending pending;
  struct adduce_hash digests[2] = {{{1}}, {{2}}};
  bed_enter(&bed, claim);
  for (size_t i = 0; i < 2; i++) {
    struct event event = erasure(&claim, i == 0 ? "{\"paths\":[\"name\"],\"reason\":\"r\"}"
                                                : "{\"paths\":[\"schema\"],\"reason\":\"r\"}");
    const struct log_append_options options = {
        .now_us = bed.now_us, .captures = &digests[i], .capture_count = 1};
    assert_int_equal(bed_append_to(&bed, &appended, &receipt, &event, 1, &options), ADDUCE_OK);
  }
  assert_int_equal(erase_finish(bed.scope, bed.log, 3), ADDUCE_OK);
  assert_int_equal(erase_forget_captures(bed.scope, bed.log, 3), ADDUCE_OK);
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_int_equal(erase_pending(bed.scope, &view, &pending), ADDUCE_OK);
  log_view_close(&view);
  assert_true(pending.is_pending && pending.size == 4 && pending.capture_count == 2);
  assert_memory_equal(pending.captures, digests, sizeof digests);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
  assert_int_equal(erase_forget_captures(bed.scope, bed.log, 4), ADDUCE_OK);
  assert_true(is_pending());
  assert_int_equal(erase_finish(bed.scope, bed.log, 4), ADDUCE_OK);
  assert_false(is_pending());
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
}

static enum adduce_err put_back(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  uint8_t key8[8];
  const struct event *event = context;
  bigendian_put64(key8, 1);
  return store_put(scope, txn, LOG_CONTENTS, span_of(key8, 8), event->claim.parsed.content,
                   STORE_REPLACE);
}

static void a_check_finds_what_is_held_all_the_same(void **state) {
  (void)state;
  struct event claim = person();
  bed_enter(&bed, claim);
  bed_enter(&bed, erasure(&claim, "{\"paths\":[\"name.0\"],\"reason\":\"r\"}"));
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
  assert_int_equal(store_write(bed.scope, log_store(bed.log), 0, put_back, &claim), ADDUCE_OK);
  assert_int_equal(bed_check(&bed), ADDUCE_E_FAILED);
  bed_said(&bed, "erased content of entry 1, which is held");
}

#define ON(test) cmocka_unit_test_setup_teardown(test, make_bed, unmake_bed)

int main(void) {
  const struct CMUnitTest tests[] = {
      ON(values_go_with_the_seed_and_the_rest_verifies),
      ON(all_of_a_content_goes),
      ON(claim_and_erasure_in_one_batch),
      ON(appending_it_again_brings_nothing_back),
      ON(what_is_offered_later_is_filtered),
      ON(a_copy_in_quarantine_goes_too),
      ON(a_copy_out_of_a_bundle_is_still_one_afterwards),
      ON(what_cannot_be_erased),
      ON(a_dry_run_erases_nothing),
      ON(a_hold_keeps_its_targets_until_it_is_lifted),
      ON(a_hold_on_everything_runs_out),
      ON(the_mark_leaves_with_its_own_erasure_only),
      ON(a_check_finds_what_is_held_all_the_same),
  };
  return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
