/* SPDX-License-Identifier: Apache-2.0 */
/* Key files: one Ed25519 seed, in the clear (0600 is then its only guard) or under a
 * passphrase: Argon2id, then XChaCha20-Poly1305 with everything before the ciphertext as
 * associated data. docs/FORMAT.md has the bytes.
 *
 * Fixed 160 bytes: magic "adduce key v1\n\0\0" (16) | protection u8 (0 clear, 1 passphrase)
 * | purpose u8 (1 author, 2 log, 3 witness) | 6 zero bytes | public key 32 | Argon2id opslimit
 * u64be | memlimit u64be | salt 16 | nonce 24 | seed-or-ciphertext 48 (clear: seed 32 then 16
 * bytes of SHA-256 over all before it). Clear files have zero opslimit, memlimit, salt and
 * nonce. On reading: opslimit <= 10, memlimit <= 1 GiB, exact size, zeroes where zeroes
 * belong, and the public key derived anew and compared. */
#ifndef CRYPTO_KEYFILE_H
#define CRYPTO_KEYFILE_H

#include "crypto/signer.h"

#define KEYFILE_BYTES 160

enum keyfile_purpose { KEYFILE_AUTHOR = 1, KEYFILE_LOG = 2, KEYFILE_WITNESS = 3 };

struct keyfile_info {
  struct adduce_key key;
  enum keyfile_purpose purpose;
  bool needs_passphrase;
};

/* How hard a passphrase is to try: MODERATE (3 passes, 256 MiB) or SENSITIVE (4, 1 GiB). */
enum keyfile_cost { KEYFILE_MODERATE, KEYFILE_SENSITIVE };

/* Writes a new key file, 0600, never over an existing one. An empty passphrase writes it in
 * the clear. Errors: ADDUCE_E_EXISTS, ADDUCE_E_MEMORY (Argon2id's), ADDUCE_E_USAGE (an
 * agent's key), and as file_write. */
MUST_USE enum adduce_err keyfile_create(struct adduce_scope *scope, const char *path,
                                        const struct signer *signer, enum keyfile_purpose purpose,
                                        struct adduce_span passphrase, enum keyfile_cost cost);

/* As keyfile_create, but replaces the file atomically (a changed passphrase). */
MUST_USE enum adduce_err keyfile_replace(struct adduce_scope *scope, const char *path,
                                         const struct signer *signer, enum keyfile_purpose purpose,
                                         struct adduce_span passphrase, enum keyfile_cost cost);

/* What the file says of itself, without the secret. The public key is acceptable, but not yet
 * proven to be that of the seed. Errors: ADDUCE_E_NO_FILE, ADDUCE_E_KEY_FILE (form, unsafe
 * permissions, a link, another owner), ADDUCE_E_PERMISSION, ADDUCE_E_IO; `*info` is zero
 * then. */
MUST_USE enum adduce_err keyfile_inspect(struct adduce_scope *scope, struct keyfile_info *info,
                                         const char *path);

/* As keyfile_inspect, of bytes in memory (which the caller wipes); `path` is for the detail. */
MUST_USE enum adduce_err keyfile_parse(struct adduce_scope *scope, struct keyfile_info *info,
                                       struct adduce_span bytes, const char *path);

/* Opens it for signing; a file in the clear ignores `passphrase`. Errors: as keyfile_inspect;
 * ADDUCE_E_PASSPHRASE (missing or wrong; a changed ciphertext cannot be told from that),
 * ADDUCE_E_KEY_FILE (the public key is not that of the seed), ADDUCE_E_MEMORY (Argon2id's
 * too). `*signer` is NULL then. */
MUST_USE enum adduce_err keyfile_open(struct adduce_scope *scope, struct signer **signer,
                                      struct keyfile_info *info, const char *path,
                                      struct adduce_span passphrase);

#endif
