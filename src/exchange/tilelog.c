/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tilelog.h"

#include "exchange/tilefault.h"

/* --- getting ------------------------------------------------------------------------------ */

enum adduce_err tilelog_fetch(struct adduce_scope *scope, const struct tilelog *log,
                              struct tilelog_file *file, const char *path, size_t limit_bytes) {
  enum adduce_err err = ADDUCE_E_NO_FILE;
  file->from_far = false;
  if (log->near != NULL)
    err = log->near->fetch(log->near->context, scope, &file->bytes, path, limit_bytes);
  if (err == ADDUCE_OK || err == ADDUCE_E_MEMORY) return err;
  file->from_far = true;
  return log->far->fetch(log->far->context, scope, &file->bytes, path, limit_bytes);
}

/* The first `width` hashes or entries of a full file. */
static void cut_to_width(struct adduce_span *bytes, const struct tiles_path *path) {
  struct adduce_span rest = *bytes, entry;
  if (path->kind == TILES_HASHES) {
    if (bytes->size == TILES_TILE_BYTES) bytes->size = (size_t)path->width * 32;
    return;
  }
  for (unsigned i = 0; i < path->width; i++)
    if (!tiles_bundle_next(&rest, &entry)) return;
  bytes->size -= rest.size;
}

/* The bytes of a tile from one place: the partial tile or, if that is gone, the full one, which
 * begins with it. */
static enum adduce_err fetch_tile(struct adduce_scope *scope, const struct adduce_published *from,
                                  struct adduce_span *bytes, const struct tiles_path *path,
                                  size_t limit_bytes) {
  struct tiles_path full = *path;
  enum adduce_err err =
      from->fetch(from->context, scope, bytes, tiles_path_format(path).text, limit_bytes);
  if (err != ADDUCE_E_NO_FILE || path->width == MERKLE_TILE_WIDTH) return err;
  full.width = MERKLE_TILE_WIDTH;
  const char *reason = scope_format(scope, "%s", adduce_scope_detail(scope));
  size_t full_bytes = path->kind == TILES_HASHES ? TILES_TILE_BYTES : TILES_BUNDLE_BYTES_MAX;
  err = from->fetch(from->context, scope, bytes, tiles_path_format(&full).text, full_bytes);
  if (err == ADDUCE_E_NO_FILE) return scope_fail(scope, err, "%s", reason);
  if (err == ADDUCE_OK) cut_to_width(bytes, path);
  return err;
}

/* A file that is missing where the checkpoint says it must be is a finding, not an accident. */
static enum adduce_err missing(struct adduce_scope *scope, enum adduce_err err,
                               const struct tiles_path *path) {
  if (err == ADDUCE_E_NO_FILE || err == ADDUCE_E_TOO_LARGE)
    return scope_wrap(scope, ADDUCE_E_FAILED, "%s: ", tiles_path_format(path).text);
  return err;
}

static enum adduce_err fetch_hashes(struct adduce_scope *scope, const struct adduce_published *from,
                                    struct adduce_hash *hashes, const struct tiles_path *path) {
  struct adduce_span bytes;
  size_t expected = (size_t)path->width * 32;
  enum adduce_err err = fetch_tile(scope, from, &bytes, path, expected);
  if (err != ADDUCE_OK) return missing(scope, err, path);
  if (bytes.size != expected)
    return scope_fail(scope, ADDUCE_E_FAILED, "%s has %zu bytes, not %zu",
                      tiles_path_format(path).text, bytes.size, expected);
  memcpy(hashes, bytes.data, expected);
  return ADDUCE_OK;
}

/* --- the right edge ----------------------------------------------------------------------- */

static enum adduce_err read_edge(struct adduce_scope *scope, struct tilelog *log,
                                 const struct adduce_published *from,
                                 const struct checkpoint *checkpoint) {
  struct merkle_edge *edge = &log->edge;
  edge->size = checkpoint->size;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    uint64_t count = merkle_level_count(checkpoint->size, level);
    struct tiles_path path = {TILES_HASHES, level, count / MERKLE_TILE_WIDTH,
                              (unsigned)(count % MERKLE_TILE_WIDTH)};
    edge->widths[level] = path.width;
    if (path.width != 0) TRY(fetch_hashes(scope, from, edge->tiles[level], &path));
  }
  struct adduce_hash root = merkle_edge_root(edge);
  if (hash_equal(&root, &checkpoint->root)) return ADDUCE_OK;
  return tilefault_edge(scope, from, edge);
}

enum adduce_err tilelog_open(struct adduce_scope *scope, struct tilelog **log,
                             const struct adduce_published *near,
                             const struct adduce_published *far,
                             const struct checkpoint *checkpoint) {
  struct tilelog *opened = scope_new(scope, struct tilelog);
  *log = NULL;
  if (opened == NULL) return scope_no_memory(scope);
  opened->near = near;
  opened->far = far;
  enum adduce_err err = ADDUCE_E_FAILED;
  if (near != NULL) err = read_edge(scope, opened, near, checkpoint);
  if (err == ADDUCE_E_MEMORY) return err;
  if (err != ADDUCE_OK) TRY(read_edge(scope, opened, far, checkpoint));
  *log = opened;
  return ADDUCE_OK;
}

/* --- tiles -------------------------------------------------------------------------------- */

static struct adduce_hash tile_root(const struct adduce_hash *hashes256) {
  struct adduce_hash row[MERKLE_TILE_WIDTH];
  memcpy(row, hashes256, sizeof row);
  for (size_t width = MERKLE_TILE_WIDTH / 2; width != 0; width /= 2)
    for (size_t i = 0; i < width; i++) row[i] = merkle_node(&row[2 * i], &row[2 * i + 1]);
  return row[0];
}

/* What must be the root of a full tile: its place in the verified tile above. */
static enum adduce_err expected_root(struct adduce_scope *scope, struct tilelog *log,
                                     struct adduce_hash *root, unsigned level, uint64_t tile) {
  const struct adduce_hash *above;
  unsigned width;
  if (level + 1 >= MERKLE_LEVELS)
    return scope_fail(scope, ADDUCE_E_POSITION, "no log has a full tile of level %u", level);
  TRY(tilelog_tile(scope, log, &above, &width, level + 1, tile / MERKLE_TILE_WIDTH));
  *root = above[tile % MERKLE_TILE_WIDTH];
  return ADDUCE_OK;
}

static enum adduce_err verify_full(struct adduce_scope *scope, const struct adduce_published *from,
                                   struct adduce_hash *hashes, const struct tiles_path *path,
                                   const struct adduce_hash *expected) {
  TRY(fetch_hashes(scope, from, hashes, path));
  struct adduce_hash root = tile_root(hashes);
  if (hash_equal(&root, expected)) return ADDUCE_OK;
  return tilefault_tile(scope, from, path, hashes);
}

/* Fills the cache of a level with a full tile. */
static enum adduce_err load_full(struct adduce_scope *scope, struct tilelog *log, bool *from_far,
                                 unsigned level, uint64_t tile) {
  struct tilelog_cache *cache = &log->cache[level];
  const struct tiles_path path = {TILES_HASHES, level, tile, MERKLE_TILE_WIDTH};
  struct adduce_hash expected;
  TRY(expected_root(scope, log, &expected, level, tile));
  enum adduce_err err = ADDUCE_E_FAILED;
  *from_far = false;
  cache->held = false;
  if (log->near != NULL) err = verify_full(scope, log->near, cache->hashes, &path, &expected);
  if (err == ADDUCE_E_MEMORY) return err;
  if (err != ADDUCE_OK) {
    *from_far = true;
    TRY(verify_full(scope, log->far, cache->hashes, &path, &expected));
  }
  cache->held = true;
  cache->tile = tile;
  return ADDUCE_OK;
}

static enum adduce_err get_tile(struct adduce_scope *scope, struct tilelog *log,
                                const struct adduce_hash **hashes, unsigned *width, bool *from_far,
                                unsigned level, uint64_t tile) {
  *from_far = true; /* of what is held already we do not know; it does no harm to write it again */
  *width = tiles_width(log->edge.size, level, tile);
  if (level >= MERKLE_LEVELS || *width == 0)
    return scope_fail(scope, ADDUCE_E_POSITION,
                      "a log of %llu entries has no tile %llu of level %u",
                      (unsigned long long)log->edge.size, (unsigned long long)tile, level);
  if (*width < MERKLE_TILE_WIDTH) {
    *hashes = log->edge.tiles[level];
    return ADDUCE_OK;
  }
  struct tilelog_cache *cache = &log->cache[level];
  if (!cache->held || cache->tile != tile) {
    struct scope_mark mark = scope_mark(scope);
    TRY(load_full(scope, log, from_far, level, tile));
    scope_rewind(scope, mark);
  }
  *hashes = cache->hashes;
  return ADDUCE_OK;
}

enum adduce_err tilelog_tile(struct adduce_scope *scope, struct tilelog *log,
                             const struct adduce_hash **hashes, unsigned *width, unsigned level,
                             uint64_t tile) {
  bool from_far;
  return get_tile(scope, log, hashes, width, &from_far, level, tile);
}

enum adduce_err tilelog_tile_file(struct adduce_scope *scope, struct tilelog *log,
                                  struct tilelog_file *file, unsigned level, uint64_t tile) {
  const struct adduce_hash *hashes;
  unsigned width;
  TRY(get_tile(scope, log, &hashes, &width, &file->from_far, level, tile));
  file->bytes = span_of(hashes, (size_t)width * sizeof *hashes);
  return ADDUCE_OK;
}

/* --- entries ------------------------------------------------------------------------------ */

/* Exactly these entries. */
static enum adduce_err verify_bundle(struct adduce_scope *scope,
                                     const struct adduce_published *from,
                                     struct adduce_span *bundle, const struct tiles_path *path,
                                     const struct adduce_hash *hashes) {
  enum adduce_err err =
      fetch_tile(scope, from, bundle, path, (size_t)path->width * (2 + TILES_ENTRY_MAX));
  if (err != ADDUCE_OK) return missing(scope, err, path);
  struct adduce_span rest = *bundle, entry;
  for (unsigned i = 0; i < path->width; i++) {
    unsigned long long index = path->index * MERKLE_TILE_WIDTH + i;
    if (!tiles_bundle_next(&rest, &entry))
      return scope_fail(scope, ADDUCE_E_FAILED, "%s ends within entry %llu",
                        tiles_path_format(path).text, index);
    struct adduce_hash leaf = merkle_leaf(entry);
    if (!hash_equal(&leaf, &hashes[i]))
      return scope_fail(scope, ADDUCE_E_FAILED, "%s: entry %llu is not the one in the tree",
                        tiles_path_format(path).text, index);
  }
  if (rest.size != 0)
    return scope_fail(scope, ADDUCE_E_FAILED, "%s: %zu bytes follow entry %llu",
                      tiles_path_format(path).text, rest.size,
                      (unsigned long long)path->index * MERKLE_TILE_WIDTH + path->width - 1);
  return ADDUCE_OK;
}

enum adduce_err tilelog_bundle(struct adduce_scope *scope, struct tilelog *log,
                               struct tilelog_file *file, uint64_t tile) {
  const struct adduce_hash *hashes;
  struct tiles_path path = {TILES_ENTRIES, 0, tile, 0};
  TRY(tilelog_tile(scope, log, &hashes, &path.width, 0, tile));
  enum adduce_err err = ADDUCE_E_FAILED;
  file->from_far = false;
  if (log->near != NULL) err = verify_bundle(scope, log->near, &file->bytes, &path, hashes);
  if (err == ADDUCE_OK || err == ADDUCE_E_MEMORY) return err;
  file->from_far = true;
  return verify_bundle(scope, log->far, &file->bytes, &path, hashes);
}

/* --- as a tree ---------------------------------------------------------------------------- */

static enum adduce_err read_hashes(void *context, struct adduce_scope *scope, unsigned level,
                                   uint64_t first, size_t count, struct adduce_hash *out) {
  const struct adduce_hash *hashes;
  unsigned width;
  TRY(tilelog_tile(scope, context, &hashes, &width, level, first / MERKLE_TILE_WIDTH));
  size_t at = first % MERKLE_TILE_WIDTH;
  if (at + count > width)
    return scope_fail(scope, ADDUCE_E_POSITION, "hashes beyond the end of the log");
  memcpy(out, hashes + at, count * sizeof *out);
  return ADDUCE_OK;
}

struct merkle_reader tilelog_reader(struct tilelog *log) {
  return (struct merkle_reader){read_hashes, log};
}

enum adduce_err tilelog_extends(struct adduce_scope *scope, struct tilelog *log,
                                const struct checkpoint *checkpoint,
                                const struct checkpoint *older) {
  struct merkle_reader reader = tilelog_reader(log);
  struct adduce_hash root;
  unsigned long long size = older->size;
  if (!span_equal(checkpoint->origin, older->origin))
    return scope_fail(scope, ADDUCE_E_FORK, "this is the log %.*s; what was there is of %.*s",
                      SPAN_ARGS(checkpoint->origin), SPAN_ARGS(older->origin));
  if (older->size > log->edge.size)
    return scope_fail(scope, ADDUCE_E_ROLLBACK,
                      "the log has %llu entries, and had %llu when it was last seen",
                      (unsigned long long)log->edge.size, size);
  TRY(merkle_root(scope, &root, &reader, older->size));
  if (hash_equal(&root, &older->root)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_FORK,
                    "the first %llu entries are not those that were there when it was last seen",
                    size);
}
