/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/canonical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "samples.h"

#define VECTORS "tests/vectors/canonical.txt"
#define SAMPLES 3000

static const char *const names[] = {
#define RULE_NAME(symbol, text) [symbol] = #symbol,
    CANONICAL_RULES(RULE_NAME)
#undef RULE_NAME
};
#define RULES (sizeof names / sizeof *names)

static struct adduce_scope *open_scope(void) {
  struct adduce_scope *scope;
  assert_int_equal(adduce_scope_open(&scope, 0), ADDUCE_OK);
  return scope;
}

/* "91*15.90" as bytes. */
static struct adduce_span unfold(struct adduce_scope *scope, char *spec) {
  struct buffer buffer;
  struct adduce_span bytes;
  char *rest = NULL;
  buffer_init(&buffer, scope);
  for (char *group = strtok_r(spec, ".", &rest); group != NULL;
       group = strtok_r(NULL, ".", &rest)) {
    uint8_t block[64];
    char *star = strchr(group, '*');
    unsigned long times = star == NULL ? 1 : strtoul(star + 1, NULL, 10);
    size_t digits = star == NULL ? strlen(group) : (size_t)(star - group);
    if (strcmp(group, "-") == 0) continue;
    assert_true(digits / 2 <= sizeof block);
    assert_true(hex_decode(span_of(group, digits), block, digits / 2));
    for (; times != 0; times--) buffer_append(&buffer, block, digits / 2);
  }
  assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_OK);
  return bytes;
}

struct vector {
  struct adduce_span bytes;
  enum canonical_rule rule;
  size_t offset;
};

typedef void vector_fn(struct adduce_scope *scope, const struct vector *vector, size_t line);

static enum canonical_rule rule_of(const char *name) {
  if (strcmp(name, "ok") == 0) return CANONICAL_FINE;
  for (size_t i = 0; i < RULES; i++)
    if (strcmp(names[i] + strlen("CANONICAL_"), name) == 0) return (enum canonical_rule)i;
  fail_msg("no rule %s", name);
  return CANONICAL_FINE;
}

static void for_each_vector(vector_fn *visit) {
  FILE *file = fopen(VECTORS, "r");
  char text[256];
  struct adduce_scope *scope = open_scope();
  assert_non_null(file);
  for (size_t line = 1; fgets(text, sizeof text, file) != NULL; line++) {
    char spec[160], rule[40];
    struct vector vector = {.offset = 0};
    if (text[0] == '#' || text[0] == '\n') continue;
    assert_true(sscanf(text, "%159s %39s %zu", spec, rule, &vector.offset) >= 2);
    vector.rule = rule_of(rule);
    vector.bytes = sample_exact(unfold(scope, spec));
    visit(scope, &vector, line);
    sample_free(vector.bytes);
    adduce_scope_reset(scope);
  }
  (void)fclose(file);
  adduce_scope_close(&scope);
}

static void check_vector(struct adduce_scope *scope, const struct vector *vector, size_t line) {
  struct canonical_fault fault = {CANONICAL_RESERVED, 77};
  (void)scope;
  bool is_canonical = canonical_check(vector->bytes, &fault);
  if (fault.rule != vector->rule || fault.offset != vector->offset)
    fail_msg("%s:%zu: found %s at %zu", VECTORS, line, names[fault.rule], fault.offset);
  assert_int_equal(is_canonical, vector->rule == CANONICAL_FINE);
}

static void every_vector_gets_its_verdict_at_its_byte(void **state) {
  (void)state;
  for_each_vector(check_vector);
}

static unsigned broken[RULES];

static void count_vector(struct adduce_scope *scope, const struct vector *vector, size_t line) {
  (void)scope;
  (void)line;
  broken[vector->rule]++;
}

static void every_rule_has_three_vectors_that_break_it(void **state) {
  (void)state;
  for_each_vector(count_vector);
  for (size_t i = 0; i < RULES; i++)
    if (i != CANONICAL_EMPTY && broken[i] < 3) fail_msg("%s has %u", names[i], broken[i]);
}

static void round_trip(struct adduce_scope *scope, const struct vector *vector, size_t line) {
  struct adduce_value *value;
  struct adduce_span again;
  if (vector->rule != CANONICAL_FINE) {
    assert_int_not_equal(value_decode(scope, &value, vector->bytes), ADDUCE_OK);
    return;
  }
  assert_int_equal(value_decode(scope, &value, vector->bytes), ADDUCE_OK);
  assert_int_equal(value_encode(scope, &again, value), ADDUCE_OK);
  if (!span_equal(vector->bytes, again)) fail_msg("%s:%zu changes", VECTORS, line);
}

static void what_is_accepted_is_encoded_as_it_was(void **state) {
  (void)state;
  for_each_vector(round_trip);
}

/* Calls `visit` with the encoding of many random values. */
static void for_each_sample(void (*visit)(struct adduce_span canonical)) {
  struct adduce_scope *scope = open_scope();
  uint64_t random = 20251213;
  for (int i = 0; i < SAMPLES; i++) {
    struct adduce_value *value = sample_value(scope, &random, 6), *decoded;
    struct adduce_span bytes, again;
    assert_int_equal(value_encode(scope, &bytes, value), ADDUCE_OK);
    assert_int_equal(value_decode(scope, &decoded, bytes), ADDUCE_OK);
    assert_true(value_equal(value, decoded));
    assert_int_equal(value_encode(scope, &again, decoded), ADDUCE_OK);
    assert_true(span_equal(bytes, again));
    visit(bytes);
    adduce_scope_reset(scope);
  }
  adduce_scope_close(&scope);
}

static void check_prefixes(struct adduce_span canonical) {
  struct canonical_fault fault;
  assert_true(canonical_check(canonical, &fault));
  assert_int_equal(fault.rule, CANONICAL_FINE);
  size_t step = canonical.size > 400 ? canonical.size / 200 : 1;
  for (size_t size = 0; size < canonical.size; size += step) {
    struct adduce_span prefix = sample_exact(span_of(canonical.data, size));
    assert_false(canonical_check(prefix, &fault));
    assert_int_equal(fault.rule, size == 0 ? CANONICAL_EMPTY : CANONICAL_TRUNCATED);
    assert_true(fault.offset <= size);
    sample_free(prefix);
  }
}

static void every_proper_prefix_is_refused(void **state) {
  (void)state;
  for_each_sample(check_prefixes);
}

static void check_extensions(struct adduce_span canonical) {
  struct canonical_fault fault;
  uint8_t *longer = malloc(canonical.size + 1);
  assert_non_null(longer);
  memcpy(longer, canonical.data, canonical.size);
  for (unsigned byte = 0; byte < 256; byte++) {
    longer[canonical.size] = (uint8_t)byte;
    assert_false(canonical_check(span_of(longer, canonical.size + 1), &fault));
    assert_int_equal(fault.rule, CANONICAL_TRAILING);
    assert_int_equal(fault.offset, canonical.size);
  }
  free(longer);
}

static void every_extension_by_a_byte_is_refused(void **state) {
  (void)state;
  for_each_sample(check_extensions);
}

static void the_first_of_several_values_is_measured(void **state) {
  static const uint8_t bytes[] = {0x92, 0x01, 0xa1, 'x', 0xc2, 0xcd, 0x00, 0x01};
  struct canonical_fault fault;
  size_t size;
  (void)state;
  assert_true(canonical_check_first(span_of(bytes, sizeof bytes), &size, &fault));
  assert_int_equal(size, 4);
  assert_true(canonical_check_first(span_of(bytes + 4, 4), &size, &fault));
  assert_int_equal(size, 1);
  assert_false(canonical_check_first(span_of(bytes + 5, 3), &size, &fault));
  assert_int_equal(fault.rule, CANONICAL_INTEGER_FORM);
  assert_int_equal(size, 0);
  assert_false(canonical_check_first(span_of(NULL, 0), &size, &fault));
  assert_int_equal(fault.rule, CANONICAL_EMPTY);
}

static void the_detail_says_what_rule_and_where(void **state) {
  struct adduce_scope *scope = open_scope();
  (void)state;
  assert_int_equal(canonical_require(scope, span_text("\x01"), "event 7"), ADDUCE_OK);
  assert_int_equal(canonical_require(scope, span_text("\x91\xc0"), "event 7"),
                   ADDUCE_E_NOT_CANONICAL);
  assert_string_equal(adduce_scope_detail(scope),
                      "event 7: nil is not allowed; an optional field is absent, at byte 1");
  assert_int_equal(canonical_require(scope, span_text("\xa1\xff"), "event 8"), ADDUCE_E_TEXT);
  assert_string_equal(adduce_scope_detail(scope),
                      "event 8: the text is not valid UTF-8, at byte 1");
  assert_int_equal(canonical_require(scope, span_of("\xa1", 2), "event 9"), ADDUCE_E_TEXT);
  assert_string_equal(adduce_scope_detail(scope), "event 9: the text holds U+0000, at byte 1");
  adduce_scope_close(&scope);
}

/* Every bad byte at every place around the steps of eight. */
static void text_is_refused_at_its_first_bad_byte(void **state) {
  (void)state;
  for (size_t size = 1; size <= 40; size++) {
    for (size_t bad = 0; bad < size; bad++) {
      for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t text[40];
        size_t offset = 99;
        memset(text, 'x', sizeof text);
        text[bad] = (uint8_t)byte;
        struct adduce_span exact = sample_exact(span_of(text, size));
        bool is_fine = byte > 0 && byte < 0x80;
        assert_int_equal(canonical_text(exact, &offset), is_fine);
        assert_int_equal(offset, is_fine ? 99 : bad);
        sample_free(exact);
      }
    }
  }
}

static void a_wide_character_may_stand_anywhere(void **state) {
  (void)state;
  for (size_t at = 0; at < 24; at++) {
    uint8_t text[28];
    size_t offset;
    memset(text, 'x', sizeof text);
    memcpy(text + at, "\xf0\x9f\x98\x80", 4);
    assert_true(canonical_text(span_of(text, sizeof text), &offset));
    assert_true(canonical_text(span_of(text, at + 4), &offset));
    for (size_t cut = 1; cut < 4; cut++) {
      struct adduce_span exact = sample_exact(span_of(text, at + cut));
      assert_false(canonical_text(exact, &offset));
      assert_int_equal(offset, at);
      sample_free(exact);
    }
  }
}

static void every_rule_has_a_sentence(void **state) {
  (void)state;
  for (size_t i = 0; i < RULES; i++)
    assert_true(strlen(canonical_rule_text((enum canonical_rule)i)) > 10);
  assert_true(strlen(canonical_rule_text((enum canonical_rule)99)) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_vector_gets_its_verdict_at_its_byte),
      cmocka_unit_test(every_rule_has_three_vectors_that_break_it),
      cmocka_unit_test(what_is_accepted_is_encoded_as_it_was),
      cmocka_unit_test(every_proper_prefix_is_refused),
      cmocka_unit_test(every_extension_by_a_byte_is_refused),
      cmocka_unit_test(the_first_of_several_values_is_measured),
      cmocka_unit_test(the_detail_says_what_rule_and_where),
      cmocka_unit_test(text_is_refused_at_its_first_bad_byte),
      cmocka_unit_test(a_wide_character_may_stand_anywhere),
      cmocka_unit_test(every_rule_has_a_sentence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
