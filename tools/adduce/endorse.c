/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  struct compose compose;
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, "claim.endorsed"));
  for (int i = 0; i < session->options.operand_count; i++)
    TRY(compose_ref(&compose, "target", session_operand(session, i)));
  TRY(compose_options(&compose));
  if (!compose_has(&compose, "opinion")) TRY(compose_text(&compose, "opinion", "agree"));
  return submit_composed(&compose);
}

static const struct command_option options[] = {
    {0, "opinion", "WORD",
     "agree (what is taken without it), strongly_agree, neutral, disagree or "
     "strongly_disagree",
     "opinion", NULL},
    {'e', "explanation", "TEXT", "why", "explanation", NULL},
    {0, "basis", "WORD", "own_evidence, cited_sources, same_source or expertise", "basis", NULL},
    {0, "independence", "WORD", "of one's own sources: independent, same_origin or unknown",
     "independence", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command endorse_command = {
    .name = "endorse",
    .summary = "say how far one agrees with claims",
    .usage = "ID... [OPTION...]",
    .text = "Says how far the author agrees with claims of others.",
    .examples = "  adduce endorse 12 --basis own_evidence --explanation 'we counted them'\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 1,
    .operands_max = -1,
    .run = run,
};
