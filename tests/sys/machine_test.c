/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static void the_wall_clock_is_the_systems(void **state) {
  int64_t before = (int64_t)time(NULL);
  int64_t now = machine_now_us();
  int64_t after = (int64_t)time(NULL);
  (void)state;
  /* time() may lag by a tick of the kernel. */
  assert_true(now / 1000000 >= before && now / 1000000 <= after + 1);
}

static void the_other_clock_never_goes_back(void **state) {
  uint64_t last = machine_monotonic_ns();
  (void)state;
  for (int i = 0; i < 100000; i++) {
    uint64_t now = machine_monotonic_ns();
    assert_true(now >= last);
    last = now;
  }
}

static void there_is_a_processor(void **state) {
  (void)state;
  assert_true(machine_processors() >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_wall_clock_is_the_systems),
      cmocka_unit_test(the_other_clock_never_goes_back),
      cmocka_unit_test(there_is_a_processor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
