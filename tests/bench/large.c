/* SPDX-License-Identifier: Apache-2.0 */
#include "large.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "house.h"
#include "sys/workers.h"
#include "table.h"

#define AUTHORS 8
#define STREAMS 2
#define BATCH 1000
#define RUNS 41
#define LONGEST_S 20 /* of one row; what takes seconds each time is run less often */
#define FEWEST_RUNS 3

extern char **environ;

/* --- memory -------------------------------------------------------------------------------- */

/* Resident memory that is not a mapped file, in kB: RssAnon and RssShmem of /proc/self/status. */
static long resident_kb(void) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[128];
  long anonymous = 0, shared = 0;
  if (file == NULL) return 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "RssAnon:", 8) == 0) anonymous = strtol(line + 8, NULL, 10);
    if (strncmp(line, "RssShmem:", 9) == 0) shared = strtol(line + 9, NULL, 10);
  }
  (void)fclose(file);
  return anonymous + shared;
}

static atomic_bool is_done;

static void *watch(void *peak) {
  while (!atomic_load(&is_done)) {
    long now = resident_kb();
    if (now > *(long *)peak) *(long *)peak = now;
    struct timespec pause = {0, 5000000};
    (void)nanosleep(&pause, NULL);
  }
  return NULL;
}

/* --- the work of a process ----------------------------------------------------------------- */

/* Streams of claims, signed side by side; each refers to its own. */
struct streams {
  struct generator *generators[STREAMS];
  struct adduce_scope *scopes[STREAMS];
  struct event events[STREAMS][BATCH];
};

static enum adduce_err sign_batch(void *context, struct adduce_scope *scope, size_t begin,
                                  size_t end) {
  struct streams *streams = context;
  (void)scope;
  for (size_t s = begin; s < end; s++) {
    adduce_scope_reset(streams->scopes[s]);
    for (size_t i = 0; i < BATCH; i++)
      TRY(generator_event(streams->scopes[s], streams->generators[s], &streams->events[s][i]));
  }
  return ADDUCE_OK;
}

static void append(struct adduce_scope *scope, const char *folder, uint64_t events) {
  static struct streams streams;
  struct house house;
  struct adduce_writer *writer;
  struct adduce_scope *step;
  struct adduce_write_options write = {0};
  table_must(scope, adduce_scope_open(&step, 0), "scope");
  for (uint64_t s = 0; s < STREAMS; s++) {
    struct generator_options options = {.seed = s, .keys_seed = 1, .authors = AUTHORS};
    table_must(scope, adduce_scope_open(&streams.scopes[s], 0), "scope");
    table_must(scope, generator_open(scope, &streams.generators[s], &options), "generator");
  }
  house_make(scope, &house, streams.generators[0], folder, AUTHORS);
  table_must(scope, adduce_writer_open(scope, &writer, house.ledger, &write), "writer");
  for (uint64_t done = 0; done < events; done += STREAMS * BATCH) {
    table_must(step, workers_run(step, STREAMS, 1, STREAMS, sign_batch, &streams), "sign");
    for (size_t s = 0; s < STREAMS; s++)
      house_append_signed(step, writer, streams.events[s], BATCH);
    adduce_scope_reset(step);
  }
  adduce_writer_close(&writer);
  table_must(step, adduce_catch_up(step, house.ledger), "catch up");
  adduce_ledger_close(&house.ledger);
  adduce_scope_close(&step);
  for (size_t s = 0; s < STREAMS; s++) {
    generator_close(&streams.generators[s]);
    adduce_scope_close(&streams.scopes[s]);
  }
}

static void verify(struct adduce_scope *scope, const char *folder) {
  struct house house;
  const struct adduce_value *report;
  struct adduce_verify_options options = {0};
  house_open(scope, &house, NULL, folder);
  table_must(scope, adduce_verify(scope, house.ledger, &report, &options), "verify");
  adduce_ledger_close(&house.ledger);
}

int large_work(const char *mode, const char *folder, uint64_t events) {
  struct adduce_scope *scope;
  pthread_t watcher;
  long peak = 0;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return 1;
  if (pthread_create(&watcher, NULL, watch, &peak) != 0) return 1;
  double begin = table_seconds();
  if (strcmp(mode, "append") == 0)
    append(scope, folder, events);
  else
    verify(scope, folder);
  double took = table_seconds() - begin;
  atomic_store(&is_done, true);
  (void)pthread_join(watcher, NULL);
  printf("%.3f %ld\n", took, peak);
  adduce_scope_close(&scope);
  return 0;
}

/* --- processes ----------------------------------------------------------------------------- */

/* Runs a program to its end, standard output going to `output`. False if it failed. */
static bool run(char *const *arguments, int output) {
  posix_spawn_file_actions_t actions;
  pid_t child;
  int status;
  bool is_started = posix_spawn_file_actions_init(&actions) == 0 &&
                    posix_spawn_file_actions_adddup2(&actions, output, 1) == 0 &&
                    posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ) == 0;
  (void)posix_spawn_file_actions_destroy(&actions);
  return is_started && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

/* This program again, for one piece of work. */
static void run_work(const char *mode, const char *folder, uint64_t events, double *seconds,
                     double *peak_mb) {
  char number[32], answer[64] = "";
  int ends[2];
  (void)snprintf(number, sizeof number, "%llu", (unsigned long long)events);
  char name[] = "/proc/self/exe", first[16], second[512];
  (void)snprintf(first, sizeof first, "%s", mode);
  (void)snprintf(second, sizeof second, "%s", folder);
  char *arguments[] = {name, first, second, number, NULL};
  if (pipe(ends) != 0) exit(1);
  bool is_fine = run(arguments, ends[1]);
  (void)close(ends[1]);
  ssize_t size = read(ends[0], answer, sizeof answer - 1);
  (void)close(ends[0]);
  char *rest = answer;
  if (!is_fine || size <= 0) exit(1);
  *seconds = strtod(answer, &rest);
  *peak_mb = strtod(rest, NULL) / 1024;
}

/* The median of milliseconds that a command takes as a whole process, of `*runs`. */
static double time_command(const char *adduce, const char *command, const char *const *subjects,
                           size_t count, size_t *runs, double *worst) {
  double times[RUNS];
  char program[512], word[32], subject[256];
  int nothing = open("/dev/null", O_WRONLY);
  (void)snprintf(program, sizeof program, "%s", adduce);
  (void)snprintf(word, sizeof word, "%s", command);
  double first = table_seconds();
  size_t i = 0;
  for (; i < RUNS && (i < FEWEST_RUNS || table_seconds() - first < LONGEST_S); i++) {
    (void)snprintf(subject, sizeof subject, "%s", count == 0 ? "" : subjects[i % count]);
    char *arguments[] = {program, word, count == 0 ? NULL : subject, NULL};
    double begin = table_seconds();
    if (!run(arguments, nothing)) {
      (void)fprintf(stderr, "bench: %s %s %s failed\n", program, word, subject);
      exit(1);
    }
    times[i] = (table_seconds() - begin) * 1000;
  }
  (void)close(nothing);
  *runs = i;
  double median = table_median(times, i);
  *worst = times[i - 1];
  return median;
}

static void ask(const char *adduce, const char *command, const char *what,
                const char *const *subjects, size_t count, double target) {
  double worst;
  size_t runs;
  char detail[64];
  double median = time_command(adduce, command, subjects, count, &runs, &worst);
  (void)snprintf(detail, sizeof detail, "%zu runs, worst %.1f ms", runs, worst);
  if (target > 0)
    table_below(what, median, "ms", target, detail);
  else
    table_note("%-47s %11.1f ms  %s", what, median, detail);
}

/* --- without ------------------------------------------------------------------------------- */

#define SOURCES 9 /* that are left out, one at a time */

/* Sources from all over the log, as selectors. */
static size_t find_sources(struct adduce_scope *scope, struct adduce_ledger *ledger,
                           const char **selectors) {
  const struct adduce_value *answer;
  const struct adduce_log_filter filter = {.kind = "source.cited"};
  size_t count = 0;
  for (uint64_t skip = 0; count < SOURCES; skip = 3 * skip + 1) {
    const struct adduce_question question = {.skip = skip, .limit = 1};
    table_must(scope, adduce_ask_log(scope, ledger, &answer, &filter, &question), "log");
    const struct adduce_value *entries = adduce_value_get(answer, "entries");
    if (adduce_value_count(entries) == 0) break;
    int64_t index = adduce_value_integer(adduce_value_get(adduce_value_at(entries, 0), "index"));
    selectors[count++] = scope_format(scope, "source:#%lld", (long long)index);
  }
  return count;
}

static double time_without(struct adduce_scope *scope, struct adduce_ledger *ledger,
                           const char *selector, const char *subject) {
  const struct adduce_value *answer;
  const struct adduce_question question = {.without = &selector, .without_count = 1};
  struct scope_mark mark = scope_mark(scope);
  double begin = table_seconds();
  enum adduce_err err = subject == NULL
                            ? adduce_ask_without(scope, ledger, &answer, &question)
                            : adduce_ask_state(scope, ledger, &answer, subject, &question);
  double took = (table_seconds() - begin) * 1000;
  table_must(scope, err, "without");
  scope_rewind(scope, mark);
  return took;
}

/* In the library: what a source carries in the whole ledger, and one subject without it. */
static void measure_without(struct adduce_scope *scope, const char *folder,
                            const char *const *subjects) {
  struct adduce_ledger *ledger;
  const struct adduce_options options = {.headlock_folder =
                                             scope_format(scope, "%s/heads", folder)};
  const char *selectors[SOURCES];
  double whole[SOURCES], one[RUNS];
  table_must(scope,
             adduce_ledger_open(scope, &ledger, scope_format(scope, "%s/ledger", folder), &options),
             "open");
  size_t count = find_sources(scope, ledger, selectors);
  for (size_t i = 0; i < count; i++) whole[i] = time_without(scope, ledger, selectors[i], NULL);
  for (size_t i = 0; i < RUNS && count > 0; i++)
    one[i] = time_without(scope, ledger, selectors[i % count], subjects[i]);
  if (count > 0) {
    double median = table_median(whole, count);
    table_below("without one source, the whole ledger, library", median, "ms", 2000,
                scope_format(scope, "%zu sources, worst %.1f ms", count, whole[count - 1]));
    median = table_median(one, RUNS);
    table_below("one subject without a source, library", median, "ms", 1,
                scope_format(scope, "%d runs, worst %.2f ms", RUNS, one[RUNS - 1]));
  }
  adduce_ledger_close(&ledger);
}

void large_measure(struct adduce_scope *scope, const char *folder, const char *adduce,
                   uint64_t events) {
  double seconds, peak;
  char detail[64];
  run_work("append", folder, events, &seconds, &peak);
  (void)snprintf(detail, sizeof detail, "%.0f/s, signed and verified", (double)events / seconds);
  table_below("memory while appending, peak", peak, "MB", 200, detail);
  run_work("verify", folder, events, &seconds, &peak);
  (void)snprintf(detail, sizeof detail, "%.0f/s", (double)events / seconds);
  table_below("memory while verifying, peak", peak, "MB", 200, detail);
  large_measure_questions(scope, folder, adduce, events);
}

void large_measure_questions(struct adduce_scope *scope, const char *folder, const char *adduce,
                             uint64_t events) {
  if (setenv("ADDUCE_LEDGER", scope_format(scope, "%s/ledger", folder), 1) != 0 ||
      setenv("ADDUCE_HEADS", scope_format(scope, "%s/heads", folder), 1) != 0)
    exit(1);
  const char *plain[RUNS], *famous[] = {generator_subject(scope, 1)};
  for (uint64_t i = 0; i < RUNS; i++)
    plain[i] = generator_subject(scope, 100 + i * (events / 12 / STREAMS) / (2 * RUNS));
  size_t runs;
  double worst;
  table_note("%-47s %11.1f ms", "a process that does nothing (adduce version)",
             time_command(adduce, "version", NULL, 0, &runs, &worst));
  ask(adduce, "state", "state of one subject, whole process", plain, RUNS, 5);
  ask(adduce, "explain", "explain one subject, whole process", plain, RUNS, 5);
  ask(adduce, "state", "state of a famous subject", famous, 1, 0);
  ask(adduce, "explain", "explain a famous subject", famous, 1, 0);
  measure_without(scope, folder, plain);
}
