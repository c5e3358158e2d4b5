/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"

#define RESPONSE_BYTES ((size_t)256 << 10)

static void print_list(struct session *session, const struct adduce_value *list) {
  (void)session;
  if (adduce_value_count(list) == 0) puts("no timestamps are kept");
  for (size_t i = 0; i < adduce_value_count(list); i++) {
    const struct adduce_value *map = adduce_value_at(list, i);
    printf("the first %lld entries were recorded before %s, says %s%s\n",
           (long long)shown_integer(map, "size"), shown_when(adduce_value_get(map, "time")),
           shown_text(map, "authority"),
           shown_flag(map, "verified") ? "" : " (not verified: --ca FILE does)");
  }
}

static enum adduce_err keep(struct session *session, struct adduce_span response, uint64_t size,
                            struct adduce_span certificates) {
  int64_t time_us;
  struct adduce_span none = {NULL, 0};
  const struct adduce_value *list;
  if (certificates.size == 0)
    return session_fail(session, ADDUCE_E_USAGE, "--ca FILE: the authority's certificates");
  TRY(adduce_timestamp_keep(session->scope, session->ledger, &time_us, size, response,
                            certificates));
  TRY(adduce_timestamp_list(session->scope, session->ledger, &list, none));
  if (session->is_json) return session_answer(session, list, print_list);
  printf("the first %llu entries were recorded before %s\n", (unsigned long long)size,
         text_time(time_us, false));
  return ADDUCE_OK;
}

static enum adduce_err ask(struct session *session, const char *url,
                           struct adduce_span certificates) {
  struct adduce_span request;
  struct http_answer answer;
  uint64_t size;
  TRY(adduce_timestamp_request(session->scope, session->ledger, &request, &size));
  struct http *http = http_open();
  if (http == NULL) return session_fail(session, ADDUCE_E_IO, "libcurl does not start");
  enum adduce_err err = http_post(http, session->scope, &answer, url, "application/timestamp-query",
                                  request, RESPONSE_BYTES);
  http_close(&http);
  if (err != ADDUCE_OK) return err;
  if (answer.status != 200)
    return session_fail(session, ADDUCE_E_REMOTE, "%s answers %ld", url, answer.status);
  return keep(session, answer.body, size, certificates);
}

static enum adduce_err write_request(struct session *session) {
  struct adduce_span request;
  uint64_t size;
  TRY(adduce_timestamp_request(session->scope, session->ledger, &request, &size));
  return evidence_write(session, text_format("%llu.tsq", (unsigned long long)size), request);
}

static enum adduce_err run(struct session *session) {
  const struct adduce_value *list;
  const char *ca = command_argument(&session->options, "ca");
  const char *response = command_argument(&session->options, "response");
  const char *url = command_argument(&session->options, "tsa");
  struct adduce_span certificates = {NULL, 0}, bytes;
  uint64_t size;
  if (ca != NULL) TRY(evidence_read(session, &certificates, ca));
  TRY(session_open(session));
  if (command_has(&session->options, "request")) return write_request(session);
  if (url != NULL) return ask(session, url, certificates);
  if (response != NULL) {
    if (!command_has(&session->options, "size") ||
        !command_number(&session->options, "size", &size, 0))
      return session_fail(session, ADDUCE_E_USAGE, "--size: of which checkpoint?");
    TRY(evidence_read(session, &bytes, response));
    return keep(session, bytes, size, certificates);
  }
  TRY(adduce_timestamp_list(session->scope, session->ledger, &list, certificates));
  return session_answer(session, list, print_list);
}

static const struct command_option options[] = {
    {0, "tsa", "URL", "ask this time-stamping authority", NULL, NULL},
    {0, "ca", "FILE", "the certificates (PEM) that the authority's must lead to", NULL, NULL},
    {0, "request", NULL, "write the request, to be brought to an authority by other means", NULL,
     NULL},
    {0, "response", "FILE", "keep the response that came by other means", NULL, NULL},
    {0, "size", "SIZE", "of the checkpoint that the response is about", NULL, NULL},
    {'o', "output", "FILE", "where the request goes; SIZE.tsq without it", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command timestamp_command = {
    .name = "timestamp",
    .summary = "have an outsider say when the log was there at the latest",
    .usage =
        "[--ca FILE]\n--tsa URL --ca FILE\n--request [-o FILE]\n--response FILE --size SIZE "
        "--ca FILE",
    .text =
        "Gets an RFC 3161 timestamp of the latest checkpoint, verifies it and keeps it with the "
        "checkpoint: an upper bound of when the entries below it were recorded. What is stamped is "
        "the checkpoint's text, its first three lines, so `openssl ts -verify` can check it too. "
        "Without options it lists what is kept.",
    .examples =
        "  adduce timestamp --tsa https://tsa.example/ --ca tsa.pem\n"
        "  adduce timestamp\n",
    .options = options,
    .run = run,
};
