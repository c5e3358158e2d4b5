/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/skeletons.h"

#include "base/hex.h"
#include "ledger/bundlefile.h"

typedef unsigned long long number; /* what %llu takes */

static enum adduce_err fail(struct adduce_scope *scope, const struct rules_import *import,
                            const char *what) {
  return scope_fail(scope, ADDUCE_E_FAILED, "bundles/: the skeleton %s of the import %llu %s",
                    hex_text32(import->manifest.bytes).text, (number)import->index, what);
}

/* Foreign entries stand in the order of their source, so both are walked once, and the file to its
 * end, where all of it is verified. */
static enum adduce_err walk(struct adduce_scope *scope, struct log_view *view,
                            struct bundlefile *file, const struct rules_import *import) {
  uint64_t next = import->index + 1, end = next + import->count, index;
  struct log_entry wanted;
  struct adduce_span event;
  TRY(log_view_entry(scope, view, &wanted, next));
  TRY(bundlefile_next_event(scope, file, &event, &index));
  while (event.size != 0) {
    if (next < end && span_equal(event, wanted.event)) {
      if (++next < end) TRY(log_view_entry(scope, view, &wanted, next));
      if (next % 4096 == 0) TRY(scope_progress(scope, "verifying imports", next, view->size));
    }
    TRY(bundlefile_next_event(scope, file, &event, &index));
  }
  if (next == end) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "entry %llu: the skeleton of the bundle that brought it does not have it",
                    (number)next);
}

static enum adduce_err check_file(struct adduce_scope *scope, struct log_view *view,
                                  const struct rules_import *import, const char *path,
                                  bool *is_missing) {
  struct bundlefile file;
  enum adduce_err err = bundlefile_open(scope, &file, path);
  *is_missing = err == ADDUCE_E_NO_FILE;
  if (err == ADDUCE_OK)
    err = hash_equal(&file.manifest->digest, &import->manifest) &&
                  memcmp(file.manifest->genesis.bytes, import->source.bytes, 32) == 0
              ? walk(scope, view, &file, import)
              : fail(scope, import, "is that of another bundle");
  bundlefile_close(&file);
  if (err == ADDUCE_OK || *is_missing || err == ADDUCE_E_MEMORY || err == ADDUCE_E_INTERRUPTED ||
      err == ADDUCE_E_FAILED)
    return *is_missing ? ADDUCE_OK : err;
  return fail(scope, import, scope_format(scope, "is damaged: %s", adduce_scope_detail(scope)));
}

enum adduce_err skeletons_check(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                struct skeletons_report *report) {
  struct log_view view;
  enum adduce_err err = log_view_open(scope, &view, ledger->log);
  *report = (struct skeletons_report){.whole = 0};
  if (err != ADDUCE_OK) return err;
  for (size_t i = 0; i < rules_import_count(view.rules) && err == ADDUCE_OK; i++) {
    const struct rules_import *import = rules_import_at(view.rules, i);
    struct scope_mark mark = scope_mark(scope);
    bool is_missing;
    err = check_file(scope, &view, import,
                     bundlefile_skeleton_path(scope, ledger, &import->manifest), &is_missing);
    if (err != ADDUCE_OK) break;
    scope_rewind(scope, mark);
    if (is_missing)
      report->missing++;
    else
      report->whole++;
  }
  log_view_close(&view);
  return err;
}
