/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers: bytes that grow, in a scope. A failed growth is remembered, so that a writer can
 * append freely and look once, at the end. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/scope.h"

struct buffer {
  struct adduce_scope *scope;
  uint8_t *data;
  size_t size;
  size_t capacity;
  bool failed; /* once true, nothing is appended any more */
};

void buffer_init(struct buffer *buffer, struct adduce_scope *scope);

/* Appends where there is no room, and makes it. */
void buffer_append_more(struct buffer *buffer, const void *data, size_t size);

static inline void buffer_append(struct buffer *buffer, const void *data, size_t size) {
  if (buffer->failed || size >= buffer->capacity - buffer->size) {
    buffer_append_more(buffer, data, size);
    return;
  }
  if (size != 0) memcpy(buffer->data + buffer->size, data, size);
  buffer->size += size;
}

static inline void buffer_byte(struct buffer *buffer, uint8_t byte) {
  buffer_append(buffer, &byte, 1);
}

static inline void buffer_span(struct buffer *buffer, struct adduce_span span) {
  buffer_append(buffer, span.data, span.size);
}

static inline void buffer_text(struct buffer *buffer, const char *text) {
  buffer_append(buffer, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) void buffer_format(struct buffer *buffer, const char *format,
                                                         ...);

/* Forgets what was appended, keeps the memory. */
static inline void buffer_reset(struct buffer *buffer) {
  buffer->size = 0;
}

/* What was appended; a NUL follows it, not counted. Errors: ADDUCE_E_MEMORY if any append
 * failed; `*span` is empty then. The span lives as long as the buffer is not appended to. */
MUST_USE enum adduce_err buffer_take(struct buffer *buffer, struct adduce_span *span);

#endif
