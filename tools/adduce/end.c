/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  struct compose compose;
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, "claim.ended"));
  for (int i = 0; i < session->options.operand_count; i++)
    TRY(compose_ref(&compose, "target", session_operand(session, i)));
  TRY(compose_options(&compose));
  /* That it ended is known, when it did need not be. */
  if (!compose_has(&compose, "until")) TRY(compose_json(&compose, "until", "{\"?\":\"unknown\"}"));
  return submit_composed(&compose);
}

static const struct command_option options[] = {
    {'u', "until", "TIME", "until when it was true; without it the time is said to be unknown",
     "until", NULL},
    {'r', "reason", "TEXT", "what ended it", "reason", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command end_command = {
    .name = "end",
    .summary = "say that what claims say was true until a time",
    .usage = "ID... [--until TIME] [OPTION...]",
    .text =
        "Says that what claims say was true, and is not any more. Other than `retract` it does not "
        "say that they were wrong.",
    .examples = "  adduce end 12 --until 2025-12-13 --reason released\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
