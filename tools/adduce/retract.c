/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  return submit_run(session, "claim.retracted", "target");
}

static const struct command_option options[] = {
    {'r', "reason", "TEXT", "why (required)", "reason", NULL},
    {0, "cause", "WORD",
     "what led to it: error, fabricated, source_retracted, consent, legal or other", "cause", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command retract_command = {
    .name = "retract",
    .summary = "withdraw claims, with the reason",
    .usage = "ID... --reason TEXT [OPTION...] [FIELD=VALUE...]",
    .text =
        "Withdraws claims. They stay in the log and can be read; what they said leaves the state, "
        "and the reason takes its place in explanations.",
    .examples =
        "  adduce retract 12 --reason 'the outlet withdrew its report' --cause "
        "source_retracted\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
