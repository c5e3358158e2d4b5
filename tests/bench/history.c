/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adduce.h"
#include "support/generator.h"
#include "table.h"

#define RUNS 15
#define SUBJECT_CLAIMS 12 /* claims about one, of those that are not famous */
#define STEPS 100         /* of a replay */
#define APART 1000        /* entries between the two sides of a difference */

extern char **environ;

struct measured {
  struct adduce_scope *scope;
  struct adduce_ledger *ledger;
  uint64_t size; /* of the log */
};

/* A position in the log, `part` of the way from its beginning to its end. */
static const char *position(const struct measured *measured, double part, int64_t back) {
  int64_t index = (int64_t)(part * (double)(measured->size - 1)) - back;
  return scope_format(measured->scope, "#%lld", (long long)(index < 0 ? 0 : index));
}

/* --- as of ---------------------------------------------------------------------------------*/

/* Subjects all over those that are there at that position. */
static const char *subject_of(const struct measured *measured, size_t number, double part) {
  uint64_t there = (uint64_t)(part * (double)measured->size / 2 / SUBJECT_CLAIMS);
  return generator_subject(measured->scope, there / 4 + number * there / (2 * RUNS));
}

static double time_state(const struct measured *measured, size_t number, double part) {
  const struct adduce_value *answer;
  const struct adduce_question question = {.at = position(measured, part, 0)};
  const char *subject = subject_of(measured, number, part);
  double begin = table_seconds();
  enum adduce_err err =
      adduce_ask_state(measured->scope, measured->ledger, &answer, subject, &question);
  double took = (table_seconds() - begin) * 1000;
  if (err != ADDUCE_E_NOT_FOUND) table_must(measured->scope, err, "state");
  return took;
}

static void measure_state(const struct measured *measured) {
  double all[RUNS], parts[4][RUNS];
  for (size_t i = 0; i < RUNS; i++) {
    for (size_t j = 0; j < 4; j++) parts[j][i] = time_state(measured, i, 0.25 * (double)(j + 1));
    all[i] = parts[i % 4][i];
  }
  for (size_t j = 0; j < 4; j++)
    table_note("%-47s %11.3f ms",
               scope_format(measured->scope, "  at %zu quarters of the log", j + 1),
               table_median(parts[j], RUNS));
  double median = table_median(all, RUNS);
  table_below("one subject as of any position, library", median, "ms", 1,
              scope_format(measured->scope, "%d runs, worst %.2f ms", RUNS, all[RUNS - 1]));
}

static double time_process(const struct measured *measured, const char *adduce, size_t number,
                           int nothing) {
  char *arguments[] = {(char *)(uintptr_t)adduce,
                       (char *)(uintptr_t) "state",
                       (char *)(uintptr_t)subject_of(measured, number, 0.5),
                       (char *)(uintptr_t) "--at",
                       (char *)(uintptr_t)position(measured, 0.5, 0),
                       NULL};
  posix_spawn_file_actions_t actions;
  pid_t child;
  int status = 0;
  (void)posix_spawn_file_actions_init(&actions);
  (void)posix_spawn_file_actions_adddup2(&actions, nothing, STDOUT_FILENO);
  (void)posix_spawn_file_actions_adddup2(&actions, nothing, STDERR_FILENO);
  double begin = table_seconds();
  bool is_fine = posix_spawn(&child, adduce, &actions, NULL, arguments, environ) == 0 &&
                 waitpid(child, &status, 0) == child && WIFEXITED(status);
  double took = (table_seconds() - begin) * 1000;
  (void)posix_spawn_file_actions_destroy(&actions);
  if (!is_fine) exit(1);
  return took;
}

static void measure_process(const struct measured *measured, const char *adduce) {
  double times[RUNS];
  int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  for (size_t i = 0; i < RUNS; i++) times[i] = time_process(measured, adduce, i, nothing);
  (void)close(nothing);
  double median = table_median(times, RUNS);
  table_below("one subject as of the middle, whole process", median, "ms", 10,
              scope_format(measured->scope, "%d runs, worst %.1f ms", RUNS, times[RUNS - 1]));
}

/* --- differences ---------------------------------------------------------------------------*/

static double time_diff(const struct measured *measured, double part, int64_t apart,
                        int64_t *differences) {
  const struct adduce_value *answer;
  const struct adduce_sides sides = {.from = position(measured, part, apart),
                                     .to = position(measured, part, 0)};
  const struct adduce_question question = {.limit = 1};
  struct scope_mark mark = scope_mark(measured->scope);
  double begin = table_seconds();
  table_must(measured->scope,
             adduce_ask_diff(measured->scope, measured->ledger, &answer, &sides, NULL, &question),
             "diff");
  double took = (table_seconds() - begin) * 1000;
  *differences =
      adduce_value_integer(adduce_value_get(adduce_value_get(answer, "counts"), "differences"));
  scope_rewind(measured->scope, mark);
  return took;
}

/* What the same entries cost when each is stepped to by itself. */
static double time_steps(const struct measured *measured) {
  const struct adduce_value *answer;
  struct scope_mark mark = scope_mark(measured->scope);
  double begin = table_seconds();
  for (uint64_t i = 0; i < STEPS; i++) {
    table_must(measured->scope,
               adduce_ask_step(measured->scope, measured->ledger, &answer,
                               measured->size - 1 - i * (APART / STEPS), NULL, 0, NULL),
               "step");
    scope_rewind(measured->scope, mark);
  }
  return (table_seconds() - begin) * 1000 * APART / STEPS;
}

static void measure_diff(const struct measured *measured) {
  double late[5], early[5];
  int64_t differences = 0, few = 0;
  for (size_t i = 0; i < 5; i++) {
    late[i] = time_diff(measured, 1, APART, &differences);
    early[i] = time_diff(measured, 0.2, APART, &few);
  }
  double end = table_median(late, 5), steps = time_steps(measured);
  table_note("%-47s %11.0f ms  %lld differences; %.0f ms near the beginning",
             "diff of two positions 1,000 apart, library", end, (long long)differences,
             table_median(early, 5));
  table_below("  beside stepping to each of these entries", end / steps, "x", 1,
              scope_format(measured->scope, "%.0f ms", steps));
}

void history_measure(struct adduce_scope *scope, const char *folder, const char *adduce,
                     uint64_t events) {
  struct measured measured = {.scope = scope, .size = events};
  const struct adduce_options options = {.headlock_folder =
                                             scope_format(scope, "%s/heads", folder)};
  table_must(scope,
             adduce_ledger_open(scope, &measured.ledger, scope_format(scope, "%s/ledger", folder),
                                &options),
             "open");
  measure_state(&measured);
  measure_diff(&measured);
  measure_process(&measured, adduce);
  adduce_ledger_close(&measured.ledger);
}
