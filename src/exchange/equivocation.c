/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/equivocation.h"

#include "exchange/textlines.h"

/* <0, 0, >0: by size, then by root. */
static int order(const struct checkpoint *a, const struct checkpoint *b) {
  if (a->size != b->size) return a->size < b->size ? -1 : 1;
  return memcmp(a->root.bytes, b->root.bytes, sizeof a->root.bytes);
}

enum adduce_err equivocation_make(struct adduce_scope *scope, struct equivocation *evidence,
                                  struct adduce_span vkey, struct adduce_span a,
                                  struct adduce_span b, const struct adduce_hash *root,
                                  const struct merkle_proof *path) {
  struct checkpoint first, second;
  struct note note;
  const char *sentence;
  memset(evidence, 0, sizeof *evidence);
  TRY(checkpoint_parse(scope, &first, &note, a));
  TRY(checkpoint_parse(scope, &second, &note, b));
  struct equivocation made = {.vkey = vkey, .first = a, .second = b};
  if (order(&first, &second) > 0) {
    struct checkpoint swapped = first;
    first = second;
    second = swapped;
    made.first = b;
    made.second = a;
  }
  if (root != NULL && path != NULL && first.size != second.size && first.size != 0) {
    made.has_root = true;
    made.root = *root;
    made.path = *path;
  }
  if (equivocation_verify(scope, &sentence, &made, &first, &second) != ADDUCE_OK)
    return scope_wrap(scope, ADDUCE_E_USAGE, "this is no equivocation: ");
  *evidence = made;
  return ADDUCE_OK;
}

enum adduce_err equivocation_encode(struct adduce_scope *scope, struct adduce_span *file,
                                    const struct equivocation *evidence) {
  struct buffer out;
  buffer_init(&out, scope);
  buffer_text(&out, EQUIVOCATION_FIRST_LINE "\nlog ");
  buffer_span(&out, evidence->vkey);
  buffer_byte(&out, '\n');
  TRY(textlines_put_bytes(&out, "first", evidence->first));
  TRY(textlines_put_bytes(&out, "second", evidence->second));
  if (evidence->has_root) {
    TRY(textlines_put_bytes(&out, "root", span_of(evidence->root.bytes, 32)));
    TRY(textlines_put_path(&out, &evidence->path));
  }
  return buffer_take(&out, file);
}

enum adduce_err equivocation_accuse(struct adduce_scope *scope, struct adduce_span *file,
                                    const struct note_verifier *verifier, struct adduce_span a,
                                    struct adduce_span b, const struct adduce_hash *root,
                                    const struct merkle_proof *path) {
  struct equivocation evidence;
  const char *vkey;
  TRY(note_vkey_encode(scope, &vkey, verifier->name, &verifier->key));
  TRY(equivocation_make(scope, &evidence, span_text(vkey), a, b, root, path));
  return equivocation_encode(scope, file, &evidence);
}

static enum adduce_err refuse(struct adduce_scope *scope, const struct textlines *lines,
                              const char *reason) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return scope_fail(scope, ADDUCE_E_PROOF, "line %u of the evidence: %s", lines->number, reason);
}

static enum adduce_err parse_root(struct adduce_scope *scope, struct equivocation *evidence,
                                  struct textlines *lines) {
  struct adduce_span line;
  if (lines->rest.size == 0) return ADDUCE_OK;
  if (!textlines_take_word(lines, &line, "root") || !textlines_hash(line, &evidence->root))
    return refuse(scope, lines, "expected \"root \" and a hash, or the end");
  evidence->has_root = true;
  while (lines->rest.size != 0) {
    struct merkle_proof *path = &evidence->path;
    if (path->count == MERKLE_PROOF_MAX) return refuse(scope, lines, "more than 64 hashes");
    if (!textlines_take(lines, &line) || !textlines_hash(line, &path->hashes[path->count++]))
      return refuse(scope, lines, "not the base64 of a hash of 32 bytes");
  }
  return ADDUCE_OK;
}

enum adduce_err equivocation_parse(struct adduce_scope *scope, struct equivocation *evidence,
                                   struct adduce_span file) {
  struct textlines lines = textlines_of(file);
  struct equivocation parsed = {.has_root = false};
  struct adduce_span line;
  memset(evidence, 0, sizeof *evidence);
  if (file.size > EQUIVOCATION_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "evidence has at most %zu bytes, this has %zu",
                      EQUIVOCATION_BYTES_MAX, file.size);
  if (!textlines_take(&lines, &line) || !span_is(line, EQUIVOCATION_FIRST_LINE))
    return scope_fail(scope, ADDUCE_E_VERSION,
                      "the file does not begin with \"" EQUIVOCATION_FIRST_LINE "\"");
  if (!textlines_take_word(&lines, &parsed.vkey, "log"))
    return refuse(scope, &lines, "expected \"log \" and a verifier key");
  if (!textlines_take_word(&lines, &line, "first") || !textlines_bytes(scope, line, &parsed.first))
    return refuse(scope, &lines, "expected \"first \" and a signed note in base64");
  if (!textlines_take_word(&lines, &line, "second") ||
      !textlines_bytes(scope, line, &parsed.second))
    return refuse(scope, &lines, "expected \"second \" and a signed note in base64");
  TRY(parse_root(scope, &parsed, &lines));
  *evidence = parsed;
  return ADDUCE_OK;
}

static enum adduce_err judge_roots(struct adduce_scope *scope, const char **sentence,
                                   const struct equivocation *evidence,
                                   const struct checkpoint *first,
                                   const struct checkpoint *second) {
  unsigned long long size = first->size;
  if (!evidence->has_root)
    return scope_fail(
        scope, ADDUCE_E_PROOF,
        "of two sizes the evidence must show what the larger tree had at the smaller");
  if (hash_equal(&evidence->root, &first->root))
    return scope_fail(scope, ADDUCE_E_PROOF, "the larger tree has the root of the smaller");
  if (!merkle_verify_consistency(first->size, second->size, &evidence->path, &evidence->root,
                                 &second->root))
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "the hashes do not show what root the larger tree had at size %llu", size);
  *sentence = scope_format(scope,
                           "the log signed one root of size %llu, and later a tree of size %llu "
                           "that had another at size %llu",
                           size, (unsigned long long)second->size, size);
  return ADDUCE_OK;
}

enum adduce_err equivocation_verify(struct adduce_scope *scope, const char **sentence,
                                    const struct equivocation *evidence,
                                    const struct checkpoint *first,
                                    const struct checkpoint *second) {
  struct adduce_hash empty = merkle_empty();
  if (!span_equal(first->origin, second->origin))
    return scope_fail(scope, ADDUCE_E_PROOF, "the two are of different logs, %.*s and %.*s",
                      SPAN_ARGS(first->origin), SPAN_ARGS(second->origin));
  if (order(first, second) >= 0)
    return scope_fail(scope, ADDUCE_E_PROOF, "the two are the same, or stand in the wrong order");
  if (first->size == second->size) {
    *sentence = scope_format(scope, "the log signed two roots of one size, %llu",
                             (unsigned long long)first->size);
    return ADDUCE_OK;
  }
  if (first->size != 0) return judge_roots(scope, sentence, evidence, first, second);
  if (hash_equal(&first->root, &empty))
    return scope_fail(scope, ADDUCE_E_PROOF, "every log extends the empty one");
  *sentence = "the log signed a size of 0 with a root that the empty tree does not have";
  return ADDUCE_OK;
}
