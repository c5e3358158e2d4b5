/* SPDX-License-Identifier: Apache-2.0 */
/* Log, event, sources, authors, timeline, kinds, quarantine; and filters against a plain scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "base/hex.h"
#include "codec/value.h"
#include "support/generator.h"
#include "support/shelf.h"

#define EVENTS 300

static struct shelf shelf;
static struct query_world world;
static struct generator *generator;

/* A realistic ledger of the generator's authors. */
static int open_with_step(unsigned step) {
  struct generator_options options = {.seed = 9, .keys_seed = 9, .authors = 5};
  struct event event;
  shelf_open(&shelf, 4);
  shelf.step = step;
  if (generator_open(shelf.scope, &generator, &options) != ADDUCE_OK) return 1;
  if (generator_genesis(shelf.scope, generator, &event) != ADDUCE_OK) return 1;
  (void)shelf_put(&shelf, &event);
  generator_join(generator, &event.id);
  for (size_t i = 1; i < EVENTS; i++) {
    if (generator_event(shelf.scope, generator, &event) != ADDUCE_OK) return 1;
    (void)shelf_put(&shelf, &event);
  }
  shelf_fold(&shelf);
  world = shelf_see(&shelf);
  return 0;
}

/* All rows in the tail, or most of them in nine runs. */
static int open_tail(void **state) {
  (void)state;
  return open_with_step(0);
}

static int open_runs(void **state) {
  (void)state;
  return open_with_step(1);
}

static int close_shelf(void **state) {
  (void)state;
  generator_close(&generator);
  shelf_close(&shelf);
  return 0;
}

/* A shelf of one's own. */
static int open_small(void **state) {
  (void)state;
  shelf_open(&shelf, 4);
  shelf_found(&shelf);
  return 0;
}

static int close_small(void **state) {
  (void)state;
  shelf_close(&shelf);
  return 0;
}

static void fold(void) {
  shelf_fold(&shelf);
  world = shelf_see(&shelf);
}

static const char *text_of(const struct adduce_value *map, const char *key) {
  return adduce_value_text(adduce_value_get(map, key));
}

/* --- the log against a scan ----------------------------------------------------------------*/

static bool mentions(const struct adduce_value *value, const char *subject) {
  if (adduce_value_type(value) == ADDUCE_TEXT)
    return strcmp(adduce_value_text(value), subject) == 0;
  for (size_t i = 0; i < adduce_value_count(value); i++)
    if (mentions(adduce_value_at(value, i), subject)) return true;
  return false;
}

static bool refers(const struct parsed *parsed, const uint8_t *id32) {
  struct cursor refs = parsed->refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&refs, &ref))
    if (memcmp(ref.id32, id32, 32) == 0) return true;
  return false;
}

static bool fits(uint64_t index, const struct adduce_log_filter *filter, const uint8_t *id32) {
  struct event event = shelf_event(&shelf, index);
  const struct parsed *parsed = &event.claim.parsed;
  if (filter->kind != NULL) {
    size_t size = strlen(filter->kind);
    bool is_prefix = filter->kind[size - 1] == '.';
    if (is_prefix ? !span_starts(parsed->kind, filter->kind) : !span_is(parsed->kind, filter->kind))
      return false;
  }
  if (filter->author != NULL &&
      strncmp(hex_text32(parsed->author32).text, filter->author, strlen(filter->author)) != 0)
    return false;
  if (id32 != NULL && !refers(parsed, id32)) return false;
  if (filter->subject != NULL) {
    struct adduce_value *content = value_map(shelf.scope);
    for (uint32_t i = 0; i < parsed->field_count; i++) {
      struct adduce_value *value;
      assert_int_equal(value_decode(shelf.scope, &value, parsed->fields[i].value), ADDUCE_OK);
      value_append(shelf.scope, content, parsed->fields[i].key, value);
    }
    if (!mentions(content, filter->subject)) return false;
  }
  return true;
}

static void compare(const struct adduce_log_filter *filter, const uint8_t *id32, uint64_t size) {
  const struct adduce_value *answer;
  struct adduce_question question = {
      .at = scope_format(shelf.scope, "#%llu", (unsigned long long)size - 1)};
  assert_int_equal(query_log(shelf.scope, &world, &answer, filter, &question), ADDUCE_OK);
  const struct adduce_value *entries = adduce_value_get(answer, "entries");
  size_t seen = 0;
  for (uint64_t i = 0; i < size; i++) {
    uint64_t index = filter->newest_first ? size - 1 - i : i;
    if (!fits(index, filter, id32)) continue;
    const struct adduce_value *entry = adduce_value_at(entries, seen++);
    assert_non_null(entry);
    assert_int_equal(adduce_value_integer(adduce_value_get(entry, "index")), index);
  }
  assert_int_equal(adduce_value_count(entries), seen);
}

static void filters_find_what_a_scan_finds(void **state) {
  static const char *const kinds[] = {NULL, "fact.asserted", "claim.", "release.announced",
                                      "no.such"};
  (void)state;
  for (unsigned round = 0; round < 160; round++) {
    struct adduce_log_filter filter = {.newest_first = round % 2 == 1};
    const uint8_t *id32 = NULL;
    filter.kind = kinds[round / 2 % 5];
    if (round % 3 == 1) {
      struct event event = shelf_event(&shelf, round % EVENTS);
      filter.author = scope_format(shelf.scope, "%.*s", (int)(1 + round % 9),
                                   hex_text32(event.claim.parsed.author32).text);
    }
    if (round % 4 == 2)
      filter.subject = generator_subject(shelf.scope, round % generator_subject_count(generator));
    if (round % 7 == 3) {
      struct event event = shelf_event(&shelf, EVENTS - 1 - round);
      struct cursor refs = event.claim.parsed.refs;
      struct parsed_ref ref;
      if (parsed_next_ref(&refs, &ref)) {
        id32 = ref.id32;
        filter.refers_to = hex_text32(id32).text;
        filter.refers_to = scope_format(shelf.scope, "%s", hex_text32(id32).text);
      }
    }
    compare(&filter, id32, EVENTS);
    compare(&filter, id32, 1 + round);
  }
}

static void pages_of_the_log_meet(void **state) {
  const struct adduce_value *answer;
  int64_t next = 0;
  (void)state;
  for (uint64_t skip = 0; skip < EVENTS; skip += 37) {
    struct adduce_question question = {.limit = 37, .skip = skip};
    assert_int_equal(query_log(shelf.scope, &world, &answer, NULL, &question), ADDUCE_OK);
    const struct adduce_value *entries = adduce_value_get(answer, "entries");
    for (size_t i = 0; i < adduce_value_count(entries); i++)
      assert_int_equal(adduce_value_integer(adduce_value_get(adduce_value_at(entries, i), "index")),
                       next++);
    assert_int_equal(adduce_value_boolean(adduce_value_get(answer, "more")), skip + 37 < EVENTS);
  }
  assert_int_equal(next, EVENTS);
}

static void bad_filters_are_refused(void **state) {
  const struct adduce_value *answer;
  struct adduce_log_filter filter = {.author = "xyz"};
  (void)state;
  assert_int_equal(query_log(shelf.scope, &world, &answer, &filter, NULL), ADDUCE_E_USAGE);
  filter = (struct adduce_log_filter){.refers_to = "ffffffffffff"};
  assert_int_equal(query_log(shelf.scope, &world, &answer, &filter, NULL), ADDUCE_E_NOT_FOUND);
  filter = (struct adduce_log_filter){.since = "#100000"};
  assert_int_equal(query_log(shelf.scope, &world, &answer, &filter, NULL), ADDUCE_E_POSITION);
}

/* --- one event ---------------------------------------------------------------------------- */

static void an_event_has_all_its_names(void **state) {
  struct adduce_id id;
  uint64_t index;
  (void)state;
  const char *hex = scope_format(shelf.scope, "%s", hex_text32(shelf.entries[5].id.bytes).text);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, "#5"), ADDUCE_OK);
  assert_int_equal(index, 5);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, "7"), ADDUCE_OK);
  assert_int_equal(index, 7);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, hex), ADDUCE_OK);
  assert_int_equal(index, 5);
  assert_int_equal(
      query_resolve(shelf.scope, &world, &id, &index, scope_format(shelf.scope, "%.16s", hex)),
      ADDUCE_OK);
  assert_int_equal(index, 5);
  assert_memory_equal(id.bytes, shelf.entries[5].id.bytes, 32);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, "#9999"), ADDUCE_E_POSITION);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, "zzzz"), ADDUCE_E_USAGE);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, ""), ADDUCE_E_USAGE);
  assert_int_equal(query_resolve(shelf.scope, &world, &id, &index, "ab"), ADDUCE_E_USAGE);
}

static void an_event_is_shown_whole(void **state) {
  const struct adduce_value *answer;
  (void)state;
  int claim = (int)shelf_add(&shelf, 1, "fact.asserted",
                             "{\"subject\":\"monitor.example/x\",\"property\":\"p\",\"value\":1}",
                             (char *)NULL);
  (void)shelf_add(&shelf, 1, "claim.retracted", "{\"reason\":\"no\"}", "target", claim,
                  (char *)NULL);
  fold();
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#2", NULL), ADDUCE_OK);
  assert_string_equal(text_of(answer, "label"), "claim #1 is retracted: no");
  assert_string_equal(text_of(answer, "handling"), "clear");
  assert_string_equal(text_of(adduce_value_get(answer, "commitments"), "form"), "whole");
  assert_int_equal(adduce_value_bytes(adduce_value_get(answer, "signature")).size, 64);
  const struct adduce_value *ref = adduce_value_at(adduce_value_get(answer, "refs"), 0);
  assert_string_equal(text_of(ref, "role"), "target");
  assert_string_equal(text_of(ref, "label"), "p of x is 1");
  const struct adduce_value *on = adduce_value_at(adduce_value_get(answer, "acts_on"), 0);
  assert_string_equal(text_of(on, "status"), "retracted");
  struct adduce_question before = {.at = "#1"};
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#2", &before), ADDUCE_E_POSITION);
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#1", &before), ADDUCE_OK);
  assert_string_equal(text_of(answer, "status"), "live");
}

static void a_claim_without_its_content_is_shown(void **state) {
  const struct adduce_value *answer;
  (void)state;
  uint64_t claim =
      shelf_add(&shelf, 1, "fact.asserted",
                "{\"subject\":\"monitor.example/x\",\"property\":\"p\",\"value\":1}", (char *)NULL);
  shelf.entries[claim].content = span_of(NULL, 0);
  fold();
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#1", NULL), ADDUCE_OK);
  assert_string_equal(text_of(answer, "status"), "incomplete");
  assert_string_equal(adduce_value_text(adduce_value_at(adduce_value_get(answer, "withheld"), 0)),
                      "*");
  assert_null(adduce_value_get(answer, "content"));
}

/* --- sources, authors, timeline, kinds, quarantine -----------------------------------------*/

static void sources_say_who_cites_them(void **state) {
  const struct adduce_value *answer, *sources;
  (void)state;
  int source = (int)shelf_add(&shelf, 0, "source.cited",
                              "{\"title\":\"T\",\"digest\":{\"$id\":\"00000000000000000000000000"
                              "00000000000000000000000000000000000000\"}}",
                              (char *)NULL);
  (void)shelf_add(
      &shelf, 0, "fact.asserted",
      scope_format(shelf.scope,
                   "{\"subject\":\"monitor.example/x\",\"property\":\"p\",\"value\":1,"
                   "\"citations\":[{\"source\":{\"$id\":\"%s\"},\"quote\":\"so it is\"}]}",
                   hex_text32(shelf.entries[source].id.bytes).text),
      "cites", source, (char *)NULL);
  (void)shelf_add(&shelf, 0, "source.revised", "{\"title\":\"T2\"}", "source", source,
                  (char *)NULL);
  fold();
  assert_int_equal(query_sources(shelf.scope, &world, &answer, NULL), ADDUCE_OK);
  sources = adduce_value_get(answer, "sources");
  assert_int_equal(adduce_value_count(sources), 2);
  const struct adduce_value *first = adduce_value_at(sources, 0);
  assert_string_equal(text_of(first, "title"), "T");
  assert_true(adduce_value_boolean(adduce_value_get(first, "held")));
  assert_int_equal(adduce_value_integer(adduce_value_get(first, "cited_by")), 1);
  assert_string_equal(text_of(adduce_value_at(adduce_value_get(first, "acts"), 0), "act"),
                      "revised");
  assert_int_equal(
      adduce_value_bytes(adduce_value_get(adduce_value_at(sources, 1), "revises")).size, 32);
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#2", NULL), ADDUCE_OK);
  const struct adduce_value *citation = adduce_value_at(adduce_value_get(answer, "citations"), 0);
  assert_string_equal(text_of(citation, "title"), "T");
  assert_string_equal(text_of(citation, "quote"), "so it is");
  assert_int_equal(adduce_value_integer(adduce_value_get(citation, "index")), source);
}

static void authors_are_named_by_their_authorization(void **state) {
  const struct adduce_value *answer;
  (void)state;
  (void)shelf_add(&shelf, 1, "author.described",
                  scope_format(shelf.scope, "{\"key\":{\"$id\":\"%s\"},\"name\":\"Myself\"}",
                               hex_text32(shelf.authors[1].key.bytes).text),
                  (char *)NULL);
  (void)shelf_add(&shelf, 3, "author.described",
                  scope_format(shelf.scope, "{\"key\":{\"$id\":\"%s\"},\"name\":\"Slander\"}",
                               hex_text32(shelf.authors[1].key.bytes).text),
                  (char *)NULL);
  (void)shelf_add(&shelf, 0, "key.authorized",
                  scope_format(shelf.scope,
                               "{\"key\":{\"$id\":\"%s\"},\"rights\":[\"append\"],\"name\":"
                               "\"Given\"}",
                               hex_text32(shelf.authors[3].key.bytes).text),
                  "ledger", 0, (char *)NULL);
  (void)shelf_add(&shelf, 3, "author.described",
                  scope_format(shelf.scope, "{\"key\":{\"$id\":\"%s\"},\"name\":\"Taken\"}",
                               hex_text32(shelf.authors[3].key.bytes).text),
                  (char *)NULL);
  fold();
  assert_int_equal(query_authors(shelf.scope, &world, &answer, NULL), ADDUCE_OK);
  const struct adduce_value *authors = adduce_value_get(answer, "authors");
  assert_int_equal(adduce_value_count(authors), 4);
  assert_string_equal(text_of(adduce_value_at(authors, 1), "name"), "Myself");
  assert_string_equal(text_of(adduce_value_at(authors, 3), "name"), "Given");
  assert_int_equal(adduce_value_integer(adduce_value_get(adduce_value_at(authors, 3), "claims")),
                   2);
  assert_string_equal(adduce_value_text(adduce_value_at(
                          adduce_value_get(adduce_value_at(authors, 0), "rights"), 1)),
                      "found");
}

static void a_rotated_key_keeps_its_claims(void **state) {
  const struct adduce_value *answer;
  (void)state;
  int claim = (int)shelf_add(&shelf, 1, "fact.asserted",
                             "{\"subject\":\"monitor.example/x\",\"property\":\"p\",\"value\":1}",
                             (char *)NULL);
  (void)shelf_add(
      &shelf, 1, "key.rotated",
      scope_format(shelf.scope, "{\"old_key\":{\"$id\":\"%s\"},\"new_key\":{\"$id\":\"%s\"}}",
                   hex_text32(shelf.authors[1].key.bytes).text,
                   hex_text32(shelf.authors[3].key.bytes).text),
      "ledger", 0, (char *)NULL);
  (void)shelf_add(&shelf, 3, "claim.retracted", "{\"reason\":\"no\"}", "target", claim,
                  (char *)NULL);
  fold();
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#1", NULL), ADDUCE_OK);
  assert_string_equal(text_of(answer, "status"), "retracted");
  struct adduce_question before = {.at = "#2"};
  assert_int_equal(query_event(shelf.scope, &world, &answer, "#1", &before), ADDUCE_OK);
  assert_string_equal(text_of(answer, "status"), "live");
}

static void the_timeline_is_in_order_of_time(void **state) {
  static const char *const wanted[] = {"1600", "2025-12", "2025-12-13", "2025-12-13T10:00Z"};
  const struct adduce_value *answer;
  (void)state;
  static const int order[] = {2, 0, 3, 1};
  for (int i = 0; i < 4; i++)
    (void)shelf_add(
        &shelf, 0, "meeting.held",
        scope_format(shelf.scope, "{\"subject\":\"monitor.example/m\",\"valid\":{\"from\":\"%s\"}}",
                     wanted[order[i]]),
        (char *)NULL);
  int late =
      (int)shelf_add(&shelf, 0, "meeting.held",
                     "{\"subject\":\"monitor.example/m\",\"valid\":{\"after\":"
                     "{\"to\":\"monitor.example/t\",\"offset\":\"P2D\"},\"words\":\"then\"}}",
                     (char *)NULL);
  int wrong = (int)shelf_add(&shelf, 0, "meeting.held",
                             "{\"subject\":\"monitor.example/m\",\"valid\":{\"from\":\"1500\"}}",
                             (char *)NULL);
  (void)shelf_add(&shelf, 0, "claim.retracted", "{\"reason\":\"no\"}", "target", wrong,
                  (char *)NULL);
  fold();
  for (int of_subject = 0; of_subject < 2; of_subject++) {
    assert_int_equal(query_timeline(shelf.scope, &world, &answer, of_subject ? "m" : NULL, NULL),
                     ADDUCE_OK);
    const struct adduce_value *events = adduce_value_get(answer, "events");
    assert_int_equal(adduce_value_count(events), 4);
    for (size_t i = 0; i < 4; i++)
      assert_string_equal(text_of(adduce_value_at(events, i), "from"), wanted[i]);
    assert_string_equal(text_of(adduce_value_at(events, 0), "precision"), "year");
    const struct adduce_value *undated = adduce_value_get(answer, "undated");
    assert_int_equal(adduce_value_count(undated), 1);
    assert_int_equal(adduce_value_integer(adduce_value_get(adduce_value_at(undated, 0), "index")),
                     late);
    assert_string_equal(text_of(adduce_value_at(undated, 0), "relative"),
                        "after (within P2D) t, \"then\"");
  }
  assert_int_equal(query_timeline(shelf.scope, &world, &answer, "nobody", NULL),
                   ADDUCE_E_NOT_FOUND);
}

static void the_vocabulary_is_an_answer(void **state) {
  const struct adduce_value *answer;
  size_t count;
  (void)state;
  (void)vocabulary_builtin(&count);
  assert_int_equal(query_kinds(shelf.scope, NULL, &answer, NULL), ADDUCE_OK);
  assert_int_equal(adduce_value_count(answer), count);
  assert_int_equal(query_kinds(shelf.scope, NULL, &answer, "sanction.eased"), ADDUCE_OK);
  assert_string_equal(text_of(answer, "effect"), "moves");
  assert_non_null(adduce_value_get(answer, "frame"));
  assert_int_equal(query_kinds(shelf.scope, shelf.vocabulary, &answer, "no.such"), ADDUCE_E_KIND);
}

static void quarantine_is_listed(void **state) {
  const struct adduce_value *answer;
  (void)state;
  fold();
  assert_int_equal(query_quarantine(shelf.scope, &world, &answer), ADDUCE_OK);
  const struct adduce_value *items = adduce_value_get(answer, "items");
  assert_int_equal(adduce_value_count(items), 1);
  assert_string_equal(text_of(adduce_value_at(items, 0), "reason"), "an unknown author");
  assert_string_equal(text_of(adduce_value_at(items, 0), "kind"), "ledger.created");
}

#define LARGE(test) cmocka_unit_test(test)
#define SMALL(test) cmocka_unit_test_setup_teardown(test, open_small, close_small)

int main(void) {
  const struct CMUnitTest large[] = {
      LARGE(filters_find_what_a_scan_finds),
      LARGE(pages_of_the_log_meet),
      LARGE(bad_filters_are_refused),
      LARGE(an_event_has_all_its_names),
  };
  const struct CMUnitTest small[] = {
      SMALL(an_event_is_shown_whole),        SMALL(a_claim_without_its_content_is_shown),
      SMALL(sources_say_who_cites_them),     SMALL(authors_are_named_by_their_authorization),
      SMALL(a_rotated_key_keeps_its_claims), SMALL(the_timeline_is_in_order_of_time),
      SMALL(the_vocabulary_is_an_answer),    SMALL(quarantine_is_listed),
  };
  int failed = cmocka_run_group_tests_name("lists", large, open_tail, close_shelf);
  failed += cmocka_run_group_tests_name("lists from runs", large, open_runs, close_shelf);
  return failed + cmocka_run_group_tests_name("lists of one's own", small, NULL, NULL);
}
