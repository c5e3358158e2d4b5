/* SPDX-License-Identifier: Apache-2.0 */
/* Spans: borrowed bytes. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <string.h>

#include "adduce/types.h"

#define MUST_USE __attribute__((warn_unused_result))

static inline struct adduce_span span_of(const void *data, size_t size) {
  struct adduce_span span = {data, size};
  return span;
}

/* The bytes of NUL-terminated text, without the NUL. */
static inline struct adduce_span span_text(const char *text) {
  return span_of(text, strlen(text));
}

/* Bytewise order, a prefix before what it begins: <0, 0, >0. */
static inline int span_compare(struct adduce_span a, struct adduce_span b) {
  size_t shared = a.size < b.size ? a.size : b.size;
  int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
  return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static inline bool span_equal(struct adduce_span a, struct adduce_span b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool span_is(struct adduce_span span, const char *text) {
  return span_equal(span, span_text(text));
}

static inline bool span_starts(struct adduce_span span, const char *prefix) {
  size_t size = strlen(prefix);
  return span.size >= size && memcmp(span.data, prefix, size) == 0;
}

/* "%.*s" arguments of a span that is text. */
#define SPAN_ARGS(span) (int)(span).size, (const char *)(span).data

#endif
