/* SPDX-License-Identifier: Apache-2.0 */
#include "query/cache.h"

#include "crypto/hash.h"

#define FIRST_CAPACITY 64

static struct cache_slot *find_slot(struct cache_slot *slots, size_t capacity,
                                    struct adduce_span key) {
  size_t at = (size_t)hash_checksum(key) & (capacity - 1);
  while (slots[at].value != NULL && !span_equal(slots[at].key, key)) at = (at + 1) & (capacity - 1);
  return &slots[at];
}

void *cache_get(const struct cache *cache, struct adduce_span key) {
  if (cache->capacity == 0) return NULL;
  return find_slot(cache->slots, cache->capacity, key)->value;
}

static enum adduce_err grow(struct adduce_scope *scope, struct cache *cache) {
  size_t capacity = cache->capacity == 0 ? FIRST_CAPACITY : 2 * cache->capacity;
  struct cache_slot *slots = scope_array(scope, capacity, sizeof *slots);
  if (slots == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < cache->capacity; i++)
    if (cache->slots[i].value != NULL)
      *find_slot(slots, capacity, cache->slots[i].key) = cache->slots[i];
  cache->slots = slots;
  cache->capacity = capacity;
  return ADDUCE_OK;
}

enum adduce_err cache_put(struct adduce_scope *scope, struct cache *cache, struct adduce_span key,
                          void *value) {
  if (2 * cache->count >= cache->capacity) TRY(grow(scope, cache));
  struct adduce_span copy = scope_copy(scope, key);
  if (copy.data == NULL) return scope_no_memory(scope);
  *find_slot(cache->slots, cache->capacity, key) = (struct cache_slot){copy, value};
  cache->count++;
  return ADDUCE_OK;
}
