/* SPDX-License-Identifier: Apache-2.0 */
/* Content and its commitments: every field, and every element of a list, can be withheld or
 * erased on its own, and everything still verifies. docs/FORMAT.md 3:
 *
 *   salt(path) = first 16 bytes of SHA-256("adduce/salt/v1\n" || seed || path)
 *   not a list : inner = SHA-256(0x10 || salt([key]) || value)
 *   element    : e_i   = SHA-256(0x12 || salt([key, i]) || element)
 *   list       : inner = SHA-256(0x11 || salt([key]) || u32be count || e_0 || e_1 ...)
 *   root       = SHA-256("adduce/content/v1\n" || u32be count || (canonical key || inner) in key
 * order)
 */
#ifndef EVENT_CONTENT_H
#define EVENT_CONTENT_H

#include "claim/parsed.h"
#include "codec/value.h"
#include "crypto/hash.h"

/* A path to withhold: a field, or one element of a list (`element` >= 0). */
struct content_path {
  struct adduce_span key;
  int64_t element; /* -1: the whole field */
};

/* The salt of a path under a seed; `key` has at most PARSED_KEY_BYTES. */
void content_salt(uint8_t *salt16, const uint8_t *seed16, struct adduce_span key, int64_t element);

/* The root the content commits to, of form 1 or 2 (of a content that is not there: of none). */
struct adduce_hash content_root(const struct parsed *parsed);

/* Errors: ADDUCE_E_COMMITMENT when the content does not open the event's content root. A content
 * that is not held opens nothing and is fine. */
MUST_USE enum adduce_err content_verify(struct adduce_scope *scope, const struct parsed *parsed);

/* Form 1 of a map of fields (NULL: of none), with a seed from the caller. Errors: as
 * value_encode; ADDUCE_E_FORM (not a map, a bad key), ADDUCE_E_TOO_LARGE (fields, elements,
 * depth, bytes: see claim/parsed.h). */
MUST_USE enum adduce_err content_encode(struct adduce_scope *scope, struct adduce_span *content,
                                        const struct adduce_value *fields, const uint8_t *seed16);

/* Form 2 of whole or partial content with these paths (also) withheld; a path that is withheld
 * already, itself or within its field, stays so. Errors: ADDUCE_E_NOT_FOUND (no such field, no
 * such element, or no content), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err content_withhold(struct adduce_scope *scope, struct adduce_span *content,
                                          const struct parsed *parsed,
                                          const struct content_path *paths, size_t count);

/* Visits the salt of every field and element that is open, in path order (fields by key, a field
 * before its elements): what row hashes take in. The 16 bytes live during the call. */
typedef void content_salt_fn(void *context, struct adduce_span key, int64_t element,
                             const uint8_t *salt16);
void content_each_salt(const struct parsed *parsed, content_salt_fn *visit, void *context);

/* What is not available: calls `missing` for each withheld field (element -1) or element, in
 * path order; for PARSED_NO_CONTENT once with an empty key. Gives the view (design 4). */
typedef void content_missing_fn(void *context, struct adduce_span key, int64_t element);
void content_each_missing(const struct parsed *parsed, content_missing_fn *missing, void *context);

#endif
