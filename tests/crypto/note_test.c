/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/hex.h"
#include "crypto/sign.h"

static struct adduce_scope *scope;
static struct signer *signer;

static int setup(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return -1;
  return signer_generate(scope, &signer) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  signer_close(&signer);
  adduce_scope_close(&scope);
  return 0;
}

/* --- known answers ------------------------------------------------------------------------ */

/* The example of golang.org/x/mod/sumdb/note. */
#define GO_TEXT                                                \
  "If you think cryptography is the answer to your problem,\n" \
  "then you don't know what your problem is.\n"
#define GO_PETER                                                                                   \
  "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf" \
  "qdngotpRZb6KE6RyyBwJnAM=\n"
#define GO_ENOCH                                                                                   \
  "\xe2\x80\x94 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOT" \
  "GwnWLox33WWd1RvMc+QQ=\n"
#define GO_VKEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

static void the_example_of_go_verifies(void **state) {
  (void)state;
  struct note_verifier verifier;
  struct note note;
  const char *again;
  assert_int_equal(note_vkey_parse(scope, &verifier, span_text(GO_VKEY)), ADDUCE_OK);
  assert_int_equal(verifier.key_id, 0xc74f20a3);
  assert_true(span_is(verifier.name, "PeterNeumann"));
  assert_int_equal(note_vkey_encode(scope, &again, verifier.name, &verifier.key), ADDUCE_OK);
  assert_string_equal(again, GO_VKEY);
  assert_int_equal(note_parse(scope, &note, span_text(GO_TEXT "\n" GO_PETER)), ADDUCE_OK);
  assert_true(span_is(note.text, GO_TEXT));
  assert_int_equal(note.signature_count, 1);
  assert_int_equal(note.signatures[0].signature.size, 64);
  assert_int_equal(note_verify(scope, &note, &verifier), ADDUCE_OK);
  assert_int_equal(note_parse(scope, &note, span_text(GO_TEXT "\n" GO_ENOCH GO_PETER)), ADDUCE_OK);
  assert_int_equal(note.signature_count, 2);
  assert_int_equal(note_verify(scope, &note, &verifier), ADDUCE_OK);
  assert_int_equal(note_parse(scope, &note, span_text(GO_TEXT "\n" GO_ENOCH)), ADDUCE_OK);
  assert_int_equal(note_verify(scope, &note, &verifier), ADDUCE_E_SIGNATURE);
}

/* --- tests/vectors/notes.txt -------------------------------------------------------------- */

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

static void judge_note(const char *verdict, struct adduce_span bytes, const char *vkey) {
  struct note note;
  struct note_verifier verifier;
  assert_int_equal(note_vkey_parse(scope, &verifier, span_text(vkey)), ADDUCE_OK);
  enum adduce_err err = note_parse(scope, &note, bytes);
  if (strcmp(verdict, "refused") == 0) {
    assert_int_equal(err, ADDUCE_E_NOTE);
    assert_null(note.signatures);
    return;
  }
  assert_int_equal(err, ADDUCE_OK);
  bool verified = strcmp(verdict, "verified") == 0;
  assert_int_equal(note_verify(scope, &note, &verifier), verified ? ADDUCE_OK : ADDUCE_E_SIGNATURE);
}

static void judge_vkey(const char *verdict, struct adduce_span bytes) {
  struct note_verifier verifier;
  const char *again;
  enum adduce_err err = note_vkey_parse(scope, &verifier, bytes);
  if (strcmp(verdict, "verified") != 0) {
    assert_int_equal(err, strcmp(verdict, "key") == 0 ? ADDUCE_E_KEY : ADDUCE_E_NOTE);
    return;
  }
  assert_int_equal(err, ADDUCE_OK);
  assert_int_equal(note_vkey_encode(scope, &again, verifier.name, &verifier.key), ADDUCE_OK);
  assert_true(span_is(bytes, again));
}

static void vectors(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/notes.txt", "r");
  assert_non_null(file);
  static char line[32768];
  int notes = 0, keys = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (line[0] == '#') continue;
    char *rest = line;
    line[strcspn(line, "\n")] = '\0';
    const char *kind = strsep(&rest, "\t"), *verdict = strsep(&rest, "\t");
    const char *vkey = strsep(&rest, "\t");
    struct adduce_span bytes = span_of(rest, 0);
    bytes.size = unescape((uint8_t *)rest);
    if (strcmp(kind, "note") == 0) judge_note(verdict, bytes, vkey), notes++;
    if (strcmp(kind, "vkey") == 0) judge_vkey(verdict, bytes), keys++;
  }
  fclose(file);
  assert_true(notes > 60 && keys > 20);
}

/* --- what we write we read ---------------------------------------------------------------- */

static struct adduce_span sign_note(const char *text, const char *const *names, size_t count) {
  struct buffer buffer;
  struct adduce_span note;
  buffer_init(&buffer, scope);
  buffer_text(&buffer, text);
  buffer_byte(&buffer, '\n');
  for (size_t i = 0; i < count; i++)
    assert_int_equal(note_sign(scope, &buffer, span_text(text), span_text(names[i]), signer),
                     ADDUCE_OK);
  assert_int_equal(buffer_take(&buffer, &note), ADDUCE_OK);
  return note;
}

static void a_signed_note_is_read_and_verified(void **state) {
  (void)state;
  static const char *const names[] = {"a", "m\xc3\xbcller.example/log", "a"};
  struct adduce_span bytes = sign_note("text\n\nmore\n", names, 3);
  struct note note;
  assert_int_equal(note_parse(scope, &note, bytes), ADDUCE_OK);
  assert_true(span_is(note.text, "text\n\nmore\n"));
  assert_int_equal(note.signature_count, 3);
  for (size_t i = 0; i < 2; i++) {
    const char *vkey;
    struct note_verifier verifier;
    assert_int_equal(note_vkey_encode(scope, &vkey, span_text(names[i]), signer_key(signer)),
                     ADDUCE_OK);
    assert_int_equal(note_vkey_parse(scope, &verifier, span_text(vkey)), ADDUCE_OK);
    assert_int_equal(note_verify(scope, &note, &verifier), ADDUCE_OK);
  }
}

/* In the text and in the only signature line no bit can change: either the note no longer
 * parses or it no longer verifies. */
static void every_changed_bit_of_a_note_is_noticed(void **state) {
  (void)state;
  static const char *const names[] = {"log.example"};
  struct adduce_span good = sign_note("log.example\n12\nroot\n", names, 1);
  struct note_verifier verifier = {span_text("log.example"), 0, *signer_key(signer)};
  verifier.key_id = note_key_id(verifier.name, &verifier.key);
  for (size_t bit = 0; bit < 8 * good.size; bit++) {
    struct scope_mark mark = scope_mark(scope);
    struct note note;
    uint8_t *bytes = malloc(good.size);
    memcpy(bytes, good.data, good.size);
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    if (note_parse(scope, &note, span_of(bytes, good.size)) == ADDUCE_OK)
      assert_int_equal(note_verify(scope, &note, &verifier), ADDUCE_E_SIGNATURE);
    free(bytes);
    scope_rewind(scope, mark);
  }
  for (size_t size = 0; size < good.size; size++) {
    struct note note;
    uint8_t *bytes = malloc(size == 0 ? 1 : size);
    memcpy(bytes, good.data, size);
    assert_int_equal(note_parse(scope, &note, span_of(bytes, size)), ADDUCE_E_NOTE);
    free(bytes);
  }
}

static void what_may_not_be_signed_is_refused(void **state) {
  (void)state;
  struct buffer buffer;
  buffer_init(&buffer, scope);
  static const char *const texts[] = {"", "no newline", "a\tb\n", "a\r\n", "\xff\n"};
  for (size_t i = 0; i < 5; i++)
    assert_int_equal(note_sign(scope, &buffer, span_text(texts[i]), span_text("name"), signer),
                     ADDUCE_E_NOTE);
  assert_int_equal(note_sign(scope, &buffer, span_of("a\0b\n", 4), span_text("name"), signer),
                   ADDUCE_E_NOTE);
  static const char *const names[] = {"", "a b", "a+b", "a\n", "\xc3", "a\xe2\x80\xa8"};
  for (size_t i = 0; i < 6; i++) {
    const char *vkey;
    assert_int_equal(note_sign(scope, &buffer, span_text("a\n"), span_text(names[i]), signer),
                     ADDUCE_E_NOTE);
    assert_int_equal(note_vkey_encode(scope, &vkey, span_text(names[i]), signer_key(signer)),
                     ADDUCE_E_NOTE);
    assert_string_equal(vkey, "");
  }
  assert_int_equal(buffer.size, 0);
}

static void too_large_a_note_is_refused(void **state) {
  (void)state;
  struct note note;
  uint8_t *large = malloc(NOTE_BYTES_MAX + 1);
  memset(large, 'a', NOTE_BYTES_MAX + 1);
  assert_int_equal(note_parse(scope, &note, span_of(large, NOTE_BYTES_MAX + 1)),
                   ADDUCE_E_TOO_LARGE);
  assert_int_equal(note_parse(scope, &note, span_of(large, NOTE_BYTES_MAX)), ADDUCE_E_NOTE);
  free(large);
}

static void the_line_of_a_fault_is_named(void **state) {
  (void)state;
  struct note note;
  assert_int_equal(note_parse(scope, &note, span_text("a\nb\n\n\xe2\x80\x94 x AAAAAAA=\nc\n")),
                   ADDUCE_E_NOTE);
  assert_non_null(strstr(adduce_scope_detail(scope), "line 5"));
  assert_int_equal(note_parse(scope, &note, span_text("a\nb\tc\n\n")), ADDUCE_E_NOTE);
  assert_non_null(strstr(adduce_scope_detail(scope), "line 2"));
}

static void memory_running_out_is_said(void **state) {
  (void)state;
  static const char *const names[] = {"log.example"};
  struct adduce_span good = sign_note("text\n", names, 1);
  struct adduce_scope *narrow;
  struct note note;
  const char *text;
  assert_int_equal(adduce_scope_open(&narrow, 1), ADDUCE_OK);
  assert_int_equal(note_parse(narrow, &note, good), ADDUCE_E_MEMORY);
  assert_int_equal(note_base64_encode(narrow, &text, good), ADDUCE_E_MEMORY);
  assert_int_equal(note_vkey_encode(narrow, &text, span_text("a"), signer_key(signer)),
                   ADDUCE_E_MEMORY);
  adduce_scope_close(&narrow);
}

/* --- base64 ------------------------------------------------------------------------------- */

/* RFC 4648, 10, and bytes of every length. */
static void base64_goes_round(void **state) {
  (void)state;
  static const char *const encoded[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                        "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  const char *text;
  for (size_t size = 0; size < 7; size++) {
    assert_int_equal(note_base64_encode(scope, &text, span_of("foobar", size)), ADDUCE_OK);
    assert_string_equal(text, encoded[size]);
  }
  uint8_t bytes[200], out[200];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 167 + 3);
  for (size_t size = 0; size < sizeof bytes; size++) {
    size_t decoded;
    assert_int_equal(note_base64_encode(scope, &text, span_of(bytes, size)), ADDUCE_OK);
    assert_true(note_base64_decode(span_text(text), out, size, &decoded));
    assert_int_equal(decoded, size);
    assert_memory_equal(out, bytes, size);
    if (size > 0) assert_false(note_base64_decode(span_text(text), out, size - 1, &decoded));
  }
}

/* All texts of four characters out of these: what decodes must encode back to itself. */
static void base64_has_one_form_only(void **state) {
  (void)state;
  static const char letters[] = "AQgwBZa09+/=-_ \n.\xc3";
  size_t count = sizeof letters - 1, good = 0;
  for (size_t i = 0; i < count * count * count * count; i++) {
    char text[5] = {letters[i % count], letters[i / count % count],
                    letters[i / count / count % count], letters[i / count / count / count], 0};
    struct scope_mark mark = scope_mark(scope);
    uint8_t out[3];
    size_t size;
    const char *again;
    if (!note_base64_decode(span_of(text, 4), out, sizeof out, &size)) continue;
    assert_int_equal(note_base64_encode(scope, &again, span_of(out, size)), ADDUCE_OK);
    assert_string_equal(again, text);
    scope_rewind(scope, mark);
    good++;
  }
  /* 11 letters; before "=" the last one must have its 2 low bits zero (A, Q, g, w, 0 and none
   * else of them), before "==" its 4 (A, Q, g, w). */
  assert_int_equal(good, 11 * 11 * 11 * 11 + 11 * 11 * 5 + 11 * 4);
}

static void an_id_in_capital_digits_is_refused(void **state) {
  (void)state;
  unsigned letters = 0;
  for (size_t i = 0; i < 64; i++) {
    struct signer *made;
    struct note_verifier verifier;
    const char *vkey;
    assert_int_equal(signer_generate(scope, &made), ADDUCE_OK);
    assert_int_equal(note_vkey_encode(scope, &vkey, span_text("a.example"), signer_key(made)),
                     ADDUCE_OK);
    char *digits = (char *)(uintptr_t)strchr(vkey, '+') + 1;
    for (size_t at = 0; at < 8; at++) {
      if (digits[at] < 'a') continue;
      digits[at] = (char)(digits[at] - 'a' + 'A');
      assert_int_equal(note_vkey_parse(scope, &verifier, span_text(vkey)), ADDUCE_E_NOTE);
      digits[at] = (char)(digits[at] - 'A' + 'a');
      letters++;
    }
    assert_int_equal(note_vkey_parse(scope, &verifier, span_text(vkey)), ADDUCE_OK);
    signer_close(&made);
  }
  assert_true(letters > 60);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_example_of_go_verifies),
      cmocka_unit_test(vectors),
      cmocka_unit_test(a_signed_note_is_read_and_verified),
      cmocka_unit_test(every_changed_bit_of_a_note_is_noticed),
      cmocka_unit_test(what_may_not_be_signed_is_refused),
      cmocka_unit_test(too_large_a_note_is_refused),
      cmocka_unit_test(the_line_of_a_fault_is_named),
      cmocka_unit_test(memory_running_out_is_said),
      cmocka_unit_test(base64_goes_round),
      cmocka_unit_test(base64_has_one_form_only),
      cmocka_unit_test(an_id_in_capital_digits_is_refused),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
