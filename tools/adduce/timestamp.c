/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"

#define RESPONSE_BYTES ((size_t)256 << 10)

/* To the second, and never earlier than it is: it is an upper bound. */
static const char *show_bound(int64_t until_us) {
  return text_time((until_us + 999999) / 1000000 * 1000000, false);
}

static void print_stamp(const struct session *session, const struct adduce_value *map) {
  printf("the first %lld entries were recorded before %s, says %s%s\n",
         (long long)shown_integer(map, "size"), show_bound(shown_integer(map, "until")),
         shown_text(map, "authority"),
         shown_flag(map, "verified") ? "" : " (not verified: --ca FILE does)");
  if (!shown_flag(map, "contradicted")) return;
  const char *text = text_format(
      "  but the log says %s of the last of them, which is later: one "
      "of the two clocks is wrong",
      text_time(shown_integer(map, "last_recorded_at"), false));
  puts(screen_styled(&session->screen, STYLE_BAD, text));
}

static void print_list(struct session *session, const struct adduce_value *list) {
  if (adduce_value_count(list) == 0) puts("no timestamps are kept");
  for (size_t i = 0; i < adduce_value_count(list); i++)
    print_stamp(session, adduce_value_at(list, i));
}

static void print_bound(struct session *session, const struct adduce_value *report) {
  const struct adduce_value *list = adduce_value_get(report, "timestamps");
  const struct adduce_value *until = adduce_value_get(report, "until");
  printf("%s was recorded at %s by the log's clock,\n", shown_event(session, report),
         text_time(shown_integer(report, "recorded_at"), false));
  if (until == NULL)
    puts("and no timestamp that is kept bounds that");
  else
    printf("and before %s by the word of others\n", show_bound(adduce_value_integer(until)));
  for (size_t i = 0; i < adduce_value_count(list); i++)
    print_stamp(session, adduce_value_at(list, i));
}

static enum adduce_err keep(struct session *session, struct adduce_span response, uint64_t size,
                            struct adduce_span certificates) {
  int64_t until_us;
  struct adduce_span none = {NULL, 0};
  const struct adduce_value *list;
  TRY(adduce_timestamp_keep(session->scope, session->ledger, &until_us, size, response,
                            certificates));
  TRY(adduce_timestamp_list(session->scope, session->ledger, &list, none));
  if (session->is_json) return session_answer(session, list, print_list);
  printf("the first %llu entries were recorded before %s\n", (unsigned long long)size,
         show_bound(until_us));
  return ADDUCE_OK;
}

/* "application/timestamp-reply", whatever parameters follow (RFC 3161, 3.4). */
static bool is_reply(const char *type) {
  static const char reply[] = "application/timestamp-reply";
  size_t size = sizeof reply - 1;
  return strncasecmp(type, reply, size) == 0 &&
         (type[size] == '\0' || type[size] == ';' || type[size] == ' ');
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
  if (!is_reply(answer.type))
    return session_fail(session, ADDUCE_E_REMOTE,
                        "%s answers with \"%s\", which is not application/timestamp-reply: is it "
                        "a time-stamping authority?",
                        url, text_clean(answer.type));
  return keep(session, answer.body, size, certificates);
}

static enum adduce_err write_request(struct session *session) {
  struct adduce_span request;
  uint64_t size;
  TRY(adduce_timestamp_request(session->scope, session->ledger, &request, &size));
  return evidence_write(session, text_format("%llu.tsq", (unsigned long long)size), request);
}

static enum adduce_err keep_file(struct session *session, const char *path,
                                 struct adduce_span certificates) {
  struct adduce_span bytes;
  uint64_t size;
  if (!command_has(&session->options, "size") ||
      !command_number(&session->options, "size", &size, 0))
    return session_fail(session, ADDUCE_E_USAGE, "--size: of which checkpoint?");
  TRY(evidence_read(session, &bytes, path));
  return keep(session, bytes, size, certificates);
}

static enum adduce_err show(struct session *session, struct adduce_span certificates) {
  const struct adduce_value *answer;
  if (session->options.operand_count == 0) {
    TRY(adduce_timestamp_list(session->scope, session->ledger, &answer, certificates));
    return session_answer(session, answer, print_list);
  }
  TRY(adduce_timestamp_bound(session->scope, session->ledger, &answer, session_operand(session, 0),
                             certificates));
  return session_answer(session, answer, print_bound);
}

static enum adduce_err run(struct session *session) {
  const char *ca = command_argument(&session->options, "ca");
  const char *response = command_argument(&session->options, "response");
  const char *url = command_argument(&session->options, "tsa");
  struct adduce_span certificates = {NULL, 0};
  if ((url != NULL || response != NULL) && ca == NULL)
    return session_fail(session, ADDUCE_E_USAGE, "--ca FILE: the authority's certificates");
  if (ca != NULL) TRY(evidence_read(session, &certificates, ca));
  if (ca != NULL && certificates.size == 0)
    return session_fail(session, ADDUCE_E_FORM, "%s is empty", ca);
  TRY(session_open(session));
  if (command_has(&session->options, "request")) return write_request(session);
  if (url != NULL) return ask(session, url, certificates);
  if (response != NULL) return keep_file(session, response, certificates);
  return show(session, certificates);
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
        "[EVENT] [--ca FILE]\n--tsa URL --ca FILE\n--request [-o FILE]\n--response FILE --size "
        "SIZE "
        "--ca FILE",
    .text =
        "Gets an RFC 3161 timestamp of the latest checkpoint, verifies it and keeps it with the "
        "checkpoint: an upper bound of when the entries below it were recorded. What is stamped is "
        "the checkpoint's text, its first three lines, so `openssl ts -verify` can check it too. "
        "Without options it lists what is kept; of one EVENT, by index or id, it says what bounds "
        "the time at which the log says to have recorded it.",
    .examples =
        "  adduce timestamp --tsa https://tsa.example/ --ca tsa.pem\n"
        "  adduce timestamp\n"
        "  adduce timestamp 12 --ca tsa.pem\n",
    .options = options,
    .operands_max = 1,
    .run = run,
};
