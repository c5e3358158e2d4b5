/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/merkle.h"

#include "base/invariant.h"

#define TILE_HEIGHT 8 /* tree levels in a tile level */

struct adduce_hash merkle_leaf(struct adduce_span entry) {
  static const uint8_t prefix = 0x00;
  struct hash hash;
  struct adduce_hash digest;
  hash_init(&hash);
  hash_update(&hash, &prefix, 1);
  hash_span(&hash, entry);
  hash_final(&hash, &digest);
  return digest;
}

struct adduce_hash merkle_node(const struct adduce_hash *left, const struct adduce_hash *right) {
  /* 65 bytes, padded: a one bit, zeroes, and the length, 520 bits. */
  uint8_t input[128] = {[0] = 0x01, [65] = 0x80, [126] = 0x02, [127] = 0x08};
  memcpy(input + 1, left->bytes, 32);
  memcpy(input + 33, right->bytes, 32);
  return hash_padded128(input);
}

struct adduce_hash merkle_empty(void) {
  return hash_bytes(span_of(NULL, 0));
}

uint64_t merkle_level_count(uint64_t size, unsigned level) {
  return level >= MERKLE_LEVELS ? 0 : size >> (TILE_HEIGHT * level);
}

/* The root over 2^height neighbours (height <= 8). */
static struct adduce_hash perfect_root(const struct adduce_hash *hashes, unsigned height) {
  if (height == 0) return hashes[0];
  struct adduce_hash row[MERKLE_TILE_WIDTH / 2];
  size_t width = (size_t)1 << (height - 1);
  for (size_t i = 0; i < width; i++) row[i] = merkle_node(&hashes[2 * i], &hashes[2 * i + 1]);
  for (width /= 2; width != 0; width /= 2)
    for (size_t i = 0; i < width; i++) row[i] = merkle_node(&row[2 * i], &row[2 * i + 1]);
  return row[0];
}

/* A tree of n leaves is its perfect subtrees, one for each bit of n, the largest first, folded
 * from the right: so a root grows from the smallest subtree to the left. */
struct fold {
  bool begun;
  struct adduce_hash root;
};

static void fold_left(struct fold *fold, const struct adduce_hash *subtree) {
  fold->root = fold->begun ? merkle_node(subtree, &fold->root) : *subtree;
  fold->begun = true;
}

static struct adduce_hash fold_root(const struct fold *fold) {
  return fold->begun ? fold->root : merkle_empty();
}

/* --- growing ------------------------------------------------------------------------------ */

void merkle_edge_init(struct merkle_edge *edge) {
  edge->size = 0;
  memset(edge->widths, 0, sizeof edge->widths);
}

enum adduce_err merkle_edge_push(struct merkle_edge *edge, const struct adduce_hash *leaf,
                                 merkle_full_fn *full, void *context) {
  if (edge->size >= MERKLE_SIZE_MAX) return ADDUCE_E_TOO_LARGE;
  edge->size++;
  struct adduce_hash hash = *leaf;
  for (unsigned level = 0;; level++) {
    INVARIANT(level < MERKLE_LEVELS && edge->widths[level] < MERKLE_TILE_WIDTH);
    edge->tiles[level][edge->widths[level]++] = hash;
    if (edge->widths[level] < MERKLE_TILE_WIDTH) return ADDUCE_OK;
    uint64_t tile = merkle_level_count(edge->size, level) / MERKLE_TILE_WIDTH - 1;
    TRY(full(context, level, tile, edge->tiles[level]));
    hash = perfect_root(edge->tiles[level], TILE_HEIGHT);
    edge->widths[level] = 0;
  }
}

struct adduce_hash merkle_edge_root(const struct merkle_edge *edge) {
  struct fold fold = {.begun = false};
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    unsigned end = edge->widths[level];
    for (unsigned height = 0; end != 0; height++) {
      if ((edge->widths[level] >> height & 1) == 0) continue;
      end -= 1u << height;
      struct adduce_hash subtree = perfect_root(&edge->tiles[level][end], height);
      fold_left(&fold, &subtree);
    }
  }
  return fold_root(&fold);
}

/* --- reading ------------------------------------------------------------------------------ */

/* Where hashes come from: stored ones, and inner ones that somebody has at hand. */
struct source {
  const struct merkle_reader *reader;
  const struct merkle_inner *inner; /* NULL: nobody has */
};

/* The root over the 2^height leaves from `start`, a multiple of 2^height. */
static enum adduce_err read_perfect(struct adduce_scope *scope, struct adduce_hash *root,
                                    const struct source *source, uint64_t start, unsigned height) {
  const struct merkle_reader *reader = source->reader;
  struct adduce_hash hashes[MERKLE_TILE_WIDTH / 2];
  unsigned level = height / TILE_HEIGHT, within = height % TILE_HEIGHT;
  uint64_t first = start >> (TILE_HEIGHT * level);
  if (within != 0 && source->inner != NULL &&
      source->inner->get(source->inner->context, level, first, within, root))
    return ADDUCE_OK;
  TRY(reader->read(reader->context, scope, level, first, (size_t)1 << within, hashes));
  *root = perfect_root(hashes, within);
  return ADDUCE_OK;
}

/* The root over the leaves [start, end), where `start` is a multiple of a power of two that is
 * at least end - start: every range the proofs are made of. */
static enum adduce_err read_range(struct adduce_scope *scope, struct adduce_hash *root,
                                  const struct source *source, uint64_t start, uint64_t end) {
  struct fold fold = {.begun = false};
  uint64_t size = end - start;
  for (unsigned height = 0; end != start; height++) {
    if ((size >> height & 1) == 0) continue;
    end -= UINT64_C(1) << height;
    struct adduce_hash subtree;
    TRY(read_perfect(scope, &subtree, source, end, height));
    fold_left(&fold, &subtree);
  }
  *root = fold_root(&fold);
  return ADDUCE_OK;
}

enum adduce_err merkle_root(struct adduce_scope *scope, struct adduce_hash *root,
                            const struct merkle_reader *reader, uint64_t size) {
  const struct source source = {reader, NULL};
  if (size > MERKLE_SIZE_MAX)
    return scope_fail(scope, ADDUCE_E_POSITION, "no tree has %llu entries",
                      (unsigned long long)size);
  return read_range(scope, root, &source, 0, size);
}

enum adduce_err merkle_subtree(struct adduce_scope *scope, struct adduce_hash *root,
                               const struct merkle_reader *reader, uint64_t first, uint64_t end) {
  const struct source source = {reader, NULL};
  return read_range(scope, root, &source, first, end);
}

/* The ranges whose roots make a proof, found from the root down; a proof lists them from the
 * bottom up. */
struct path {
  size_t count;
  struct {
    uint64_t start, end;
  } ranges[MERKLE_PROOF_MAX];
};

static void step(struct path *path, uint64_t start, uint64_t end) {
  INVARIANT(path->count < MERKLE_PROOF_MAX);
  path->ranges[path->count].start = start;
  path->ranges[path->count].end = end;
  path->count++;
}

static enum adduce_err read_path(struct adduce_scope *scope, struct merkle_proof *proof,
                                 const struct source *source, const struct path *path) {
  for (size_t i = 0; i < path->count; i++) {
    size_t from = path->count - 1 - i;
    TRY(read_range(scope, &proof->hashes[i], source, path->ranges[from].start,
                   path->ranges[from].end));
  }
  proof->count = path->count;
  return ADDUCE_OK;
}

/* Where the leaves [start, end), at least two, divide: after the largest power of two that is
 * smaller than their number. */
static uint64_t divide(uint64_t start, uint64_t end) {
  return start + (UINT64_C(1) << (63 - __builtin_clzll(end - start - 1)));
}

enum adduce_err merkle_prove_inclusion(struct adduce_scope *scope, struct merkle_proof *proof,
                                       const struct merkle_reader *reader, uint64_t index,
                                       uint64_t size) {
  return merkle_prove_inclusion_by(scope, proof, reader, NULL, index, size);
}

enum adduce_err merkle_prove_inclusion_by(struct adduce_scope *scope, struct merkle_proof *proof,
                                          const struct merkle_reader *reader,
                                          const struct merkle_inner *inner, uint64_t index,
                                          uint64_t size) {
  const struct source source = {reader, inner};
  proof->count = 0;
  if (index >= size || size > MERKLE_SIZE_MAX)
    return scope_fail(scope, ADDUCE_E_POSITION, "no entry %llu in a log of %llu entries",
                      (unsigned long long)index, (unsigned long long)size);
  struct path path = {.count = 0};
  uint64_t start = 0, end = size;
  while (end - start > 1) {
    uint64_t middle = divide(start, end);
    if (index < middle) {
      step(&path, middle, end);
      end = middle;
    } else {
      step(&path, start, middle);
      start = middle;
    }
  }
  return read_path(scope, proof, &source, &path);
}

enum adduce_err merkle_prove_consistency(struct adduce_scope *scope, struct merkle_proof *proof,
                                         const struct merkle_reader *reader, uint64_t old_size,
                                         uint64_t new_size) {
  const struct source source = {reader, NULL};
  proof->count = 0;
  if (old_size == 0 || old_size > new_size || new_size > MERKLE_SIZE_MAX)
    return scope_fail(scope, ADDUCE_E_POSITION,
                      "no proof from %llu to %llu entries: the first must be 1 to the second",
                      (unsigned long long)old_size, (unsigned long long)new_size);
  struct path path = {.count = 0};
  uint64_t start = 0, end = new_size;
  while (end != old_size) {
    uint64_t middle = divide(start, end);
    if (old_size <= middle) {
      step(&path, middle, end);
      end = middle;
    } else {
      step(&path, start, middle);
      start = middle;
    }
  }
  /* A subtree that begins the log is the old root itself, which the verifier has. */
  if (start != 0) step(&path, start, end);
  return read_path(scope, proof, &source, &path);
}

/* --- verifying: RFC 9162, 2.1.3.2 and 2.1.4.2 --------------------------------------------- */

/* Where the climb is: the node's place in its row, and the last place of that row. */
struct climb {
  uint64_t place, last;
};

static void up(struct climb *climb) {
  climb->place >>= 1;
  climb->last >>= 1;
}

/* True iff the next sibling is on the left. If so it skips the rows in which the node, being
 * the last one without a partner, stands unchanged. */
static bool sibling_is_left(struct climb *climb) {
  bool odd = (climb->place & 1) != 0;
  if (!odd && climb->place != climb->last) return false;
  if (!odd)
    while (climb->place != 0 && (climb->place & 1) == 0) up(climb);
  return true;
}

bool merkle_verify_inclusion(const struct adduce_hash *leaf, uint64_t index, uint64_t size,
                             const struct merkle_proof *proof, const struct adduce_hash *root) {
  if (index >= size || size > MERKLE_SIZE_MAX || proof->count > MERKLE_PROOF_MAX) return false;
  struct climb climb = {index, size - 1};
  struct adduce_hash hash = *leaf;
  for (size_t i = 0; i < proof->count; i++) {
    if (climb.last == 0) return false;
    const struct adduce_hash *sibling = &proof->hashes[i];
    hash = sibling_is_left(&climb) ? merkle_node(sibling, &hash) : merkle_node(&hash, sibling);
    up(&climb);
  }
  return climb.last == 0 && hash_equal(&hash, root);
}

static bool verify_growth(uint64_t old_size, uint64_t new_size, const struct merkle_proof *proof,
                          const struct adduce_hash *old_root, const struct adduce_hash *new_root) {
  struct climb climb = {old_size - 1, new_size - 1};
  while ((climb.place & 1) != 0) up(&climb);
  /* An old tree that is one perfect subtree is not repeated in the proof. */
  bool perfect = (old_size & (old_size - 1)) == 0;
  if (!perfect && proof->count == 0) return false;
  struct adduce_hash old_hash = perfect ? *old_root : proof->hashes[0];
  struct adduce_hash new_hash = old_hash;
  for (size_t i = perfect ? 0 : 1; i < proof->count; i++) {
    if (climb.last == 0) return false;
    const struct adduce_hash *sibling = &proof->hashes[i];
    if (sibling_is_left(&climb)) {
      old_hash = merkle_node(sibling, &old_hash);
      new_hash = merkle_node(sibling, &new_hash);
    } else {
      new_hash = merkle_node(&new_hash, sibling);
    }
    up(&climb);
  }
  return climb.last == 0 && hash_equal(&old_hash, old_root) && hash_equal(&new_hash, new_root);
}

bool merkle_verify_consistency(uint64_t old_size, uint64_t new_size,
                               const struct merkle_proof *proof, const struct adduce_hash *old_root,
                               const struct adduce_hash *new_root) {
  if (old_size > new_size || new_size > MERKLE_SIZE_MAX || proof->count > MERKLE_PROOF_MAX)
    return false;
  if (old_size == new_size) {
    struct adduce_hash empty = merkle_empty();
    return proof->count == 0 && hash_equal(old_root, new_root) &&
           (new_size != 0 || hash_equal(new_root, &empty));
  }
  if (old_size == 0) {
    struct adduce_hash empty = merkle_empty();
    return proof->count == 0 && hash_equal(old_root, &empty);
  }
  return verify_growth(old_size, new_size, proof, old_root, new_root);
}
