/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a text a line at a time, as all the formats here are made: each line ends in a
 * newline, numbers are decimal without leading zeroes, hashes are canonical base64. */
#ifndef EXCHANGE_TEXTLINES_H
#define EXCHANGE_TEXTLINES_H

#include "base/buffer.h"
#include "tree/merkle.h"

struct textlines {
  struct adduce_span rest;
  unsigned number; /* of the line last taken, from 1 */
};

static inline struct textlines textlines_of(struct adduce_span text) {
  struct textlines lines = {text, 0};
  return lines;
}

/* The next line without its newline; false when none is left that ends in one. */
MUST_USE bool textlines_take(struct textlines *lines, struct adduce_span *line);

/* The next line if it begins with `word` and a space: what follows the space. */
MUST_USE bool textlines_take_word(struct textlines *lines, struct adduce_span *value,
                                  const char *word);

/* Decimal without leading zeroes, at most MERKLE_SIZE_MAX. */
MUST_USE bool textlines_decimal(struct adduce_span digits, uint64_t *number);

/* Base64 of exactly 32 bytes. */
MUST_USE bool textlines_hash(struct adduce_span text, struct adduce_hash *hash);

/* Base64 of bytes that are put into the scope; false when it is not canonical, or memory is out
 * (then the scope is exhausted). */
MUST_USE bool textlines_bytes(struct adduce_scope *scope, struct adduce_span text,
                              struct adduce_span *bytes);

/* Hashes, one a line, up to an empty line, which is taken too. Errors, as `err`, with "line N of
 * WHAT": a line that is no hash, more than `limit` of them, or the end; */
MUST_USE enum adduce_err textlines_path(struct adduce_scope *scope, struct textlines *lines,
                                        struct merkle_proof *path, size_t limit,
                                        enum adduce_err err, const char *what);

/* Writes hashes, one a line. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err textlines_put_path(struct buffer *out, const struct merkle_proof *path);

/* Writes "WORD base64\n". Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err textlines_put_bytes(struct buffer *out, const char *word,
                                             struct adduce_span bytes);

#endif
