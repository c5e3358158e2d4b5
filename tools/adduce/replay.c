/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "commands.h"
#include "moment.h"

struct replay {
  struct session *session;
  struct adduce_question question;
  uint64_t at, end; /* entries [at, end) are still to come */
  uint64_t speed;   /* events a second; 0: as fast as it goes */
  bool is_prompted; /* somebody sits there who can say when to go on */
};

/* --- breaks --------------------------------------------------------------------------------*/

static bool is_about(const struct adduce_value *changes, const char *subject) {
  for (size_t i = 0; i < adduce_value_count(changes); i++) {
    const struct adduce_value *group = adduce_value_at(changes, i);
    const struct adduce_value *also = adduce_value_get(group, "also");
    const char *id = adduce_value_text(adduce_value_get(group, "subject"));
    size_t length = strlen(id), tail = strlen(subject);
    /* A bare name is one of this ledger, whose origin stands before it. */
    if (strcmp(id, subject) == 0 ||
        (length > tail && id[length - tail - 1] == '/' && strcmp(id + length - tail, subject) == 0))
      return true;
    for (size_t j = 0; j < adduce_value_count(also); j++)
      if (strcmp(adduce_value_text(adduce_value_at(also, j)), subject) == 0) return true;
  }
  return false;
}

static bool breaks_at(const char *where, const struct adduce_value *step) {
  const struct adduce_value *changes = adduce_value_get(step, "changes");
  if (strcmp(where, "change") == 0) return adduce_value_count(changes) > 0;
  if (strncmp(where, "subject:", 8) == 0) return is_about(changes, where + 8);
  return strcmp(adduce_value_text(adduce_value_get(step, "kind")), where + 5) == 0;
}

static bool is_break(const struct options *options, const struct adduce_value *step) {
  for (size_t i = 0; i < options->given_count; i++) {
    const char *name = options->given[i].option->name;
    if (name != NULL && strcmp(name, "break") == 0 && breaks_at(options->given[i].argument, step))
      return true;
  }
  return false;
}

static enum adduce_err check_breaks(struct session *session) {
  const struct options *options = &session->options;
  for (size_t i = 0; i < options->given_count; i++) {
    const char *name = options->given[i].option->name, *where = options->given[i].argument;
    if (name == NULL || strcmp(name, "break") != 0) continue;
    if (strcmp(where, "change") != 0 && strncmp(where, "subject:", 8) != 0 &&
        strncmp(where, "kind:", 5) != 0)
      return session_fail(session, ADDUCE_E_USAGE,
                          "--break takes change, kind:KIND or subject:SUBJECT, not \"%s\"", where);
  }
  return ADDUCE_OK;
}

/* --- showing -------------------------------------------------------------------------------*/

static void print_step(struct session *session, const struct adduce_value *step) {
  const struct adduce_value *groups = adduce_value_get(step, "changes");
  const char *label = shown_text(step, "label");
  puts(change_event(session, step));
  screen_prose(&session->screen, "  ", 2,
               text_format("%s  %s", shown_text(step, "kind"),
                           shown_raw(step, "on") != NULL || shown_raw(step, "act") != NULL
                               ? change_cause(session, step)
                               : label));
  for (size_t i = 0; i < adduce_value_count(groups); i++) {
    const struct adduce_value *group = adduce_value_at(groups, i);
    const struct adduce_value *changes = adduce_value_get(group, "changes");
    printf("    %s\n",
           screen_styled(&session->screen, STYLE_HEADING, shown_text(group, "subject")));
    for (size_t j = 0; j < adduce_value_count(changes); j++)
      change_print(session, adduce_value_at(changes, j), 6, adduce_value_get(group, "subject"));
  }
}

static enum adduce_err show(struct session *session, const struct adduce_value *step) {
  const char *json;
  bar_clear(&session->bar);
  if (!session->is_json) {
    print_step(session, step);
    return ADDUCE_OK;
  }
  TRY(adduce_value_to_json(session->scope, &json, step, false));
  puts(json);
  return ADDUCE_OK;
}

/* --- going ---------------------------------------------------------------------------------*/

/* Between two events; a signal ends it. */
static void rest(const struct replay *replay) {
  if (replay->speed == 0) return;
  struct timespec pause = {.tv_sec = replay->speed == 1,
                           .tv_nsec = replay->speed == 1 ? 0 : (long)(1000000000 / replay->speed)};
  (void)fflush(stdout);
  (void)nanosleep(&pause, NULL);
}

/* Waits for Enter; false when there is no more input, or it is q. */
static bool wait_for_key(void) {
  char line[16];
  (void)fflush(stdout);
  (void)fputs("-- Enter goes on, q ends -- ", stderr);
  return fgets(line, sizeof line, stdin) != NULL && line[0] != 'q';
}

static void say_where(const struct replay *replay, const char *why) {
  if (replay->at < replay->end)
    (void)fprintf(stderr, "%s; go on with --from %" PRIu64 "\n", why, replay->at);
}

static enum adduce_err step(struct replay *replay, bool *stops) {
  struct session *session = replay->session;
  const struct adduce_value *answer;
  TRY(adduce_ask_step(session->scope, session->ledger, &answer, replay->at,
                      (const char *const *)session->options.operands,
                      (size_t)session->options.operand_count, &replay->question));
  bool is_wanted = session->options.operand_count == 0 ||
                   adduce_value_count(adduce_value_get(answer, "changes")) > 0;
  if (is_wanted) TRY(show(session, answer));
  replay->at++;
  if (is_wanted) rest(replay);
  *stops = is_wanted && is_break(&session->options, answer) &&
           !(replay->is_prompted && replay->at < replay->end && wait_for_key());
  return ADDUCE_OK;
}

static enum adduce_err go(struct replay *replay) {
  struct session *session = replay->session;
  struct text_kept *mark = text_mark();
  bool stops = false;
  while (replay->at < replay->end && !stops && !bar_is_interrupted()) {
    enum adduce_err err = step(replay, &stops);
    if (err == ADDUCE_E_INTERRUPTED) break;
    if (err != ADDUCE_OK) return err;
    text_rewind(mark);
    adduce_scope_reset(session->scope);
  }
  (void)fflush(stdout);
  if (bar_is_interrupted()) {
    say_where(replay, "interrupted");
    return ADDUCE_E_INTERRUPTED;
  }
  if (stops) say_where(replay, "stopped at a break");
  return ADDUCE_OK;
}

/* The first entry to show, and the one after the last. */
static enum adduce_err find_ends(struct session *session, struct replay *replay) {
  const char *from, *to;
  TRY(moment_read(session, &from, command_argument(&session->options, "from")));
  TRY(moment_read(session, &to, command_argument(&session->options, "to")));
  if (from != NULL) TRY(adduce_position(session->scope, session->ledger, &replay->at, from));
  TRY(adduce_position(session->scope, session->ledger, &replay->end, to));
  replay->end++;
  if (replay->at < replay->end) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_USAGE, "#%" PRIu64 " comes after #%" PRIu64, replay->at,
                      replay->end - 1);
}

static enum adduce_err run(struct session *session) {
  struct replay replay = {.session = session};
  TRY(session_question(session, &replay.question));
  TRY(check_breaks(session));
  if (!command_number(&session->options, "speed", &replay.speed, 0) || replay.speed > 1000000)
    return session_fail(session, ADDUCE_E_USAGE,
                        "--speed takes a number of events a second, up to 1000000");
  replay.is_prompted = session->screen.is_terminal && isatty(STDIN_FILENO) == 1;
  TRY(session_open(session));
  TRY(find_ends(session, &replay));
  return go(&replay);
}

static const struct command_option options[] = {
    {0, "from", MOMENT, "from this entry on; a time is the last entry recorded by then", NULL,
     NULL},
    {0, "to", MOMENT, "up to this entry", NULL, NULL},
    {0, "speed", "N", "N events a second; without it, as fast as it goes", NULL, NULL},
    {0, "break", "change|kind:KIND|subject:SUBJECT",
     "stop after each event that changes something, is of this kind, or changes what is said of "
     "this "
     "subject: on a terminal until Enter is pressed, elsewhere for good",
     NULL, NULL},
    {0, "valid-at", "TIME", "only what holds, or may hold, in the world at this time", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command replay_command = {
    .name = "replay",
    .summary = "step through the log, with what each event changed",
    .usage = "[SUBJECT]...",
    .text =
        "Steps through the log from the first entry, or --from, and shows each event together with "
        "what it changed: + what is said from then on, - what is not said any more, ~ what is said "
        "otherwise, by the policy in force there. With subjects, only events are shown that change "
        "what is said of one of them. "
        "The same log gives the same output, whenever and wherever. --json gives one object a "
        "line. "
        "Stopped at a break, or interrupted, it says from which entry to go on.",
    .examples =
        "  adduce replay\n"
        "  adduce replay --from 2025-12-13 --speed 4\n"
        "  adduce replay release/minsk --break kind:claim.corrected\n"
        "  adduce replay --json --to 100\n",
    .options = options,
    .operands_max = -1,
    .run = run,
};
