/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sealed.h"

#include <sodium.h>

#include "base/hex.h"
#include "base/invariant.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define KEY_PREFIX "adduce/sealed-key/v1\n"
#define COMMITMENT_PREFIX "adduce/sealed-commitment/v1\n"
#define LINE_BYTES (sizeof SEALED_LINE - 1)
#define FILE_KEY_BYTES crypto_secretstream_xchacha20poly1305_KEYBYTES
#define HEADER_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define MORE_BYTES crypto_secretstream_xchacha20poly1305_ABYTES
#define WRAPPED_BYTES (FILE_KEY_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define COUNT_AT (LINE_BYTES + 32 + 32)
#define PREAMBLE_BYTES_MAX (COUNT_AT + 1 + SEALED_RECIPIENTS_MAX * WRAPPED_BYTES + HEADER_BYTES)

#define LAST_CHUNK crypto_secretstream_xchacha20poly1305_TAG_FINAL

_Static_assert(WRAPPED_BYTES == 48 && HEADER_BYTES == 24 && MORE_BYTES == 17, "as documented");

/* What must not be read by others, in locked memory. */
struct secrets {
  uint8_t file_key[FILE_KEY_BYTES];
  uint8_t shared[32], wrapping[32], scalar[32];
  crypto_secretstream_xchacha20poly1305_state state;
};

/* Used once, so its nonce may be zero: the ephemeral key is fresh for each file. */
static const uint8_t no_nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

static void derive_wrapping(struct secrets *secrets, const uint8_t *ephemeral32,
                            const struct adduce_key *recipient) {
  struct hash hash;
  struct adduce_hash key;
  hash_init(&hash);
  hash_span(&hash, span_text(KEY_PREFIX));
  hash_update(&hash, secrets->shared, sizeof secrets->shared);
  hash_update(&hash, ephemeral32, 32);
  hash_update(&hash, recipient->bytes, sizeof recipient->bytes);
  hash_final(&hash, &key);
  memcpy(secrets->wrapping, key.bytes, sizeof secrets->wrapping);
  sodium_memzero(&key, sizeof key);
  sodium_memzero(&hash, sizeof hash);
}

static struct adduce_hash commit(const struct secrets *secrets) {
  struct hash hash;
  struct adduce_hash commitment;
  hash_init(&hash);
  hash_span(&hash, span_text(COMMITMENT_PREFIX));
  hash_update(&hash, secrets->file_key, sizeof secrets->file_key);
  hash_final(&hash, &commitment);
  sodium_memzero(&hash, sizeof hash);
  return commitment;
}

/* --- writing ------------------------------------------------------------------------------ */

enum adduce_err sealed_check_keys(struct adduce_scope *scope, const char *what,
                                  const struct adduce_key *keys, size_t count, size_t most) {
  if (count > most)
    return scope_fail(scope, ADDUCE_E_USAGE, "%s is sealed to %zu keys at most", what, most);
  for (size_t i = 0; i < count; i++)
    if (!sign_key_acceptable(&keys[i]))
      return scope_fail(scope, ADDUCE_E_KEY, "%s is not an acceptable Ed25519 key",
                        hex_text32(keys[i].bytes).text);
  return ADDUCE_OK;
}

/* Invariant: held < SEALED_CHUNK_BYTES between two calls. */
struct sealed_writer {
  struct adduce_scope *own;
  struct adduce_sink sink;
  struct secrets *secrets;
  struct adduce_hash preamble;
  bool is_first;
  size_t held;
  uint8_t plain[SEALED_CHUNK_BYTES];
  uint8_t chunk[SEALED_CHUNK_BYTES + MORE_BYTES];
};

static enum adduce_err wrap(struct adduce_scope *scope, struct secrets *secrets, uint8_t *wrapped,
                            const uint8_t *ephemeral32, const struct adduce_key *recipient) {
  uint8_t point[32];
  if (!sign_key_acceptable(recipient) ||
      crypto_sign_ed25519_pk_to_curve25519(point, recipient->bytes) != 0 ||
      crypto_scalarmult(secrets->shared, secrets->scalar, point) != 0)
    return scope_fail(scope, ADDUCE_E_KEY, "a recipient's key is not an acceptable Ed25519 key");
  derive_wrapping(secrets, ephemeral32, recipient);
  INVARIANT(crypto_aead_xchacha20poly1305_ietf_encrypt(wrapped, NULL, secrets->file_key,
                                                       sizeof secrets->file_key, NULL, 0, NULL,
                                                       no_nonce, secrets->wrapping) == 0);
  return ADDUCE_OK;
}

static enum adduce_err write_preamble(struct adduce_scope *scope, struct sealed_writer *writer,
                                      const struct adduce_key *recipients, size_t count) {
  struct secrets *secrets = writer->secrets;
  uint8_t *at = writer->chunk, *ephemeral = at + LINE_BYTES;
  memcpy(at, SEALED_LINE, LINE_BYTES);
  sign_random(secrets->file_key, sizeof secrets->file_key);
  sign_random(secrets->scalar, sizeof secrets->scalar);
  INVARIANT(crypto_scalarmult_base(ephemeral, secrets->scalar) == 0);
  struct adduce_hash commitment = commit(secrets);
  memcpy(ephemeral + 32, commitment.bytes, sizeof commitment.bytes);
  at[COUNT_AT] = (uint8_t)count;
  at += COUNT_AT + 1;
  for (size_t i = 0; i < count; i++, at += WRAPPED_BYTES)
    TRY(wrap(scope, secrets, at, ephemeral, &recipients[i]));
  sodium_memzero(secrets->scalar, sizeof secrets->scalar);
  INVARIANT(
      crypto_secretstream_xchacha20poly1305_init_push(&secrets->state, at, secrets->file_key) == 0);
  struct adduce_span preamble = span_of(writer->chunk, (size_t)(at - writer->chunk) + HEADER_BYTES);
  writer->preamble = hash_bytes(preamble);
  return writer->sink.write(writer->sink.context, scope, preamble);
}

enum adduce_err sealed_writer_open(struct adduce_scope *scope, struct sealed_writer **writer,
                                   const struct adduce_sink *sink,
                                   const struct adduce_key *recipients, size_t count) {
  struct adduce_scope *own = NULL;
  struct sealed_writer *opened = NULL;
  *writer = NULL;
  TRY(sign_start(scope));
  if (count == 0 || count > SEALED_RECIPIENTS_MAX)
    return scope_fail(scope, ADDUCE_E_USAGE, "a bundle is sealed to 1 to %d keys, not to %zu",
                      SEALED_RECIPIENTS_MAX, count);
  if (adduce_scope_open(&own, 0) == ADDUCE_OK) opened = scope_new(own, struct sealed_writer);
  if (opened != NULL) opened->secrets = sodium_malloc(sizeof *opened->secrets);
  if (opened == NULL || opened->secrets == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  opened->sink = *sink;
  opened->is_first = true;
  enum adduce_err err = write_preamble(scope, opened, recipients, count);
  if (err != ADDUCE_OK)
    sealed_writer_close(&opened);
  else
    *writer = opened;
  return err;
}

static enum adduce_err write_chunk(struct adduce_scope *scope, struct sealed_writer *writer,
                                   uint8_t tag) {
  const uint8_t *associated = writer->is_first ? writer->preamble.bytes : NULL;
  unsigned long long size;
  INVARIANT(crypto_secretstream_xchacha20poly1305_push(
                &writer->secrets->state, writer->chunk, &size, writer->plain, writer->held,
                associated, writer->is_first ? 32 : 0, tag) == 0);
  writer->is_first = false;
  writer->held = 0;
  return writer->sink.write(writer->sink.context, scope, span_of(writer->chunk, (size_t)size));
}

static enum adduce_err seal(void *context, struct adduce_scope *scope, struct adduce_span bytes) {
  struct sealed_writer *writer = context;
  while (bytes.size != 0) {
    size_t room = SEALED_CHUNK_BYTES - writer->held;
    size_t part = bytes.size < room ? bytes.size : room;
    memcpy(writer->plain + writer->held, bytes.data, part);
    writer->held += part;
    bytes = span_of(bytes.data + part, bytes.size - part);
    if (writer->held == SEALED_CHUNK_BYTES) TRY(write_chunk(scope, writer, 0));
  }
  return ADDUCE_OK;
}

struct adduce_sink sealed_writer_sink(struct sealed_writer *writer) {
  return (struct adduce_sink){seal, writer};
}

enum adduce_err sealed_writer_finish(struct adduce_scope *scope, struct sealed_writer *writer) {
  return write_chunk(scope, writer, LAST_CHUNK);
}

void sealed_writer_close(struct sealed_writer **writer) {
  if (*writer == NULL) return;
  struct adduce_scope *own = (*writer)->own;
  sodium_free((*writer)->secrets);
  sodium_memzero((*writer)->plain, sizeof(*writer)->plain);
  *writer = NULL;
  adduce_scope_close(&own);
}

/* --- reading ------------------------------------------------------------------------------ */

/* Invariants
 *   1. plain[given .. held) was authenticated and has not been given out.
 *   2. is_spent: an error was told; nothing is given out any more. */
struct sealed_reader {
  struct adduce_scope *own;
  struct adduce_source source;
  struct secrets *secrets;
  struct adduce_hash preamble;
  bool is_first, is_last, is_spent;
  uint64_t offset;
  size_t given, held;
  uint8_t plain[SEALED_CHUNK_BYTES];
  uint8_t chunk[SEALED_CHUNK_BYTES + MORE_BYTES];
};

bool sealed_is(struct adduce_span begin) {
  return span_starts(begin, "adduce/sealed/v");
}

/* Reads `size` bytes, or what there is up to the end. */
static enum adduce_err read_up_to(struct adduce_scope *scope, struct sealed_reader *reader,
                                  uint8_t *out, size_t *got, size_t size) {
  *got = 0;
  while (*got < size) {
    size_t more = 0;
    TRY(reader->source.read(reader->source.context, scope, out + *got, &more, size - *got));
    INVARIANT(more <= size - *got);
    if (more == 0) return ADDUCE_OK;
    *got += more;
    reader->offset += more;
  }
  return ADDUCE_OK;
}

static enum adduce_err read_exactly(struct adduce_scope *scope, struct sealed_reader *reader,
                                    uint8_t *out, size_t size) {
  size_t got;
  TRY(read_up_to(scope, reader, out, &got, size));
  if (got == size) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FORM,
                    "the sealed bundle ends at byte %llu, before its first "
                    "chunk",
                    (unsigned long long)reader->offset);
}

/* Tries the secret on each of the wrapped keys. */
static enum adduce_err unwrap(struct adduce_scope *scope, struct secrets *secrets,
                              const uint8_t *preamble, const struct signer *signer) {
  const uint8_t *ephemeral = preamble + LINE_BYTES, *wrapped = preamble + COUNT_AT + 1;
  enum adduce_err err = signer_agree(scope, secrets->shared, signer, ephemeral);
  if (err != ADDUCE_OK) return err;
  derive_wrapping(secrets, ephemeral, signer_key(signer));
  for (size_t i = 0; i < preamble[COUNT_AT]; i++, wrapped += WRAPPED_BYTES) {
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(secrets->file_key, NULL, NULL, wrapped,
                                                   WRAPPED_BYTES, NULL, 0, no_nonce,
                                                   secrets->wrapping) != 0)
      continue;
    struct adduce_hash commitment = commit(secrets);
    if (memcmp(commitment.bytes, ephemeral + 32, sizeof commitment.bytes) == 0) return ADDUCE_OK;
  }
  return scope_fail(scope, ADDUCE_E_UNAUTHORIZED,
                    "the bundle is not sealed to this key, or was changed; --key says with which "
                    "key it is opened");
}

static enum adduce_err read_preamble(struct adduce_scope *scope, struct sealed_reader *reader,
                                     const struct signer *signer) {
  uint8_t *bytes = reader->chunk;
  _Static_assert(PREAMBLE_BYTES_MAX <= SEALED_CHUNK_BYTES, "it is read into a chunk");
  TRY(read_exactly(scope, reader, bytes, LINE_BYTES));
  if (memcmp(bytes, SEALED_LINE, LINE_BYTES) != 0)
    return sealed_is(span_of(bytes, LINE_BYTES))
               ? scope_fail(scope, ADDUCE_E_VERSION, "the sealed bundle is of another version")
               : scope_fail(scope, ADDUCE_E_FORM, "this is no sealed bundle");
  TRY(read_exactly(scope, reader, bytes + LINE_BYTES, COUNT_AT + 1 - LINE_BYTES));
  size_t count = bytes[COUNT_AT];
  if (count == 0 || count > SEALED_RECIPIENTS_MAX)
    return scope_fail(scope, ADDUCE_E_FORM, "a bundle sealed to %zu keys cannot be", count);
  size_t rest = count * WRAPPED_BYTES + HEADER_BYTES;
  TRY(read_exactly(scope, reader, bytes + COUNT_AT + 1, rest));
  reader->preamble = hash_bytes(span_of(bytes, COUNT_AT + 1 + rest));
  TRY(unwrap(scope, reader->secrets, bytes, signer));
  INVARIANT(crypto_secretstream_xchacha20poly1305_init_pull(
                &reader->secrets->state, bytes + COUNT_AT + 1 + count * WRAPPED_BYTES,
                reader->secrets->file_key) == 0);
  return ADDUCE_OK;
}

enum adduce_err sealed_reader_open(struct adduce_scope *scope, struct sealed_reader **reader,
                                   const struct adduce_source *source,
                                   const struct signer *signer) {
  struct adduce_scope *own = NULL;
  struct sealed_reader *opened = NULL;
  *reader = NULL;
  TRY(sign_start(scope));
  if (adduce_scope_open(&own, 0) == ADDUCE_OK) opened = scope_new(own, struct sealed_reader);
  if (opened != NULL) opened->secrets = sodium_malloc(sizeof *opened->secrets);
  if (opened == NULL || opened->secrets == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  opened->source = *source;
  opened->is_first = true;
  enum adduce_err err = read_preamble(scope, opened, signer);
  if (err != ADDUCE_OK)
    sealed_reader_close(&opened);
  else
    *reader = opened;
  return err;
}

/* The next chunk into `plain`. The last one is marked, and nothing follows it; a chunk that is not
 * full cannot be another. */
static enum adduce_err open_chunk(struct adduce_scope *scope, struct sealed_reader *reader) {
  const uint8_t *associated = reader->is_first ? reader->preamble.bytes : NULL;
  uint64_t offset = reader->offset;
  unsigned long long size = 0;
  size_t got, more;
  uint8_t tag, byte;
  TRY(read_up_to(scope, reader, reader->chunk, &got, sizeof reader->chunk));
  if (got < MORE_BYTES)
    return scope_fail(scope, ADDUCE_E_FORM, "the sealed bundle is cut off at byte %llu",
                      (unsigned long long)reader->offset);
  if (crypto_secretstream_xchacha20poly1305_pull(&reader->secrets->state, reader->plain, &size,
                                                 &tag, reader->chunk, got, associated,
                                                 reader->is_first ? 32 : 0) != 0)
    return scope_fail(scope, ADDUCE_E_FORM,
                      "the sealed bundle was changed or cut off: the chunk at byte %llu does not "
                      "verify",
                      (unsigned long long)offset);
  reader->is_first = false;
  reader->is_last = tag == LAST_CHUNK;
  reader->given = 0;
  reader->held = (size_t)size;
  if (!reader->is_last)
    return got == sizeof reader->chunk && tag == 0
               ? ADDUCE_OK
               : scope_fail(scope, ADDUCE_E_FORM, "the chunk at byte %llu is of no form we know",
                            (unsigned long long)offset);
  TRY(read_up_to(scope, reader, &byte, &more, 1));
  return more == 0 ? ADDUCE_OK
                   : scope_fail(scope, ADDUCE_E_FORM, "bytes follow the sealed bundle's end");
}

static enum adduce_err give(void *context, struct adduce_scope *scope, uint8_t *out, size_t *got,
                            size_t capacity) {
  struct sealed_reader *reader = context;
  *got = 0;
  if (reader->is_spent)
    return scope_fail(scope, ADDUCE_E_FORM, "the sealed bundle was refused before");
  while (reader->given == reader->held && !reader->is_last) {
    reader->is_spent = true;
    TRY(open_chunk(scope, reader));
    reader->is_spent = false;
  }
  size_t left = reader->held - reader->given;
  *got = left < capacity ? left : capacity;
  memcpy(out, reader->plain + reader->given, *got);
  reader->given += *got;
  return ADDUCE_OK;
}

struct adduce_source sealed_reader_source(struct sealed_reader *reader) {
  return (struct adduce_source){give, reader};
}

void sealed_reader_close(struct sealed_reader **reader) {
  if (*reader == NULL) return;
  struct adduce_scope *own = (*reader)->own;
  sodium_free((*reader)->secrets);
  sodium_memzero((*reader)->plain, sizeof(*reader)->plain);
  *reader = NULL;
  adduce_scope_close(&own);
}
