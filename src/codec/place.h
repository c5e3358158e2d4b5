/* SPDX-License-Identifier: Apache-2.0 */
/* Places: the way from the top of a value to a part of it, kept on the stack of a recursion so
 * that an error can say where it was seen. */
#ifndef CODEC_PLACE_H
#define CODEC_PLACE_H

#include "base/scope.h"

struct place {
  const struct place *outer; /* NULL at the top */
  struct adduce_span key;    /* in a map; data is NULL in a list */
  size_t index;              /* in a list */
  unsigned depth;            /* 1 at the top */
};

static inline struct place place_top(void) {
  return (struct place){.depth = 1};
}

static inline struct place place_item(const struct place *list, size_t index) {
  return (struct place){.outer = list, .index = index, .depth = list->depth + 1};
}

static inline struct place place_key(const struct place *map, struct adduce_span key) {
  return (struct place){.outer = map, .key = key, .depth = map->depth + 1};
}

/* "field a.b[3]", or "the value" at the top; in the scope. Never NULL. */
const char *place_name(struct adduce_scope *scope, const struct place *place);

#endif
