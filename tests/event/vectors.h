/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of tests/vectors/: words separated by a space, bytes in hexadecimal, "-" for none. */
#ifndef TESTS_EVENT_VECTORS_H
#define TESTS_EVENT_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"
#include "base/scope.h"

#define VECTOR_WORDS 8

struct vector {
  char *line;
  char *words[VECTOR_WORDS];
  int count;
};

/* The next line that is no comment; false at the end. */
static inline bool vector_next(FILE *file, struct vector *vector) {
  size_t capacity = 0;
  vector->line = NULL;
  do {
    ssize_t size = getline(&vector->line, &capacity, file);
    if (size < 0) {
      free(vector->line);
      return false;
    }
    if (vector->line[size - 1] == '\n') vector->line[size - 1] = '\0';
  } while (vector->line[0] == '#');
  vector->count = 0;
  char *rest = vector->line;
  for (char *word = strtok_r(rest, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
    vector->words[vector->count++] = word;
  return true;
}

static inline struct adduce_span vector_bytes(struct adduce_scope *scope, const char *digits) {
  if (strcmp(digits, "-") == 0) return span_of(NULL, 0);
  size_t size = strlen(digits) / 2;
  uint8_t *bytes = scope_alloc(scope, size);
  assert_non_null(bytes);
  assert_true(hex_decode(span_text(digits), bytes, size));
  return span_of(bytes, size);
}

static inline void assert_bytes(struct adduce_span bytes, const char *digits) {
  char *shown = malloc(2 * bytes.size + 1);
  hex_encode(bytes, shown);
  assert_string_equal(shown, digits);
  free(shown);
}

#endif
