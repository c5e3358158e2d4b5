/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  return submit_run(session, "claim.corroborated", "target");
}

static const struct command_option options[] = {
    {0, "independent", NULL, "what bears it out goes back to another origin", "independence",
     "independent"},
    {0, "same-origin", NULL, "it goes back to the same origin: two outlets that quote one agency",
     "independence", "same_origin"},
    {0, "origin-unknown", NULL, "whether it does is not known", "independence", "unknown"},
    {'e', "explanation", "TEXT", "how it was found", "explanation", NULL},
    {0, "opinion", "WORD", "strongly_disagree, disagree, neutral, agree or strongly_agree",
     "opinion", NULL},
    {0, "basis", "WORD", "own_evidence, cited_sources, same_source or expertise", "basis", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command corroborate_command = {
    .name = "corroborate",
    .summary = "say that something else bears claims out",
    .usage = "ID... --independent|--same-origin|--origin-unknown [OPTION...] [FIELD=VALUE...]",
    .text =
        "Says that something else bears claims out, and whether that is independent of them: only "
        "independent origins count as more than one. --ref evidence=ID names the event that "
        "bears them out.",
    .examples =
        "  adduce corroborate 12 --same-origin --explanation 'both quote one agency' --ref "
        "evidence=31\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
