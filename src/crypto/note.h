/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and verifier keys (vkeys), exactly C2SP signed-note: text, an empty line, then
 * lines "EM-DASH name base64(key id || signature)". Type 0x01 is Ed25519 over the text;
 * other types are kept, not judged. Strict: canonical base64, UTF-8, no control characters
 * but newline. */
#ifndef CRYPTO_NOTE_H
#define CRYPTO_NOTE_H

#include "crypto/signer.h"

#define NOTE_BYTES_MAX ((size_t)1 << 20)
#define NOTE_SIGNATURES_MAX 100

#define NOTE_ED25519 0x01     /* over the text; what this header verifies */
#define NOTE_COSIGNATURE 0x04 /* Ed25519 over time and text: crypto/cosignature.h */
#define NOTE_ML_DSA_44 0x06   /* kept, not verified by us */

/* A verifier key. */
struct note_verifier {
  struct adduce_span name; /* no Unicode space, no '+', not empty */
  uint32_t key_id;
  struct adduce_key key;
};

/* The first four bytes of SHA-256(name || "\n" || 0x01 || key), big-endian. */
uint32_t note_key_id(struct adduce_span name, const struct adduce_key *key);

/* The same of any type and key material. */
uint32_t note_key_id_of(struct adduce_span name, uint8_t type, struct adduce_span material);

/* True iff `name` may name a key. */
MUST_USE bool note_name_valid(struct adduce_span name);

/* "name+hexid+base64(0x01 || key)", NUL-terminated, in the scope. */
MUST_USE enum adduce_err note_vkey_encode(struct adduce_scope *scope, const char **vkey,
                                          struct adduce_span name, const struct adduce_key *key);

/* Errors: ADDUCE_E_NOTE (form, another type, or the id is not that of name and key),
 * ADDUCE_E_KEY. `verifier->name` borrows from `vkey`. */
MUST_USE enum adduce_err note_vkey_parse(struct adduce_scope *scope, struct note_verifier *verifier,
                                         struct adduce_span vkey);

/* A verifier key of any type: name+id+base64(type || material). */
struct note_vkey {
  struct adduce_span name; /* borrows from the text */
  uint32_t key_id;         /* is that of name, type and material */
  uint8_t type;
  struct adduce_span material; /* in the scope */
};

/* Errors: ADDUCE_E_NOTE (form, over 8 KiB, or the id is not that of the key), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err note_vkey_split(struct adduce_scope *scope, struct note_vkey *vkey,
                                         struct adduce_span text);

/* The text of a verifier key, NUL-terminated. Errors: ADDUCE_E_NOTE (name), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err note_vkey_join(struct adduce_scope *scope, const char **text,
                                        struct adduce_span name, uint8_t type,
                                        struct adduce_span material);

struct note_signature {
  struct adduce_span name;
  uint32_t key_id;
  struct adduce_span signature; /* after the key id */
};

struct note {
  struct adduce_span text; /* with its last newline */
  const struct note_signature *signatures;
  size_t signature_count;
};

/* Parses; verifies nothing. Spans borrow from `bytes` (names, text) or the scope.
 * Errors: ADDUCE_E_NOTE (with line and reason), ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err note_parse(struct adduce_scope *scope, struct note *note,
                                    struct adduce_span bytes);

/* Signs `text` (which ends in a newline) as `name`, and appends the line to `lines`.
 * Errors: those of signer_sign, ADDUCE_E_NOTE (name or text not allowed), ADDUCE_E_MEMORY. */
struct buffer;
MUST_USE enum adduce_err note_sign(struct adduce_scope *scope, struct buffer *lines,
                                   struct adduce_span text, struct adduce_span name,
                                   const struct signer *signer);

/* Appends the line of a signature by `name`: "EM-DASH name base64(key id || signature)\n".
 * Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err note_append_line(struct adduce_scope *scope, struct buffer *lines,
                                          struct adduce_span name, uint32_t key_id,
                                          struct adduce_span signature);

/* Verifies that `verifier` signed the note. Unknown signatures are ignored; a signature with
 * the verifier's name and id that does not verify refuses the note.
 * Errors: ADDUCE_E_SIGNATURE (none by it, or a bad one). */
MUST_USE enum adduce_err note_verify(struct adduce_scope *scope, const struct note *note,
                                     const struct note_verifier *verifier);

/* Standard padded base64, strict: exactly canonical. In the scope. */
MUST_USE enum adduce_err note_base64_encode(struct adduce_scope *scope, const char **text,
                                            struct adduce_span bytes);
MUST_USE bool note_base64_decode(struct adduce_span text, uint8_t *out, size_t capacity,
                                 size_t *size);

#endif
