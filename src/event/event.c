/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/hex.h"
#include "base/invariant.h"
#include "codec/pack.h"

/* What M begins with: the domain, and the header of an array of 7. */
static const char prefix[] = "adduce/event/v1\n\x97";

#define PREFIX_BYTES (sizeof prefix - 1)
#define SIGNATURE_BYTES 66 /* encoded */

/* --- M and the id ------------------------------------------------------------------------- */

struct adduce_id event_id(const struct parsed *parsed) {
  struct hash hash;
  struct adduce_hash digest;
  struct adduce_id id;
  hash_init(&hash);
  hash_update(&hash, prefix, PREFIX_BYTES);
  hash_span(&hash, parsed->items);
  hash_final(&hash, &digest);
  memcpy(id.bytes, digest.bytes, sizeof id.bytes);
  return id;
}

enum adduce_err event_message(struct adduce_scope *scope, struct adduce_span *message,
                              const struct parsed *parsed) {
  uint8_t *bytes = scope_alloc(scope, PREFIX_BYTES + parsed->items.size);
  *message = span_of(NULL, 0);
  if (bytes == NULL) return scope_no_memory(scope);
  memcpy(bytes, prefix, PREFIX_BYTES);
  memcpy(bytes + PREFIX_BYTES, parsed->items.data, parsed->items.size);
  *message = span_of(bytes, PREFIX_BYTES + parsed->items.size);
  return ADDUCE_OK;
}

/* --- verifying ---------------------------------------------------------------------------- */

static enum adduce_err verify_signature(struct adduce_scope *scope, const struct parsed *parsed) {
  struct adduce_key author;
  struct adduce_signature signature;
  struct adduce_span message;
  memcpy(author.bytes, parsed->author32, sizeof author.bytes);
  memcpy(signature.bytes, parsed->signature64, sizeof signature.bytes);
  if (!sign_key_acceptable(&author))
    return scope_fail(scope, ADDUCE_E_KEY, "the author %s is not an acceptable Ed25519 key",
                      hex_text32(author.bytes).text);
  TRY(event_message(scope, &message, parsed));
  if (sign_verify_accepted(&author, message, &signature)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_SIGNATURE, "the signature is not one of %s over this event",
                    hex_text32(author.bytes).text);
}

enum adduce_err event_verify(struct adduce_scope *scope, struct event *event,
                             const struct claim *claim) {
  TRY(verify_signature(scope, &claim->parsed));
  TRY(content_verify(scope, &claim->parsed));
  event->claim = *claim;
  event->id = event_id(&claim->parsed);
  return ADDUCE_OK;
}

void event_recall(struct event *event, const struct parsed *parsed,
                  const struct vocabulary *vocabulary) {
  claim_recall(&event->claim, parsed, vocabulary);
  event->id = event_id(parsed);
}

/* --- signing ------------------------------------------------------------------------------ */

static int compare_refs(const void *left, const void *right) {
  const struct parsed_ref *a = left, *b = right;
  int order = span_compare(a->role, b->role);
  return order != 0 ? order : memcmp(a->id32, b->id32, 32);
}

/* Sorted, and without the second of equal ones. */
static enum adduce_err sort_refs(struct adduce_scope *scope, struct parsed_ref **sorted,
                                 size_t *count, const struct event_draft *draft) {
  *count = 0;
  *sorted = scope_array(scope, draft->ref_count, sizeof **sorted);
  if (*sorted == NULL) return scope_no_memory(scope);
  if (draft->ref_count == 0) return ADDUCE_OK;
  memcpy(*sorted, draft->refs, draft->ref_count * sizeof **sorted);
  qsort(*sorted, draft->ref_count, sizeof **sorted, compare_refs);
  for (size_t i = 0; i < draft->ref_count; i++)
    if (i == 0 || compare_refs(&(*sorted)[i - 1], &(*sorted)[i]) != 0)
      (*sorted)[(*count)++] = (*sorted)[i];
  return ADDUCE_OK;
}

/* The event with a signature of zeros. */
static enum adduce_err encode_unsigned(struct adduce_scope *scope, struct adduce_span *encoded,
                                       const struct event_draft *draft,
                                       const struct adduce_key *author,
                                       const struct adduce_hash *root) {
  static const struct adduce_signature zeros;
  struct buffer buffer;
  struct parsed_ref *refs;
  size_t ref_count;
  TRY(sort_refs(scope, &refs, &ref_count, draft));
  buffer_init(&buffer, scope);
  pack_array(&buffer, 8);
  pack_int(&buffer, 1);
  pack_str(&buffer, draft->kind);
  pack_bin(&buffer, author->bytes, 32);
  pack_int(&buffer, draft->claimed_at_us);
  pack_array(&buffer, ref_count);
  for (size_t i = 0; i < ref_count; i++) {
    pack_array(&buffer, 2);
    pack_str(&buffer, refs[i].role);
    pack_bin(&buffer, refs[i].id32, 32);
  }
  pack_int(&buffer, draft->handling);
  pack_bin(&buffer, root->bytes, 32);
  pack_bin(&buffer, zeros.bytes, 64);
  return buffer_take(&buffer, encoded);
}

/* Puts a signature in the place of the zeros; the bytes are ours. */
static void fill_signature(struct adduce_span encoded, const struct adduce_signature *signature) {
  INVARIANT(encoded.size > SIGNATURE_BYTES);
  uint8_t *bytes = (uint8_t *)(uintptr_t)encoded.data;
  memcpy(bytes + encoded.size - sizeof signature->bytes, signature->bytes, sizeof signature->bytes);
}

enum adduce_err event_sign(struct adduce_scope *scope, struct event *event,
                           const struct event_draft *draft, const struct vocabulary *vocabulary,
                           const struct signer *signer) {
  uint8_t seed16[16];
  struct adduce_span content, encoded, message;
  struct parsed parsed;
  struct adduce_signature signature;
  sign_random(seed16, sizeof seed16);
  TRY(content_encode(scope, &content, draft->content, seed16));
  TRY(parsed_read(scope, &parsed, span_of(NULL, 0), content));
  struct adduce_hash root = content_root(&parsed);
  TRY(encode_unsigned(scope, &encoded, draft, signer_key(signer), &root));
  TRY(parsed_read(scope, &parsed, encoded, content));
  TRY(claim_validate(scope, &event->claim, &parsed, vocabulary, CLAIM_OWN));
  TRY(event_message(scope, &message, &parsed));
  TRY(signer_sign(scope, &signature, signer, message));
  fill_signature(encoded, &signature);
  event->id = event_id(&parsed);
  return ADDUCE_OK;
}
