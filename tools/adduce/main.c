/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "session.h"

/* Before a session is open: the call is wrong, so nothing is touched. */
static int refuse(struct session *session, const char *problem) {
  session->is_json = command_has(&session->options, "json");
  session->detail = problem;
  if (session->command != NULL && !session->is_json) command_print_usage(stderr, session->command);
  session_report(session, ADDUCE_E_USAGE);
  return adduce_error_exit(ADDUCE_E_USAGE);
}

static int run(struct session *session) {
  const char *problem = NULL;
  enum adduce_err err = session_init(session);
  if (err == ADDUCE_OK) err = session->command->run(session);
  int status = adduce_error_exit(err);
  if (err != ADDUCE_OK && !session->is_reported) session_report(session, err);
  bar_clear(&session->bar);
  session_release(session);
  if (!screen_finish(&problem)) {
    fprintf(stderr, "adduce: standard output could not be written: %s\n", problem);
    if (status == 0) status = adduce_error_exit(ADDUCE_E_IO);
  }
  return status;
}

static int dispatch(struct session *session, int count, char **arguments) {
  char word[] = "help", *help[] = {word, NULL};
  int taken = 1;
  const char *problem = command_parse(&session->options, NULL, count, arguments);
  if (problem != NULL) return refuse(session, problem);
  char **words = session->options.operands;
  int word_count = session->options.operand_count;
  if (word_count == 0) {
    words = help;
    word_count = 1;
  }
  session->command = commands_find(words, word_count, &taken);
  if (session->command == NULL)
    return refuse(session,
                  text_format("there is no command \"%s\"%s", words[0], commands_after(words[0])));
  problem =
      command_parse(&session->options, session->command, word_count - taken + 1, words + taken - 1);
  if (problem != NULL) return refuse(session, problem);
  if (!command_has(&session->options, "help")) return run(session);
  command_print_help(session->command);
  return screen_finish(&problem) ? 0 : adduce_error_exit(ADDUCE_E_IO);
}

int main(int count, char **arguments) {
  struct session session = {0};
  text_init();
  bar_init(&session.bar);
  int status = dispatch(&session, count, arguments);
  text_release();
  return status;
}
