/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/witness.h"

static enum adduce_err say(struct witness_verdict *verdict, int status, const char *reason) {
  *verdict = (struct witness_verdict){status, reason};
  return ADDUCE_OK;
}

enum adduce_err witness_parse(struct adduce_scope *scope, struct witness_verdict *verdict,
                              struct witness_request *request, struct adduce_span body) {
  memset(request, 0, sizeof *request);
  enum adduce_err err = consistency_parse(scope, &request->proof, body);
  if (err == ADDUCE_E_MEMORY) return err;
  if (err != ADDUCE_OK)
    return say(verdict, 400, "the request is not an old size, a proof and a checkpoint");
  err = checkpoint_parse(scope, &request->checkpoint, &request->note, request->proof.checkpoint);
  if (err == ADDUCE_E_MEMORY) return err;
  if (err != ADDUCE_OK) return say(verdict, 400, "the checkpoint is not well-formed");
  return say(verdict, 200, "well-formed");
}

static bool is_by(const struct note_signature *by, const struct note_verifier *verifier) {
  return by->key_id == verifier->key_id && span_equal(by->name, verifier->name);
}

/* 200 when a trusted key signed and none did badly. */
static enum adduce_err judge_signatures(struct adduce_scope *scope, struct witness_verdict *verdict,
                                        const struct note *note, const struct witness_log *log) {
  bool is_signed = false;
  for (size_t k = 0; k < log->verifier_count; k++) {
    bool present = false;
    for (size_t s = 0; s < note->signature_count; s++)
      present = present || is_by(&note->signatures[s], &log->verifiers[k]);
    if (!present) continue;
    enum adduce_err err = note_verify(scope, note, &log->verifiers[k]);
    if (err == ADDUCE_E_MEMORY) return err;
    if (err != ADDUCE_OK) return say(verdict, 403, "a signature by a trusted key does not verify");
    is_signed = true;
  }
  if (!is_signed) return say(verdict, 403, "no trusted key signed the checkpoint");
  return say(verdict, 200, "signed");
}

static enum adduce_err judge_growth(struct witness_verdict *verdict,
                                    const struct witness_request *request,
                                    const struct witness_state *state) {
  const struct checkpoint *checkpoint = &request->checkpoint;
  struct adduce_hash empty = merkle_empty();
  if (checkpoint->size == 0 && !hash_equal(&checkpoint->root, &empty))
    return say(verdict, 422, "a log of size 0 has the root of the empty tree");
  if (request->proof.old_size == 0 && request->proof.path.count != 0)
    return say(verdict, 422, "from size 0 the proof must be empty");
  if (state->size == checkpoint->size && !hash_equal(&state->root, &checkpoint->root))
    return say(verdict, 422, "another root of the same size has been cosigned");
  if (!merkle_verify_consistency(state->size, checkpoint->size, &request->proof.path, &state->root,
                                 &checkpoint->root))
    return say(verdict, 422, "the proof does not show that the log has only grown");
  return say(verdict, 200, "the log has only grown");
}

enum adduce_err witness_judge(struct adduce_scope *scope, struct witness_verdict *verdict,
                              const struct witness_request *request, const struct witness_log *log,
                              const struct witness_state *state) {
  if (log == NULL) return say(verdict, 404, "the origin is not known here");
  TRY(judge_signatures(scope, verdict, &request->note, log));
  if (verdict->status != 200) return ADDUCE_OK;
  if (request->proof.old_size > request->checkpoint.size)
    return say(verdict, 400, "the old size is above that of the checkpoint");
  if (request->proof.old_size != state->size)
    return say(verdict, 409, "the old size is not that of the last checkpoint cosigned");
  return judge_growth(verdict, request, state);
}
