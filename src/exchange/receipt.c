/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/receipt.h"

#include "base/clock.h"
#include "base/hex.h"
#include "exchange/textlines.h"
#include "tree/checkpoint.h"

enum adduce_err receipt_sign(struct adduce_scope *scope, struct adduce_span *note,
                             const struct receipt *receipt, const struct signer *signer) {
  struct buffer text;
  struct adduce_span signed_text;
  if (!checkpoint_origin_valid(receipt->origin) || !checkpoint_origin_valid(receipt->source))
    return scope_fail(scope, ADDUCE_E_NOTE, "a receipt is between two ledgers with origins");
  buffer_init(&text, scope);
  buffer_format(&text, RECEIPT_FIRST_LINE "\norigin %.*s\ngenesis %s\n", SPAN_ARGS(receipt->origin),
                hex_text32(receipt->genesis.bytes).text);
  buffer_format(&text, "source %.*s\nsource-genesis %s\nmanifest %s\n", SPAN_ARGS(receipt->source),
                hex_text32(receipt->source_genesis.bytes).text,
                hex_text32(receipt->manifest.bytes).text);
  buffer_format(&text, "count %llu\nadmitted %llu\npresent %llu\nquarantined %llu\nrefused %llu\n",
                (unsigned long long)receipt->count, (unsigned long long)receipt->admitted,
                (unsigned long long)receipt->present, (unsigned long long)receipt->quarantined,
                (unsigned long long)receipt->refused);
  buffer_format(&text, "key %s\ntime %s\n", hex_text32(signer_key(signer)->bytes).text,
                clock_format(receipt->time_us).text);
  if (receipt->proof.size != 0) TRY(textlines_put_bytes(&text, "proof", receipt->proof));
  TRY(buffer_take(&text, &signed_text));
  signed_text = scope_copy(scope, signed_text);
  if (signed_text.data == NULL) return scope_no_memory(scope);
  buffer_byte(&text, '\n');
  TRY(note_sign(scope, &text, signed_text, receipt->origin, signer));
  return buffer_take(&text, note);
}

/* --- reading ------------------------------------------------------------------------------- */

bool receipt_is(struct adduce_span bytes) {
  return span_starts(bytes, RECEIPT_FIRST_LINE "\n");
}

static enum adduce_err refuse(struct adduce_scope *scope, const char *what) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return scope_fail(scope, ADDUCE_E_NOTE, "receipt: %s is missing there, or not of its form", what);
}

static bool take_name(struct textlines *lines, const char *word, struct adduce_span *name) {
  return textlines_take_word(lines, name, word) && checkpoint_origin_valid(*name);
}

static bool take_hex(struct textlines *lines, const char *word, uint8_t *bytes32) {
  struct adduce_span value;
  return textlines_take_word(lines, &value, word) && hex_decode(value, bytes32, 32) &&
         span_is(value, hex_text32(bytes32).text);
}

static bool take_number(struct textlines *lines, const char *word, uint64_t *number) {
  struct adduce_span value;
  return textlines_take_word(lines, &value, word) && textlines_decimal(value, number);
}

static bool take_time(struct textlines *lines, int64_t *time_us) {
  struct adduce_span value;
  return textlines_take_word(lines, &value, "time") && clock_parse(value, time_us) &&
         span_is(value, clock_format(*time_us).text);
}

static enum adduce_err read_numbers(struct adduce_scope *scope, struct receipt *read,
                                    struct textlines *lines) {
  if (!take_number(lines, "count", &read->count)) return refuse(scope, "count");
  if (!take_number(lines, "admitted", &read->admitted)) return refuse(scope, "admitted");
  if (!take_number(lines, "present", &read->present)) return refuse(scope, "present");
  if (!take_number(lines, "quarantined", &read->quarantined)) return refuse(scope, "quarantined");
  return take_number(lines, "refused", &read->refused) ? ADDUCE_OK : refuse(scope, "refused");
}

static enum adduce_err read_text(struct adduce_scope *scope, struct receipt *read,
                                 struct textlines *lines) {
  struct adduce_span value;
  if (!textlines_take(lines, &value) || !span_is(value, RECEIPT_FIRST_LINE))
    return refuse(scope, "its first line");
  if (!take_name(lines, "origin", &read->origin)) return refuse(scope, "origin");
  if (!take_hex(lines, "genesis", read->genesis.bytes)) return refuse(scope, "genesis");
  if (!take_name(lines, "source", &read->source)) return refuse(scope, "source");
  if (!take_hex(lines, "source-genesis", read->source_genesis.bytes))
    return refuse(scope, "source-genesis");
  if (!take_hex(lines, "manifest", read->manifest.bytes)) return refuse(scope, "manifest");
  TRY(read_numbers(scope, read, lines));
  if (!take_hex(lines, "key", read->key.bytes)) return refuse(scope, "key");
  if (!take_time(lines, &read->time_us)) return refuse(scope, "time");
  if (textlines_take_word(lines, &value, "proof") &&
      (!textlines_bytes(scope, value, &read->proof) || read->proof.size == 0))
    return refuse(scope, "proof");
  return lines->rest.size == 0 ? ADDUCE_OK : refuse(scope, "its end");
}

enum adduce_err receipt_open(struct adduce_scope *scope, struct receipt *receipt,
                             struct adduce_span bytes) {
  struct receipt read = {.count = 0};
  struct note note;
  memset(receipt, 0, sizeof *receipt);
  TRY(note_parse(scope, &note, bytes));
  struct textlines lines = textlines_of(note.text);
  TRY(read_text(scope, &read, &lines));
  const struct note_verifier verifier = {read.origin, note_key_id(read.origin, &read.key),
                                         read.key};
  TRY(note_verify(scope, &note, &verifier));
  *receipt = read;
  return ADDUCE_OK;
}
