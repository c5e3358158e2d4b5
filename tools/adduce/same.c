/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "submit.h"

static enum adduce_err run(struct session *session) {
  struct compose compose;
  TRY(session_open_files(session));
  TRY(compose_begin(&compose, session, "same.judged"));
  TRY(compose_text(&compose, "left", session_operand(session, 0)));
  TRY(compose_text(&compose, "right", session_operand(session, 1)));
  TRY(compose_options(&compose));
  return submit_composed(&compose);
}

static const struct command_option options[] = {
    {0, "positive", NULL, "they are the same", "judgement", "positive"},
    {0, "negative", NULL, "they are not", "judgement", "negative"},
    {0, "unsure", NULL, "it was looked at and left open", "judgement", "unsure"},
    {'b', "basis", "TEXT", "why", "basis", NULL},
    {0, "confidence", "WORD", "how sure the author is: low, moderate or high", "confidence", NULL},
    {0, "note", "TEXT", "a remark", "note", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command same_command = {
    .name = "same",
    .summary = "judge whether two subjects are one",
    .usage = "A B --positive|--negative|--unsure [OPTION...]",
    .text =
        "Judges whether two subjects are one. Nothing is rewritten: the judgement is a claim, can "
        "be judged anew, and the state without it can be asked for.",
    .examples =
        "  adduce same person/cole newsroom.example/person/coale --positive \\\n"
        "    --basis 'same office, same visit; the spelling differs'\n",
    .groups = COMMAND_CLAIM | COMMAND_WRITING | COMMAND_SIGNING,
    .options = options,
    .operands_min = 2,
    .operands_max = 2,
    .run = run,
};
