/* SPDX-License-Identifier: Apache-2.0 */
/* The policy that a command line names. */
#ifndef ADDUCE_CLI_RULES_H
#define ADDUCE_CLI_RULES_H

#include "session.h"

/* What adduce_question.policy takes, from --policy: the text of a file there is, else the word
 * itself. NULL stays NULL. Errors: ADDUCE_E_JSON (a file that is no JSON), ADDUCE_E_NO_FILE (a path
 * that is not there), those of reading. */
ADDUCE_MUST_USE enum adduce_err rules_read(struct session *session, const char **policy,
                                           const char *written);

#endif
