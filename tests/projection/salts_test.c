/* SPDX-License-Identifier: Apache-2.0 */
/* No digest is a test for an erased value: the hash of every row takes in the salts of everything
 * the row derives from. Each field and each element of real claims is changed, once its value and
 * once its salt; a row that changes with the value must change its hash with the salt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/row.h"
#include "projection/rows.h"
#include "support/generator.h"
#include "support/shelf.h"

#define GENERATED 150

static struct shelf shelf;

/* --- contents, changed in one place --------------------------------------------------------- */

enum change { CHANGE_NOTHING, CHANGE_VALUE, CHANGE_SALT };

struct place {
  uint32_t field;
  int64_t element; /* -1: the field */
};

/* Other bytes for a value, of the same type: each text gets another last letter, each integer is
 * one more, each truth the other one. */
static void pack_other(struct buffer *out, struct cursor *in) {
  struct adduce_span text;
  const uint8_t *bytes32;
  int64_t integer;
  bool truth;
  uint32_t count;
  if (cursor_bin_of(in, 32, &bytes32)) {
    uint8_t other[32];
    memcpy(other, bytes32, 32);
    other[31] ^= 1;
    pack_bin(out, other, 32);
  } else if (cursor_str(in, &text)) {
    char other[4096];
    assert_true(text.size < sizeof other);
    memcpy(other, text.data, text.size);
    other[text.size - 1] = other[text.size - 1] == 'z' ? 'y' : 'z';
    pack_str(out, span_of(other, text.size));
  } else if (cursor_int(in, &integer)) {
    pack_int(out, integer + 1);
  } else if (cursor_bool(in, &truth)) {
    pack_bool(out, !truth);
  } else if (cursor_array(in, &count)) {
    pack_array(out, count);
    for (uint32_t i = 0; i < count; i++) pack_other(out, in);
  } else if (cursor_map(in, &count)) {
    pack_map(out, count);
    for (uint32_t i = 0; i < count; i++) {
      assert_true(cursor_str(in, &text));
      pack_str(out, text);
      pack_other(out, in);
    }
  } else {
    fail_msg("a value of a type that is not known here");
  }
}

static void pack_salt(struct buffer *out, const struct parsed *parsed, struct adduce_span key,
                      int64_t element, bool other) {
  uint8_t salt16[16];
  content_salt(salt16, parsed->seed16, key, element);
  if (other) salt16[7] ^= 0x40;
  pack_bin(out, salt16, 16);
}

static void pack_value(struct buffer *out, struct adduce_span value, bool other) {
  struct cursor cursor = cursor_of(value);
  if (other)
    pack_other(out, &cursor);
  else
    pack_encoded(out, value);
}

static void pack_field(struct buffer *out, const struct parsed *parsed, uint32_t index,
                       struct place place, enum change change) {
  const struct parsed_field *field = &parsed->fields[index];
  bool is_here = place.field == index;
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  pack_array(out, 3);
  pack_str(out, field->key);
  pack_salt(out, parsed, field->key, -1, is_here && place.element < 0 && change == CHANGE_SALT);
  if (!parsed_elements(field, &elements, &count)) {
    pack_value(out, field->value, is_here && change == CHANGE_VALUE);
    return;
  }
  pack_array(out, count);
  for (int64_t i = 0; parsed_next_element(parsed, &elements, &element); i++) {
    bool is_it = is_here && place.element == i;
    pack_array(out, 2);
    pack_salt(out, parsed, field->key, i, is_it && change == CHANGE_SALT);
    pack_value(out, element.value, is_it && change == CHANGE_VALUE);
  }
}

/* Form 2 of a whole content, with one thing changed. */
static struct adduce_span changed(const struct parsed *parsed, struct place place,
                                  enum change change) {
  struct buffer out;
  struct adduce_span bytes;
  buffer_init(&out, shelf.scope);
  pack_array(&out, 2);
  pack_int(&out, 2);
  pack_array(&out, parsed->field_count);
  for (uint32_t i = 0; i < parsed->field_count; i++) pack_field(&out, parsed, i, place, change);
  assert_int_equal(buffer_take(&out, &bytes), ADDUCE_OK);
  return bytes;
}

/* --- rows ----------------------------------------------------------------------------------- */

/* The event with other content; a salt that is not the author's is as good here as any other. */
static void project(struct rows *rows, const struct event *event, struct adduce_span content) {
  struct event other = {.id = event->id};
  struct parsed parsed;
  assert_int_equal(parsed_read_stored(shelf.scope, &parsed, span_of(NULL, 0), content), ADDUCE_OK);
  parsed.kind = event->claim.parsed.kind;
  parsed.author32 = event->claim.parsed.author32;
  parsed.refs = event->claim.parsed.refs;
  parsed.ref_count = event->claim.parsed.ref_count;
  claim_recall(&other.claim, &parsed, shelf.vocabulary);
  const struct projection_input input = {7, 0, &other};
  rows_init(rows, shelf.scope, true);
  assert_int_equal(rows_project(rows, ROWS_ALL, &input), ADDUCE_OK);
}

/* The row that says the same, whatever its hash; NULL if there is none. */
static const struct rows_item *find(const struct rows_list *list, const struct rows_item *row) {
  for (size_t i = 0; i < list->count; i++) {
    const struct rows_item *item = &list->items[i];
    if (item->key_size == row->key_size && memcmp(item->bytes, row->bytes, row->key_size) == 0 &&
        span_equal(rows_item_value(item), rows_item_value(row)))
      return item;
  }
  return NULL;
}

static const uint8_t *hash_of(const struct rows_item *item) {
  return item->has_hash ? item->bytes + item->size - ROW_HASH_BYTES : NULL;
}

/* How many rows say what stands at the place, each with its salt. */
static size_t look(const struct event *event, struct place place, size_t *by_table) {
  const struct parsed *parsed = &event->claim.parsed;
  struct rows plain, by_value, by_salt;
  size_t seen = 0;
  project(&plain, event, changed(parsed, place, CHANGE_NOTHING));
  project(&by_value, event, changed(parsed, place, CHANGE_VALUE));
  project(&by_salt, event, changed(parsed, place, CHANGE_SALT));
  for (unsigned table = 0; table < REGISTRY_COUNT; table++) {
    assert_int_equal(plain.lists[table].count, by_salt.lists[table].count);
    for (size_t i = 0; i < plain.lists[table].count; i++) {
      const struct rows_item *row = &plain.lists[table].items[i];
      if (find(&by_value.lists[table], row) != NULL) continue; /* it does not say this value */
      const struct rows_item *salted = find(&by_salt.lists[table], row);
      assert_non_null(salted);
      if (hash_of(row) == NULL || memcmp(hash_of(row), hash_of(salted), ROW_HASH_BYTES) == 0)
        fail_msg("%.*s: a row of table %u says field %.*s and does not take in its salt",
                 SPAN_ARGS(parsed->kind), table, SPAN_ARGS(parsed->fields[place.field].key));
      by_table[table]++;
      seen++;
    }
  }
  return seen;
}

static size_t look_at_all(const struct event *event, size_t *by_table) {
  const struct parsed *parsed = &event->claim.parsed;
  size_t seen = 0;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    struct scope_mark mark = scope_mark(shelf.scope);
    struct cursor elements;
    uint32_t count;
    seen += look(event, (struct place){i, -1}, by_table);
    if (parsed_elements(&parsed->fields[i], &elements, &count))
      for (int64_t k = 0; k < count; k++) seen += look(event, (struct place){i, k}, by_table);
    scope_rewind(shelf.scope, mark);
  }
  return seen;
}

/* --- the tests ------------------------------------------------------------------------------ */

/* A ref that acts, where the kind takes one. */
static void refer(struct parsed *parsed, const char *role) {
  struct buffer ref;
  struct adduce_span bytes;
  buffer_init(&ref, shelf.scope);
  pack_array(&ref, 2);
  pack_text(&ref, role);
  pack_bin(&ref, shelf.authors[0].key.bytes, 32);
  assert_int_equal(buffer_take(&ref, &bytes), ADDUCE_OK);
  parsed->refs = cursor_of(bytes);
  parsed->ref_count = 1;
}

/* The examples of the vocabulary have every kind between them. */
static void rows_of_every_kind_take_in_their_salts(void **state) {
  size_t count, seen = 0, by_table[REGISTRY_COUNT] = {0};
  const struct vocabulary_kind *kinds = vocabulary_builtin(&count);
  (void)state;
  for (size_t i = 0; i < count; i++) {
    static const uint8_t seed[16] = {1, 2, 3};
    const struct adduce_value *claim;
    struct adduce_span content;
    struct event event = {.id = {{(uint8_t)i}}};
    struct parsed parsed;
    assert_int_equal(
        adduce_value_from_json(shelf.scope, &claim, kinds[i].example, strlen(kinds[i].example)),
        ADDUCE_OK);
    assert_int_equal(
        content_encode(shelf.scope, &content, adduce_value_get(claim, "content"), seed), ADDUCE_OK);
    assert_int_equal(parsed_read(shelf.scope, &parsed, span_of(NULL, 0), content), ADDUCE_OK);
    parsed.kind = span_text(kinds[i].name);
    parsed.author32 = shelf.authors[0].key.bytes;
    if (kinds[i].acts_role != NULL) refer(&parsed, kinds[i].acts_role);
    claim_recall(&event.claim, &parsed, shelf.vocabulary);
    seen += look_at_all(&event, by_table);
  }
  assert_true(seen > 100);
  for (unsigned table = 0; table <= REGISTRY_SUBJECTS; table++)
    if (by_table[table] == 0) fail_msg("no row of table %u was looked at", table);
}

static void rows_of_generated_claims_take_in_their_salts(void **state) {
  struct generator *generator;
  struct generator_options options = {.seed = 34, .keys_seed = 34, .authors = 2};
  struct event genesis;
  size_t seen = 0, by_table[REGISTRY_COUNT] = {0};
  (void)state;
  assert_int_equal(generator_open(shelf.scope, &generator, &options), ADDUCE_OK);
  assert_int_equal(generator_genesis(shelf.scope, generator, &genesis), ADDUCE_OK);
  generator_join(generator, &genesis.id);
  for (size_t i = 0; i < GENERATED; i++) {
    struct event event;
    assert_int_equal(generator_event(shelf.scope, generator, &event), ADDUCE_OK);
    seen += look_at_all(&event, by_table);
  }
  generator_close(&generator);
  assert_true(seen > 3 * GENERATED);
}

/* --- a dictionary --------------------------------------------------------------------------- */

static struct adduce_hash facts_digest(uint64_t size) {
  struct store_txn *txn;
  struct adduce_hash digest;
  uint64_t rows;
  assert_int_equal(store_begin_read(shelf.scope, shelf.store, &txn), ADDUCE_OK);
  assert_int_equal(fold_digest(shelf.scope, txn, &digest, &rows, REGISTRY_FACTS, size), ADDUCE_OK);
  store_end_read(&txn);
  return digest;
}

/* What a reader can do who has the log, all salts that are left, the digest from before the
 * erasure, and a list of all names: he cannot tell which it was, not even with the right one. */
static bool finds(const struct adduce_hash *wanted, const struct row *row, const char *const *salts,
                  size_t salt_count) {
  struct hash hash;
  struct adduce_hash row_digest, digest;
  uint8_t numbers[12] = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
  const uint8_t head[4] = {0x20, 0x92, 0xc4, (uint8_t)row->key.size};
  hash_init(&hash);
  hash_update(&hash, head, sizeof head);
  hash_span(&hash, row->key);
  hash_span(&hash, row->value);
  for (size_t i = 0; i < salt_count; i++) hash_update(&hash, salts[i], 16);
  hash_final(&hash, &row_digest);
  hash_init(&hash);
  hash_span(&hash, span_text("adduce/projection/v1\nfacts\n"));
  hash_update(&hash, numbers, sizeof numbers);
  hash_update(&hash, row_digest.bytes, 32);
  hash_final(&hash, &digest);
  return hash_equal(&digest, wanted);
}

static bool holds(struct adduce_span where, const void *what, size_t size) {
  for (size_t i = 0; i + size <= where.size; i++)
    if (memcmp(where.data + i, what, size) == 0) return true;
  return false;
}

static void a_digest_is_no_test_for_an_erased_name(void **state) {
  static const char *const names[] = {"Anna", "Berta", "Clara", "Dora"};
  static const uint8_t right_key[] = "monitor.example/x\0witness\0\0\0\0\0\0\0\0\0";
  uint8_t salts[3][16];
  (void)state;
  shelf_empty(&shelf);
  (void)shelf_add(
      &shelf, 0, "fact.asserted",
      "{\"subject\":\"monitor.example/x\",\"property\":\"witness\",\"value\":\"Clara\"}",
      (char *)NULL);
  shelf_fold(&shelf);
  struct adduce_hash before = facts_digest(1);
  struct event event = shelf_event(&shelf, 0);
  static const char *const paths[] = {"property", "subject", "value"};
  for (size_t i = 0; i < 3; i++)
    content_salt(salts[i], event.claim.parsed.seed16, span_text(paths[i]), -1);
  size_t found = 0, found_without = 0;
  for (size_t i = 0; i < 4; i++) {
    struct buffer value;
    buffer_init(&value, shelf.scope);
    pack_map(&value, 1);
    pack_text(&value, "value");
    pack_text(&value, names[i]);
    const struct row row = {.key = span_of(right_key, sizeof right_key - 1),
                            .value = span_of(value.data, value.size)};
    const char *all[] = {(const char *)salts[0], (const char *)salts[1], (const char *)salts[2]};
    found += finds(&before, &row, all, 3); /* with the erased salt the dictionary works ... */
    found_without += finds(&before, &row, all, 2); /* ... and without it, it does not */
  }
  assert_int_equal(found, 1);
  assert_int_equal(found_without, 0);
  /* After the erasure neither salt nor seed nor value is there, and the digest is another. */
  shelf_withhold(&shelf, 0, "value", -1);
  assert_int_equal(fold_reset(shelf.scope, shelf.store), ADDUCE_OK);
  shelf_fold(&shelf);
  struct adduce_hash after = facts_digest(1);
  assert_memory_not_equal(&before, &after, sizeof after);
  struct adduce_span left = shelf.entries[0].content;
  assert_false(holds(left, "Clara", 5));
  assert_false(holds(left, salts[2], 16));
  assert_false(holds(left, event.claim.parsed.seed16, 16));
  assert_true(holds(left, salts[1], 16));
}

static int open_shelf(void **state) {
  (void)state;
  shelf_open(&shelf, 1);
  return 0;
}

static int close_shelf(void **state) {
  (void)state;
  shelf_close(&shelf);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_of_every_kind_take_in_their_salts),
      cmocka_unit_test(rows_of_generated_claims_take_in_their_salts),
      cmocka_unit_test(a_digest_is_no_test_for_an_erased_name),
  };
  return cmocka_run_group_tests_name("salts", tests, open_shelf, close_shelf);
}
