/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/workers.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <time.h>

#include <cmocka.h>

#define ITEMS 1000

static struct adduce_scope *scope;

static int open_scope(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 1 << 20) == ADDUCE_OK ? 0 : 1;
}

static int close_scope(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

struct tally {
  atomic_uint visits[ITEMS];
  size_t largest_step;
  size_t fail_from; /* steps with an item from here on fail */
  bool is_slow;     /* the lowest failing step takes longest */
};

static enum adduce_err visit(void *context, struct adduce_scope *own, size_t begin, size_t end) {
  struct tally *tally = context;
  assert_true(begin < end && end - begin <= tally->largest_step);
  for (size_t i = begin; i < end; i++) atomic_fetch_add(&tally->visits[i], 1);
  if (end <= tally->fail_from) return ADDUCE_OK;
  if (tally->is_slow && begin <= tally->fail_from) {
    struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
  }
  return scope_fail(own, ADDUCE_E_VALUE, "step %zu", begin);
}

static void every_item_is_visited_once(void **state) {
  (void)state;
  for (unsigned threads = 0; threads < 6; threads++) {
    for (size_t step = 1; step < 3 * ITEMS; step = step * 3 + 1) {
      struct tally tally = {.largest_step = step, .fail_from = ITEMS};
      assert_int_equal(workers_run(scope, ITEMS, step, threads, visit, &tally), ADDUCE_OK);
      for (size_t i = 0; i < ITEMS; i++) assert_int_equal(atomic_load(&tally.visits[i]), 1);
    }
  }
}

static void the_lowest_failing_step_is_reported(void **state) {
  (void)state;
  for (unsigned threads = 0; threads < 6; threads++) {
    struct tally tally = {.largest_step = 10, .fail_from = 333, .is_slow = true};
    assert_int_equal(workers_run(scope, ITEMS, 10, threads, visit, &tally), ADDUCE_E_VALUE);
    assert_string_equal(adduce_scope_detail(scope), "step 330");
    for (size_t i = 0; i < 330; i++) assert_int_equal(atomic_load(&tally.visits[i]), 1);
  }
}

static void nothing_to_do_is_done(void **state) {
  struct tally tally = {.largest_step = 0};
  (void)state;
  assert_int_equal(workers_run(scope, 0, 10, 4, visit, &tally), ADDUCE_OK);
}

static enum adduce_err note_scope(void *context, struct adduce_scope *own, size_t begin,
                                  size_t end) {
  (void)end;
  ((struct adduce_scope **)context)[begin] = own;
  return ADDUCE_OK;
}

static void one_thread_is_the_callers(void **state) {
  struct adduce_scope *scopes[8] = {NULL};
  (void)state;
  assert_int_equal(workers_run(scope, 8, 1, 1, note_scope, scopes), ADDUCE_OK);
  for (size_t i = 0; i < 8; i++) assert_ptr_equal(scopes[i], scope);
  assert_int_equal(workers_run(scope, 1, 8, 4, note_scope, scopes), ADDUCE_OK);
  assert_ptr_equal(scopes[0], scope);
}

/* 1,000 steps of 100 KiB in scopes of which one may hold 1 MiB. */
static enum adduce_err allocate(void *context, struct adduce_scope *own, size_t begin, size_t end) {
  (void)context;
  (void)begin;
  (void)end;
  return scope_alloc(own, 100000) == NULL ? scope_no_memory(own) : ADDUCE_OK;
}

static void what_a_step_allocates_ends_with_it(void **state) {
  (void)state;
  assert_int_equal(workers_run(scope, ITEMS, 1, 1, allocate, NULL), ADDUCE_OK);
  assert_int_equal(workers_run(scope, ITEMS, 1, 3, allocate, NULL), ADDUCE_OK);
}

/* --- aside ---------------------------------------------------------------------------------- */

struct errand {
  _Atomic bool may_end;
  _Atomic unsigned ended;
};

static void run_errand(void *context) {
  struct errand *errand = context;
  while (!atomic_load(&errand->may_end)) sched_yield();
  atomic_fetch_add(&errand->ended, 1);
}

static void work_aside_is_waited_for(void **state) {
  struct errand errand = {false, 0};
  struct workers_aside aside;
  (void)state;
  workers_begin(&aside, run_errand, &errand);
  assert_true(aside.is_running);
  assert_false(workers_wait(&aside, 10));
  assert_int_equal(atomic_load(&errand.ended), 0);
  atomic_store(&errand.may_end, true);
  assert_true(workers_wait(&aside, 0));
  assert_int_equal(atomic_load(&errand.ended), 1);
  assert_true(workers_wait(&aside, 0)); /* and is done once */
  assert_int_equal(atomic_load(&errand.ended), 1);
}

static void work_that_no_thread_took_is_done_when_waited_for(void **state) {
  struct errand errand = {true, 0};
  struct workers_aside aside = {.work = run_errand, .context = &errand};
  (void)state;
  assert_true(workers_wait(&aside, 10));
  assert_true(workers_wait(&aside, 0));
  assert_int_equal(atomic_load(&errand.ended), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_is_visited_once),
      cmocka_unit_test(the_lowest_failing_step_is_reported),
      cmocka_unit_test(nothing_to_do_is_done),
      cmocka_unit_test(one_thread_is_the_callers),
      cmocka_unit_test(what_a_step_allocates_ends_with_it),
      cmocka_unit_test(work_aside_is_waited_for),
      cmocka_unit_test(work_that_no_thread_took_is_done_when_waited_for),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
