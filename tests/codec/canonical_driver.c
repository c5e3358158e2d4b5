/* SPDX-License-Identifier: Apache-2.0 */
/* The C side of tools/check/model: reads lines of hex, prints "ok" or "RULE OFFSET" for each. */
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "codec/canonical.h"

static const char *const names[] = {
#define RULE_NAME(symbol, text) [symbol] = #symbol,
    CANONICAL_RULES(RULE_NAME)
#undef RULE_NAME
};

int main(void) {
  char *line = NULL;
  size_t capacity = 0;
  ssize_t size;
  while ((size = getline(&line, &capacity, stdin)) > 0) {
    struct canonical_fault fault;
    size_t digits = (size_t)size - (line[size - 1] == '\n');
    /* A block of its own size, so that a sanitizer sees every read beyond it. */
    uint8_t *bytes = malloc(digits / 2 + (digits == 0));
    if (bytes == NULL || !hex_decode(span_of(line, digits), bytes, digits / 2)) {
      fprintf(stderr, "not hex: %s\n", line);
      return 2;
    }
    if (canonical_check(span_of(bytes, digits / 2), &fault))
      puts("ok");
    else
      printf("%s %zu\n", names[fault.rule] + strlen("CANONICAL_"), fault.offset);
    free(bytes);
  }
  free(line);
  return 0;
}
