/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "evidence.h"
#include "shown.h"

static void print_report(struct session *session, const struct adduce_value *report) {
  (void)session;
  printf("%s: %lld entries, %lld of them new; %lld files, %lld bytes\n",
         shown_text(report, "origin"), (long long)shown_integer(report, "size"),
         (long long)(shown_integer(report, "size") - shown_integer(report, "from")),
         (long long)shown_integer(report, "files"), (long long)shown_integer(report, "bytes"));
}

static enum adduce_err mirror(struct session *session, struct evidence_log *log) {
  const struct adduce_policy *policy;
  const struct adduce_value *report;
  TRY(evidence_policy_needed(session, &policy, log->ledger));
  TRY(adduce_mirror(session->scope, &log->published, &report, session_operand(session, 1), policy));
  return session_answer(session, report, print_report);
}

static enum adduce_err run(struct session *session) {
  struct evidence_log log;
  enum adduce_err err = evidence_open(session, &log, session_operand(session, 0));
  if (err == ADDUCE_OK) err = mirror(session, &log);
  evidence_close(&log);
  return err;
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command mirror_command = {
    .name = "mirror",
    .summary = "keep a verified copy of a published log",
    .usage = "URL|DIR DIR --policy FILE|--vkey VKEY",
    .text =
        "Reads a published log, ours or anybody's, from the web or a folder, and keeps it in DIR "
        "in "
        "the same form. Every file is verified before it is kept; what is there already is not "
        "read "
        "again. A log that was rolled back, forked or damaged is refused, and what was mirrored "
        "before stays as it was.",
    .examples = "  adduce mirror https://log.example/east copies/east --policy trust.policy\n",
    .options = options,
    .operands_min = 2,
    .operands_max = 2,
    .run = run,
};
