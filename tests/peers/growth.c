/* SPDX-License-Identifier: Apache-2.0 */
/* growth FOLDER SIZE...: a ledger that grows to each of the sizes, in ascending order, and what
 * each operation costs there: "SIZE OPERATION VALUE" lines. Times are the medians of some runs, in
 * microseconds an operation; of rebuild and audit, in seconds. FOLDER must exist and be empty. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "bench/house.h"
#include "bench/table.h"

#define AUTHORS 8
#define BATCH 1000
#define RUNS 21

static struct adduce_scope *scope, *step;
static struct generator *generator;
static struct house house;
static struct adduce_writer *writer;
static const struct adduce_policy *policy;
static uint64_t size;            /* entries */
static unsigned long long label; /* the size that was asked for; measuring appends some more */

static void must(enum adduce_err err, const char *what) {
  table_must(step, err, what);
}

static void append(uint64_t count) {
  struct adduce_receipt receipt;
  for (uint64_t i = 0; i < count; i++) {
    struct generator_claim claim;
    struct adduce_id id;
    generator_next(step, generator, &claim);
    must(adduce_writer_add(step, writer, &id, generator_map(step, &claim),
                           house_signer(claim.author)),
         "add");
    generator_said(generator, &id);
  }
  must(adduce_writer_commit(step, writer, &receipt), "commit");
  size = receipt.size;
  adduce_scope_reset(step);
}

static void append_one(void) {
  append(1);
}

/* A subject of twelve claims or so, not one of the first, whom everybody talks about. */
static const char *subject(void) {
  static uint64_t turn;
  return generator_subject(step, 16 + (turn++ * 7919) % (generator_subject_count(generator) / 2));
}

/* Not every subject that the generator knows has been spoken of. */
static void ask(const struct adduce_question *question) {
  const struct adduce_value *answer;
  enum adduce_err err;
  do err = adduce_ask_state(step, house.ledger, &answer, subject(), question);
  while (err == ADDUCE_E_NOT_FOUND);
  must(err, "question");
}

static void ask_now(void) {
  ask(NULL);
}

static void ask_as_of(void) {
  char at[32];
  (void)snprintf(at, sizeof at, "#%llu", (unsigned long long)size * 3 / 4);
  const struct adduce_question question = {.at = at};
  ask(&question);
}

static void ask_without(void) {
  char event[32];
  const char *without[] = {event};
  (void)snprintf(event, sizeof event, "event:#%llu", (unsigned long long)size / 2);
  const struct adduce_question question = {.without = without, .without_count = 1};
  ask(&question);
}

static void prove(void) {
  static uint64_t turn;
  char name[32];
  struct adduce_span file;
  (void)snprintf(name, sizeof name, "#%llu", (unsigned long long)(turn++ * 104729 % size));
  must(adduce_prove(step, house.ledger, &file, name, false), "prove");
}

static void measure(const char *operation, void (*run)(void)) {
  double times[RUNS];
  for (int i = 0; i < RUNS; i++) {
    double begin = table_seconds();
    run();
    times[i] = (table_seconds() - begin) * 1e6;
    adduce_scope_reset(step);
  }
  printf("%llu %s %.1f\n", label, operation, table_median(times, RUNS));
}

/* Everything, and then what 1,000 events more cost from its statement on. */
static void audit(void) {
  const struct adduce_published published = adduce_published_ledger(house.ledger);
  struct adduce_audit_options options = {.policy = policy,
                                         .auditor_name = "auditor.example",
                                         .auditor = house_signer(generator_founder(generator))};
  const struct adduce_value *report;
  struct adduce_scope *kept; /* the statement */
  table_must(scope, adduce_scope_open(&kept, 0), "scope");
  double begin = table_seconds();
  table_must(kept, adduce_audit(kept, &published, &report, &options), "audit");
  printf("%llu audit %.4f\n", label, table_seconds() - begin);
  options.since = adduce_value_bytes(adduce_value_get(report, "statement"));
  append(BATCH);
  begin = table_seconds();
  must(adduce_audit(step, &published, &report, &options), "audit");
  printf("%llu incremental-audit %.4f\n", label, table_seconds() - begin);
  adduce_scope_close(&kept);
}

static void rebuild(void) {
  const struct adduce_value *report;
  double begin = table_seconds();
  must(adduce_rebuild(step, house.ledger, &report), "rebuild");
  printf("%llu rebuild %.4f\n", label, table_seconds() - begin);
}

static void weigh(void) {
  const struct adduce_value *stat;
  must(adduce_stat(step, house.ledger, &stat), "stat");
  printf("%llu bytes %lld\n", label,
         (long long)adduce_value_integer(adduce_value_get(stat, "file_bytes")));
}

static void measure_all(void) {
  must(adduce_catch_up(step, house.ledger), "catch up");
  measure("append", append_one);
  must(adduce_catch_up(step, house.ledger), "catch up");
  measure("question", ask_now);
  measure("as-of", ask_as_of);
  measure("without", ask_without);
  measure("proof", prove);
  weigh();
  rebuild();
  adduce_scope_reset(step);
  audit();
  adduce_scope_reset(step);
  (void)fflush(stdout);
}

int main(int argc, char **argv) {
  const struct generator_options options = {.seed = 5, .keys_seed = 1, .authors = AUTHORS};
  const char *vkey;
  if (argc < 3) return 2;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || adduce_scope_open(&step, 0) != ADDUCE_OK)
    return 1;
  table_must(scope, generator_open(scope, &generator, &options), "generator");
  house_make(scope, &house, generator, argv[1], AUTHORS);
  struct adduce_key key = adduce_signer_key(house_signer(generator_log_signer(generator)));
  table_must(scope, adduce_key_vkey(scope, &vkey, GENERATOR_ORIGIN, &key), "vkey");
  table_must(scope, adduce_policy_of_key(scope, &policy, vkey), "policy");
  table_must(scope, adduce_writer_open(scope, &writer, house.ledger, NULL), "writer");
  size = AUTHORS;
  for (int i = 2; i < argc; i++) {
    uint64_t wanted = strtoull(argv[i], NULL, 10);
    while (size < wanted) append(wanted - size < BATCH ? wanted - size : BATCH);
    label = wanted;
    measure_all();
  }
  adduce_writer_close(&writer);
  adduce_ledger_close(&house.ledger);
  generator_close(&generator);
  adduce_scope_close(&step);
  adduce_scope_close(&scope);
  return 0;
}
