/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/multiproof.h"

#include "base/invariant.h"

/* The lowest bit that is set: the largest power of two that divides it. */
static uint64_t lowest(uint64_t number) {
  return number & -number;
}

/* The end of the largest subtree that begins at `first` and ends at or before `limit`. A subtree
 * is a power of two of leaves at a multiple of it, or the rest of the tree, where that is less
 * than such a power. */
static uint64_t subtree_end(uint64_t first, uint64_t limit, uint64_t size) {
  uint64_t room = limit - first;
  if (limit == size && (first == 0 || room < lowest(first))) return size;
  uint64_t width = UINT64_C(1) << (63 - __builtin_clzll(room));
  return first + (first == 0 || width < lowest(first) ? width : lowest(first));
}

bool multiproof_next(struct multiproof_walk *walk, struct multiproof_step *step,
                     uint64_t selected) {
  if (walk->at >= walk->size) return false;
  INVARIANT(selected >= walk->at);
  step->first = walk->at;
  step->is_leaf = selected == walk->at;
  step->end = step->is_leaf ? walk->at + 1
                            : subtree_end(walk->at, selected < walk->size ? selected : walk->size,
                                          walk->size);
  walk->at = step->end;
  return true;
}

void multiproof_fold_init(struct multiproof_fold *fold) {
  fold->count = 0;
}

void multiproof_fold_add(struct multiproof_fold *fold, const struct multiproof_step *step,
                         const struct adduce_hash *root) {
  INVARIANT(fold->count < MERKLE_PROOF_MAX);
  fold->nodes[fold->count].width = step->end - step->first;
  fold->nodes[fold->count].root = *root;
  fold->count++;
  /* Two neighbours of one width are the halves of a subtree. */
  while (fold->count > 1 &&
         fold->nodes[fold->count - 2].width == fold->nodes[fold->count - 1].width) {
    fold->count--;
    fold->nodes[fold->count - 1].width *= 2;
    fold->nodes[fold->count - 1].root =
        merkle_node(&fold->nodes[fold->count - 1].root, &fold->nodes[fold->count].root);
  }
}

struct adduce_hash multiproof_fold_root(const struct multiproof_fold *fold) {
  if (fold->count == 0) return merkle_empty();
  struct adduce_hash root = fold->nodes[fold->count - 1].root;
  for (unsigned i = fold->count - 1; i-- > 0;) root = merkle_node(&fold->nodes[i].root, &root);
  return root;
}
