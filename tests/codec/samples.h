/* SPDX-License-Identifier: Apache-2.0 */
/* Random values for properties, the same on every run. */
#ifndef TESTS_CODEC_SAMPLES_H
#define TESTS_CODEC_SAMPLES_H

#include <stdlib.h>

#include "codec/canonical.h"
#include "codec/value.h"

/* splitmix64 */
static inline uint64_t sample_bits(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline uint64_t sample_below(uint64_t *state, uint64_t bound) {
  return sample_bits(state) % bound;
}

static const char *const sample_texts[] = {
    "",
    "a",
    "b",
    "$",
    "$id",
    "$bytes",
    "$$x",
    "valid",
    "from",
    "\xc3\xa4",
    "\x7f",
    "\x01",
    "\"\\",
    "/\b\n",
    "\xc2\x9b",
    "\xe2\x80\xa8",
    "囚",
    "😀",
    "Мінск",
    "\xef\xbf\xbf",
    "thirty-one characters are these",
    "\t",
    "release.announced",
    "\xf4\x8f\xbf\xbf",
};

static inline const char *sample_text(uint64_t *state) {
  return sample_texts[sample_below(state, sizeof sample_texts / sizeof *sample_texts)];
}

static inline struct adduce_value *sample_integer(struct adduce_scope *scope, uint64_t *state) {
  uint64_t magnitude = sample_bits(state) >> (11 + sample_below(state, 53));
  int64_t integer = (int64_t)magnitude; /* below 2^53 */
  return value_integer(scope, sample_below(state, 2) ? integer : -integer);
}

static inline struct adduce_value *sample_bytes(struct adduce_scope *scope, uint64_t *state) {
  static const size_t sizes[] = {0, 1, 2, 3, 31, 32, 33, 64, 255, 256};
  uint8_t bytes[256];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)sample_bits(state);
  size_t size = sizes[sample_below(state, sizeof sizes / sizeof *sizes)];
  return value_bytes(scope, span_of(bytes, size));
}

/* A value that value_encode takes, at most `depth` deep. */
static inline struct adduce_value *sample_value(struct adduce_scope *scope, uint64_t *state,
                                                unsigned depth) {
  struct adduce_value *value;
  switch (sample_below(state, depth > 1 ? 10 : 4)) {
    case 0:
      return value_boolean(scope, sample_below(state, 2) == 1);
    case 1:
      return sample_integer(scope, state);
    case 2:
      return value_text(scope, sample_text(state));
    case 3:
      return sample_bytes(scope, state);
    case 4:
    case 5:
    case 6:
      value = value_list(scope);
      for (uint64_t left = sample_below(state, 5); left != 0; left--)
        value_add(scope, value, sample_value(scope, state, depth - 1));
      return value;
    default:
      value = value_map(scope);
      for (uint64_t left = sample_below(state, 5); left != 0; left--)
        value_set(scope, value, sample_text(state), sample_value(scope, state, depth - 1));
      return value;
  }
}

/* A copy in a block of exactly its size, so that a sanitizer sees every read beyond it. */
static inline struct adduce_span sample_exact(struct adduce_span bytes) {
  uint8_t *copy = malloc(bytes.size == 0 ? 1 : bytes.size);
  if (copy == NULL) abort();
  if (bytes.size != 0) memcpy(copy, bytes.data, bytes.size);
  return span_of(copy, bytes.size);
}

static inline void sample_free(struct adduce_span exact) {
  free((void *)(uintptr_t)exact.data);
}

#endif
