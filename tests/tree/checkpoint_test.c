/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "crypto/sign.h"

static struct adduce_scope *scope;
static struct signer *old_key, *new_key;

static int setup(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return -1;
  if (signer_generate(scope, &old_key) != ADDUCE_OK) return -1;
  return signer_generate(scope, &new_key) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  signer_close(&old_key);
  signer_close(&new_key);
  adduce_scope_close(&scope);
  return 0;
}

static struct note_verifier verifier_of(const char *name, const struct signer *signer) {
  struct note_verifier verifier = {span_text(name), 0, *signer_key(signer)};
  verifier.key_id = note_key_id(verifier.name, &verifier.key);
  return verifier;
}

static size_t unescape(uint8_t *text) {
  size_t used = 0;
  for (size_t at = 0; text[at] != '\0'; at++) {
    uint8_t byte = text[at];
    if (byte == '\\') {
      byte = text[++at];
      if (byte == 'n') byte = '\n';
      if (byte == 'x') {
        assert_true(hex_decode(span_of(text + at + 1, 2), &byte, 1));
        at += 2;
      }
    }
    text[used++] = byte;
  }
  return used;
}

static void judge(const char *verdict, struct adduce_span bytes, const char *vkey) {
  struct checkpoint checkpoint, opened, zero = {.size = 0};
  struct note note;
  struct note_verifier verifier;
  struct adduce_span text;
  assert_int_equal(note_vkey_parse(scope, &verifier, span_text(vkey)), ADDUCE_OK);
  enum adduce_err err = checkpoint_open(scope, &opened, bytes, &verifier);
  if (strcmp(verdict, "refused") == 0) {
    assert_int_equal(err, ADDUCE_E_NOTE);
    assert_int_equal(checkpoint_parse(scope, &checkpoint, &note, bytes), ADDUCE_E_NOTE);
    return;
  }
  assert_int_equal(checkpoint_parse(scope, &checkpoint, &note, bytes), ADDUCE_OK);
  assert_int_equal(checkpoint_text(scope, &text, &checkpoint), ADDUCE_OK);
  assert_true(text.size <= note.text.size);
  assert_memory_equal(text.data, note.text.data, text.size);
  bool verified = strcmp(verdict, "verified") == 0;
  assert_int_equal(err, verified ? ADDUCE_OK : ADDUCE_E_SIGNATURE);
  assert_memory_equal(&opened, verified ? &checkpoint : &zero, sizeof opened);
}

static void vectors(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/notes.txt", "r");
  assert_non_null(file);
  static char line[32768];
  int count = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "checkpoint\t", 11) != 0) continue;
    char *rest = line + 11;
    line[strcspn(line, "\n")] = '\0';
    const char *verdict = strsep(&rest, "\t"), *vkey = strsep(&rest, "\t");
    size_t size = unescape((uint8_t *)rest);
    judge(verdict, span_of(rest, size), vkey);
    count++;
  }
  fclose(file);
  assert_true(count > 40);
}

static void the_text_is_three_lines(void **state) {
  (void)state;
  struct checkpoint checkpoint = {span_text("log.example"), 0, merkle_empty()};
  struct adduce_span text;
  assert_int_equal(checkpoint_text(scope, &text, &checkpoint), ADDUCE_OK);
  assert_true(span_is(text, "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
  checkpoint.size = MERKLE_SIZE_MAX;
  assert_int_equal(checkpoint_text(scope, &text, &checkpoint), ADDUCE_OK);
  assert_true(span_starts(text, "log.example\n9007199254740991\n"));
  checkpoint.size++;
  assert_int_equal(checkpoint_text(scope, &text, &checkpoint), ADDUCE_E_NOTE);
  checkpoint.size = 1;
  checkpoint.origin = span_text("two words");
  assert_int_equal(checkpoint_text(scope, &text, &checkpoint), ADDUCE_E_NOTE);
}

static void what_is_signed_opens(void **state) {
  (void)state;
  struct checkpoint checkpoint = {span_text("log.example"), 12345, {{7}}}, opened;
  const struct signer *signers[] = {old_key, new_key};
  struct adduce_span note;
  struct note_verifier old_verifier = verifier_of("log.example", old_key);
  struct note_verifier new_verifier = verifier_of("log.example", new_key);
  assert_int_equal(checkpoint_sign(scope, &note, &checkpoint, signers, 1), ADDUCE_OK);
  assert_int_equal(checkpoint_open(scope, &opened, note, &old_verifier), ADDUCE_OK);
  assert_true(span_equal(opened.origin, checkpoint.origin));
  assert_int_equal(opened.size, 12345);
  assert_true(hash_equal(&opened.root, &checkpoint.root));
  assert_int_equal(checkpoint_open(scope, &opened, note, &new_verifier), ADDUCE_E_SIGNATURE);
  /* At a rekeying both sign, and either key opens it. */
  assert_int_equal(checkpoint_sign(scope, &note, &checkpoint, signers, 2), ADDUCE_OK);
  assert_int_equal(checkpoint_open(scope, &opened, note, &old_verifier), ADDUCE_OK);
  assert_int_equal(checkpoint_open(scope, &opened, note, &new_verifier), ADDUCE_OK);
}

static void a_checkpoint_of_another_log_does_not_open(void **state) {
  (void)state;
  struct checkpoint checkpoint = {span_text("log.example"), 1, {{7}}}, opened;
  const struct signer *signers[] = {old_key};
  struct adduce_span note;
  struct note_verifier verifier = verifier_of("log.example/2", old_key);
  assert_int_equal(checkpoint_sign(scope, &note, &checkpoint, signers, 1), ADDUCE_OK);
  static const struct checkpoint nothing;
  memset(&opened, 7, sizeof opened);
  assert_int_equal(checkpoint_open(scope, &opened, note, &verifier), ADDUCE_E_SIGNATURE);
  assert_non_null(strstr(adduce_scope_detail(scope), "log.example/2"));
  assert_memory_equal(&opened, &nothing, sizeof opened);
}

static void a_checkpoint_needs_a_signer_and_an_origin(void **state) {
  (void)state;
  struct checkpoint checkpoint = {span_text("log.example"), 1, {{7}}};
  const struct signer *signers[] = {old_key};
  struct adduce_span note;
  assert_int_equal(checkpoint_sign(scope, &note, &checkpoint, signers, 0), ADDUCE_E_USAGE);
  checkpoint.origin = span_text("");
  assert_int_equal(checkpoint_sign(scope, &note, &checkpoint, signers, 1), ADDUCE_E_NOTE);
  assert_int_equal(note.size, 0);
}

static void an_origin_has_1_to_255_bytes(void **state) {
  (void)state;
  char long_name[256];
  memset(long_name, 'a', sizeof long_name);
  assert_false(checkpoint_origin_valid(span_of(long_name, 0)));
  assert_true(checkpoint_origin_valid(span_of(long_name, 1)));
  assert_true(checkpoint_origin_valid(span_of(long_name, 255)));
  assert_false(checkpoint_origin_valid(span_of(long_name, 256)));
}

static void a_refusal_names_the_line(void **state) {
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"two words\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "checkpoint, line 1: "},
      {"log.example\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "checkpoint, line 2: "},
      {"log.example\n1\n47DEQpj8\n", "checkpoint, line 3: "},
      {"log.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n", "checkpoint, line 4: "},
      {"log.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n\nmore\n",
       "checkpoint, line 5: "},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct buffer buffer;
    struct adduce_span bytes, text = span_text(cases[i].text);
    struct checkpoint checkpoint;
    struct note note;
    buffer_init(&buffer, scope);
    buffer_span(&buffer, text);
    buffer_byte(&buffer, '\n');
    assert_int_equal(note_sign(scope, &buffer, text, span_text("log.example"), old_key), ADDUCE_OK);
    assert_int_equal(buffer_take(&buffer, &bytes), ADDUCE_OK);
    assert_int_equal(checkpoint_parse(scope, &checkpoint, &note, bytes), ADDUCE_E_NOTE);
    if (!span_starts(span_text(adduce_scope_detail(scope)), cases[i].says))
      fail_msg("%s", adduce_scope_detail(scope));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(vectors),
      cmocka_unit_test(the_text_is_three_lines),
      cmocka_unit_test(what_is_signed_opens),
      cmocka_unit_test(a_checkpoint_of_another_log_does_not_open),
      cmocka_unit_test(a_checkpoint_needs_a_signer_and_an_origin),
      cmocka_unit_test(an_origin_has_1_to_255_bytes),
      cmocka_unit_test(a_refusal_names_the_line),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
