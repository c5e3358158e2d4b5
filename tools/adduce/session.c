/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "moment.h"
#include "place.h"
#include "rules.h"

/* --- what went wrong -----------------------------------------------------------------------*/

enum adduce_err session_fail(struct session *session, enum adduce_err err, const char *format,
                             ...) {
  va_list arguments;
  va_start(arguments, format);
  session->detail = text_vformat(format, arguments);
  va_end(arguments);
  return err;
}

enum adduce_err session_fail_system(struct session *session, const char *what, const char *path) {
  enum adduce_err err = ADDUCE_E_IO;
  int cause = errno;
  if (cause == ENOENT || cause == ENOTDIR) err = ADDUCE_E_NO_FILE;
  if (cause == EACCES || cause == EPERM) err = ADDUCE_E_PERMISSION;
  if (cause == EROFS) err = ADDUCE_E_READ_ONLY;
  if (cause == ENOSPC || cause == EDQUOT) err = ADDUCE_E_DISK_FULL;
  if (cause == EEXIST) err = ADDUCE_E_EXISTS;
  return session_fail(session, err, "cannot %s %s: %s", what, path, strerror(cause));
}

const char *session_detail(const struct session *session, enum adduce_err err) {
  const char *detail = session->detail;
  if (detail == NULL && session->scope != NULL) detail = adduce_scope_detail(session->scope);
  return detail == NULL || detail[0] == '\0' ? adduce_error_sentence(err) : detail;
}

/* What to do about it, where the detail does not say so itself. */
static const char *usual_hint(const struct session *session, enum adduce_err err) {
  const char *name = session->command == NULL ? "" : session->command->name;
  switch (err) {
    case ADDUCE_E_USAGE:
      return text_format("`adduce help%s%s` says more", name[0] == '\0' ? "" : " ", name);
    case ADDUCE_E_NOT_A_LEDGER:
      return "`adduce init ORIGIN` makes a ledger; -C DIR or $ADDUCE_LEDGER names another";
    case ADDUCE_E_AMBIGUOUS:
      return "give more of its digits";
    case ADDUCE_E_PASSPHRASE:
      return "passphrases are asked for on the terminal, or read with --passphrase-fd N";
    case ADDUCE_E_KEY_FILE:
      return "a key file is yours alone (chmod 600) and no link";
    case ADDUCE_E_AGENT:
      return "`ssh-add -L` lists what the agent holds";
    case ADDUCE_E_DISK_FULL:
      return "make room and do it again; nothing of it was written";
    case ADDUCE_E_CORRUPT:
      return "`adduce verify` says how far it is intact; a backup can take its place";
    case ADDUCE_E_NEWER:
      return "use the adduce that wrote it, or a later one";
    case ADDUCE_E_ROLLBACK:
      return "this is an older copy: put the newer files back, and leave the head lock as it is";
    case ADDUCE_E_FORK:
      return "two histories were signed under one name: keep both, and find out who signed";
    case ADDUCE_E_NO_LOCK:
      return "a copy is read only; write where the head lock is, or set $ADDUCE_HEADS to its "
             "folder";
    case ADDUCE_E_CLOCK:
      return "set the clock right, or say --accept-clock if it is right";
    case ADDUCE_E_UNAUTHORIZED:
      return "`adduce authors` lists who may; one of them can `adduce author authorize KEY`";
    case ADDUCE_E_REVOKED:
      return "--key NAME signs with another key";
    case ADDUCE_E_KIND:
      return "`adduce kinds` lists the kinds";
    case ADDUCE_E_FIELD:
    case ADDUCE_E_MISSING:
      return "`adduce kinds KIND` lists the fields of a kind, with an example";
    case ADDUCE_E_NOT_FOUND:
      return "`adduce log` lists events, `adduce state` subjects";
    case ADDUCE_E_OUTCOME_UNKNOWN:
      return "`adduce log -r -n 5` shows whether it is in the log; if not, run it again";
    default:
      return NULL;
  }
}

static void report_json(const struct session *session, enum adduce_err err, const char *detail,
                        const char *hint) {
  struct text json;
  (void)session;
  text_begin(&json);
  fputs("{\"error\": ", json.stream);
  text_json_loose(json.stream, adduce_error_name(err), strlen(adduce_error_name(err)));
  fputs(", \"detail\": ", json.stream);
  text_json_loose(json.stream, detail, strlen(detail));
  if (hint != NULL) {
    fputs(", \"hint\": ", json.stream);
    text_json_loose(json.stream, hint, strlen(hint));
  }
  fprintf(json.stream, ", \"exit\": %d}\n", adduce_error_exit(err));
  fputs(text_end(&json), stderr);
}

void session_report(struct session *session, enum adduce_err err) {
  const char *detail = session_detail(session, err);
  const char *hint = session->hint;
  if (hint == NULL && strstr(detail, "`adduce ") == NULL) hint = usual_hint(session, err);
  bar_clear(&session->bar);
  if (session->is_json) {
    report_json(session, err, detail, hint);
    return;
  }
  text_isolate(isatty(STDERR_FILENO) == 1);
  fprintf(stderr, "adduce: %s\n", text_clean(detail));
  if (hint != NULL) fprintf(stderr, "        %s\n", hint);
  text_isolate(session->screen.is_terminal);
}

/* --- life ----------------------------------------------------------------------------------*/

enum adduce_err session_init(struct session *session) {
  session->is_json = command_has(&session->options, "json");
  screen_init(&session->screen, command_has(&session->options, "no-color") || session->is_json);
  TRY(adduce_scope_open(&session->scope, 0));
  adduce_scope_progress(session->scope, bar_progress, &session->bar);
  return ADDUCE_OK;
}

void session_release(struct session *session) {
  adduce_ledger_close(&session->ledger);
  adduce_signer_close(&session->author);
  adduce_signer_close(&session->log_signer);
  adduce_scope_close(&session->scope);
}

const char *session_operand(const struct session *session, int number) {
  return number < session->options.operand_count ? session->options.operands[number] : NULL;
}

/* --- the ledger ----------------------------------------------------------------------------*/

enum adduce_err session_find(struct session *session, const char **folder) {
  const char *given = command_argument(&session->options, "C");
  *folder = place_ledger(given);
  if (*folder == NULL)
    return session_fail(session, ADDUCE_E_NOT_A_LEDGER,
                        "there is no ledger here: no folder .adduce in this folder or above it");
  errno = 0;
  if (!place_is_folder(*folder)) {
    if (errno == ENOENT)
      return session_fail(session, ADDUCE_E_NOT_A_LEDGER, "there is no folder %s", *folder);
    if (errno != 0 && errno != ENOTDIR) return session_fail_system(session, "look at", *folder);
    return session_fail(session, ADDUCE_E_NOT_A_LEDGER, "%s is no folder, so no ledger", *folder);
  }
  session->folder = *folder;
  return ADDUCE_OK;
}

static enum adduce_err open_as(struct session *session, bool read_only) {
  const struct adduce_options options = {
      .headlock_folder = place_heads(),
      .log_signer = session->log_signer,
      .read_only = read_only,
      .pages_first = session->pages_first,
  };
  const char *folder;
  TRY(session_find(session, &folder));
  return adduce_ledger_open(session->scope, &session->ledger, folder, &options);
}

enum adduce_err session_open(struct session *session) {
  enum adduce_err err = open_as(session, false);
  if (err == ADDUCE_E_READ_ONLY || err == ADDUCE_E_PERMISSION) err = open_as(session, true);
  return err;
}

enum adduce_err session_open_files(struct session *session) {
  return open_as(session, false);
}

/* Whose log this is, and the key it signs with now. */
static enum adduce_err ask_vkey(struct session *session, const char **origin, const char **vkey) {
  const struct adduce_value *stat;
  TRY(adduce_stat(session->scope, session->ledger, &stat));
  const struct adduce_value *name = adduce_value_get(stat, "origin");
  const struct adduce_value *key = adduce_value_get(stat, "vkey");
  if (name == NULL || key == NULL)
    return session_fail(session, ADDUCE_E_CORRUPT, "the ledger does not say whose log this is");
  *origin = adduce_value_text(name);
  *vkey = adduce_value_text(key);
  return ADDUCE_OK;
}

/* First the author's key, then the log's: a dry run is judged as the append would be. */
enum adduce_err session_open_signers(struct session *session) {
  const char *origin = NULL, *vkey = NULL;
  TRY(ask_vkey(session, &origin, &vkey));
  TRY(keys_open_author(session));
  TRY(keys_open_log(session, origin, vkey));
  adduce_ledger_close(&session->ledger);
  return open_as(session, false);
}

/* Every argument of an option that may be given more than once. */
static enum adduce_err gather(struct session *session, const char *name, const char **arguments,
                              size_t *count) {
  *count = 0;
  for (size_t i = 0; i < session->options.given_count; i++) {
    const struct given *given = &session->options.given[i];
    if (given->option->name == NULL || strcmp(given->option->name, name) != 0) continue;
    if (*count == SESSION_SELECTORS)
      return session_fail(session, ADDUCE_E_USAGE, "--%s can be given %d times at most", name,
                          SESSION_SELECTORS);
    arguments[(*count)++] = given->argument;
  }
  return ADDUCE_OK;
}

enum adduce_err session_question(struct session *session, struct adduce_question *question) {
  *question = (struct adduce_question)ADDUCE_QUESTION_DEFAULT;
  TRY(moment_read(session, &question->at, command_argument(&session->options, "at")));
  question->valid_at = command_argument(&session->options, "valid-at");
  TRY(gather(session, "without", session->without, &question->without_count));
  TRY(gather(session, "only", session->only, &question->only_count));
  question->without = session->without;
  question->only = session->only;
  question->said_by = command_argument(&session->options, "said-by");
  question->certainty = command_argument(&session->options, "certainty");
  question->indicative = command_has(&session->options, "indicative");
  TRY(rules_read(session, &question->policy, command_argument(&session->options, "policy")));
  if (!command_number(&session->options, "limit", &question->limit, 0))
    return session_fail(session, ADDUCE_E_USAGE, "--limit needs a number, not \"%s\"",
                        command_argument(&session->options, "limit"));
  if (!command_number(&session->options, "skip", &question->skip, 0))
    return session_fail(session, ADDUCE_E_USAGE, "--skip needs a number, not \"%s\"",
                        command_argument(&session->options, "skip"));
  return ADDUCE_OK;
}

/* --- answers -------------------------------------------------------------------------------*/

enum adduce_err session_answer(struct session *session, const struct adduce_value *answer,
                               session_print_fn *print) {
  const char *json;
  bar_clear(&session->bar);
  if (!session->is_json) {
    print(session, answer);
    return ADDUCE_OK;
  }
  TRY(adduce_value_to_json(session->scope, &json, answer, true));
  puts(json);
  return ADDUCE_OK;
}

enum adduce_err session_answer_json(struct session *session, const char *json) {
  const struct adduce_value *answer;
  TRY(adduce_value_from_json(session->scope, &answer, json, strlen(json)));
  return session_answer(session, answer, NULL);
}

enum adduce_err session_list(struct session *session, const char **list, size_t *count, size_t most,
                             const char *name) {
  const struct options *given = &session->options;
  for (size_t i = 0; i < given->given_count; i++) {
    if (strcmp(given->given[i].option->name, name) != 0) continue;
    if (*count == most)
      return session_fail(session, ADDUCE_E_USAGE, "--%s is given more than %zu times", name, most);
    list[(*count)++] = given->given[i].argument;
  }
  return ADDUCE_OK;
}
