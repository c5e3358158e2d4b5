/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "samples.h"

static struct adduce_scope *scope;

static int open_scope(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static int close_scope(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

/* RFC 4648, section 10. */
static void the_vectors_of_the_rfc_hold(void **state) {
  static const char *const vectors[][2] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "+/+/"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    struct buffer text, bytes;
    buffer_init(&text, scope);
    buffer_init(&bytes, scope);
    base64_encode(&text, span_text(vectors[i][0]));
    assert_true(span_is(span_of(text.data, text.size), vectors[i][1]));
    assert_true(base64_decode(&bytes, span_text(vectors[i][1])));
    assert_true(span_is(span_of(bytes.data, bytes.size), vectors[i][0]));
  }
}

static void what_is_not_written_so_is_not_read(void **state) {
  static const char *const refused[] = {
      "Z",
      "Zg",
      "Zg=",
      "Zg===",
      "====",
      "=Zg=",
      "Z===",
      "Zm9v====",
      "Zh==",
      "Zm9=",
      "Zm-v",
      "Zm_v",
      "Zm9v\n",
      "Zm 9",
      "Zm9vZg",
      "Zg==Zg==",
      "Zg=v",
      "Zm9vZ===",
      "\xff\xff\xff\xff",
      "Zm9vYmFy ",
  };
  (void)state;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    struct buffer bytes;
    buffer_init(&bytes, scope);
    if (base64_decode(&bytes, span_text(refused[i]))) fail_msg("\"%s\" is read", refused[i]);
  }
}

/* All texts of four characters from an alphabet with one of each sort: what is read is written
 * the same again. */
static void a_text_that_is_read_is_the_only_one(void **state) {
  static const char alphabet[] = "AQgwZz09+/=-_ \n";
  size_t letters = sizeof alphabet; /* the NUL too */
  (void)state;
  for (size_t i = 0; i < letters * letters * letters * letters; i++) {
    char text[4] = {alphabet[i % letters], alphabet[i / letters % letters],
                    alphabet[i / letters / letters % letters],
                    alphabet[i / letters / letters / letters]};
    struct scope_mark mark = scope_mark(scope);
    struct buffer bytes, again;
    buffer_init(&bytes, scope);
    buffer_init(&again, scope);
    if (base64_decode(&bytes, span_of(text, 4))) {
      base64_encode(&again, span_of(bytes.data, bytes.size));
      assert_true(span_equal(span_of(again.data, again.size), span_of(text, 4)));
    }
    scope_rewind(scope, mark);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_vectors_of_the_rfc_hold),
      cmocka_unit_test(what_is_not_written_so_is_not_read),
      cmocka_unit_test(a_text_that_is_read_is_the_only_one),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
