/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/checkpoint.h"

#define ORIGIN_BYTES_MAX 255

bool checkpoint_origin_valid(struct adduce_span origin) {
  return origin.size <= ORIGIN_BYTES_MAX && note_name_valid(origin);
}

enum adduce_err checkpoint_text(struct adduce_scope *scope, struct adduce_span *text,
                                const struct checkpoint *checkpoint) {
  *text = span_of(NULL, 0);
  if (!checkpoint_origin_valid(checkpoint->origin))
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "an origin must be 1 to 255 bytes of UTF-8 without spaces and '+'");
  if (checkpoint->size > MERKLE_SIZE_MAX)
    return scope_fail(scope, ADDUCE_E_NOTE, "a checkpoint of more than 2^53 - 1 entries");
  const char *root;
  TRY(note_base64_encode(scope, &root, span_of(checkpoint->root.bytes, 32)));
  struct buffer buffer;
  buffer_init(&buffer, scope);
  buffer_span(&buffer, checkpoint->origin);
  buffer_format(&buffer, "\n%llu\n%s\n", (unsigned long long)checkpoint->size, root);
  return buffer_take(&buffer, text);
}

enum adduce_err checkpoint_sign(struct adduce_scope *scope, struct adduce_span *note,
                                const struct checkpoint *checkpoint,
                                const struct signer *const *signers, size_t signer_count) {
  *note = span_of(NULL, 0);
  if (signer_count == 0) return scope_fail(scope, ADDUCE_E_USAGE, "a checkpoint needs a signer");
  struct adduce_span text;
  TRY(checkpoint_text(scope, &text, checkpoint));
  struct buffer buffer;
  buffer_init(&buffer, scope);
  buffer_span(&buffer, text);
  buffer_byte(&buffer, '\n');
  for (size_t i = 0; i < signer_count; i++)
    TRY(note_sign(scope, &buffer, text, checkpoint->origin, signers[i]));
  return buffer_take(&buffer, note);
}

/* --- reading ------------------------------------------------------------------------------ */

static enum adduce_err bad_line(struct adduce_scope *scope, int line, const char *what) {
  return scope_fail(scope, ADDUCE_E_NOTE, "checkpoint, line %d: %s", line, what);
}

/* The next line of `rest`, without its newline; empty when there is none (an empty line is
 * nowhere allowed, so that says enough). */
static struct adduce_span take_line(struct adduce_span *rest) {
  const uint8_t *end = rest->size == 0 ? NULL : memchr(rest->data, '\n', rest->size);
  if (end == NULL) return span_of(NULL, 0);
  struct adduce_span line = span_of(rest->data, (size_t)(end - rest->data));
  *rest = span_of(end + 1, rest->size - line.size - 1);
  return line;
}

/* Decimal without leading zeroes, at most MERKLE_SIZE_MAX. */
static bool read_size(struct adduce_span digits, uint64_t *size) {
  if (digits.size == 0 || digits.size > 16) return false; /* 2^53 - 1 has 16 digits */
  if (digits.data[0] == '0' && digits.size > 1) return false;
  *size = 0;
  for (size_t i = 0; i < digits.size; i++) {
    if (digits.data[i] < '0' || digits.data[i] > '9') return false;
    *size = *size * 10 + (uint64_t)(digits.data[i] - '0');
  }
  return *size <= MERKLE_SIZE_MAX;
}

static enum adduce_err parse_text(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                  struct adduce_span text) {
  struct checkpoint parsed;
  parsed.origin = take_line(&text);
  if (!checkpoint_origin_valid(parsed.origin))
    return bad_line(scope, 1, "not an origin (1 to 255 bytes, no spaces, no '+')");
  if (!read_size(take_line(&text), &parsed.size))
    return bad_line(scope, 2, "not a size (decimal, no leading zero, at most 2^53 - 1)");
  size_t root_size;
  if (!note_base64_decode(take_line(&text), parsed.root.bytes, sizeof parsed.root.bytes,
                          &root_size) ||
      root_size != sizeof parsed.root.bytes)
    return bad_line(scope, 3, "not a root (base64 of 32 bytes)");
  for (int line = 4; text.size != 0; line++)
    if (take_line(&text).size == 0) return bad_line(scope, line, "an empty extension line");
  *checkpoint = parsed;
  return ADDUCE_OK;
}

enum adduce_err checkpoint_parse(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                 struct note *note, struct adduce_span bytes) {
  memset(checkpoint, 0, sizeof *checkpoint);
  TRY(note_parse(scope, note, bytes));
  return parse_text(scope, checkpoint, note->text);
}

enum adduce_err checkpoint_open(struct adduce_scope *scope, struct checkpoint *checkpoint,
                                struct adduce_span bytes, const struct note_verifier *verifier) {
  struct checkpoint parsed;
  struct note note;
  memset(checkpoint, 0, sizeof *checkpoint);
  TRY(checkpoint_parse(scope, &parsed, &note, bytes));
  if (!span_equal(parsed.origin, verifier->name))
    return scope_fail(scope, ADDUCE_E_SIGNATURE,
                      "the checkpoint is one of %.*s, the key that of %.*s",
                      SPAN_ARGS(parsed.origin), SPAN_ARGS(verifier->name));
  TRY(note_verify(scope, &note, verifier));
  *checkpoint = parsed;
  return ADDUCE_OK;
}
