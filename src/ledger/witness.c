/* SPDX-License-Identifier: Apache-2.0 */
/* A witness for the logs of others, and the answers it gives over HTTP. */
#include "exchange/witnessfolder.h"
#include "ledger/proof.h"
#include "sys/file.h"
#include "sys/machine.h"

struct adduce_witness {
  struct adduce_scope *scope; /* in which it lives */
  struct witnessfolder folder;
};

enum adduce_err adduce_witness_open(struct adduce_scope *scope, struct adduce_witness **witness,
                                    const char *folder, const char *name,
                                    const struct adduce_signer *signer,
                                    const struct adduce_policy *policy) {
  *witness = NULL;
  if (!note_name_valid(span_text(name)))
    return scope_fail(scope, ADDUCE_E_NOTE,
                      "a witness's name must be UTF-8 without spaces and '+', and not empty");
  TRY(sign_start(scope));
  TRY(file_make_folder(scope, folder, 0777));
  struct adduce_scope *own = NULL;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct adduce_witness *opened = scope_new(own, struct adduce_witness);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->scope = own;
  opened->folder = (struct witnessfolder){
      .folder = scope_format(own, "%s", folder),
      .name = scope_copy(own, span_text(name)),
      .signer = ledger_signer(signer),
      .policy = &policy->policy,
  };
  *witness = opened;
  return ADDUCE_OK;
}

void adduce_witness_close(struct adduce_witness **witness) {
  if (*witness == NULL) return;
  struct adduce_scope *own = (*witness)->scope;
  *witness = NULL;
  adduce_scope_close(&own);
}

enum adduce_err adduce_witness_vkey(struct adduce_scope *scope, const char **vkey,
                                    const struct adduce_witness *witness) {
  return cosignature_vkey_encode(scope, vkey, witness->folder.name,
                                 signer_key(witness->folder.signer));
}

static struct witnessfolder_answer say(int status, const char *line) {
  return (struct witnessfolder_answer){status, "text/plain; charset=utf-8", span_text(line)};
}

/* "/<64 hex>/checkpoint" */
static bool is_monitor_path(const char *path, struct adduce_span *hex) {
  const size_t digits = 64;
  if (strlen(path) != 1 + digits + strlen("/checkpoint")) return false;
  *hex = span_of(path + 1, digits);
  return path[0] == '/' && strcmp(path + 1 + digits, "/checkpoint") == 0;
}

static enum adduce_err route(struct adduce_scope *scope, const struct witnessfolder *witness,
                             struct witnessfolder_answer *answer, const char *method,
                             const char *path, struct adduce_span body) {
  struct adduce_span hex;
  bool is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
  bool is_post = strcmp(method, "POST") == 0;
  if (strcmp(path, "/add-checkpoint") == 0) {
    if (!is_post) *answer = say(405, "add-checkpoint takes a POST\n");
    if (is_post && body.size > ADDUCE_WITNESS_REQUEST_BYTES)
      *answer = say(400, "the request is too large\n");
    else if (is_post)
      return witnessfolder_add(scope, witness, answer, body, machine_now_us() / 1000000);
    return ADDUCE_OK;
  }
  *answer = say(404, "there is nothing here\n");
  if (!is_monitor_path(path, &hex)) return ADDUCE_OK;
  if (is_get) return witnessfolder_monitor(scope, witness, answer, hex);
  *answer = say(405, "a checkpoint is got with GET\n");
  return ADDUCE_OK;
}

enum adduce_err adduce_witness_answer(struct adduce_scope *scope,
                                      const struct adduce_witness *witness,
                                      struct adduce_response *response, const char *method,
                                      const char *path, struct adduce_span body) {
  struct witnessfolder_answer answer = say(500, "the witness could not answer\n");
  enum adduce_err err = route(scope, &witness->folder, &answer, method, path, body);
  if (err != ADDUCE_OK) answer = say(500, "the witness could not answer\n");
  *response = (struct adduce_response){answer.status, answer.content_type, answer.body};
  return err;
}
