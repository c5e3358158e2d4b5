/* SPDX-License-Identifier: Apache-2.0 */
/* What import and pull have in common: how the entries of another ledger are to be taken in, and
 * what is said of it. */
#ifndef ADDUCE_CLI_INTAKE_H
#define ADDUCE_CLI_INTAKE_H

#include "session.h"

/* By --accept-recipient, --admit and --quarantine, with the session's author.
 * Errors: ADDUCE_E_USAGE (the last two exclude each other). */
ADDUCE_MUST_USE enum adduce_err intake_options(struct session *session,
                                               struct adduce_import_options *options);

/* Evidence of two histories is worth more than the import: writes it to --output, or to `path`
 * without it, and returns `err` with a detail that says where it is. Errors: those of
 * evidence_write. */
ADDUCE_MUST_USE enum adduce_err intake_keep_evidence(struct session *session, const char *path,
                                                     struct adduce_span evidence,
                                                     enum adduce_err err);

/* Prints the number under `key` and what it counts; nothing if it is 0. */
void intake_print_count(const struct adduce_value *report, const char *key, const char *what);

/* Prints what became of the entries that were not admitted now. */
void intake_print_others(const struct adduce_value *report);

#endif
