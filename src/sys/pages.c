/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/pages.h"

#include <stdatomic.h>
#include <sys/mman.h>

uint8_t *pages_take(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return NULL;
  (void)madvise(pages, size, MADV_HUGEPAGE); /* a wish: without them it is only slower */
  return pages;
}

void pages_return(uint8_t *pages, size_t size) {
  if (pages != NULL) (void)munmap(pages, size);
}

/* --- pools -------------------------------------------------------------------------------- */

bool pages_pool_open(struct pages_pool *pool, size_t size) {
  pool->bytes = pages_take(size);
  pool->size = pool->bytes == NULL ? 0 : size;
  pool->used = 0;
  return pool->bytes != NULL;
}

void pages_pool_close(struct pages_pool *pool) {
  pages_return(pool->bytes, pool->size);
  pool->bytes = NULL;
  pool->used = 0;
  pool->size = 0;
}

void *pages_pool_take(struct pages_pool *pool, size_t size) {
  size_t needed = (size + 63) & ~(size_t)63, at = pool->used;
  do {
    if (needed < size || pool->size - at < needed) return NULL;
  } while (!atomic_compare_exchange_weak(&pool->used, &at, at + needed));
  return pool->bytes + at;
}

void pages_pool_reset(struct pages_pool *pool) {
  pool->used = 0;
}
