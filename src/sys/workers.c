/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/workers.h"

#include <signal.h>
#include <stdint.h>
#include <time.h>

#include "sys/machine.h"

#define THREADS_MAX 64
#define DETAIL_BYTES 1024
#define NO_STEP SIZE_MAX

struct job {
  workers_fn *work;
  void *context;
  size_t count;
  size_t step;
  pthread_mutex_t lock; /* over what follows */
  size_t next;          /* the first item nobody has taken */
  size_t failed;        /* where the lowest failing step begins, or NO_STEP */
  enum adduce_err err;
  char detail[DETAIL_BYTES];
};

/* Steps are taken in ascending order, so when one fails all lower ones have been taken, and the
 * lowest failure is the same on every run. */
static bool take_step(struct job *job, size_t *begin, size_t *end) {
  pthread_mutex_lock(&job->lock);
  bool has_more = job->next < job->count && job->failed == NO_STEP;
  if (has_more) {
    *begin = job->next;
    *end = job->count - job->next < job->step ? job->count : job->next + job->step;
    job->next = *end;
  }
  pthread_mutex_unlock(&job->lock);
  return has_more;
}

static void note_failure(struct job *job, struct adduce_scope *scope, size_t begin,
                         enum adduce_err err) {
  pthread_mutex_lock(&job->lock);
  if (begin < job->failed) {
    const char *detail = adduce_scope_detail(scope);
    size_t size = strnlen(detail, sizeof job->detail - 1);
    memcpy(job->detail, detail, size);
    job->detail[size] = '\0';
    job->failed = begin;
    job->err = err;
  }
  pthread_mutex_unlock(&job->lock);
}

static void run_steps(struct job *job, struct adduce_scope *scope) {
  size_t begin, end;
  while (take_step(job, &begin, &end)) {
    struct scope_mark mark = scope_mark(scope);
    enum adduce_err err = job->work(job->context, scope, begin, end);
    if (err != ADDUCE_OK) note_failure(job, scope, begin, err);
    scope_rewind(scope, mark);
  }
}

/* A thread for which there is no memory takes no step; the others do its work. */
static void *run_thread(void *job) {
  struct adduce_scope *scope;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return NULL;
  run_steps(job, scope);
  adduce_scope_close(&scope);
  return NULL;
}

/* The program's signal handlers stay on the program's own threads. */
static unsigned start_threads(pthread_t *threads, unsigned wanted, void *(*run)(void *),
                              void *context) {
  sigset_t all, before;
  unsigned started = 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (started < wanted && pthread_create(&threads[started], NULL, run, context) == 0) started++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started;
}

enum adduce_err workers_run(struct adduce_scope *scope, size_t count, size_t step, unsigned threads,
                            workers_fn *work, void *context) {
  if (step == 0) step = 1;
  if (threads == 0) threads = machine_processors();
  if (threads > THREADS_MAX) threads = THREADS_MAX;
  size_t steps = count / step + (count % step != 0);
  if (steps < threads) threads = steps == 0 ? 1 : (unsigned)steps;
  struct job job = {.work = work, .context = context, .count = count, .step = step};
  job.failed = NO_STEP;
  if (pthread_mutex_init(&job.lock, NULL) != 0) return scope_no_memory(scope);
  pthread_t others[THREADS_MAX];
  unsigned started = start_threads(others, threads - 1, run_thread, &job);
  run_steps(&job, scope);
  for (unsigned i = 0; i < started; i++) pthread_join(others[i], NULL);
  pthread_mutex_destroy(&job.lock);
  if (job.failed == NO_STEP) return ADDUCE_OK;
  return scope_fail(scope, job.err, "%s", job.detail);
}

/* --- one piece of work aside -------------------------------------------------------------------*/

static void *run_aside(void *context) {
  struct workers_aside *aside = context;
  aside->work(aside->context);
  return NULL;
}

void workers_begin(struct workers_aside *aside, workers_aside_fn *work, void *context) {
  *aside = (struct workers_aside){.work = work, .context = context};
  aside->is_running = start_threads(&aside->thread, 1, run_aside, aside) == 1;
}

bool workers_wait(struct workers_aside *aside, unsigned milliseconds) {
  struct timespec until;
  if (!aside->is_running) {
    if (aside->work != NULL) aside->work(aside->context);
    aside->work = NULL;
    return true;
  }
  if (milliseconds == 0) {
    (void)pthread_join(aside->thread, NULL);
  } else {
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
      until.tv_sec++;
      until.tv_nsec -= 1000000000;
    }
    if (pthread_timedjoin_np(aside->thread, NULL, &until) != 0) return false;
  }
  aside->is_running = false;
  aside->work = NULL;
  return true;
}
