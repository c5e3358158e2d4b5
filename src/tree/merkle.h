/* SPDX-License-Identifier: Apache-2.0 */
/* The Merkle tree of RFC 6962 over SHA-256, and nothing private: leaf = H(0x00 || entry),
 * node = H(0x01 || left || right), the empty tree is H(""). Pure arithmetic; where hashes are
 * kept is the caller's business.
 *
 * Stored hashes are those of C2SP tlog-tiles: level 0 is every leaf, level k (a tile level,
 * eight tree levels above k - 1) every full subtree of 256^k leaves. All are append-only. */
#ifndef TREE_MERKLE_H
#define TREE_MERKLE_H

#include "base/scope.h"
#include "crypto/hash.h"

#define MERKLE_TILE_WIDTH 256
#define MERKLE_LEVELS 8     /* tile levels; 256^7 entries is beyond every size we allow */
#define MERKLE_PROOF_MAX 64 /* hashes in any proof */
#define MERKLE_SIZE_MAX ((UINT64_C(1) << 53) - 1)

struct adduce_hash merkle_leaf(struct adduce_span entry);
struct adduce_hash merkle_node(const struct adduce_hash *left, const struct adduce_hash *right);
struct adduce_hash merkle_empty(void);

/* How many hashes tile level `level` stores for a tree of `size` leaves. */
uint64_t merkle_level_count(uint64_t size, unsigned level);

/* --- growing ------------------------------------------------------------------------------
 * The right edge: for each level the hashes of its last, not yet full tile.
 *
 * Invariants
 *   1. widths[k] = merkle_level_count(size, k) mod 256.
 *   2. tiles[k][0 .. widths[k]) are the last widths[k] hashes of level k. */
struct merkle_edge {
  uint64_t size;
  unsigned widths[MERKLE_LEVELS];
  struct adduce_hash tiles[MERKLE_LEVELS][MERKLE_TILE_WIDTH];
};

/* Receives a tile that has just become full: `tile` is its index in `level`. */
typedef enum adduce_err merkle_full_fn(void *context, unsigned level, uint64_t tile,
                                       const struct adduce_hash *hashes256);

void merkle_edge_init(struct merkle_edge *edge);

/* Adds one leaf. `full` gets each tile it completes, lowest level first (the edge then holds
 * an empty one in its place). Errors: those of `full`; ADDUCE_E_TOO_LARGE at MERKLE_SIZE_MAX.
 * On error the edge is spent. */
MUST_USE enum adduce_err merkle_edge_push(struct merkle_edge *edge, const struct adduce_hash *leaf,
                                          merkle_full_fn *full, void *context);

/* The root of the tree whose edge this is. At most 8 x 255 + 64 hash steps. */
struct adduce_hash merkle_edge_root(const struct merkle_edge *edge);

/* --- reading ------------------------------------------------------------------------------ */

/* Reads stored hashes [first, first + count) of a level into `out`; they lie within one tile.
 * Errors are the reader's. */
struct merkle_reader {
  enum adduce_err (*read)(void *context, struct adduce_scope *scope, unsigned level, uint64_t first,
                          size_t count, struct adduce_hash *out);
  void *context;
};

/* The root of the first `size` leaves. Errors: the reader's; ADDUCE_E_POSITION over
 * MERKLE_SIZE_MAX. */
MUST_USE enum adduce_err merkle_root(struct adduce_scope *scope, struct adduce_hash *root,
                                     const struct merkle_reader *reader, uint64_t size);

/* The root over the leaves [first, end) of a tree, which are one of its subtrees: `first` is a
 * multiple of a power of two that is at least end - first. Errors: the reader's. */
MUST_USE enum adduce_err merkle_subtree(struct adduce_scope *scope, struct adduce_hash *root,
                                        const struct merkle_reader *reader, uint64_t first,
                                        uint64_t end);

struct merkle_proof {
  size_t count;
  struct adduce_hash hashes[MERKLE_PROOF_MAX];
};

/* Errors: the reader's; ADDUCE_E_POSITION when index >= size, or old > new or old == 0, or over
 * MERKLE_SIZE_MAX. */
MUST_USE enum adduce_err merkle_prove_inclusion(struct adduce_scope *scope,
                                                struct merkle_proof *proof,
                                                const struct merkle_reader *reader, uint64_t index,
                                                uint64_t size);
MUST_USE enum adduce_err merkle_prove_consistency(struct adduce_scope *scope,
                                                  struct merkle_proof *proof,
                                                  const struct merkle_reader *reader,
                                                  uint64_t old_size, uint64_t new_size);

/* Inner hashes that somebody keeps at hand, to save the work of making them: the root over the
 * 2^height neighbours (height 1 to 7) of a level that begin at `first`; false when it is not. */
struct merkle_inner {
  bool (*get)(void *context, unsigned level, uint64_t first, unsigned height,
              struct adduce_hash *root);
  void *context;
};

/* As merkle_prove_inclusion; `inner` may be NULL. */
MUST_USE enum adduce_err merkle_prove_inclusion_by(struct adduce_scope *scope,
                                                   struct merkle_proof *proof,
                                                   const struct merkle_reader *reader,
                                                   const struct merkle_inner *inner, uint64_t index,
                                                   uint64_t size);

/* True iff the proof shows it; a proof of another length than needed is refused. An inclusion
 * proof binds its size only together with the root (the same hashes may prove an index in
 * trees of several sizes): take both from one checkpoint. Everything extends the empty tree,
 * so from size 0 the proof is empty and the old root must be merkle_empty. */
MUST_USE bool merkle_verify_inclusion(const struct adduce_hash *leaf, uint64_t index, uint64_t size,
                                      const struct merkle_proof *proof,
                                      const struct adduce_hash *root);
MUST_USE bool merkle_verify_consistency(uint64_t old_size, uint64_t new_size,
                                        const struct merkle_proof *proof,
                                        const struct adduce_hash *old_root,
                                        const struct adduce_hash *new_root);

#endif
