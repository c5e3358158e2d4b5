/* SPDX-License-Identifier: Apache-2.0 */
/* The shelf of a test whose cases each begin with a founded one: for
 * cmocka_unit_test_setup_teardown. */
#ifndef TESTS_SUPPORT_ONESHELF_H
#define TESTS_SUPPORT_ONESHELF_H

#include "support/shelf.h"

#define ONESHELF_AUTHORS 6

static struct shelf shelf;

static inline int open_shelf(void **state) {
  (void)state;
  shelf_open(&shelf, ONESHELF_AUTHORS);
  shelf_found(&shelf);
  return 0;
}

static inline int close_shelf(void **state) {
  (void)state;
  shelf_close(&shelf);
  return 0;
}

#endif
