/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/witnessfolder.h"

#include "base/hex.h"
#include "codec/canonical.h"
#include "codec/cursor.h"
#include "codec/pack.h"
#include "exchange/equivocation.h"
#include "sys/file.h"
#include "sys/slots.h"

#define TEXT "text/plain; charset=utf-8"

static void checksum(const uint8_t *bytes480, uint8_t *out32) {
  struct adduce_hash digest = hash_bytes(span_of(bytes480, 480));
  memcpy(out32, digest.bytes, sizeof digest.bytes);
}

/* One log's place, open and locked. */
struct place {
  const char *state_path, *note_path;
  struct hex64 hex;
  struct slots slots;
  struct witness_state state;
  int64_t time_s; /* of the last cosignature */
};

/* --- the state ---------------------------------------------------------------------------- */

static enum adduce_err encode_state(struct adduce_scope *scope, struct adduce_span *payload,
                                    struct adduce_span origin, const struct witness_state *state,
                                    int64_t time_s) {
  struct buffer out;
  buffer_init(&out, scope);
  pack_array(&out, 4);
  pack_str(&out, origin);
  pack_int(&out, (int64_t)state->size);
  pack_bin(&out, state->root.bytes, 32);
  pack_int(&out, time_s);
  return buffer_take(&out, payload);
}

static enum adduce_err decode_state(struct adduce_scope *scope, struct place *place,
                                    struct adduce_span payload, struct adduce_span origin) {
  struct canonical_fault fault;
  struct adduce_span name;
  const uint8_t *root;
  int64_t size;
  uint32_t count;
  struct cursor cursor = cursor_of(payload);
  if (!canonical_check(payload, &fault) || !cursor_array(&cursor, &count) || count != 4 ||
      !cursor_str(&cursor, &name) || !cursor_int(&cursor, &size) || size < 0 ||
      !cursor_bin_of(&cursor, 32, &root) || !cursor_int(&cursor, &place->time_s) ||
      !span_equal(name, origin))
    return scope_fail(scope, ADDUCE_E_CORRUPT, "%s is not a witness's state of %.*s",
                      place->state_path, SPAN_ARGS(origin));
  place->state.size = (uint64_t)size;
  memcpy(place->state.root.bytes, root, 32);
  return ADDUCE_OK;
}

static void name_place(struct adduce_scope *scope, const struct witnessfolder *witness,
                       struct place *place, struct adduce_span origin) {
  struct adduce_hash digest = hash_bytes(origin);
  place->hex = hex_text32(digest.bytes);
  place->state_path = scope_format(scope, "%s/%s.state", witness->folder, place->hex.text);
  place->note_path = scope_format(scope, "%s/%s.note", witness->folder, place->hex.text);
}

/* Opens the place of an origin, which is made when it is new. */
static enum adduce_err open_place(struct adduce_scope *scope, const struct witnessfolder *witness,
                                  struct place *place, struct adduce_span origin) {
  struct adduce_span payload;
  const struct witness_state nothing = {0, merkle_empty()};
  name_place(scope, witness, place, origin);
  enum adduce_err err = slots_open(scope, &place->slots, &payload, place->state_path, checksum);
  if (err == ADDUCE_E_NO_FILE) {
    TRY(encode_state(scope, &payload, origin, &nothing, 0));
    err = slots_create(scope, place->state_path, payload, checksum);
    if (err != ADDUCE_OK && err != ADDUCE_E_EXISTS) return err;
    err = slots_open(scope, &place->slots, &payload, place->state_path, checksum);
  }
  if (err != ADDUCE_OK) return err;
  err = decode_state(scope, place, payload, origin);
  if (err != ADDUCE_OK) slots_close(&place->slots);
  return err;
}

/* --- cosigning ---------------------------------------------------------------------------- */

/* The keys the policy has for an origin; count 0 when it is not known. */
static enum adduce_err find_log(struct adduce_scope *scope, const struct policy *policy,
                                struct witness_log *log, struct adduce_span origin) {
  struct note_verifier *verifiers = scope_array(scope, policy->log_count, sizeof *verifiers);
  if (verifiers == NULL) return scope_no_memory(scope);
  *log = (struct witness_log){verifiers, 0};
  for (size_t i = 0; i < policy->log_count; i++)
    if (policy->logs[i].verifiable && span_equal(policy->logs[i].verifier.name, origin))
      verifiers[log->verifier_count++] = policy->logs[i].verifier;
  return ADDUCE_OK;
}

/* The checkpoint with the signatures of the log's trusted keys and our line. */
static enum adduce_err make_note(struct adduce_scope *scope, struct adduce_span *bytes,
                                 const struct witness_request *request,
                                 const struct witness_log *log, struct adduce_span line) {
  struct buffer out;
  buffer_init(&out, scope);
  buffer_span(&out, request->note.text);
  buffer_byte(&out, '\n');
  for (size_t i = 0; i < request->note.signature_count; i++) {
    const struct note_signature *by = &request->note.signatures[i];
    for (size_t k = 0; k < log->verifier_count; k++)
      if (by->key_id == log->verifiers[k].key_id && span_equal(by->name, log->verifiers[k].name))
        TRY(note_append_line(scope, &out, by->name, by->key_id, by->signature));
  }
  buffer_span(&out, line);
  return buffer_take(&out, bytes);
}

static enum adduce_err cosign(struct adduce_scope *scope, const struct witnessfolder *witness,
                              struct adduce_span *line, struct place *place,
                              const struct witness_request *request, const struct witness_log *log,
                              int64_t now_s) {
  const struct witness_state next = {request->checkpoint.size, request->checkpoint.root};
  int64_t time_s = now_s > place->time_s ? now_s : place->time_s;
  struct adduce_span payload, note;
  struct buffer out;
  buffer_init(&out, scope);
  TRY(cosignature_sign(scope, &out, request->note.text, witness->name, witness->signer, time_s));
  TRY(buffer_take(&out, line));
  TRY(encode_state(scope, &payload, request->checkpoint.origin, &next, time_s));
  TRY(slots_write(scope, &place->slots, payload, checksum));
  TRY(make_note(scope, &note, request, log, *line));
  return file_write(scope, place->note_path, note, 0666, false);
}

/* Two roots of one size, both signed: kept for everybody to see. What cannot be kept is not worth
 * an answer of another kind. */
static void keep_evidence(struct adduce_scope *scope, const struct witnessfolder *witness,
                          const struct place *place, const struct witness_request *request,
                          const struct witness_log *log) {
  struct adduce_span before, file;
  if (place->state.size != request->checkpoint.size) return;
  const struct note_verifier *verifier = &log->verifiers[0];
  if (file_read(scope, &before, place->note_path, NOTE_BYTES_MAX) != ADDUCE_OK ||
      equivocation_accuse(scope, &file, verifier, before, request->proof.checkpoint, NULL, NULL) !=
          ADDUCE_OK)
    return;
  const char *path = scope_format(scope, "%s/%s-%llu.equivocation", witness->folder,
                                  place->hex.text, (unsigned long long)place->state.size);
  if (file_write(scope, path, file, 0666, true) == ADDUCE_OK)
    scope_trace(scope, "witness: equivocation of %.*s kept", SPAN_ARGS(verifier->name));
}

static enum adduce_err say(struct adduce_scope *scope, struct witnessfolder_answer *answer,
                           int status, const char *reason) {
  *answer =
      (struct witnessfolder_answer){status, TEXT, span_text(scope_format(scope, "%s\n", reason))};
  return ADDUCE_OK;
}

static enum adduce_err answer_open(struct adduce_scope *scope, const struct witnessfolder *witness,
                                   struct witnessfolder_answer *answer, struct place *place,
                                   const struct witness_request *request,
                                   const struct witness_log *log, int64_t now_s) {
  struct witness_verdict verdict;
  struct adduce_span line;
  TRY(witness_judge(scope, &verdict, request, log, &place->state));
  if (verdict.status == 200) {
    TRY(cosign(scope, witness, &line, place, request, log, now_s));
    *answer = (struct witnessfolder_answer){200, TEXT, line};
    return ADDUCE_OK;
  }
  if (verdict.status == 422) keep_evidence(scope, witness, place, request, log);
  if (verdict.status != 409) return say(scope, answer, verdict.status, verdict.reason);
  const char *size = scope_format(scope, "%llu\n", (unsigned long long)place->state.size);
  *answer = (struct witnessfolder_answer){409, "text/x.tlog.size", span_text(size)};
  return ADDUCE_OK;
}

enum adduce_err witnessfolder_add(struct adduce_scope *scope, const struct witnessfolder *witness,
                                  struct witnessfolder_answer *answer, struct adduce_span body,
                                  int64_t now_s) {
  struct witness_verdict verdict;
  struct witness_request request;
  struct witness_log log;
  struct place place;
  TRY(say(scope, answer, 500, "the witness could not answer"));
  TRY(witness_parse(scope, &verdict, &request, body));
  if (verdict.status != 200) return say(scope, answer, verdict.status, verdict.reason);
  TRY(find_log(scope, witness->policy, &log, request.checkpoint.origin));
  if (log.verifier_count == 0) return say(scope, answer, 404, "the origin is not known here");
  TRY(open_place(scope, witness, &place, request.checkpoint.origin));
  enum adduce_err err = answer_open(scope, witness, answer, &place, &request, &log, now_s);
  slots_close(&place.slots);
  return err;
}

enum adduce_err witnessfolder_monitor(struct adduce_scope *scope,
                                      const struct witnessfolder *witness,
                                      struct witnessfolder_answer *answer, struct adduce_span hex) {
  uint8_t digest[32];
  struct adduce_span note;
  TRY(say(scope, answer, 404, "no checkpoint of this log has been cosigned"));
  if (!hex_decode(hex, digest, sizeof digest) || !span_is(hex, hex_text32(digest).text))
    return ADDUCE_OK;
  const char *path = scope_format(scope, "%s/%s.note", witness->folder, hex_text32(digest).text);
  enum adduce_err err = file_read(scope, &note, path, NOTE_BYTES_MAX);
  if (err == ADDUCE_E_NO_FILE) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  *answer = (struct witnessfolder_answer){200, TEXT, note};
  return ADDUCE_OK;
}
