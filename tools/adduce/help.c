/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "session.h"

static void print_overview(void) {
  puts("adduce: a ledger of signed claims\n\nusage: adduce [-C DIR] [--json] COMMAND ...");
  for (const struct commands_group *group = commands_groups; group->title != NULL; group++) {
    printf("\n%s\n", group->title);
    for (const struct command *const *each = group->commands; *each != NULL; each++)
      printf("  %-18s %s\n", (*each)->name, (*each)->summary);
  }
  puts(
      "\n`adduce help COMMAND`, or -h after it, says more, with examples. A first walk:\n\n"
      "  adduce init monitor.example\n"
      "  adduce append claims.ndjson\n"
      "  adduce state\n"
      "  adduce explain SUBJECT\n"
      "  adduce verify");
}

static enum adduce_err run(struct session *session) {
  int taken;
  if (session->options.operand_count == 0) {
    print_overview();
    return ADDUCE_OK;
  }
  const struct command *command =
      commands_find(session->options.operands, session->options.operand_count, &taken);
  if (command == NULL)
    return session_fail(session, ADDUCE_E_USAGE, "there is no command \"%s\"%s",
                        session_operand(session, 0), commands_after(session_operand(session, 0)));
  command_print_help(command);
  return ADDUCE_OK;
}

const struct command help_command = {
    .name = "help",
    .summary = "list the commands, or explain one",
    .usage = "[COMMAND]",
    .text = "Lists the commands, or says what one of them does and takes.",
    .examples =
        "  adduce help append\n"
        "  adduce help key new\n",
    .operands_max = 2,
    .run = run,
};
