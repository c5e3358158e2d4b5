/* SPDX-License-Identifier: Apache-2.0 */
/* Many proofs under one checkpoint, which is read and chosen once.
 *
 * Invariant: all that lives as long as the prover is in `own`, and so is the prover. */
#include "ledger/proof.h"

struct adduce_prover {
  struct adduce_scope *own;
  struct adduce_ledger *ledger;
  struct proof_under under;
};

static enum adduce_err open_under(struct adduce_scope *scope, struct adduce_prover *prover) {
  struct log_view view;
  TRY(log_view_open(scope, &view, prover->ledger->log));
  enum adduce_err err = proof_choose(prover->own, &prover->under, prover->ledger, &view, 0);
  log_view_close(&view);
  return err == ADDUCE_OK ? ADDUCE_OK : scope_relay(scope, err, prover->own);
}

enum adduce_err adduce_prover_open(struct adduce_scope *scope, struct adduce_prover **prover,
                                   struct adduce_ledger *ledger) {
  struct adduce_scope *own = NULL;
  *prover = NULL;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct adduce_prover *opened = scope_new(own, struct adduce_prover);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  opened->ledger = ledger;
  enum adduce_err err = open_under(scope, opened);
  if (err == ADDUCE_OK)
    *prover = opened;
  else
    adduce_prover_close(&opened);
  return err;
}

void adduce_prover_close(struct adduce_prover **prover) {
  if (*prover == NULL) return;
  struct adduce_scope *own = (*prover)->own;
  *prover = NULL;
  adduce_scope_close(&own);
}

enum adduce_err adduce_prover_prove(struct adduce_scope *scope, struct adduce_prover *prover,
                                    struct adduce_span *file, const char *event,
                                    bool without_content) {
  struct log_view view;
  uint64_t index;
  *file = span_of(NULL, 0);
  TRY(log_view_open(scope, &view, prover->ledger->log));
  enum adduce_err err = proof_find(scope, &view, &index, event);
  if (err == ADDUCE_OK)
    err = proof_make(scope, file, prover->ledger, &view, &prover->under, index, without_content);
  log_view_close(&view);
  return err;
}
