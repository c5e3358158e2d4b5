/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/textlines.h"

#include "crypto/note.h"

bool textlines_take(struct textlines *lines, struct adduce_span *line) {
  const uint8_t *newline =
      lines->rest.size == 0 ? NULL : memchr(lines->rest.data, '\n', lines->rest.size);
  lines->number++;
  if (newline == NULL) return false;
  size_t size = (size_t)(newline - lines->rest.data);
  *line = span_of(lines->rest.data, size);
  lines->rest = span_of(newline + 1, lines->rest.size - size - 1);
  return true;
}

bool textlines_take_word(struct textlines *lines, struct adduce_span *value, const char *word) {
  struct textlines before = *lines;
  struct adduce_span line;
  size_t size = strlen(word);
  if (textlines_take(lines, &line) && span_starts(line, word) && line.size > size &&
      line.data[size] == ' ') {
    *value = span_of(line.data + size + 1, line.size - size - 1);
    return true;
  }
  *lines = before;
  return false;
}

bool textlines_decimal(struct adduce_span digits, uint64_t *number) {
  if (digits.size == 0 || digits.size > 16 || (digits.size > 1 && digits.data[0] == '0'))
    return false;
  *number = 0;
  for (size_t i = 0; i < digits.size; i++) {
    if (digits.data[i] < '0' || digits.data[i] > '9') return false;
    *number = *number * 10 + (uint64_t)(digits.data[i] - '0');
  }
  return *number <= MERKLE_SIZE_MAX;
}

bool textlines_hash(struct adduce_span text, struct adduce_hash *hash) {
  size_t size;
  return note_base64_decode(text, hash->bytes, sizeof hash->bytes, &size) &&
         size == sizeof hash->bytes;
}

bool textlines_bytes(struct adduce_scope *scope, struct adduce_span text,
                     struct adduce_span *bytes) {
  size_t size, capacity = text.size / 4 * 3;
  uint8_t *out = scope_alloc(scope, capacity);
  if (out == NULL || !note_base64_decode(text, out, capacity, &size)) return false;
  *bytes = span_of(out, size);
  return true;
}

enum adduce_err textlines_path(struct adduce_scope *scope, struct textlines *lines,
                               struct merkle_proof *path, size_t limit, enum adduce_err err,
                               const char *what) {
  struct adduce_span line;
  for (path->count = 0;; path->count++) {
    if (!textlines_take(lines, &line))
      return scope_fail(scope, err, "%s ends before its checkpoint", what);
    if (line.size == 0) return ADDUCE_OK;
    if (path->count == limit)
      return scope_fail(scope, err, "%s has more than %zu hashes", what, limit);
    if (!textlines_hash(line, &path->hashes[path->count]))
      return scope_fail(scope, err, "line %u of %s: not the base64 of a hash of 32 bytes",
                        lines->number, what);
  }
}

enum adduce_err textlines_put_path(struct buffer *out, const struct merkle_proof *path) {
  const char *text;
  for (size_t i = 0; i < path->count; i++) {
    TRY(note_base64_encode(out->scope, &text, span_of(path->hashes[i].bytes, 32)));
    buffer_text(out, text);
    buffer_byte(out, '\n');
  }
  return ADDUCE_OK;
}

enum adduce_err textlines_put_bytes(struct buffer *out, const char *word,
                                    struct adduce_span bytes) {
  const char *text;
  TRY(note_base64_encode(out->scope, &text, bytes));
  buffer_text(out, word);
  buffer_byte(out, ' ');
  buffer_text(out, text);
  buffer_byte(out, '\n');
  return ADDUCE_OK;
}
