/* SPDX-License-Identifier: Apache-2.0 */
/* bench ADDUCE [ROW...]: the numbers of the project, each beside its limit measured in the same
 * run. ROW picks: durable, batch, foreign, verify, rebuild, large, proofs.
 *
 *   BENCH_FOLDER  where ledgers are made (build/bench); not in memory, or durability is for free
 *   BENCH_SMALL   events of the ledger of most rows (100000); under 49000 there are too few for the
 *                 rows of batches
 *   BENCH_EVENTS  events of the large ledger (1000000) */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <sys/utsname.h>

#include "history.h"
#include "house.h"
#include "large.h"
#include "ledger/ledger.h"
#include "proofs.h"
#include "raw.h"
#include "sys/file.h"
#include "sys/machine.h"
#include "table.h"

#define AUTHORS 8
#define ROUNDS 7
#define BATCH 1000
#define SINGLES 150 /* durable events a round */
#define FOREIGN_BATCHES 6
#define TMPFS 0x01021994

struct bench {
  struct adduce_scope *scope; /* of the whole run */
  struct adduce_scope *step;  /* of one round */
  struct generator *generator;
  struct house house;
  struct raw_store *raw;
  struct event *events; /* signed, in an order in which they can be appended */
  size_t event_count;
  size_t next; /* the first that is not in the ledger yet */
  char **rows;
  int row_count;
};

static bool wants(const struct bench *bench, const char *row) {
  for (int i = 0; i < bench->row_count; i++)
    if (strcmp(bench->rows[i], row) == 0) return true;
  return bench->row_count == 0;
}

static uint64_t number(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static const struct event *take(struct bench *bench, size_t count) {
  if (count > bench->event_count - bench->next) {
    (void)fprintf(stderr, "bench: BENCH_SMALL is too small\n");
    exit(1);
  }
  bench->next += count;
  return bench->events + bench->next - count;
}

static void make_events(struct bench *bench) {
  size_t said = 0, content = 0, fields = 0;
  double begin = table_seconds();
  bench->events = scope_array(bench->scope, bench->event_count, sizeof *bench->events);
  if (bench->events == NULL) exit(1);
  for (size_t i = 0; i < bench->event_count; i++) {
    const struct parsed *parsed = &bench->events[i].claim.parsed;
    table_must(bench->scope, generator_event(bench->scope, bench->generator, &bench->events[i]),
               "generate");
    said += parsed->event.size;
    content += parsed->content.size;
    fields += parsed->field_count;
  }
  double count = (double)bench->event_count;
  table_note("%zu events of %.0f bytes (event %.0f, content %.0f, %.1f fields), signed in %.1f s",
             bench->event_count, (double)(said + content) / count, (double)said / count,
             (double)content / count, (double)fields / count, table_seconds() - begin);
}

/* --- rows ---------------------------------------------------------------------------------- */

/* One batch, by the log itself. */
static void append(struct bench *bench, const struct event *events, size_t count) {
  static struct log_appended appended[BATCH];
  struct log_receipt receipt;
  struct log_append_options options = {.now_us = machine_now_us()};
  table_must(bench->step,
             log_append(bench->step, bench->house.ledger->log, appended, &receipt, events, count,
                        generator_log_signer(bench->generator), &options),
             "append");
  adduce_scope_reset(bench->step);
}

/* Whatever no row has appended: later claims may refer to it. */
static void append_rest(struct bench *bench) {
  while (bench->next < bench->event_count) {
    size_t left = bench->event_count - bench->next;
    size_t count = left < BATCH ? left : BATCH;
    append(bench, take(bench, count), count);
  }
}

static void batch_row(struct bench *bench, size_t batches) {
  struct table_rounds rounds = {0};
  for (int round = 0; round < ROUNDS; round++) {
    size_t count = batches * BATCH;
    const struct event *events = take(bench, count);
    double limit = raw_store_put(bench->raw, events, count, BATCH);
    double begin = table_seconds();
    for (size_t i = 0; i < count; i += BATCH) append(bench, events + i, BATCH);
    table_add(&rounds, (double)count / (table_seconds() - begin), limit);
  }
  table_ratio("batches of 1,000, verified before", "LMDB batches", &rounds, 0.25, 150000);
}

/* Batches come in an order (claims refer to earlier ones), and are verified by several threads,
 * each with a writer and a batch of its own. A thread commits when those before it have. */
struct relay {
  struct bench *bench;
  const struct event *events;
  size_t batches;
  pthread_mutex_t lock;
  pthread_cond_t moved;
  size_t taken, committed; /* batches */
};

static bool take_batch(struct relay *relay, size_t *batch) {
  pthread_mutex_lock(&relay->lock);
  *batch = relay->taken++;
  pthread_mutex_unlock(&relay->lock);
  return *batch < relay->batches;
}

static void commit_in_turn(struct relay *relay, struct adduce_scope *scope,
                           struct adduce_writer *writer, size_t batch) {
  struct adduce_receipt receipt;
  pthread_mutex_lock(&relay->lock);
  while (relay->committed != batch) pthread_cond_wait(&relay->moved, &relay->lock);
  pthread_mutex_unlock(&relay->lock);
  table_must(scope, adduce_writer_commit(scope, writer, &receipt), "commit");
  pthread_mutex_lock(&relay->lock);
  relay->committed++;
  pthread_cond_broadcast(&relay->moved);
  pthread_mutex_unlock(&relay->lock);
}

static void *submit_batches(void *context) {
  struct relay *relay = context;
  struct adduce_scope *scope;
  struct adduce_writer *writer;
  struct adduce_write_options write = {0};
  size_t batch;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) exit(1);
  table_must(scope, adduce_writer_open(scope, &writer, relay->bench->house.ledger, &write),
             "writer");
  while (take_batch(relay, &batch)) {
    house_add_signed(scope, writer, relay->events + batch * BATCH, BATCH);
    table_must(scope, adduce_writer_verify(scope, writer, 1), "verify");
    commit_in_turn(relay, scope, writer, batch);
    adduce_scope_reset(scope);
  }
  adduce_writer_close(&writer);
  adduce_scope_close(&scope);
  return NULL;
}

/* One thread more than processors: so none of them waits for the disk. */
static void run_relay(struct relay *relay) {
  pthread_t threads[64];
  unsigned count = machine_processors() + 1 < 64 ? machine_processors() + 1 : 64;
  pthread_mutex_init(&relay->lock, NULL);
  pthread_cond_init(&relay->moved, NULL);
  for (unsigned i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, submit_batches, relay) != 0) exit(1);
  for (unsigned i = 0; i < count; i++) pthread_join(threads[i], NULL);
  pthread_cond_destroy(&relay->moved);
  pthread_mutex_destroy(&relay->lock);
}

static void foreign_row(struct bench *bench) {
  struct table_rounds rounds = {0};
  double used[ROUNDS], alone[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    const size_t count = (size_t)FOREIGN_BATCHES * BATCH;
    struct relay relay = {.bench = bench, .batches = FOREIGN_BATCHES};
    relay.events = take(bench, count);
    double busy = table_processor_seconds();
    double limit = raw_verify(bench->step, relay.events, count, 0);
    alone[round] = (table_processor_seconds() - busy) / (double)count * 1e6;
    double begin = table_seconds();
    busy = table_processor_seconds();
    run_relay(&relay);
    table_add(&rounds, (double)count / (table_seconds() - begin), limit);
    used[round] = (table_processor_seconds() - busy) / (double)count * 1e6;
  }
  table_ratio("batches of 1,000 foreign, signatures verified", "libsodium, all cores", &rounds,
              0.85, 0);
  table_note("%-47s %11.1f us  of processors an event; libsodium alone %.1f us", "",
             table_median(used, ROUNDS), table_median(alone, ROUNDS));
}

static void durable_row(struct bench *bench) {
  struct table_rounds rounds = {0};
  struct adduce_writer *writer;
  struct adduce_write_options write = {0};
  table_must(bench->scope, adduce_writer_open(bench->scope, &writer, bench->house.ledger, &write),
             "writer");
  for (int round = 0; round < ROUNDS; round++) {
    double limit = raw_store_put(bench->raw, bench->events + round * SINGLES, SINGLES, 1);
    double took = 0;
    for (int i = 0; i < SINGLES; i++) {
      struct generator_claim claim;
      struct adduce_id id;
      struct adduce_receipt receipt;
      generator_next(bench->step, bench->generator, &claim);
      const struct adduce_value *map = generator_map(bench->step, &claim);
      double begin = table_seconds();
      table_must(bench->step,
                 adduce_writer_add(bench->step, writer, &id, map, house_signer(claim.author)),
                 "add");
      table_must(bench->step, adduce_writer_commit(bench->step, writer, &receipt), "commit");
      took += table_seconds() - begin;
      generator_said(bench->generator, &id);
      adduce_scope_reset(bench->step);
    }
    table_add(&rounds, SINGLES / took, limit);
  }
  adduce_writer_close(&writer);
  table_ratio("one event, durable, signed here", "LMDB single puts", &rounds, 0.45, 0);
}

/* Entries verified a second; on one thread, a second of the processor. */
static double verify(struct bench *bench, const struct adduce_verify_options *options) {
  const struct adduce_value *report;
  double (*clock)(void) = options->threads == 1 ? table_processor_seconds : table_seconds;
  double begin = clock();
  table_must(bench->step, adduce_verify(bench->step, bench->house.ledger, &report, options),
             "verify");
  double took = clock() - begin;
  double entries = (double)adduce_value_integer(adduce_value_get(report, "entries"));
  adduce_scope_reset(bench->step);
  return entries / took;
}

static void verify_rows(struct bench *bench) {
  struct table_rounds rounds = {0};
  struct adduce_verify_options everything = {0}, plain = {.no_signatures = true, .threads = 1},
                               entries = {.entries_only = true, .threads = 1};
  double rates[ROUNDS], check[ROUNDS];
  size_t sample = bench->event_count < 20000 ? bench->event_count : 20000;
  for (int round = 0; round < ROUNDS; round++)
    table_add(&rounds, verify(bench, &everything),
              raw_verify(bench->step, bench->events, sample, 0));
  table_ratio("verify, everything", "libsodium, all cores", &rounds, 0.85, 0);
  for (int round = 0; round < ROUNDS; round++) {
    struct log_check_report report;
    struct log_check_options options = {.no_signatures = true, .threads = 1};
    double begin = table_processor_seconds();
    table_must(bench->step, log_check(bench->step, bench->house.ledger->log, &report, &options),
               "check");
    check[round] = (double)report.entries / (table_processor_seconds() - begin);
    rates[round] = verify(bench, &plain);
    adduce_scope_reset(bench->step);
  }
  table_rate("verify --no-signatures: the log, one core", check, ROUNDS, 250000);
  table_note("%-47s %12.0f/s", "  and with the projections against a replay",
             table_median(rates, ROUNDS));
  for (int round = 0; round < ROUNDS; round++) rates[round] = verify(bench, &entries);
  table_rate("verify, entries and tree only, one core", rates, ROUNDS, 1000000);
}

static void rebuild_row(struct bench *bench) {
  double rates[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    const struct adduce_value *report;
    double begin = table_seconds();
    table_must(bench->step, adduce_rebuild(bench->step, bench->house.ledger, &report), "rebuild");
    double took = table_seconds() - begin;
    rates[round] = (double)adduce_value_integer(adduce_value_get(report, "entries")) / took;
    adduce_scope_reset(bench->step);
  }
  table_rate("rebuild of all projections", rates, ROUNDS, 300000);
}

/* --- the run ------------------------------------------------------------------------------- */

/* FOLDER/NAME, empty. */
static const char *fresh(struct bench *bench, const char *folder, const char *name) {
  const char *path = scope_format(bench->scope, "%s/%s", folder, name);
  table_must(bench->scope, file_make_folder(bench->scope, path, 0700), path);
  table_must(bench->scope, file_remove_tree(bench->scope, path), path);
  table_must(bench->scope, file_make_folder(bench->scope, path, 0700), path);
  return path;
}

static void introduce(const char *folder) {
  struct utsname system;
  struct statfs disk;
  if (uname(&system) == 0)
    table_note("%u cores, %s %s %s", machine_processors(), system.sysname, system.release,
               system.machine);
  if (statfs(folder, &disk) == 0 && disk.f_type == TMPFS)
    table_note("WARNING: %s is in memory, so flushes are free; set BENCH_FOLDER", folder);
}

static void small_rows(struct bench *bench, const char *folder) {
  struct generator_options options = {.seed = 2, .keys_seed = 1, .authors = AUTHORS};
  table_must(bench->scope, generator_open(bench->scope, &bench->generator, &options), "generator");
  house_make(bench->scope, &bench->house, bench->generator, fresh(bench, folder, "small"), AUTHORS);
  bench->raw = raw_store_open(fresh(bench, folder, "raw"));
  bench->event_count = number("BENCH_SMALL", 100000);
  make_events(bench);
  size_t sample = bench->event_count < 20000 ? bench->event_count : 20000;
  double all = raw_verify(bench->step, bench->events, sample, 0);
  double one = raw_verify(bench->step, bench->events, sample / 2, 1);
  table_note(
      "libsodium: %.0f signatures made a second on one core, %.0f verified on one, %.0f on all\n",
      raw_sign(bench->step, bench->events, sample), one, all);
  table_begin();
  /* Most of the events go in by batches; what comes after finds a ledger of that size. */
  size_t foreign = (size_t)ROUNDS * FOREIGN_BATCHES * BATCH;
  size_t batches =
      bench->event_count < foreign ? 0 : (bench->event_count - foreign) / BATCH / ROUNDS;
  if (batches != 0) batch_row(bench, batches);
  if (wants(bench, "foreign")) foreign_row(bench);
  append_rest(bench);
  if (wants(bench, "durable")) durable_row(bench);
  if (wants(bench, "verify") || wants(bench, "rebuild"))
    table_must(bench->step, adduce_catch_up(bench->step, bench->house.ledger), "catch up");
  if (wants(bench, "verify")) verify_rows(bench);
  if (wants(bench, "rebuild")) rebuild_row(bench);
  adduce_ledger_close(&bench->house.ledger);
  raw_store_close(&bench->raw);
  generator_close(&bench->generator);
}

static int compare_all(const char *adduce, char **rows, int row_count) {
  struct bench bench = {.rows = rows, .row_count = row_count};
  const char *folder = getenv("BENCH_FOLDER");
  if (folder == NULL) folder = "build/bench";
  if (adduce_scope_open(&bench.scope, (size_t)4 << 30) != ADDUCE_OK ||
      adduce_scope_open(&bench.step, 0) != ADDUCE_OK)
    return 1;
  table_must(bench.scope, file_make_folder(bench.scope, folder, 0700), folder);
  introduce(folder);
  bool is_small = row_count == 0;
  for (int i = 0; i < row_count; i++)
    is_small = is_small || !(strcmp(rows[i], "large") == 0 || strcmp(rows[i], "questions") == 0 ||
                             strcmp(rows[i], "proofs") == 0);
  if (is_small) small_rows(&bench, folder);
  if (wants(&bench, "large")) {
    const char *large = fresh(&bench, folder, "large");
    uint64_t events = number("BENCH_EVENTS", 1000000);
    large_measure(bench.scope, large, adduce, events);
    history_measure(bench.scope, large, adduce, events);
  }
  if (row_count != 0 && wants(&bench, "questions")) {
    const char *large = scope_format(bench.scope, "%s/large", folder);
    uint64_t events = number("BENCH_EVENTS", 1000000);
    large_measure_questions(bench.scope, large, adduce, events);
    history_measure(bench.scope, large, adduce, events);
  }
  if (wants(&bench, "proofs"))
    proofs_measure(bench.scope, fresh(&bench, folder, "proofs"), number("BENCH_EVENTS", 1000000));
  adduce_scope_close(&bench.step);
  adduce_scope_close(&bench.scope);
  (void)table_end();
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 4 && (strcmp(argv[1], "append") == 0 || strcmp(argv[1], "verify") == 0))
    return large_work(argv[1], argv[2], strtoull(argv[3], NULL, 10));
  if (argc < 2) {
    (void)fprintf(
        stderr,
        "usage: bench ADDUCE [durable|batch|foreign|verify|rebuild|large|questions|proofs ...]\n");
    return 2;
  }
  return compare_all(argv[1], argv + 2, argc - 2);
}
