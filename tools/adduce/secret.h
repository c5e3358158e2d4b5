/* SPDX-License-Identifier: Apache-2.0 */
/* Passphrases: from the terminal without echo, or from --passphrase-fd, a line each; never from
 * arguments or the environment, which others can read. They are held in locked memory and wiped. */
#ifndef ADDUCE_CLI_SECRET_H
#define ADDUCE_CLI_SECRET_H

#include "session.h"

#define SECRET_BYTES 1024

struct secret {
  char bytes[SECRET_BYTES];
  size_t size;
};

/* No core dump and no debugger shows this process's memory from now on. */
void secret_protect(void);

/* Asks for a passphrase that exists. Errors: ADDUCE_E_PASSPHRASE (neither a terminal nor a
 * descriptor, or its end), ADDUCE_E_USAGE (no such descriptor, or too long),
 * ADDUCE_E_INTERRUPTED. The secret is wiped then. */
ADDUCE_MUST_USE enum adduce_err secret_ask(struct session *session, struct secret *secret,
                                           const char *whose);

/* Asks for a new one: on a terminal twice, until both are the same. It may be empty. */
ADDUCE_MUST_USE enum adduce_err secret_ask_new(struct session *session, struct secret *secret,
                                               const char *whose);

/* Whether there is anybody to ask. */
bool secret_can_ask(const struct session *session);

void secret_wipe(struct secret *secret);

#endif
