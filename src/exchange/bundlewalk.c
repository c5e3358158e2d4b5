/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/bundlewalk.h"

#include "sys/workers.h"

#define BATCH_ENTRIES 512
#define BATCH_BYTES ((size_t)4 << 20) /* when it has so many, it is full */
#define SIGNATURES_AT_ONCE 16

/* What is read before it is verified, with copies of the bytes in a scope of its own. */
struct batch {
  struct adduce_scope *own;
  size_t count, bytes;
  struct bundlewalk_entry entries[BATCH_ENTRIES];
};

static enum adduce_err fail_at(struct adduce_scope *scope, enum adduce_err err, uint64_t index) {
  if (err == ADDUCE_E_MEMORY || err == ADDUCE_E_INTERRUPTED) return err;
  return scope_wrap(scope, err, "index %llu: ", (unsigned long long)index);
}

static enum adduce_err add(struct adduce_scope *scope, struct batch *batch,
                           const struct bundlereader_item *item) {
  struct bundlewalk_entry *entry = &batch->entries[batch->count];
  *entry = (struct bundlewalk_entry){.index = item->index, .has_content = item->has_content};
  entry->bytes = scope_copy(batch->own, item->entry);
  if (item->content.size != 0) entry->content = scope_copy(batch->own, item->content);
  if (scope_exhausted(batch->own)) return scope_no_memory(scope);
  enum adduce_err err = entry_read(batch->own, &entry->entry, entry->bytes, entry->content);
  if (err != ADDUCE_OK) return fail_at(scope, scope_relay(scope, err, batch->own), entry->index);
  batch->bytes += item->entry.size + item->content.size;
  batch->count++;
  return ADDUCE_OK;
}

static enum adduce_err verify_some(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end) {
  struct batch *batch = context;
  for (size_t i = begin; i < end; i++) {
    enum adduce_err err = entry_verify(scope, &batch->entries[i].entry);
    if (err != ADDUCE_OK) return fail_at(scope, err, batch->entries[i].index);
  }
  return ADDUCE_OK;
}

/* Verifies and visits what the batch holds, and empties it. */
static enum adduce_err finish(struct adduce_scope *scope, const struct bundlewalk *walk,
                              struct batch *batch, int64_t *recorded_at_us) {
  struct scope_mark mark = scope_mark(scope);
  TRY(workers_run(scope, batch->count, SIGNATURES_AT_ONCE, 0, verify_some, batch));
  scope_rewind(scope, mark);
  for (size_t i = 0; i < batch->count; i++) {
    const struct bundlewalk_entry *entry = &batch->entries[i];
    enum adduce_err err = ADDUCE_OK;
    if (entry->entry.control && entry->entry.parsed.form != PARSED_WHOLE &&
        !unwrap_is_skeleton(walk->unwrap))
      err = scope_fail(scope, ADDUCE_E_MISSING, "the content of a control entry is not whole");
    else if (entry->entry.recorded_at_us < *recorded_at_us)
      err = scope_fail(scope, ADDUCE_E_CLOCK, "it was recorded before an entry before it");
    else
      err = walk->visit(walk->context, scope, entry);
    if (err != ADDUCE_OK) return fail_at(scope, err, entry->index);
    *recorded_at_us = entry->entry.recorded_at_us;
  }
  batch->count = batch->bytes = 0;
  adduce_scope_reset(batch->own);
  return ADDUCE_OK;
}

static enum adduce_err run(struct adduce_scope *scope, const struct bundlewalk *walk,
                           struct batch *batch) {
  uint64_t done = 0, count = unwrap_manifest(walk->unwrap)->count;
  int64_t recorded_at_us = INT64_MIN;
  for (;;) {
    struct bundlereader_item item;
    TRY(unwrap_next(scope, walk->unwrap, &item));
    bool is_entry = item.type == BUNDLEREADER_ENTRY;
    if (is_entry) TRY(add(scope, batch, &item));
    if (!is_entry || batch->count == BATCH_ENTRIES || batch->bytes >= BATCH_BYTES) {
      done += batch->count;
      TRY(finish(scope, walk, batch, &recorded_at_us));
      TRY(scope_progress(scope, "entries of the bundle", done, count));
    }
    if (item.type == BUNDLEREADER_END) return ADDUCE_OK;
    if (!is_entry && walk->capture != NULL) TRY(walk->capture(walk->context, scope, &item));
  }
}

enum adduce_err bundlewalk_run(struct adduce_scope *scope, const struct bundlewalk *walk) {
  struct adduce_scope *own = NULL;
  struct batch *batch = scope_new(scope, struct batch);
  if (batch == NULL || adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  batch->own = own;
  enum adduce_err err = run(scope, walk, batch);
  adduce_scope_close(&own);
  return err;
}
