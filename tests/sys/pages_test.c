/* SPDX-License-Identifier: Apache-2.0 */
/* Pages: zeroed, all of them usable, given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those first */
#include <cmocka.h>

#include "sys/pages.h"

#define BYTES (((size_t)5 << 20) + 1)

static void pages_are_zeros_to_the_last_byte(void **state) {
  (void)state;
  for (int turn = 0; turn < 2; turn++) {
    uint8_t *pages = pages_take(BYTES);
    assert_non_null(pages);
    for (size_t i = 0; i < BYTES; i += 511) assert_int_equal(pages[i], 0);
    for (size_t i = 0; i < BYTES; i++) pages[i] = 7;
    pages_return(pages, BYTES);
  }
}

static void what_cannot_be_had_is_null(void **state) {
  (void)state;
  assert_null(pages_take(SIZE_MAX / 2));
  pages_return(NULL, BYTES);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_are_zeros_to_the_last_byte),
      cmocka_unit_test(what_cannot_be_had_is_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
