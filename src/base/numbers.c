/* SPDX-License-Identifier: Apache-2.0 */
#include "base/numbers.h"

#include <stdlib.h>

static int compare(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return (left > right) - (left < right);
}

void numbers_sort(uint64_t *numbers, size_t count) {
  if (count > 1) qsort(numbers, count, sizeof *numbers, compare);
}
