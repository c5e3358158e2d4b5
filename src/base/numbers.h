/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of whole numbers: indexes of entries, mostly. */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/* Sorts them, the smallest first. `numbers` may be NULL when there are none. */
void numbers_sort(uint64_t *numbers, size_t count);

#endif
