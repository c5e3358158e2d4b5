/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"

static void print_report(struct session *session, const struct adduce_value *report) {
  bool agree = strcmp(shown_text(report, "verdict"), "equivocation") != 0;
  printf("%s: %s\n",
         screen_styled(&session->screen, agree ? STYLE_GOOD : STYLE_BAD,
                       shown_text(report, "verdict")),
         shown_text(report, "sentence"));
}

static enum adduce_err compare(struct session *session, struct evidence_log *a,
                               struct evidence_log *b) {
  const struct adduce_policy *policy;
  const struct adduce_value *report;
  struct adduce_span evidence;
  TRY(evidence_policy_needed(session, &policy, a->ledger == NULL ? b->ledger : a->ledger));
  enum adduce_err err =
      adduce_compare(session->scope, &report, &evidence, &a->published, &b->published, policy);
  if (err == ADDUCE_OK) return session_answer(session, report, print_report);
  if (err != ADDUCE_E_EQUIVOCATION) return err;
  const char *detail = text_format("%s", session_detail(session, err));
  if (!session->is_json) print_report(session, report);
  TRY(evidence_write(session, "equivocation", evidence));
  session->hint = "keep the evidence: `adduce check` verifies it for everybody";
  return session_fail(session, err, "%s", detail);
}

static enum adduce_err run(struct session *session) {
  struct evidence_log a, b = {.ledger = NULL};
  enum adduce_err err = evidence_open(session, &a, session_operand(session, 0));
  if (err == ADDUCE_OK) err = evidence_open(session, &b, session_operand(session, 1));
  if (err == ADDUCE_OK) err = compare(session, &a, &b);
  evidence_close(&a);
  evidence_close(&b);
  return err;
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {'o', "output", "FILE", "where evidence of equivocation goes; \"equivocation\" without it",
     NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command compare_command = {
    .name = "compare",
    .summary = "find out whether a log has shown two histories",
    .usage = "A [B] [-o FILE]",
    .text =
        "A and B are each a URL, a published folder, a ledger or a checkpoint in a file; without "
        "B, "
        "the ledger here. If both can belong to one history it says so. If not, it writes the two "
        "signed checkpoints, with the hashes that show their contradiction, into one file that "
        "anyone can verify with `check`, and ends with 1.",
    .examples = "  adduce compare https://log.example/east copies/east/checkpoint --policy p\n",
    .options = options,
    .operands_min = 1,
    .operands_max = 2,
    .run = run,
};
