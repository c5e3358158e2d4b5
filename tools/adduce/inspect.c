/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "evidence.h"
#include "filestream.h"
#include "shown.h"

static void print_withheld(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *list = adduce_value_get(report, "withheld");
  int64_t more = shown_integer(report, "partial") - (int64_t)adduce_value_count(list);
  for (size_t i = 0; i < adduce_value_count(list); i++) {
    const struct adduce_value *each = adduce_value_at(list, i);
    printf("  withheld   %s: %s\n", shown_event(session, each),
           shown_list(adduce_value_get(each, "paths")));
  }
  if (more > 0) printf("  withheld   something of %" PRId64 " more events\n", more);
}

static void print_report(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *complete = adduce_value_get(report, "complete");
  const char *recipients = shown_list(adduce_value_get(report, "recipients"));
  printf("a bundle of %s, %" PRId64 " of its %" PRId64 " entries\n", shown_text(report, "origin"),
         shown_integer(report, "count"), shown_integer(report, "size"));
  printf("  made       %s by %s\n", shown_when(adduce_value_get(report, "created_at")),
         shown_id(session, adduce_value_get(report, "exporter")));
  if (recipients[0] != '\0') printf("  for        %s\n", recipients);
  if (shown_raw(report, "purpose") != NULL)
    printf("  purpose    %s\n", shown_text(report, "purpose"));
  if (shown_raw(report, "selection") != NULL)
    printf("  selected   %s\n", shown_text(report, "selection"));
  for (size_t i = 0; i < adduce_value_count(adduce_value_get(report, "recalls")); i++)
    printf("  recalls    %s\n",
           shown_id(session, adduce_value_at(adduce_value_get(report, "recalls"), i)));
  if (complete != NULL)
    printf("  complete   from entry %" PRId64 " to %" PRId64 "\n",
           adduce_value_integer(adduce_value_at(complete, 0)),
           adduce_value_integer(adduce_value_at(complete, 1)) - 1);
  printf("  contents   of %" PRId64 " entries, documents %" PRId64 "\n",
         shown_integer(report, "contents"), shown_integer(report, "captures"));
  if (shown_integer(report, "incomplete") != 0)
    printf("  incomplete %" PRId64 " claims: what changes their meaning is withheld\n",
           shown_integer(report, "incomplete"));
  print_withheld(session, report);
  evidence_print(session, report);
}

static enum adduce_err inspect(struct session *session, struct filestream *stream) {
  const struct adduce_source source = filestream_source(stream);
  const struct adduce_policy *policy;
  const struct adduce_value *report;
  TRY(evidence_policy(session, &policy));
  TRY(adduce_inspect(session->scope, &report, &source, policy,
                     stream->unsealed == NULL ? NULL : &stream->opened_with));
  return session_answer(session, report, print_report);
}

static enum adduce_err run(struct session *session) {
  struct filestream stream;
  enum adduce_err err = filestream_read(session, &stream, session_operand(session, 0));
  if (err == ADDUCE_OK) err = inspect(session, &stream);
  filestream_close(&stream);
  return err;
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    FILESTREAM_OPTIONS,
    {0, "passphrase-fd", "N", "read the passphrase from file descriptor N", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command inspect_command = {
    .name = "inspect",
    .summary = "say what a bundle claims and what it proves",
    .usage = "FILE",
    .text =
        "Verifies a bundle to its end, with no ledger there and nothing written: whose it is, what "
        "was selected, what is withheld, what is proven and what is not. FILE may be - for "
        "standard input. A sealed bundle is opened with a key of yours.",
    .examples = "  adduce inspect partner.bundle --vkey 'partner.example+1f4e...'\n",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
