/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "evidence.h"

static enum adduce_err prove_growth(struct session *session) {
  struct adduce_span file;
  uint64_t from;
  if (!command_number(&session->options, "from", &from, 0))
    return session_fail(session, ADDUCE_E_USAGE, "--from is a number of entries");
  if (session_operand(session, 0) != NULL)
    return session_fail(session, ADDUCE_E_USAGE, "--from proves growth, and takes no ID");
  TRY(session_open(session));
  TRY(adduce_prove_growth(session->scope, session->ledger, &file, from));
  return evidence_write(session, text_format("from-%llu.growth", (unsigned long long)from), file);
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *report;
  struct adduce_span file, none = {NULL, 0};
  const char *name = session_operand(session, 0);
  if (command_has(&session->options, "from")) return prove_growth(session);
  if (name == NULL) return session_fail(session, ADDUCE_E_USAGE, "which event? or --from SIZE");
  TRY(session_open(session));
  TRY(adduce_prove(session->scope, session->ledger, &file, text_event(name),
                   command_has(&session->options, "without-content")));
  /* Nobody gets a proof from us that we have not checked; it says the id, too. */
  TRY(adduce_check_file(session->scope, &report, file, NULL, none));
  const struct adduce_value *id = adduce_value_get(adduce_value_get(report, "event"), "id");
  return evidence_write(
      session, text_format("%s.tlog-proof", text_hex(adduce_value_bytes(id).data, 12)), file);
}

static const struct command_option options[] = {
    {'o', "output", "FILE", "write there; - is standard output", NULL, NULL},
    {0, "from", "SIZE", "prove that the log has only grown since it had SIZE entries", NULL, NULL},
    {0, "without-content", NULL, "leave the content out: the signed event alone", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command prove_command = {
    .name = "prove",
    .summary = "write a proof of an event, or of the log's growth",
    .usage = "ID [-o FILE] [--without-content]\n--from SIZE [-o FILE]",
    .text =
        "Writes a C2SP tlog-proof: one file with the event, its place in the log, the log's "
        "signed checkpoint and the cosignatures that are kept for it. Whoever has the log's "
        "verifier key can check it without the ledger. With --from, the proof that the latest "
        "checkpoint extends the log of SIZE entries, in the form that witnesses take.",
    .examples =
        "  adduce prove 3f9a1c22b0d4\n"
        "  adduce prove 12 -o -\n"
        "  adduce prove --from 1000 -o growth\n",
    .options = options,
    .operands_max = 1,
    .run = run,
};
