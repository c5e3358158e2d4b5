/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tlogproof.h"

#include "codec/canonical.h"
#include "codec/cursor.h"
#include "codec/pack.h"
#include "exchange/textlines.h"

enum adduce_err tlogproof_encode(struct adduce_scope *scope, struct adduce_span *file,
                                 const struct tlogproof *proof) {
  struct buffer out;
  buffer_init(&out, scope);
  buffer_text(&out, TLOGPROOF_FIRST_LINE "\n");
  if (proof->extra.size != 0) TRY(textlines_put_bytes(&out, "extra", proof->extra));
  buffer_format(&out, "index %llu\n", (unsigned long long)proof->index);
  TRY(textlines_put_path(&out, &proof->path));
  buffer_text(&out, "\n");
  buffer_span(&out, proof->checkpoint);
  return buffer_take(&out, file);
}

static enum adduce_err refuse(struct adduce_scope *scope, const struct textlines *lines,
                              const char *reason) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return scope_fail(scope, ADDUCE_E_PROOF, "line %u of the proof: %s", lines->number, reason);
}

static enum adduce_err parse_head(struct adduce_scope *scope, struct tlogproof *proof,
                                  struct textlines *lines) {
  struct adduce_span value;
  if (textlines_take_word(lines, &value, "extra") && !textlines_bytes(scope, value, &proof->extra))
    return refuse(scope, lines, "extra is not canonical base64");
  if (!textlines_take_word(lines, &value, "index")) {
    lines->number++;
    return refuse(scope, lines, "expected \"index \" and a decimal number");
  }
  if (!textlines_decimal(value, &proof->index))
    return refuse(scope, lines, "the index is not a decimal number below 2^53");
  return textlines_path(scope, lines, &proof->path, MERKLE_PROOF_MAX, ADDUCE_E_PROOF, "the proof");
}

enum adduce_err tlogproof_parse(struct adduce_scope *scope, struct tlogproof *proof,
                                struct adduce_span file) {
  struct textlines lines = textlines_of(file);
  struct adduce_span line;
  memset(proof, 0, sizeof *proof);
  if (file.size > TLOGPROOF_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "a proof has at most %zu bytes, this has %zu",
                      TLOGPROOF_BYTES_MAX, file.size);
  if (!textlines_take(&lines, &line) || !span_is(line, TLOGPROOF_FIRST_LINE))
    return scope_fail(scope, ADDUCE_E_VERSION,
                      "the file does not begin with \"" TLOGPROOF_FIRST_LINE "\"");
  struct tlogproof parsed = {.index = 0};
  TRY(parse_head(scope, &parsed, &lines));
  parsed.checkpoint = lines.rest;
  *proof = parsed;
  return ADDUCE_OK;
}

/* --- extra -------------------------------------------------------------------------------- */

enum adduce_err tlogproof_extra_encode(struct adduce_scope *scope, struct adduce_span *bytes,
                                       const struct tlogproof_extra *extra) {
  struct buffer out;
  buffer_init(&out, scope);
  pack_array(&out, 3);
  pack_bin(&out, extra->entry.data, extra->entry.size);
  pack_bin(&out, extra->content.data, extra->content.size);
  pack_str(&out, extra->vkey);
  return buffer_take(&out, bytes);
}

enum adduce_err tlogproof_extra_parse(struct adduce_scope *scope, struct tlogproof_extra *extra,
                                      struct adduce_span bytes) {
  struct tlogproof_extra parsed;
  uint32_t count;
  memset(extra, 0, sizeof *extra);
  TRY(canonical_require(scope, bytes, "extra of the proof"));
  struct cursor cursor = cursor_of(bytes);
  if (!cursor_array(&cursor, &count) || count != 3 || !cursor_bin(&cursor, &parsed.entry) ||
      !cursor_bin(&cursor, &parsed.content) || !cursor_str(&cursor, &parsed.vkey))
    return scope_fail(scope, ADDUCE_E_FORM, "extra of the proof is not [entry, content, vkey]");
  *extra = parsed;
  return ADDUCE_OK;
}

enum adduce_err tlogproof_verify(struct adduce_scope *scope, const struct tlogproof *proof,
                                 const struct checkpoint *checkpoint,
                                 const struct adduce_hash *leaf) {
  if (!merkle_verify_inclusion(leaf, proof->index, checkpoint->size, &proof->path,
                               &checkpoint->root))
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "entry %llu is not shown to be in the tree of size %llu: the path does not "
                      "lead to its root",
                      (unsigned long long)proof->index, (unsigned long long)checkpoint->size);
  return ADDUCE_OK;
}
