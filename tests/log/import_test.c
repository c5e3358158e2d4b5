/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of another ledger in ours: what makes them foreign, and what they cannot do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "log/log.h"
#include "support/bed.h"

static struct bed bed, other; /* ours and theirs */

static int make_beds(void **state) {
  (void)state;
  bed_open(&bed);
  bed_open(&other);
  return 0;
}

static int unmake_beds(void **state) {
  (void)state;
  bed_close(&bed);
  bed_close(&other);
  return 0;
}

/* A signed note as the inside of a JSON text. */
static const char *json_note(struct adduce_span note) {
  const char *text = "";
  for (size_t i = 0; i < note.size; i++)
    text = note.data[i] == '\n' ? scope_format(bed.scope, "%s\\n", text)
                                : scope_format(bed.scope, "%s%c", text, note.data[i]);
  return text;
}

static const char *their_checkpoint(void) {
  struct log_view view;
  struct adduce_span note;
  assert_int_equal(log_view_open(other.scope, &view, other.log), ADDUCE_OK);
  assert_int_equal(log_view_checkpoint(other.scope, &view, &note), ADDUCE_OK);
  const char *json = json_note(note);
  log_view_close(&view);
  return json;
}

/* bundle.imported by a key of ours, of `count` entries from the ledger `source`. */
static struct event announcing_from(const struct adduce_id *source, uint64_t count, int who) {
  char digest[65];
  (void)snprintf(digest, sizeof digest, "%064llx", (unsigned long long)++bed.made);
  return bed_event(
      &bed, who, "bundle.imported",
      scope_format(bed.scope,
                   "{\"source_genesis\":{\"$id\":\"%s\"},\"origin\":\"" BED_ORIGIN
                   "\",\"checkpoint\":\"%s\",\"manifest\":{\"$id\":\"%s\"},\"count\":%llu}",
                   hex_text32(source->bytes).text, their_checkpoint(), digest,
                   (unsigned long long)count),
      NULL);
}

static struct event announcing(uint64_t count) {
  return announcing_from(&other.genesis.id, count, 0);
}

static enum adduce_err import(uint64_t count, const struct event *foreign, size_t foreign_count) {
  struct event events[16];
  events[0] = announcing(count);
  for (size_t i = 0; i < foreign_count; i++) events[i + 1] = foreign[i];
  return bed_append(&bed, events, foreign_count + 1);
}

static void expect_unchanged(uint64_t size) {
  assert_int_equal(bed_size(&bed), size);
  assert_int_equal(bed_check(&bed), ADDUCE_OK);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(bed_size(&bed), size);
}

static void set_policy(const char *rules) {
  (void)bed_enter(
      &bed,
      bed_event(&bed, 0, "policy.set",
                scope_format(bed.scope, "{\"unknown_authors\":\"refuse\",\"rules\":%s}", rules),
                NULL));
}

/* --- what is taken --------------------------------------------------------------------------*/

static void strangers_enter_behind_an_import(void **state) {
  (void)state;
  struct event foreign[2] = {bed_claim(&other, 3), bed_claim(&other, 4)};
  struct log_view view;
  assert_int_equal(bed_append(&bed, foreign, 2), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(import(2, foreign, 2), ADDUCE_OK);
  expect_unchanged(4);
  assert_int_equal(bed_append(&bed, (struct event[]){bed_claim(&other, 3)}, 1),
                   ADDUCE_E_UNAUTHORIZED);
  (void)bed_enter(&bed, bed_claim(&bed, 0));
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  assert_null(rules_import_of(view.rules, 0));
  assert_null(rules_import_of(view.rules, 1));
  assert_null(rules_import_of(view.rules, 4));
  for (uint64_t index = 2; index < 4; index++) {
    const struct rules_import *found = rules_import_of(view.rules, index);
    assert_non_null(found);
    assert_int_equal(found->index, 1);
    assert_memory_equal(found->source.bytes, other.genesis.id.bytes, 32);
    assert_true(span_is(found->origin, BED_ORIGIN));
  }
  log_view_close(&view);
  expect_unchanged(5);
}

/* What they refer to need not be here; what we refer to must. */
static void foreign_references_may_lead_nowhere(void **state) {
  (void)state;
  struct event cited = bed_claim(&other, 3);
  struct event foreign = bed_event(&other, 3, "claim.disputed", "{\"reason\":\"it is not so\"}",
                                   "target", cited.id.bytes, NULL);
  struct event ours = bed_event(&bed, 0, "claim.disputed", "{\"reason\":\"it is not so\"}",
                                "target", cited.id.bytes, NULL);
  assert_int_equal(bed_append(&bed, &ours, 1), ADDUCE_E_REFERENCE);
  assert_int_equal(import(1, &foreign, 1), ADDUCE_OK);
  expect_unchanged(3);
}

/* Their genesis and their rules are kept, and nothing of them holds here. */
static void foreign_control_events_never_act(void **state) {
  (void)state;
  struct event foreign[3] = {
      other.genesis, bed_authorizing(&other, 3, "\"authorize\""),
      bed_event(&other, 0, "policy.set", "{\"unknown_authors\":\"quarantine\"}", NULL)};
  assert_int_equal(import(3, foreign, 3), ADDUCE_OK);
  expect_unchanged(5);
  assert_int_equal(bed_append(&bed, (struct event[]){bed_claim(&bed, 3)}, 1),
                   ADDUCE_E_UNAUTHORIZED);
  (void)bed_enter(&bed, bed_claim(&bed, 0));
  expect_unchanged(6);
}

/* --- what is refused ------------------------------------------------------------------------*/

static void what_acts_here_is_not_imported(void **state) {
  (void)state;
  struct event foreign = bed_authorizing(&bed, 3, "\"found\"");
  assert_int_equal(import(1, &foreign, 1), ADDUCE_E_REFUSED);
  bed_said(&bed, "claim 2: key.authorized names this ledger");
  expect_unchanged(1);
}

static void the_count_is_what_follows(void **state) {
  (void)state;
  struct event foreign[3];
  for (int i = 0; i < 3; i++) foreign[i] = bed_claim(&other, 3);
  assert_int_equal(import(4, foreign, 3), ADDUCE_E_VALUE);
  bed_said(&bed, "announces 1 entries more than follow it");
  assert_int_equal(import(2, foreign, 3), ADDUCE_E_UNAUTHORIZED);
  bed_said(&bed, "claim 4: the author");
  assert_int_equal(import(0, foreign, 0), ADDUCE_E_VALUE);
  expect_unchanged(1);
}

static void nothing_enters_twice(void **state) {
  (void)state;
  struct event foreign[2] = {bed_claim(&other, 3), bed_claim(&other, 4)}, batch[3];
  struct log_appended appended[3];
  struct log_receipt receipt;
  memcpy(batch + 1, foreign, sizeof foreign);
  batch[0] = announcing(2);
  assert_int_equal(bed_append(&bed, batch, 3), ADDUCE_OK);
  /* The same import again is a success that says so; the same events in another are not. */
  assert_int_equal(bed_append_to(&bed, appended, &receipt, batch, 3, NULL), ADDUCE_OK);
  for (int i = 0; i < 3; i++) assert_true(appended[i].duplicate);
  assert_int_equal(import(2, foreign, 2), ADDUCE_E_EXISTS);
  bed_said(&bed, "claim 2: the event");
  expect_unchanged(4);
}

static void an_import_names_another_ledger_and_its_checkpoint(void **state) {
  (void)state;
  struct event events[2] = {announcing_from(&bed.genesis.id, 1, 0), bed_claim(&other, 3)};
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_VALUE);
  bed_said(&bed, "source_genesis: it is this ledger");
  events[0] =
      bed_event(&bed, 0, "bundle.imported",
                scope_format(bed.scope,
                             "{\"source_genesis\":{\"$id\":\"%s\"},\"origin\":\"x.example\","
                             "\"checkpoint\":\"%s\",\"manifest\":{\"$id\":\"%064d\"},"
                             "\"count\":1}",
                             hex_text32(other.genesis.id.bytes).text, their_checkpoint(), 0),
                NULL);
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_VALUE);
  bed_said(&bed, "field checkpoint: it is one of");
  expect_unchanged(1);
}

static void strangers_do_not_import(void **state) {
  (void)state;
  struct event events[2] = {announcing_from(&other.genesis.id, 1, 3), bed_claim(&other, 3)};
  assert_int_equal(bed_append(&bed, events, 2), ADDUCE_E_UNAUTHORIZED);
  expect_unchanged(1);
}

/* --- the policy -----------------------------------------------------------------------------*/

static enum trust_admission judge(const struct event *event, const struct trust_rule **rule) {
  struct log_view view;
  assert_int_equal(log_view_open(bed.scope, &view, bed.log), ADDUCE_OK);
  enum trust_admission admission =
      rules_judge_foreign(view.rules, &other.genesis.id, span_text(BED_ORIGIN), event, rule);
  log_view_close(&view);
  return admission;
}

static void the_policy_in_force_decides(void **state) {
  (void)state;
  struct event foreign = bed_claim(&other, 3);
  const struct trust_rule *rule;
  assert_int_equal(judge(&foreign, &rule), TRUST_QUARANTINE);
  assert_null(rule);
  set_policy("[{\"admission\":\"admit\",\"source\":\"" BED_ORIGIN "\"}]");
  assert_int_equal(judge(&foreign, &rule), TRUST_ADMIT);
  assert_int_equal(bed_reopen(&bed), ADDUCE_OK);
  assert_int_equal(judge(&foreign, &rule), TRUST_ADMIT);
  assert_int_equal(import(1, &foreign, 1), ADDUCE_OK);
  set_policy("[{\"admission\":\"refuse\",\"source\":\"" BED_ORIGIN "\"}]");
  foreign = bed_claim(&other, 3);
  assert_int_equal(judge(&foreign, &rule), TRUST_REFUSE);
  assert_int_equal(import(1, &foreign, 1), ADDUCE_E_REFUSED);
  bed_said(&bed, "refuses it from " BED_ORIGIN " by its rule 0");
  /* What was admitted under the policy of its time stays. */
  expect_unchanged(5);
}

/* A crash between two entries of a run cannot be: a log that ends in one is no log of ours. */
static void a_run_that_was_cut_is_found(void **state) {
  (void)state;
  struct event foreign[2] = {bed_claim(&other, 3), bed_claim(&other, 4)};
  struct rules *rules;
  struct event announced = announcing(2);
  assert_int_equal(rules_open(bed.scope, &rules), ADDUCE_OK);
  assert_int_equal(rules_apply(bed.scope, rules, 0, 0, &bed.genesis), ADDUCE_OK);
  assert_int_equal(rules_foreign_missing(rules, 1), 0);
  assert_int_equal(rules_apply(bed.scope, rules, 1, 0, &announced), ADDUCE_OK);
  assert_int_equal(rules_foreign_missing(rules, 2), 2);
  assert_int_equal(rules_admit(bed.scope, rules, 2, 0, &foreign[0]), ADDUCE_OK);
  assert_int_equal(rules_foreign_missing(rules, 3), 1);
  assert_int_equal(rules_admit(bed.scope, rules, 4, 0, &foreign[1]), ADDUCE_E_UNAUTHORIZED);
  assert_int_equal(rules_foreign_missing(rules, 4), 0);
  rules_close(&rules);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(strangers_enter_behind_an_import, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(foreign_references_may_lead_nowhere, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(foreign_control_events_never_act, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(what_acts_here_is_not_imported, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(the_count_is_what_follows, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(nothing_enters_twice, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(an_import_names_another_ledger_and_its_checkpoint, make_beds,
                                      unmake_beds),
      cmocka_unit_test_setup_teardown(strangers_do_not_import, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(the_policy_in_force_decides, make_beds, unmake_beds),
      cmocka_unit_test_setup_teardown(a_run_that_was_cut_is_found, make_beds, unmake_beds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
