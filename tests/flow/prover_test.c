/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of a log that grows, asked for by several threads at a time: the hashes that a ledger
 * keeps for proofs (ledger/inner.h) must be right for whoever has a checkpoint of an earlier size.
 * What says so is adduce_check_file, which has nothing of the ledger's. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "adduce.h"

#define ORIGIN "monitor.example"
#define STEP 199
#define SIZE_LAST 1600 /* seven tiles of the lowest level, and the one above grows each time */
#define THREADS 3

static struct adduce_scope *scope;
static struct adduce_signer *founder, *log_key;
static struct adduce_ledger *ledger;
static const struct adduce_policy *policy;
static char folder[64];
static atomic_ullong size;
static atomic_bool is_over;

#define OK(call)                                                                      \
  do {                                                                                \
    enum adduce_err ok_err = (call);                                                  \
    if (ok_err != ADDUCE_OK)                                                          \
      print_error("%s: %s\n", adduce_error_name(ok_err), adduce_scope_detail(scope)); \
    assert_int_equal(ok_err, ADDUCE_OK);                                              \
  } while (0)

static int setup(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR"), *vkey;
  static char ledger_folder[80], heads[80];
  (void)snprintf(folder, sizeof folder, "%.40s/adduce-XXXXXX", base == NULL ? "/tmp" : base);
  if (mkdtemp(folder) == NULL || adduce_scope_open(&scope, 0) != ADDUCE_OK) return -1;
  (void)snprintf(ledger_folder, sizeof ledger_folder, "%s/ledger", folder);
  (void)snprintf(heads, sizeof heads, "%s/heads", folder);
  OK(adduce_signer_generate(scope, &founder));
  OK(adduce_signer_generate(scope, &log_key));
  struct adduce_key key = adduce_signer_key(log_key);
  OK(adduce_key_vkey(scope, &vkey, ORIGIN, &key));
  OK(adduce_policy_of_key(scope, &policy, vkey));
  const struct adduce_options options = {.headlock_folder = heads, .log_signer = log_key};
  OK(adduce_ledger_create(scope, &ledger, ledger_folder, ORIGIN, founder, NULL, &options));
  size = 1;
  return 0;
}

static int teardown(void **state) {
  (void)state;
  char command[96];
  adduce_ledger_close(&ledger);
  adduce_signer_close(&founder);
  adduce_signer_close(&log_key);
  adduce_scope_close(&scope);
  (void)snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

static void grow(unsigned count) {
  struct adduce_writer *writer;
  struct adduce_receipt receipt;
  OK(adduce_writer_open(scope, &writer, ledger, NULL));
  for (unsigned i = 0; i < count; i++) {
    const struct adduce_value *claim;
    struct adduce_id id;
    char json[128];
    (void)snprintf(json, sizeof json,
                   "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"person/%llu\","
                   "\"schema\":\"Person\"}}",
                   (unsigned long long)size + i);
    OK(adduce_value_from_json(scope, &claim, json, strlen(json)));
    OK(adduce_writer_add(scope, writer, &id, claim, founder));
  }
  OK(adduce_writer_commit(scope, writer, &receipt));
  adduce_writer_close(&writer);
  size += count;
}

/* One proof, checked; true if it is what it should be. */
static bool prove(struct adduce_scope *step, struct adduce_prover *prover,
                  unsigned long long index) {
  const struct adduce_span none = {NULL, 0};
  const struct adduce_value *report;
  struct adduce_span file;
  char name[32];
  (void)snprintf(name, sizeof name, "#%llu", index);
  enum adduce_err err = prover == NULL ? adduce_prove(step, ledger, &file, name, false)
                                       : adduce_prover_prove(step, prover, &file, name, false);
  if (err == ADDUCE_OK) err = adduce_check_file(step, &report, file, policy, none);
  if (err != ADDUCE_OK) print_error("#%llu: %s\n", index, adduce_scope_detail(step));
  bool good =
      err == ADDUCE_OK && adduce_value_integer(adduce_value_get(report, "index")) == (int64_t)index;
  adduce_scope_reset(step);
  return good;
}

static void proofs_are_right_at_every_size(void **state) {
  (void)state;
  struct adduce_scope *step;
  struct adduce_prover *early;
  OK(adduce_scope_open(&step, 0));
  grow(300);
  /* A prover stays with the checkpoint it had, while the kept tiles grow under it. */
  OK(adduce_prover_open(scope, &early, ledger));
  while (size < SIZE_LAST / 2) {
    for (unsigned long long index = 0; index < size; index += 37)
      assert_true(prove(step, NULL, index));
    assert_true(prove(step, NULL, size - 1));
    for (unsigned long long index = 0; index < 301; index += 13)
      assert_true(prove(step, early, index));
    grow(STEP);
  }
  adduce_prover_close(&early);
  adduce_scope_close(&step);
}

static void *prove_on(void *argument) {
  struct adduce_scope *step;
  struct adduce_prover *prover;
  unsigned long long random = 77 + *(unsigned *)argument;
  bool good = adduce_scope_open(&step, 0) == ADDUCE_OK;
  while (good && !is_over) {
    unsigned long long now = size;
    good = adduce_prover_open(step, &prover, ledger) == ADDUCE_OK;
    for (int i = 0; good && i < 20; i++) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      good = prove(step, i % 2 == 0 ? prover : NULL, (random >> 33) % now);
    }
    if (prover != NULL) adduce_prover_close(&prover);
  }
  adduce_scope_close(&step);
  return good ? argument : NULL;
}

static void threads_prove_while_the_log_grows(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  unsigned numbers[THREADS];
  for (unsigned i = 0; i < THREADS; i++) {
    numbers[i] = i;
    assert_int_equal(pthread_create(&threads[i], NULL, prove_on, &numbers[i]), 0);
  }
  while (size < SIZE_LAST) grow(STEP);
  is_over = true;
  for (unsigned i = 0; i < THREADS; i++) {
    void *good;
    assert_int_equal(pthread_join(threads[i], &good), 0);
    assert_non_null(good);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(proofs_are_right_at_every_size),
      cmocka_unit_test(threads_prove_while_the_log_grows),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
