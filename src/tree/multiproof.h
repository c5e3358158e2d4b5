/* SPDX-License-Identifier: Apache-2.0 */
/* One proof for many entries of a tree. The tree is walked from the left: each entry that is
 * selected is there itself, and in the place of every largest subtree in which none is selected
 * stands its root. So all entries cost no hash, a range at the end a few, and scattered ones share
 * what their paths have in common. Whoever knows the size and the selection knows every step in
 * advance; folding the steps gives the root. Pure arithmetic, memory of the height of the tree. */
#ifndef TREE_MULTIPROOF_H
#define TREE_MULTIPROOF_H

#include "tree/merkle.h"

struct multiproof_walk {
  uint64_t size; /* of the tree */
  uint64_t at;   /* leaves before it are behind us */
};

/* The leaves [first, end): one that is selected, or a subtree without any. */
struct multiproof_step {
  bool is_leaf;
  uint64_t first, end;
};

/* The next step, where `selected` is the next selected index at or after walk->at, or any number
 * from the size on if there is none. False at the end. */
MUST_USE bool multiproof_next(struct multiproof_walk *walk, struct multiproof_step *step,
                              uint64_t selected);

/* Invariants
 *   1. The widths of nodes[0 .. count) are powers of two in strictly descending order, but the
 *      last, which may be any number below the one before it.
 *   2. Their sum is the number of leaves that were taken in. */
struct multiproof_fold {
  unsigned count;
  struct {
    uint64_t width;
    struct adduce_hash root;
  } nodes[MERKLE_PROOF_MAX];
};

void multiproof_fold_init(struct multiproof_fold *fold);

/* Takes in the root of one step, in the order of the walk. */
void multiproof_fold_add(struct multiproof_fold *fold, const struct multiproof_step *step,
                         const struct adduce_hash *root);

/* The root of the tree, after the last step. */
struct adduce_hash multiproof_fold_root(const struct multiproof_fold *fold);

#endif
