/* SPDX-License-Identifier: Apache-2.0 */
/* Positions on the command line: INDEX and TIME go to the library as they are; @FILE is the text of
 * the checkpoint in that file ("-": standard input). */
#ifndef ADDUCE_CLI_MOMENT_H
#define ADDUCE_CLI_MOMENT_H

#include "session.h"

/* What help says of a position. */
#define MOMENT "INDEX|TIME|@FILE"

/* `written` NULL is no position, and stays NULL. Errors: those of reading the file; ADDUCE_E_NOTE
 * (it is no checkpoint). */
ADDUCE_MUST_USE enum adduce_err moment_read(struct session *session, const char **position,
                                            const char *written);

#endif
