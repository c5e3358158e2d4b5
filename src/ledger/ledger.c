/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "adduce.h"
#include "adduce/erase.h"
#include "claim/spelling.h"
#include "codec/value.h"
#include "crypto/note.h"
#include "ledger/inner.h"
#include "projection/fold.h"
#include "sys/file.h"
#include "sys/machine.h"

#ifndef ADDUCE_VERSION
#define ADDUCE_VERSION "0.1.0"
#endif

const char *adduce_version(void) {
  return ADDUCE_VERSION;
}

const char *ledger_path(struct adduce_scope *scope, const char *folder, const char *name) {
  return scope_format(scope, "%s/%s", folder, name);
}

/* --- making ---------------------------------------------------------------------------------*/

/* Subject ids begin with the origin, so it must be what an id can begin with: a host name with a
 * dot, perhaps with a path. */
static enum adduce_err check_origin(struct adduce_scope *scope, const char *origin) {
  size_t length = strlen(origin);
  const char *trial = scope_format(scope, "%s/x", origin);
  if (length > 0 && origin[length - 1] != '/' && strchr(origin, ':') == NULL &&
      spelling_subject(span_text(trial)))
    return ADDUCE_OK;
  return scope_fail(
      scope, ADDUCE_E_NOTE,
      "\"%s\" is no name for a ledger; monitor.example and monitor.example/east are: a "
      "host name with a dot, perhaps with a path, without scheme and final slash",
      origin);
}

/* ledger.created: the caller's fields, and the two that we know. */
static enum adduce_err sign_genesis(struct adduce_scope *scope, struct event *event,
                                    const char *origin, const struct signer *founder,
                                    const struct signer *log_signer,
                                    const struct adduce_value *further) {
  const char *vkey;
  struct vocabulary *vocabulary;
  TRY(note_vkey_encode(scope, &vkey, span_text(origin), signer_key(log_signer)));
  TRY(vocabulary_open(scope, &vocabulary));
  struct adduce_value *content = value_map(scope);
  for (size_t i = 0; i < adduce_value_count(further); i++)
    value_set(scope, content, adduce_value_key(further, i), further->as.map.pairs[i].value);
  value_set_text(scope, content, "origin", origin);
  value_set_text(scope, content, "vkey", vkey);
  TRY(value_finish(scope));
  const struct event_draft draft = {
      .kind = span_text("ledger.created"),
      .claimed_at_us = machine_now_us(),
      .content = content,
  };
  return event_sign(scope, event, &draft, vocabulary, founder);
}

enum adduce_err adduce_ledger_create(struct adduce_scope *scope, struct adduce_ledger **ledger,
                                     const char *folder, const char *origin,
                                     const struct adduce_signer *founder,
                                     const struct adduce_value *genesis,
                                     const struct adduce_options *options) {
  struct event event;
  *ledger = NULL;
  if (options->log_signer == NULL || options->headlock_folder == NULL)
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "a new ledger needs a log key and a folder for its head lock");
  TRY(sign_start(scope));
  const char *log_folder = ledger_path(scope, folder, "log");
  enum file_type type;
  TRY(file_look(scope, &type, log_folder));
  if (type != FILE_NONE)
    return scope_fail(scope, ADDUCE_E_EXISTS, "%s holds a ledger already", folder);
  TRY(check_origin(scope, origin));
  TRY(sign_genesis(scope, &event, origin, ledger_signer(founder),
                   ledger_signer(options->log_signer), genesis));
  TRY(file_make_folder(scope, folder, 0777));
  TRY(log_create(scope, log_folder, options->headlock_folder, &event,
                 ledger_signer(options->log_signer), machine_now_us()));
  return adduce_ledger_open(scope, ledger, folder, options);
}

/* --- opening --------------------------------------------------------------------------------*/

/* Projections can always be built again, so ones that cannot be opened are replaced, where we
 * may write; for a reader who may not, they are missing, which is said when they are asked. */
static enum adduce_err open_projections(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        bool pages_first) {
  const char *folder = ledger_path(scope, ledger->folder, "projections");
  enum store_mode mode = (ledger->read_only ? STORE_READ_ONLY : STORE_READ_WRITE) |
                         (pages_first ? STORE_PAGES_FIRST : 0);
  enum adduce_err err = fold_open(scope, &ledger->projections, folder, mode);
  if (err == ADDUCE_OK || err == ADDUCE_E_USAGE || err == ADDUCE_E_MEMORY) return err;
  if (ledger->read_only) return ADDUCE_OK;
  TRY(file_remove_tree(scope, folder));
  enum adduce_err made = fold_create(scope, folder);
  if (made == ADDUCE_E_READ_ONLY || made == ADDUCE_E_PERMISSION) return ADDUCE_OK;
  if (made != ADDUCE_OK && made != ADDUCE_E_EXISTS) return made;
  return fold_open(scope, &ledger->projections, folder, mode);
}

static enum adduce_err open_parts(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  const struct adduce_options *options) {
  ledger->read_only = options->read_only;
  ledger->log_signer = ledger_signer(options->log_signer);
  if (options->headlock_folder != NULL)
    ledger->headlock_folder = scope_format(ledger->scope, "%s", options->headlock_folder);
  const struct log_options log_options = {
      .headlock_folder = ledger->headlock_folder,
      .read_only = options->read_only || options->headlock_folder == NULL,
      .pages_first = options->pages_first,
  };
  const char *log_folder = ledger_path(scope, ledger->folder, "log");
  enum file_type type;
  TRY(file_look(scope, &type, log_folder));
  if (type == FILE_NONE)
    return scope_fail(scope, ADDUCE_E_NOT_A_LEDGER,
                      "%s holds no ledger; `adduce init ORIGIN` makes one", ledger->folder);
  TRY(log_open(scope, &ledger->log, log_folder, &log_options));
  TRY(inner_open(scope, &ledger->inner));
  struct log_view view;
  TRY(log_view_open(scope, &view, ledger->log));
  ledger->genesis = *rules_genesis(view.rules);
  log_view_close(&view);
  TRY(open_projections(scope, ledger, options->pages_first));
  /* Who may write makes good what a crash has left. */
  bool was_pending;
  if (ledger->log_signer == NULL || ledger->projections == NULL || log_options.read_only)
    return ADDUCE_OK;
  return log_writable(scope, ledger->log) == ADDUCE_OK
             ? adduce_erase_finish(scope, ledger, &was_pending)
             : ADDUCE_OK;
}

enum adduce_err adduce_ledger_open(struct adduce_scope *scope, struct adduce_ledger **ledger,
                                   const char *folder, const struct adduce_options *options) {
  struct adduce_scope *own = NULL;
  *ledger = NULL;
  TRY(sign_start(scope));
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct adduce_ledger *opened = scope_new(own, struct adduce_ledger);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->scope = own;
  opened->folder = scope_format(own, "%s", folder);
  enum adduce_err err = open_parts(scope, opened, options);
  if (err != ADDUCE_OK) {
    adduce_ledger_close(&opened);
    return err;
  }
  *ledger = opened;
  return ADDUCE_OK;
}

void adduce_ledger_close(struct adduce_ledger **ledger) {
  if (*ledger == NULL) return;
  struct adduce_scope *own = (*ledger)->scope;
  if ((*ledger)->projections != NULL) store_close(&(*ledger)->projections);
  if ((*ledger)->log != NULL) log_close(&(*ledger)->log);
  inner_close(&(*ledger)->inner);
  *ledger = NULL;
  adduce_scope_close(&own);
}
