/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef bool grammar(struct adduce_span text);

static void assert_all(grammar *is_valid, const char *const *texts, bool expected) {
  for (; *texts != NULL; texts++) {
    if (is_valid(span_text(*texts)) == expected) continue;
    print_error("\"%s\" is %s\n", *texts, expected ? "refused" : "accepted");
    fail();
  }
}

#define ACCEPTED(is_valid, ...) assert_all(is_valid, (const char *const[]){__VA_ARGS__, NULL}, true)
#define REFUSED(is_valid, ...) assert_all(is_valid, (const char *const[]){__VA_ARGS__, NULL}, false)

/* `count` times `byte`, in static memory. */
static const char *times(size_t count, char byte) {
  static char text[1024];
  memset(text, byte, count);
  text[count] = '\0';
  return text;
}

static void keys(void **state) {
  (void)state;
  ACCEPTED(spelling_key, "a", "valid", "a_b", "a1", "a_", times(64, 'k'));
  REFUSED(spelling_key, "", "_a", "1a", "A", "a-b", "a.b", "\xc3\xa4", "a b", times(65, 'k'));
}

static void words(void **state) {
  (void)state;
  ACCEPTED(spelling_word, "nationality", "Person:birthPlace", "a-b", "A1_", times(64, 'W'));
  REFUSED(spelling_word, "", "1a", "_a", "a.b", "a b", "a@", "a[", "\xc3\xa4", times(65, 'W'));
}

static bool is_kind(struct adduce_span text) {
  return spelling_kind(text, NULL);
}

static void kinds(void **state) {
  (void)state;
  ACCEPTED(is_kind, "a.b", "release.announced", "a_1.b_2", "a.b@2", "a.b@999999999",
           "monitor.example:custody.transferred", "monitor.example:custody.transferred@2",
           "a:b:c.d", "log.example:8080/x:a.b");
  REFUSED(is_kind, "", "a", ".", "a.", ".b", "a.b.c", "A.b", "a.B", "a.b@", "a.b@1", "a.b@0",
          "a.b@02", "a.b@-2", "a.b@1000000000", "a.b@2@3", ":a.b", "x:", "x:a", "X:a.b", "-x:a.b",
          "a b.c", "a.1b", "a@2.b", "x y:a.b");
  char name[2048];
  (void)snprintf(name, sizeof name, "%s.b", times(126, 'a'));
  assert_true(spelling_kind(span_text(name), NULL));
  (void)snprintf(name, sizeof name, "%s.b", times(127, 'a'));
  assert_false(spelling_kind(span_text(name), NULL));
}

static void the_parts_of_a_kind(void **state) {
  (void)state;
  struct spelling_kind kind;
  assert_true(spelling_kind(span_text("a:b.example:custody.transferred@12"), &kind));
  assert_true(span_is(kind.authority, "a:b.example"));
  assert_true(span_is(kind.noun, "custody"));
  assert_true(span_is(kind.verb, "transferred"));
  assert_int_equal(kind.version, 12);
  assert_true(spelling_kind(span_text("claim.ended"), &kind));
  assert_int_equal(kind.authority.size, 0);
  assert_int_equal(kind.version, 1);
}

static void subjects(void **state) {
  (void)state;
  ACCEPTED(spelling_subject, "monitor.example/x", "a.b/c", "monitor.example/belarus/belavia",
           "a-b.c-d.example/x", "1.2/x", "wikidata:Q184", "opensanctions:NK-abc", "urn:x:y",
           "https://monitor.example/a", "a:b", "a+b.c-d:e", "monitor.example/a:b",
           "monitor.example/\xd0\x9c\xd1\x96\xd0\xbd\xd1\x81\xd0\xba",
           "event:00000000000000000000000000000000000000000000000000000000000000ff");
  REFUSED(spelling_subject, "", "belavia", "belarus/belavia", "localhost/x", "/x", "a.b/", "a.b",
          "A.b/c", "a..b/c", ".a.b/c", "a.b./c", "-a.b/c", "a-.b/c", "a_b.c/d", ":x", "x:", "X:y",
          "1:x", "a.b/c d", "a.b/c\td", "a.b/c\x7f", "a.b/\xc2\x85", "a.b/\xc2\xa0x",
          "a.b/\xe2\x80\x83", "a.b/\xff", "event:ab",
          "event:00000000000000000000000000000000000000000000000000000000000000FF");
  char id[2048];
  (void)snprintf(id, sizeof id, "a.b/%s", times(508, 'x'));
  assert_true(spelling_subject(span_text(id)));
  (void)snprintf(id, sizeof id, "a.b/%s", times(509, 'x'));
  assert_false(spelling_subject(span_text(id)));
  (void)snprintf(id, sizeof id, "%s.b/x", times(63, 'x'));
  assert_true(spelling_subject(span_text(id)));
  (void)snprintf(id, sizeof id, "%s.b/x", times(64, 'x'));
  assert_false(spelling_subject(span_text(id)));
}

static void languages(void **state) {
  (void)state;
  ACCEPTED(spelling_language, "fr", "be-Cyrl", "zh-Hant-TW", "de-1996", "sr-Latn-RS", "fil",
           "en-x-a");
  REFUSED(spelling_language, "", "f", "fr-", "-fr", "fr--be", "f1", "abcdefghi", "fr-abcdefghi",
          "fr_BE", "fr BE");
}

static void countries(void **state) {
  (void)state;
  ACCEPTED(spelling_country, "by", "us", "150", "001");
  REFUSED(spelling_country, "", "b", "BY", "bel", "15", "1500", "b1", "15a");
}

static void decimals(void **state) {
  (void)state;
  ACCEPTED(spelling_decimal, "0", "-1", "12.50", "0.1", "99999999999999999999999999.9",
           times(128, '9'));
  REFUSED(spelling_decimal, "", "-", "-0", "01", "1.", ".5", "+1", "1e3", "1,5", "1.2.3", "--1",
          times(129, '9'));
}

static bool is_path(struct adduce_span text) {
  return spelling_path(text, NULL, NULL);
}

static void paths(void **state) {
  (void)state;
  struct adduce_span key;
  int64_t element;
  ACCEPTED(is_path, "name", "name.0", "name.12", "a_b.4095");
  REFUSED(is_path, "", ".", "name.", ".1", "name.01", "name.-1", "name.x", "Name", "name.1.2",
          "name.1000000000");
  assert_true(spelling_path(span_text("name.12"), &key, &element));
  assert_true(span_is(key, "name"));
  assert_int_equal(element, 12);
  assert_true(spelling_path(span_text("name"), &key, &element));
  assert_int_equal(element, -1);
}

static void choices(void **state) {
  (void)state;
  const char *words_of = "one two three";
  assert_true(spelling_choice(span_text("one"), words_of));
  assert_true(spelling_choice(span_text("three"), words_of));
  assert_false(spelling_choice(span_text("one two"), words_of));
  assert_false(spelling_choice(span_text("on"), words_of));
  assert_false(spelling_choice(span_text("threes"), words_of));
  assert_false(spelling_choice(span_text(""), words_of));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys),      cmocka_unit_test(words),
      cmocka_unit_test(kinds),     cmocka_unit_test(the_parts_of_a_kind),
      cmocka_unit_test(subjects),  cmocka_unit_test(languages),
      cmocka_unit_test(countries), cmocka_unit_test(decimals),
      cmocka_unit_test(paths),     cmocka_unit_test(choices),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
