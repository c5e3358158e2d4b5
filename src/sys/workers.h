/* SPDX-License-Identifier: Apache-2.0 */
/* Work spread over the processors. */
#ifndef SYS_WORKERS_H
#define SYS_WORKERS_H

#include <pthread.h>

#include "base/scope.h"

/* One part of the work: items [begin, end). `scope` belongs to this worker alone, and what the
 * step allocates in it ends with the step: results go where `context` points. The calling thread
 * is one of the workers, with the caller's scope; the others have their own, of the default
 * limit, without trace and progress. */
typedef enum adduce_err workers_fn(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end);

/* Runs `work` over [0, count) in steps of `step` items on up to `threads` threads (0: one a
 * processor), each taking the next step when it is free. The error returned is that of the
 * lowest failing step, with its detail; later steps may then have run or not. With one thread,
 * or one step, nothing is started; where a thread cannot be started, the others do its work.
 * Errors: those of `work`, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err workers_run(struct adduce_scope *scope, size_t count, size_t step,
                                     unsigned threads, workers_fn *work, void *context);

/* One piece of work beside the caller's, on a thread of its own. Where none can be started, it is
 * done when it is waited for. What it takes and gives is in `context`; it has a scope of its own
 * there if it needs one. */
typedef void workers_aside_fn(void *context);
struct workers_aside {
  workers_aside_fn *work;
  void *context;
  pthread_t thread;
  bool is_running;
};

void workers_begin(struct workers_aside *aside, workers_aside_fn *work, void *context);

/* Waits for its end, but no longer than `milliseconds` (0: however long it takes). True when it
 * has ended. */
MUST_USE bool workers_wait(struct workers_aside *aside, unsigned milliseconds);

#endif
