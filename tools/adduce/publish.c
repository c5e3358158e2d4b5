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

static enum adduce_err run(struct session *session) {
  const struct adduce_value *report;
  TRY(session_open(session));
  TRY(adduce_publish(session->scope, session->ledger, &report, session_operand(session, 0)));
  return session_answer(session, report, print_report);
}

const struct command publish_command = {
    .name = "publish",
    .summary = "write the log as files that any web server can serve",
    .usage = "DIR",
    .text =
        "Writes checkpoint, tiles and entries as C2SP tlog-tiles, only what is new since the last "
        "time, each file whole or not at all and the checkpoint last. Entries are public with it: "
        "kind, author, references and times of every event, but of contents only those of control "
        "events, which are never withheld.",
    .examples = "  adduce publish /srv/www/log\n",
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
