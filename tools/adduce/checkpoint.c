/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "session.h"

static enum adduce_err run(struct session *session) {
  const char *note;
  struct text json;
  TRY(session_open(session));
  TRY(adduce_checkpoint(session->scope, session->ledger, &note));
  if (!session->is_json) {
    fputs(note, stdout);
    return ADDUCE_OK;
  }
  text_begin(&json);
  fputs("{\"checkpoint\":", json.stream);
  text_json(json.stream, note, strlen(note));
  fputc('}', json.stream);
  return session_answer_json(session, text_end(&json));
}

const struct command checkpoint_command = {
    .name = "checkpoint",
    .summary = "print the latest checkpoint",
    .usage = "",
    .text =
        "Prints the log's signed statement of its size and root, a C2SP signed note. Who keeps it "
        "can notice later that the log was cut or rewritten; so give it to others. The ledger "
        "keeps "
        "what it has printed.",
    .examples = "  adduce checkpoint >monitor-2025-12-14.txt\n",
    .run = run,
};
