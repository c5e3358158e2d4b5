/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/skeletons.h"

#include "base/hex.h"
#include "ledger/bundlefile.h"
#include "ledger/incoming.h"

typedef unsigned long long number; /* what %llu takes */

static enum adduce_err fail(struct adduce_scope *scope, const struct rules_import *import,
                            const char *what) {
  return scope_fail(scope, ADDUCE_E_FAILED, "bundles/: the skeleton %s of the import %llu %s",
                    hex_text32(import->manifest.bytes).text, (number)import->index, what);
}

/* Foreign entries stand in the order of their source, so both are walked once. */
static enum adduce_err walk(struct adduce_scope *scope, struct log_view *view,
                            struct bundlereader *reader, const struct rules_import *import) {
  uint64_t next = import->index + 1, end = next + import->count;
  struct log_entry wanted = {.index = 0};
  bool has_wanted = false;
  for (;;) {
    struct bundlereader_item item;
    struct adduce_span event;
    int64_t recorded_at_us;
    if (!has_wanted && next < end) {
      TRY(log_view_entry(scope, view, &wanted, next));
      has_wanted = true;
    }
    TRY(bundlereader_next(scope, reader, &item));
    if (item.type == BUNDLEREADER_END) break;
    if (item.type != BUNDLEREADER_ENTRY || !has_wanted) continue;
    TRY(plan_entry_parse(scope, &recorded_at_us, &event, item.entry));
    if (!span_equal(event, wanted.event)) continue;
    has_wanted = false;
    if (++next % 4096 == 0) TRY(scope_progress(scope, "verifying imports", next, view->size));
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
              ? walk(scope, view, file.reader, import)
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
    err = check_file(scope, &view, import, incoming_skeleton_path(scope, ledger, &import->manifest),
                     &is_missing);
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
