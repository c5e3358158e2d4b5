/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger as a published log: every file of C2SP tlog-tiles, made when it is asked for. */
#include "exchange/entry.h"
#include "exchange/tilefolder.h"
#include "ledger/kept.h"
#include "ledger/proof.h"

uint8_t *adduce_fetch_allocate(struct adduce_scope *scope, size_t size) {
  return scope_alloc(scope, size);
}

enum adduce_err adduce_fetch_fail(struct adduce_scope *scope, enum adduce_err err,
                                  const char *detail) {
  return scope_fail(scope, err, "%s", detail);
}

struct adduce_published adduce_published_folder(const char *folder) {
  return tilefolder_published(folder);
}

enum adduce_err proof_latest(struct adduce_scope *scope, struct log_view *view,
                             struct adduce_span *note, struct checkpoint *checkpoint) {
  struct note parsed;
  struct adduce_span latest;
  TRY(log_view_checkpoint(scope, view, &latest));
  *note = scope_copy(scope, latest);
  if (note->data == NULL) return scope_no_memory(scope);
  return checkpoint_parse(scope, checkpoint, &parsed, *note);
}

enum adduce_err proof_head(struct adduce_scope *scope, struct adduce_ledger *ledger,
                           struct log_view *view, struct adduce_span *note,
                           struct checkpoint *checkpoint) {
  struct note parsed;
  struct checkpoint same;
  struct adduce_span kept;
  TRY(proof_latest(scope, view, note, checkpoint));
  if (kept_read(scope, ledger, &kept, checkpoint->size) != ADDUCE_OK) return ADDUCE_OK;
  TRY(checkpoint_parse(scope, &same, &parsed, kept));
  if (hash_equal(&same.root, &checkpoint->root)) *note = kept;
  return ADDUCE_OK;
}

static enum adduce_err no_file(struct adduce_scope *scope, const char *path) {
  return scope_fail(scope, ADDUCE_E_NO_FILE, "the ledger has no %s", path);
}

static enum adduce_err put_tile(struct adduce_scope *scope, struct buffer *out,
                                struct log_view *view, const struct tiles_path *path) {
  struct adduce_hash hashes[MERKLE_TILE_WIDTH];
  struct merkle_reader reader = log_view_tree(view);
  TRY(reader.read(reader.context, scope, path->level, path->index * MERKLE_TILE_WIDTH, path->width,
                  hashes));
  buffer_append(out, hashes, path->width * sizeof *hashes);
  return ADDUCE_OK;
}

static enum adduce_err put_entries(struct adduce_scope *scope, struct buffer *out,
                                   struct log_view *view, const struct tiles_path *path) {
  for (unsigned i = 0; i < path->width; i++) {
    struct log_entry entry;
    TRY(log_view_entry(scope, view, &entry, path->index * MERKLE_TILE_WIDTH + i));
    tiles_bundle_add(out, entry.entry);
  }
  return ADDUCE_OK;
}

static enum adduce_err put_content(struct adduce_scope *scope, struct buffer *out,
                                   struct log_view *view, const struct tiles_path *path,
                                   bool inside) {
  struct log_entry entry;
  TRY(log_view_entry(scope, view, &entry, path->index));
  if (entry.content.size == 0 || (!inside && !entry_is_control(entry.entry)))
    return no_file(scope, tiles_path_format(path).text);
  buffer_span(out, entry.content);
  return ADDUCE_OK;
}

static enum adduce_err put(struct adduce_scope *scope, struct buffer *out,
                           struct adduce_ledger *ledger, struct log_view *view,
                           const struct tiles_path *path, bool inside) {
  struct checkpoint checkpoint;
  struct adduce_span note;
  if (path->kind == TILES_CHECKPOINT) {
    TRY(proof_head(scope, ledger, view, &note, &checkpoint));
    buffer_span(out, note);
    return ADDUCE_OK;
  }
  if (path->kind == TILES_CONTROL)
    return path->index < view->size ? put_content(scope, out, view, path, inside)
                                    : no_file(scope, tiles_path_format(path).text);
  if (tiles_width(view->size, path->level, path->index) < path->width)
    return no_file(scope, tiles_path_format(path).text);
  return path->kind == TILES_HASHES ? put_tile(scope, out, view, path)
                                    : put_entries(scope, out, view, path);
}

static enum adduce_err fetch(struct adduce_ledger *ledger, struct adduce_scope *scope,
                             struct adduce_span *bytes, const char *text, size_t limit_bytes,
                             bool inside) {
  struct tiles_path path;
  struct log_view view;
  struct buffer out;
  *bytes = span_of(NULL, 0);
  if (!tiles_path_parse(text, &path)) return no_file(scope, text);
  TRY(log_view_open(scope, &view, ledger->log));
  buffer_init(&out, scope);
  enum adduce_err err = put(scope, &out, ledger, &view, &path, inside);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  TRY(buffer_take(&out, bytes));
  if (bytes->size <= limit_bytes) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_TOO_LARGE, "%s has %zu bytes, more than the %zu allowed", text,
                    bytes->size, limit_bytes);
}

static enum adduce_err fetch_public(void *context, struct adduce_scope *scope,
                                    struct adduce_span *bytes, const char *path,
                                    size_t limit_bytes) {
  return fetch(context, scope, bytes, path, limit_bytes, false);
}

static enum adduce_err fetch_inside(void *context, struct adduce_scope *scope,
                                    struct adduce_span *bytes, const char *path,
                                    size_t limit_bytes) {
  return fetch(context, scope, bytes, path, limit_bytes, true);
}

struct adduce_published adduce_published_ledger(struct adduce_ledger *ledger) {
  return (struct adduce_published){fetch_public, ledger};
}

struct adduce_published proof_published_inside(struct adduce_ledger *ledger) {
  return (struct adduce_published){fetch_inside, ledger};
}

bool proof_is_ledger(const struct adduce_published *published, struct adduce_ledger **ledger) {
  bool is_ledger = published->fetch == fetch_public;
  *ledger = is_ledger ? published->context : NULL;
  return is_ledger;
}
