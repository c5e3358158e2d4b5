/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cosignature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bigendian.h"
#include "base/buffer.h"
#include "crypto/sign.h"

static struct adduce_scope *scope;
static struct signer *witness, *other;

#define TEXT "log.example\n7\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"

static int setup(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return -1;
  if (signer_generate(scope, &witness) != ADDUCE_OK) return -1;
  return signer_generate(scope, &other) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  signer_close(&witness);
  signer_close(&other);
  adduce_scope_close(&scope);
  return 0;
}

static struct cosignature_key key_of(const char *name, const struct signer *signer) {
  struct adduce_span text = span_text(name);
  return (struct cosignature_key){text, cosignature_key_id(text, signer_key(signer)),
                                  *signer_key(signer)};
}

static struct adduce_span cosign(const char *name, const struct signer *signer, int64_t time_s) {
  struct buffer lines;
  struct adduce_span span;
  buffer_init(&lines, scope);
  assert_int_equal(
      cosignature_sign(scope, &lines, span_text(TEXT), span_text(name), signer, time_s), ADDUCE_OK);
  assert_int_equal(buffer_take(&lines, &span), ADDUCE_OK);
  return span;
}

static struct adduce_span join(struct adduce_span lines) {
  struct buffer buffer;
  struct adduce_span span;
  buffer_init(&buffer, scope);
  buffer_text(&buffer, TEXT "\n");
  buffer_span(&buffer, lines);
  assert_int_equal(buffer_take(&buffer, &span), ADDUCE_OK);
  return span;
}

static struct note parse(struct adduce_span bytes) {
  struct note note;
  assert_int_equal(note_parse(scope, &note, bytes), ADDUCE_OK);
  return note;
}

static void a_key_id_has_type_four(void **state) {
  (void)state;
  struct cosignature_key key, again;
  const char *vkey;
  key = key_of("witness.example/w1", witness);
  assert_int_not_equal(key.key_id, note_key_id(key.name, &key.key));
  assert_int_equal(cosignature_vkey_encode(scope, &vkey, key.name, &key.key), ADDUCE_OK);
  assert_int_equal(cosignature_vkey_parse(scope, &again, span_text(vkey)), ADDUCE_OK);
  assert_int_equal(again.key_id, key.key_id);
  assert_true(span_equal(again.name, key.name));
  assert_int_equal(note_vkey_encode(scope, &vkey, key.name, &key.key), ADDUCE_OK);
  assert_int_equal(cosignature_vkey_parse(scope, &again, span_text(vkey)), ADDUCE_E_NOTE);
}

static void a_cosignature_verifies_with_its_time(void **state) {
  (void)state;
  struct cosignature_key key = key_of("w", witness), stranger = key_of("w", other);
  struct note note = parse(join(cosign("w", witness, 1679315147)));
  int64_t time;
  assert_int_equal(note.signatures[0].signature.size, COSIGNATURE_BYTES);
  assert_int_equal(cosignature_verify(scope, &time, &note, &key), ADDUCE_OK);
  assert_int_equal(time, 1679315147);
  assert_int_equal(cosignature_verify(scope, &time, &note, &stranger), ADDUCE_OK);
  assert_int_equal(time, 0);
}

static void every_flipped_bit_is_refused(void **state) {
  (void)state;
  struct cosignature_key key = key_of("w", witness);
  struct note note = parse(join(cosign("w", witness, 99)));
  struct note_signature changed = note.signatures[0];
  uint8_t blob[COSIGNATURE_BYTES];
  int64_t time;
  for (size_t bit = 0; bit < 8 * sizeof blob; bit++) {
    memcpy(blob, note.signatures[0].signature.data, sizeof blob);
    blob[bit / 8] ^= (uint8_t)(1 << bit % 8);
    changed.signature = span_of(blob, sizeof blob);
    struct note bad = {note.text, &changed, 1};
    assert_int_equal(cosignature_verify(scope, &time, &bad, &key), ADDUCE_E_SIGNATURE);
    assert_int_equal(time, 0);
  }
  for (size_t size = 0; size < sizeof blob; size++) {
    changed.signature = span_of(blob, size);
    struct note bad = {note.text, &changed, 1};
    assert_int_equal(cosignature_verify(scope, &time, &bad, &key), ADDUCE_E_SIGNATURE);
  }
}

static void times_a_cosignature_cannot_have(void **state) {
  (void)state;
  struct buffer lines;
  buffer_init(&lines, scope);
  assert_int_equal(cosignature_sign(scope, &lines, span_text(TEXT), span_text("w"), witness, 0),
                   ADDUCE_E_USAGE);
  assert_int_equal(cosignature_sign(scope, &lines, span_text(TEXT), span_text("a b"), witness, 1),
                   ADDUCE_E_NOTE);
  struct cosignature_key key = key_of("w", witness);
  struct note note = parse(join(cosign("w", witness, INT64_MAX)));
  int64_t time;
  assert_int_equal(cosignature_verify(scope, &time, &note, &key), ADDUCE_OK);
  assert_true(time == INT64_MAX);
}

static void merging_keeps_the_latest_of_each_key(void **state) {
  (void)state;
  struct cosignature_key keys[2] = {key_of("w", witness), key_of("x", other)};
  struct adduce_span note = join(cosign("log.example", other, 5)), merged;
  size_t added;
  assert_int_equal(
      cosignature_merge(scope, &merged, &added, note, cosign("w", witness, 10), keys, 2),
      ADDUCE_OK);
  assert_int_equal(added, 1);
  assert_int_equal(parse(merged).signature_count, 2);
  note = merged;
  assert_int_equal(
      cosignature_merge(scope, &merged, &added, note, cosign("w", witness, 9), keys, 2), ADDUCE_OK);
  assert_int_equal(added, 0);
  assert_true(span_equal(merged, note));
  assert_int_equal(
      cosignature_merge(scope, &merged, &added, note, cosign("w", witness, 11), keys, 2),
      ADDUCE_OK);
  assert_int_equal(added, 1);
  assert_int_equal(parse(merged).signature_count, 2);
  int64_t time;
  struct note parsed = parse(merged);
  assert_int_equal(cosignature_verify(scope, &time, &parsed, &keys[0]), ADDUCE_OK);
  assert_int_equal(time, 11);
  /* Lines of nobody we know are left out. */
  assert_int_equal(cosignature_merge(scope, &merged, &added, note, cosign("z", other, 11), keys, 2),
                   ADDUCE_OK);
  assert_int_equal(added, 0);
}

static void merging_refuses_what_is_no_answer(void **state) {
  (void)state;
  struct cosignature_key key = key_of("w", witness);
  struct adduce_span note = join(cosign("x", other, 5)), merged;
  size_t added;
  const char *bad[] = {"", "\n", "ok\n", "x\n\n\xe2\x80\x94 w AAAAAAAA\n",
                       "\xe2\x80\x94 w AAAAAAAA"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(cosignature_merge(scope, &merged, &added, note, span_text(bad[i]), &key, 1),
                     ADDUCE_E_NOTE);
  struct buffer forged;
  struct adduce_span lines;
  uint8_t blob[COSIGNATURE_BYTES] = {0, 0, 0, 0, 0, 0, 0, 1};
  buffer_init(&forged, scope);
  assert_int_equal(
      note_append_line(scope, &forged, key.name, key.key_id, span_of(blob, sizeof blob)),
      ADDUCE_OK);
  assert_int_equal(buffer_take(&forged, &lines), ADDUCE_OK);
  assert_int_equal(cosignature_merge(scope, &merged, &added, note, lines, &key, 1),
                   ADDUCE_E_SIGNATURE);
}

#define EXAMPLE \
  "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static void vectors_of_another_implementation_verify(void **state) {
  (void)state;
  char row[1024];
  int count = 0;
  FILE *vectors = fopen("tests/vectors/cosignatures.txt", "r");
  assert_non_null(vectors);
  while (fgets(row, sizeof row, vectors) != NULL) {
    struct cosignature_key key;
    struct note note;
    int64_t time_s;
    if (row[0] == '#') continue;
    char *vkey = strchr(row, '\t') + 1, *line = strchr(vkey, '\t') + 1;
    line[-1] = '\0';
    assert_int_equal(cosignature_vkey_parse(scope, &key, span_text(vkey)), ADDUCE_OK);
    const char *whole = scope_format(scope, EXAMPLE "\n%s", line);
    assert_int_equal(note_parse(scope, &note, span_text(whole)), ADDUCE_OK);
    assert_int_equal(cosignature_verify(scope, &time_s, &note, &key), ADDUCE_OK);
    assert_int_equal(time_s, strtoll(row, NULL, 10));
    count++;
  }
  (void)fclose(vectors);
  assert_int_equal(count, 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(vectors_of_another_implementation_verify),
      cmocka_unit_test(a_key_id_has_type_four),
      cmocka_unit_test(a_cosignature_verifies_with_its_time),
      cmocka_unit_test(every_flipped_bit_is_refused),
      cmocka_unit_test(times_a_cosignature_cannot_have),
      cmocka_unit_test(merging_keeps_the_latest_of_each_key),
      cmocka_unit_test(merging_refuses_what_is_no_answer),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
