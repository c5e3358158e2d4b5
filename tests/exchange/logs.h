/* SPDX-License-Identifier: Apache-2.0 */
/* Small logs for the tests of this folder: entries, their tree in memory, signed checkpoints. */
#ifndef TESTS_EXCHANGE_LOGS_H
#define TESTS_EXCHANGE_LOGS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "crypto/sign.h"
#include "tree/checkpoint.h"

#define ORIGIN "log.example/ledger"

static struct adduce_scope *scope;
static struct signer *log_key, *other_key;

static inline int open_logs(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return -1;
  if (signer_generate(scope, &log_key) != ADDUCE_OK) return -1;
  return signer_generate(scope, &other_key) == ADDUCE_OK ? 0 : -1;
}

static inline int close_logs(void **state) {
  (void)state;
  signer_close(&log_key);
  signer_close(&other_key);
  adduce_scope_close(&scope);
  return 0;
}

static inline struct note_verifier verifier_of(const char *name, const struct signer *signer) {
  return (struct note_verifier){span_text(name), note_key_id(span_text(name), signer_key(signer)),
                                *signer_key(signer)};
}

/* A tree in memory: stored hashes by level. */
struct tree {
  uint64_t size;
  struct adduce_hash *levels[MERKLE_LEVELS];
};

static inline enum adduce_err tree_keep(void *context, unsigned level, uint64_t tile,
                                        const struct adduce_hash *hashes256) {
  struct tree *tree = context;
  memcpy(&tree->levels[level][tile * 256], hashes256, 256 * sizeof *hashes256);
  return ADDUCE_OK;
}

/* `salt` makes the entries of one tree others than those of another, from index `from` on. */
static inline struct adduce_span tree_entry(uint64_t index, uint64_t from, const char *salt) {
  return span_text(
      scope_format(scope, "entry %llu%s", (unsigned long long)index, index >= from ? salt : ""));
}

static inline struct tree tree_make(uint64_t size, uint64_t from, const char *salt) {
  struct tree tree = {.size = size};
  struct merkle_edge *edge = scope_new(scope, struct merkle_edge);
  merkle_edge_init(edge);
  for (unsigned level = 0; level < MERKLE_LEVELS; level++)
    tree.levels[level] = scope_array(scope, merkle_level_count(size, level) + 1, 32);
  for (uint64_t i = 0; i < size; i++) {
    struct adduce_hash leaf = merkle_leaf(tree_entry(i, from, salt));
    assert_int_equal(merkle_edge_push(edge, &leaf, tree_keep, &tree), ADDUCE_OK);
  }
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    uint64_t count = merkle_level_count(size, level);
    memcpy(&tree.levels[level][count - edge->widths[level]], edge->tiles[level],
           edge->widths[level] * sizeof(struct adduce_hash));
  }
  return tree;
}

static inline enum adduce_err tree_read(void *context, struct adduce_scope *unused, unsigned level,
                                        uint64_t first, size_t count, struct adduce_hash *out) {
  const struct tree *tree = context;
  (void)unused;
  memcpy(out, &tree->levels[level][first], count * sizeof *out);
  return ADDUCE_OK;
}

static inline struct merkle_reader tree_reader(struct tree *tree) {
  return (struct merkle_reader){tree_read, tree};
}

static inline struct checkpoint tree_head(struct tree *tree, uint64_t size) {
  struct checkpoint checkpoint = {.origin = span_text(ORIGIN), .size = size};
  struct merkle_reader reader = tree_reader(tree);
  assert_int_equal(merkle_root(scope, &checkpoint.root, &reader, size), ADDUCE_OK);
  return checkpoint;
}

static inline struct adduce_span sign_head(const struct checkpoint *checkpoint,
                                           const struct signer *signer) {
  struct adduce_span note;
  assert_int_equal(checkpoint_sign(scope, &note, checkpoint, &signer, 1), ADDUCE_OK);
  return note;
}

static inline struct merkle_proof tree_growth(struct tree *tree, uint64_t from, uint64_t to) {
  struct merkle_proof proof = {.count = 0};
  struct merkle_reader reader = tree_reader(tree);
  if (from != 0)
    assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, from, to), ADDUCE_OK);
  return proof;
}

static inline struct adduce_span text_of(const struct buffer *buffer) {
  return span_of(buffer->data, buffer->size);
}

#endif
