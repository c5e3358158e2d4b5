/* SPDX-License-Identifier: Apache-2.0 */
#include "query/worklist.h"

#include <stdlib.h>

void worklist_init(struct worklist *list, struct adduce_scope *scope) {
  *list = (struct worklist){.scope = scope};
}

enum adduce_err worklist_put(struct worklist *list, struct adduce_span item) {
  if (item.size == 0 || cache_get(&list->seen, item) != NULL) return ADDUCE_OK;
  struct adduce_span *grown =
      scope_room(list->scope, &list->capacity, list->items, list->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(list->scope);
  list->items = grown;
  item = scope_copy(list->scope, item);
  if (item.data == NULL) return scope_no_memory(list->scope);
  list->items[list->count++] = item;
  return cache_put(list->scope, &list->seen, item, list);
}

enum adduce_err worklist_put_index(struct worklist *list, uint64_t index) {
  uint8_t number[8];
  bigendian_put64(number, index);
  return worklist_put(list, span_of(number, sizeof number));
}

static int compare(const void *a, const void *b) {
  return span_compare(*(const struct adduce_span *)a, *(const struct adduce_span *)b);
}

void worklist_sort(struct worklist *list) {
  if (list->count > 1) qsort(list->items, list->count, sizeof *list->items, compare);
}
