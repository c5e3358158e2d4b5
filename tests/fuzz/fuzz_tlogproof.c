/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever tlogproof_parse accepts is written back as it was, an empty `extra` apart; the same of
 * evidence of equivocation. */
#include "base/invariant.h"
#include "exchange/equivocation.h"
#include "exchange/tlogproof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_proof(struct adduce_scope *scope, struct adduce_span input) {
  struct tlogproof proof, again;
  struct tlogproof_extra extra;
  struct checkpoint checkpoint;
  struct note note;
  struct adduce_span file, bytes;
  if (tlogproof_parse(scope, &proof, input) != ADDUCE_OK) return;
  INVARIANT(tlogproof_encode(scope, &file, &proof) == ADDUCE_OK);
  INVARIANT(span_equal(file, input) || proof.extra.size == 0);
  INVARIANT(tlogproof_parse(scope, &again, file) == ADDUCE_OK && again.index == proof.index);
  if (tlogproof_extra_parse(scope, &extra, proof.extra) == ADDUCE_OK) {
    INVARIANT(tlogproof_extra_encode(scope, &bytes, &extra) == ADDUCE_OK);
    INVARIANT(span_equal(bytes, proof.extra));
  }
  if (checkpoint_parse(scope, &checkpoint, &note, proof.checkpoint) == ADDUCE_OK) {
    struct adduce_hash leaf = merkle_leaf(input);
    INVARIANT(tlogproof_verify(scope, &proof, &checkpoint, &leaf) != ADDUCE_OK);
  }
}

static void try_evidence(struct adduce_scope *scope, struct adduce_span input) {
  struct equivocation evidence;
  struct adduce_span file;
  if (equivocation_parse(scope, &evidence, input) != ADDUCE_OK) return;
  INVARIANT(equivocation_encode(scope, &file, &evidence) == ADDUCE_OK);
  INVARIANT(span_equal(file, input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  try_proof(scope, span_of(data, size));
  try_evidence(scope, span_of(data, size));
  adduce_scope_close(&scope);
  return 0;
}
