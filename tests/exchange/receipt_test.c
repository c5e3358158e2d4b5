/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/receipt.h"

#include "event/vectors.h"
#include "logs.h"

/* What it says, as the vectors have it. */
static const char *counts_of(const struct receipt *receipt) {
  return scope_format(scope, "%llu,%llu,%llu,%llu", (unsigned long long)receipt->admitted,
                      (unsigned long long)receipt->present,
                      (unsigned long long)receipt->quarantined,
                      (unsigned long long)receipt->refused);
}

static void assert_says(const struct receipt *receipt, const struct vector *vector) {
  assert_int_equal(vector->count, 6);
  assert_string_equal(counts_of(receipt), vector->words[3]);
  assert_string_equal(scope_format(scope, "%lld", (long long)receipt->time_us), vector->words[4]);
  assert_true(span_equal(receipt->proof, vector_bytes(scope, vector->words[5])));
  assert_true(span_is(receipt->origin, "partner.example"));
  assert_true(span_is(receipt->source, "monitor.example"));
}

/* Made by a program that knows the description alone. */
static void the_vectors_are_judged_as_they_say(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/receipts.txt", "re");
  struct vector vector;
  size_t good = 0, bad = 0;
  assert_non_null(file);
  for (; vector_next(file, &vector); free(vector.line)) {
    struct scope_mark mark = scope_mark(scope);
    struct receipt receipt;
    const char *verdict =
        adduce_error_name(receipt_open(scope, &receipt, vector_bytes(scope, vector.words[2])));
    if (strcmp(verdict, vector.words[1]) != 0)
      fail_msg("%s: %s, not %s: %s", vector.words[0], verdict, vector.words[1],
               adduce_scope_detail(scope));
    if (strcmp(verdict, "ok") == 0) {
      assert_says(&receipt, &vector);
      good++;
    } else {
      assert_int_equal(receipt.origin.size, 0);
      bad++;
    }
    scope_rewind(scope, mark);
  }
  (void)fclose(file);
  assert_true(good == 4 && bad >= 60);
}

static void a_receipt_is_written_as_it_is_read(void **state) {
  (void)state;
  struct adduce_span note;
  struct receipt read;
  const struct receipt receipt = {
      .origin = span_text("partner.example"),
      .source = span_text("monitor.example"),
      .genesis.bytes = {1},
      .source_genesis.bytes = {2},
      .manifest.bytes = {3},
      .count = 10,
      .admitted = 1,
      .present = 2,
      .quarantined = 3,
      .refused = 4,
      .time_us = 1795615200123456,
      .proof = span_text("a proof\n"),
  };
  assert_int_equal(receipt_sign(scope, &note, &receipt, log_key), ADDUCE_OK);
  assert_true(receipt_is(note));
  assert_int_equal(receipt_open(scope, &read, note), ADDUCE_OK);
  assert_string_equal(counts_of(&read), "1,2,3,4");
  assert_int_equal(read.count, 10);
  assert_int_equal(read.time_us, receipt.time_us);
  assert_true(span_is(read.proof, "a proof\n"));
  assert_memory_equal(read.manifest.bytes, receipt.manifest.bytes, 32);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_vectors_are_judged_as_they_say),
      cmocka_unit_test(a_receipt_is_written_as_it_is_read),
  };
  return cmocka_run_group_tests(tests, open_logs, close_logs);
}
