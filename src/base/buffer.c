/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

void buffer_init(struct buffer *buffer, struct adduce_scope *scope) {
  *buffer = (struct buffer){.scope = scope};
}

/* Room for `size` more bytes and a NUL. */
static bool reserve(struct buffer *buffer, size_t size) {
  if (buffer->failed) return false;
  if (size < buffer->capacity - buffer->size) return true;
  size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity;
  while (size >= capacity - buffer->size) {
    if (capacity > SIZE_MAX / 4) break;
    capacity *= 2;
  }
  uint8_t *data = NULL;
  if (size < capacity - buffer->size)
    data = scope_grow(buffer->scope, buffer->data, buffer->capacity, capacity);
  if (data == NULL) {
    buffer->failed = true;
    return false;
  }
  buffer->data = data;
  buffer->capacity = capacity;
  return true;
}

void buffer_append_more(struct buffer *buffer, const void *data, size_t size) {
  if (!reserve(buffer, size)) return;
  if (size != 0) memcpy(buffer->data + buffer->size, data, size);
  buffer->size += size;
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (size >= 0 && reserve(buffer, (size_t)size)) {
    (void)vsnprintf((char *)buffer->data + buffer->size, (size_t)size + 1, format, again);
    buffer->size += (size_t)size;
  }
  va_end(again);
}

enum adduce_err buffer_take(struct buffer *buffer, struct adduce_span *span) {
  *span = span_of(NULL, 0);
  if (!reserve(buffer, 0)) return scope_no_memory(buffer->scope);
  buffer->data[buffer->size] = 0;
  *span = span_of(buffer->data, buffer->size);
  return ADDUCE_OK;
}
