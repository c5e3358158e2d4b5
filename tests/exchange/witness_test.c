/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/witness.h"

#include "exchange/equivocation.h"
#include "logs.h"

static struct note_verifier verifier;
static struct tree tree, forked;

static int setup(void **state) {
  if (open_logs(state) != 0) return -1;
  verifier = verifier_of(ORIGIN, log_key);
  tree = tree_make(30, 0, "");
  forked = tree_make(30, 7, "!");
  return 0;
}

static struct adduce_span body(uint64_t old_size, const struct merkle_proof *path,
                               struct adduce_span note) {
  struct consistency request = {old_size, *path, note};
  struct adduce_span text;
  assert_int_equal(consistency_encode(scope, &text, &request), ADDUCE_OK);
  return text;
}

static struct witness_state state_of(struct tree *of, uint64_t size) {
  return (struct witness_state){size, tree_head(of, size).root};
}

static int judge(struct adduce_span text, const struct witness_state *state) {
  struct witness_log log = {&verifier, 1};
  struct witness_verdict verdict;
  struct witness_request request;
  assert_int_equal(witness_parse(scope, &verdict, &request, text), ADDUCE_OK);
  if (verdict.status != 200) return verdict.status;
  assert_int_equal(witness_judge(scope, &verdict, &request, &log, state), ADDUCE_OK);
  return verdict.status;
}

static int submit(struct tree *of, uint64_t from, uint64_t to, const struct witness_state *state) {
  struct checkpoint head = tree_head(of, to);
  struct merkle_proof path = tree_growth(of, from, to);
  return judge(body(from, &path, sign_head(&head, log_key)), state);
}

static void growth_is_cosigned(void **unused) {
  (void)unused;
  for (uint64_t to = 0; to <= 30; to++)
    for (uint64_t from = 0; from <= to; from++) {
      struct witness_state state = state_of(&tree, from);
      assert_int_equal(submit(&tree, from, to, &state), 200);
    }
}

static void the_first_may_have_any_size(void **unused) {
  (void)unused;
  struct witness_state nothing = {0, merkle_empty()};
  assert_int_equal(submit(&tree, 0, 30, &nothing), 200);
  assert_int_equal(submit(&tree, 0, 0, &nothing), 200);
}

static void another_old_size_is_a_conflict(void **unused) {
  (void)unused;
  struct witness_state state = state_of(&tree, 10);
  for (uint64_t from = 0; from <= 20; from++)
    assert_int_equal(submit(&tree, from, 20, &state), from == 10 ? 200 : 409);
  /* A rollback: the log is smaller than what was cosigned. */
  assert_int_equal(submit(&tree, 5, 5, &state), 409);
}

static void what_does_not_grow_from_it_is_unprocessable(void **unused) {
  (void)unused;
  struct witness_state state = state_of(&tree, 10);
  assert_int_equal(submit(&forked, 10, 20, &state), 422);
  assert_int_equal(submit(&forked, 10, 10, &state), 422);
  struct merkle_proof path = tree_growth(&tree, 10, 20);
  struct checkpoint head = tree_head(&tree, 20);
  struct adduce_span note = sign_head(&head, log_key);
  for (size_t i = 0; i < path.count; i++) {
    struct merkle_proof bad = path;
    bad.hashes[i].bytes[i] ^= 4;
    assert_int_equal(judge(body(10, &bad, note), &state), 422);
    bad = path;
    bad.count = i;
    assert_int_equal(judge(body(10, &bad, note), &state), 422);
  }
  struct merkle_proof one = {.count = 1};
  struct witness_state nothing = {0, merkle_empty()};
  assert_int_equal(judge(body(0, &one, note), &nothing), 422);
  struct witness_state same = state_of(&tree, 20);
  assert_int_equal(judge(body(20, &one, note), &same), 422);
}

static void size_zero_has_the_empty_root(void **unused) {
  (void)unused;
  struct checkpoint head = {span_text(ORIGIN), 0, tree_head(&tree, 3).root};
  struct merkle_proof none = {.count = 0};
  struct witness_state nothing = {0, merkle_empty()};
  assert_int_equal(judge(body(0, &none, sign_head(&head, log_key)), &nothing), 422);
}

static void an_old_size_above_the_new_is_a_bad_request(void **unused) {
  (void)unused;
  struct checkpoint head = tree_head(&tree, 5);
  struct merkle_proof none = {.count = 0};
  struct witness_state state = state_of(&tree, 9);
  assert_int_equal(judge(body(9, &none, sign_head(&head, log_key)), &state), 400);
}

static void signatures_decide_between_403_and_404(void **unused) {
  (void)unused;
  struct checkpoint head = tree_head(&tree, 5);
  struct merkle_proof none = {.count = 0};
  struct witness_state nothing = {0, merkle_empty()};
  struct adduce_span by_other = sign_head(&head, other_key), by_log = sign_head(&head, log_key);
  assert_int_equal(judge(body(0, &none, by_other), &nothing), 403);
  struct buffer note;
  buffer_init(&note, scope);
  buffer_span(&note, by_log);
  assert_int_equal(note_sign(scope, &note, span_text("other text\n"), span_text(ORIGIN), log_key),
                   ADDUCE_OK);
  assert_int_equal(judge(body(0, &none, text_of(&note)), &nothing), 403);
  struct witness_verdict verdict;
  struct witness_request request;
  assert_int_equal(witness_parse(scope, &verdict, &request, body(0, &none, by_log)), ADDUCE_OK);
  assert_int_equal(witness_judge(scope, &verdict, &request, NULL, &nothing), ADDUCE_OK);
  assert_int_equal(verdict.status, 404);
}

static void malformed_requests_are_bad_requests(void **unused) {
  (void)unused;
  struct checkpoint head = tree_head(&tree, 5);
  struct adduce_span note = sign_head(&head, log_key);
  struct witness_state nothing = {0, merkle_empty()};
  struct merkle_proof many = {.count = 64};
  assert_int_equal(judge(body(0, &many, note), &nothing), 400);
  const char *bad[] = {"",
                       "\n",
                       "old 0\n",
                       "old 0\n\n",
                       "old 0\n\nx",
                       "old x\n\n",
                       "old 00\n\n",
                       "old 0\nnot a hash\n\n",
                       "old 18446744073709551616\n\n"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(judge(span_text(bad[i]), &nothing), 400);
  for (size_t cut = 0; cut < note.size; cut++) {
    struct merkle_proof none = {.count = 0};
    int status = judge(body(0, &none, span_of(note.data, cut)), &nothing);
    assert_int_equal(status, 400);
  }
}

/* --- equivocation ------------------------------------------------------------------------- */

static void two_roots_of_one_size_are_evidence(void **unused) {
  (void)unused;
  struct checkpoint a = tree_head(&tree, 20), b = tree_head(&forked, 20);
  struct equivocation evidence, read, again;
  struct adduce_span file, file2;
  const char *sentence;
  assert_int_equal(equivocation_make(scope, &evidence, span_text("vkey"), sign_head(&a, log_key),
                                     sign_head(&b, log_key), NULL, NULL),
                   ADDUCE_OK);
  assert_int_equal(equivocation_encode(scope, &file, &evidence), ADDUCE_OK);
  assert_int_equal(equivocation_parse(scope, &read, file), ADDUCE_OK);
  assert_int_equal(equivocation_encode(scope, &file2, &read), ADDUCE_OK);
  assert_true(span_equal(file, file2));
  assert_int_equal(equivocation_make(scope, &again, span_text("vkey"), evidence.second,
                                     evidence.first, NULL, NULL),
                   ADDUCE_OK);
  assert_true(span_equal(again.first, evidence.first)); /* the order given does not matter */
  struct checkpoint first, second;
  assert_int_equal(checkpoint_open(scope, &first, read.first, &verifier), ADDUCE_OK);
  assert_int_equal(checkpoint_open(scope, &second, read.second, &verifier), ADDUCE_OK);
  assert_int_equal(equivocation_verify(scope, &sentence, &read, &first, &second), ADDUCE_OK);
  assert_string_equal(sentence, "the log signed two roots of one size, 20");
  assert_int_equal(equivocation_verify(scope, &sentence, &read, &second, &first), ADDUCE_E_PROOF);
  assert_int_equal(equivocation_verify(scope, &sentence, &read, &first, &first), ADDUCE_E_PROOF);
}

static void two_sizes_need_the_root_in_between(void **unused) {
  (void)unused;
  for (uint64_t size = 1; size < 30; size++) {
    struct checkpoint a = tree_head(&tree, size), b = tree_head(&forked, 30),
                      at = tree_head(&forked, size);
    struct merkle_proof path = tree_growth(&forked, size, 30);
    struct adduce_span note_a = sign_head(&a, log_key), note_b = sign_head(&b, log_key);
    struct equivocation evidence;
    enum adduce_err expected = size <= 7 ? ADDUCE_E_USAGE : ADDUCE_OK; /* they part at entry 7 */
    assert_int_equal(
        equivocation_make(scope, &evidence, span_text("v"), note_b, note_a, &at.root, &path),
        expected);
    assert_int_equal(
        equivocation_make(scope, &evidence, span_text("v"), note_a, note_b, NULL, NULL),
        ADDUCE_E_USAGE);
    /* An honest log cannot be accused: no other root leads there. */
    struct checkpoint honest = tree_head(&tree, 30);
    struct merkle_proof good = tree_growth(&tree, size, 30);
    assert_int_equal(equivocation_make(scope, &evidence, span_text("v"), note_a,
                                       sign_head(&honest, log_key), &at.root, &good),
                     ADDUCE_E_USAGE);
  }
}

static void malformed_evidence_is_refused(void **unused) {
  (void)unused;
  struct equivocation evidence;
#define E EQUIVOCATION_FIRST_LINE "\n"
  const char *bad[] = {E,
                       E "log\n",
                       E "log v\n",
                       E "log v\nfirst A\n",
                       E "log v\nfirst AAAA\n",
                       E "log v\nfirst AAAA\nsecond AAAA",
                       E "log v\nfirst AAAA\nsecond AAB=\n",
                       E "log v\nfirst AAAA\nsecond AAAA\nroot x\n",
                       E "log v\nfirst AAAA\nsecond AAAA\n\n"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(equivocation_parse(scope, &evidence, span_text(bad[i])), ADDUCE_E_PROOF);
  assert_int_equal(equivocation_parse(scope, &evidence, span_text("adduce/equivocation/v2\n")),
                   ADDUCE_E_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(growth_is_cosigned),
      cmocka_unit_test(the_first_may_have_any_size),
      cmocka_unit_test(another_old_size_is_a_conflict),
      cmocka_unit_test(what_does_not_grow_from_it_is_unprocessable),
      cmocka_unit_test(size_zero_has_the_empty_root),
      cmocka_unit_test(an_old_size_above_the_new_is_a_bad_request),
      cmocka_unit_test(signatures_decide_between_403_and_404),
      cmocka_unit_test(malformed_requests_are_bad_requests),
      cmocka_unit_test(two_roots_of_one_size_are_evidence),
      cmocka_unit_test(two_sizes_need_the_root_in_between),
      cmocka_unit_test(malformed_evidence_is_refused),
  };
  return cmocka_run_group_tests(tests, setup, close_logs);
}
