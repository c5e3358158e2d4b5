/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two logs, or two checkpoints of one, can belong to one history. */
#include "codec/value.h"
#include "exchange/equivocation.h"
#include "exchange/tilelog.h"
#include "ledger/proof.h"

struct side {
  const struct adduce_published *published;
  struct adduce_span note;
  struct checkpoint checkpoint;
  struct adduce_span vkey;
};

static enum adduce_err open_side(struct adduce_scope *scope, struct side *side,
                                 const struct adduce_published *published,
                                 const struct policy *policy) {
  struct policy_verdict verdict;
  const char *vkey;
  side->published = published;
  TRY(published->fetch(published->context, scope, &side->note, "checkpoint", NOTE_BYTES_MAX));
  enum adduce_err err = policy_evaluate(scope, &verdict, policy, side->note);
  if (err != ADDUCE_OK && err != ADDUCE_E_QUORUM) return err; /* witnesses do not matter here */
  side->checkpoint = verdict.checkpoint;
  TRY(note_vkey_encode(scope, &vkey, verdict.log->verifier.name, &verdict.log->verifier.key));
  side->vkey = span_text(vkey);
  return ADDUCE_OK;
}

static struct adduce_value *describe(struct adduce_scope *scope, const struct side *side) {
  struct adduce_value *map = value_map(scope);
  value_set_integer(scope, map, "size", (int64_t)side->checkpoint.size);
  value_set_bytes32(scope, map, "root", side->checkpoint.root.bytes);
  return map;
}

static enum adduce_err accuse(struct adduce_scope *scope, struct adduce_value *report,
                              struct adduce_span *file, const struct side *small,
                              const struct side *large, const struct adduce_hash *root,
                              const struct merkle_proof *path) {
  struct equivocation evidence;
  const char *sentence;
  TRY(equivocation_make(scope, &evidence, large->vkey, small->note, large->note, root, path));
  TRY(equivocation_encode(scope, file, &evidence));
  bool in_order = small->checkpoint.size != large->checkpoint.size ||
                  memcmp(small->checkpoint.root.bytes, large->checkpoint.root.bytes, 32) < 0;
  TRY(equivocation_verify(scope, &sentence, &evidence,
                          in_order ? &small->checkpoint : &large->checkpoint,
                          in_order ? &large->checkpoint : &small->checkpoint));
  value_set_text(scope, report, "verdict", "equivocation");
  value_set_text(scope, report, "sentence", sentence);
  return scope_fail(scope, ADDUCE_E_EQUIVOCATION, "%.*s has signed two histories: %s",
                    SPAN_ARGS(large->checkpoint.origin), sentence);
}

static enum adduce_err agree(struct adduce_scope *scope, struct adduce_value *report,
                             const char *verdict, const char *sentence) {
  value_set_text(scope, report, "verdict", verdict);
  value_set_text(scope, report, "sentence", sentence);
  return ADDUCE_OK;
}

/* The larger tree tells what it had at the smaller size. */
static enum adduce_err compare_sizes(struct adduce_scope *scope, struct adduce_value *report,
                                     struct adduce_span *file, const struct side *small,
                                     const struct side *large) {
  struct tilelog *log;
  struct adduce_hash root;
  struct merkle_proof path = {.count = 0};
  struct adduce_hash empty = merkle_empty();
  const char *extends = scope_format(scope, "the log of %llu entries begins with that of %llu",
                                     (unsigned long long)large->checkpoint.size,
                                     (unsigned long long)small->checkpoint.size);
  if (small->checkpoint.size == 0 && hash_equal(&small->checkpoint.root, &empty))
    return agree(scope, report, "extends", extends);
  if (small->checkpoint.size == 0) return accuse(scope, report, file, small, large, NULL, NULL);
  enum adduce_err err = tilelog_open(scope, &log, NULL, large->published, &large->checkpoint);
  if (err == ADDUCE_E_FAILED)
    return scope_wrap(scope, ADDUCE_E_PROOF,
                      "the tiles of the larger log are needed to compare two sizes: ");
  if (err != ADDUCE_OK) return err;
  struct merkle_reader reader = tilelog_reader(log);
  TRY(merkle_root(scope, &root, &reader, small->checkpoint.size));
  if (hash_equal(&root, &small->checkpoint.root)) return agree(scope, report, "extends", extends);
  TRY(merkle_prove_consistency(scope, &path, &reader, small->checkpoint.size,
                               large->checkpoint.size));
  return accuse(scope, report, file, small, large, &root, &path);
}

static enum adduce_err compare(struct adduce_scope *scope, struct adduce_value *report,
                               struct adduce_span *file, const struct side *a,
                               const struct side *b) {
  if (!span_equal(a->checkpoint.origin, b->checkpoint.origin))
    return scope_fail(scope, ADDUCE_E_PROOF, "these are two logs, %.*s and %.*s",
                      SPAN_ARGS(a->checkpoint.origin), SPAN_ARGS(b->checkpoint.origin));
  value_set(scope, report, "origin", value_str(scope, a->checkpoint.origin));
  value_set(scope, report, "a", describe(scope, a));
  value_set(scope, report, "b", describe(scope, b));
  if (a->checkpoint.size < b->checkpoint.size) return compare_sizes(scope, report, file, a, b);
  if (a->checkpoint.size > b->checkpoint.size) return compare_sizes(scope, report, file, b, a);
  if (!hash_equal(&a->checkpoint.root, &b->checkpoint.root))
    return accuse(scope, report, file, a, b, NULL, NULL);
  return agree(scope, report, "same", "both have the same entries");
}

enum adduce_err adduce_compare(struct adduce_scope *scope, const struct adduce_value **report,
                               struct adduce_span *evidence, const struct adduce_published *a,
                               const struct adduce_published *b,
                               const struct adduce_policy *policy) {
  struct side side_a, side_b;
  struct adduce_value *map = value_map(scope);
  *report = map;
  *evidence = span_of(NULL, 0);
  TRY(sign_start(scope));
  TRY(open_side(scope, &side_a, a, &policy->policy));
  TRY(open_side(scope, &side_b, b, &policy->policy));
  TRY(compare(scope, map, evidence, &side_a, &side_b));
  return value_finish(scope);
}
