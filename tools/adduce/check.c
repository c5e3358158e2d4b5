/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"

/* Of a file that does not verify, as far as it could be read. */
static void print_report(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *event = adduce_value_get(report, "event");
  if (adduce_value_get(report, "size") != NULL)
    printf("%s of %s, %lld entries\n", shown_text(report, "form"), shown_text(report, "origin"),
           (long long)shown_integer(report, "size"));
  if (event != NULL && adduce_value_get(report, "index") != NULL)
    printf("entry %lld: %s %s\n", (long long)shown_integer(report, "index"),
           shown_id(session, adduce_value_get(event, "id")), shown_text(event, "kind"));
  evidence_print(session, report);
}

static enum adduce_err run_growth(struct session *session, const struct adduce_policy *policy) {
  const struct adduce_value *report;
  struct adduce_span older, newer, proof;
  if (policy == NULL)
    return session_fail(session, ADDUCE_E_USAGE,
                        "whose log is this to be? say --policy FILE or --vkey VKEY");
  TRY(evidence_read(session, &older, session_operand(session, 0)));
  TRY(evidence_read(session, &newer, session_operand(session, 1)));
  TRY(evidence_read(session, &proof, session_operand(session, 2)));
  enum adduce_err err = adduce_check_growth(session->scope, &report, older, newer, proof, policy);
  return evidence_answer(session, report, print_report, err);
}

static enum adduce_err run(struct session *session) {
  const struct adduce_policy *policy;
  const struct adduce_value *report;
  struct adduce_span file, leaf = {NULL, 0};
  const char *entry = command_argument(&session->options, "entry");
  TRY(evidence_policy(session, &policy));
  if (session->options.operand_count == 3) return run_growth(session, policy);
  if (session->options.operand_count != 1)
    return session_fail(session, ADDUCE_E_USAGE, "one FILE, or OLD NEW PROOF");
  TRY(evidence_read(session, &file, session_operand(session, 0)));
  if (entry != NULL) TRY(evidence_read(session, &leaf, entry));
  enum adduce_err err = adduce_check_file(session->scope, &report, file, policy, leaf);
  return evidence_answer(session, report, print_report, err);
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {0, "entry", "FILE", "the bytes of the entry, for a proof that does not hold them", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command check_command = {
    .name = "check",
    .summary = "verify a proof, with no ledger there",
    .usage =
        "FILE [--policy FILE|--vkey VKEY] [--entry FILE]\n"
        "OLD NEW PROOF --policy FILE|--vkey VKEY",
    .text =
        "Verifies a tlog-proof, evidence of equivocation, an auditor's statement or a checkpoint, "
        "and says in words what it proves and what not. Without --policy or --vkey the key that "
        "the file names itself is taken, which proves no more than that the file fits together. "
        "OLD and NEW are checkpoints, PROOF is what `prove --from` wrote. Ends with 1 when "
        "something does not verify or the policy is not met.",
    .examples =
        "  adduce check 3f9a1c22b0d4.tlog-proof --policy trust.policy\n"
        "  adduce check old new growth --vkey \"$(cat log.vkey)\"\n",
    .options = options,
    .operands_min = 1,
    .operands_max = 3,
    .run = run,
};
