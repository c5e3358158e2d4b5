/* SPDX-License-Identifier: Apache-2.0 */
/* counts_driver FOLDER: fixed small workloads, each in a function whose instructions
 * tests/counts/run counts. Everything that could differ from run to run is fixed: the seeds, the
 * random bytes, the number of threads; the clock is not, but nothing depends on it but some digits.
 * FOLDER must exist and be empty. */
#include <lmdb.h>
#include <sodium.h>

#include "bench/house.h"
#include "bench/table.h"

#define EVENTS 200
#define AUTHORS 3
#define QUESTIONS 20
#define PROOFS 20

#define WORKLOAD __attribute__((noinline, noclone))

static struct adduce_scope *scope;
static struct generator *generator;
static struct house house;
static uint64_t random_state = 1;

static const char *name_generator(void) {
  return "fixed";
}

static uint32_t draw(void) { /* xorshift64* */
  random_state ^= random_state >> 12, random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 32);
}

static void fill(void *const buffer, const size_t size) {
  for (size_t i = 0; i < size; i++) ((uint8_t *)buffer)[i] = (uint8_t)draw();
}

static struct randombytes_implementation fixed = {
    .implementation_name = name_generator, .random = draw, .buf = fill};

/* Valgrind has no room for the maps of 64 GiB that the library asks for: the linker leads it here.
 */
int __wrap_mdb_env_set_mapsize(MDB_env *env, size_t bytes);
int __real_mdb_env_set_mapsize(MDB_env *env, size_t bytes);

int __wrap_mdb_env_set_mapsize(MDB_env *env, size_t bytes) {
  const size_t most = (size_t)1 << 30;
  return __real_mdb_env_set_mapsize(env, bytes < most ? bytes : most);
}

/* Named in tests/counts/run. */
void count_append(void);
void count_verify(void);
void count_rebuild(void);
void count_question(void);
void count_proof(void);

/* One by one: each with its own commit, signed here. */
WORKLOAD void count_append(void) {
  struct adduce_writer *writer;
  struct adduce_scope *step;
  table_must(scope, adduce_scope_open(&step, 0), "scope");
  table_must(scope, adduce_writer_open(scope, &writer, house.ledger, NULL), "writer");
  for (int i = 0; i < EVENTS; i++) {
    struct generator_claim claim;
    struct adduce_id id;
    struct adduce_receipt receipt;
    generator_next(step, generator, &claim);
    table_must(step,
               adduce_writer_add(step, writer, &id, generator_map(step, &claim),
                                 house_signer(claim.author)),
               "add");
    table_must(step, adduce_writer_commit(step, writer, &receipt), "commit");
    generator_said(generator, &id);
    adduce_scope_reset(step);
  }
  adduce_writer_close(&writer);
  adduce_scope_close(&step);
}

WORKLOAD void count_verify(void) {
  const struct adduce_value *report;
  const struct adduce_verify_options options = {.threads = 1};
  table_must(scope, adduce_verify(scope, house.ledger, &report, &options), "verify");
}

WORKLOAD void count_rebuild(void) {
  const struct adduce_value *report;
  table_must(scope, adduce_rebuild(scope, house.ledger, &report), "rebuild");
}

WORKLOAD void count_question(void) {
  const struct adduce_value *answer;
  for (int i = 0; i < QUESTIONS; i++)
    table_must(scope,
               adduce_ask_state(scope, house.ledger, &answer, generator_subject(scope, 3), NULL),
               "question");
}

WORKLOAD void count_proof(void) {
  struct adduce_span file;
  for (int i = 0; i < PROOFS; i++)
    table_must(scope, adduce_prove(scope, house.ledger, &file, "#77", false), "proof");
}

int main(int argc, char **argv) {
  const struct generator_options options = {.seed = 7, .keys_seed = 1, .authors = AUTHORS};
  if (argc != 2 || randombytes_set_implementation(&fixed) != 0) return 2;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return 1;
  table_must(scope, generator_open(scope, &generator, &options), "generator");
  house_make(scope, &house, generator, argv[1], AUTHORS);
  count_append();
  table_must(scope, adduce_catch_up(scope, house.ledger), "catch up");
  count_verify();
  count_rebuild();
  count_question();
  count_proof();
  adduce_ledger_close(&house.ledger);
  generator_close(&generator);
  adduce_scope_close(&scope);
  return 0;
}
