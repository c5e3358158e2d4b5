/* SPDX-License-Identifier: Apache-2.0 */
/* What one question has found out already, by key: entries, authors, names. Lives in the scope of
 * the question. */
#ifndef QUERY_CACHE_H
#define QUERY_CACHE_H

#include "base/scope.h"

struct cache_slot {
  struct adduce_span key;
  void *value;
};

struct cache {
  struct cache_slot *slots;
  size_t count, capacity; /* capacity is 0 or a power of two */
};

/* NULL when there is nothing under `key`. */
void *cache_get(const struct cache *cache, struct adduce_span key);

/* Puts `value` (not NULL) under `key`, which is copied and not there yet.
 * Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err cache_put(struct adduce_scope *scope, struct cache *cache,
                                   struct adduce_span key, void *value);

#endif
