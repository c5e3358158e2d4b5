/* SPDX-License-Identifier: Apache-2.0 */
/* From a composed claim to its receipt, and receipts for people and as JSON. */
#ifndef ADDUCE_CLI_SUBMIT_H
#define ADDUCE_CLI_SUBMIT_H

#include "compose.h"

/* A writer for the session's ledger, by --dry-run and --accept-clock. */
ADDUCE_MUST_USE enum adduce_err submit_open(struct session *session, struct adduce_writer **writer,
                                            bool dry_run);

/* Commits; once more when the outcome is unknown, since what is there counts as a duplicate. */
ADDUCE_MUST_USE enum adduce_err submit_commit(struct session *session, struct adduce_writer *writer,
                                              struct adduce_receipt *receipt);

/* Appends one claim, or judges it if `dry_run`. */
ADDUCE_MUST_USE enum adduce_err submit_claim(struct session *session,
                                             struct adduce_receipt *receipt,
                                             const struct adduce_value *claim, bool dry_run);

/* Prints the receipt of one claim of this kind. */
ADDUCE_MUST_USE enum adduce_err submit_print(struct session *session,
                                             const struct adduce_receipt *receipt,
                                             const char *kind);

/* Ends the claim, appends it and prints its receipt. */
ADDUCE_MUST_USE enum adduce_err submit_composed(struct compose *compose);

/* A whole command that makes one claim of this kind: opens the ledger for writing; operands that
 * are fields become fields, the others targets, references of role `role`; options fill the rest.
 */
ADDUCE_MUST_USE enum adduce_err submit_run(struct session *session, const char *kind,
                                           const char *role);

#endif
