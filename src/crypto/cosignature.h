/* SPDX-License-Identifier: Apache-2.0 */
/* Cosignatures, exactly C2SP tlog-cosignature with Ed25519 (note type 0x04): a witness says that
 * as of a time the largest consistent tree it has seen of an origin has this root. The signature
 * is 8 bytes of time (seconds, big-endian) and 64 of Ed25519 over
 *
 *     cosignature/v1
 *     time 1679315147
 *     <the checkpoint's text>
 *
 * The name is not signed, so a key serves one name only. */
#ifndef CRYPTO_COSIGNATURE_H
#define CRYPTO_COSIGNATURE_H

#include "crypto/note.h"

#define COSIGNATURE_BYTES 72 /* after the key id */
#define COSIGNATURE_TIME_MAX INT64_MAX

/* What a cosigner is known by. */
struct cosignature_key {
  struct adduce_span name;
  uint32_t key_id;
  struct adduce_key key;
};

/* The first four bytes of SHA-256(name || "\n" || 0x04 || key), big-endian. */
uint32_t cosignature_key_id(struct adduce_span name, const struct adduce_key *key);

/* "name+hexid+base64(0x04 || key)". Errors: as note_vkey_join. */
MUST_USE enum adduce_err cosignature_vkey_encode(struct adduce_scope *scope, const char **vkey,
                                                 struct adduce_span name,
                                                 const struct adduce_key *key);

/* Errors: ADDUCE_E_NOTE (form, id, another type), ADDUCE_E_KEY. `key->name` borrows from `vkey`. */
MUST_USE enum adduce_err cosignature_vkey_parse(struct adduce_scope *scope,
                                                struct cosignature_key *key,
                                                struct adduce_span vkey);

/* Cosigns the text of a checkpoint as of `time_s` (seconds, over 0), and appends the line.
 * Errors: those of signer_sign, ADDUCE_E_NOTE (name), ADDUCE_E_USAGE (time), ADDUCE_E_MEMORY. */
struct buffer;
MUST_USE enum adduce_err cosignature_sign(struct adduce_scope *scope, struct buffer *lines,
                                          struct adduce_span text, struct adduce_span name,
                                          const struct signer *signer, int64_t time_s);

/* Whether `key` cosigned the note: `*time_s` is the latest time it did, 0 when it did not.
 * Errors: ADDUCE_E_SIGNATURE (a line with its name and id does not verify: the whole note is to
 * be refused), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err cosignature_verify(struct adduce_scope *scope, int64_t *time_s,
                                            const struct note *note,
                                            const struct cosignature_key *key);

/* The note with every signature line of `lines` that is one of `keys` and verifies, in place of
 * an older one by the same key; lines of others are left out. `*added` is how many came in, 0
 * for one that is there already. Errors: ADDUCE_E_NOTE (`lines` are no signature lines, or more
 * than a note may have), ADDUCE_E_SIGNATURE (a line by one of `keys` does not verify),
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err cosignature_merge(struct adduce_scope *scope, struct adduce_span *merged,
                                           size_t *added, struct adduce_span note_bytes,
                                           struct adduce_span lines,
                                           const struct cosignature_key *keys, size_t key_count);

#endif
