/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "commands.h"
#include "shown.h"

static void print_report(struct session *session, const struct adduce_value *report) {
  (void)session;
  if (shown_flag(report, "finished_erasure")) puts("finished the erasure that was under way");
  printf("%" PRId64 " bytes before, %" PRId64 " bytes after\n",
         shown_integer(report, "before_bytes"), shown_integer(report, "after_bytes"));
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *report;
  TRY(session_open_files(session));
  TRY(adduce_compact(session->scope, session->ledger, &report));
  return session_answer(session, report, print_report);
}

const struct command compact_command = {
    .name = "compact",
    .summary = "rewrite the files without free pages",
    .usage = "",
    .text =
        "Rewrites the ledger's files without the pages that are free. What they hold stays the "
        "same. "
        "An erasure that a crash cut short is finished.",
    .examples = "  adduce compact\n",
    .run = run,
};
