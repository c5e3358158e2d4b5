/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* --- secrets ------------------------------------------------------------------------------ */

/* A line of /proc/self/smaps, as much of it as matters. */
struct smaps_line {
  char text[128];
  size_t size;
};

/* A piece of memory that smaps speaks of. */
struct mapping {
  uintptr_t begin, end;
  bool is_anonymous;
};

/* "begin-end rwxp offset device inode", and a name if it is anything but memory (the kernel's own
 * pages for reading the clock are kept out of dumps too). */
static bool read_mapping(struct mapping *mapping, const char *line) {
  char *at;
  uintptr_t begin = (uintptr_t)strtoull(line, &at, 16);
  if (at == line || *at != '-') return false;
  mapping->begin = begin;
  mapping->end = (uintptr_t)strtoull(at + 1, &at, 16);
  if (*at != ' ') return false;
  for (int word = 0; word < 3 && at != NULL; word++) at = strchr(at + 1, ' ');
  mapping->is_anonymous = at != NULL && strtoull(at, &at, 10) == 0 && at[strspn(at, " ")] == '\0';
  return true;
}

/* False when a piece that is to go stays. */
static bool take_line(struct mapping *mapping, const char *line) {
  static const char flags[] = "VmFlags:";
  if (read_mapping(mapping, line)) return true;
  if (strncmp(line, flags, sizeof flags - 1) != 0) return true;
  if (!mapping->is_anonymous || strstr(line, " dd") == NULL) return true;
  return munmap((void *)mapping->begin, mapping->end - mapping->begin) == 0;
}

static bool take_bytes(struct smaps_line *line, struct mapping *mapping, const char *bytes,
                       size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != '\n') {
      if (line->size < sizeof line->text - 1) line->text[line->size++] = bytes[i];
      continue;
    }
    line->text[line->size] = '\0';
    line->size = 0;
    if (!take_line(mapping, line->text)) return false;
  }
  return true;
}

bool pages_drop_secrets(void) {
  struct smaps_line line = {.size = 0};
  struct mapping mapping = {0, 0, false};
  char bytes[4096];
  ssize_t got;
  int fd = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool all = true;
  do {
    got = read(fd, bytes, sizeof bytes);
    if (got > 0) all = take_bytes(&line, &mapping, bytes, (size_t)got);
  } while (all && (got > 0 || (got < 0 && errno == EINTR)));
  (void)close(fd);
  return all && got == 0 && mapping.end != 0;
}
