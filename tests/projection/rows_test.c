/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, the sort, moods, and the rows of each projection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/value.h"
#include "projection/key.h"
#include "projection/registry.h"
#include "projection/row.h"
#include "projection/rowsort.h"
#include "support/oneshelf.h"

/* --- keys --------------------------------------------------------------------------------- */

static struct key key_of(const char *text, size_t size) {
  struct key key;
  key_init(&key);
  key_text(&key, span_of(text, size));
  return key;
}

static void text_parts_keep_their_order_and_their_ends(void **state) {
  static const char *const texts[] = {"a", "a/b", "a/b/c", "ab", "b", "\x02", "é"};
  (void)state;
  for (size_t i = 0; i < 7; i++) {
    for (size_t j = 0; j < 7; j++) {
      struct key a = key_of(texts[i], strlen(texts[i])), b = key_of(texts[j], strlen(texts[j]));
      int wanted = span_compare(span_text(texts[i]), span_text(texts[j]));
      int found = span_compare(key_span(&a), key_span(&b));
      assert_int_equal((wanted > 0) - (wanted < 0), (found > 0) - (found < 0));
      /* no part is the beginning of another */
      if (i != j) assert_true(a.size > b.size || memcmp(a.bytes, b.bytes, a.size) != 0);
    }
  }
}

static void long_text_is_told_apart(void **state) {
  char text[600];
  struct adduce_span rest, head;
  bool is_whole;
  (void)state;
  memset(text, 'x', sizeof text);
  struct key longest = key_of(text, 512);
  assert_int_equal(longest.size, KEY_HEAD_BYTES + 1 + 32);
  struct key shorter = key_of(text, 511);
  assert_memory_not_equal(longest.bytes, shorter.bytes, longest.size);
  struct key plain = key_of(text, KEY_TEXT_BYTES);
  assert_int_equal(plain.size, KEY_TEXT_BYTES + 1);
  rest = key_span(&longest);
  assert_true(key_take_text(&rest, &head, &is_whole));
  assert_false(is_whole);
  assert_int_equal(head.size, KEY_HEAD_BYTES);
  assert_int_equal(rest.size, 0);
  struct key odd = key_of("a\001b", 3);
  rest = key_span(&odd);
  assert_true(key_take_text(&rest, &head, &is_whole));
  assert_false(is_whole);
  assert_int_equal(head.size, 1);
}

static void a_cut_key_has_no_text(void **state) {
  struct adduce_span rest, text;
  bool is_whole;
  (void)state;
  rest = span_text("abc");
  assert_false(key_take_text(&rest, &text, &is_whole));
  rest = span_text("abc\001short");
  assert_false(key_take_text(&rest, &text, &is_whole));
}

/* --- sorting ------------------------------------------------------------------------------ */

static int by_key(const void *a, const void *b) {
  const struct rows_item *left = a, *right = b;
  return span_compare(span_of(left->bytes, left->key_size), span_of(right->bytes, right->key_size));
}

/* A key of a shape: few subjects or many, close or far, in any order; its index is `i`. */
static struct rows_item make_item(int shape, size_t i) {
  static uint64_t seed = 1;
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  unsigned subject = (unsigned)(seed >> 33) % (shape == 0 ? 3 : 1000);
  const char *text = shape == 3 ? scope_format(shelf.scope, "%08zu", 100000 - i)
                                : scope_format(shelf.scope, "monitor.example/%s%u",
                                               shape == 2 ? "a/long/way/to/" : "", subject);
  struct key key = key_of(text, strlen(text));
  uint64_t hash = key.size;
  for (size_t j = 0; j < key.size; j++) hash = hash * 31 + key.bytes[j];
  key_number(&key, i);
  struct adduce_span copy = scope_copy(shelf.scope, key_span(&key));
  uint8_t *bytes = scope_alloc(shelf.scope, copy.size);
  memcpy(bytes, copy.data, copy.size);
  return (struct rows_item){bytes, hash % 512, (uint32_t)copy.size, (uint16_t)copy.size,
                            false, false};
}

static void the_sort_agrees_with_a_plain_one(void **state) {
  enum { COUNT = 3000 };
  (void)state;
  for (int shape = 0; shape < 4; shape++) {
    struct rows_item *one = scope_array(shelf.scope, COUNT, sizeof *one);
    struct rows_item *other = scope_array(shelf.scope, COUNT, sizeof *other);
    for (size_t i = 0; i < COUNT; i++) one[i] = other[i] = make_item(shape, i);
    struct rowsort_room room = {.scope = shelf.scope};
    struct rows_list halves[2] = {{.items = one, .count = COUNT / 3},
                                  {.items = one + COUNT / 3, .count = COUNT - COUNT / 3}};
    const struct rows_list *lists[2] = {&halves[0], &halves[1]};
    struct rows_item *sorted = NULL;
    size_t count;
    assert_int_equal(rowsort(&room, &sorted, &count, lists, 2), ADDUCE_OK);
    assert_int_equal(count, COUNT);
    qsort(other, COUNT, sizeof *other, by_key);
    for (size_t i = 0; i < COUNT; i++) assert_ptr_equal(sorted[i].bytes, other[i].bytes);
  }
  struct rowsort_room none = {.scope = shelf.scope};
  struct rows_item *nothing;
  size_t no_count;
  assert_int_equal(rowsort(&none, &nothing, &no_count, NULL, 0), ADDUCE_OK);
}

/* --- hashes ------------------------------------------------------------------------------- */

/* Keys and values of all sizes, on both sides of what is hashed in one piece. */
static void a_row_without_salts_hashes_its_key_and_value(void **state) {
  static uint8_t key[STORE_KEY_BYTES], value[4000], bytes[5 + sizeof key + sizeof value];
  (void)state;
  for (size_t i = 0; i < sizeof key; i++) key[i] = (uint8_t)(i * 3 + 1);
  for (size_t i = 0; i < sizeof value; i++) value[i] = (uint8_t)(i * 5 + i / 256);
  for (size_t key_size = 9; key_size <= sizeof key; key_size += 41) {
    for (size_t size = 1; size < sizeof value; size += 97) {
      struct row row = {span_of(key, key_size), span_of(value, size), NULL, 0};
      size_t head = 0;
      bytes[head++] = 0x20;
      bytes[head++] = 0x92;
      bytes[head++] = key_size < 256 ? 0xc4 : 0xc5;
      if (key_size >= 256) bytes[head++] = (uint8_t)(key_size >> 8);
      bytes[head++] = (uint8_t)key_size;
      memcpy(bytes + head, key, key_size);
      memcpy(bytes + head + key_size, value, size);
      struct adduce_hash wanted = hash_bytes(span_of(bytes, head + key_size + size));
      struct adduce_hash found = row_hash(&row);
      assert_true(hash_equal(&found, &wanted));
    }
  }
}

/* --- moods -------------------------------------------------------------------------------- */

static struct modality mood(const char *frame) {
  const char *json = scope_format(
      shelf.scope, "{\"subject\":\"monitor.example/a\",\"property\":\"p\",\"value\":\"v\"%s}",
      frame);
  uint64_t index = shelf_add(&shelf, 0, "fact.asserted", json, (char *)NULL);
  struct event event = shelf_event(&shelf, index);
  return modality_of(&event.claim.parsed);
}

#define HOP(act, more) "{\"agent\":\"outlet.example/" act "\",\"act\":\"" act "\"" more "}"

static void moods_sum_up_the_chain(void **state) {
  (void)state;
  struct modality plain = mood("");
  assert_true(modality_plain(&plain) && modality_indicative(&plain));
  struct modality denied = mood(",\"attribution\":[" HOP("reports", "") "," HOP("denies", "") "]");
  assert_int_equal(denied.polarity, MODALITY_NEGATIVE);
  assert_int_equal(denied.hops, 2);
  assert_true(span_is(denied.speaker, "outlet.example/denies"));
  assert_false(modality_indicative(&denied));
  struct modality outer = mood(",\"attribution\":[" HOP("denies", "") "," HOP("states", "") "]");
  assert_int_equal(outer.polarity, MODALITY_UNDECIDED);
  struct modality twice =
      mood(",\"polarity\":\"negative\",\"attribution\":[" HOP("denies", "") "]");
  assert_int_equal(twice.polarity, MODALITY_POSITIVE);
  struct modality said_twice =
      mood(",\"attribution\":[" HOP("denies", ",\"polarity\":\"negative\"") "]");
  assert_int_equal(said_twice.polarity, MODALITY_NEGATIVE);
  struct modality least = mood(",\"certainty\":\"probable\",\"attribution\":[" HOP(
      "reports", ",\"certainty\":\"possible\"") "]");
  assert_int_equal(least.certainty, MODALITY_POSSIBLE);
  assert_false(modality_indicative(&least));
  struct modality planned = mood(",\"attribution\":[" HOP("plans", "") "]");
  assert_true(planned.intended && !modality_indicative(&planned));
  struct modality unnamed = mood(
      ",\"attribution\":[{\"anonymous\":{\"description\":\"several media\",\"plural\":true},"
      "\"act\":\"reports\"}]");
  assert_true(span_is(unnamed.anonymous, "several media"));
  assert_int_equal(unnamed.speaker.size, 0);
}

/* --- rows --------------------------------------------------------------------------------- */

static struct rows rows_of(uint64_t index) {
  struct rows rows;
  struct event event = shelf_event(&shelf, index);
  struct projection_input input = {index, 0, &event};
  rows_init(&rows, shelf.scope, true);
  assert_int_equal(rows_project(&rows, ROWS_ALL, &input), ADDUCE_OK);
  return rows;
}

static void assert_row(const struct rows *rows, enum registry_number table, size_t at,
                       const char *wanted_json) {
  const struct rows_item *item = &rows->lists[table].items[at];
  const struct adduce_value *wanted;
  struct adduce_value *value;
  assert_true(at < rows->lists[table].count);
  assert_int_equal(value_decode(shelf.scope, &value, rows_item_value(item)), ADDUCE_OK);
  assert_int_equal(adduce_value_from_json(shelf.scope, &wanted, wanted_json, strlen(wanted_json)),
                   ADDUCE_OK);
  assert_true(value_equal(value, wanted));
}

static void assert_counts(const struct rows *rows, const char *wanted) {
  size_t count;
  const struct projection *all = projection_all(&count);
  const char *found = "";
  for (size_t i = 0; i < count; i++)
    if (rows->lists[i].count != 0)
      found = scope_format(shelf.scope, "%s%s%s:%zu", found, *found == '\0' ? "" : " ", all[i].name,
                           rows->lists[i].count);
  assert_string_equal(found, wanted);
}

static void a_fact_has_its_rows(void **state) {
  (void)state;
  uint64_t index =
      shelf_add(&shelf, 0, "fact.asserted",
                "{\"subject\":\"monitor.example/g\",\"property\":\"nationality\",\"value\":\"jp\","
                "\"quantity\":{\"some\":true,\"of\":\"monitor.example/all\"},\"open_list\":true,"
                "\"certainty\":\"probable\"}",
                (char *)NULL);
  struct rows rows = rows_of(index);
  assert_counts(&rows, "facts:1 subjects:2 bykind:1 byauthor:1");
  assert_row(&rows, REGISTRY_FACTS, 0,
             "{\"mood\":{\"certainty\":\"probable\"},\"open_list\":true,\"quantity\":"
             "{\"of\":\"monitor.example/all\",\"some\":true},\"value\":\"jp\"}");
  assert_row(&rows, REGISTRY_SUBJECTS, 1, "{\"in\":[\"quantity\"]}");
}

static void a_sanction_is_a_state_in_its_facets(void **state) {
  (void)state;
  uint64_t index =
      shelf_add(&shelf, 0, "sanction.eased",
                "{\"target\":\"monitor.example/t\",\"issuer\":\"monitor.example/us\",\"measure\":"
                "\"sectoral\",\"scope\":[\"potash\"],\"degree\":\"partial\",\"valid\":{\"from\":"
                "\"2025-12\"}}",
                (char *)NULL);
  struct rows rows = rows_of(index);
  assert_counts(&rows, "sanctions:2 timeline:1 subjects:2 bykind:1 byauthor:1");
  assert_row(
      &rows, REGISTRY_SANCTIONS, 1,
      "{\"degree\":\"partial\",\"facets\":{\"issuer\":\"monitor.example/us\",\"measure\":"
      "\"sectoral\",\"scope\":[\"potash\"]},\"noun\":\"sanction\",\"state\":\"eased\",\"subject\":"
      "\"monitor.example/t\"}");
  assert_row(&rows, REGISTRY_TIMELINE, 0, "{\"from\":\"2025-12\"}");
}

static void a_release_sets_facts_and_concerns_its_group(void **state) {
  (void)state;
  uint64_t index =
      shelf_add(&shelf, 0, "release.announced",
                "{\"subject\":\"monitor.example/r\",\"group\":\"monitor.example/g\",\"quantity\":"
                "{\"exact\":123}}",
                (char *)NULL);
  struct rows rows = rows_of(index);
  assert_counts(&rows, "facts:2 releases:2 timeline:1 subjects:2 bykind:1 byauthor:1");
  assert_row(&rows, REGISTRY_TIMELINE, 0, "{}");
}

static void links_and_judgements_stand_under_both_ends(void **state) {
  (void)state;
  uint64_t index = shelf_add(&shelf, 0, "relation.asserted",
                             "{\"from\":\"monitor.example/a\",\"relation\":\"part_of\",\"to\":"
                             "\"monitor.example/b\"}",
                             (char *)NULL);
  struct rows rows = rows_of(index);
  assert_counts(&rows, "relations:2 subjects:2 bykind:1 byauthor:1");
  index = shelf_add(&shelf, 0, "relation.asserted",
                    "{\"from\":\"monitor.example/a\",\"relation\":\"part_of\",\"to\":"
                    "{\"?\":\"unknown\"}}",
                    (char *)NULL);
  rows = rows_of(index);
  assert_counts(&rows, "relations:1 subjects:1 bykind:1 byauthor:1");
  assert_row(&rows, REGISTRY_RELATIONS, 0, "{}");
  index = shelf_add(&shelf, 0, "same.judged",
                    "{\"left\":\"monitor.example/a\",\"right\":\"monitor.example/b\","
                    "\"judgement\":\"positive\"}",
                    (char *)NULL);
  rows = rows_of(index);
  assert_counts(&rows, "entities:2 subjects:2 bykind:1 byauthor:1");
}

static void acts_and_sources_have_their_rows(void **state) {
  (void)state;
  uint64_t source = shelf_add(&shelf, 0, "source.cited",
                              "{\"title\":\"T\",\"published_at\":\"2025-12-13\"}", (char *)NULL);
  struct rows rows = rows_of(source);
  assert_counts(&rows, "sources:1 timeline:1 bykind:1 byauthor:1");
  uint64_t act = shelf_add(&shelf, 0, "claim.retracted", "{\"reason\":\"x\"}", "target",
                           (int)source, (char *)NULL);
  rows = rows_of(act);
  assert_counts(&rows, "life:1 references:1 bykind:1 byauthor:1");
  uint64_t revised = shelf_add(&shelf, 0, "source.revised", "{\"title\":\"T2\"}", "source",
                               (int)source, (char *)NULL);
  rows = rows_of(revised);
  assert_counts(&rows, "sources:2 references:1 bykind:1 byauthor:1");
}

static void what_is_withheld_projects_nothing_but_that(void **state) {
  (void)state;
  uint64_t index = shelf_add(&shelf, 0, "fact.asserted",
                             "{\"subject\":\"monitor.example/a\",\"property\":\"p\",\"value\":"
                             "\"v\",\"note\":\"n\"}",
                             (char *)NULL);
  shelf_withhold(&shelf, index, "note", -1);
  struct rows rows = rows_of(index);
  assert_counts(&rows, "facts:1 subjects:1 bykind:1 byauthor:1 withheld:1");
  shelf_withhold(&shelf, index, "value", -1);
  rows = rows_of(index);
  assert_counts(&rows, "subjects:1 bykind:1 byauthor:1 withheld:1");
  assert_row(&rows, REGISTRY_WITHHELD, 0, "{\"note\":true,\"value\":true}");
}

static void a_withheld_name_leaves_the_others(void **state) {
  (void)state;
  uint64_t index =
      shelf_add(&shelf, 0, "entity.described",
                "{\"subject\":\"monitor.example/a\",\"name\":[\"one\",\"two\"]}", (char *)NULL);
  struct rows before = rows_of(index);
  assert_row(&before, REGISTRY_FACTS, 0, "{\"value\":[\"one\",\"two\"]}");
  shelf_withhold(&shelf, index, "name", 0);
  struct rows rows = rows_of(index);
  assert_row(&rows, REGISTRY_FACTS, 0, "{\"value\":[\"two\"]}");
  assert_row(&rows, REGISTRY_WITHHELD, 0, "{\"name\":[0]}");
}

static void a_correction_names_whom_it_brings_in(void **state) {
  (void)state;
  uint64_t claim =
      shelf_add(&shelf, 0, "fact.asserted",
                "{\"subject\":\"monitor.example/a\",\"property\":\"p\",\"value\":1}", (char *)NULL);
  uint64_t index = shelf_add(&shelf, 0, "claim.corrected",
                             "{\"reason\":\"x\",\"fields\":{\"subject\":\"monitor.example/b\"}}",
                             "target", (int)claim, (char *)NULL);
  struct rows rows = rows_of(index);
  assert_counts(&rows, "life:1 subjects:1 references:1 bykind:1 byauthor:1");
}

static void every_builtin_example_projects(void **state) {
  size_t count;
  const struct vocabulary_kind *kinds = vocabulary_builtin(&count);
  (void)state;
  for (size_t i = 0; i < count; i++) {
    const struct adduce_value *claim;
    struct adduce_span content;
    struct event event = {.id = {{0}}};
    struct parsed parsed;
    uint8_t seed[16] = {0};
    assert_int_equal(
        adduce_value_from_json(shelf.scope, &claim, kinds[i].example, strlen(kinds[i].example)),
        ADDUCE_OK);
    assert_int_equal(
        content_encode(shelf.scope, &content, adduce_value_get(claim, "content"), seed), ADDUCE_OK);
    assert_int_equal(parsed_read(shelf.scope, &parsed, span_of(NULL, 0), content), ADDUCE_OK);
    parsed.kind = span_text(kinds[i].name);
    parsed.author32 = shelf.authors[0].key.bytes;
    claim_recall(&event.claim, &parsed, shelf.vocabulary);
    struct projection_input input = {7, 0, &event};
    struct rows rows;
    rows_init(&rows, shelf.scope, true);
    assert_int_equal(rows_project(&rows, ROWS_ALL, &input), ADDUCE_OK);
    assert_int_equal(rows.lists[REGISTRY_BYKIND].count, 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_parts_keep_their_order_and_their_ends),
      cmocka_unit_test(long_text_is_told_apart),
      cmocka_unit_test(a_cut_key_has_no_text),
      cmocka_unit_test(the_sort_agrees_with_a_plain_one),
      cmocka_unit_test(a_row_without_salts_hashes_its_key_and_value),
      cmocka_unit_test(moods_sum_up_the_chain),
      cmocka_unit_test(a_fact_has_its_rows),
      cmocka_unit_test(a_sanction_is_a_state_in_its_facets),
      cmocka_unit_test(a_release_sets_facts_and_concerns_its_group),
      cmocka_unit_test(links_and_judgements_stand_under_both_ends),
      cmocka_unit_test(acts_and_sources_have_their_rows),
      cmocka_unit_test(what_is_withheld_projects_nothing_but_that),
      cmocka_unit_test(a_withheld_name_leaves_the_others),
      cmocka_unit_test(a_correction_names_whom_it_brings_in),
      cmocka_unit_test(every_builtin_example_projects),
  };
  return cmocka_run_group_tests_name("rows", tests, open_shelf, close_shelf);
}
