/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts rows by key. Rows come in the order of their events, and a key ends in the index of its
 * event; so rows that have the rest of the key in common, the stem, are in order already. They are
 * first put together by stem, through a hash table, and then only the stems are sorted: by a
 * multikey quicksort that looks at eight bytes at a time and passes over what all keys of a table
 * have in common ("monitor.example/belarus/..."). */
#ifndef PROJECTION_ROWSORT_H
#define PROJECTION_ROWSORT_H

#include "projection/rows.h"

/* Memory that is kept from one sort to the next. */
struct rowsort_room {
  struct adduce_scope *scope;
  struct pages_pool *pool; /* to take it from, while there is some; NULL: none */
  size_t most;             /* rows of the largest sort that is to come, if that is known */
  uint8_t *bytes;
  size_t size;
};

/* Sorts the rows of several lists, which follow one another: their caches hold the hashes of their
 * stems, and their indexes ascend within each stem. `*sorted` lives in the room, until the next
 * sort. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err rowsort(struct rowsort_room *room, struct rows_item **sorted,
                                 size_t *count, const struct rows_list *const *lists,
                                 size_t list_count);

#endif
