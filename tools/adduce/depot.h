/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the depot of a remote: a folder, or a URL over HTTP. */
#ifndef ADDUCE_CLI_DEPOT_H
#define ADDUCE_CLI_DEPOT_H

#include "http.h"
#include "session.h"

struct depot {
  struct adduce_depot means;
  const char *location; /* without slashes at its end */
  struct http *http;    /* NULL for a folder */
};

/* The depot at a location. Errors: ADDUCE_E_IO (libcurl does not start). */
ADDUCE_MUST_USE enum adduce_err depot_open(struct session *session, struct depot *depot,
                                           const char *location);
/* The depot of a remote of the session's ledger. Errors: ADDUCE_E_NOT_FOUND, as above. */
ADDUCE_MUST_USE enum adduce_err depot_of_remote(struct session *session, struct depot *depot,
                                                const char *name);
void depot_close(struct depot *depot);

#endif
