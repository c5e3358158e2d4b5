/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/pages.h"

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
