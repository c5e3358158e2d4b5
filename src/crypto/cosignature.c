/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cosignature.h"

#include "base/bigendian.h"
#include "base/buffer.h"
#include "crypto/sign.h"

uint32_t cosignature_key_id(struct adduce_span name, const struct adduce_key *key) {
  return note_key_id_of(name, NOTE_COSIGNATURE, span_of(key->bytes, sizeof key->bytes));
}

enum adduce_err cosignature_vkey_encode(struct adduce_scope *scope, const char **vkey,
                                        struct adduce_span name, const struct adduce_key *key) {
  return note_vkey_join(scope, vkey, name, NOTE_COSIGNATURE,
                        span_of(key->bytes, sizeof key->bytes));
}

enum adduce_err cosignature_vkey_parse(struct adduce_scope *scope, struct cosignature_key *key,
                                       struct adduce_span vkey) {
  struct note_vkey split;
  struct cosignature_key parsed = {.key_id = 0};
  memset(key, 0, sizeof *key);
  TRY(note_vkey_split(scope, &split, vkey));
  if (split.type != NOTE_COSIGNATURE)
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "the verifier key of %.*s has type %u; a witness has type 4, an Ed25519 "
                      "cosignature",
                      SPAN_ARGS(split.name), split.type);
  if (split.material.size != sizeof parsed.key.bytes)
    return scope_fail(scope, ADDUCE_E_NOTE, "the verifier key of %.*s is not one of 32 bytes",
                      SPAN_ARGS(split.name));
  memcpy(parsed.key.bytes, split.material.data, sizeof parsed.key.bytes);
  if (!sign_key_acceptable(&parsed.key))
    return scope_fail(scope, ADDUCE_E_KEY,
                      "the verifier key of %.*s is not an acceptable Ed25519 key",
                      SPAN_ARGS(split.name));
  parsed.name = split.name;
  parsed.key_id = split.key_id;
  *key = parsed;
  return ADDUCE_OK;
}

/* What is signed. */
static enum adduce_err message(struct adduce_scope *scope, struct adduce_span *signed_bytes,
                               struct adduce_span text, int64_t time_s) {
  struct buffer buffer;
  buffer_init(&buffer, scope);
  buffer_format(&buffer, "cosignature/v1\ntime %lld\n", (long long)time_s);
  buffer_span(&buffer, text);
  return buffer_take(&buffer, signed_bytes);
}

enum adduce_err cosignature_sign(struct adduce_scope *scope, struct buffer *lines,
                                 struct adduce_span text, struct adduce_span name,
                                 const struct signer *signer, int64_t time_s) {
  struct adduce_span signed_bytes;
  struct adduce_signature signature;
  uint8_t blob[COSIGNATURE_BYTES];
  if (!note_name_valid(name))
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "a key's name must be UTF-8 without spaces and '+', and not empty");
  if (time_s <= 0) return scope_fail(scope, ADDUCE_E_USAGE, "a cosignature's time is after 1970");
  TRY(message(scope, &signed_bytes, text, time_s));
  TRY(signer_sign(scope, &signature, signer, signed_bytes));
  bigendian_put64(blob, (uint64_t)time_s);
  memcpy(blob + 8, signature.bytes, sizeof signature.bytes);
  return note_append_line(scope, lines, name, cosignature_key_id(name, signer_key(signer)),
                          span_of(blob, sizeof blob));
}

/* --- verifying ---------------------------------------------------------------------------- */

static bool is_by(const struct note_signature *by, const struct cosignature_key *key) {
  return by->key_id == key->key_id && span_equal(by->name, key->name);
}

static enum adduce_err verify_one(struct adduce_scope *scope, int64_t *time_s,
                                  struct adduce_span text, const struct note_signature *by,
                                  const struct cosignature_key *key) {
  struct adduce_signature signature;
  struct adduce_span signed_bytes;
  if (by->signature.size != COSIGNATURE_BYTES)
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "the cosignature by %.*s is not one of 72 bytes",
                      SPAN_ARGS(key->name));
  uint64_t time = bigendian_get64(by->signature.data);
  if (time == 0 || time > COSIGNATURE_TIME_MAX)
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "the cosignature by %.*s has no time it can have",
                      SPAN_ARGS(key->name));
  memcpy(signature.bytes, by->signature.data + 8, sizeof signature.bytes);
  TRY(message(scope, &signed_bytes, text, (int64_t)time));
  if (!sign_verify(&key->key, signed_bytes, &signature))
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "the cosignature by %.*s does not verify",
                      SPAN_ARGS(key->name));
  *time_s = (int64_t)time;
  return ADDUCE_OK;
}

enum adduce_err cosignature_verify(struct adduce_scope *scope, int64_t *time_s,
                                   const struct note *note, const struct cosignature_key *key) {
  *time_s = 0;
  for (size_t i = 0; i < note->signature_count; i++) {
    int64_t time;
    if (!is_by(&note->signatures[i], key)) continue;
    TRY(verify_one(scope, &time, note->text, &note->signatures[i], key));
    if (time > *time_s) *time_s = time;
  }
  return ADDUCE_OK;
}

/* --- merging ------------------------------------------------------------------------------ */

/* The latest verified line of `lines` by `key`; NULL if there is none. */
static enum adduce_err find_latest(struct adduce_scope *scope, const struct note_signature **latest,
                                   const struct note *lines, const struct cosignature_key *key) {
  int64_t best = 0;
  *latest = NULL;
  for (size_t i = 0; i < lines->signature_count; i++) {
    int64_t time;
    if (!is_by(&lines->signatures[i], key)) continue;
    TRY(verify_one(scope, &time, lines->text, &lines->signatures[i], key));
    if (time <= best) continue;
    best = time;
    *latest = &lines->signatures[i];
  }
  return ADDUCE_OK;
}

static enum adduce_err keep_line(struct adduce_scope *scope, struct buffer *out,
                                 const struct note_signature *line) {
  return note_append_line(scope, out, line->name, line->key_id, line->signature);
}

/* For each key the latest of both sides; `replaced[i]` is set for lines of `note` that go. */
static enum adduce_err choose(struct adduce_scope *scope, struct buffer *fresh, bool *replaced,
                              size_t *added, const struct note *note, const struct note *lines,
                              const struct cosignature_key *keys, size_t key_count) {
  *added = 0;
  for (size_t k = 0; k < key_count; k++) {
    const struct note_signature *latest;
    int64_t have, offered = 0;
    TRY(find_latest(scope, &latest, lines, &keys[k]));
    if (latest == NULL) continue;
    TRY(verify_one(scope, &offered, lines->text, latest, &keys[k]));
    TRY(cosignature_verify(scope, &have, note, &keys[k]));
    if (have >= offered) continue;
    for (size_t i = 0; i < note->signature_count; i++)
      if (is_by(&note->signatures[i], &keys[k])) replaced[i] = true;
    TRY(keep_line(scope, fresh, latest));
    ++*added;
  }
  return ADDUCE_OK;
}

enum adduce_err cosignature_merge(struct adduce_scope *scope, struct adduce_span *merged,
                                  size_t *added, struct adduce_span note_bytes,
                                  struct adduce_span lines, const struct cosignature_key *keys,
                                  size_t key_count) {
  struct note note, offered;
  struct buffer whole, fresh;
  struct adduce_span bytes, fresh_bytes;
  *merged = note_bytes;
  *added = 0;
  TRY(note_parse(scope, &note, note_bytes));
  buffer_init(&whole, scope);
  buffer_span(&whole, note.text);
  buffer_byte(&whole, '\n');
  buffer_span(&whole, lines);
  TRY(buffer_take(&whole, &bytes));
  TRY(note_parse(scope, &offered, bytes));
  if (offered.text.size != note.text.size)
    return scope_fail(scope, ADDUCE_E_NOTE, "the answer is not made of signature lines alone");
  bool *replaced = scope_array(scope, note.signature_count, sizeof *replaced);
  if (replaced == NULL) return scope_no_memory(scope);
  buffer_init(&fresh, scope);
  TRY(choose(scope, &fresh, replaced, added, &note, &offered, keys, key_count));
  TRY(buffer_take(&fresh, &fresh_bytes));
  buffer_init(&whole, scope);
  buffer_span(&whole, note.text);
  buffer_byte(&whole, '\n');
  for (size_t i = 0; i < note.signature_count; i++)
    if (!replaced[i]) TRY(keep_line(scope, &whole, &note.signatures[i]));
  buffer_span(&whole, fresh_bytes);
  TRY(buffer_take(&whole, merged));
  return note_parse(scope, &offered, *merged);
}
