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

static void a_pool_gives_each_byte_once(void **state) {
  struct pages_pool pool;
  uint8_t *pieces[40];
  size_t count = 0;
  (void)state;
  assert_true(pages_pool_open(&pool, 4096));
  for (int turn = 0; turn < 2; turn++) {
    for (count = 0; (pieces[count] = pages_pool_take(&pool, 100)) != NULL; count++) {
      assert_int_equal((uintptr_t)pieces[count] % 64, 0);
      for (size_t i = 0; i < 100; i++) pieces[count][i] = (uint8_t)count;
    }
    assert_int_equal(count, 4096 / 128);
    for (size_t i = 0; i < count; i++) assert_int_equal(pieces[i][99], i);
    assert_null(pages_pool_take(&pool, 1));
    pages_pool_reset(&pool);
  }
  assert_null(pages_pool_take(&pool, SIZE_MAX));
  assert_non_null(pages_pool_take(&pool, 4096));
  pages_pool_close(&pool);
  assert_null(pages_pool_take(&pool, 1));
  assert_false(pages_pool_open(&pool, SIZE_MAX / 2));
  assert_null(pages_pool_take(&pool, 1));
  pages_pool_close(&pool);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_are_zeros_to_the_last_byte),
      cmocka_unit_test(what_cannot_be_had_is_null),
      cmocka_unit_test(a_pool_gives_each_byte_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
