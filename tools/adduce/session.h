/* SPDX-License-Identifier: Apache-2.0 */
/* A session: one run of one command, from its options to its exit status.
 *
 * Commands return the error of the library, whose detail stands in the scope, or fail with
 * session_fail, whose detail stands here; main reports either once, for a person or as JSON. */
#ifndef ADDUCE_CLI_SESSION_H
#define ADDUCE_CLI_SESSION_H

#include "bar.h"
#include "columns.h"
#include "command.h"
#include "screen.h"

#define SESSION_SELECTORS 64 /* of --without, and of --only */

struct session {
  const struct command *command;
  struct options options;
  bool is_json;
  struct adduce_scope *scope;
  struct screen screen;
  struct bar bar;
  const char *detail; /* our own; NULL: the scope's counts */
  const char *hint;   /* what to do; NULL: what fits the error */
  bool is_reported;   /* whatever went wrong has been said already */

  bool pages_first;   /* the ledger may be damaged: adduce_options */
  const char *folder; /* of the ledger, once it was looked for */
  struct adduce_ledger *ledger;
  struct adduce_signer *author, *log_signer;
  const char *without[SESSION_SELECTORS], *only[SESSION_SELECTORS]; /* of the question */
};

/* Returns early with the error of a call. Only where nothing is left to release. */
#define TRY(call)                             \
  do {                                        \
    enum adduce_err try_err = (call);         \
    if (try_err != ADDUCE_OK) return try_err; \
  } while (0)

/* Returns `err` with a detail of our own. */
__attribute__((format(printf, 3, 4))) enum adduce_err session_fail(struct session *session,
                                                                   enum adduce_err err,
                                                                   const char *format, ...);

/* As session_fail, for what the system refused: the error is the one that fits errno. */
enum adduce_err session_fail_system(struct session *session, const char *what, const char *path);

/* Opens what every command needs. */
ADDUCE_MUST_USE enum adduce_err session_init(struct session *session);

/* Closes everything. */
void session_release(struct session *session);

/* What went wrong, in words. */
const char *session_detail(const struct session *session, enum adduce_err err);

/* Says on standard error what went wrong. */
void session_report(struct session *session, enum adduce_err err);

/* --- the ledger ----------------------------------------------------------------------------*/

/* Opens the ledger for questions: for reading only where it cannot be otherwise. */
ADDUCE_MUST_USE enum adduce_err session_open(struct session *session);

/* Opens it for work on its files, and for composing claims. */
ADDUCE_MUST_USE enum adduce_err session_open_files(struct session *session);

/* Opens the open ledger anew for writing, with the author's key and the log's; what may be asked
 * for a passphrase comes after everything that can be refused without it. */
ADDUCE_MUST_USE enum adduce_err session_open_signers(struct session *session);

/* The folder of the ledger. */
ADDUCE_MUST_USE enum adduce_err session_find(struct session *session, const char **folder);

/* The question of --at, --valid-at, --without, --only, --limit and --skip. */
ADDUCE_MUST_USE enum adduce_err session_question(struct session *session,
                                                 struct adduce_question *question);

/* --- answers -------------------------------------------------------------------------------*/

typedef void session_print_fn(struct session *session, const struct adduce_value *answer);

/* Gives an answer: as JSON, or as `print` shows it. */
ADDUCE_MUST_USE enum adduce_err session_answer(struct session *session,
                                               const struct adduce_value *answer,
                                               session_print_fn *print);

/* Gives an answer of our own that is JSON already. */
ADDUCE_MUST_USE enum adduce_err session_answer_json(struct session *session, const char *json);

/* The arguments of an option that may be given more than once, at most `most`. */
ADDUCE_MUST_USE enum adduce_err session_list(struct session *session, const char **list,
                                             size_t *count, size_t most, const char *name);

/* The operand of this number; NULL if there are fewer. */
const char *session_operand(const struct session *session, int number);

#endif
