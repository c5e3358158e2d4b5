/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tilefault.h"

#define INTACT ADDUCE_OK

/* Compares the hashes of a tile of level 0 with the entries. INTACT when they agree, or when the
 * entries cannot be had. */
static enum adduce_err compare_entries(struct adduce_scope *scope,
                                       const struct adduce_published *from,
                                       const struct tiles_path *path,
                                       const struct adduce_hash *hashes) {
  struct tiles_path below = {TILES_ENTRIES, 0, path->index, path->width};
  struct adduce_span rest, entry;
  if (from->fetch(from->context, scope, &rest, tiles_path_format(&below).text,
                  TILES_BUNDLE_BYTES_MAX) != ADDUCE_OK)
    return INTACT;
  for (unsigned i = 0; i < path->width && tiles_bundle_next(&rest, &entry); i++) {
    struct adduce_hash leaf = merkle_leaf(entry);
    if (!hash_equal(&leaf, &hashes[i]))
      return scope_fail(scope, ADDUCE_E_FAILED,
                        "%s: hash %u is not that of entry %llu in %s; one of the two is damaged",
                        tiles_path_format(path).text, i,
                        (unsigned long long)path->index * MERKLE_TILE_WIDTH + i,
                        tiles_path_format(&below).text);
  }
  return INTACT;
}

static enum adduce_err compare_child(struct adduce_scope *scope,
                                     const struct adduce_published *from,
                                     const struct tiles_path *path, unsigned at,
                                     const struct adduce_hash *hash) {
  struct tiles_path below = {TILES_HASHES, path->level - 1, path->index * MERKLE_TILE_WIDTH + at,
                             MERKLE_TILE_WIDTH};
  struct adduce_span bytes;
  if (from->fetch(from->context, scope, &bytes, tiles_path_format(&below).text, TILES_TILE_BYTES) !=
          ADDUCE_OK ||
      bytes.size != TILES_TILE_BYTES)
    return INTACT;
  struct adduce_hash row[MERKLE_TILE_WIDTH];
  memcpy(row, bytes.data, sizeof row);
  for (size_t width = MERKLE_TILE_WIDTH / 2; width != 0; width /= 2)
    for (size_t i = 0; i < width; i++) row[i] = merkle_node(&row[2 * i], &row[2 * i + 1]);
  if (hash_equal(&row[0], hash)) return INTACT;
  uint64_t span = UINT64_C(1) << (8 * path->level), first = below.index * MERKLE_TILE_WIDTH;
  for (unsigned level = 1; level < path->level; level++) first *= MERKLE_TILE_WIDTH;
  return scope_fail(
      scope, ADDUCE_E_FAILED,
      "%s: hash %u, of the entries %llu to %llu, is not that of %s; one of the two is "
      "damaged",
      tiles_path_format(path).text, at, (unsigned long long)first,
      (unsigned long long)(first + span - 1), tiles_path_format(&below).text);
}

static enum adduce_err compare_tile(struct adduce_scope *scope, const struct adduce_published *from,
                                    const struct tiles_path *path,
                                    const struct adduce_hash *hashes) {
  if (path->level == 0) return compare_entries(scope, from, path, hashes);
  for (unsigned i = 0; i < path->width; i++) {
    struct scope_mark mark = scope_mark(scope);
    TRY(compare_child(scope, from, path, i, &hashes[i]));
    scope_rewind(scope, mark);
  }
  return INTACT;
}

enum adduce_err tilefault_tile(struct adduce_scope *scope, const struct adduce_published *from,
                               const struct tiles_path *path, const struct adduce_hash *hashes) {
  TRY(compare_tile(scope, from, path, hashes));
  uint64_t span = UINT64_C(1) << (8 * (path->level + 1));
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "%s is not the tile in the tree; it stands for the entries %llu to %llu",
                    tiles_path_format(path).text, (unsigned long long)(path->index * span),
                    (unsigned long long)((path->index + 1) * span - 1));
}

enum adduce_err tilefault_edge(struct adduce_scope *scope, const struct adduce_published *from,
                               const struct merkle_edge *edge) {
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    uint64_t count = merkle_level_count(edge->size, level);
    const struct tiles_path path = {TILES_HASHES, level, count / MERKLE_TILE_WIDTH,
                                    edge->widths[level]};
    if (path.width != 0) TRY(compare_tile(scope, from, &path, edge->tiles[level]));
  }
  return scope_fail(scope, ADDUCE_E_FAILED,
                    "the tiles of %llu entries do not give the root of the checkpoint",
                    (unsigned long long)edge->size);
}
