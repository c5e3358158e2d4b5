/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed streams: bytes that only the holders of some keys can read (docs/FORMAT.md 9).
 *
 *   "adduce/sealed/v1\n"
 *   ephemeral 32        an X25519 public key, fresh for this file
 *   commitment 32       H("adduce/sealed-commitment/v1\n" || file key): one file key, one plaintext
 *   count u8, then 48 bytes each: the file key, wrapped for one recipient
 *   header 24           of libsodium's secretstream (XChaCha20-Poly1305)
 *   chunks              of 65,536 bytes and 17 more; the last is marked as such, and may be shorter
 *
 * A recipient's key is the X25519 form of its Ed25519 key. The wrapping key is
 * H("adduce/sealed-key/v1\n" || shared || ephemeral || recipient's Ed25519 key). The hash of all
 * before the chunks is authenticated with the first. Nothing says who the recipients are; how many
 * there are can be seen. Who sealed it is not said either: that is for what is in it to prove.
 *
 * No byte of a chunk is given out before it has been authenticated, and the end only after the
 * chunk that is marked as the last. Until the end was seen nothing that lasts may be done. */
#ifndef CRYPTO_SEALED_H
#define CRYPTO_SEALED_H

#include "adduce/bundle.h"
#include "crypto/signer.h"

#define SEALED_LINE "adduce/sealed/v1\n"
#define SEALED_RECIPIENTS_MAX 64
#define SEALED_CHUNK_BYTES ((size_t)64 << 10)

/* --- writing ------------------------------------------------------------------------------ */

struct sealed_writer;

/* Whether `what` can be sealed to these keys, at most `most` of them; before anything is written.
 * Errors: ADDUCE_E_USAGE (too many), ADDUCE_E_KEY (one that is not acceptable; it is named). */
MUST_USE enum adduce_err sealed_check_keys(struct adduce_scope *scope, const char *what,
                                           const struct adduce_key *keys, size_t count,
                                           size_t most);

/* Writes what stands before the chunks. The sink is copied. Errors: ADDUCE_E_USAGE (no recipient,
 * or more than SEALED_RECIPIENTS_MAX), ADDUCE_E_KEY (a key that is not acceptable),
 * ADDUCE_E_MEMORY, those of the sink. `*writer` is NULL then. */
MUST_USE enum adduce_err sealed_writer_open(struct adduce_scope *scope,
                                            struct sealed_writer **writer,
                                            const struct adduce_sink *sink,
                                            const struct adduce_key *recipients, size_t count);

/* What is written there is sealed. Lives as long as the writer. */
struct adduce_sink sealed_writer_sink(struct sealed_writer *writer);

/* Writes the last chunk: without it the stream is refused as cut off. Errors: those of the sink. */
MUST_USE enum adduce_err sealed_writer_finish(struct adduce_scope *scope,
                                              struct sealed_writer *writer);

/* Wipes and frees. NULL is fine. */
void sealed_writer_close(struct sealed_writer **writer);

/* --- reading ------------------------------------------------------------------------------ */

struct sealed_reader;

/* True iff a stream that begins with these bytes claims to be sealed, in any version. */
bool sealed_is(struct adduce_span begin);

/* Reads what stands before the chunks and finds the file key with the signer's secret, which is not
 * needed after. The source is copied. Errors: ADDUCE_E_FORM (not a sealed stream, or it ends),
 * ADDUCE_E_VERSION, ADDUCE_E_UNAUTHORIZED (not sealed to this key, or changed), ADDUCE_E_AGENT
 * (signer_agree), ADDUCE_E_MEMORY, those of the source. `*reader` is NULL then. */
MUST_USE enum adduce_err sealed_reader_open(struct adduce_scope *scope,
                                            struct sealed_reader **reader,
                                            const struct adduce_source *source,
                                            const struct signer *signer);

/* What was sealed. Lives as long as the reader. Its errors: ADDUCE_E_FORM (changed, or cut off, or
 * bytes follow the end, with the byte), those of the source; every later call fails too. */
struct adduce_source sealed_reader_source(struct sealed_reader *reader);

/* Wipes and frees. NULL is fine. */
void sealed_reader_close(struct sealed_reader **reader);

#endif
