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

/* A run of foreign entries that stands in the skeleton, in the order that it has here. */
struct run {
  const struct rules_import *import;
  uint64_t next, end;
  struct log_entry wanted; /* the one at `next`, unless that is the end */
};

/* The runs that one bundle brought: the file is walked once for all of them. */
struct skeleton {
  struct log_view *view;
  struct bundlefile file;
  struct run *runs;
  size_t run_count, run_capacity;
};

static enum adduce_err go_on(struct adduce_scope *scope, struct skeleton *skeleton,
                             struct run *run) {
  if (++run->next == run->end) return ADDUCE_OK;
  return log_view_entry(scope, skeleton->view, &run->wanted, run->next);
}

static enum adduce_err add_run(struct adduce_scope *scope, struct skeleton *skeleton,
                               const struct rules_import *import) {
  struct run *runs =
      scope_room(scope, &skeleton->run_capacity, skeleton->runs, skeleton->run_count, sizeof *runs);
  if (runs == NULL) return scope_no_memory(scope);
  skeleton->runs = runs;
  runs[skeleton->run_count] = (struct run){
      .import = import, .next = import->index, .end = import->index + 1 + import->count};
  return go_on(scope, skeleton, &runs[skeleton->run_count++]);
}

/* The whole file is read, and so verified. */
static enum adduce_err walk(struct adduce_scope *scope, struct skeleton *skeleton) {
  struct adduce_span event;
  uint64_t index, done = 0;
  TRY(bundlefile_next_event(scope, &skeleton->file, &event, &index));
  while (event.size != 0) {
    for (size_t i = 0; i < skeleton->run_count; i++) {
      struct run *run = &skeleton->runs[i];
      if (run->next != run->end && span_equal(event, run->wanted.event))
        TRY(go_on(scope, skeleton, run));
    }
    if (++done % 4096 == 0)
      TRY(scope_progress(scope, "verifying imports", done, skeleton->file.manifest->count));
    TRY(bundlefile_next_event(scope, &skeleton->file, &event, &index));
  }
  for (size_t i = 0; i < skeleton->run_count; i++)
    if (skeleton->runs[i].next != skeleton->runs[i].end)
      return scope_fail(scope, ADDUCE_E_FAILED,
                        "entry %llu: the skeleton of the bundle that brought it does not have it",
                        (number)skeleton->runs[i].next);
  return ADDUCE_OK;
}

static enum adduce_err check_file(struct adduce_scope *scope, struct skeleton *skeleton,
                                  const char *path, bool *is_missing) {
  const struct rules_import *import = skeleton->runs[0].import;
  struct bundlefile *file = &skeleton->file;
  enum adduce_err err = bundlefile_open(scope, file, path);
  *is_missing = err == ADDUCE_E_NO_FILE;
  if (err == ADDUCE_OK)
    err = hash_equal(&file->manifest->digest, &import->manifest) &&
                  memcmp(file->manifest->genesis.bytes, import->source.bytes, 32) == 0
              ? walk(scope, skeleton)
              : fail(scope, import, "is that of another bundle");
  bundlefile_close(file);
  if (err == ADDUCE_OK || *is_missing || err == ADDUCE_E_MEMORY || err == ADDUCE_E_INTERRUPTED ||
      err == ADDUCE_E_FAILED)
    return *is_missing ? ADDUCE_OK : err;
  return fail(scope, import, scope_format(scope, "is damaged: %s", adduce_scope_detail(scope)));
}

static bool is_same(const struct rules_import *a, const struct rules_import *b) {
  return hash_equal(&a->manifest, &b->manifest) &&
         memcmp(a->source.bytes, b->source.bytes, 32) == 0;
}

/* What the bundle of this import brought, unless an import before it was of the same. */
static enum adduce_err check_bundle(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct log_view *view, size_t place,
                                    struct skeletons_report *report) {
  const struct rules_import *import = rules_import_at(view->rules, place), *each;
  struct skeleton skeleton = {.view = view};
  bool is_missing;
  for (size_t i = 0; i < place; i++)
    if (is_same(import, rules_import_at(view->rules, i))) return ADDUCE_OK;
  for (size_t i = place; (each = rules_import_at(view->rules, i)) != NULL; i++)
    if (is_same(import, each)) TRY(add_run(scope, &skeleton, each));
  TRY(check_file(scope, &skeleton, bundlefile_skeleton_path(scope, ledger, &import->manifest),
                 &is_missing));
  report->missing += is_missing;
  report->whole += !is_missing;
  return ADDUCE_OK;
}

enum adduce_err skeletons_check(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                struct skeletons_report *report) {
  struct log_view view;
  enum adduce_err err = log_view_open(scope, &view, ledger->log);
  *report = (struct skeletons_report){.whole = 0};
  if (err != ADDUCE_OK) return err;
  for (size_t i = 0; i < rules_import_count(view.rules) && err == ADDUCE_OK; i++) {
    struct scope_mark mark = scope_mark(scope);
    err = check_bundle(scope, ledger, &view, i, report);
    if (err == ADDUCE_OK) scope_rewind(scope, mark);
  }
  log_view_close(&view);
  return err;
}
