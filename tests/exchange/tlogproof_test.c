/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tlogproof.h"

#include "exchange/consistency.h"
#include "logs.h"

static struct tlogproof prove(struct tree *tree, uint64_t index, struct adduce_span note) {
  struct tlogproof proof = {.index = index, .checkpoint = note};
  struct merkle_reader reader = tree_reader(tree);
  assert_int_equal(merkle_prove_inclusion(scope, &proof.path, &reader, index, tree->size),
                   ADDUCE_OK);
  return proof;
}

static struct adduce_span encode(const struct tlogproof *proof) {
  struct adduce_span file;
  assert_int_equal(tlogproof_encode(scope, &file, proof), ADDUCE_OK);
  return file;
}

static void what_was_written_is_read_and_verifies(void **state) {
  (void)state;
  struct tree tree = tree_make(300, 0, "");
  struct checkpoint head = tree_head(&tree, 300);
  struct adduce_span note = sign_head(&head, log_key);
  for (uint64_t index = 0; index < 300; index += 7) {
    struct tlogproof proof = prove(&tree, index, note), read;
    if (index % 2 == 0) proof.extra = span_text("any application's");
    struct adduce_span file = encode(&proof);
    assert_int_equal(tlogproof_parse(scope, &read, file), ADDUCE_OK);
    assert_true(span_equal(file, encode(&read)));
    assert_true(span_equal(read.extra, proof.extra));
    struct adduce_hash leaf = merkle_leaf(tree_entry(index, 0, ""));
    assert_int_equal(tlogproof_verify(scope, &read, &head, &leaf), ADDUCE_OK);
    leaf.bytes[31] ^= 1;
    assert_int_equal(tlogproof_verify(scope, &read, &head, &leaf), ADDUCE_E_PROOF);
  }
}

static void the_form_is_that_of_the_specification(void **state) {
  (void)state;
  struct tree tree = tree_make(2, 0, "");
  struct checkpoint head = tree_head(&tree, 2);
  struct tlogproof proof = prove(&tree, 1, sign_head(&head, log_key));
  const char *hash;
  assert_int_equal(note_base64_encode(scope, &hash, span_of(proof.path.hashes[0].bytes, 32)),
                   ADDUCE_OK);
  const char *expected = scope_format(scope, "c2sp.org/tlog-proof@v1\nindex 1\n%s\n\n%.*s", hash,
                                      SPAN_ARGS(proof.checkpoint));
  assert_true(span_is(encode(&proof), expected));
}

#define HASH "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"
#define HEAD "c2sp.org/tlog-proof@v1\n"

static void every_malformed_proof_has_its_error(void **state) {
  (void)state;
  const struct {
    const char *file;
    enum adduce_err err;
  } cases[] = {
      {"", ADDUCE_E_VERSION},
      {"c2sp.org/tlog-proof@v1", ADDUCE_E_VERSION},
      {"c2sp.org/tlog-proof@v2\nindex 1\n\n", ADDUCE_E_VERSION},
      {"index 1\n\nx", ADDUCE_E_VERSION},
      {HEAD, ADDUCE_E_PROOF},
      {HEAD "\n", ADDUCE_E_PROOF},
      {HEAD "extra AAA\nindex 1\n\n", ADDUCE_E_PROOF},
      {HEAD "extra AB==\nindex 1\n\n", ADDUCE_E_PROOF},
      {HEAD "extra AAAA\n", ADDUCE_E_PROOF},
      {HEAD "extra AAAA\nextra AAAA\nindex 1\n\n", ADDUCE_E_PROOF},
      {HEAD "index 1\nextra AAAA\n\n", ADDUCE_E_PROOF},
      {HEAD "index \n\n", ADDUCE_E_PROOF},
      {HEAD "index 01\n\n", ADDUCE_E_PROOF},
      {HEAD "index -1\n\n", ADDUCE_E_PROOF},
      {HEAD "index 1 \n\n", ADDUCE_E_PROOF},
      {HEAD "index 9007199254740992\n\n", ADDUCE_E_PROOF},
      {HEAD "index 99999999999999999999\n\n", ADDUCE_E_PROOF},
      {HEAD "index 1\n", ADDUCE_E_PROOF},
      {HEAD "index 1\r\n\r\n", ADDUCE_E_PROOF},
      {HEAD "index 1\n" HASH, ADDUCE_E_PROOF},
      {HEAD "index 1\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi0=\n\n", ADDUCE_E_PROOF},
      {HEAD "index 1\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi09=\n\n", ADDUCE_E_PROOF},
      {HEAD "index 1\n " HASH "\n", ADDUCE_E_PROOF},
      {HEAD "index 0\n\n", ADDUCE_OK}, /* the checkpoint is another reader's */
      {HEAD "extra \nindex 0\n\n", ADDUCE_OK},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct tlogproof proof;
    assert_int_equal(tlogproof_parse(scope, &proof, span_text(cases[i].file)), cases[i].err);
  }
  struct buffer long_path;
  struct tlogproof proof;
  buffer_init(&long_path, scope);
  buffer_text(&long_path, HEAD "index 0\n");
  for (int i = 0; i < 65; i++) buffer_text(&long_path, HASH);
  buffer_text(&long_path, "\n");
  assert_int_equal(tlogproof_parse(scope, &proof, text_of(&long_path)), ADDUCE_E_PROOF);
  uint8_t *large = calloc(1, TLOGPROOF_BYTES_MAX + 1);
  assert_int_equal(tlogproof_parse(scope, &proof, span_of(large, TLOGPROOF_BYTES_MAX + 1)),
                   ADDUCE_E_TOO_LARGE);
  free(large);
}

static void extra_is_ours_or_it_is_said(void **state) {
  (void)state;
  struct tlogproof_extra extra = {span_text("entry"), span_text(""), span_text("vkey")}, read;
  struct adduce_span bytes;
  assert_int_equal(tlogproof_extra_encode(scope, &bytes, &extra), ADDUCE_OK);
  assert_int_equal(tlogproof_extra_parse(scope, &read, bytes), ADDUCE_OK);
  assert_true(span_is(read.entry, "entry") && read.content.size == 0 && span_is(read.vkey, "vkey"));
  assert_int_equal(tlogproof_extra_parse(scope, &read, span_text("age-v1")),
                   ADDUCE_E_NOT_CANONICAL);
  assert_int_equal(tlogproof_extra_parse(scope, &read, span_of("\x92\xc4\x00\xc4\x00", 5)),
                   ADDUCE_E_FORM);
  assert_int_equal(tlogproof_extra_parse(scope, &read, span_of("", 0)), ADDUCE_E_NOT_CANONICAL);
}

/* --- consistency -------------------------------------------------------------------------- */

static void growth_is_shown_between_all_small_sizes(void **state) {
  (void)state;
  struct tree tree = tree_make(40, 0, "");
  for (uint64_t to = 0; to <= 40; to++) {
    struct checkpoint newer = tree_head(&tree, to);
    for (uint64_t from = 0; from <= to; from++) {
      struct checkpoint older = tree_head(&tree, from);
      struct consistency proof = {from, tree_growth(&tree, from, to), span_text("note")}, read;
      struct adduce_span text;
      assert_int_equal(consistency_encode(scope, &text, &proof), ADDUCE_OK);
      assert_int_equal(consistency_parse(scope, &read, text), ADDUCE_OK);
      assert_int_equal(consistency_verify(scope, &read, &older, &newer), ADDUCE_OK);
      if (read.path.count == 0) continue;
      read.path.hashes[0].bytes[0] ^= 1;
      assert_int_equal(consistency_verify(scope, &read, &older, &newer), ADDUCE_E_PROOF);
    }
  }
}

static void two_histories_do_not_grow_from_each_other(void **state) {
  (void)state;
  struct tree tree = tree_make(20, 0, ""), other = tree_make(20, 5, "!");
  struct checkpoint older = tree_head(&tree, 9), newer = tree_head(&other, 20);
  struct consistency proof = {9, tree_growth(&other, 9, 20), span_text("")};
  assert_int_equal(consistency_verify(scope, &proof, &older, &newer), ADDUCE_E_PROOF);
  older = tree_head(&tree, 20);
  proof = (struct consistency){.old_size = 20};
  assert_int_equal(consistency_verify(scope, &proof, &older, &newer), ADDUCE_E_EQUIVOCATION);
  newer.origin = span_text("another.example");
  assert_int_equal(consistency_verify(scope, &proof, &older, &newer), ADDUCE_E_PROOF);
}

static void malformed_consistency_proofs_are_refused(void **state) {
  (void)state;
  const char *bad[] = {"",           "old 1",        "new 1\n\n",    "old 01\n\n",
                       "old\n\n",    "old 1\n" HASH, "old 1\n \n\n", "old 1\nx\n\n",
                       "old -1\n\n", "old 1 \n\n"};
  struct consistency proof;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(consistency_parse(scope, &proof, span_text(bad[i])), ADDUCE_E_PROOF);
  struct buffer text;
  buffer_init(&text, scope);
  buffer_text(&text, "old 1\n");
  for (int i = 0; i < 64; i++) buffer_text(&text, HASH);
  buffer_text(&text, "\n");
  assert_int_equal(consistency_parse(scope, &proof, text_of(&text)), ADDUCE_E_PROOF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_written_is_read_and_verifies),
      cmocka_unit_test(the_form_is_that_of_the_specification),
      cmocka_unit_test(every_malformed_proof_has_its_error),
      cmocka_unit_test(extra_is_ours_or_it_is_said),
      cmocka_unit_test(growth_is_shown_between_all_small_sizes),
      cmocka_unit_test(two_histories_do_not_grow_from_each_other),
      cmocka_unit_test(malformed_consistency_proofs_are_refused),
  };
  return cmocka_run_group_tests(tests, open_logs, close_logs);
}
