/* SPDX-License-Identifier: Apache-2.0 */
/* State and explain by stories: lives of claims, clusters, bounds, sanctions, positions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "support/oneshelf.h"

static struct query_world world;

/* --- asking ------------------------------------------------------------------------------- */

static void fold(void) {
  shelf_fold(&shelf);
  world = shelf_see(&shelf);
}

static const struct adduce_value *state_at(const char *subject, const char *at,
                                           const char *valid_at) {
  const struct adduce_value *answer = NULL;
  struct adduce_question question = {.at = at, .valid_at = valid_at};
  enum adduce_err err = query_state(shelf.scope, &world, &answer, subject, &question);
  if (err != ADDUCE_OK) print_message("%s\n", adduce_scope_detail(shelf.scope));
  assert_int_equal(err, ADDUCE_OK);
  return answer;
}

static const struct adduce_value *state(const char *subject) {
  return state_at(subject, NULL, NULL);
}

static const struct adduce_value *explain(const char *subject_field) {
  const struct adduce_value *answer = NULL;
  enum adduce_err err = query_explain(shelf.scope, &world, &answer, subject_field, NULL);
  if (err != ADDUCE_OK) print_message("%s\n", adduce_scope_detail(shelf.scope));
  assert_int_equal(err, ADDUCE_OK);
  return answer;
}

/* What stands at a way of keys and indexes: "facts/0/values/1/status". */
static const struct adduce_value *at(const struct adduce_value *value, const char *way) {
  while (*way != '\0') {
    size_t size = strcspn(way, "/");
    const char *key = scope_format(shelf.scope, "%.*s", (int)size, way);
    if (key[0] >= '0' && key[0] <= '9')
      value = adduce_value_at(value, (size_t)atoi(key));
    else
      value = adduce_value_get(value, key);
    way += size + (way[size] == '/');
  }
  return value;
}

static void assert_text(const struct adduce_value *value, const char *way, const char *wanted) {
  if (strcmp(adduce_value_text(at(value, way)), wanted) != 0)
    print_message("%s in %s\n", way, shelf_json(&shelf, value));
  assert_string_equal(adduce_value_text(at(value, way)), wanted);
}

static void assert_number(const struct adduce_value *value, const char *way, int64_t wanted) {
  if (at(value, way) == NULL || adduce_value_integer(at(value, way)) != wanted)
    print_message("%s in %s\n", way, shelf_json(&shelf, value));
  assert_non_null(at(value, way));
  assert_int_equal(adduce_value_integer(at(value, way)), wanted);
}

static void assert_size(const struct adduce_value *value, const char *way, size_t wanted) {
  if (adduce_value_count(at(value, way)) != wanted)
    print_message("%s in %s\n", way, shelf_json(&shelf, value));
  assert_int_equal(adduce_value_count(at(value, way)), wanted);
}

static int fact(size_t author, const char *subject, const char *value) {
  return (int)shelf_add(&shelf, author, "fact.asserted",
                        scope_format(shelf.scope,
                                     "{\"subject\":\"monitor.example/%s\",\"property\":\"colour\","
                                     "\"value\":\"%s\"}",
                                     subject, value),
                        (char *)NULL);
}

static int retract(size_t author, int target) {
  return (int)shelf_add(&shelf, author, "claim.retracted", "{\"reason\":\"wrong\"}", "target",
                        target, (char *)NULL);
}

/* --- lives -------------------------------------------------------------------------------- */

static void only_the_house_retracts(void **unused) {
  (void)unused;
  int claim = fact(1, "x", "red");
  (void)retract(3, claim);
  fold();
  const struct adduce_value *answer = explain("x.colour");
  assert_text(answer, "lines/0/status", "live");
  assert_text(answer, "lines/0/support/0/acts/0/act", "retracted");
  assert_text(answer, "lines/0/support/0/acts/0/why",
              "not by the claim's author or the author's organization");
  (void)retract(1, claim);
  fold();
  answer = explain("x.colour");
  assert_text(answer, "lines/0/status", "retracted");
  assert_text(answer, "lines/0/support/0/acts/1/reason", "wrong");
}

static void the_organization_retracts_for_its_author(void **unused) {
  (void)unused;
  (void)retract(2, fact(0, "x", "red"));
  fold();
  assert_text(state("x"), "facts/0/values/0/status", "retracted");
}

static void a_retracted_retraction_revives(void **unused) {
  (void)unused;
  int act = fact(1, "x", "red");
  for (int i = 1; i <= 300; i++) {
    act = retract(1, act);
    if (i > 4 && i < 297) continue;
    fold();
    assert_text(state("x"), "facts/0/values/0/status", i % 2 == 1 ? "retracted" : "live");
  }
}

static void a_correction_is_put_over(void **unused) {
  (void)unused;
  int claim = fact(1, "x", "red");
  int first = (int)shelf_add(&shelf, 1, "claim.corrected",
                             "{\"reason\":\"misread\",\"fields\":{\"value\":\"green\"}}", "target",
                             claim, (char *)NULL);
  fold();
  const struct adduce_value *answer = explain("x.colour");
  assert_text(answer, "lines/0/value", "green");
  assert_text(answer, "lines/0/status", "live");
  assert_text(answer, "lines/0/superseded/0/value", "red");
  assert_text(answer, "lines/1/value", "red");
  assert_text(answer, "lines/1/status", "corrected");
  assert_text(answer, "lines/0/support/0/status", "corrected");
  assert_text(answer, "lines/0/support/0/corrected_content/value", "green");
  /* The correction is corrected, then withdrawn. */
  (void)shelf_add(&shelf, 1, "claim.corrected",
                  "{\"reason\":\"again\",\"fields\":{\"fields\":{\"value\":\"blue\"}}}", "target",
                  first, (char *)NULL);
  fold();
  assert_text(state("x"), "facts/0/values/0/value", "blue");
  (void)retract(1, first);
  fold();
  assert_text(state("x"), "facts/0/values/0/value", "red");
  assert_text(state("x"), "facts/0/values/0/status", "live");
}

static void a_correction_moves_a_claim_to_its_subject(void **unused) {
  const struct adduce_value *answer;
  (void)unused;
  int claim = fact(1, "x", "red");
  (void)shelf_add(&shelf, 1, "claim.corrected",
                  "{\"reason\":\"the other one\",\"fields\":{\"subject\":\"monitor.example/y\"}}",
                  "target", claim, (char *)NULL);
  fold();
  assert_text(state("y"), "facts/0/values/0/value", "red");
  assert_text(state("y"), "facts/0/values/0/status", "live");
  assert_text(state("x"), "facts/0/values/0/status", "corrected");
  struct adduce_question before = {.at = "#1"};
  assert_int_equal(query_state(shelf.scope, &world, &answer, "y", &before), ADDUCE_E_NOT_FOUND);
}

static void a_replacement_shows_what_it_replaced(void **unused) {
  (void)unused;
  int claim = fact(1, "x", "red"), better = fact(1, "x", "green");
  (void)shelf_add(&shelf, 1, "claim.corrected", "{\"reason\":\"misread\"}", "target", claim,
                  "replacement", better, (char *)NULL);
  fold();
  const struct adduce_value *answer = explain("x.colour");
  assert_text(answer, "lines/0/value", "green");
  assert_size(answer, "lines/0/superseded", 1);
  assert_number(answer, "lines/0/superseded/0/index", claim);
  assert_text(answer, "lines/1/status", "corrected");
}

static void an_erased_claim_can_still_be_corrected(void **unused) {
  (void)unused;
  int claim = fact(1, "x", "red");
  (void)shelf_add(&shelf, 1, "claim.corrected",
                  "{\"reason\":\"r\",\"fields\":{\"value\":\"green\"}}", "target", claim,
                  (char *)NULL);
  (void)shelf_add(&shelf, 0, "content.erased", "{\"reason\":\"asked\",\"paths\":[\"value\"]}",
                  "ledger", 0, "target", claim, (char *)NULL);
  shelf_withhold(&shelf, (uint64_t)claim, "value", -1);
  fold();
  const struct adduce_value *answer = state("x");
  assert_size(answer, "facts", 0);
  assert_text(answer, "incomplete/0/status", "incomplete");
  assert_text(answer, "incomplete/0/erased/0/paths/0", "value");
  assert_text(answer, "incomplete/0/marks/0", "erased");
}

static void withholding_a_reason_revives_nothing(void **unused) {
  (void)unused;
  int act = retract(1, fact(1, "x", "red"));
  shelf_withhold(&shelf, (uint64_t)act, "reason", -1);
  fold();
  assert_text(state("x"), "facts/0/values/0/status", "retracted");
  shelf.entries[act].content = span_of(NULL, 0);
  assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
  fold();
  assert_text(state("x"), "facts/0/values/0/status", "retracted");
}

static void an_incomplete_correction_does_nothing(void **unused) {
  (void)unused;
  int claim = fact(1, "x", "red");
  uint64_t act =
      shelf_add(&shelf, 1, "claim.corrected", "{\"reason\":\"r\",\"fields\":{\"value\":\"green\"}}",
                "target", claim, (char *)NULL);
  shelf_withhold(&shelf, act, "fields", -1);
  fold();
  const struct adduce_value *answer = explain("x.colour");
  assert_text(answer, "lines/0/value", "red");
  assert_text(answer, "lines/0/status", "live");
  assert_text(answer, "lines/0/support/0/acts/0/why", "incomplete: part of it is withheld");
}

static void a_revoked_key_marks_what_it_said_from_a_place_on(void **unused) {
  (void)unused;
  int before = fact(1, "x", "red"), after = fact(1, "x", "green");
  (void)fact(0, "x", "blue");
  shelf.authors[1].revoked_index = 3;
  shelf.authors[1].suspect_from_index = (uint64_t)after;
  shelf.authors[1].reason = "compromised";
  fold();
  const struct adduce_value *answer = state("x");
  assert_number(answer, "facts/0/values/0/support/0/index", before);
  assert_size(answer, "facts/0/values/0/marks", 0);
  assert_text(answer, "facts/0/values/1/marks/0", "author-revoked");
  assert_size(state_at("x", "#2", NULL), "facts/0/values/1/marks", 0);
}

static void a_clock_ahead_is_marked(void **unused) {
  struct event event;
  struct event_draft draft = {
      .kind = span_text("fact.asserted"),
      .claimed_at_us = SHELF_START_US + INT64_C(100) * 3600 * 1000000,
  };
  const char *json =
      "{\"subject\":\"monitor.example/x\",\"property\":\"colour\",\"value\":\"red\"}";
  (void)unused;
  assert_int_equal(adduce_value_from_json(shelf.scope, &draft.content, json, strlen(json)),
                   ADDUCE_OK);
  assert_int_equal(event_sign(shelf.scope, &event, &draft, shelf.vocabulary, shelf.signers[0]),
                   ADDUCE_OK);
  (void)shelf_put(&shelf, &event);
  fold();
  const struct adduce_value *answer = state("x");
  assert_text(answer, "facts/0/values/0/marks/0", "claimed-in-future");
  assert_true(adduce_value_boolean(at(answer, "facts/0/values/0/support/0/claimed_late")));
}

/* --- clusters ----------------------------------------------------------------------------- */

static int judge(const char *left, const char *right, const char *judgement) {
  return (int)shelf_add(&shelf, 0, "same.judged",
                        scope_format(shelf.scope,
                                     "{\"left\":\"monitor.example/%s\",\"right\":"
                                     "\"monitor.example/%s\",\"judgement\":\"%s\"}",
                                     left, right, judgement),
                        (char *)NULL);
}

static void judgements_tie_and_untie(void **unused) {
  (void)unused;
  (void)fact(0, "cole", "red");
  (void)fact(1, "coale", "green");
  int tie = judge("cole", "coale", "positive");
  fold();
  const struct adduce_value *answer = state("cole");
  assert_size(answer, "cluster", 2);
  assert_text(answer, "cluster/1", "monitor.example/coale");
  assert_size(answer, "facts/0/values", 2);
  assert_text(answer, "facts/0/values/1/support/0/subject", "monitor.example/coale");
  assert_size(state_at("cole", "#2", NULL), "cluster", 1);
  (void)retract(2, tie);
  fold();
  assert_size(state("cole"), "cluster", 1);
  (void)judge("coale", "cole", "positive");
  (void)judge("cole", "coale", "unsure");
  fold();
  assert_size(state("cole"), "cluster", 1);
}

static void a_negative_judgement_parts_a_chain(void **unused) {
  (void)unused;
  (void)fact(0, "a", "red");
  (void)judge("a", "b", "positive");
  (void)judge("b", "c", "positive");
  int parting = judge("a", "c", "negative");
  fold();
  const struct adduce_value *answer = state("a");
  assert_size(answer, "cluster", 2);
  assert_text(answer, "parted/0/subject", "monitor.example/c");
  assert_memory_equal(adduce_value_bytes(at(answer, "parted/0/judgement")).data,
                      shelf.entries[parting].id.bytes, 32);
}

/* --- bounds ------------------------------------------------------------------------------- */

static void bounds_are_what_the_words_allow(void **unused) {
  (void)unused;
  (void)shelf_add(&shelf, 0, "entity.described",
                  "{\"subject\":\"monitor.example/g\",\"schema\":\"Group\",\"quantity\":"
                  "{\"exact\":123,\"unit\":\"persons\"}}",
                  (char *)NULL);
  (void)shelf_add(&shelf, 0, "fact.asserted",
                  "{\"subject\":\"monitor.example/g\",\"property\":\"nationality\",\"value\":"
                  "\"by\",\"quantity\":{\"majority_of\":\"monitor.example/g\"}}",
                  (char *)NULL);
  (void)shelf_add(&shelf, 0, "fact.asserted",
                  "{\"subject\":\"monitor.example/g\",\"property\":\"nationality\",\"value\":"
                  "\"jp\",\"quantity\":{\"some\":true}}",
                  (char *)NULL);
  (void)shelf_add(&shelf, 1, "fact.asserted",
                  "{\"subject\":\"monitor.example/g\",\"property\":\"nationality\",\"value\":"
                  "\"jp\",\"quantity\":{\"exact\":1}}",
                  (char *)NULL);
  fold();
  const struct adduce_value *answer = state("g");
  assert_text(answer, "facts/0/field", "nationality");
  assert_number(answer, "facts/0/values/0/bounds/at_least", 62);
  assert_number(answer, "facts/0/values/0/bounds/at_most", 123);
  assert_size(answer, "facts/0/values/0/bounds/from", 2);
  assert_number(answer, "facts/0/values/1/bounds/at_least", 1);
  assert_number(answer, "facts/0/values/1/bounds/at_most", 1);
  assert_text(answer, "facts/1/field", "quantity");
  assert_number(answer, "facts/1/bounds/at_least", 123);
}

static void parts_bound_and_contradictions_are_said(void **unused) {
  (void)unused;
  (void)shelf_add(&shelf, 0, "entity.described",
                  "{\"subject\":\"monitor.example/g\",\"quantity\":{\"exact\":123}}", (char *)NULL);
  (void)shelf_add(&shelf, 0, "release.confirmed",
                  "{\"subject\":\"monitor.example/r\",\"quantity\":{\"exact\":114,\"of\":"
                  "\"monitor.example/g\"}}",
                  (char *)NULL);
  fold();
  const struct adduce_value *answer = state("r");
  assert_number(answer, "facts/0/bounds/at_least", 114);
  assert_number(answer, "facts/0/bounds/at_most", 114);
  (void)shelf_add(&shelf, 1, "release.announced",
                  "{\"subject\":\"monitor.example/r\",\"quantity\":{\"at_most\":100}}",
                  (char *)NULL);
  fold();
  answer = state("r");
  assert_true(adduce_value_boolean(at(answer, "facts/0/bounds/conflict")));
  assert_number(answer, "facts/0/bounds/at_least", 0);
  assert_number(answer, "facts/0/bounds/at_most", 114);
}

/* --- sanctions ---------------------------------------------------------------------------- */

static int sanction(const char *act, const char *issuer, const char *more) {
  return (int)shelf_add(&shelf, 0, act,
                        scope_format(shelf.scope,
                                     "{\"target\":\"monitor.example/belavia\",\"issuer\":"
                                     "\"monitor.example/%s\",\"measure\":\"asset_freeze\"%s}",
                                     issuer, more),
                        (char *)NULL);
}

static void easing_is_not_lifting_and_issuers_are_apart(void **unused) {
  (void)unused;
  (void)sanction("sanction.imposed", "us", ",\"valid\":{\"from\":\"2020\"}");
  (void)sanction("sanction.imposed", "eu", ",\"valid\":{\"from\":\"2021-12-02\"}");
  (void)sanction("sanction.eased", "us",
                 ",\"degree\":\"partial\",\"valid\":{\"from\":\"2025-11\"}");
  (void)sanction("sanction.lifted", "us",
                 ",\"attribution\":[{\"agent\":\"monitor.example/us\",\"act\":\"promises\"}]");
  fold();
  const struct adduce_value *answer = state("belavia");
  assert_size(answer, "sanctions", 2);
  assert_text(answer, "sanctions/0/issuer", "monitor.example/us");
  assert_text(answer, "sanctions/0/in_force", "partly");
  assert_text(answer, "sanctions/0/state", "eased");
  assert_size(answer, "sanctions/0/acts", 3);
  assert_text(answer, "sanctions/1/in_force", "yes");
  assert_text(state_at("belavia", NULL, "2023"), "sanctions/0/in_force", "yes");
  (void)sanction("sanction.lifted", "us", ",\"valid\":{\"from\":\"2026\"}");
  fold();
  assert_text(state("belavia"), "sanctions/0/in_force", "no");
  assert_text(state_at("belavia", "#4", NULL), "sanctions/0/in_force", "partly");
  answer = state("us");
  assert_text(answer, "sanctions/0/target", "monitor.example/belavia");
}

static void undated_acts_compete_with_dated_ones(void **unused) {
  (void)unused;
  (void)sanction("sanction.lifted", "us", ",\"valid\":{\"from\":\"2025-11\"}");
  (void)sanction("sanction.eased", "us", ",\"degree\":\"partial\"");
  fold();
  const struct adduce_value *answer = state("belavia");
  assert_text(answer, "sanctions/0/in_force", "partly");
  assert_true(adduce_value_boolean(at(answer, "sanctions/0/competing")));
}

/* --- sentences ---------------------------------------------------------------------------- */

static void explain_tells_the_chain(void **unused) {
  (void)unused;
  (void)shelf_add(&shelf, 0, "entity.described",
                  "{\"subject\":\"monitor.example/presidency\",\"name\":[{\"v\":\"présidence\","
                  "\"lang\":\"fr\"},{\"v\":\"the presidency of Belarus\",\"lang\":\"en\"}]}",
                  (char *)NULL);
  (void)shelf_add(
      &shelf, 0, "fact.asserted",
      "{\"subject\":\"monitor.example/g\",\"property\":\"conviction\",\"value\":\"espionage\","
      "\"attribution\":[{\"agent\":\"outlet.example/news\",\"act\":\"reports\"},{\"agent\":"
      "\"monitor.example/presidency\",\"act\":\"states\",\"certainty\":\"certain\",\"marker\":"
      "\"selon la présidence\"}]}",
      (char *)NULL);
  (void)shelf_add(
      &shelf, 1, "fact.asserted",
      "{\"subject\":\"monitor.example/g\",\"property\":\"conviction\",\"value\":\"nothing\","
      "\"certainty\":\"possible\",\"attribution\":[{\"anonymous\":{\"description\":\"several "
      "media\",\"plural\":true},\"act\":\"reports\",\"certainty\":\"possible\",\"marker\":"
      "\"feraient\"},{\"agent\":\"monitor.example/presidency\",\"act\":\"denies\"}]}",
      (char *)NULL);
  fold();
  const struct adduce_value *answer = explain("g.conviction");
  assert_text(answer, "lines/0/sentence",
              "outlet.example/news reported that the presidency of Belarus stated, as certain, "
              "(\"selon la présidence\") that conviction of g is espionage.");
  assert_text(answer, "lines/1/sentence",
              "unnamed speakers (\"several media\") reported, as possible, (\"feraient\") that the "
              "presidency of Belarus denied that it is possible that conviction of g is nothing.");
  assert_text(answer, "lines/1/polarity", "negative");
  assert_text(answer, "lines/1/certainty", "possible");
}

static void two_outlets_of_one_agency_are_one_origin(void **unused) {
  (void)unused;
  static const char *const outlets[] = {"a", "b"};
  for (int i = 0; i < 2; i++)
    (void)shelf_add(&shelf, 0, "fact.asserted",
                    scope_format(shelf.scope,
                                 "{\"subject\":\"monitor.example/g\",\"property\":\"n\",\"value\":"
                                 "123,\"attribution\":[{\"agent\":\"outlet.example/%s\",\"act\":"
                                 "\"reports\"},{\"agent\":\"agency.example/belta\",\"act\":"
                                 "\"reports\"}]}",
                                 outlets[i]),
                    (char *)NULL);
  (void)shelf_add(&shelf, 1, "fact.asserted",
                  "{\"subject\":\"monitor.example/g\",\"property\":\"n\",\"value\":123}",
                  (char *)NULL);
  fold();
  const struct adduce_value *answer = explain("g.n");
  assert_size(answer, "lines", 1);
  assert_size(answer, "lines/0/support", 3);
  assert_size(answer, "lines/0/origins", 2);
  assert_text(answer, "lines/0/origins/0/origin", "agency.example/belta");
  assert_size(answer, "lines/0/origins/0/claims", 2);
  assert_text(answer, "lines/0/origins/1/sort", "organization");
}

static void disputes_stand_beside_the_line(void **unused) {
  (void)unused;
  int claim = fact(1, "x", "red");
  (void)shelf_add(&shelf, 3, "claim.disputed", "{\"reason\":\"it is green\"}", "target", claim,
                  (char *)NULL);
  fold();
  const struct adduce_value *answer = explain("x.colour");
  assert_text(answer, "lines/0/marks/0", "disputed");
  assert_text(answer, "lines/0/disputes/0/content/reason", "it is green");
}

/* --- positions ---------------------------------------------------------------------------- */

static void positions_are_indexes_and_times(void **unused) {
  const struct adduce_value *answer;
  (void)unused;
  (void)fact(0, "x", "red");
  (void)fact(0, "x", "green");
  fold();
  assert_size(state_at("x", "1", NULL), "facts/0/values", 1);
  assert_size(state_at("x", "#2", NULL), "facts/0/values", 2);
  assert_size(state_at("x", "2025-12-13T01:30:00Z", NULL), "facts/0/values", 1);
  assert_number(state_at("x", "2025-12-13T01:30:00Z", NULL), "at/index", 1);
  assert_text(state_at("x", "#1", NULL), "at/recorded_at", "2025-12-13T01:00:00Z");
  static const char *const bad[] = {"#3", "99999", "2020", "yesterday", "#", ""};
  static const enum adduce_err errors[] = {ADDUCE_E_POSITION, ADDUCE_E_POSITION, ADDUCE_E_POSITION,
                                           ADDUCE_E_USAGE,    ADDUCE_E_USAGE,    ADDUCE_E_USAGE};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct adduce_question question = {.at = bad[i]};
    assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &question), errors[i]);
  }
  struct adduce_question nonsense = {.valid_at = "soon"};
  assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &nonsense), ADDUCE_E_USAGE);
  struct adduce_question early = {.at = "2020-01-01"};
  assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &early), ADDUCE_E_POSITION);
}

static void pages_divide_an_answer(void **unused) {
  const struct adduce_value *answer;
  (void)unused;
  for (int i = 0; i < 5; i++) (void)fact(0, "x", scope_format(shelf.scope, "v%d", i));
  (void)fact(0, "y", "red");
  fold();
  struct adduce_question question = {.limit = 2, .skip = 1};
  assert_int_equal(query_state(shelf.scope, &world, &answer, "x", &question), ADDUCE_OK);
  assert_size(answer, "facts/0/values", 2);
  assert_text(answer, "facts/0/values/0/value", "v1");
  assert_true(adduce_value_boolean(at(answer, "more")));
  question = (struct adduce_question){.limit = 1, .skip = 1};
  assert_int_equal(query_state(shelf.scope, &world, &answer, NULL, &question), ADDUCE_OK);
  assert_size(answer, "subjects", 1);
  assert_text(answer, "subjects/0/subject", "monitor.example/y");
  assert_false(adduce_value_boolean(at(answer, "more")));
}

static void what_nobody_speaks_of_is_not_found(void **unused) {
  const struct adduce_value *answer;
  (void)unused;
  (void)shelf_add(&shelf, 0, "fact.asserted",
                  "{\"subject\":\"monitor.example/x\",\"property\":\"owner\",\"value\":"
                  "{\"subject\":\"monitor.example/mentioned\"}}",
                  (char *)NULL);
  fold();
  assert_int_equal(query_state(shelf.scope, &world, &answer, "nobody", NULL), ADDUCE_E_NOT_FOUND);
  assert_int_equal(query_state(shelf.scope, &world, &answer, "mentioned", NULL),
                   ADDUCE_E_NOT_FOUND);
  assert_non_null(strstr(adduce_scope_detail(shelf.scope), "1 mention it"));
  assert_int_equal(query_explain(shelf.scope, &world, &answer, "x.colour", NULL),
                   ADDUCE_E_NOT_FOUND);
}

static void a_long_subject_is_whole_in_answers(void **unused) {
  const struct adduce_value *answer;
  char name[300];
  (void)unused;
  memset(name, 'n', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  (void)fact(0, name, "red");
  fold();
  assert_text(state(name), "facts/0/values/0/value", "red");
  assert_int_equal(query_state(shelf.scope, &world, &answer, NULL, NULL), ADDUCE_OK);
  assert_string_equal(adduce_value_text(at(answer, "subjects/0/subject")) + 16, name);
}

static void declared_kinds_need_no_code(void **unused) {
  (void)unused;
  (void)shelf_add(&shelf, 0, "kind.declared",
                  "{\"name\":\"monitor.example:custody.transferred\",\"text\":\"x\","
                  "\"effect\":\"moves\",\"subject\":\"item\",\"state\":\"transferred\","
                  "\"fields\":[{\"name\":\"item\",\"type\":\"subject\",\"required\":true,"
                  "\"frame\":true,\"text\":\"what\"},{\"name\":\"holder\",\"type\":\"subject\","
                  "\"state\":true,\"text\":\"who\"}]}",
                  "ledger", 0, (char *)NULL);
  (void)shelf_add(&shelf, 0, "monitor.example:custody.transferred",
                  "{\"item\":\"monitor.example/tape\",\"holder\":\"monitor.example/lab\"}", "kind",
                  1, (char *)NULL);
  fold();
  const struct adduce_value *answer = state("tape");
  assert_text(answer, "facts/0/field", "holder");
  assert_text(answer, "states/0/noun", "monitor.example:custody");
  assert_text(answer, "states/0/state", "transferred");
  assert_text(answer, "states/0/acts/0/label",
              "monitor.example:custody tape is transferred: holder lab");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, open_shelf, close_shelf)

int main(void) {
  const struct CMUnitTest tests[] = {
      STORY(only_the_house_retracts),
      STORY(the_organization_retracts_for_its_author),
      STORY(a_retracted_retraction_revives),
      STORY(a_correction_is_put_over),
      STORY(a_correction_moves_a_claim_to_its_subject),
      STORY(a_replacement_shows_what_it_replaced),
      STORY(an_erased_claim_can_still_be_corrected),
      STORY(withholding_a_reason_revives_nothing),
      STORY(an_incomplete_correction_does_nothing),
      STORY(a_revoked_key_marks_what_it_said_from_a_place_on),
      STORY(a_clock_ahead_is_marked),
      STORY(judgements_tie_and_untie),
      STORY(a_negative_judgement_parts_a_chain),
      STORY(bounds_are_what_the_words_allow),
      STORY(parts_bound_and_contradictions_are_said),
      STORY(easing_is_not_lifting_and_issuers_are_apart),
      STORY(undated_acts_compete_with_dated_ones),
      STORY(explain_tells_the_chain),
      STORY(two_outlets_of_one_agency_are_one_origin),
      STORY(disputes_stand_beside_the_line),
      STORY(positions_are_indexes_and_times),
      STORY(pages_divide_an_answer),
      STORY(what_nobody_speaks_of_is_not_found),
      STORY(a_long_subject_is_whole_in_answers),
      STORY(declared_kinds_need_no_code),
  };
  return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
