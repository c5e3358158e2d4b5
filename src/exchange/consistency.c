/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/consistency.h"

#include "exchange/textlines.h"

enum adduce_err consistency_encode(struct adduce_scope *scope, struct adduce_span *text,
                                   const struct consistency *proof) {
  struct buffer out;
  buffer_init(&out, scope);
  buffer_format(&out, "old %llu\n", (unsigned long long)proof->old_size);
  TRY(textlines_put_path(&out, &proof->path));
  buffer_byte(&out, '\n');
  buffer_span(&out, proof->checkpoint);
  return buffer_take(&out, text);
}

enum adduce_err consistency_parse(struct adduce_scope *scope, struct consistency *proof,
                                  struct adduce_span text) {
  struct textlines lines = textlines_of(text);
  struct consistency parsed = {.old_size = 0};
  struct adduce_span value;
  memset(proof, 0, sizeof *proof);
  if (text.size > CONSISTENCY_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE,
                      "a consistency proof has at most %zu bytes, this has %zu",
                      CONSISTENCY_BYTES_MAX, text.size);
  if (!textlines_take_word(&lines, &value, "old") || !textlines_decimal(value, &parsed.old_size))
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "line 1 of the consistency proof: expected \"old \" and a decimal number");
  TRY(textlines_path(scope, &lines, &parsed.path, CONSISTENCY_PATH_MAX, ADDUCE_E_PROOF,
                     "the consistency proof"));
  parsed.checkpoint = lines.rest;
  *proof = parsed;
  return ADDUCE_OK;
}

enum adduce_err consistency_verify(struct adduce_scope *scope, const struct consistency *proof,
                                   const struct checkpoint *older, const struct checkpoint *newer) {
  unsigned long long from = older->size, to = newer->size;
  if (!span_equal(older->origin, newer->origin))
    return scope_fail(scope, ADDUCE_E_PROOF, "the checkpoints are of two logs, %.*s and %.*s",
                      SPAN_ARGS(older->origin), SPAN_ARGS(newer->origin));
  if (older->size > newer->size)
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "the older checkpoint has size %llu, the newer only %llu", from, to);
  if (proof->old_size != older->size)
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "the proof starts at size %llu, the checkpoint at %llu",
                      (unsigned long long)proof->old_size, from);
  if (older->size == newer->size && !hash_equal(&older->root, &newer->root))
    return scope_fail(scope, ADDUCE_E_EQUIVOCATION, "two roots of one size, %llu", to);
  if (!merkle_verify_consistency(older->size, newer->size, &proof->path, &older->root,
                                 &newer->root))
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "the tree of size %llu is not shown to begin with that of size %llu", to,
                      from);
  return ADDUCE_OK;
}
