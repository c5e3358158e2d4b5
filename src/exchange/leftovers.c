/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/leftovers.h"

#include "exchange/entry.h"
#include "sys/file.h"

/* What a folder holds below a path, all of it. */
struct search {
  const char *folder;
  uint64_t size;
  uint64_t *ahead; /* counts files of later sizes */
};

static enum adduce_err stray(struct adduce_scope *scope, const char *path) {
  return scope_fail(scope, ADDUCE_E_FAILED, "%s does not belong to the log", path);
}

static enum adduce_err read_in(struct adduce_scope *scope, const struct search *search,
                               struct adduce_span *bytes, const char *text) {
  return file_read(scope, bytes, scope_format(scope, "%s/%s", search->folder, text),
                   TILES_BUNDLE_BYTES_MAX);
}

/* What the byte at which an earlier tile differs stands for: a hash, or an entry. */
static enum adduce_err differs(struct adduce_scope *scope, const struct tiles_path *path,
                               const struct tiles_path *now, struct adduce_span before,
                               struct adduce_span after) {
  size_t at = 0;
  uint64_t number = 0;
  while (at < before.size && at < after.size && before.data[at] == after.data[at]) at++;
  const struct tiles_text text = tiles_path_format(path), from = tiles_path_format(now);
  if (path->kind == TILES_ENTRIES) {
    struct adduce_span rest = after, entry;
    while (tiles_bundle_next(&rest, &entry) && after.size - rest.size <= at) number++;
    return scope_fail(scope, ADDUCE_E_FAILED, "%s: entry %llu is not the one in %s", text.text,
                      (unsigned long long)(path->index * MERKLE_TILE_WIDTH + number), from.text);
  }
  uint64_t span = UINT64_C(1) << (8 * path->level);
  uint64_t first = (path->index * MERKLE_TILE_WIDTH + at / 32) * span;
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "%s: hash %zu, of the entries %llu to %llu, is not the one in %s", text.text,
                    at / 32, (unsigned long long)first, (unsigned long long)(first + span - 1),
                    from.text);
}

/* Whether the file has the hashes or entries that its name says, no more and no less. */
static bool is_whole(const struct tiles_path *path, struct adduce_span bytes) {
  struct adduce_span entry;
  if (path->kind == TILES_HASHES) return bytes.size == (size_t)path->width * 32;
  for (unsigned i = 0; i < path->width; i++)
    if (!tiles_bundle_next(&bytes, &entry)) return false;
  return bytes.size == 0;
}

/* A tile of an earlier size must begin the one of this size, and that the one of a later size. */
static enum adduce_err compare(struct adduce_scope *scope, const struct search *search,
                               const char *text, const struct tiles_path *path) {
  struct tiles_path now = *path;
  struct adduce_span other, this = span_of(NULL, 0);
  now.width = tiles_width(search->size, path->level, path->index);
  if (now.width == path->width) return ADDUCE_OK; /* the audit reads it */
  TRY(read_in(scope, search, &other, text));
  if (now.width != 0) {
    enum adduce_err err = read_in(scope, search, &this, tiles_path_format(&now).text);
    if (err == ADDUCE_E_NO_FILE)
      this = span_of(NULL, 0); /* the audit read the full one instead */
    else if (err != ADDUCE_OK)
      return err;
  }
  bool is_later = path->width > now.width;
  struct adduce_span shorter = is_later ? this : other, longer = is_later ? other : this;
  if (longer.size > shorter.size) longer.size = shorter.size;
  if (!span_equal(shorter, longer)) return differs(scope, path, &now, other, this);
  if (!is_whole(path, other)) return stray(scope, text);
  *search->ahead += is_later;
  return ADDUCE_OK;
}

/* There are contents of control entries only, whose entries the audit has read. */
static enum adduce_err look_at_control(struct adduce_scope *scope, const struct search *search,
                                       const char *text, uint64_t index) {
  uint64_t tile = index / MERKLE_TILE_WIDTH;
  const struct tiles_path path = {TILES_ENTRIES, 0, tile, tiles_width(search->size, 0, tile)};
  struct adduce_span rest, entry = span_of(NULL, 0);
  if (index >= search->size) {
    ++*search->ahead;
    return ADDUCE_OK;
  }
  TRY(read_in(scope, search, &rest, tiles_path_format(&path).text));
  for (uint64_t i = tile * MERKLE_TILE_WIDTH; i <= index; i++)
    if (!tiles_bundle_next(&rest, &entry)) return stray(scope, text);
  return entry_is_control(entry) ? ADDUCE_OK : stray(scope, text);
}

static enum adduce_err look_at(struct adduce_scope *scope, const struct search *search,
                               const char *text) {
  struct tiles_path path;
  if (!tiles_path_parse(text, &path)) return stray(scope, text);
  if (path.kind == TILES_CHECKPOINT) return ADDUCE_OK;
  if (path.kind == TILES_CONTROL) return look_at_control(scope, search, text, path.index);
  return compare(scope, search, text, &path);
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

enum adduce_err leftovers_check(struct adduce_scope *scope, uint64_t *ahead, const char *folder,
                                uint64_t size) {
  const struct search search = {folder, size, ahead};
  *ahead = 0;
  return look_below(scope, &search, "", 0);
}
