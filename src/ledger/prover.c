/* SPDX-License-Identifier: Apache-2.0 */
/* Many proofs under one checkpoint. Half the work of a proof is making the inner hashes of the
 * tiles above the lowest level, of which there are few: they are kept.
 *
 * Invariants
 *   1. tiles[i], where held, has at height h and place p the root over the 2^h stored hashes from
 *      p * 2^h of its tile, wherever the checkpoint's tree has them all.
 *   2. All that lives as long as the prover is in `own`, and so is the prover. */
#include "exchange/tiles.h"
#include "ledger/proof.h"

#define KEPT_TILES 64 /* 512 KiB; those of level 1 cover 4 million entries */
#define HEIGHT 8

struct kept_tile {
  bool held;
  unsigned level;
  uint64_t tile;
  struct adduce_hash nodes[2 * MERKLE_TILE_WIDTH]; /* a heap: 1 the root, 256 on the stored */
};

struct adduce_prover {
  struct adduce_scope *own;
  struct adduce_ledger *ledger;
  struct proof_under under;
  struct merkle_inner inner;
  struct log_view *view; /* within a call */
  struct adduce_scope *step;
  struct kept_tile *tiles;
  size_t next; /* to be replaced */
};

static bool load(struct adduce_prover *prover, struct kept_tile *kept, unsigned level,
                 uint64_t tile) {
  struct merkle_reader reader = log_view_tree(prover->view);
  unsigned width = tiles_width(prover->under.checkpoint.size, level, tile);
  struct adduce_hash *nodes = kept->nodes;
  kept->held = false;
  if (width == 0 || reader.read(reader.context, prover->step, level, tile * MERKLE_TILE_WIDTH,
                                width, nodes + MERKLE_TILE_WIDTH) != ADDUCE_OK)
    return false;
  for (unsigned row = MERKLE_TILE_WIDTH / 2, have = width / 2; have != 0; row /= 2, have /= 2)
    for (unsigned i = 0; i < have; i++)
      nodes[row + i] = merkle_node(&nodes[2 * (row + i)], &nodes[2 * (row + i) + 1]);
  kept->level = level;
  kept->tile = tile;
  kept->held = true;
  return true;
}

static bool get_inner(void *context, unsigned level, uint64_t first, unsigned height,
                      struct adduce_hash *root) {
  struct adduce_prover *prover = context;
  uint64_t tile = first / MERKLE_TILE_WIDTH;
  struct kept_tile *kept = NULL;
  if (level == 0) return false;
  for (size_t i = 0; i < KEPT_TILES && kept == NULL; i++)
    if (prover->tiles[i].held && prover->tiles[i].level == level && prover->tiles[i].tile == tile)
      kept = &prover->tiles[i];
  if (kept == NULL) {
    kept = &prover->tiles[prover->next++ % KEPT_TILES];
    if (!load(prover, kept, level, tile)) return false; /* the proof will say why */
  }
  uint64_t place = first % MERKLE_TILE_WIDTH >> height;
  *root = kept->nodes[(1u << (HEIGHT - height)) + place];
  return true;
}

static enum adduce_err open_under(struct adduce_scope *scope, struct adduce_prover *prover) {
  struct log_view view;
  TRY(log_view_open(scope, &view, prover->ledger->log));
  enum adduce_err err = proof_choose(prover->own, &prover->under, prover->ledger, &view, 0);
  log_view_close(&view);
  if (err != ADDUCE_OK) return ledger_relay(scope, err, prover->own);
  prover->under.inner = &prover->inner;
  return ADDUCE_OK;
}

enum adduce_err adduce_prover_open(struct adduce_scope *scope, struct adduce_prover **prover,
                                   struct adduce_ledger *ledger) {
  struct adduce_scope *own = NULL;
  *prover = NULL;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return scope_no_memory(scope);
  struct adduce_prover *opened = scope_new(own, struct adduce_prover);
  struct kept_tile *tiles = scope_array(own, KEPT_TILES, sizeof *tiles);
  if (opened == NULL || tiles == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  opened->ledger = ledger;
  opened->tiles = tiles;
  opened->inner = (struct merkle_inner){get_inner, opened};
  enum adduce_err err = open_under(scope, opened);
  if (err == ADDUCE_OK)
    *prover = opened;
  else
    adduce_prover_close(&opened);
  return err;
}

void adduce_prover_close(struct adduce_prover **prover) {
  if (*prover == NULL) return;
  struct adduce_scope *own = (*prover)->own;
  *prover = NULL;
  adduce_scope_close(&own);
}

enum adduce_err adduce_prover_prove(struct adduce_scope *scope, struct adduce_prover *prover,
                                    struct adduce_span *file, const char *event,
                                    bool without_content) {
  struct log_view view;
  uint64_t index;
  *file = span_of(NULL, 0);
  TRY(log_view_open(scope, &view, prover->ledger->log));
  prover->view = &view;
  prover->step = scope;
  enum adduce_err err = proof_find(scope, &view, &index, event);
  if (err == ADDUCE_OK)
    err = proof_make(scope, file, &view, &prover->under, index, without_content);
  log_view_close(&view);
  return err;
}
