/* SPDX-License-Identifier: Apache-2.0 */
/* Asking others over HTTP, with libcurl: GET and POST with a limit of bytes and of time, and no
 * protocol but http and https. What comes back is bounded while it comes, whatever its headers say.
 */
#ifndef ADDUCE_CLI_HTTP_H
#define ADDUCE_CLI_HTTP_H

#include "text.h"

struct http;

/* One connection that is used again and again; NULL if libcurl does not start. */
struct http *http_open(void);
void http_close(struct http **http);

struct http_answer {
  long status;             /* of HTTP */
  const char *type;        /* Content-Type, or "" */
  struct adduce_span body; /* in the scope; a NUL follows */
};

/* Errors: ADDUCE_E_TOO_LARGE (the body has more than `limit_bytes`), ADDUCE_E_REMOTE (no answer in
 * time, or none of HTTP), ADDUCE_E_MEMORY. An answer of any status is none. */
ADDUCE_MUST_USE enum adduce_err http_get(struct http *http, struct adduce_scope *scope,
                                         struct http_answer *answer, const char *url,
                                         size_t limit_bytes);
ADDUCE_MUST_USE enum adduce_err http_post(struct http *http, struct adduce_scope *scope,
                                          struct http_answer *answer, const char *url,
                                          const char *type, struct adduce_span body,
                                          size_t limit_bytes);

/* Asks without the body. Errors: as http_get. */
ADDUCE_MUST_USE enum adduce_err http_head(struct http *http, struct adduce_scope *scope,
                                          struct http_answer *answer, const char *url);

/* Gets a file of at most `limit_bytes` into `path`, which is new or replaced; only an answer of
 * status 200 is written. Errors: as http_get; those of writing the file, which is then removed. */
ADDUCE_MUST_USE enum adduce_err http_download(struct http *http, struct adduce_scope *scope,
                                              long *status, const char *url, const char *path,
                                              size_t limit_bytes);

/* Puts the file at `path` there; with `exclusive`, only where there is none ("If-None-Match: *",
 * which a server that does not know it passes over). Errors: as http_post; ADDUCE_E_NO_FILE. */
ADDUCE_MUST_USE enum adduce_err http_upload(struct http *http, struct adduce_scope *scope,
                                            struct http_answer *answer, const char *url,
                                            const char *path, bool exclusive, size_t limit_bytes);

#endif
