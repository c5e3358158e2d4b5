/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  return submit_run(session, "claim.ranked", "target");
}

static const struct command_option options[] = {
    {0, "preferred", NULL, "put them before the others", "rank", "preferred"},
    {0, "normal", NULL, "put them back among the others", "rank", "normal"},
    {0, "deprecated", NULL, "set them behind the others", "rank", "deprecated"},
    {'r', "reason", "TEXT", "why", "reason", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command rank_command = {
    .name = "rank",
    .summary = "prefer claims, or set them back",
    .usage = "ID... --preferred|--normal|--deprecated [OPTION...] [FIELD=VALUE...]",
    .text = "Ranks claims among others about the same, as in Wikibase. Nothing is withdrawn by it.",
    .examples = "  adduce rank 12 --deprecated --reason 'an early count, since revised'\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
