/* SPDX-License-Identifier: Apache-2.0 */
#include "adduce/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const enum adduce_err errors[] = {
#define VALUE(symbol, code, name, exit_status, http, sentence) symbol,
    ADDUCE_ERRORS(VALUE)
#undef VALUE
};
#define COUNT (sizeof errors / sizeof *errors)

static void codes_and_names_are_distinct(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT; i++) {
    for (size_t j = 0; j < i; j++) {
      assert_int_not_equal(errors[i], errors[j]);
      assert_string_not_equal(adduce_error_name(errors[i]), adduce_error_name(errors[j]));
    }
  }
}

static void statuses_are_within_their_ranges(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT; i++) {
    int exit_status = adduce_error_exit(errors[i]), http = adduce_error_http(errors[i]);
    assert_true(exit_status >= 0 && exit_status <= 7);
    assert_int_equal(exit_status == 0, errors[i] == ADDUCE_OK);
    assert_true(http >= 200 && http < 600);
  }
}

static void sentences_have_no_full_stop(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT; i++) {
    const char *sentence = adduce_error_sentence(errors[i]);
    assert_true(strlen(sentence) > 0);
    assert_int_not_equal(sentence[strlen(sentence) - 1], '.');
  }
}

static void an_unknown_code_has_words_too(void **state) {
  enum adduce_err unknown = (enum adduce_err)0x7fff;
  (void)state;
  assert_string_equal(adduce_error_name(unknown), "unknown");
  assert_true(strlen(adduce_error_sentence(unknown)) > 0);
  assert_int_equal(adduce_error_exit(unknown), 7);
  assert_int_equal(adduce_error_http(unknown), 500);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(codes_and_names_are_distinct),
      cmocka_unit_test(statuses_are_within_their_ranges),
      cmocka_unit_test(sentences_have_no_full_stop),
      cmocka_unit_test(an_unknown_code_has_words_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
