/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "evidence.h"
#include "filestream.h"
#include "intake.h"
#include "shown.h"

static void print_report(struct session *session, const struct adduce_value *report) {
  printf("%" PRId64 " entries of %s, of its %" PRId64 "\n", shown_integer(report, "count"),
         shown_text(report, "origin"), shown_integer(report, "size"));
  const struct adduce_value *runs = adduce_value_get(report, "runs");
  for (size_t i = 0; i < adduce_value_count(runs); i++) {
    const struct adduce_value *run = adduce_value_at(runs, i);
    int64_t index = shown_integer(run, "index");
    printf("  %" PRId64 " admitted, from #%" PRId64 " on; #%" PRId64 " says where they come from\n",
           shown_integer(run, "entered"), index + 1, index);
  }
  intake_print_others(report);
  intake_print_count(report, "captures", "captured documents");
  evidence_print(session, report);
}

/* For who gave the bundle. */
static enum adduce_err write_receipt(struct session *session, const struct adduce_value *report) {
  struct adduce_span file;
  TRY(adduce_receipt_make(session->scope, session->ledger, &file, report, session->author));
  return filestream_save(session, command_argument(&session->options, "receipt"), file);
}

static enum adduce_err import(struct session *session, struct filestream *stream) {
  const struct adduce_source source = filestream_source(stream);
  const struct adduce_value *report;
  struct adduce_span evidence;
  struct adduce_import_options options;
  TRY(intake_options(session, &options));
  options.dry_run = command_has(&session->options, "dry-run");
  TRY(evidence_policy(session, &options.policy));
  enum adduce_err err =
      adduce_import(session->scope, session->ledger, &report, &evidence, &source, &options);
  if (evidence.size != 0)
    return intake_keep_evidence(session, "import.equivocation", evidence, err);
  if (err == ADDUCE_OK && command_has(&session->options, "receipt"))
    err = write_receipt(session, report);
  return err == ADDUCE_OK ? session_answer(session, report, print_report) : err;
}

static enum adduce_err run(struct session *session) {
  struct filestream stream;
  TRY(session_open_files(session));
  TRY(session_open_signers(session));
  enum adduce_err err = filestream_read(session, &stream, session_operand(session, 0));
  if (err == ADDUCE_OK) err = import(session, &stream);
  filestream_close(&stream);
  return err;
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    FILESTREAM_OPTIONS,
    {0, "accept-recipient", NULL, "take it although it is for somebody else", NULL, NULL},
    {0, "admit", NULL, "admit by hand what the policy would keep waiting", NULL, NULL},
    {0, "quarantine", NULL, "keep waiting what the policy would admit", NULL, NULL},
    {0, "dry-run", NULL, "verify and judge, and write nothing", NULL, NULL},
    {0, "receipt", "FILE", "write a signed receipt for who gave the bundle", NULL, NULL},
    {'o', "output", "FILE", "where evidence of two histories goes, if there is any", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command import_command = {
    .name = "import",
    .summary = "take in a bundle from another ledger",
    .usage = "FILE",
    .text =
        "Verifies a bundle to its end and only then writes: the form, the proof, every signature "
        "and commitment, every author's rights where the source had them. What the policy admits "
        "enters the log in one step, behind a bundle.imported of yours, with its authors' own "
        "signatures; what no rule admits waits in quarantine. More than 16,384 events or 16 MiB "
        "enter in several such steps; if they are cut short, the same import enters the rest. The "
        "same bundle again changes nothing. FILE may be - for standard input.",
    .examples =
        "  adduce import partner.bundle --vkey 'partner.example+1f4e...'\n"
        "  adduce import partner.bundle --dry-run\n",
    .groups = COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
