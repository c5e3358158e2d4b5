/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts rows by key: a multikey quicksort that looks at eight bytes at a time, because the keys
 * of one table have long beginnings in common ("monitor.example/belarus/..."). */
#ifndef PROJECTION_ROWSORT_H
#define PROJECTION_ROWSORT_H

#include "projection/rows.h"

void rowsort(struct rows_item *items, size_t count);

#endif
