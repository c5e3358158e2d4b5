/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about proofs have in common: files, policies, logs by name, reports. */
#ifndef ADDUCE_CLI_EVIDENCE_H
#define ADDUCE_CLI_EVIDENCE_H

#include "http.h"
#include "session.h"

#define EVIDENCE_FILE_BYTES ((size_t)16 << 20)

/* --- files --- */

/* Reads a file ("-": standard input) of at most EVIDENCE_FILE_BYTES. */
ADDUCE_MUST_USE enum adduce_err evidence_read(struct session *session, struct adduce_span *bytes,
                                              const char *path);

/* Writes to --output, or to `path` without it ("-": standard output); says so, but not as JSON or
 * on standard output. A file is whole or not there. */
ADDUCE_MUST_USE enum adduce_err evidence_write(struct session *session, const char *path,
                                               struct adduce_span bytes);

/* --- policies --- */

#define EVIDENCE_TRUST_OPTIONS                                                                  \
  {'p',                                                                                         \
   "policy",                                                                                    \
   "FILE",                                                                                      \
   "whom to believe: a C2SP tlog-policy; @SIZE is the one this ledger had logged at that size", \
   NULL,                                                                                        \
   NULL},                                                                                       \
  {                                                                                             \
    0, "vkey", "VKEY", "believe this verifier key, and ask for no witness", NULL, NULL          \
  }

/* The policy of --policy (a file, or @SIZE of the ledger here) or --vkey; NULL when neither is
 * given. */
ADDUCE_MUST_USE enum adduce_err evidence_policy(struct session *session,
                                                const struct adduce_policy **policy);

/* As evidence_policy; else that of the ledger's own key, or an error when there is no ledger. */
ADDUCE_MUST_USE enum adduce_err evidence_policy_needed(struct session *session,
                                                       const struct adduce_policy **policy,
                                                       struct adduce_ledger *ledger);

/* --- logs --- */

/* A published log by its URL, its folder, the folder of a ledger, or a file that is a checkpoint.
 */
struct evidence_log {
  struct adduce_published published;
  const char *folder;           /* of a published folder, else NULL */
  const char *file;             /* a lone checkpoint, else NULL */
  const char *url;              /* else NULL */
  struct adduce_ledger *ledger; /* else NULL */
  bool is_borrowed;             /* the ledger is the session's */
  struct http *http;
};

/* `name` NULL: the session's ledger. Errors: ADDUCE_E_NO_FILE (nothing of the kind is there),
 * those of opening a ledger. */
ADDUCE_MUST_USE enum adduce_err evidence_open(struct session *session, struct evidence_log *log,
                                              const char *name);
void evidence_close(struct evidence_log *log);

/* --- reports --- */

/* Prints what is proven and what not, and how the policy fared. */
void evidence_print(struct session *session, const struct adduce_value *report);

/* Answers with the report although something was found wrong; returns `err`. */
ADDUCE_MUST_USE enum adduce_err evidence_answer(struct session *session,
                                                const struct adduce_value *report,
                                                session_print_fn *print, enum adduce_err err);

#endif
