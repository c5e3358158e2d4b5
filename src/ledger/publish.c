/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing the ledger's tiles into a folder, and mirroring those of others. */
#include "codec/value.h"
#include "exchange/tilefolder.h"
#include "ledger/proof.h"

static enum adduce_err report_update(struct adduce_scope *scope, const struct adduce_value **out,
                                     const struct checkpoint *checkpoint,
                                     const struct tilefolder_report *update) {
  struct adduce_value *map = value_map(scope);
  proof_report_checkpoint(scope, map, checkpoint);
  value_set_integer(scope, map, "from", (int64_t)update->from);
  value_set_integer(scope, map, "files", (int64_t)update->files);
  value_set_integer(scope, map, "bytes", (int64_t)update->bytes);
  if (update->controls_missing != 0)
    value_set_integer(scope, map, "controls_missing", (int64_t)update->controls_missing);
  *out = map;
  return value_finish(scope);
}

enum adduce_err adduce_publish(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_value **report, const char *folder) {
  const struct adduce_published source = adduce_published_ledger(ledger);
  struct tilefolder_report update;
  struct checkpoint checkpoint;
  struct adduce_span note;
  struct log_view view;
  *report = NULL;
  /* The checkpoint is on its way out: the log remembers it. */
  if (!ledger->read_only) TRY(log_keep_checkpoint(scope, ledger->log));
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = proof_head(scope, ledger, &view, &note, &checkpoint);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  TRY(tilefolder_update(scope, &update, folder, &source, &checkpoint, note));
  return report_update(scope, report, &checkpoint, &update);
}

enum adduce_err adduce_mirror(struct adduce_scope *scope, const struct adduce_published *published,
                              const struct adduce_value **report, const char *folder,
                              const struct adduce_policy *policy) {
  struct tilefolder_report update;
  struct policy_verdict verdict;
  struct adduce_span note;
  *report = NULL;
  TRY(sign_start(scope));
  TRY(published->fetch(published->context, scope, &note, "checkpoint", NOTE_BYTES_MAX));
  TRY(policy_evaluate(scope, &verdict, &policy->policy, note));
  TRY(tilefolder_update(scope, &update, folder, published, &verdict.checkpoint, note));
  return report_update(scope, report, &verdict.checkpoint, &update);
}
