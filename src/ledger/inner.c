/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants, under the lock
 *   1. tiles[i], where held, has at height h and place p the root over the 2^h stored hashes from
 *      p * 2^h of its tile, wherever those are among its first `width`. A log only grows: what is
 *      there is right in every view that has it.
 *   2. `tiles` is in `own`, and NULL before the first use. */
#include "ledger/inner.h"

#include <pthread.h>

#include "exchange/tiles.h"

#define KEPT_TILES 64 /* 1 MiB; those of level 1 cover 4 million entries */
#define HEIGHT 8

struct kept_tile {
  bool held;
  unsigned level, width;
  uint64_t tile;
  struct adduce_hash nodes[2 * MERKLE_TILE_WIDTH]; /* a heap: 1 the root, 256 on the stored */
};

struct inner {
  pthread_mutex_t lock;
  struct adduce_scope *own;
  struct kept_tile *tiles;
  size_t next; /* to be replaced */
};

enum adduce_err inner_open(struct adduce_scope *scope, struct inner **inner) {
  struct adduce_scope *own = NULL;
  *inner = NULL;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct inner *opened = scope_new(own, struct inner);
  if (opened == NULL || pthread_mutex_init(&opened->lock, NULL) != 0) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  *inner = opened;
  return ADDUCE_OK;
}

void inner_close(struct inner **inner) {
  if (*inner == NULL) return;
  struct adduce_scope *own = (*inner)->own;
  (void)pthread_mutex_destroy(&(*inner)->lock);
  *inner = NULL;
  adduce_scope_close(&own);
}

/* --- what is kept, under the lock ------------------------------------------------- */

static enum adduce_err load(const struct inner_use *use, struct kept_tile *kept, unsigned level,
                            uint64_t tile) {
  struct merkle_reader stored = log_view_tree(use->view);
  struct adduce_hash *nodes = kept->nodes;
  struct scope_mark mark = scope_mark(use->scope);
  kept->held = false;
  kept->width = tiles_width(use->view->size, level, tile);
  TRY(stored.read(stored.context, use->scope, level, tile * MERKLE_TILE_WIDTH, kept->width,
                  nodes + MERKLE_TILE_WIDTH));
  scope_rewind(use->scope, mark);
  for (unsigned row = MERKLE_TILE_WIDTH / 2, have = kept->width / 2; have != 0; row /= 2, have /= 2)
    for (unsigned i = 0; i < have; i++)
      nodes[row + i] = merkle_node(&nodes[2 * (row + i)], &nodes[2 * (row + i) + 1]);
  kept->level = level;
  kept->tile = tile;
  kept->held = true;
  return ADDUCE_OK;
}

/* The tile with at least `width` hashes. */
static enum adduce_err find(const struct inner_use *use, const struct kept_tile **found,
                            unsigned level, uint64_t tile, uint64_t width) {
  struct inner *inner = use->inner;
  struct kept_tile *kept = NULL;
  if (inner->tiles == NULL)
    inner->tiles = scope_array(inner->own, KEPT_TILES, sizeof *inner->tiles);
  if (inner->tiles == NULL) return scope_no_memory(use->scope);
  for (size_t i = 0; i < KEPT_TILES && kept == NULL; i++)
    if (inner->tiles[i].held && inner->tiles[i].level == level && inner->tiles[i].tile == tile)
      kept = &inner->tiles[i];
  if (kept == NULL) kept = &inner->tiles[inner->next++ % KEPT_TILES];
  *found = kept;
  if (kept->held && kept->level == level && kept->tile == tile && kept->width >= width)
    return ADDUCE_OK;
  TRY(load(use, kept, level, tile));
  if (kept->width >= width) return ADDUCE_OK;
  return scope_fail(use->scope, ADDUCE_E_POSITION, "hashes beyond the end of the log");
}

/* `count` hashes of a row of a tile's heap. */
static enum adduce_err copy_nodes(const struct inner_use *use, struct adduce_hash *out,
                                  unsigned level, uint64_t first, unsigned height, size_t count) {
  const struct kept_tile *kept = NULL;
  uint64_t within = first % MERKLE_TILE_WIDTH;
  uint64_t width = within + ((uint64_t)count << height);
  (void)pthread_mutex_lock(&use->inner->lock);
  enum adduce_err err = find(use, &kept, level, first / MERKLE_TILE_WIDTH, width);
  if (err == ADDUCE_OK)
    memcpy(out, &kept->nodes[(1u << (HEIGHT - height)) + (within >> height)], count * sizeof *out);
  (void)pthread_mutex_unlock(&use->inner->lock);
  return err;
}

/* Whether a hash is one of those that are kept: above the lowest level, and of the last tile there,
 * which every proof needs that is not about it. */
static bool is_kept(const struct inner_use *use, unsigned level, uint64_t first) {
  return level != 0 || first / MERKLE_TILE_WIDTH == use->view->size / MERKLE_TILE_WIDTH;
}

/* --- for a proof ---------------------------------------------------------------------------- */

static enum adduce_err load_row(struct adduce_scope *scope, struct inner_use *use, uint64_t tile) {
  struct merkle_reader stored = log_view_tree(use->view);
  unsigned width = tiles_width(use->view->size, 0, tile);
  use->width = 0;
  TRY(stored.read(stored.context, scope, 0, tile * MERKLE_TILE_WIDTH, width, use->row));
  use->tile = tile;
  use->width = width;
  return ADDUCE_OK;
}

static enum adduce_err read_hashes(void *context, struct adduce_scope *scope, unsigned level,
                                   uint64_t first, size_t count, struct adduce_hash *out) {
  struct inner_use *use = context;
  uint64_t tile = first / MERKLE_TILE_WIDTH, within = first % MERKLE_TILE_WIDTH;
  if (is_kept(use, level, first)) return copy_nodes(use, out, level, first, 0, count);
  if (use->width == 0 || use->tile != tile) TRY(load_row(scope, use, tile));
  if (within + count > use->width)
    return scope_fail(scope, ADDUCE_E_POSITION, "hashes beyond the end of the log");
  memcpy(out, use->row + within, count * sizeof *out);
  return ADDUCE_OK;
}

struct merkle_reader inner_reader(struct inner_use *use) {
  return (struct merkle_reader){read_hashes, use};
}

static bool get_node(void *context, unsigned level, uint64_t first, unsigned height,
                     struct adduce_hash *root) {
  /* Where it fails, the same is read without it, and says why. */
  return is_kept(context, level, first) &&
         copy_nodes(context, root, level, first, height, 1) == ADDUCE_OK;
}

struct merkle_inner inner_nodes(struct inner_use *use) {
  return (struct merkle_inner){get_node, use};
}
