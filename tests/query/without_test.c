/* SPDX-License-Identifier: Apache-2.0 */
/* What is left out, by stories: one for each rule of query/exclusion.h. Each says which entries are
 * gone, by their indexes, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"
#include "support/oneshelf.h"

#define NONE (-1)
#define DESK 1  /* of the Agency */
#define OTHER 3 /* of the Outlet */

/* Chains, outermost first. */
#define STATE "{\"agent\":\"agency/state\",\"act\":\"announces\"}"
#define VIA_ONE "{\"agent\":\"outlet/one\",\"act\":\"reports\"}," STATE
#define VIA_TWO "{\"agent\":\"outlet/two\",\"act\":\"reports\"}," STATE
#define ONE_ITSELF "{\"agent\":\"outlet/one\",\"act\":\"states\"}"
#define UNNAMED "{\"anonymous\":{\"description\":\"two officials\"},\"act\":\"states\"}"

static struct query_world world;

/* --- saying -------------------------------------------------------------------------------- */

/* Names as people write them: "outlet/one" is of this ledger. */
static const char *full(const char *json) {
  static const char *const roots[] = {"\"agency/", "\"outlet/", "\"thing/"};
  const char *whole = "";
  for (; *json != '\0'; json++) {
    bool is_name = false;
    for (size_t i = 0; i < 3; i++) is_name |= strncmp(json, roots[i], strlen(roots[i])) == 0;
    whole = scope_format(shelf.scope, "%s%c%s", whole, *json, is_name ? SHELF_ORIGIN "/" : "");
  }
  return whole;
}

static int say(size_t author, const char *kind, const char *json) {
  return (int)shelf_add(&shelf, author, kind, full(json), (char *)NULL);
}

/* The same with one ref. */
static int say_on(size_t author, const char *kind, const char *json, const char *role, int index) {
  return (int)shelf_add(&shelf, author, kind, full(json), role, index, (char *)NULL);
}

static int source_of(const char *publisher) {
  return say(DESK, "source.cited",
             scope_format(shelf.scope, "{\"title\":\"%s\",\"publisher_subject\":\"%s\"}", publisher,
                          publisher));
}

/* That thing/1 is of a colour, on the word of a chain (NULL: of nobody else), out of a source. */
static int colour(size_t author, const char *value, const char *chain, int source) {
  const char *json = scope_format(
      shelf.scope, "{\"subject\":\"thing/1\",\"property\":\"colour\",\"value\":\"%s\"%s%s%s}",
      value, chain == NULL ? "" : ",\"attribution\":[", chain == NULL ? "" : chain,
      chain == NULL ? "" : "]");
  return source == NONE ? say(author, "fact.asserted", json)
                        : say_on(author, "fact.asserted", json, "cites", source);
}

static int link_statements(int from, const char *relation, int to) {
  return say(
      DESK, "relation.asserted",
      scope_format(shelf.scope, "{\"from\":\"event:%s\",\"relation\":\"%s\",\"to\":\"event:%s\"}",
                   scope_format(shelf.scope, "%s", hex_text32(shelf.entries[from].id.bytes).text),
                   relation,
                   scope_format(shelf.scope, "%s", hex_text32(shelf.entries[to].id.bytes).text)));
}

/* --- asking -------------------------------------------------------------------------------- */

static struct adduce_question without(const char *selector) {
  static const char *selectors[1];
  selectors[0] = selector;
  return (struct adduce_question){.without = selectors, .without_count = 1};
}

static struct adduce_question only(const char *selector) {
  static const char *selectors[1];
  selectors[0] = selector;
  return (struct adduce_question){.only = selectors, .only_count = 1};
}

static const struct adduce_value *ask(struct adduce_question question) {
  const struct adduce_value *answer = NULL;
  shelf_fold(&shelf);
  world = shelf_see(&shelf);
  enum adduce_err err = query_without(shelf.scope, &world, &answer, &question);
  if (err != ADDUCE_OK) fail_msg("%s", adduce_scope_detail(shelf.scope));
  return answer;
}

/* "3 selected, 5 chain": every entry that is out, in log order, with the rule. */
static const char *list(const struct adduce_value *answer) {
  static const char *const parts[] = {"selected", "falls"};
  const char *text = "";
  for (int64_t index = 0; index < (int64_t)shelf.count; index++)
    for (size_t i = 0; i < 2; i++) {
      const struct adduce_value *out = adduce_value_get(answer, parts[i]);
      for (size_t j = 0; j < adduce_value_count(out); j++) {
        const struct adduce_value *each = adduce_value_at(out, j);
        if (adduce_value_integer(adduce_value_get(each, "index")) != index) continue;
        text = scope_format(
            shelf.scope, "%s%s%d %s", text, *text == '\0' ? "" : ", ", (int)index,
            adduce_value_text(adduce_value_get(adduce_value_get(each, "because"), "rule")));
      }
    }
  return text;
}

#define assert_out(question, wanted) assert_string_equal(list(ask(question)), wanted)

static size_t count(const struct adduce_value *answer, const char *part) {
  return (size_t)adduce_value_integer(adduce_value_get(adduce_value_get(answer, "counts"), part));
}

static void assert_refused(struct adduce_question question, enum adduce_err err,
                           const char *detail) {
  const struct adduce_value *answer;
  shelf_fold(&shelf);
  world = shelf_see(&shelf);
  assert_int_equal(query_state(shelf.scope, &world, &answer, NULL, &question), err);
  if (strstr(adduce_scope_detail(shelf.scope), detail) == NULL)
    fail_msg("not \"%s\" but: %s", detail, adduce_scope_detail(shelf.scope));
}

/* --- words: sources, chains, origins --------------------------------------------------------- */

static void a_source_goes_with_what_rests_on_it_alone(void **state) {
  (void)state;
  int one = source_of("outlet/one"), two = source_of("outlet/two");
  int alone = colour(DESK, "red", NULL, one);
  int both = (int)shelf_add(&shelf, DESK, "fact.asserted",
                            full("{\"subject\":\"thing/1\",\"property\":\"size\",\"value\":2}"),
                            "cites", one, "cites", two, (char *)NULL);
  assert_int_equal(alone, 3);
  assert_out(without("source:#1"), "1 selected, 3 support");
  assert_out(without("source:outlet/one"), "1 selected, 3 support");
  const struct adduce_value *answer = ask(without("source:#1"));
  assert_int_equal(count(answer, "stands"), 1);
  const struct adduce_value *stands = adduce_value_at(adduce_value_get(answer, "stands"), 0);
  assert_int_equal(adduce_value_integer(adduce_value_get(stands, "index")), both);
}

/* A source that was revised, and of which a capture was taken: these act on it, and go with it. */
static void what_was_done_to_a_source_goes_with_it(void **state) {
  (void)state;
  int source = source_of("outlet/one");
  (void)say_on(DESK, "source.revised", "{\"title\":\"again\"}", "source", source);
  (void)say_on(DESK, "capture.taken", "{\"url\":\"https://one.example/\"}", "source", source);
  assert_out(without("source:#1"), "1 selected, 2 act, 3 act");
}

/* Two outlets quote an agency. Without one of them the other's report stands; without the agency
 * both fall, and what the outlet says of its own stays. */
static void a_chain_falls_with_any_speaker_of_it(void **state) {
  (void)state;
  (void)colour(DESK, "red", VIA_ONE, NONE);
  (void)colour(DESK, "red", VIA_TWO, NONE);
  (void)colour(DESK, "green", ONE_ITSELF, NONE);
  assert_out(without("source:outlet/one"), "1 chain, 3 chain");
  assert_out(without("source:agency/state"), "1 chain, 2 chain");
  assert_int_equal(count(ask(without("source:outlet/one")), "supported"), 1);
  assert_int_equal(count(ask(without("source:agency/state")), "unsupported"), 1);
}

/* An agency goes with the source that an outlet made from it; and so does what rests on that. */
static void a_publisher_that_is_gone_takes_its_sources(void **state) {
  (void)state;
  int source = source_of("outlet/one");
  (void)say(DESK, "relation.asserted",
            "{\"from\":\"outlet/one\",\"relation\":\"translates\",\"to\":\"agency/state\"}");
  (void)colour(DESK, "red", STATE, NONE);
  (void)colour(DESK, "red", NULL, source);
  assert_out(without("source:agency/state"), "1 publisher, 3 chain, 4 support");
}

static void an_origin_is_the_innermost_speaker(void **state) {
  (void)state;
  (void)colour(DESK, "red", VIA_ONE, NONE);
  (void)colour(DESK, "green", ONE_ITSELF, NONE);
  (void)colour(DESK, "blue", UNNAMED, NONE);
  (void)colour(DESK, "white", NULL, NONE);
  assert_out(without("origin:outlet/one"), "2 origin");
  assert_out(without("origin:agency/state"), "1 origin");
  assert_out(without("origin:two officials"), "3 origin");
  assert_out(without("origin:Agency"), "4 origin");
}

/* Of the same statement both go with the origin of one; what is made from another goes with it. */
static void links_hand_on_what_is_gone(void **state) {
  (void)state;
  int a = colour(DESK, "red", VIA_ONE, NONE);
  int b = colour(DESK, "red", UNNAMED, NONE);
  int c = colour(DESK, "red", NULL, NONE);
  (void)link_statements(a, "same_statement_as", b);
  (void)link_statements(c, "quotes", a);
  assert_out(without("source:agency/state"), "1 chain, 2 same, 3 made");
  /* The outlet told it and is not its origin: the same statement elsewhere stands. */
  assert_out(without("source:outlet/one"), "1 chain, 3 made");
  /* A record hands on nothing: what was said does not become untrue. */
  assert_out(without("event:#1"), "1 selected");
}

/* Who is judged the same is one voice; without the judgement, two. */
static void one_voice_under_two_names(void **state) {
  (void)state;
  (void)colour(DESK, "red", VIA_ONE, NONE);
  (void)say(DESK, "same.judged",
            "{\"left\":\"agency/state\",\"right\":\"agency/news\",\"judgement\":\"positive\"}");
  (void)colour(DESK, "green", "{\"agent\":\"agency/news\",\"act\":\"states\"}", NONE);
  assert_out(without("source:agency/news"), "1 chain, 3 chain");
}

/* --- records: authors, keys, events, kinds, handling ----------------------------------------- */

static void an_author_takes_what_the_key_or_the_house_signed(void **state) {
  (void)state;
  (void)colour(DESK, "red", NULL, NONE);
  (void)colour(OTHER, "red", NULL, NONE);
  (void)colour(2, "green", NULL, NONE);
  (void)colour(4, "green", NULL, NONE);
  assert_out(without("author:Agency"), "1 selected");
  assert_out(without("author:Monitor"), "3 selected, 4 selected");
  assert_out(
      without(scope_format(shelf.scope, "key:%s", hex_text32(shelf.authors[2].key.bytes).text)),
      "3 selected");
  assert_refused(without("author:nobody"), ADDUCE_E_NOT_FOUND, "there are, among others, Monitor");
  assert_refused(without("key:abcdefab"), ADDUCE_E_NOT_FOUND, "no key here begins with");
}

static void an_event_goes_alone_with_what_acts_on_it(void **state) {
  (void)state;
  int claim = colour(DESK, "red", NULL, NONE);
  (void)say_on(OTHER, "claim.disputed", "{\"reason\":\"no\"}", "target", claim);
  (void)colour(DESK, "red", NULL, NONE);
  assert_out(without("event:#1"), "1 selected, 2 act");
  assert_refused(without("event:#0"), ADDUCE_E_USAGE, "it is never left out");
  assert_refused(without("event:#9"), ADDUCE_E_POSITION, "lies beyond the last entry, #3");
}

static void a_kind_goes_and_control_stays(void **state) {
  (void)state;
  int claim = colour(DESK, "red", NULL, NONE);
  (void)say_on(OTHER, "claim.disputed", "{\"reason\":\"no\"}", "target", claim);
  assert_out(without("kind:claim."), "2 selected");
  assert_out(without("kind:fact.asserted"), "1 selected, 2 act");
  assert_refused(without("kind:ledger."), ADDUCE_E_USAGE, "never left out");
  assert_refused(without("kind:fact"), ADDUCE_E_NOT_FOUND, "there is no event of kind");
}

static void handling_is_a_level_or_all_above(void **state) {
  (void)state;
  static const enum adduce_handling levels[] = {ADDUCE_GREEN, ADDUCE_AMBER, ADDUCE_RED};
  for (size_t i = 0; i < 3; i++) {
    struct event event;
    const struct adduce_value *content;
    const char *json = "{\"subject\":\"monitor.example/x\",\"property\":\"p\",\"value\":1}";
    assert_int_equal(adduce_value_from_json(shelf.scope, &content, json, strlen(json)), ADDUCE_OK);
    struct event_draft draft = {.kind = span_text("fact.asserted"),
                                .claimed_at_us = SHELF_START_US,
                                .handling = levels[i],
                                .content = content};
    assert_int_equal(event_sign(shelf.scope, &event, &draft, shelf.vocabulary, shelf.signers[DESK]),
                     ADDUCE_OK);
    (void)shelf_put(&shelf, &event);
  }
  assert_out(without("handling:amber"), "2 selected");
  assert_out(without("handling:amber-and-above"), "2 selected, 3 selected");
}

/* --- lives ---------------------------------------------------------------------------------- */

/* A retraction that rests on a source falls with it, and what it withdrew is live again. */
static void a_retraction_falls_with_its_source(void **state) {
  (void)state;
  int source = source_of("outlet/one");
  int claim = colour(DESK, "red", NULL, NONE);
  (void)shelf_add(&shelf, DESK, "claim.retracted", "{\"reason\":\"withdrawn\"}", "evidence", source,
                  "target", claim, (char *)NULL);
  assert_out(without("source:#1"), "1 selected, 3 support");
  const struct adduce_value *answer = ask(without("source:#1"));
  const struct adduce_value *revived = adduce_value_at(adduce_value_get(answer, "revived"), 0);
  assert_int_equal(adduce_value_integer(adduce_value_get(revived, "index")), claim);
  assert_string_equal(adduce_value_text(adduce_value_get(revived, "was")), "retracted");
  assert_string_equal(adduce_value_text(adduce_value_get(revived, "status")), "live");
}

static void a_judgement_that_is_out_parts_two(void **state) {
  (void)state;
  int source = source_of("outlet/one");
  (void)colour(DESK, "red", NULL, NONE);
  (void)say(DESK, "fact.asserted", "{\"subject\":\"thing/2\",\"property\":\"size\",\"value\":1}");
  (void)say_on(DESK, "same.judged",
               "{\"left\":\"thing/1\",\"right\":\"thing/2\",\"judgement\":\"positive\"}", "cites",
               source);
  const struct adduce_value *answer = ask(without("source:outlet/one")), *whole = NULL;
  assert_int_equal(count(answer, "parted"), 1);
  struct adduce_question question = without("source:outlet/one");
  assert_int_equal(query_state(shelf.scope, &world, &whole, "thing/1", NULL), ADDUCE_OK);
  assert_int_equal(adduce_value_count(adduce_value_get(whole, "cluster")), 2);
  assert_int_equal(query_state(shelf.scope, &world, &whole, "thing/1", &question), ADDUCE_OK);
  assert_int_equal(adduce_value_count(adduce_value_get(whole, "cluster")), 1);
}

/* --- only ----------------------------------------------------------------------------------- */

/* What is kept brings the source it cites and what its own house did to it, and nothing else. */
static void only_keeps_claims_with_their_sources_and_lives(void **state) {
  (void)state;
  int source = source_of("outlet/one");
  int kept = colour(DESK, "red", VIA_ONE, source);
  (void)colour(DESK, "green", NULL, source);
  (void)say_on(DESK, "claim.retracted", "{\"reason\":\"withdrawn\"}", "target", kept);
  (void)say_on(OTHER, "claim.disputed", "{\"reason\":\"no\"}", "target", kept);
  assert_out(only("origin:agency/state"), "3 not-kept, 5 not-kept");
  assert_out(only("event:#2"), "3 not-kept, 5 not-kept");
  /* A dispute of what is not kept has nothing to stand on. */
  assert_refused(only("author:Outlet"), ADDUCE_E_USAGE,
                 "all that --only author:Outlet keeps rests on what it leaves out");
}

static void filters_that_contradict_each_other(void **state) {
  (void)state;
  const char *one[] = {"source:outlet/one"}, *kind[] = {"kind:source.cited"};
  int source = source_of("outlet/one");
  (void)colour(DESK, "red", NULL, source);
  struct adduce_question question = {
      .without = one, .without_count = 1, .only = one, .only_count = 1};
  assert_refused(
      question, ADDUCE_E_USAGE,
      "nothing is left: all that --only source:monitor.example/outlet/one keeps falls by "
      "--without source:monitor.example/outlet/one");
  question.only = kind;
  assert_refused(question, ADDUCE_E_USAGE, "nothing is left");
  question.at = "#0";
  assert_refused(question, ADDUCE_E_NOT_FOUND, "nobody cites or quotes \"outlet/one\" at #0");
}

/* --- words that are no selectors ------------------------------------------------------------- */

static void a_sort_is_suggested(void **state) {
  (void)state;
  int source = source_of("outlet/one");
  (void)colour(DESK, "red", VIA_ONE, source);
  assert_refused(without("#2"), ADDUCE_E_USAGE, "event:#2 is #2, fact.asserted");
  assert_refused(without("1"), ADDUCE_E_USAGE, "source:1 all that came through it");
  assert_refused(without("agency/state"), ADDUCE_E_USAGE, "there is source:agency/state");
  assert_refused(without("Agency"), ADDUCE_E_USAGE, "there is author:Agency");
  assert_refused(without("fact.asserted"), ADDUCE_E_USAGE, "there is kind:fact.asserted");
  assert_refused(without("nonsense"), ADDUCE_E_USAGE, "selects nothing: source:X");
  assert_refused(without("event:"), ADDUCE_E_USAGE, "does not say which");
  assert_refused(without("source:outlet/onne"), ADDUCE_E_NOT_FOUND,
                 "it resembles monitor.example/outlet/one");
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_shelf, close_shelf)

int main(void) {
  const struct CMUnitTest tests[] = {
      STORY(a_source_goes_with_what_rests_on_it_alone),
      STORY(what_was_done_to_a_source_goes_with_it),
      STORY(a_chain_falls_with_any_speaker_of_it),
      STORY(a_publisher_that_is_gone_takes_its_sources),
      STORY(an_origin_is_the_innermost_speaker),
      STORY(links_hand_on_what_is_gone),
      STORY(one_voice_under_two_names),
      STORY(an_author_takes_what_the_key_or_the_house_signed),
      STORY(an_event_goes_alone_with_what_acts_on_it),
      STORY(a_kind_goes_and_control_stays),
      STORY(handling_is_a_level_or_all_above),
      STORY(a_retraction_falls_with_its_source),
      STORY(a_judgement_that_is_out_parts_two),
      STORY(only_keeps_claims_with_their_sources_and_lives),
      STORY(filters_that_contradict_each_other),
      STORY(a_sort_is_suggested),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
