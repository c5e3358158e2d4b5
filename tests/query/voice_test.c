/* SPDX-License-Identifier: Apache-2.0 */
/* Modes, parties, filters and policies, by stories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "support/oneshelf.h"

#define RELEASE "{\"subject\":\"monitor.example/r\",\"authority\":\"monitor.example/state\""

static struct query_world world;

static int say(size_t author, const char *kind, const char *json) {
  return (int)shelf_add(&shelf, author, kind, json, (char *)NULL);
}

static const struct adduce_value *ask(const char *subject, const struct adduce_question *question) {
  const struct adduce_value *answer = NULL;
  shelf_fold(&shelf);
  world = shelf_see(&shelf);
  enum adduce_err err = query_state(shelf.scope, &world, &answer, subject, question);
  if (err != ADDUCE_OK) print_message("%s\n", adduce_scope_detail(shelf.scope));
  assert_int_equal(err, ADDUCE_OK);
  return answer;
}

static const struct adduce_value *at(const struct adduce_value *value, const char *way) {
  while (*way != '\0') {
    size_t size = strcspn(way, "/");
    const char *key = scope_format(shelf.scope, "%.*s", (int)size, way);
    value = key[0] >= '0' && key[0] <= '9' ? adduce_value_at(value, (size_t)atoi(key))
                                           : adduce_value_get(value, key);
    way += size + (way[size] == '/');
  }
  return value;
}

static void assert_text(const struct adduce_value *value, const char *way, const char *wanted) {
  const struct adduce_value *found = at(value, way);
  if (found == NULL || strcmp(adduce_value_text(found), wanted) != 0)
    fail_msg("%s is not %s in %s", way, wanted, shelf_json(&shelf, value));
}

static void assert_number(const struct adduce_value *value, const char *way, int64_t wanted) {
  const struct adduce_value *found = at(value, way);
  if (found == NULL || adduce_value_integer(found) != wanted)
    fail_msg("%s is not %lld in %s", way, (long long)wanted, shelf_json(&shelf, value));
}

static void assert_size(const struct adduce_value *value, const char *way, size_t wanted) {
  if (adduce_value_count(at(value, way)) != wanted)
    fail_msg("%s has not %zu in %s", way, wanted, shelf_json(&shelf, value));
}

static int chain(const char *json, const char *hops) {
  return say(1, "release.announced",
             scope_format(shelf.scope, "%s,\"attribution\":[%s]}", json, hops));
}

#define HOP(agent, act) "{\"agent\":\"" agent "\",\"act\":\"" act "\"}"

/* --- modes -------------------------------------------------------------------------------- */

static void every_act_has_its_mode(void **state) {
  (void)state;
  static const struct {
    const char *hops, *mode;
  } said[] = {
      {HOP("monitor.example/state", "announces"), "primary"},
      {HOP("outlet.example/a", "asserts"), "stated"},
      {HOP("outlet.example/a", "reports"), "reported"},
      {HOP("outlet.example/a", "reports") "," HOP("monitor.example/state", "states"), "primary"},
      {HOP("monitor.example/state", "states") "," HOP("outlet.example/a", "quotes"), "reported"},
      {"{\"anonymous\":{\"description\":\"aides\"},\"act\":\"states\"}", "reported"},
      {"{\"agent\":\"monitor.example/state\",\"act\":\"states\",\"certainty\":\"possible\"}",
       "possible"},
      {HOP("monitor.example/state", "promises"), "intended"},
      {HOP("monitor.example/state", "denies"), "denied"},
      {"{\"agent\":\"outlet.example/a\",\"act\":\"states\",\"polarity\":\"unknown\"}", "open"},
  };
  for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) (void)chain(RELEASE, said[i].hops);
  const struct adduce_value *answer = ask("r", NULL);
  for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
    assert_text(answer, scope_format(shelf.scope, "releases/0/acts/%zu/mode", i), said[i].mode);
  assert_text(answer, "releases/0/mode", "primary");
  assert_text(answer, "releases/0/acts/7/said_by", "primary");
  assert_text(answer, "releases/0/acts/8/party", "monitor.example/state");
  struct adduce_question primary = {.said_by = "primary"};
  answer = ask("r", &primary);
  assert_size(answer, "releases/0/acts", 5);
  assert_number(answer, "left_out/claims", 5);
  assert_number(answer, "left_out/modes/reported", 3);
  struct adduce_question indicative = {.indicative = true};
  answer = ask("r", &indicative);
  assert_size(answer, "releases/0/acts", 3);
  struct adduce_question both = {.said_by = "primary", .indicative = true};
  answer = ask("r", &both);
  assert_size(answer, "releases/0/acts", 2);
  struct adduce_question certain = {.certainty = "certain"};
  answer = ask("r", &certain);
  assert_size(answer, "releases/0/acts", 9);
  struct adduce_question possible = {.certainty = "possible"};
  assert_size(ask("r", &possible), "releases/0/acts", 10);
}

static void speaking_for_a_party_is_claimed_and_can_be_withdrawn(void **state) {
  (void)state;
  (void)chain(RELEASE, HOP("monitor.example/envoy", "announces"));
  assert_text(ask("r", NULL), "releases/0/mode", "stated");
  int claim = say(2, "fact.asserted",
                  "{\"subject\":\"monitor.example/envoy\",\"property\":\"speaks_for\",\"value\":"
                  "{\"subject\":\"monitor.example/office\"}}");
  (void)say(2, "relation.asserted",
            "{\"from\":\"monitor.example/office\",\"relation\":\"part_of\",\"to\":"
            "\"monitor.example/state\"}");
  const struct adduce_value *answer = ask("r", NULL);
  assert_text(answer, "releases/0/mode", "primary");
  assert_text(answer, "releases/0/acts/0/party", "monitor.example/state");
  (void)shelf_add(&shelf, 2, "claim.retracted", "{\"reason\":\"he left\"}", "target", claim,
                  (char *)NULL);
  assert_text(ask("r", NULL), "releases/0/mode", "stated");
}

static void ids_that_look_alike_make_no_party(void **state) {
  (void)state;
  (void)chain(RELEASE, HOP("monitor.example/state/press", "announces"));
  (void)say(1, "relation.asserted",
            "{\"from\":\"monitor.example/state/press\",\"relation\":\"part_of\",\"to\":"
            "\"monitor.example/state\",\"certainty\":\"possible\"}");
  assert_text(ask("r", NULL), "releases/0/mode", "stated");
}

static void an_occurrence_has_the_parties_of_its_claims(void **state) {
  (void)state;
  (void)say(1, "sanction.eased",
            "{\"target\":\"monitor.example/x\",\"issuer\":\"monitor.example/us\",\"occurrence\":"
            "\"monitor.example/easing\"}");
  (void)say(
      1, "relation.asserted",
      "{\"from\":\"monitor.example/r\",\"relation\":\"in_exchange_for\",\"to\":"
      "\"monitor.example/easing\",\"attribution\":[" HOP("monitor.example/us", "states") "]}");
  (void)say(1, "fact.asserted",
            "{\"subject\":\"monitor.example/x\",\"property\":\"size\",\"value\":3,\"attribution\":"
            "[" HOP("monitor.example/us", "states") "]}");
  assert_text(ask("r", NULL), "relations/0/mode", "primary");
  /* Who sanctions somebody is no party to what is said of him otherwise. */
  assert_text(ask("x", NULL), "facts/0/values/0/mode", "stated");
}

static void words_that_are_none_are_refused(void **state) {
  (void)state;
  const struct adduce_value *answer;
  struct adduce_question question = {.certainty = "sure"};
  (void)chain(RELEASE, HOP("outlet.example/a", "asserts"));
  (void)ask("r", NULL);
  assert_int_equal(query_state(shelf.scope, &world, &answer, "r", &question), ADDUCE_E_USAGE);
  assert_non_null(strstr(adduce_scope_detail(shelf.scope), "certain, probable"));
  question = (struct adduce_question){.said_by = "everybody"};
  assert_int_equal(query_state(shelf.scope, &world, &answer, "r", &question), ADDUCE_E_USAGE);
  assert_non_null(strstr(adduce_scope_detail(shelf.scope), "primary"));
}

/* --- policies ----------------------------------------------------------------------------- */

static int set_policy(const char *rules) {
  const char *json = scope_format(shelf.scope, "{\"unknown_authors\":\"refuse\"%s%s}",
                                  rules == NULL ? "" : ",\"rules\":", rules == NULL ? "" : rules);
  return (int)shelf_add(&shelf, 0, "policy.set", json, "ledger", 0, (char *)NULL);
}

static int colour(size_t author, const char *value) {
  return say(author, "fact.asserted",
             scope_format(shelf.scope,
                          "{\"subject\":\"monitor.example/x\",\"property\":\"colour\",\"value\":"
                          "\"%s\"}",
                          value));
}

static const char *rule_of(size_t author, const char *effect) {
  struct world_author *known = &shelf.authors[author];
  return scope_format(shelf.scope, "[{\"effect\":\"%s\",\"organization\":\"%.*s\"}]", effect,
                      SPAN_ARGS(known->organization));
}

static void the_policy_in_force_decides_what_counts(void **state) {
  (void)state;
  (void)colour(1, "red");
  int before = colour(3, "blue");
  int policy = set_policy(rule_of(3, "apart"));
  const struct adduce_value *answer = ask("x", NULL);
  assert_size(answer, "facts/0/values", 1);
  assert_text(answer, "facts/0/values/0/value", "red");
  assert_text(answer, "policy/used", "in-force");
  assert_number(answer, "policy/index", policy);
  assert_number(answer, "not_counted/0/claims", 1);
  assert_number(answer, "not_counted/0/list/0/index", before);
  /* Before it was set, and under none. */
  struct adduce_question past = {.at = scope_format(shelf.scope, "#%d", before)};
  answer = ask("x", &past);
  assert_size(answer, "facts/0/values", 2);
  assert_text(answer, "policy/used", "none");
  struct adduce_question none = {.policy = "none"};
  assert_size(ask("x", &none), "facts/0/values", 2);
  /* Tried on the past, by its name and as text. */
  past.policy = scope_format(shelf.scope, "#%d", policy);
  answer = ask("x", &past);
  assert_size(answer, "facts/0/values", 1);
  assert_text(answer, "policy/used", "tried");
  past.policy = rule_of(1, "ignored");
  answer = ask("x", &past);
  assert_text(answer, "facts/0/values/0/value", "blue");
  assert_number(answer, "not_counted/0/claims", 1);
  assert_null(at(answer, "not_counted/0/list"));
  /* A later one takes its place, whole. */
  (void)set_policy(NULL);
  assert_size(ask("x", NULL), "facts/0/values", 2);
}

static void the_first_rule_that_fits_decides(void **state) {
  (void)state;
  (void)colour(1, "red");
  (void)colour(3, "blue");
  (void)say(3, "entity.described", "{\"subject\":\"monitor.example/x\",\"name\":[\"X\"]}");
  struct adduce_question question = {
      .policy =
          "[{\"effect\":\"counts\",\"kind\":\"entity.\"},"
          "{\"effect\":\"counts\",\"subject\":\"monitor.example/x\",\"origin\":\"nobody\"},"
          "{\"effect\":\"ignored\"}]"};
  const struct adduce_value *answer = ask("x", &question);
  assert_text(answer, "name", "X");
  assert_size(answer, "facts", 1);
  assert_number(answer, "not_counted/0/rule", 2);
  assert_number(answer, "not_counted/0/claims", 2);
}

static void acts_that_do_not_count_have_no_effect_and_are_listed(void **state) {
  (void)state;
  int claim = colour(1, "red");
  int dispute = (int)shelf_add(&shelf, 3, "claim.disputed", "{\"reason\":\"it is blue\"}", "target",
                               claim, (char *)NULL);
  assert_text(ask("x", NULL), "facts/0/values/0/marks/0", "disputed");
  struct adduce_question question = {.policy = rule_of(3, "apart")};
  const struct adduce_value *answer = ask("x", &question);
  assert_null(at(answer, "facts/0/values/0/marks"));
  assert_number(answer, "not_counted/0/list/0/index", dispute);
}

static void where_nothing_counts_that_is_said(void **state) {
  (void)state;
  (void)colour(3, "blue");
  struct adduce_question question = {.policy = rule_of(3, "apart")};
  const struct adduce_value *answer = ask("x", &question);
  assert_size(answer, "facts", 0);
  assert_number(answer, "not_counted/0/claims", 1);
}

static void a_policy_that_cannot_be_read_applies_nothing(void **state) {
  (void)state;
  (void)colour(3, "blue");
  (void)set_policy("[{\"effect\":\"apart\",\"later\":\"x\"}]");
  const struct adduce_value *answer = ask("x", NULL);
  assert_size(answer, "facts/0/values", 1);
  assert_non_null(strstr(adduce_value_text(at(answer, "policy/unreadable")), "rules.0.later"));
}

static void what_is_no_policy_is_refused(void **state) {
  (void)state;
  const struct adduce_value *answer;
  struct adduce_question question = {.policy = "#1"};
  (void)colour(3, "blue");
  int policy = set_policy(NULL);
  (void)ask("x", NULL);
  assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &question), ADDUCE_E_USAGE);
  const char *detail = adduce_scope_detail(shelf.scope);
  assert_non_null(strstr(detail, scope_format(shelf.scope, "policies are #%d", policy)));
  question.policy = "{\"a\":1}";
  assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &question), ADDUCE_E_USAGE);
  question.policy = "[{\"effect\":\"apart\",\"authr\":\"x\"}]";
  assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &question), ADDUCE_E_FIELD);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define STORY(name) cmocka_unit_test_setup_teardown(name, open_shelf, close_shelf)
      STORY(every_act_has_its_mode),
      STORY(speaking_for_a_party_is_claimed_and_can_be_withdrawn),
      STORY(ids_that_look_alike_make_no_party),
      STORY(an_occurrence_has_the_parties_of_its_claims),
      STORY(words_that_are_none_are_refused),
      STORY(the_policy_in_force_decides_what_counts),
      STORY(the_first_rule_that_fits_decides),
      STORY(acts_that_do_not_count_have_no_effect_and_are_listed),
      STORY(where_nothing_counts_that_is_said),
      STORY(a_policy_that_cannot_be_read_applies_nothing),
      STORY(what_is_no_policy_is_refused),
#undef STORY
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
