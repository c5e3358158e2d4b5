/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "session.h"

static enum adduce_err run(struct session *session) {
  if (session->is_json)
    return session_answer_json(session, text_format("{\"version\":\"%s\"}", adduce_version()));
  printf("adduce %s\n", adduce_version());
  return ADDUCE_OK;
}

const struct command version_command = {
    .name = "version",
    .summary = "print the version",
    .usage = "",
    .text = "Prints the version of adduce.",
    .examples = "  adduce version\n",
    .run = run,
};
