/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/witnessfolder.h"

#include <unistd.h>

#include "base/hex.h"
#include "exchange/equivocation.h"
#include "logs.h"
#include "sys/file.h"
#include "sys/workers.h"

static char folder[64];
static struct signer *witness_key;
static struct policy policy;
static struct witnessfolder witness;
static struct tree tree, forked;

static int setup(void **state) {
  const char *vkey, *base = getenv("TMPDIR");
  if (open_logs(state) != 0 || signer_generate(scope, &witness_key) != ADDUCE_OK) return -1;
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL) return -1;
  if (note_vkey_encode(scope, &vkey, span_text(ORIGIN), signer_key(log_key)) != ADDUCE_OK)
    return -1;
  const char *text = scope_format(scope, "log %s\nquorum none\n", vkey);
  if (policy_parse(scope, &policy, span_text(text)) != ADDUCE_OK) return -1;
  witness = (struct witnessfolder){folder, span_text("witness.example/w"), witness_key, &policy};
  tree = tree_make(60, 0, "");
  forked = tree_make(60, 9, "!");
  return 0;
}

static int teardown(void **state) {
  enum adduce_err err = file_remove_tree(scope, folder);
  signer_close(&witness_key);
  return close_logs(state) + (err != ADDUCE_OK);
}

static struct adduce_span body_of(struct tree *of, uint64_t from, uint64_t to) {
  struct checkpoint head = tree_head(of, to);
  struct consistency request = {from, tree_growth(of, from, to), sign_head(&head, log_key)};
  struct adduce_span text;
  assert_int_equal(consistency_encode(scope, &text, &request), ADDUCE_OK);
  return text;
}

static struct witnessfolder_answer add(struct tree *of, uint64_t from, uint64_t to, int64_t now_s) {
  struct witnessfolder_answer answer;
  assert_int_equal(witnessfolder_add(scope, &witness, &answer, body_of(of, from, to), now_s),
                   ADDUCE_OK);
  return answer;
}

static struct adduce_span origin_hex(void) {
  struct adduce_hash digest = hash_bytes(span_text(ORIGIN));
  return span_text(scope_format(scope, "%s", hex_text32(digest.bytes).text));
}

/* The time of our cosignature in the note that monitors get. */
static int64_t monitored_time(uint64_t size) {
  struct witnessfolder_answer answer;
  struct checkpoint checkpoint;
  struct note note;
  struct note_verifier log = verifier_of(ORIGIN, log_key);
  struct cosignature_key key = {witness.name,
                                cosignature_key_id(witness.name, signer_key(witness_key)),
                                *signer_key(witness_key)};
  int64_t time_s;
  assert_int_equal(witnessfolder_monitor(scope, &witness, &answer, origin_hex()), ADDUCE_OK);
  assert_int_equal(answer.status, 200);
  assert_int_equal(checkpoint_open(scope, &checkpoint, answer.body, &log), ADDUCE_OK);
  assert_int_equal(checkpoint.size, size);
  assert_int_equal(checkpoint_parse(scope, &checkpoint, &note, answer.body), ADDUCE_OK);
  assert_int_equal(cosignature_verify(scope, &time_s, &note, &key), ADDUCE_OK);
  return time_s;
}

static void a_log_is_followed_and_its_state_survives(void **state) {
  (void)state;
  struct witnessfolder_answer answer;
  assert_int_equal(witnessfolder_monitor(scope, &witness, &answer, origin_hex()), ADDUCE_OK);
  assert_int_equal(answer.status, 404);
  assert_int_equal(add(&tree, 0, 10, 1000).status, 200);
  assert_int_equal(monitored_time(10), 1000);
  answer = add(&tree, 0, 20, 1001);
  assert_int_equal(answer.status, 409);
  assert_string_equal(answer.content_type, "text/x.tlog.size");
  assert_true(span_is(answer.body, "10\n"));
  assert_int_equal(add(&tree, 10, 20, 1002).status, 200);
  assert_int_equal(add(&tree, 20, 20, 1003).status, 200);
  assert_int_equal(monitored_time(20), 1003);
  assert_int_equal(add(&tree, 20, 20, 5).status, 200); /* the clock went back */
  assert_int_equal(monitored_time(20), 1003);
  assert_int_equal(add(&tree, 10, 15, 1004).status, 409);
}

static void two_roots_of_one_size_are_kept_as_evidence(void **state) {
  (void)state;
  struct adduce_span file;
  struct equivocation evidence;
  assert_int_equal(add(&forked, 20, 20, 2000).status, 422);
  assert_int_equal(add(&forked, 20, 30, 2000).status, 422);
  assert_int_equal(monitored_time(20), 1003);
  const char *path =
      scope_format(scope, "%s/%.*s-20.equivocation", folder, SPAN_ARGS(origin_hex()));
  assert_int_equal(file_read(scope, &file, path, EQUIVOCATION_BYTES_MAX), ADDUCE_OK);
  assert_int_equal(equivocation_parse(scope, &evidence, file), ADDUCE_OK);
}

static void a_damaged_state_cosigns_nothing(void **state) {
  (void)state;
  struct witnessfolder_answer answer;
  struct adduce_span bytes;
  const char *path = scope_format(scope, "%s/%.*s.state", folder, SPAN_ARGS(origin_hex()));
  assert_int_equal(file_read(scope, &bytes, path, 4096), ADDUCE_OK);
  uint8_t zeroes[1024] = {0};
  assert_int_equal(file_write(scope, path, span_of(zeroes, sizeof zeroes), 0600, false), ADDUCE_OK);
  assert_int_equal(witnessfolder_add(scope, &witness, &answer, body_of(&tree, 20, 30), 3000),
                   ADDUCE_E_CORRUPT);
  assert_int_equal(answer.status, 500);
  assert_int_equal(file_write(scope, path, bytes, 0600, false), ADDUCE_OK);
}

static void others_paths_and_origins_are_not_found(void **state) {
  (void)state;
  struct witnessfolder_answer answer;
  const char *bad[] = {"", "..", "ab",
                       "../../../../../../../../../../../../../../etc/passwd01234567890"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(witnessfolder_monitor(scope, &witness, &answer, span_text(bad[i])), ADDUCE_OK);
    assert_int_equal(answer.status, 404);
  }
}

/* Many at once ask for different growth from 20: exactly one of the first round can have it. */
static enum adduce_err race(void *context, struct adduce_scope *own, size_t begin, size_t end) {
  struct adduce_span *bodies = context;
  for (size_t i = begin; i < end; i++) {
    struct witnessfolder_answer answer;
    TRY(witnessfolder_add(own, &witness, &answer, bodies[i], 4000));
    if (answer.status == 200)
      __atomic_add_fetch(&bodies[40].size, 1, __ATOMIC_RELAXED);
    else if (answer.status != 409)
      return ADDUCE_E_FAILED;
  }
  return ADDUCE_OK;
}

static void races_are_won_by_one(void **state) {
  (void)state;
  struct adduce_span bodies[41];
  for (size_t i = 0; i < 40; i++) bodies[i] = body_of(&tree, 20, 21 + i);
  bodies[40].size = 0;
  assert_int_equal(workers_run(scope, 40, 1, 8, race, bodies), ADDUCE_OK);
  assert_int_equal(bodies[40].size, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_log_is_followed_and_its_state_survives),
      cmocka_unit_test(two_roots_of_one_size_are_kept_as_evidence),
      cmocka_unit_test(a_damaged_state_cosigns_nothing),
      cmocka_unit_test(others_paths_and_origins_are_not_found),
      cmocka_unit_test(races_are_won_by_one),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
