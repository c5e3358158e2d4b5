/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "shown.h"

#define ANSWER_BYTES ((size_t)64 << 10)
#define ATTEMPTS 3

/* A size of decimal digits and a newline. */
static bool read_size(struct adduce_span body, uint64_t *size) {
  *size = 0;
  if (body.size < 2 || body.size > 17 || body.data[body.size - 1] != '\n') return false;
  for (size_t i = 0; i + 1 < body.size; i++) {
    if (body.data[i] < '0' || body.data[i] > '9') return false;
    *size = *size * 10 + (uint64_t)(body.data[i] - '0');
  }
  return true;
}

static enum adduce_err refused(struct session *session, const char *url,
                               const struct http_answer *answer) {
  const char *reason = text_clean_bytes((const char *)answer->body.data,
                                        answer->body.size < 200 ? answer->body.size : 200);
  return session_fail(session, ADDUCE_E_REMOTE, "%s answers %ld: %s", url, answer->status, reason);
}

/* Asks one witness; `size` is that of the checkpoint it cosigned. */
static enum adduce_err ask(struct session *session, struct http *http, const char *url,
                           struct adduce_span *lines, uint64_t *size) {
  uint64_t old_size = 0;
  struct http_answer answer = {0, "", {NULL, 0}};
  for (int i = 0; i < ATTEMPTS; i++) {
    struct adduce_span request;
    TRY(adduce_cosign_request(session->scope, session->ledger, &request, size, old_size));
    TRY(http_post(http, session->scope, &answer, url, "text/plain; charset=utf-8", request,
                  ANSWER_BYTES));
    *lines = answer.body;
    if (answer.status == 200) return ADDUCE_OK;
    if (answer.status != 409) break;
    if (!read_size(answer.body, &old_size)) break;
    if (old_size > *size)
      return session_fail(session, ADDUCE_E_ROLLBACK,
                          "%s has cosigned %llu entries, this ledger has %llu", url,
                          (unsigned long long)old_size, (unsigned long long)*size);
  }
  return refused(session, url, &answer);
}

static const char *submission_url(const char *prefix) {
  size_t size = strlen(prefix);
  while (size > 0 && prefix[size - 1] == '/') size--;
  return text_format("%.*s/add-checkpoint", (int)size, prefix);
}

static enum adduce_err ask_one(struct session *session, struct http *http,
                               const struct adduce_policy *policy,
                               const struct adduce_value *witness, uint64_t *size) {
  struct adduce_span lines;
  size_t added = 0;
  const char *name = shown_text(witness, "name");
  const char *url = submission_url(adduce_value_text(adduce_value_get(witness, "url")));
  enum adduce_err err = ask(session, http, url, &lines, size);
  if (err == ADDUCE_OK)
    err = adduce_cosign_keep(session->scope, session->ledger, &added, *size, lines, policy);
  if (err == ADDUCE_OK && added == 0)
    err = session_fail(session, ADDUCE_E_REMOTE, "%s answered without its cosignature", url);
  if (session->is_json) return err;
  if (err == ADDUCE_OK)
    printf("%s cosigned %llu entries\n", name, (unsigned long long)*size);
  else
    printf("%s did not cosign: %s\n", name, text_clean(session_detail(session, err)));
  return err;
}

/* How the policy stands with what is kept now. */
static enum adduce_err judge(struct session *session, const struct adduce_policy *policy,
                             uint64_t size) {
  const struct adduce_value *report;
  const char *note;
  TRY(adduce_cosigned(session->scope, session->ledger, &note, size));
  if (note == NULL)
    return session_fail(session, ADDUCE_E_QUORUM, "no witness cosigned %llu entries",
                        (unsigned long long)size);
  const struct adduce_span file = {(const uint8_t *)note, strlen(note)};
  const struct adduce_span none = {NULL, 0};
  enum adduce_err err = adduce_check_file(session->scope, &report, file, policy, none);
  return evidence_answer(session, report, evidence_print, err);
}

static enum adduce_err run(struct session *session) {
  const struct adduce_policy *policy;
  const struct adduce_value *witnesses;
  uint64_t size = 0;
  TRY(evidence_policy(session, &policy));
  if (policy == NULL) return session_fail(session, ADDUCE_E_USAGE, "--policy says which witnesses");
  TRY(session_open(session));
  TRY(adduce_policy_witnesses(session->scope, &witnesses, policy));
  if (adduce_value_count(witnesses) == 0)
    return session_fail(session, ADDUCE_E_USAGE, "the policy has no witness with a URL");
  struct http *http = http_open();
  if (http == NULL) return session_fail(session, ADDUCE_E_IO, "libcurl does not start");
  for (size_t i = 0; i < adduce_value_count(witnesses); i++) {
    /* One that does not cosign does not keep the others from it: the quorum judges. */
    enum adduce_err err = ask_one(session, http, policy, adduce_value_at(witnesses, i), &size);
    if (err != ADDUCE_OK) session->detail = NULL;
  }
  http_close(&http);
  return judge(session, policy, size);
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command cosign_command = {
    .name = "cosign",
    .summary = "ask witnesses to cosign the latest checkpoint",
    .usage = "--policy FILE",
    .text =
        "Sends the latest checkpoint to every witness of the policy that has a URL, with the proof "
        "that the log has only grown since that witness saw it last, and keeps the cosignatures "
        "with the checkpoint. Proofs and published logs carry them from then on. Ends with 1 when "
        "the policy's quorum is not met.",
    .examples = "  adduce cosign --policy witnesses.policy\n",
    .options = options,
    .run = run,
};
