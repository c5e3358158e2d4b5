/* SPDX-License-Identifier: Apache-2.0 */
/* Audits: the walk over a published log, the replay of its rules, the auditor's statement. */
#include "exchange/audit.h"

#include "codec/value.h"
#include "exchange/leftovers.h"
#include "exchange/statement.h"
#include "ledger/proof.h"
#include "sys/machine.h"

struct start {
  bool given, is_statement, is_verified;
  struct checkpoint checkpoint;
  struct statement statement;
};

/* The rules replayed from entry 0: who was authorized when. `own` holds what outlives a step. */
struct replay {
  struct rules *rules;
  struct adduce_scope *own;
  struct ranges controls;  /* where the control entries are */
  uint64_t since, foreign; /* how many entries from `since` on are of other ledgers */
};

static enum adduce_err replay_entry(void *context, struct adduce_scope *scope, uint64_t index,
                                    const struct entry *entry) {
  struct replay *replay = context;
  struct event event;
  event_recall(&event, &entry->parsed, rules_vocabulary(replay->rules));
  if (index != 0) TRY(rules_admit(scope, replay->rules, index, entry->recorded_at_us, &event));
  if (entry->control && ranges_add(&replay->controls, index) != ADDUCE_OK)
    return scope_no_memory(scope);
  replay->foreign += index >= replay->since && rules_import_of(replay->rules, index) != NULL;
  return rules_apply(scope, replay->rules, index, entry->recorded_at_us, &event);
}

/* Whether the audit replays them: from the start, or on from a statement that says where the
 * control entries are. */
static bool replays(const struct start *start) {
  return start->checkpoint.size == 0 || (start->is_statement && start->statement.has_controls);
}

/* The log key that the log's own entries name for this size. */
static enum adduce_err check_log_key(struct adduce_scope *scope, const struct rules *rules,
                                     const struct policy_verdict *verdict) {
  const struct note_verifier *named, *outgoing;
  const struct adduce_key *signed_by = &verdict->log->verifier.key;
  rules_log_keys(rules, verdict->checkpoint.size, &named, &outgoing);
  if (named != NULL && memcmp(named->key.bytes, signed_by->bytes, 32) == 0) return ADDUCE_OK;
  if (outgoing != NULL && memcmp(outgoing->key.bytes, signed_by->bytes, 32) == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "the key that signed the checkpoint of %llu entries is not the one that the "
                    "log's own entries name for that size",
                    (unsigned long long)verdict->checkpoint.size);
}

/* --- where it starts ------------------------------------------------------------------------ */

static enum adduce_err open_statement(struct adduce_scope *scope, struct start *start,
                                      const struct adduce_audit_options *options) {
  struct note note;
  TRY(statement_parse(scope, &start->statement, &note, options->since));
  start->is_statement = true;
  start->checkpoint =
      (struct checkpoint){start->statement.origin, start->statement.size, start->statement.root};
  if (options->auditor == NULL) return ADDUCE_OK;
  const struct adduce_key *key = signer_key(ledger_signer(options->auditor));
  struct adduce_span name = span_text(options->auditor_name);
  const struct note_verifier verifier = {name, note_key_id(name, key), *key};
  TRY(note_verify(scope, &note, &verifier));
  start->is_verified = true;
  return ADDUCE_OK;
}

static enum adduce_err open_start(struct adduce_scope *scope, struct start *start,
                                  const struct adduce_audit_options *options) {
  memset(start, 0, sizeof *start);
  if (options->since.size == 0) return ADDUCE_OK;
  start->given = true;
  if (statement_is(options->since)) return open_statement(scope, start, options);
  if (span_starts(options->since, "adduce/audit/"))
    return scope_fail(scope, ADDUCE_E_VERSION,
                      "the statement is of another version than " STATEMENT_FIRST_LINE);
  start->is_verified = true;
  return policy_open_checkpoint(scope, &start->checkpoint, &options->policy->policy,
                                options->since);
}

/* --- where it ends -------------------------------------------------------------------------- */

static enum adduce_err make_statement(struct adduce_scope *scope, struct adduce_value *map,
                                      const struct adduce_audit_options *options,
                                      const struct checkpoint *checkpoint,
                                      const struct audit_report *report,
                                      const struct ranges *controls, uint64_t since) {
  struct adduce_span note;
  struct statement statement = {
      .origin = checkpoint->origin,
      .has_genesis = report->ours,
      .genesis = report->genesis,
      .size = checkpoint->size,
      .root = checkpoint->root,
      .since = since,
      .entries = report->entries,
      .signatures = report->signatures,
      .has_controls = controls != NULL && controls->count <= STATEMENT_RANGES_MAX,
      .time_us = machine_now_us(),
  };
  if (controls != NULL) statement.controls = *controls;
  if (options->auditor == NULL) return ADDUCE_OK;
  if (options->state != NULL) TRY(statedigest_read(scope, &statement.state, options->state));
  TRY(statement_sign(scope, &note, &statement, span_text(options->auditor_name),
                     ledger_signer(options->auditor)));
  value_set(scope, map, "statement", value_str(scope, note));
  return ADDUCE_OK;
}

static void conclude(struct adduce_scope *scope, struct adduce_value *map,
                     const struct audit_report *report, const struct start *start,
                     const struct replay *replay) {
  struct adduce_value *proven = value_list(scope), *not_proven = value_list(scope);
  if (start->given)
    proof_say(scope, proven, "The log begins with the %llu entries it had then, unchanged.",
              (unsigned long long)start->checkpoint.size);
  proof_say(scope, proven, "%llu entries are those of the tree that the log signed.",
            (unsigned long long)report->entries);
  if (report->ours)
    proof_say(scope, proven, "Each of them was signed by the key that it names as its author.");
  if (report->ours && replays(start))
    proof_say_authorized(scope, proven, not_proven, replay->foreign);
  if (report->ours && replays(start) && start->checkpoint.size != 0)
    proof_say(scope, proven,
              "That rests on the %llu control entries from before, which were read again.",
              (unsigned long long)report->known);
  if (report->ours && !replays(start))
    proof_say(scope, not_proven,
              "That their authors were authorized: only an audit from entry 0 on, or from a "
              "statement that says where the control entries are, replays the rules.");
  if (!report->ours)
    proof_say(scope, not_proven, "What the entries say: this is not a log of adduce's events.");
  if (start->given && !start->is_verified)
    proof_say(scope, not_proven,
              "That the earlier statement is the auditor's: its key was not "
              "given.");
  if (start->given)
    proof_say(scope, not_proven, "What was audited before: the statement stands for it.");
  proof_say(scope, not_proven, "That what is claimed is true.");
  proof_say(scope, not_proven, "That nobody was shown another history: compare with others.");
  value_set(scope, map, "proven", proven);
  value_set(scope, map, "not_proven", not_proven);
}

static void report_counts(struct adduce_scope *scope, struct adduce_value *map,
                          const struct audit_report *report) {
  value_set_integer(scope, map, "entries", (int64_t)report->entries);
  value_set_integer(scope, map, "signatures", (int64_t)report->signatures);
  value_set_integer(scope, map, "controls", (int64_t)report->controls);
  value_set_integer(scope, map, "contents", (int64_t)report->contents);
  value_set_integer(scope, map, "known", (int64_t)report->known);
  value_set_integer(scope, map, "tiles", (int64_t)report->tiles);
  value_set(scope, map, "ours", value_boolean(scope, report->ours));
  if (report->ours) value_set_bytes32(scope, map, "genesis", report->genesis.bytes);
}

/* --- the audit ------------------------------------------------------------------------------ */

static enum adduce_err run(struct adduce_scope *scope, const struct adduce_published *published,
                           struct adduce_value *map, const struct adduce_audit_options *options,
                           struct replay *replay) {
  struct policy_verdict verdict;
  struct start start;
  struct audit_report report;
  struct adduce_ledger *ledger;
  struct adduce_span note;
  struct adduce_published inside;
  TRY(open_start(scope, &start, options));
  TRY(published->fetch(published->context, scope, &note, "checkpoint", NOTE_BYTES_MAX));
  TRY(policy_evaluate(scope, &verdict, &options->policy->policy, note));
  proof_report_checkpoint(scope, map, &verdict.checkpoint);
  value_set_integer(scope, map, "since", (int64_t)start.checkpoint.size);
  replay->since = start.checkpoint.size;
  struct audit audit = {
      .source = published,
      .checkpoint = &verdict.checkpoint,
      .since = start.given ? &start.checkpoint : NULL,
      .known = start.statement.has_controls ? &start.statement.controls : NULL,
      .visit = replays(&start) ? replay_entry : NULL,
      .context = replay,
  };
  if (proof_is_ledger(published, &ledger)) {
    inside = proof_published_inside(ledger);
    audit.source = &inside;
    audit.all_contents = true;
  }
  enum adduce_err err = audit_run(scope, &report, &audit);
  report_counts(scope, map, &report);
  if (err != ADDUCE_OK) return err;
  if (start.is_statement && start.statement.has_genesis &&
      memcmp(start.statement.genesis.bytes, report.genesis.bytes, 32) != 0)
    return scope_fail(scope, ADDUCE_E_FORK, "the log has another genesis than was audited before");
  bool replayed = report.ours && replays(&start);
  if (replayed) TRY(check_log_key(scope, replay->rules, &verdict));
  if (replayed) value_set_integer(scope, map, "foreign", (int64_t)replay->foreign);
  conclude(scope, map, &report, &start, replay);
  return make_statement(scope, map, options, &verdict.checkpoint, &report,
                        replayed ? &replay->controls : NULL, start.checkpoint.size);
}

enum adduce_err adduce_audit(struct adduce_scope *scope, const struct adduce_published *published,
                             const struct adduce_value **report,
                             const struct adduce_audit_options *options) {
  struct adduce_value *map = value_map(scope);
  struct replay replay = {.rules = NULL};
  *report = map;
  if (options->policy == NULL || (options->auditor != NULL && options->auditor_name == NULL))
    return scope_fail(scope, ADDUCE_E_USAGE, "an audit needs a policy, an auditor a name");
  TRY(sign_start(scope));
  if (adduce_scope_open(&replay.own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  replay.controls = ranges_of(replay.own);
  enum adduce_err err = rules_open(scope, &replay.rules);
  if (err == ADDUCE_OK) err = run(scope, published, map, options, &replay);
  rules_close(&replay.rules);
  adduce_scope_close(&replay.own);
  if (err != ADDUCE_OK) return err;
  return value_finish(scope);
}

enum adduce_err adduce_audit_folder(struct adduce_scope *scope, const char *folder, uint64_t size,
                                    uint64_t *ahead) {
  return leftovers_check(scope, ahead, folder, size);
}
