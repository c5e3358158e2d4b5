/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "session.h"

static enum adduce_err run(struct session *session) {
  const char *folder = session_operand(session, 0);
  struct text json;
  TRY(session_open(session));
  TRY(adduce_backup(session->scope, session->ledger, folder));
  if (!session->is_json) {
    printf("copied the ledger to %s\n", text_clean(folder));
    return ADDUCE_OK;
  }
  text_begin(&json);
  fputs("{\"folder\":", json.stream);
  text_json(json.stream, folder, strlen(folder));
  fputc('}', json.stream);
  return session_answer_json(session, text_end(&json));
}

const struct command backup_command = {
    .name = "backup",
    .summary = "copy the ledger into a new folder",
    .usage = "FOLDER",
    .text =
        "Copies the ledger as it is now, with its captures, into a new folder, while others use "
        "it. "
        "The copy can be read with -C FOLDER. Keys and head locks are not in it: keep the keys "
        "elsewhere, and leave the head lock where it is, since it tells an old copy from the "
        "ledger.",
    .examples =
        "  adduce backup /media/backup/monitor-2025-12-14\n"
        "  adduce -C /media/backup/monitor-2025-12-14 verify\n",
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
