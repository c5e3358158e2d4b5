/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  return submit_run(session, "claim.disputed", "target");
}

static const struct command_option options[] = {
    {'r', "reason", "TEXT", "why (required)", "reason", NULL},
    {0, "opinion", "WORD", "disagree (what is taken without it) or strongly_disagree", "opinion",
     NULL},
    {'f', "field", "NAME", "only this field of the claims; may be repeated", "fields", NULL},
    {0, "basis", "WORD", "own_evidence, cited_sources, same_source or expertise", "basis", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command dispute_command = {
    .name = "dispute",
    .summary = "dispute claims, with the reason",
    .usage = "ID... --reason TEXT [OPTION...] [FIELD=VALUE...]",
    .text =
        "Disputes claims. They stay in the state and are marked there, with who disputes them and "
        "why.",
    .examples =
        "  adduce dispute 12 --reason 'another issuer still lists it' --basis cited_sources\n"
        "  adduce dispute 3f9a1c --field quantity --reason 'our count is 114'\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
