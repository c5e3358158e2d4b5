/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs out of a ledger: of one event, and of the log's growth. */
#include "ledger/proof.h"

#include <stdarg.h>
#include <stdio.h>

#include "codec/value.h"
#include "exchange/consistency.h"
#include "exchange/textlines.h"
#include "exchange/tlogproof.h"
#include "ledger/inner.h"
#include "ledger/kept.h"

void proof_report_checkpoint(struct adduce_scope *scope, struct adduce_value *map,
                             const struct checkpoint *checkpoint) {
  value_set(scope, map, "origin", value_str(scope, checkpoint->origin));
  value_set_integer(scope, map, "size", (int64_t)checkpoint->size);
  value_set_bytes32(scope, map, "root", checkpoint->root.bytes);
}

void proof_say(struct adduce_scope *scope, struct adduce_value *list, const char *format, ...) {
  char sentence[1024];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  value_add(scope, list, value_text(scope, sentence));
}

void proof_say_authorized(struct adduce_scope *scope, struct adduce_value *proven,
                          struct adduce_value *not_proven, uint64_t foreign) {
  proof_say(scope, proven, "Every author%s was authorized at the position of the claim.",
            foreign == 0 ? "" : " of an entry of its own");
  if (foreign != 0)
    proof_say(scope, not_proven,
              "That the authors of %llu foreign entries were authorized at their source: who "
              "imported them verified that.",
              (unsigned long long)foreign);
}

enum adduce_err proof_verify_auditor(struct adduce_scope *scope, struct adduce_span *auditor,
                                     const struct policy *policy, const struct note *note) {
  for (size_t i = 0; i < policy->log_count; i++) {
    if (!policy->logs[i].verifiable ||
        note_verify(scope, note, &policy->logs[i].verifier) != ADDUCE_OK)
      continue;
    *auditor = policy->logs[i].verifier.name;
    return ADDUCE_OK;
  }
  return scope_fail(scope, ADDUCE_E_SIGNATURE, "none of the keys given signed this statement");
}

enum adduce_err proof_log_vkey(struct adduce_scope *scope, struct adduce_span *vkey,
                               const struct log_view *view, uint64_t size) {
  const struct note_verifier *verifier, *outgoing;
  const char *text;
  rules_log_keys(view->rules, size, &verifier, &outgoing);
  TRY(note_vkey_encode(scope, &text, verifier->name, &verifier->key));
  *vkey = span_text(text);
  return ADDUCE_OK;
}

/* The largest checkpoint above `index` that outsiders have signed, or the latest. */
static enum adduce_err choose_checkpoint(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                         struct log_view *view, struct adduce_span *note,
                                         struct checkpoint *checkpoint, uint64_t index) {
  uint64_t size;
  bool found;
  struct note parsed;
  TRY(kept_largest(scope, ledger, &size, &found, index + 1));
  /* Where none is kept, none of the head's size is. */
  if (!found) return proof_latest(scope, view, note, checkpoint);
  if (size > view->size) return proof_head(scope, ledger, view, note, checkpoint);
  TRY(kept_read(scope, ledger, note, size));
  return checkpoint_parse(scope, checkpoint, &parsed, *note);
}

enum adduce_err proof_make(struct adduce_scope *scope, struct adduce_span *file,
                           struct adduce_ledger *ledger, struct log_view *view,
                           const struct proof_under *under, uint64_t index, bool without_content) {
  struct inner_use use;
  use.inner = ledger->inner, use.view = view, use.scope = scope, use.width = 0;
  struct merkle_reader reader = inner_reader(&use);
  struct merkle_inner nodes = inner_nodes(&use);
  struct log_entry entry;
  struct tlogproof proof = {.index = index, .checkpoint = under->note};
  TRY(merkle_prove_inclusion_by(scope, &proof.path, &reader, &nodes, index,
                                under->checkpoint.size));
  TRY(log_view_entry(scope, view, &entry, index));
  struct tlogproof_extra extra = {.entry = entry.entry, .vkey = under->vkey};
  if (!without_content) extra.content = entry.content;
  TRY(tlogproof_extra_encode(scope, &proof.extra, &extra));
  return tlogproof_encode(scope, file, &proof);
}

enum adduce_err proof_choose(struct adduce_scope *scope, struct proof_under *under,
                             struct adduce_ledger *ledger, struct log_view *view, uint64_t index) {
  TRY(choose_checkpoint(scope, ledger, view, &under->note, &under->checkpoint, index));
  return proof_log_vkey(scope, &under->vkey, view, under->checkpoint.size);
}

enum adduce_err proof_find(struct adduce_scope *scope, struct log_view *view, uint64_t *index,
                           const char *name) {
  if (name[0] != '#') return log_view_find_prefix(scope, view, index, span_text(name));
  if (!textlines_decimal(span_text(name + 1), index) || *index >= view->size)
    return scope_fail(scope, ADDUCE_E_POSITION, "there is no entry %s; the log has %llu", name,
                      (unsigned long long)view->size);
  return ADDUCE_OK;
}

enum adduce_err adduce_prove(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             struct adduce_span *file, const char *event, bool without_content) {
  struct log_view view;
  uint64_t index;
  *file = span_of(NULL, 0);
  TRY(log_view_open(scope, &view, ledger->log));
  struct proof_under under;
  enum adduce_err err = proof_find(scope, &view, &index, event);
  if (err == ADDUCE_OK) err = proof_choose(scope, &under, ledger, &view, index);
  if (err == ADDUCE_OK)
    err = proof_make(scope, file, ledger, &view, &under, index, without_content);
  log_view_close(&view);
  return err;
}

static enum adduce_err prove_growth(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct log_view *view, struct adduce_span *file, uint64_t *size,
                                    uint64_t from_size) {
  struct merkle_reader reader = log_view_tree(view);
  struct consistency proof = {.old_size = from_size};
  struct checkpoint checkpoint;
  TRY(proof_head(scope, ledger, view, &proof.checkpoint, &checkpoint));
  if (from_size != 0)
    TRY(merkle_prove_consistency(scope, &proof.path, &reader, from_size, checkpoint.size));
  *size = checkpoint.size;
  return consistency_encode(scope, file, &proof);
}

enum adduce_err adduce_cosign_request(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      struct adduce_span *request, uint64_t *size,
                                      uint64_t old_size) {
  struct log_view view;
  *request = span_of(NULL, 0);
  *size = 0;
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = prove_growth(scope, ledger, &view, request, size, old_size);
  log_view_close(&view);
  return err;
}

enum adduce_err adduce_prove_growth(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct adduce_span *file, uint64_t from_size) {
  uint64_t size;
  return adduce_cosign_request(scope, ledger, file, &size, from_size);
}
