/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/note.h"

#include <sodium.h>

#include "base/bigendian.h"
#include "base/buffer.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define VKEY_BYTES_MAX 8192
#define VARIANT sodium_base64_VARIANT_ORIGINAL
#define SIGNATURE_START "\xe2\x80\x94 " /* an em dash and a space */

/* --- base64 ------------------------------------------------------------------------------- */

enum adduce_err note_base64_encode(struct adduce_scope *scope, const char **text,
                                   struct adduce_span bytes) {
  *text = "";
  if (bytes.size > SIZE_MAX / 4) return scope_no_memory(scope);
  size_t size = sodium_base64_ENCODED_LEN(bytes.size, VARIANT);
  char *out = scope_alloc(scope, size);
  if (out == NULL) return scope_no_memory(scope);
  *text = sodium_bin2base64(out, size, bytes.data, bytes.size, VARIANT);
  return ADDUCE_OK;
}

/* True iff `bytes` encodes to exactly `text`; a piece at a time, so that it needs no memory. */
static bool encodes_to(struct adduce_span bytes, struct adduce_span text) {
  char again[sodium_base64_ENCODED_LEN(48, VARIANT)];
  while (bytes.size != 0) {
    size_t size = bytes.size < 48 ? bytes.size : 48;
    sodium_bin2base64(again, sizeof again, bytes.data, size, VARIANT);
    size_t digits = strlen(again);
    if (text.size < digits || memcmp(again, text.data, digits) != 0) return false;
    bytes = span_of(bytes.data + size, bytes.size - size);
    text = span_of(text.data + digits, text.size - digits);
  }
  return text.size == 0;
}

bool note_base64_decode(struct adduce_span text, uint8_t *out, size_t capacity, size_t *size) {
  *size = 0;
  if (text.size == 0) return true;
  size_t decoded = 0;
  if (sodium_base642bin(out, capacity, (const char *)text.data, text.size, NULL, &decoded, NULL,
                        VARIANT) != 0)
    return false;
  if (!encodes_to(span_of(out, decoded), text)) return false;
  *size = decoded;
  return true;
}

/* --- names and verifier keys -------------------------------------------------------------- */

bool note_name_valid(struct adduce_span name) {
  if (name.size == 0) return false;
  for (size_t at = 0; at < name.size;) {
    uint32_t point;
    size_t length = utf8_decode(span_of(name.data + at, name.size - at), &point);
    if (length == 0 || point < 0x20 || point == '+' || utf8_space(point)) return false;
    at += length;
  }
  return true;
}

uint32_t note_key_id_of(struct adduce_span name, uint8_t type, struct adduce_span material) {
  const uint8_t between[2] = {'\n', type};
  struct hash hash;
  struct adduce_hash digest;
  hash_init(&hash);
  hash_span(&hash, name);
  hash_update(&hash, between, sizeof between);
  hash_span(&hash, material);
  hash_final(&hash, &digest);
  return bigendian_get32(digest.bytes);
}

uint32_t note_key_id(struct adduce_span name, const struct adduce_key *key) {
  return note_key_id_of(name, NOTE_ED25519, span_of(key->bytes, sizeof key->bytes));
}

enum adduce_err note_vkey_join(struct adduce_scope *scope, const char **text,
                               struct adduce_span name, uint8_t type, struct adduce_span material) {
  struct buffer buffer;
  struct adduce_span bytes;
  const char *encoded;
  *text = "";
  if (!note_name_valid(name))
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "a key's name must be UTF-8 without spaces and '+', and not empty");
  buffer_init(&buffer, scope);
  buffer_byte(&buffer, type);
  buffer_span(&buffer, material);
  TRY(buffer_take(&buffer, &bytes));
  TRY(note_base64_encode(scope, &encoded, bytes));
  buffer_init(&buffer, scope);
  buffer_span(&buffer, name);
  buffer_format(&buffer, "+%08x+%s", note_key_id_of(name, type, material), encoded);
  TRY(buffer_take(&buffer, &bytes));
  *text = (const char *)bytes.data;
  return ADDUCE_OK;
}

enum adduce_err note_vkey_encode(struct adduce_scope *scope, const char **vkey,
                                 struct adduce_span name, const struct adduce_key *key) {
  return note_vkey_join(scope, vkey, name, NOTE_ED25519, span_of(key->bytes, sizeof key->bytes));
}

static enum adduce_err bad_vkey(struct adduce_scope *scope, const char *what) {
  return scope_fail(scope, ADDUCE_E_NOTE, "not a verifier key (name+id+key): %s", what);
}

/* Cuts `text` at the first `byte`: what is before it becomes `*head`. */
static bool cut(struct adduce_span *text, struct adduce_span *head, char byte) {
  const uint8_t *found = text->size == 0 ? NULL : memchr(text->data, byte, text->size);
  if (found == NULL) return false;
  *head = span_of(text->data, (size_t)(found - text->data));
  *text = span_of(found + 1, text->size - head->size - 1);
  return true;
}

static bool read_id(struct adduce_span digits, uint32_t *id) {
  uint8_t bytes[4];
  if (!hex_decode(digits, bytes, sizeof bytes)) return false;
  for (size_t i = 0; i < digits.size; i++)
    if (digits.data[i] >= 'A' && digits.data[i] <= 'F') return false;
  *id = bigendian_get32(bytes);
  return true;
}

enum adduce_err note_vkey_split(struct adduce_scope *scope, struct note_vkey *vkey,
                                struct adduce_span text) {
  struct adduce_span name, digits;
  uint32_t id;
  size_t size;
  memset(vkey, 0, sizeof *vkey);
  if (text.size > VKEY_BYTES_MAX) return bad_vkey(scope, "it is longer than 8 KiB");
  if (!cut(&text, &name, '+') || !cut(&text, &digits, '+'))
    return bad_vkey(scope, "it has not three parts");
  if (!note_name_valid(name)) return bad_vkey(scope, "the name is empty, no UTF-8 or has a space");
  if (!read_id(digits, &id)) return bad_vkey(scope, "the id is not 8 lower-case hex digits");
  uint8_t *bytes = scope_alloc(scope, text.size);
  if (bytes == NULL) return scope_no_memory(scope);
  if (!note_base64_decode(text, bytes, text.size, &size) || size < 2)
    return bad_vkey(scope, "the key is not base64 of a type and a key");
  struct adduce_span material = span_of(bytes + 1, size - 1);
  if (note_key_id_of(name, bytes[0], material) != id)
    return bad_vkey(scope, "the id is not that of name and key");
  *vkey = (struct note_vkey){name, id, bytes[0], material};
  return ADDUCE_OK;
}

enum adduce_err note_vkey_parse(struct adduce_scope *scope, struct note_verifier *verifier,
                                struct adduce_span vkey) {
  struct note_vkey split;
  struct adduce_key key;
  memset(verifier, 0, sizeof *verifier);
  TRY(note_vkey_split(scope, &split, vkey));
  if (split.type != NOTE_ED25519) return bad_vkey(scope, "its type is not 1, Ed25519");
  if (split.material.size != sizeof key.bytes)
    return bad_vkey(scope, "the key is not base64 of 33 bytes");
  memcpy(key.bytes, split.material.data, sizeof key.bytes);
  if (!sign_key_acceptable(&key))
    return scope_fail(scope, ADDUCE_E_KEY,
                      "the verifier key of %.*s is not an acceptable Ed25519 key",
                      SPAN_ARGS(split.name));
  *verifier = (struct note_verifier){.name = split.name, .key_id = split.key_id, .key = key};
  return ADDUCE_OK;
}

/* --- notes -------------------------------------------------------------------------------- */

static enum adduce_err bad_note(struct adduce_scope *scope, struct adduce_span bytes, size_t offset,
                                const char *what) {
  size_t line = 1;
  for (size_t i = 0; i < offset; i++) line += bytes.data[i] == '\n';
  return scope_fail(scope, ADDUCE_E_NOTE, "signed note, line %zu: %s", line, what);
}

/* UTF-8, and no control characters but newline. */
static enum adduce_err check_characters(struct adduce_scope *scope, struct adduce_span bytes) {
  size_t offset;
  if (!utf8_valid(bytes, &offset)) return bad_note(scope, bytes, offset, "not valid UTF-8");
  for (size_t i = 0; i < bytes.size; i++)
    if (bytes.data[i] < 0x20 && bytes.data[i] != '\n')
      return bad_note(scope, bytes, i, "a control character");
  return ADDUCE_OK;
}

/* Where the last empty line begins, that is, where the text ends; 0 when there is none. */
static size_t find_end_of_text(struct adduce_span bytes) {
  for (size_t i = bytes.size; i >= 2; i--)
    if (bytes.data[i - 1] == '\n' && bytes.data[i - 2] == '\n') return i - 1;
  return 0;
}

/* One signature line, without its newline. `*wrong` is what is wrong with its form. */
static enum adduce_err parse_signature(struct adduce_scope *scope, const char **wrong,
                                       struct note_signature *signature, struct adduce_span line) {
  *wrong = "a signature line must begin with an em dash and a space";
  if (!span_starts(line, SIGNATURE_START)) return ADDUCE_E_NOTE;
  size_t start = strlen(SIGNATURE_START);
  line = span_of(line.data + start, line.size - start);
  *wrong = "a signature line must be the name of a key, a space and base64";
  if (!cut(&line, &signature->name, ' ')) return ADDUCE_E_NOTE;
  *wrong = "the name of a key must be UTF-8 without spaces and '+', and not empty";
  if (!note_name_valid(signature->name)) return ADDUCE_E_NOTE;
  size_t size, capacity = line.size / 4 * 3;
  uint8_t *blob = scope_alloc(scope, capacity);
  if (blob == NULL) return scope_no_memory(scope);
  *wrong = "not canonical base64";
  if (!note_base64_decode(line, blob, capacity, &size)) return ADDUCE_E_NOTE;
  *wrong = "a signature is shorter than five bytes";
  if (size < 5) return ADDUCE_E_NOTE;
  signature->key_id = bigendian_get32(blob);
  signature->signature = span_of(blob + 4, size - 4);
  return ADDUCE_OK;
}

enum adduce_err note_parse(struct adduce_scope *scope, struct note *note,
                           struct adduce_span bytes) {
  memset(note, 0, sizeof *note);
  if (bytes.size > NOTE_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "a signed note of %zu bytes; at most %zu",
                      bytes.size, NOTE_BYTES_MAX);
  TRY(check_characters(scope, bytes));
  size_t end = find_end_of_text(bytes);
  if (end == 0) return bad_note(scope, bytes, 0, "no empty line ends the text");
  struct adduce_span rest = span_of(bytes.data + end + 1, bytes.size - end - 1), line;
  size_t count = 0;
  for (size_t i = 0; i < rest.size; i++) count += rest.data[i] == '\n';
  if (rest.size == 0) return bad_note(scope, bytes, bytes.size, "no signature");
  if (rest.data[rest.size - 1] != '\n')
    return bad_note(scope, bytes, bytes.size, "the last line does not end");
  if (count > NOTE_SIGNATURES_MAX)
    return bad_note(scope, bytes, bytes.size, "more than 100 signatures");
  struct note_signature *signatures = scope_array(scope, count, sizeof *signatures);
  if (signatures == NULL) return scope_no_memory(scope);
  for (size_t i = 0; cut(&rest, &line, '\n'); i++) {
    const char *wrong;
    enum adduce_err err = parse_signature(scope, &wrong, &signatures[i], line);
    if (err == ADDUCE_E_NOTE)
      return bad_note(scope, bytes, (size_t)(line.data - bytes.data), wrong);
    if (err != ADDUCE_OK) return err;
  }
  *note = (struct note){span_of(bytes.data, end), signatures, count};
  return ADDUCE_OK;
}

enum adduce_err note_sign(struct adduce_scope *scope, struct buffer *lines, struct adduce_span text,
                          struct adduce_span name, const struct signer *signer) {
  if (!note_name_valid(name))
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "a key's name must be UTF-8 without spaces and '+', and not empty");
  if (text.size == 0 || text.data[text.size - 1] != '\n')
    return scope_fail(scope, ADDUCE_E_NOTE, "the text of a note must end in a newline");
  TRY(check_characters(scope, text));
  struct adduce_signature signature;
  TRY(signer_sign(scope, &signature, signer, text));
  return note_append_line(scope, lines, name, note_key_id(name, signer_key(signer)),
                          span_of(signature.bytes, sizeof signature.bytes));
}

enum adduce_err note_append_line(struct adduce_scope *scope, struct buffer *lines,
                                 struct adduce_span name, uint32_t key_id,
                                 struct adduce_span signature) {
  struct buffer blob;
  struct adduce_span bytes;
  uint8_t id[4];
  const char *encoded;
  bigendian_put32(id, key_id);
  buffer_init(&blob, scope);
  buffer_append(&blob, id, sizeof id);
  buffer_span(&blob, signature);
  TRY(buffer_take(&blob, &bytes));
  TRY(note_base64_encode(scope, &encoded, bytes));
  buffer_text(lines, SIGNATURE_START);
  buffer_span(lines, name);
  buffer_byte(lines, ' ');
  buffer_text(lines, encoded);
  buffer_byte(lines, '\n');
  return lines->failed ? scope_no_memory(scope) : ADDUCE_OK;
}

static bool verifies(const struct note *note, const struct note_signature *by,
                     const struct adduce_key *key) {
  struct adduce_signature signature;
  if (by->signature.size != sizeof signature.bytes) return false;
  memcpy(signature.bytes, by->signature.data, sizeof signature.bytes);
  return sign_verify(key, note->text, &signature);
}

enum adduce_err note_verify(struct adduce_scope *scope, const struct note *note,
                            const struct note_verifier *verifier) {
  bool signed_by = false;
  for (size_t i = 0; i < note->signature_count; i++) {
    const struct note_signature *by = &note->signatures[i];
    if (by->key_id != verifier->key_id || !span_equal(by->name, verifier->name)) continue;
    if (!verifies(note, by, &verifier->key))
      return scope_fail(scope, ADDUCE_E_SIGNATURE, "the note's signature by %.*s does not verify",
                        SPAN_ARGS(verifier->name));
    signed_by = true;
  }
  if (!signed_by)
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "the note is not signed by %.*s (key id %08x)",
                      SPAN_ARGS(verifier->name), verifier->key_id);
  return ADDUCE_OK;
}
