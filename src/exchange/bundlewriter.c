/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/bundlewriter.h"

#include "base/bigendian.h"
#include "base/invariant.h"
#include "codec/pack.h"
#include "crypto/hash.h"

#define WRITER_SCOPE_BYTES ((size_t)128 << 20)
#define OUTPUT_BYTES ((size_t)64 << 10)

/* Invariants
 *   1. output holds what the sink has not got; less than OUTPUT_BYTES between two calls.
 *   2. records is the hash of all records so far but contents, chunks and the signature. */
struct bundlewriter {
  struct adduce_scope *own;
  struct adduce_sink sink;
  struct bundle_manifest manifest;
  struct adduce_span encoded;
  struct multiproof_walk walk;
  struct multiproof_step step;
  struct multiproof_fold fold;
  struct indexes indexes;
  struct hash records;
  uint64_t contents;
  struct buffer output, entry;
};

static enum adduce_err flush(struct adduce_scope *scope, struct bundlewriter *writer) {
  struct adduce_span bytes = span_of(writer->output.data, writer->output.size);
  if (writer->output.failed) return scope_no_memory(scope);
  buffer_reset(&writer->output);
  return bytes.size == 0 ? ADDUCE_OK : writer->sink.write(writer->sink.context, scope, bytes);
}

static enum adduce_err put_record(struct adduce_scope *scope, struct bundlewriter *writer,
                                  enum bundle_record type, struct adduce_span payload) {
  uint8_t head[BUNDLE_HEAD_BYTES] = {(uint8_t)type};
  bigendian_put32(head + 1, (uint32_t)payload.size);
  buffer_append(&writer->output, head, sizeof head);
  buffer_span(&writer->output, payload);
  if (type == BUNDLE_MANIFEST || type == BUNDLE_HASH || type == BUNDLE_ENTRY) {
    hash_update(&writer->records, head, sizeof head);
    hash_span(&writer->records, payload);
  }
  return writer->output.size < OUTPUT_BYTES ? ADDUCE_OK : flush(scope, writer);
}

static enum adduce_err begin(struct adduce_scope *scope, struct bundlewriter *writer) {
  struct bundle_manifest read;
  enum adduce_err err = bundle_manifest_encode(writer->own, &writer->encoded, &writer->manifest);
  if (err == ADDUCE_OK) err = bundle_manifest_read(writer->own, &read, writer->encoded);
  if (err != ADDUCE_OK) return scope_relay(scope, err, writer->own);
  writer->walk.size = read.tree.size;
  writer->indexes = indexes_of(read.indexes);
  writer->manifest = read;
  buffer_text(&writer->output, BUNDLE_LINE);
  return put_record(scope, writer, BUNDLE_MANIFEST, writer->encoded);
}

enum adduce_err bundlewriter_open(struct adduce_scope *scope, struct bundlewriter **writer,
                                  const struct adduce_sink *sink,
                                  const struct bundle_manifest *manifest) {
  struct adduce_scope *own = NULL;
  *writer = NULL;
  if (adduce_scope_open(&own, WRITER_SCOPE_BYTES) != ADDUCE_OK) return scope_no_memory(scope);
  struct bundlewriter *opened = scope_new(own, struct bundlewriter);
  if (opened == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  opened->sink = *sink;
  opened->manifest = *manifest;
  hash_init(&opened->records);
  multiproof_fold_init(&opened->fold);
  buffer_init(&opened->entry, own);
  buffer_init(&opened->output, own);
  enum adduce_err err = begin(scope, opened);
  if (err != ADDUCE_OK) {
    adduce_scope_close(&own);
    return err;
  }
  *writer = opened;
  return ADDUCE_OK;
}

void bundlewriter_close(struct bundlewriter **writer) {
  if (*writer == NULL) return;
  struct adduce_scope *own = (*writer)->own;
  *writer = NULL;
  adduce_scope_close(&own);
}

struct adduce_span bundlewriter_manifest(const struct bundlewriter *writer,
                                         struct adduce_hash *digest) {
  *digest = writer->manifest.digest;
  return writer->encoded;
}

bool bundlewriter_step(struct bundlewriter *writer, struct multiproof_step *step) {
  bool is_there = multiproof_next(&writer->walk, step, indexes_peek(&writer->indexes));
  if (is_there && step->is_leaf) indexes_skip(&writer->indexes);
  if (is_there) writer->step = *step;
  return is_there;
}

enum adduce_err bundlewriter_hash(struct adduce_scope *scope, struct bundlewriter *writer,
                                  const struct adduce_hash *root) {
  INVARIANT(!writer->step.is_leaf);
  multiproof_fold_add(&writer->fold, &writer->step, root);
  return put_record(scope, writer, BUNDLE_HASH, span_of(root->bytes, sizeof root->bytes));
}

enum adduce_err bundlewriter_entry(struct adduce_scope *scope, struct bundlewriter *writer,
                                   struct adduce_span entry, struct adduce_span content) {
  struct adduce_hash leaf = merkle_leaf(entry), digest = hash_bytes(content);
  INVARIANT(writer->step.is_leaf);
  multiproof_fold_add(&writer->fold, &writer->step, &leaf);
  buffer_reset(&writer->entry);
  pack_array(&writer->entry, 2);
  pack_bin(&writer->entry, entry.data, entry.size);
  pack_bin(&writer->entry, digest.bytes, content.size == 0 ? 0 : sizeof digest.bytes);
  if (writer->entry.failed) return scope_no_memory(scope);
  TRY(put_record(scope, writer, BUNDLE_ENTRY, span_of(writer->entry.data, writer->entry.size)));
  if (content.size == 0) return ADDUCE_OK;
  writer->contents++;
  return put_record(scope, writer, BUNDLE_CONTENT, content);
}

enum adduce_err bundlewriter_chunk(struct adduce_scope *scope, struct bundlewriter *writer,
                                   struct adduce_span bytes) {
  INVARIANT(bytes.size != 0 && bytes.size <= BUNDLE_CHUNK_BYTES);
  return put_record(scope, writer, BUNDLE_CHUNK, bytes);
}

enum adduce_err bundlewriter_finish(struct adduce_scope *scope, struct bundlewriter *writer,
                                    const struct signer *exporter) {
  struct adduce_hash root = multiproof_fold_root(&writer->fold), digest;
  struct adduce_signature signature;
  if (!hash_equal(&root, &writer->manifest.tree.root) ||
      writer->contents != writer->manifest.contents)
    return scope_fail(scope, ADDUCE_E_CORRUPT,
                      "what was to be exported does not make the tree of its checkpoint; nothing "
                      "of it is good (check the ledger with `adduce verify`)");
  hash_final(&writer->records, &digest);
  struct bundle_message message = bundle_message(&digest);
  TRY(signer_sign(scope, &signature, exporter, span_of(message.bytes, sizeof message.bytes)));
  TRY(put_record(scope, writer, BUNDLE_SIGNATURE,
                 span_of(signature.bytes, sizeof signature.bytes)));
  return flush(scope, writer);
}
