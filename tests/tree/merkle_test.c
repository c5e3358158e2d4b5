/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hex.h"

/* --- the slow oracle: RFC 6962's recursive definitions ------------------------------------ */

#define SMALL 300

static struct adduce_hash leaves[SMALL];
static struct adduce_hash known_ranges[SMALL + 1][SMALL + 1];
static bool known[SMALL + 1][SMALL + 1];

static uint64_t split(uint64_t size) {
  uint64_t half = 1;
  while (2 * half < size) half *= 2;
  return half;
}

static struct adduce_hash oracle_root(size_t start, size_t end) {
  if (start == end) return merkle_empty();
  if (end - start == 1) return leaves[start];
  if (!known[start][end]) {
    size_t middle = start + split(end - start);
    struct adduce_hash left = oracle_root(start, middle), right = oracle_root(middle, end);
    known_ranges[start][end] = merkle_node(&left, &right);
    known[start][end] = true;
  }
  return known_ranges[start][end];
}

static void oracle_inclusion(struct merkle_proof *proof, size_t index, size_t start, size_t end) {
  if (end - start == 1) return;
  size_t middle = start + split(end - start);
  if (index < middle) {
    oracle_inclusion(proof, index, start, middle);
    proof->hashes[proof->count++] = oracle_root(middle, end);
  } else {
    oracle_inclusion(proof, index, middle, end);
    proof->hashes[proof->count++] = oracle_root(start, middle);
  }
}

static void oracle_consistency(struct merkle_proof *proof, size_t old_end, size_t start, size_t end,
                               bool whole) {
  if (old_end == end) {
    if (!whole) proof->hashes[proof->count++] = oracle_root(start, end);
    return;
  }
  size_t middle = start + split(end - start);
  if (old_end <= middle) {
    oracle_consistency(proof, old_end, start, middle, whole);
    proof->hashes[proof->count++] = oracle_root(middle, end);
  } else {
    oracle_consistency(proof, old_end, middle, end, false);
    proof->hashes[proof->count++] = oracle_root(start, middle);
  }
}

/* Verification straight from the definition of a proof, from its end inward. */
static bool oracle_climb(struct adduce_hash *out, const struct adduce_hash *leaf, uint64_t index,
                         uint64_t size, const struct adduce_hash *hashes, size_t count) {
  *out = *leaf;
  if (size == 1) return count == 0;
  if (count == 0) return false;
  uint64_t half = split(size);
  struct adduce_hash inner;
  if (index < half) {
    if (!oracle_climb(&inner, leaf, index, half, hashes, count - 1)) return false;
    *out = merkle_node(&inner, &hashes[count - 1]);
  } else {
    if (!oracle_climb(&inner, leaf, index - half, size - half, hashes, count - 1)) return false;
    *out = merkle_node(&hashes[count - 1], &inner);
  }
  return true;
}

static bool oracle_verifies_inclusion(const struct adduce_hash *leaf, uint64_t index, uint64_t size,
                                      const struct merkle_proof *proof,
                                      const struct adduce_hash *root) {
  struct adduce_hash hash;
  return index < size && oracle_climb(&hash, leaf, index, size, proof->hashes, proof->count) &&
         hash_equal(&hash, root);
}

struct two {
  struct adduce_hash old_hash, new_hash;
};

static bool oracle_grow(struct two *out, uint64_t old_size, uint64_t new_size, bool whole,
                        const struct adduce_hash *old_root, const struct adduce_hash *hashes,
                        size_t count) {
  if (old_size == new_size) {
    if (count != (whole ? 0 : 1)) return false;
    out->old_hash = out->new_hash = whole ? *old_root : hashes[0];
    return true;
  }
  if (count == 0) return false;
  uint64_t half = split(new_size);
  const struct adduce_hash *last = &hashes[count - 1];
  struct two inner;
  if (old_size <= half) {
    if (!oracle_grow(&inner, old_size, half, whole, old_root, hashes, count - 1)) return false;
    out->old_hash = inner.old_hash;
    out->new_hash = merkle_node(&inner.new_hash, last);
    return true;
  }
  if (!oracle_grow(&inner, old_size - half, new_size - half, false, old_root, hashes, count - 1))
    return false;
  out->old_hash = merkle_node(last, &inner.old_hash);
  out->new_hash = merkle_node(last, &inner.new_hash);
  return true;
}

static bool oracle_verifies_consistency(uint64_t old_size, uint64_t new_size,
                                        const struct merkle_proof *proof,
                                        const struct adduce_hash *old_root,
                                        const struct adduce_hash *new_root) {
  struct two two;
  return old_size != 0 && old_size <= new_size &&
         oracle_grow(&two, old_size, new_size, true, old_root, proof->hashes, proof->count) &&
         hash_equal(&two.old_hash, old_root) && hash_equal(&two.new_hash, new_root);
}

/* --- levels in memory --------------------------------------------------------------------- */

struct levels {
  uint64_t size;
  struct adduce_hash *hashes[MERKLE_LEVELS];
  uint64_t reads, hashes_read;
};

static void open_levels(struct levels *levels, const struct adduce_hash *level0, uint64_t size) {
  memset(levels, 0, sizeof *levels);
  levels->size = size;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    uint64_t count = merkle_level_count(size, level);
    if (count == 0) continue;
    levels->hashes[level] = malloc(count * sizeof(struct adduce_hash));
    assert_non_null(levels->hashes[level]);
    for (uint64_t i = 0; i < count; i++) {
      if (level == 0) {
        levels->hashes[0][i] = level0[i];
        continue;
      }
      struct adduce_hash row[256];
      memcpy(row, &levels->hashes[level - 1][256 * i], sizeof row);
      for (size_t width = 128; width > 0; width /= 2)
        for (size_t j = 0; j < width; j++) row[j] = merkle_node(&row[2 * j], &row[2 * j + 1]);
      levels->hashes[level][i] = row[0];
    }
  }
}

static void close_levels(struct levels *levels) {
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) free(levels->hashes[level]);
}

static enum adduce_err read_levels(void *context, struct adduce_scope *scope, unsigned level,
                                   uint64_t first, size_t count, struct adduce_hash *out) {
  (void)scope;
  struct levels *levels = context;
  assert_true(level < MERKLE_LEVELS && count > 0);
  assert_true(first + count <= merkle_level_count(levels->size, level));
  assert_true(first / 256 == (first + count - 1) / 256);
  memcpy(out, &levels->hashes[level][first], count * sizeof *out);
  levels->reads++;
  levels->hashes_read += count;
  return ADDUCE_OK;
}

static struct adduce_scope *scope;

static int setup(void **state) {
  (void)state;
  for (size_t i = 0; i < SMALL; i++) {
    char entry[24];
    int size = snprintf(entry, sizeof entry, "%zu", i);
    leaves[i] = merkle_leaf(span_of(entry, (size_t)size));
  }
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static struct adduce_hash hash_of_hex(const char *hex) {
  struct adduce_hash hash;
  assert_true(hex_decode(span_text(hex), hash.bytes, 32));
  return hash;
}

static void assert_same_proof(const struct merkle_proof *a, const struct merkle_proof *b) {
  assert_int_equal(a->count, b->count);
  assert_memory_equal(a->hashes, b->hashes, a->count * sizeof *a->hashes);
}

/* --- known answers ------------------------------------------------------------------------ */

/* The eight entries of the Certificate Transparency reference tree, and its roots. */
static void the_reference_tree_of_certificate_transparency(void **state) {
  (void)state;
  static const char *const entries[8] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
  static const char *const roots[9] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  struct merkle_edge *edge = malloc(sizeof *edge);
  merkle_edge_init(edge);
  for (size_t i = 0; i <= 8; i++) {
    struct adduce_hash root = merkle_edge_root(edge);
    assert_string_equal(hex_text32(root.bytes).text, roots[i]);
    if (i == 8) break;
    uint8_t entry[16];
    size_t size = strlen(entries[i]) / 2;
    assert_true(hex_decode(span_text(entries[i]), entry, size));
    struct adduce_hash leaf = merkle_leaf(span_of(entry, size));
    assert_int_equal(merkle_edge_push(edge, &leaf, NULL, NULL), ADDUCE_OK);
  }
  free(edge);
}

static struct adduce_hash numbered_leaf(uint64_t index) {
  char entry[24];
  int size = snprintf(entry, sizeof entry, "%llu", (unsigned long long)index);
  return merkle_leaf(span_of(entry, (size_t)size));
}

static void read_proof(struct merkle_proof *proof, char *rest) {
  proof->count = 0;
  for (char *word = strtok(rest, " \n"); word != NULL; word = strtok(NULL, " \n"))
    if (strcmp(word, "-") != 0) proof->hashes[proof->count++] = hash_of_hex(word);
}

/* tests/vectors/merkle.txt was written in another language. */
static void vectors(void **state) {
  (void)state;
  struct adduce_hash *all = malloc(70000 * sizeof *all);
  for (uint64_t i = 0; i < 70000; i++) all[i] = numbered_leaf(i);
  struct levels levels;
  open_levels(&levels, all, 70000);
  struct merkle_reader reader = {read_levels, &levels};
  FILE *file = fopen("tests/vectors/merkle.txt", "r");
  assert_non_null(file);
  char line[4096], word[16];
  int lines = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (line[0] == '#') continue;
    unsigned long long a, b = 0;
    int at = 0;
    assert_true(sscanf(line, "%15s %llu %n", word, &a, &at) == 2);
    struct merkle_proof expected, proof;
    if (strcmp(word, "root") == 0) {
      struct adduce_hash root;
      assert_int_equal(merkle_root(scope, &root, &reader, a), ADDUCE_OK);
      line[at + 64] = '\0';
      assert_string_equal(hex_text32(root.bytes).text, line + at);
    } else {
      int more = 0;
      assert_true(sscanf(line + at, "%llu %n", &b, &more) == 1);
      read_proof(&expected, line + at + more);
      bool inclusion = strcmp(word, "inclusion") == 0;
      assert_int_equal(inclusion ? merkle_prove_inclusion(scope, &proof, &reader, a, b)
                                 : merkle_prove_consistency(scope, &proof, &reader, a, b),
                       ADDUCE_OK);
      assert_same_proof(&proof, &expected);
    }
    lines++;
  }
  fclose(file);
  assert_true(lines > 40);
  close_levels(&levels);
  free(all);
}

/* --- every size to 300 -------------------------------------------------------------------- */

static enum adduce_err compare_full(void *context, unsigned level, uint64_t tile,
                                    const struct adduce_hash *hashes256) {
  const struct levels *levels = context;
  assert_true((tile + 1) * 256 <= merkle_level_count(levels->size, level));
  assert_memory_equal(hashes256, &levels->hashes[level][256 * tile], 256 * sizeof *hashes256);
  return ADDUCE_OK;
}

static void every_small_root_is_the_oracles(void **state) {
  (void)state;
  struct levels levels;
  open_levels(&levels, leaves, SMALL);
  struct merkle_reader reader = {read_levels, &levels};
  struct merkle_edge *edge = malloc(sizeof *edge);
  merkle_edge_init(edge);
  for (size_t size = 0; size <= SMALL; size++) {
    struct adduce_hash expected = oracle_root(0, size), root = merkle_edge_root(edge);
    assert_int_equal(edge->size, size);
    assert_true(hash_equal(&root, &expected));
    assert_int_equal(merkle_root(scope, &root, &reader, size), ADDUCE_OK);
    assert_true(hash_equal(&root, &expected));
    if (size == SMALL) break;
    assert_int_equal(merkle_edge_push(edge, &leaves[size], compare_full, &levels), ADDUCE_OK);
  }
  free(edge);
  close_levels(&levels);
}

static void every_small_inclusion_is_proven(void **state) {
  (void)state;
  for (size_t size = 1; size <= SMALL; size++) {
    struct levels levels;
    open_levels(&levels, leaves, size);
    struct merkle_reader reader = {read_levels, &levels};
    struct adduce_hash root = oracle_root(0, size);
    for (size_t index = 0; index < size; index++) {
      struct merkle_proof proof, expected = {.count = 0};
      assert_int_equal(merkle_prove_inclusion(scope, &proof, &reader, index, size), ADDUCE_OK);
      oracle_inclusion(&expected, index, 0, size);
      assert_same_proof(&proof, &expected);
      assert_true(merkle_verify_inclusion(&leaves[index], index, size, &proof, &root));
      assert_true(oracle_verifies_inclusion(&leaves[index], index, size, &proof, &root));
    }
    close_levels(&levels);
  }
}

static void every_small_consistency_is_proven(void **state) {
  (void)state;
  for (size_t new_size = 1; new_size <= SMALL; new_size++) {
    struct levels levels;
    open_levels(&levels, leaves, new_size);
    struct merkle_reader reader = {read_levels, &levels};
    struct adduce_hash new_root = oracle_root(0, new_size);
    for (size_t old_size = 1; old_size <= new_size; old_size++) {
      struct merkle_proof proof, expected = {.count = 0};
      struct adduce_hash old_root = oracle_root(0, old_size);
      assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, old_size, new_size),
                       ADDUCE_OK);
      oracle_consistency(&expected, old_size, 0, new_size, true);
      assert_same_proof(&proof, &expected);
      assert_true(merkle_verify_consistency(old_size, new_size, &proof, &old_root, &new_root));
      assert_true(oracle_verifies_consistency(old_size, new_size, &proof, &old_root, &new_root));
    }
    close_levels(&levels);
  }
}

/* --- whatever is changed is refused ------------------------------------------------------- */

struct statement {
  bool inclusion;
  uint64_t a, b;                    /* index and size, or old and new size */
  struct adduce_hash first, second; /* leaf and root, or the two roots */
  struct merkle_proof proof;
};

static bool verifies(const struct statement *s) {
  return s->inclusion ? merkle_verify_inclusion(&s->first, s->a, s->b, &s->proof, &s->second)
                      : merkle_verify_consistency(s->a, s->b, &s->proof, &s->first, &s->second);
}

static bool oracle_verifies(const struct statement *s) {
  return s->inclusion ? oracle_verifies_inclusion(&s->first, s->a, s->b, &s->proof, &s->second)
                      : oracle_verifies_consistency(s->a, s->b, &s->proof, &s->first, &s->second);
}

static struct statement make_statement(bool inclusion, size_t a, size_t b) {
  struct statement s = {.inclusion = inclusion, .a = a, .b = b};
  s.second = oracle_root(0, b);
  s.first = inclusion ? leaves[a] : oracle_root(0, a);
  if (inclusion)
    oracle_inclusion(&s.proof, a, 0, b);
  else
    oracle_consistency(&s.proof, a, 0, b, true);
  return s;
}

static void refuse_flips(struct statement *s, struct adduce_hash *hash) {
  for (size_t bit = 0; bit < 256; bit++) {
    hash->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_false(verifies(s));
    hash->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
}

static void refuse_other_lists(const struct statement *good) {
  size_t count = good->proof.count;
  for (size_t i = 0; i < count; i++) {
    struct statement s = *good;
    memmove(&s.proof.hashes[i], &s.proof.hashes[i + 1], (count - i - 1) * sizeof *s.proof.hashes);
    s.proof.count--;
    assert_false(verifies(&s));
    for (size_t j = i + 1; j < count; j++) {
      s = *good;
      s.proof.hashes[i] = good->proof.hashes[j];
      s.proof.hashes[j] = good->proof.hashes[i];
      assert_false(verifies(&s));
    }
  }
  for (size_t i = 0; i <= count; i++) {
    struct statement s = *good;
    memmove(&s.proof.hashes[i + 1], &good->proof.hashes[i], (count - i) * sizeof *s.proof.hashes);
    s.proof.hashes[i] = i == 0 ? good->first : good->proof.hashes[i - 1];
    s.proof.count++;
    assert_false(verifies(&s));
  }
}

static void nothing_changed_verifies(void **state) {
  (void)state;
  for (size_t b = 1; b <= 64; b++)
    for (size_t a = 0; a <= b; a++)
      for (int inclusion = 0; inclusion < 2; inclusion++) {
        if (inclusion ? a == b : a == 0) continue;
        struct statement s = make_statement(inclusion, a, b);
        assert_true(verifies(&s));
        refuse_flips(&s, &s.first);
        refuse_flips(&s, &s.second);
        for (size_t i = 0; i < s.proof.count; i++) refuse_flips(&s, &s.proof.hashes[i]);
        refuse_other_lists(&s);
      }
}

/* A proof says for which positions it holds only up to the shape of the path; so the verdict
 * for every other pair of numbers must be that of the definition, and for another index or old
 * size beside the same root it must be no. */
static void other_positions_are_judged_as_the_oracle_does(void **state) {
  (void)state;
  size_t accepted = 0;
  for (size_t b = 1; b <= 32; b++)
    for (size_t a = 0; a <= b; a++)
      for (int inclusion = 0; inclusion < 2; inclusion++) {
        if (inclusion ? a == b : a == 0) continue;
        const struct statement good = make_statement(inclusion, a, b);
        struct statement s = good;
        for (s.b = 1; s.b <= 34; s.b++)
          for (s.a = inclusion ? 0 : 1; s.a <= 34; s.a++) {
            bool verdict = verifies(&s);
            assert_int_equal(verdict, oracle_verifies(&s));
            if (s.b == good.b) assert_int_equal(verdict, s.a == good.a);
            accepted += verdict;
          }
      }
  assert_true(accepted > 0);
  for (size_t b = 33; b <= 64; b++)
    for (size_t a = 0; a <= b; a++)
      for (int inclusion = 0; inclusion < 2; inclusion++) {
        if (inclusion ? a == b : a == 0) continue;
        struct statement s = make_statement(inclusion, a, b);
        for (s.a = inclusion ? 0 : 1; s.a <= b + 2; s.a++) assert_int_equal(verifies(&s), s.a == a);
      }
}

static void edges_of_the_verifiers(void **state) {
  (void)state;
  struct merkle_proof none = {.count = 0}, many = {.count = MERKLE_PROOF_MAX + 1};
  struct adduce_hash empty = merkle_empty(), root = oracle_root(0, 5);
  assert_false(merkle_verify_inclusion(&leaves[0], 0, 0, &none, &empty));
  assert_true(merkle_verify_inclusion(&leaves[0], 0, 1, &none, &leaves[0]));
  assert_false(merkle_verify_inclusion(&leaves[0], 0, 1, &many, &leaves[0]));
  assert_false(merkle_verify_inclusion(&leaves[0], 1, 1, &none, &leaves[0]));
  assert_false(merkle_verify_inclusion(&leaves[0], UINT64_MAX, UINT64_MAX, &none, &leaves[0]));
  assert_false(merkle_verify_inclusion(&leaves[0], 0, UINT64_MAX, &none, &leaves[0]));
  assert_true(merkle_verify_consistency(0, 5, &none, &empty, &root));
  assert_false(merkle_verify_consistency(0, 5, &none, &root, &root));
  assert_true(merkle_verify_consistency(0, 0, &none, &empty, &empty));
  assert_false(merkle_verify_consistency(0, 0, &none, &root, &root));
  assert_true(merkle_verify_consistency(5, 5, &none, &root, &root));
  assert_false(merkle_verify_consistency(5, 5, &none, &root, &empty));
  assert_false(merkle_verify_consistency(5, 6, &none, &root, &root));
  assert_false(merkle_verify_consistency(4, 5, &none, &root, &root));
  assert_false(merkle_verify_consistency(6, 5, &none, &root, &root));
  assert_false(merkle_verify_consistency(5, 5, &many, &root, &root));
  assert_false(merkle_verify_consistency(1, UINT64_MAX, &none, &root, &root));
}

static void edges_of_the_provers(void **state) {
  (void)state;
  struct levels levels;
  open_levels(&levels, leaves, 7);
  struct merkle_reader reader = {read_levels, &levels};
  struct merkle_proof proof;
  struct adduce_hash root;
  assert_int_equal(merkle_prove_inclusion(scope, &proof, &reader, 7, 7), ADDUCE_E_POSITION);
  assert_int_equal(merkle_prove_inclusion(scope, &proof, &reader, 0, 0), ADDUCE_E_POSITION);
  assert_int_equal(merkle_prove_inclusion(scope, &proof, &reader, 0, MERKLE_SIZE_MAX + 1),
                   ADDUCE_E_POSITION);
  assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, 0, 7), ADDUCE_E_POSITION);
  assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, 8, 7), ADDUCE_E_POSITION);
  assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, 7, MERKLE_SIZE_MAX + 1),
                   ADDUCE_E_POSITION);
  assert_int_equal(merkle_root(scope, &root, &reader, MERKLE_SIZE_MAX + 1), ADDUCE_E_POSITION);
  assert_int_equal(merkle_level_count(MERKLE_SIZE_MAX, MERKLE_LEVELS), 0);
  assert_int_equal(merkle_level_count(70000, 1), 273);
  assert_int_equal(merkle_level_count(70000, 2), 1);
  close_levels(&levels);
}

/* --- large trees -------------------------------------------------------------------------- */

/* A second oracle for sizes the first cannot reach: perfect subtrees merged like the carries of
 * a binary counter. */
struct counter {
  size_t depth;
  uint64_t size;
  struct adduce_hash stack[64];
};

static void count_leaf(struct counter *counter, const struct adduce_hash *leaf) {
  struct adduce_hash hash = *leaf;
  for (uint64_t carry = counter->size; (carry & 1) != 0; carry >>= 1)
    hash = merkle_node(&counter->stack[--counter->depth], &hash);
  counter->stack[counter->depth++] = hash;
  counter->size++;
}

static struct adduce_hash counter_root(const struct counter *counter) {
  if (counter->depth == 0) return merkle_empty();
  struct adduce_hash root = counter->stack[counter->depth - 1];
  for (size_t i = counter->depth - 1; i > 0; i--) root = merkle_node(&counter->stack[i - 1], &root);
  return root;
}

static uint64_t seed = 1;

static uint64_t draw(uint64_t below) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (seed >> 11) % below;
}

#define LARGE ((uint64_t)1 << 20)
#define STOPS 60

static int by_value(const void *a, const void *b) {
  const uint64_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static void prove_at_random(const struct merkle_reader *reader, const struct adduce_hash *all,
                            const uint64_t *sizes, const struct adduce_hash *roots) {
  for (int i = 0; i < 400; i++) {
    size_t older = draw(STOPS), newer = draw(STOPS);
    if (older > newer) {
      size_t swap = older;
      older = newer;
      newer = swap;
    }
    struct merkle_proof proof;
    assert_int_equal(merkle_prove_consistency(scope, &proof, reader, sizes[older], sizes[newer]),
                     ADDUCE_OK);
    assert_true(merkle_verify_consistency(sizes[older], sizes[newer], &proof, &roots[older],
                                          &roots[newer]));
    uint64_t index = draw(sizes[newer]);
    assert_int_equal(merkle_prove_inclusion(scope, &proof, reader, index, sizes[newer]), ADDUCE_OK);
    assert_true(merkle_verify_inclusion(&all[index], index, sizes[newer], &proof, &roots[newer]));
    assert_false(
        merkle_verify_inclusion(&all[index ^ 1], index, sizes[newer], &proof, &roots[newer]));
  }
}

static void random_sizes_to_a_million(void **state) {
  (void)state;
  struct adduce_hash *all = malloc(LARGE * sizeof *all);
  assert_non_null(all);
  for (uint64_t i = 0; i < LARGE; i++) all[i] = numbered_leaf(i);
  struct levels levels;
  open_levels(&levels, all, LARGE);
  struct merkle_reader reader = {read_levels, &levels};
  uint64_t sizes[STOPS] = {1, 255, 256, 257, 65535, 65536, 65537, LARGE - 1, LARGE};
  for (size_t i = 9; i < STOPS; i++) sizes[i] = 1 + draw(LARGE);
  qsort(sizes, STOPS, sizeof *sizes, by_value);
  struct adduce_hash roots[STOPS];
  struct merkle_edge *edge = malloc(sizeof *edge);
  merkle_edge_init(edge);
  struct counter counter = {0};
  for (size_t i = 0; i < STOPS; i++) {
    while (counter.size < sizes[i]) {
      assert_int_equal(merkle_edge_push(edge, &all[counter.size], compare_full, &levels),
                       ADDUCE_OK);
      count_leaf(&counter, &all[counter.size]);
    }
    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
      assert_int_equal(edge->widths[level], merkle_level_count(edge->size, level) % 256);
    roots[i] = merkle_edge_root(edge);
    struct adduce_hash expected = counter_root(&counter), read;
    assert_true(hash_equal(&roots[i], &expected));
    assert_int_equal(merkle_root(scope, &read, &reader, sizes[i]), ADDUCE_OK);
    assert_true(hash_equal(&read, &expected));
  }
  prove_at_random(&reader, all, sizes, roots);
  free(edge);
  close_levels(&levels);
  free(all);
}

/* A tree in which every leaf is the same can have any size. */
static struct adduce_hash uniform[MERKLE_LEVELS];

static enum adduce_err read_uniform(void *context, struct adduce_scope *in, unsigned level,
                                    uint64_t first, size_t count, struct adduce_hash *out) {
  (void)in;
  const uint64_t *size = context;
  assert_true(first + count <= merkle_level_count(*size, level));
  assert_true(first / 256 == (first + count - 1) / 256);
  for (size_t i = 0; i < count; i++) out[i] = uniform[level];
  return ADDUCE_OK;
}

static void fill_uniform(void) {
  uniform[0] = leaves[0];
  for (unsigned level = 1; level < MERKLE_LEVELS; level++) {
    uniform[level] = uniform[level - 1];
    for (int i = 0; i < 8; i++) uniform[level] = merkle_node(&uniform[level], &uniform[level]);
  }
}

static void sizes_to_the_limit(void **state) {
  (void)state;
  fill_uniform();
  struct merkle_edge *edge = malloc(sizeof *edge);
  for (int i = 0; i < 300; i++) {
    uint64_t size = i == 0 ? MERKLE_SIZE_MAX : 1 + draw(MERKLE_SIZE_MAX >> draw(53));
    uint64_t index = draw(size), old_size = 1 + draw(size);
    struct merkle_reader reader = {read_uniform, &size};
    edge->size = size;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
      edge->widths[level] = (unsigned)(merkle_level_count(size, level) % 256);
      for (unsigned j = 0; j < edge->widths[level]; j++) edge->tiles[level][j] = uniform[level];
    }
    struct adduce_hash root, old_root, edge_root = merkle_edge_root(edge);
    struct merkle_proof proof;
    assert_int_equal(merkle_root(scope, &root, &reader, size), ADDUCE_OK);
    assert_true(hash_equal(&root, &edge_root));
    assert_int_equal(merkle_root(scope, &old_root, &reader, old_size), ADDUCE_OK);
    assert_int_equal(merkle_prove_inclusion(scope, &proof, &reader, index, size), ADDUCE_OK);
    assert_true(proof.count <= 53);
    assert_true(merkle_verify_inclusion(&uniform[0], index, size, &proof, &root));
    assert_true(oracle_verifies_inclusion(&uniform[0], index, size, &proof, &root));
    assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, old_size, size), ADDUCE_OK);
    assert_true(proof.count <= 54);
    assert_true(merkle_verify_consistency(old_size, size, &proof, &old_root, &root));
    assert_true(oracle_verifies_consistency(old_size, size, &proof, &old_root, &root));
  }
  edge->size = MERKLE_SIZE_MAX;
  assert_int_equal(merkle_edge_push(edge, &leaves[0], compare_full, NULL), ADDUCE_E_TOO_LARGE);
  free(edge);
}

/* --- faults ------------------------------------------------------------------------------- */

static enum adduce_err read_until(void *context, struct adduce_scope *in, unsigned level,
                                  uint64_t first, size_t count, struct adduce_hash *out) {
  int *left = context;
  (void)level, (void)first;
  if ((*left)-- == 0) return scope_fail(in, ADDUCE_E_CORRUPT, "this one");
  memset(out, 0, count * sizeof *out);
  return ADDUCE_OK;
}

static void an_error_of_the_reader_is_passed_on(void **state) {
  (void)state;
  for (int first_bad = 0; first_bad < 3; first_bad++) {
    struct merkle_proof proof;
    struct adduce_hash root;
    int left = first_bad;
    struct merkle_reader reader = {read_until, &left};
    assert_int_equal(merkle_root(scope, &root, &reader, 7), ADDUCE_E_CORRUPT);
    left = first_bad;
    assert_int_equal(merkle_prove_inclusion(scope, &proof, &reader, 3, 8), ADDUCE_E_CORRUPT);
    assert_int_equal(proof.count, 0);
    left = first_bad;
    assert_int_equal(merkle_prove_consistency(scope, &proof, &reader, 3, 8), ADDUCE_E_CORRUPT);
    assert_int_equal(proof.count, 0);
    assert_string_equal(adduce_scope_detail(scope), "this one");
  }
}

static enum adduce_err refuse_full(void *context, unsigned level, uint64_t tile,
                                   const struct adduce_hash *hashes256) {
  (void)context, (void)level, (void)tile, (void)hashes256;
  return ADDUCE_E_DISK_FULL;
}

static void an_error_of_the_keeper_of_tiles_is_passed_on(void **state) {
  (void)state;
  struct merkle_edge *edge = malloc(sizeof *edge);
  merkle_edge_init(edge);
  for (size_t i = 0; i < 255; i++)
    assert_int_equal(merkle_edge_push(edge, &leaves[i], refuse_full, NULL), ADDUCE_OK);
  assert_int_equal(merkle_edge_push(edge, &leaves[255], refuse_full, NULL), ADDUCE_E_DISK_FULL);
  free(edge);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_reference_tree_of_certificate_transparency),
      cmocka_unit_test(vectors),
      cmocka_unit_test(every_small_root_is_the_oracles),
      cmocka_unit_test(every_small_inclusion_is_proven),
      cmocka_unit_test(every_small_consistency_is_proven),
      cmocka_unit_test(nothing_changed_verifies),
      cmocka_unit_test(other_positions_are_judged_as_the_oracle_does),
      cmocka_unit_test(edges_of_the_verifiers),
      cmocka_unit_test(edges_of_the_provers),
      cmocka_unit_test(random_sizes_to_a_million),
      cmocka_unit_test(sizes_to_the_limit),
      cmocka_unit_test(an_error_of_the_reader_is_passed_on),
      cmocka_unit_test(an_error_of_the_keeper_of_tiles_is_passed_on),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
