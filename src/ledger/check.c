/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying files that prove something, with no ledger there, and saying in words what they prove
 * and what not. */
#include "base/clock.h"
#include "base/hex.h"
#include "codec/value.h"
#include "exchange/consistency.h"
#include "exchange/entry.h"
#include "exchange/equivocation.h"
#include "exchange/statement.h"
#include "exchange/tlogproof.h"
#include "ledger/proof.h"

/* A report in the making. */
struct check {
  struct adduce_value *report, *proven, *not_proven;
  const struct policy *policy; /* what is believed */
  bool assumed;                /* the key is the one the file names */
};

static void begin(struct adduce_scope *scope, struct check *check, const char *form) {
  check->report = value_map(scope);
  check->proven = value_list(scope);
  check->not_proven = value_list(scope);
  value_set_text(scope, check->report, "form", form);
}

static void end(struct adduce_scope *scope, const struct check *check) {
  value_set(scope, check->report, "proven", check->proven);
  value_set(scope, check->report, "not_proven", check->not_proven);
}

/* The caller's policy or, without one, the key that the file names. */
static enum adduce_err trust(struct adduce_scope *scope, struct check *check,
                             const struct adduce_policy *policy, struct adduce_span vkey) {
  const struct adduce_policy *own;
  check->assumed = policy == NULL;
  if (policy != NULL) {
    check->policy = &policy->policy;
    return ADDUCE_OK;
  }
  if (vkey.size == 0)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "the file names no key; say whose log this is to be, by policy or key");
  TRY(adduce_policy_of_key(scope, &own, scope_format(scope, "%.*s", SPAN_ARGS(vkey))));
  check->policy = &own->policy;
  value_set(scope, check->report, "vkey", value_str(scope, vkey));
  proof_say(scope, check->not_proven,
            "That this is the right key: it is the one the file names itself. Compare it with "
            "what you know from elsewhere: %.*s",
            SPAN_ARGS(vkey));
  return ADDUCE_OK;
}

static void say_witnesses(struct adduce_scope *scope, const struct check *check,
                          const struct policy_verdict *verdict) {
  size_t cosigned = 0;
  for (size_t i = 0; i < check->policy->witness_count; i++) {
    int64_t time_s = verdict->witness_times_s[i];
    if (time_s == 0) continue;
    cosigned++;
    if (time_s > INT64_C(253402300799)) continue; /* the year 9999 */
    proof_say(scope, check->proven,
              "By %.19sZ the witness %.*s had seen this tree, and no other history.",
              clock_format(time_s * 1000000).text, SPAN_ARGS(check->policy->witnesses[i].name));
  }
  if (cosigned == 0)
    proof_say(scope, check->not_proven,
              "That nobody was shown another history: no witness that is believed here saw it.");
}

/* Verifies a checkpoint by the policy. After ADDUCE_E_QUORUM the report says what was missed. */
static enum adduce_err check_checkpoint(struct adduce_scope *scope, const struct check *check,
                                        struct checkpoint *checkpoint, struct adduce_span note) {
  struct policy_verdict verdict;
  enum adduce_err err = policy_evaluate(scope, &verdict, check->policy, note);
  if (err != ADDUCE_OK && err != ADDUCE_E_QUORUM) return err;
  *checkpoint = verdict.checkpoint;
  proof_report_checkpoint(scope, check->report, checkpoint);
  if (!check->assumed)
    value_set(scope, check->report, "policy", policy_describe(scope, check->policy, &verdict));
  proof_say(scope, check->proven, "The log %.*s signed a tree of %llu entries with this root.",
            SPAN_ARGS(checkpoint->origin), (unsigned long long)checkpoint->size);
  if (err == ADDUCE_OK && check->policy->has_quorum)
    proof_say(scope, check->proven, "The policy's quorum, %.*s, is met.",
              SPAN_ARGS(policy_member_name(check->policy, &check->policy->quorum)));
  if (err == ADDUCE_E_QUORUM) proof_say(scope, check->not_proven, "%s", adduce_scope_detail(scope));
  say_witnesses(scope, check, &verdict);
  return err;
}

/* --- proofs of one entry -------------------------------------------------------------------- */

static void report_event(struct adduce_scope *scope, const struct check *check,
                         const struct entry *entry) {
  static const char *const forms[] = {"none", "whole", "partial"};
  struct adduce_value *event = value_map(scope);
  value_set_bytes32(scope, event, "id", entry->id.bytes);
  value_set(scope, event, "kind", value_str(scope, entry->parsed.kind));
  value_set_bytes32(scope, event, "author", entry->parsed.author32);
  value_set_integer(scope, event, "claimed_at", entry->parsed.claimed_at_us);
  value_set_integer(scope, event, "recorded_at", entry->recorded_at_us);
  value_set(scope, check->report, "event", event);
  value_set_text(scope, check->report, "content", forms[entry->parsed.form]);
}

static void say_event(struct adduce_scope *scope, const struct check *check,
                      const struct entry *entry) {
  proof_say(scope, check->proven, "The key %.16s... signed this claim, %.*s.",
            hex_text32(entry->parsed.author32).text, SPAN_ARGS(entry->parsed.kind));
  if (entry->parsed.form == PARSED_WHOLE)
    proof_say(scope, check->proven, "The content is the one it signed, whole.");
  if (entry->parsed.form == PARSED_PARTIAL)
    proof_say(scope, check->proven,
              "What there is of the content is what it signed; the rest is "
              "withheld, and its author committed to that too.");
  if (entry->parsed.form == PARSED_NO_CONTENT)
    proof_say(scope, check->not_proven, "What the claim says: its content is not in the file.");
  proof_say(scope, check->not_proven,
            "That the key was authorized in that log, and whose it is: its control entries say "
            "that.");
  proof_say(scope, check->not_proven, "That what is claimed is true.");
  proof_say(scope, check->not_proven,
            "That the times the author and the log give are right; a witness's time bounds them.");
}

/* The leaf of the entry in our `extra`, or of the one the caller has. */
static enum adduce_err find_leaf(struct adduce_scope *scope, struct check *check,
                                 struct adduce_hash *leaf, struct entry *entry,
                                 const struct tlogproof_extra *extra, struct adduce_span given) {
  if (given.size != 0) {
    *leaf = merkle_leaf(given);
    return ADDUCE_OK;
  }
  if (extra->entry.size == 0)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "the proof does not hold its entry in a form we know; give the entry too");
  *leaf = merkle_leaf(extra->entry);
  TRY(entry_read(scope, entry, extra->entry, extra->content));
  TRY(entry_verify(scope, entry));
  report_event(scope, check, entry);
  return ADDUCE_OK;
}

static enum adduce_err check_proof(struct adduce_scope *scope, struct check *check,
                                   struct adduce_span file, const struct adduce_policy *policy,
                                   struct adduce_span given) {
  struct tlogproof proof;
  struct tlogproof_extra extra;
  struct checkpoint checkpoint;
  struct adduce_hash leaf;
  struct entry entry = {.recorded_at_us = 0};
  TRY(tlogproof_parse(scope, &proof, file));
  enum adduce_err err = tlogproof_extra_parse(scope, &extra, proof.extra);
  if (err == ADDUCE_E_MEMORY) return err;
  TRY(trust(scope, check, policy, extra.vkey));
  TRY(find_leaf(scope, check, &leaf, &entry, &extra, given));
  err = check_checkpoint(scope, check, &checkpoint, proof.checkpoint);
  if (err != ADDUCE_OK && err != ADDUCE_E_QUORUM) return err;
  const char *missed = scope_format(scope, "%s", adduce_scope_detail(scope));
  TRY(tlogproof_verify(scope, &proof, &checkpoint, &leaf));
  value_set_integer(scope, check->report, "index", (int64_t)proof.index);
  proof_say(scope, check->proven, "Entry %llu of that tree is this one.",
            (unsigned long long)proof.index);
  if (given.size == 0) say_event(scope, check, &entry);
  return err == ADDUCE_OK ? err : scope_fail(scope, err, "%s", missed);
}

/* --- the others ----------------------------------------------------------------------------- */

static enum adduce_err check_evidence(struct adduce_scope *scope, struct check *check,
                                      struct adduce_span file, const struct adduce_policy *policy) {
  struct equivocation evidence;
  struct checkpoint first, second;
  const char *sentence;
  TRY(equivocation_parse(scope, &evidence, file));
  TRY(trust(scope, check, policy, evidence.vkey));
  TRY(policy_open_checkpoint(scope, &first, check->policy, evidence.first));
  TRY(policy_open_checkpoint(scope, &second, check->policy, evidence.second));
  TRY(equivocation_verify(scope, &sentence, &evidence, &first, &second));
  proof_report_checkpoint(scope, check->report, &second);
  value_set_text(scope, check->report, "sentence", sentence);
  proof_say(scope, check->proven, "The log %.*s has signed two histories: %s.",
            SPAN_ARGS(second.origin), sentence);
  proof_say(scope, check->not_proven,
            "Which of the two histories is the right one, and whether it "
            "was done on purpose.");
  return ADDUCE_OK;
}

static enum adduce_err check_statement(struct adduce_scope *scope, struct check *check,
                                       struct adduce_span file,
                                       const struct adduce_policy *policy) {
  struct statement statement;
  struct note note;
  struct adduce_span auditor = span_of(NULL, 0);
  TRY(statement_parse(scope, &statement, &note, file));
  TRY(trust(scope, check, policy, span_text("")));
  TRY(proof_verify_auditor(scope, &auditor, check->policy, &note));
  const struct checkpoint checkpoint = {statement.origin, statement.size, statement.root};
  proof_report_checkpoint(scope, check->report, &checkpoint);
  value_set_integer(scope, check->report, "since", (int64_t)statement.since);
  proof_say(scope, check->proven,
            "%.*s states to have audited %.*s up to %llu entries, and from %llu on itself, at %s.",
            SPAN_ARGS(auditor), SPAN_ARGS(statement.origin), (unsigned long long)statement.size,
            (unsigned long long)statement.since, clock_format(statement.time_us).text);
  proof_say(scope, check->not_proven, "What the auditor states: that takes an audit of one's own.");
  return ADDUCE_OK;
}

/* Files of a form we know, and a version we do not. */
static enum adduce_err refuse_versions(struct adduce_scope *scope, struct adduce_span file) {
  static const char *const forms[] = {TLOGPROOF_FIRST_LINE, EQUIVOCATION_FIRST_LINE,
                                      STATEMENT_FIRST_LINE};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    size_t stem = strlen(forms[i]) - 2; /* without "v1" */
    const uint8_t *end = file.size == 0 ? NULL : memchr(file.data, '\n', file.size);
    if (end == NULL || file.size < stem || memcmp(file.data, forms[i], stem) != 0) continue;
    size_t line = (size_t)(end - file.data);
    return scope_fail(scope, ADDUCE_E_VERSION, "the file is %.*s; this version reads %s",
                      line > 60 ? 60 : (int)line, file.data, forms[i]);
  }
  return ADDUCE_OK;
}

static enum adduce_err check_alone(struct adduce_scope *scope, struct check *check,
                                   struct adduce_span file, const struct adduce_policy *policy) {
  struct checkpoint checkpoint;
  struct note note;
  TRY(refuse_versions(scope, file));
  if (checkpoint_parse(scope, &checkpoint, &note, file) != ADDUCE_OK)
    return scope_fail(scope, ADDUCE_E_FORM,
                      "neither a tlog-proof, evidence of equivocation, an auditor's statement nor "
                      "a checkpoint");
  TRY(trust(scope, check, policy, span_text("")));
  return check_checkpoint(scope, check, &checkpoint, file);
}

enum adduce_err adduce_check_file(struct adduce_scope *scope, const struct adduce_value **report,
                                  struct adduce_span file, const struct adduce_policy *policy,
                                  struct adduce_span leaf) {
  struct check check = {.assumed = false};
  enum adduce_err err;
  *report = NULL;
  TRY(sign_start(scope));
  if (span_starts(file, TLOGPROOF_FIRST_LINE "\n")) {
    begin(scope, &check, "proof");
    err = check_proof(scope, &check, file, policy, leaf);
  } else if (span_starts(file, EQUIVOCATION_FIRST_LINE "\n")) {
    begin(scope, &check, "equivocation");
    err = check_evidence(scope, &check, file, policy);
  } else if (statement_is(file)) {
    begin(scope, &check, "statement");
    err = check_statement(scope, &check, file, policy);
  } else {
    begin(scope, &check, "checkpoint");
    err = check_alone(scope, &check, file, policy);
  }
  end(scope, &check);
  *report = check.report;
  if (err != ADDUCE_OK) return err;
  return value_finish(scope);
}

/* --- growth --------------------------------------------------------------------------------- */

static enum adduce_err check_growth(struct adduce_scope *scope, struct check *check,
                                    struct adduce_span older, struct adduce_span newer,
                                    struct adduce_span file, const struct adduce_policy *policy) {
  struct consistency proof;
  struct checkpoint from, to, same;
  struct note note;
  TRY(consistency_parse(scope, &proof, file));
  TRY(trust(scope, check, policy, span_text("")));
  TRY(policy_open_checkpoint(scope, &from, check->policy, older));
  TRY(checkpoint_parse(scope, &same, &note, proof.checkpoint));
  enum adduce_err err = check_checkpoint(scope, check, &to, newer);
  if (err != ADDUCE_OK && err != ADDUCE_E_QUORUM) return err;
  const char *missed = scope_format(scope, "%s", adduce_scope_detail(scope));
  if (same.size != to.size || !hash_equal(&same.root, &to.root))
    return scope_fail(scope, ADDUCE_E_PROOF, "the proof is one of another checkpoint than NEW");
  TRY(consistency_verify(scope, &proof, &from, &to));
  value_set_integer(scope, check->report, "from", (int64_t)from.size);
  value_set_integer(scope, check->report, "to", (int64_t)to.size);
  proof_say(scope, check->proven,
            "The %llu entries of the older checkpoint are the first of the newer one; nothing of "
            "them was changed, removed or put elsewhere.",
            (unsigned long long)from.size);
  proof_say(scope, check->not_proven, "What the entries are.");
  return err == ADDUCE_OK ? err : scope_fail(scope, err, "%s", missed);
}

enum adduce_err adduce_check_growth(struct adduce_scope *scope, const struct adduce_value **report,
                                    struct adduce_span older, struct adduce_span newer,
                                    struct adduce_span proof, const struct adduce_policy *policy) {
  struct check check = {.assumed = false};
  *report = NULL;
  TRY(sign_start(scope));
  begin(scope, &check, "growth");
  enum adduce_err err = check_growth(scope, &check, older, newer, proof, policy);
  end(scope, &check);
  *report = check.report;
  if (err != ADDUCE_OK) return err;
  return value_finish(scope);
}
