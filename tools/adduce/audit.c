/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "keys.h"
#include "shown.h"

static void print_report(struct session *session, const struct adduce_value *report) {
  printf("%s: %lld entries, %lld of them audited now, %lld signatures\n",
         shown_text(report, "origin"), (long long)shown_integer(report, "size"),
         (long long)shown_integer(report, "entries"),
         (long long)shown_integer(report, "signatures"));
  evidence_print(session, report);
}

static enum adduce_err open_auditor(struct session *session, struct adduce_audit_options *options) {
  const char *path, *key = command_argument(&session->options, "key");
  options->auditor_name = command_argument(&session->options, "auditor");
  if (options->auditor_name == NULL) return ADDUCE_OK;
  TRY(keys_path(session, &path, key == NULL ? "auditor" : key));
  TRY(keys_open(session, &session->author, path, "the auditor's key"));
  options->auditor = session->author;
  return ADDUCE_OK;
}

/* Of a ledger, what a published log does not have: a full audit verifies it all, one that goes on
 * from another only digests the state. */
static enum adduce_err audit_ledger(struct session *session, struct adduce_ledger *ledger,
                                    struct adduce_audit_options *options) {
  if (options->since.size == 0) return adduce_verify(session->scope, ledger, &options->state, NULL);
  return adduce_digest(session->scope, ledger, &options->state, NULL);
}

static enum adduce_err audit(struct session *session, struct evidence_log *log) {
  struct adduce_audit_options options = {.auditor = NULL};
  const struct adduce_value *report = NULL;
  uint64_t ahead = 0;
  const char *since = command_argument(&session->options, "since");
  TRY(evidence_policy_needed(session, &options.policy, log->ledger));
  if (since != NULL) TRY(evidence_read(session, &options.since, since));
  TRY(open_auditor(session, &options));
  if (log->ledger != NULL) TRY(audit_ledger(session, log->ledger, &options));
  enum adduce_err err = adduce_audit(session->scope, &log->published, &report, &options);
  if (err == ADDUCE_OK && log->folder != NULL && since == NULL)
    err = adduce_audit_folder(session->scope, log->folder, (uint64_t)shown_integer(report, "size"),
                              &ahead);
  if (err != ADDUCE_OK) return err;
  if (ahead != 0 && !session->is_json)
    (void)fprintf(stderr,
                  "adduce: %llu files are of a later size, as an update that was not finished "
                  "leaves them; the next one verifies them\n",
                  (unsigned long long)ahead);
  TRY(session_answer(session, report, print_report));
  const struct adduce_value *statement = adduce_value_get(report, "statement");
  if (statement == NULL || session->is_json) return ADDUCE_OK;
  return evidence_write(session,
                        text_format("audit-%lld", (long long)shown_integer(report, "size")),
                        adduce_value_bytes(statement));
}

static enum adduce_err run(struct session *session) {
  struct evidence_log log;
  enum adduce_err err = evidence_open(session, &log, session_operand(session, 0));
  if (err == ADDUCE_OK) err = audit(session, &log);
  evidence_close(&log);
  return err;
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {0, "since", "FILE", "go on from this statement of an earlier audit, or from a checkpoint",
     NULL, NULL},
    {0, "auditor", "NAME", "sign a statement of what was checked, under this name", NULL, NULL},
    {'k', "key", "NAME", "the auditor's key, of purpose witness; \"auditor\" without it", NULL,
     NULL},
    {'o', "output", "FILE", "where the statement goes; audit-SIZE without it", NULL, NULL},
    {0, "passphrase-fd", "N", "read the passphrase from file descriptor N", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command audit_command = {
    .name = "audit",
    .summary = "check a whole log, or what is new in it, and sign what was found",
    .usage = "[LEDGER|DIR|URL] [--since FILE] [--auditor NAME [--key NAME] [-o FILE]]",
    .text =
        "Checks every tile, every entry and, of an adduce log, every signature, and replays who "
        "was "
        "authorized; of a ledger also all that `verify` checks. The first fault is named by file "
        "and index. With --auditor it ends in a signed statement, and the next audit can go on "
        "from there with --since, at the cost of what is new. Without LEDGER, the ledger here; of "
        "others say --policy or --vkey.",
    .examples =
        "  adduce audit\n"
        "  adduce audit https://log.example/east --policy trust.policy --auditor audit.example\n"
        "  adduce audit copies/east --policy trust.policy --since audit-1000 --auditor "
        "audit.example\n",
    .options = options,
    .operands_max = 1,
    .run = run,
};
