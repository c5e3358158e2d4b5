/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tilefolder.h"

#include "event/content.h"
#include "exchange/entry.h"
#include "sys/bulk.h"
#include "sys/file.h"

/* --- reading ------------------------------------------------------------------------------ */

static enum adduce_err read_file(void *context, struct adduce_scope *scope,
                                 struct adduce_span *bytes, const char *path, size_t limit_bytes) {
  const char *folder = context;
  return file_read(scope, bytes, scope_format(scope, "%s/%s", folder, path), limit_bytes);
}

struct adduce_published tilefolder_published(const char *folder) {
  union {
    const char *in;
    void *out;
  } context = {folder};
  return (struct adduce_published){read_file, context.out};
}

/* --- writing ------------------------------------------------------------------------------ */

struct update {
  struct bulk bulk;
  struct tilelog *log;
  struct tilefolder_report *report;
  uint64_t from, to;
};

static enum adduce_err put(struct adduce_scope *scope, struct update *update, const char *path,
                           struct adduce_span bytes) {
  TRY(bulk_write(scope, &update->bulk, path, bytes));
  update->report->files++;
  update->report->bytes += bytes.size;
  return ADDUCE_OK;
}

/* The content of a control event, which is never withheld. What cannot be had, as of the logs of
 * others, is counted; what is wrong is refused. */
static enum adduce_err put_control(struct adduce_scope *scope, struct update *update,
                                   struct adduce_span bytes, uint64_t index) {
  const struct tiles_path path = {TILES_CONTROL, 0, index, MERKLE_TILE_WIDTH};
  struct tiles_text text = tiles_path_format(&path);
  struct tilelog_file file;
  struct entry entry;
  if (!entry_is_control(bytes)) return ADDUCE_OK;
  enum adduce_err err = tilelog_fetch(scope, update->log, &file, text.text, PARSED_CONTENT_BYTES);
  if (err == ADDUCE_E_NO_FILE) {
    update->report->controls_missing++;
    return ADDUCE_OK;
  }
  if (err != ADDUCE_OK) return err;
  err = entry_read(scope, &entry, bytes, file.bytes);
  if (err == ADDUCE_OK) err = content_verify(scope, &entry.parsed);
  if (err != ADDUCE_OK) return scope_wrap(scope, ADDUCE_E_FAILED, "%s: ", text.text);
  return file.from_far ? put(scope, update, text.text, file.bytes) : ADDUCE_OK;
}

static enum adduce_err put_bundle(struct adduce_scope *scope, struct update *update,
                                  uint64_t tile) {
  const struct tiles_path path = {TILES_ENTRIES, 0, tile, tiles_width(update->to, 0, tile)};
  struct tilelog_file file;
  TRY(tilelog_bundle(scope, update->log, &file, tile));
  if (file.from_far) TRY(put(scope, update, tiles_path_format(&path).text, file.bytes));
  struct adduce_span rest = file.bytes, entry;
  uint64_t index = tile * MERKLE_TILE_WIDTH;
  for (; tiles_bundle_next(&rest, &entry); index++) {
    struct scope_mark mark = scope_mark(scope);
    if (index >= update->from) TRY(put_control(scope, update, entry, index));
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

static enum adduce_err put_tile(struct adduce_scope *scope, struct update *update, unsigned level,
                                uint64_t tile) {
  const struct tiles_path path = {TILES_HASHES, level, tile, tiles_width(update->to, level, tile)};
  struct tilelog_file file;
  TRY(tilelog_tile_file(scope, update->log, &file, level, tile));
  if (file.from_far) TRY(put(scope, update, tiles_path_format(&path).text, file.bytes));
  return level == 0 ? put_bundle(scope, update, tile) : ADDUCE_OK;
}

/* Every tile of which the new size has more than the old. */
static enum adduce_err put_level(struct adduce_scope *scope, struct update *update,
                                 unsigned level) {
  uint64_t before = merkle_level_count(update->from, level);
  uint64_t count = merkle_level_count(update->to, level);
  for (uint64_t tile = before / MERKLE_TILE_WIDTH; tile * MERKLE_TILE_WIDTH < count; tile++) {
    struct scope_mark mark = scope_mark(scope);
    if (before == count) break;
    TRY(put_tile(scope, update, level, tile));
    scope_rewind(scope, mark);
    if (level == 0)
      TRY(scope_progress(scope, "tiles", tile * MERKLE_TILE_WIDTH - update->from, count - before));
  }
  return ADDUCE_OK;
}

/* The partial tiles of a tile that is full now. */
static enum adduce_err drop_partials(struct adduce_scope *scope, const struct update *update,
                                     enum tiles_kind kind, unsigned level) {
  uint64_t before = merkle_level_count(update->from, level);
  const struct tiles_path path = {kind, level, before / MERKLE_TILE_WIDTH, MERKLE_TILE_WIDTH};
  if (before % MERKLE_TILE_WIDTH == 0) return ADDUCE_OK;
  if (tiles_width(update->to, level, path.index) != MERKLE_TILE_WIDTH) return ADDUCE_OK;
  return file_remove_tree(
      scope, scope_format(scope, "%s/%s.p", update->bulk.folder, tiles_path_format(&path).text));
}

static enum adduce_err finish(struct adduce_scope *scope, struct update *update,
                              struct adduce_span note) {
  TRY(bulk_sync(scope, &update->bulk));
  TRY(put(scope, update, "checkpoint", note));
  TRY(bulk_sync(scope, &update->bulk));
  for (unsigned level = 0; level < MERKLE_LEVELS; level++)
    TRY(drop_partials(scope, update, TILES_HASHES, level));
  return drop_partials(scope, update, TILES_ENTRIES, 0);
}

/* The checkpoint in the folder: size 0 where there is none yet. */
static enum adduce_err read_older(struct adduce_scope *scope, struct checkpoint *older,
                                  struct adduce_span *note_bytes,
                                  const struct adduce_published *near,
                                  const struct checkpoint *checkpoint) {
  struct note note;
  enum adduce_err err = near->fetch(near->context, scope, note_bytes, "checkpoint", NOTE_BYTES_MAX);
  if (err == ADDUCE_OK) return checkpoint_parse(scope, older, &note, *note_bytes);
  *older = (struct checkpoint){.origin = checkpoint->origin, .root = merkle_empty()};
  *note_bytes = span_of(NULL, 0);
  return err == ADDUCE_E_NO_FILE ? ADDUCE_OK : err;
}

static enum adduce_err run(struct adduce_scope *scope, struct update *update,
                           const struct adduce_published *source,
                           const struct checkpoint *checkpoint, struct adduce_span note) {
  const struct adduce_published near = tilefolder_published(update->bulk.folder);
  struct checkpoint older;
  struct adduce_span older_note;
  TRY(read_older(scope, &older, &older_note, &near, checkpoint));
  TRY(tilelog_open(scope, &update->log, &near, source, checkpoint));
  TRY(tilelog_extends(scope, update->log, checkpoint, &older));
  update->from = update->report->from = older.size;
  update->to = checkpoint->size;
  if (span_equal(older_note, note)) return ADDUCE_OK;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) TRY(put_level(scope, update, level));
  return finish(scope, update, note);
}

enum adduce_err tilefolder_update(struct adduce_scope *scope, struct tilefolder_report *report,
                                  const char *folder, const struct adduce_published *source,
                                  const struct checkpoint *checkpoint, struct adduce_span note) {
  struct update update = {.report = report};
  *report = (struct tilefolder_report){.from = 0};
  TRY(file_make_folder(scope, folder, 0777));
  TRY(bulk_open(scope, &update.bulk, folder));
  enum adduce_err err = run(scope, &update, source, checkpoint, note);
  bulk_close(&update.bulk);
  return err;
}
