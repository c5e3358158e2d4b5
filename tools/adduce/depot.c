/* SPDX-License-Identifier: Apache-2.0 */
#include "depot.h"

#include <string.h>

#define ANSWER_BYTES ((size_t)64 << 10) /* what a server says to a PUT */

static const char *url_of(const struct depot *depot, const char *path) {
  return text_format("%s/%s", depot->location, path);
}

/* What a status other than success means. */
static enum adduce_err refused(struct adduce_scope *scope, const char *url, long status) {
  if (status == 404 || status == 410)
    return adduce_fetch_fail(scope, ADDUCE_E_NO_FILE, text_format("%s is not there", url));
  if (status == 412)
    return adduce_fetch_fail(scope, ADDUCE_E_EXISTS, text_format("%s is there already", url));
  return adduce_fetch_fail(scope, ADDUCE_E_REMOTE, text_format("%s answers %ld", url, status));
}

static enum adduce_err fetch(void *context, struct adduce_scope *scope, struct adduce_span *bytes,
                             const char *path, size_t limit_bytes) {
  struct depot *depot = context;
  struct http_answer answer;
  const char *url = url_of(depot, path);
  enum adduce_err err = http_get(depot->http, scope, &answer, url, limit_bytes);
  if (err != ADDUCE_OK) return err;
  *bytes = answer.body;
  return answer.status == 200 ? ADDUCE_OK : refused(scope, url, answer.status);
}

static enum adduce_err get(void *context, struct adduce_scope *scope, const char *to,
                           const char *path, size_t limit_bytes) {
  struct depot *depot = context;
  const char *url = url_of(depot, path);
  long status;
  enum adduce_err err = http_download(depot->http, scope, &status, url, to, limit_bytes);
  if (err != ADDUCE_OK) return err;
  return status == 200 ? ADDUCE_OK : refused(scope, url, status);
}

/* Servers that do not know "If-None-Match" would replace what is there, so it is asked first. */
static enum adduce_err is_free(struct depot *depot, struct adduce_scope *scope, const char *url) {
  struct http_answer answer;
  enum adduce_err err = http_head(depot->http, scope, &answer, url);
  if (err != ADDUCE_OK || answer.status != 200) return err;
  return adduce_fetch_fail(scope, ADDUCE_E_EXISTS, text_format("%s is there already", url));
}

static enum adduce_err put(void *context, struct adduce_scope *scope, const char *path,
                           const char *from, bool exclusive) {
  struct depot *depot = context;
  struct http_answer answer;
  const char *url = url_of(depot, path);
  enum adduce_err err = exclusive ? is_free(depot, scope, url) : ADDUCE_OK;
  if (err == ADDUCE_OK)
    err = http_upload(depot->http, scope, &answer, url, from, exclusive, ANSWER_BYTES);
  if (err != ADDUCE_OK) return err;
  bool is_done = answer.status == 200 || answer.status == 201 || answer.status == 204;
  return is_done ? ADDUCE_OK : refused(scope, url, answer.status);
}

enum adduce_err depot_open(struct session *session, struct depot *depot, const char *location) {
  size_t size = strlen(location);
  while (size > 1 && location[size - 1] == '/') size--;
  *depot = (struct depot){.location = text_format("%.*s", (int)size, location)};
  bool is_url = strncmp(location, "http://", 7) == 0 || strncmp(location, "https://", 8) == 0;
  if (!is_url) {
    depot->means = adduce_depot_folder(depot->location);
    return ADDUCE_OK;
  }
  depot->http = http_open();
  if (depot->http == NULL) return session_fail(session, ADDUCE_E_IO, "libcurl does not start");
  depot->means = (struct adduce_depot){fetch, get, put, depot};
  return ADDUCE_OK;
}

enum adduce_err depot_of_remote(struct session *session, struct depot *depot, const char *name) {
  const struct adduce_value *answer;
  struct text known;
  text_begin(&known);
  TRY(adduce_remotes(session->scope, session->ledger, &answer));
  const struct adduce_value *remotes = adduce_value_get(answer, "remotes");
  for (size_t i = 0; i < adduce_value_count(remotes); i++) {
    const struct adduce_value *remote = adduce_value_at(remotes, i);
    const char *each = adduce_value_text(adduce_value_get(remote, "name"));
    fprintf(known.stream, "%s%s", i == 0 ? "; there are " : ", ", each);
    if (strcmp(each, name) != 0) continue;
    (void)text_end(&known);
    return depot_open(session, depot, adduce_value_text(adduce_value_get(remote, "location")));
  }
  return session_fail(session, ADDUCE_E_NOT_FOUND, "there is no remote %s%s", text_clean(name),
                      text_end(&known));
}

void depot_close(struct depot *depot) {
  http_close(&depot->http);
}
