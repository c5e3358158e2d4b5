/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"
#include "submit.h"

/* --- receipt check -------------------------------------------------------------------------*/

static void print_report(struct session *session, const struct adduce_value *report) {
  printf("%s received a bundle of %s, %" PRId64 " entries, on %s\n", shown_text(report, "origin"),
         shown_text(report, "source"), shown_integer(report, "count"),
         shown_when(adduce_value_get(report, "time")));
  printf("  manifest  %s\n", shown_id(session, adduce_value_get(report, "manifest")));
  printf("  admitted %" PRId64 ", present %" PRId64 ", waiting %" PRId64 ", refused %" PRId64 "\n",
         shown_integer(report, "admitted"), shown_integer(report, "present"),
         shown_integer(report, "quarantined"), shown_integer(report, "refused"));
  if (adduce_value_get(report, "index") != NULL)
    printf("  imported by its entry %" PRId64 "\n", shown_integer(report, "index"));
  evidence_print(session, report);
}

static enum adduce_err run_check(struct session *session) {
  const struct adduce_policy *policy;
  const struct adduce_value *report;
  struct adduce_span file;
  TRY(evidence_policy(session, &policy));
  TRY(evidence_read(session, &file, session_operand(session, 0)));
  TRY(adduce_receipt_check(session->scope, &report, file, policy));
  return session_answer(session, report, print_report);
}

static const struct command_option check_options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command receipt_check_command = {
    .name = "receipt check",
    .summary = "verify a receipt for a bundle",
    .usage = "FILE",
    .text =
        "Verifies what the recipient of a bundle states to have received, with no ledger there: "
        "the signature, and the proof that the import is an entry of its log.",
    .examples = "  adduce receipt check partner.receipt --vkey 'partner.example+1f4e...'\n",
    .options = check_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run_check,
};

/* --- receipt keep --------------------------------------------------------------------------*/

static enum adduce_err run_keep(struct session *session) {
  struct adduce_receipt receipt;
  struct adduce_span file;
  TRY(evidence_read(session, &file, session_operand(session, 0)));
  TRY(session_open_files(session));
  TRY(session_open_signers(session));
  TRY(adduce_receipt_keep(session->scope, session->ledger, &receipt, file, session->author));
  return submit_print(session, &receipt, "receipt.received");
}

const struct command receipt_keep_command = {
    .name = "receipt keep",
    .summary = "log a receipt for a bundle of this ledger",
    .usage = "FILE",
    .text = "Verifies a receipt and logs it as receipt.received, the receipt itself in it.",
    .examples = "  adduce receipt keep partner.receipt\n",
    .groups = COMMAND_SIGNING,
    .operands_min = 1,
    .operands_max = 1,
    .run = run_keep,
};
