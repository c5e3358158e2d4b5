/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a published log without trusting where it comes from. Its checkpoint, which the caller
 * has verified, fixes the root; the right edge (the partial tiles) is read and must give that
 * root; every full tile must have the hash that stands for it in the tile above; every entry must
 * have its hash in the tile. So each file is verified before anything of it is used, in any order,
 * and what is wrong is named: the file, and the index of the entry.
 *
 * There may be two places to read from, a near and a far one: what the near one does not have, or
 * has wrong, is taken from the far one.
 *
 * Invariants of an open log
 *   1. edge.size is the checkpoint's size and merkle_edge_root(edge) its root.
 *   2. cache[k], where held, is a full tile of level k whose root is in a verified tile. */
#ifndef EXCHANGE_TILELOG_H
#define EXCHANGE_TILELOG_H

#include "adduce/proof.h"
#include "exchange/tiles.h"
#include "tree/checkpoint.h"

struct tilelog_cache {
  bool held;
  uint64_t tile;
  struct adduce_hash hashes[MERKLE_TILE_WIDTH];
};

struct tilelog {
  const struct adduce_published *near; /* NULL: there is none */
  const struct adduce_published *far;
  struct merkle_edge edge;
  struct tilelog_cache cache[MERKLE_LEVELS];
};

/* A file that was verified, and whether it had to be taken from the far place. */
struct tilelog_file {
  struct adduce_span bytes;
  bool from_far;
};

/* Reads and verifies the right edge. The handle lives in the scope. Errors: ADDUCE_E_FAILED (a
 * tile is missing, has another width, or the edge does not give the root), ADDUCE_E_TOO_LARGE and
 * what else the fetch gives, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err tilelog_open(struct adduce_scope *scope, struct tilelog **log,
                                      const struct adduce_published *near,
                                      const struct adduce_published *far,
                                      const struct checkpoint *checkpoint);

/* The verified hashes of a tile; they live until the next call with this log. Errors: as above. */
MUST_USE enum adduce_err tilelog_tile(struct adduce_scope *scope, struct tilelog *log,
                                      const struct adduce_hash **hashes, unsigned *width,
                                      unsigned level, uint64_t tile);

/* Like tilelog_tile, as the bytes of the file that is published for it. */
MUST_USE enum adduce_err tilelog_tile_file(struct adduce_scope *scope, struct tilelog *log,
                                           struct tilelog_file *file, unsigned level,
                                           uint64_t tile);

/* The verified entry bundle `tile` (of as many entries as tile `tile` of level 0 has hashes).
 * Errors: as above. */
MUST_USE enum adduce_err tilelog_bundle(struct adduce_scope *scope, struct tilelog *log,
                                        struct tilelog_file *file, uint64_t tile);

/* Any other file, unverified. Errors: ADDUCE_E_NO_FILE and what else the fetch gives. */
MUST_USE enum adduce_err tilelog_fetch(struct adduce_scope *scope, const struct tilelog *log,
                                       struct tilelog_file *file, const char *path,
                                       size_t limit_bytes);

/* The verified tiles, for proofs and roots of earlier sizes. */
struct merkle_reader tilelog_reader(struct tilelog *log);

/* That the log begins with the tree of `older`. Errors: ADDUCE_E_ROLLBACK (it is shorter),
 * ADDUCE_E_FORK (it has another root at that size, or another origin), those of reading. */
MUST_USE enum adduce_err tilelog_extends(struct adduce_scope *scope, struct tilelog *log,
                                         const struct checkpoint *checkpoint,
                                         const struct checkpoint *older);

#endif
