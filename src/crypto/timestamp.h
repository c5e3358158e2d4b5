/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamps by outsiders, RFC 3161, with OpenSSL: a time-stamping authority signs that it saw a
 * digest at a time. The digest is SHA-256 of what is stamped. Requests ask for the certificate, so
 * that a token can be verified with the authority's root alone. */
#ifndef CRYPTO_TIMESTAMP_H
#define CRYPTO_TIMESTAMP_H

#include "base/scope.h"

#define TIMESTAMP_BYTES_MAX ((size_t)256 << 10)

/* A request for `stamped`, DER. It has no nonce: the token is bound to the digest, an old token
 * for it says an earlier time, and that is only a better bound. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err timestamp_request(struct adduce_scope *scope, struct adduce_span *request,
                                           struct adduce_span stamped);

struct timestamp {
  int64_t time_us;       /* what the authority's clock said */
  int64_t until_us;      /* the latest that may be, by the accuracy it states: the upper bound */
  const char *authority; /* the subject of the certificate that signed, or "" */
  const char *serial;    /* hexadecimal */
};

/* Reads a response or a bare token; proves nothing. Errors: ADDUCE_E_FORM, ADDUCE_E_TOO_LARGE,
 * ADDUCE_E_TIMESTAMP (the authority refused: its status, with its own words), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err timestamp_parse(struct adduce_scope *scope, struct timestamp *timestamp,
                                         struct adduce_span response);

/* That the authority, whose certificate must lead to one of `certificates` (PEM) and be made for
 * time-stamping, stamped these bytes. The certificates are judged as of the stamped time, so a
 * token does not die with its certificate. Errors: as timestamp_parse; ADDUCE_E_TIMESTAMP (what
 * does not verify), ADDUCE_E_FORM (no certificate in `certificates`). */
MUST_USE enum adduce_err timestamp_verify(struct adduce_scope *scope, struct timestamp *timestamp,
                                          struct adduce_span response, struct adduce_span stamped,
                                          struct adduce_span certificates);

#endif
