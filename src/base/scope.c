/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scope.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_LIMIT_BYTES ((size_t)1 << 30)
#define LARGEST_LIMIT_BYTES (SIZE_MAX / 4) /* so that no sum of sizes here can wrap */
#define FIRST_CHUNK_BYTES ((size_t)16 << 10)
#define LARGEST_DOUBLING_BYTES ((size_t)4 << 20)
#define ALIGNMENT ((size_t)16)
/* The largest chunk that is given back is kept for the next one, so that work in steps does not
 * go to the system each time; but not where use after the end is to be found. */
#ifdef __SANITIZE_ADDRESS__
#define SPARE_BYTES ((size_t)0)
#else
#define SPARE_BYTES LARGEST_DOUBLING_BYTES
#endif

struct chunk {
  struct chunk *older;
  size_t size; /* bytes of memory[] */
  size_t used; /* bytes of memory[] handed out; a multiple of ALIGNMENT */
  _Alignas(16) uint8_t memory[];
};

struct adduce_scope {
  struct chunk *newest; /* NULL until the first allocation */
  struct chunk *spare;  /* of at most SPARE_BYTES, in none of the counts; or NULL */
  size_t limit_bytes;
  size_t used_bytes; /* sum of the sizes of all chunks */
  bool exhausted;
  adduce_trace_fn *trace;
  void *trace_context;
  adduce_progress_fn *progress;
  void *progress_context;
  char detail[1024];
};

enum adduce_err adduce_scope_open(struct adduce_scope **scope, size_t limit_bytes) {
  *scope = calloc(1, sizeof **scope);
  if (*scope == NULL) return ADDUCE_E_MEMORY;
  if (limit_bytes > LARGEST_LIMIT_BYTES) limit_bytes = LARGEST_LIMIT_BYTES;
  (*scope)->limit_bytes = limit_bytes == 0 ? DEFAULT_LIMIT_BYTES : limit_bytes;
  return ADDUCE_OK;
}

static void free_newest(struct adduce_scope *scope) {
  struct chunk *chunk = scope->newest;
  scope->newest = chunk->older;
  scope->used_bytes -= chunk->size;
  if (chunk->size <= SPARE_BYTES && (scope->spare == NULL || scope->spare->size < chunk->size)) {
    struct chunk *smaller = scope->spare;
    scope->spare = chunk;
    chunk = smaller;
  }
  free(chunk);
}

/* The spare, if it will do. */
static struct chunk *take_spare(struct adduce_scope *scope, size_t needed, size_t room) {
  struct chunk *spare = scope->spare;
  if (spare == NULL || spare->size < needed || spare->size > room) return NULL;
  scope->spare = NULL;
  return spare;
}

void adduce_scope_close(struct adduce_scope **scope) {
  if (*scope == NULL) return;
  while ((*scope)->newest != NULL) free_newest(*scope);
  free((*scope)->spare);
  free(*scope);
  *scope = NULL;
}

void adduce_scope_reset(struct adduce_scope *scope) {
  while (scope->newest != NULL && scope->newest->older != NULL) free_newest(scope);
  if (scope->newest != NULL) scope->newest->used = 0;
  scope->exhausted = false;
  scope->detail[0] = '\0';
}

const char *adduce_scope_detail(const struct adduce_scope *scope) {
  return scope->detail;
}

void adduce_scope_trace(struct adduce_scope *scope, adduce_trace_fn *sink, void *context) {
  scope->trace = sink;
  scope->trace_context = context;
}

void adduce_scope_progress(struct adduce_scope *scope, adduce_progress_fn *progress,
                           void *context) {
  scope->progress = progress;
  scope->progress_context = context;
}

static size_t aligned(size_t size) {
  return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/* A chunk with room for `needed` bytes: twice the last one, up to a bound. */
static bool add_chunk(struct adduce_scope *scope, size_t needed) {
  size_t size = FIRST_CHUNK_BYTES;
  if (scope->newest != NULL) size = scope->newest->size * 2;
  if (size > LARGEST_DOUBLING_BYTES) size = LARGEST_DOUBLING_BYTES;
  size_t room = scope->limit_bytes - scope->used_bytes;
  if (size > room) size = room & ~(ALIGNMENT - 1);
  if (size < needed) size = needed;
  if (size > room) return false;
  struct chunk *chunk = take_spare(scope, needed, room);
  if (chunk == NULL) {
    chunk = malloc(sizeof *chunk + size);
    if (chunk == NULL) return false;
    chunk->size = size;
  }
  chunk->older = scope->newest;
  chunk->used = 0;
  scope->newest = chunk;
  scope->used_bytes += chunk->size;
  return true;
}

void *scope_alloc(struct adduce_scope *scope, size_t size) {
  if (size > scope->limit_bytes) {
    scope->exhausted = true;
    return NULL;
  }
  size_t needed = aligned(size == 0 ? 1 : size);
  struct chunk *chunk = scope->newest;
  if (chunk == NULL || chunk->size - chunk->used < needed) {
    if (!add_chunk(scope, needed)) {
      scope->exhausted = true;
      return NULL;
    }
    chunk = scope->newest;
  }
  void *memory = chunk->memory + chunk->used;
  chunk->used += needed;
  return memory;
}

void *scope_array(struct adduce_scope *scope, size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) {
    scope->exhausted = true;
    return NULL;
  }
  void *memory = scope_alloc(scope, count * size);
  if (memory != NULL) memset(memory, 0, count * size);
  return memory;
}

void *scope_grow(struct adduce_scope *scope, void *old, size_t old_size, size_t new_size) {
  struct chunk *chunk = scope->newest;
  size_t held = aligned(old_size == 0 ? 1 : old_size);
  bool is_newest =
      old != NULL && chunk != NULL && (uint8_t *)old + held == chunk->memory + chunk->used;
  if (is_newest && new_size <= scope->limit_bytes &&
      aligned(new_size) - held <= chunk->size - chunk->used) {
    chunk->used += aligned(new_size) - held;
    return old;
  }
  void *grown = scope_alloc(scope, new_size);
  if (grown != NULL && old_size != 0) memcpy(grown, old, old_size);
  return grown;
}

void *scope_room(struct adduce_scope *scope, size_t *capacity, void *items, size_t count,
                 size_t item_bytes) {
  if (count < *capacity) return items;
  size_t larger = *capacity == 0 ? 4 : 2 * *capacity;
  void *grown = scope_grow(scope, items, *capacity * item_bytes, larger * item_bytes);
  if (grown != NULL) *capacity = larger;
  return grown;
}

struct adduce_span scope_copy(struct adduce_scope *scope, struct adduce_span bytes) {
  uint8_t *copy = scope_alloc(scope, bytes.size + 1);
  if (copy == NULL) return span_of(NULL, 0);
  if (bytes.size != 0) memcpy(copy, bytes.data, bytes.size);
  copy[bytes.size] = 0;
  return span_of(copy, bytes.size);
}

const char *scope_format(struct adduce_scope *scope, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = size < 0 ? NULL : scope_alloc(scope, (size_t)size + 1);
  if (text != NULL) (void)vsnprintf(text, (size_t)size + 1, format, again);
  va_end(again);
  return text == NULL ? "" : text;
}

bool scope_exhausted(const struct adduce_scope *scope) {
  return scope->exhausted;
}

struct scope_mark scope_mark(struct adduce_scope *scope) {
  struct scope_mark mark = {scope->newest, scope->newest == NULL ? 0 : scope->newest->used};
  return mark;
}

void scope_rewind(struct adduce_scope *scope, struct scope_mark mark) {
  /* A mark from before the first chunk keeps that chunk, so that a loop of small steps does
   * not go to the system each time. */
  while (scope->newest != mark.chunk && scope->newest->older != NULL) free_newest(scope);
  if (scope->newest != NULL) scope->newest->used = scope->newest == mark.chunk ? mark.used : 0;
}

enum adduce_err scope_fail(struct adduce_scope *scope, enum adduce_err err, const char *format,
                           ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(scope->detail, sizeof scope->detail, format, arguments);
  va_end(arguments);
  return err;
}

enum adduce_err scope_wrap(struct adduce_scope *scope, enum adduce_err err, const char *format,
                           ...) {
  char inner[sizeof scope->detail];
  memcpy(inner, scope->detail, sizeof inner);
  va_list arguments;
  va_start(arguments, format);
  int used = vsnprintf(scope->detail, sizeof scope->detail, format, arguments);
  va_end(arguments);
  if (used >= 0 && (size_t)used < sizeof scope->detail)
    (void)snprintf(scope->detail + used, sizeof scope->detail - (size_t)used, "%s", inner);
  return err;
}

enum adduce_err scope_relay(struct adduce_scope *scope, enum adduce_err err,
                            const struct adduce_scope *from) {
  return scope_fail(scope, err, "%s", adduce_scope_detail(from));
}

enum adduce_err scope_no_memory(struct adduce_scope *scope) {
  return scope_fail(scope, ADDUCE_E_MEMORY, "no memory left (this scope may hold %zu bytes)",
                    scope->limit_bytes);
}

void scope_trace(struct adduce_scope *scope, const char *format, ...) {
  if (scope->trace == NULL) return;
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  scope->trace(scope->trace_context, line);
}

enum adduce_err scope_progress(struct adduce_scope *scope, const char *what, uint64_t done,
                               uint64_t total) {
  if (scope->progress == NULL) return ADDUCE_OK;
  if (scope->progress(scope->progress_context, what, done, total) != 0)
    return scope_fail(scope, ADDUCE_E_INTERRUPTED, "%s was interrupted at %llu", what,
                      (unsigned long long)done);
  return ADDUCE_OK;
}
