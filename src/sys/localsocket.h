/* SPDX-License-Identifier: Apache-2.0 */
/* One question and one answer over a local socket, each a u32be length and that many bytes:
 * what the ssh-agent speaks. (Not named socket.h, which would stand before the system's own
 * <sys/socket.h> on the include path.) */
#ifndef SYS_LOCALSOCKET_H
#define SYS_LOCALSOCKET_H

#include "base/scope.h"

/* Connects to the Unix socket at `path`, sends `request` with its length before it, reads one
 * reply and hangs up. `*reply`, without its length, lives in the scope. All of it together may
 * take `timeout_ms`. Errors: ADDUCE_E_NO_FILE (nothing there), ADDUCE_E_PERMISSION,
 * ADDUCE_E_TOO_LARGE (a reply over `limit_bytes`), ADDUCE_E_IO (nobody listens, hung up before
 * the reply was whole, or out of time), ADDUCE_E_MEMORY. `*reply` is empty then. */
MUST_USE enum adduce_err localsocket_exchange(struct adduce_scope *scope, struct adduce_span *reply,
                                              const char *path, struct adduce_span request,
                                              size_t limit_bytes, unsigned timeout_ms);

#endif
