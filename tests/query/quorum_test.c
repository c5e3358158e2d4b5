/* SPDX-License-Identifier: Apache-2.0 */
/* Who says what a claim says, one case after the other; random ledgers are policy_oracle_test.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "support/oneshelf.h"

#define SUBJECT "monitor.example/release/1"
#define TWO_OF                                                               \
  "\"quorum\":2,\"of\":[{\"organization\":\"Monitor\"},{\"organization\":\"" \
  "Agency\"},{\"organization\":\"Outlet\"}]"
#define TWO "[{\"effect\":\"counts\",\"kind\":\"release.announced\"," TWO_OF "}]"

enum { MONITOR, AGENCY, MONITOR_TOO, OUTLET };

static uint64_t announce(size_t author, const char *more) {
  return shelf_add(&shelf, author, "release.announced",
                   scope_format(shelf.scope, "{\"subject\":\"" SUBJECT "\"%s}", more),
                   (char *)NULL);
}

static uint64_t act(size_t author, const char *kind, const char *json, uint64_t target) {
  return shelf_add(&shelf, author, kind, json, "target", (int)target, (char *)NULL);
}

/* What `show` says of an event under a policy that is tried. */
static const struct adduce_value *show(uint64_t index, const char *policy) {
  const struct adduce_value *answer;
  struct adduce_question question = {.policy = policy};
  shelf_fold(&shelf);
  struct query_world world = shelf_see(&shelf);
  assert_int_equal(query_event(shelf.scope, &world, &answer,
                               scope_format(shelf.scope, "#%d", (int)index), &question),
                   ADDUCE_OK);
  return answer;
}

static int64_t count(uint64_t index) {
  const struct adduce_value *quorum = adduce_value_get(show(index, TWO), "quorum");
  assert_non_null(quorum);
  return adduce_value_integer(adduce_value_get(quorum, "count"));
}

static bool counts(uint64_t index, const char *policy) {
  return adduce_value_count(adduce_value_get(show(index, policy), "not_counted")) == 0;
}

static void members_are_counted_once(void **state) {
  (void)state;
  uint64_t first = announce(MONITOR, "");
  (void)announce(MONITOR_TOO, "");
  assert_int_equal(count(first), 1);
  assert_false(counts(first, TWO));
  uint64_t third = announce(AGENCY, "");
  assert_int_equal(count(first), 2);
  assert_true(counts(first, TWO) && counts(third, TWO));
}

/* Who says more says that as well; who says less does not. */
static void more_says_less(void **state) {
  (void)state;
  uint64_t less = announce(MONITOR, ""), more = announce(AGENCY, ",\"place\":\"Minsk\"");
  assert_int_equal(count(less), 2);
  assert_int_equal(count(more), 1);
}

static void spellings_and_orders_are_no_matter(void **state) {
  (void)state;
  uint64_t one = announce(MONITOR,
                          ",\"place\":\"Minsk\",\"grounds\":[\"a\",\"b\"],\"valid\":{\"from\":"
                          "\"2025-12-13\"}");
  (void)announce(AGENCY,
                 ",\"place\":{\"v\":\"Minsk\",\"original\":\"\xD0\x9C\",\"lang\":\"be\"},"
                 "\"grounds\":[\"b\",\"c\",\"a\"],\"valid\":{\"from\":\"2025-12-13\"},"
                 "\"note\":\"seen\",\"stated_at\":\"2025-12-13\"");
  assert_int_equal(count(one), 2);
  uint64_t other = announce(OUTLET, ",\"valid\":{\"from\":\"2025-12\"}");
  assert_int_equal(count(one), 2);
  assert_int_equal(count(other), 1);
}

static void who_denies_it_or_is_less_sure_does_not_say_it(void **state) {
  (void)state;
  uint64_t sure = announce(MONITOR, "");
  uint64_t unsure = announce(AGENCY, ",\"certainty\":\"possible\"");
  (void)announce(OUTLET, ",\"polarity\":\"negative\"");
  assert_int_equal(count(sure), 1);
  assert_int_equal(count(unsure), 2);
}

static void endorsements_say_it(void **state) {
  (void)state;
  uint64_t claim = announce(MONITOR, "");
  (void)act(AGENCY, "claim.endorsed", "{\"opinion\":\"disagree\"}", claim);
  assert_int_equal(count(claim), 1);
  uint64_t agreed = act(OUTLET, "claim.endorsed", "{\"opinion\":\"agree\"}", claim);
  assert_int_equal(count(claim), 2);
  (void)act(OUTLET, "claim.retracted", "{\"reason\":\"looked again\"}", agreed);
  assert_int_equal(count(claim), 1);
}

static void what_was_taken_back_says_nothing(void **state) {
  (void)state;
  uint64_t claim = announce(MONITOR, ""), other = announce(AGENCY, "");
  assert_int_equal(count(claim), 2);
  (void)act(AGENCY, "claim.corrected", "{\"reason\":\"where\",\"fields\":{\"place\":\"Brest\"}}",
            other);
  assert_int_equal(count(claim), 2);
  assert_int_equal(count(other), 1); /* it says where by now, and nobody else does */
  (void)act(AGENCY, "claim.retracted", "{\"reason\":\"wrong\"}", other);
  assert_int_equal(count(claim), 1);
}

static void a_revoked_key_says_nothing_from_then_on(void **state) {
  (void)state;
  uint64_t claim = announce(MONITOR, ""), other = announce(AGENCY, "");
  shelf.authors[AGENCY].revoked_index = other;
  shelf.authors[AGENCY].suspect_from_index = other;
  assert_int_equal(count(claim), 1);
  shelf.authors[AGENCY].suspect_from_index = other + 1;
  assert_int_equal(count(claim), 2);
  shelf.authors[AGENCY].revoked_index = shelf.authors[AGENCY].suspect_from_index = UINT64_MAX;
}

/* What is kept out by another rule does not speak; and a correction is no way round. */
static void rules_before_and_corrections(void **state) {
  (void)state;
  static const char policy[] =
      "[{\"effect\":\"ignored\",\"organization\":\"Agency\"},{\"effect\":\"counts\",\"subject\":"
      "\"" SUBJECT "\"," TWO_OF "}]";
  uint64_t claim = announce(MONITOR, "");
  (void)announce(AGENCY, "");
  assert_false(counts(claim, policy));
  (void)announce(OUTLET, "");
  assert_true(counts(claim, policy));
  uint64_t elsewhere = shelf_add(&shelf, OUTLET, "release.announced",
                                 "{\"subject\":\"monitor.example/release/2\"}", (char *)NULL);
  assert_true(counts(elsewhere, policy));
  (void)act(OUTLET, "claim.corrected",
            "{\"reason\":\"another\",\"fields\":{\"subject\":\"" SUBJECT "\",\"place\":\"Brest\"}}",
            elsewhere);
  assert_false(counts(elsewhere, policy));
}

static void a_question_about_the_past_counts_what_was_there(void **state) {
  (void)state;
  const struct adduce_value *answer;
  uint64_t claim = announce(MONITOR, "");
  (void)announce(AGENCY, "");
  shelf_fold(&shelf);
  struct query_world world = shelf_see(&shelf);
  for (uint64_t at = claim; at <= claim + 1; at++) {
    struct adduce_question question = {.policy = TWO,
                                       .at = scope_format(shelf.scope, "#%d", (int)at)};
    assert_int_equal(query_state(shelf.scope, &world, &answer, SUBJECT, &question), ADDUCE_OK);
    assert_int_equal(adduce_value_integer(adduce_value_get(answer, "claims")), at == claim ? 0 : 2);
    const struct adduce_value *kept = adduce_value_at(adduce_value_get(answer, "not_counted"), 0);
    assert_int_equal(adduce_value_count(adduce_value_get(kept, "list")), at == claim ? 1 : 0);
  }
}

int main(void) {
#define EACH(test) cmocka_unit_test_setup_teardown(test, open_shelf, close_shelf)
  const struct CMUnitTest tests[] = {
      EACH(members_are_counted_once),
      EACH(more_says_less),
      EACH(spellings_and_orders_are_no_matter),
      EACH(who_denies_it_or_is_less_sure_does_not_say_it),
      EACH(endorsements_say_it),
      EACH(what_was_taken_back_says_nothing),
      EACH(a_revoked_key_says_nothing_from_then_on),
      EACH(rules_before_and_corrections),
      EACH(a_question_about_the_past_counts_what_was_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
