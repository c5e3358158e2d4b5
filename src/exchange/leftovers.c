/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/leftovers.h"

#include "sys/file.h"

/* What a folder holds below a path, all of it. */
struct search {
  const char *folder;
  uint64_t size;
};

static enum adduce_err stray(struct adduce_scope *scope, const char *path) {
  return scope_fail(scope, ADDUCE_E_FAILED, "%s does not belong to the log", path);
}

/* An earlier partial tile must begin the tile that grew from it. */
static enum adduce_err compare_partial(struct adduce_scope *scope, const struct search *search,
                                       const char *text, const struct tiles_path *path) {
  struct tiles_path now = *path;
  struct adduce_span before, after;
  now.width = tiles_width(search->size, path->level, path->index);
  if (now.width == path->width) return ADDUCE_OK; /* the audit reads it */
  if (now.width < path->width) return stray(scope, text);
  TRY(file_read(scope, &before, scope_format(scope, "%s/%s", search->folder, text),
                TILES_BUNDLE_BYTES_MAX));
  TRY(file_read(scope, &after,
                scope_format(scope, "%s/%s", search->folder, tiles_path_format(&now).text),
                TILES_BUNDLE_BYTES_MAX));
  size_t expected = (size_t)path->width * 32;
  if (path->kind == TILES_ENTRIES) {
    struct adduce_span rest = after, entry;
    for (unsigned i = 0; i < path->width; i++)
      if (!tiles_bundle_next(&rest, &entry)) return stray(scope, text);
    expected = after.size - rest.size;
  }
  if (before.size == expected && span_equal(before, span_of(after.data, expected)))
    return ADDUCE_OK;
  size_t at = 0;
  while (at < before.size && at < expected && before.data[at] == after.data[at]) at++;
  return scope_fail(scope, ADDUCE_E_FAILED, "%s differs from %s from byte %zu on", text,
                    tiles_path_format(&now).text, at);
}

static enum adduce_err look_at(struct adduce_scope *scope, const struct search *search,
                               const char *text) {
  struct tiles_path path;
  if (!tiles_path_parse(text, &path)) return stray(scope, text);
  if (path.kind == TILES_CHECKPOINT) return ADDUCE_OK;
  if (path.kind == TILES_CONTROL) {
    if (path.index >= search->size) return stray(scope, text);
    return ADDUCE_OK;
  }
  if (path.width == MERKLE_TILE_WIDTH) {
    bool read = tiles_width(search->size, path.level, path.index) == MERKLE_TILE_WIDTH;
    return read ? ADDUCE_OK : stray(scope, text);
  }
  return compare_partial(scope, search, text, &path);
}

static enum adduce_err look_below(struct adduce_scope *scope, const struct search *search,
                                  const char *below, unsigned depth) {
  const char **names;
  size_t count;
  if (depth > 8) return stray(scope, below);
  TRY(file_list(scope, &names, &count, scope_format(scope, "%s/%s", search->folder, below)));
  for (size_t i = 0; i < count; i++) {
    struct scope_mark mark = scope_mark(scope);
    const char *path = *below == '\0' ? names[i] : scope_format(scope, "%s/%s", below, names[i]);
    enum file_type type = file_type(scope_format(scope, "%s/%s", search->folder, path));
    if (type == FILE_FOLDER)
      TRY(look_below(scope, search, path, depth + 1));
    else if (type == FILE_REGULAR)
      TRY(look_at(scope, search, path));
    else
      return stray(scope, path);
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

enum adduce_err leftovers_check(struct adduce_scope *scope, const char *folder, uint64_t size) {
  const struct search search = {folder, size};
  return look_below(scope, &search, "", 0);
}
