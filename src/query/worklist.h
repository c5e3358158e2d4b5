/* SPDX-License-Identifier: Apache-2.0 */
/* Things still to be looked at, each once: subjects by their ids, events by their indexes. What is
 * put in again is not; what is put in while the list is walked is walked too. Chains however long
 * are walked without calls in calls. */
#ifndef QUERY_WORKLIST_H
#define QUERY_WORKLIST_H

#include "base/bigendian.h"
#include "query/cache.h"

struct worklist {
  struct adduce_scope *scope;
  struct adduce_span *items; /* in the order in which they were put in */
  size_t count, capacity;
  struct cache seen;
};

void worklist_init(struct worklist *list, struct adduce_scope *scope);

/* Bytes are copied; an empty span is nothing. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err worklist_put(struct worklist *list, struct adduce_span item);
MUST_USE enum adduce_err worklist_put_index(struct worklist *list, uint64_t index);

static inline uint64_t worklist_index(const struct worklist *list, size_t at) {
  return bigendian_get64(list->items[at].data);
}

/* Puts the items in bytewise order: ids by their letters, indexes by their numbers. */
void worklist_sort(struct worklist *list);

#endif
