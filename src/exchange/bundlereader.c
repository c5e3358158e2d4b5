/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/bundlereader.h"

#include "base/bigendian.h"
#include "base/invariant.h"
#include "codec/canonical.h"
#include "crypto/sign.h"
#include "exchange/entry.h"
#include "tree/multiproof.h"

#define READER_SCOPE_BYTES ((size_t)64 << 20)
#define INPUT_BYTES ((size_t)64 << 10)

enum stage { STAGE_TREE, STAGE_CAPTURES, STAGE_END };

/* Invariants
 *   1. offset counts the bytes given out of `input`; input_at <= input_size.
 *   2. records is the hash of all records so far but contents, chunks and the signature.
 *   3. In STAGE_CAPTURES, document number `captured` is the next to begin, or, while
 *      capture_left != 0, the one before it is under way. */
struct bundlereader {
  struct adduce_scope *own;
  struct adduce_source source;
  struct adduce_sink skeleton; /* write is NULL: none is made */
  bool is_skeleton, is_spent;
  enum stage stage;
  struct bundle_manifest manifest;
  struct multiproof_walk walk;
  struct multiproof_fold fold;
  struct indexes indexes;
  struct hash records;
  uint64_t contents; /* seen so far */
  size_t captured;
  uint64_t capture_left;
  struct hash capture_hash;
  uint64_t offset, record; /* record: the number of the one under way, from 0 */
  uint8_t *input;
  size_t input_at, input_size;
  struct buffer payload, content;
};

/* --- bytes -------------------------------------------------------------------------------- */

static enum adduce_err fill(struct adduce_scope *scope, struct bundlereader *reader) {
  reader->input_at = reader->input_size = 0;
  TRY(reader->source.read(reader->source.context, scope, reader->input, &reader->input_size,
                          INPUT_BYTES));
  INVARIANT(reader->input_size <= INPUT_BYTES);
  return ADDUCE_OK;
}

/* Adds `size` bytes to `out`, as they come: a length that lies costs no more than what is there. */
static enum adduce_err take(struct adduce_scope *scope, struct bundlereader *reader,
                            struct buffer *out, size_t size) {
  while (size != 0) {
    size_t held = reader->input_size - reader->input_at;
    if (held == 0) {
      TRY(fill(scope, reader));
      if (reader->input_size == 0)
        return scope_fail(scope, ADDUCE_E_FORM, "the bundle ends here, %zu bytes too early", size);
      continue;
    }
    if (held > size) held = size;
    buffer_append(out, reader->input + reader->input_at, held);
    reader->input_at += held;
    reader->offset += held;
    size -= held;
  }
  return out->failed ? scope_no_memory(scope) : ADDUCE_OK;
}

static enum adduce_err keep(struct adduce_scope *scope, const struct bundlereader *reader,
                            const void *bytes, size_t size) {
  if (reader->skeleton.write == NULL) return ADDUCE_OK;
  return reader->skeleton.write(reader->skeleton.context, scope, span_of(bytes, size));
}

/* --- records ------------------------------------------------------------------------------ */

static bool is_in_skeleton(enum bundle_record type) {
  return type != BUNDLE_CONTENT && type != BUNDLE_CHUNK;
}

/* Reads the record that must stand here, `least` to `most` bytes long, into `payload`. */
static enum adduce_err take_record(struct adduce_scope *scope, struct bundlereader *reader,
                                   struct buffer *payload, enum bundle_record type, size_t least,
                                   size_t most) {
  uint8_t head[BUNDLE_HEAD_BYTES];
  buffer_reset(payload);
  TRY(take(scope, reader, payload, sizeof head));
  memcpy(head, payload->data, sizeof head);
  uint32_t size = bigendian_get32(head + 1);
  if (head[0] != type)
    return scope_fail(scope, ADDUCE_E_FORM, "a record of type %u stands where one of type %u must",
                      head[0], (unsigned)type);
  if (size < least || size > most)
    return scope_fail(scope, ADDUCE_E_FORM,
                      "a record of type %u says it has %lu bytes; %zu to %zu are possible here",
                      (unsigned)type, (unsigned long)size, least, most);
  buffer_reset(payload);
  TRY(take(scope, reader, payload, size));
  reader->record++;
  if (!is_in_skeleton(type)) return ADDUCE_OK;
  TRY(keep(scope, reader, head, sizeof head));
  TRY(keep(scope, reader, payload->data, payload->size));
  if (type == BUNDLE_SIGNATURE) return ADDUCE_OK;
  hash_update(&reader->records, head, sizeof head);
  hash_update(&reader->records, payload->data, payload->size);
  return ADDUCE_OK;
}

static struct adduce_span span_held(const struct buffer *buffer) {
  return span_of(buffer->data, buffer->size);
}

/* --- the tree ----------------------------------------------------------------------------- */

static enum adduce_err parse_entry(struct adduce_scope *scope, struct bundlereader_item *item,
                                   struct adduce_span payload) {
  struct adduce_span digest;
  uint32_t count;
  TRY(canonical_require(scope, payload, "entry record"));
  struct cursor cursor = cursor_of(payload);
  if (!cursor_array(&cursor, &count) || count != 2 || !cursor_bin(&cursor, &item->entry) ||
      !cursor_bin(&cursor, &digest) || item->entry.size == 0 ||
      (digest.size != 0 && digest.size != 32))
    return scope_fail(scope, ADDUCE_E_FORM, "the entry record is not [entry, digest]");
  item->has_content = digest.size != 0;
  if (item->has_content) memcpy(item->content_digest.bytes, digest.data, 32);
  return ADDUCE_OK;
}

static enum adduce_err take_content(struct adduce_scope *scope, struct bundlereader *reader,
                                    struct bundlereader_item *item) {
  TRY(take_record(scope, reader, &reader->content, BUNDLE_CONTENT, 1, BUNDLE_CONTENT_BYTES_MAX));
  item->content = span_held(&reader->content);
  struct adduce_hash digest = hash_bytes(item->content);
  if (hash_equal(&digest, &item->content_digest)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_COMMITMENT,
                    "the content is not the one whose digest stands with the entry");
}

static enum adduce_err check_genesis(struct adduce_scope *scope, const struct bundlereader *reader,
                                     struct adduce_span bytes) {
  struct scope_mark mark = scope_mark(scope);
  struct entry entry;
  enum adduce_err err = entry_read(scope, &entry, bytes, span_of(NULL, 0));
  scope_rewind(scope, mark);
  if (err != ADDUCE_OK) return err;
  if (memcmp(entry.id.bytes, reader->manifest.genesis.bytes, 32) == 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_OTHER_LEDGER,
                    "entry 0 is not the ledger's beginning that the manifest names");
}

static enum adduce_err take_entry(struct adduce_scope *scope, struct bundlereader *reader,
                                  const struct multiproof_step *step,
                                  struct bundlereader_item *item) {
  item->type = BUNDLEREADER_ENTRY;
  item->index = step->first;
  TRY(take_record(scope, reader, &reader->payload, BUNDLE_ENTRY, 1, BUNDLE_ENTRY_BYTES_MAX));
  TRY(parse_entry(scope, item, span_held(&reader->payload)));
  struct adduce_hash leaf = merkle_leaf(item->entry);
  multiproof_fold_add(&reader->fold, step, &leaf);
  if (item->index == 0) TRY(check_genesis(scope, reader, item->entry));
  reader->contents += item->has_content;
  if (!item->has_content || reader->is_skeleton) return ADDUCE_OK;
  return take_content(scope, reader, item);
}

static enum adduce_err take_hash(struct adduce_scope *scope, struct bundlereader *reader,
                                 const struct multiproof_step *step) {
  struct adduce_hash hash;
  TRY(take_record(scope, reader, &reader->payload, BUNDLE_HASH, 32, 32));
  memcpy(hash.bytes, reader->payload.data, 32);
  multiproof_fold_add(&reader->fold, step, &hash);
  return ADDUCE_OK;
}

static enum adduce_err end_tree(struct adduce_scope *scope, struct bundlereader *reader) {
  struct adduce_hash root = multiproof_fold_root(&reader->fold);
  if (!hash_equal(&root, &reader->manifest.tree.root))
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "entries and hashes do not make the tree of the checkpoint");
  if (reader->contents != reader->manifest.contents)
    return scope_fail(scope, ADDUCE_E_FORM, "%llu contents came, the manifest says %llu",
                      (unsigned long long)reader->contents,
                      (unsigned long long)reader->manifest.contents);
  reader->stage = STAGE_CAPTURES;
  return ADDUCE_OK;
}

/* The next entry; without one, goes on to the next stage. */
static enum adduce_err next_entry(struct adduce_scope *scope, struct bundlereader *reader,
                                  struct bundlereader_item *item) {
  struct multiproof_step step;
  while (multiproof_next(&reader->walk, &step, indexes_peek(&reader->indexes))) {
    if (step.is_leaf) {
      indexes_skip(&reader->indexes);
      return take_entry(scope, reader, &step, item);
    }
    TRY(take_hash(scope, reader, &step));
  }
  return end_tree(scope, reader);
}

/* --- what follows it ---------------------------------------------------------------------- */

static enum adduce_err check_capture(struct adduce_scope *scope,
                                     const struct bundlereader *reader) {
  struct bundle_capture capture = bundle_capture_at(&reader->manifest, reader->captured - 1);
  struct hash under_way = reader->capture_hash;
  struct adduce_hash digest;
  hash_final(&under_way, &digest);
  if (hash_equal(&digest, &capture.digest)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_COMMITMENT,
                    "captured document %zu is not the one whose digest the manifest has",
                    reader->captured - 1);
}

static enum adduce_err next_chunk(struct adduce_scope *scope, struct bundlereader *reader,
                                  struct bundlereader_item *item) {
  size_t size =
      reader->capture_left < BUNDLE_CHUNK_BYTES ? (size_t)reader->capture_left : BUNDLE_CHUNK_BYTES;
  item->type = BUNDLEREADER_CHUNK;
  TRY(take_record(scope, reader, &reader->content, BUNDLE_CHUNK, size, size));
  item->chunk = span_held(&reader->content);
  hash_span(&reader->capture_hash, item->chunk);
  reader->capture_left -= size;
  return reader->capture_left == 0 ? check_capture(scope, reader) : ADDUCE_OK;
}

static enum adduce_err begin_capture(struct adduce_scope *scope, struct bundlereader *reader,
                                     struct bundlereader_item *item) {
  item->type = BUNDLEREADER_CAPTURE;
  item->capture = bundle_capture_at(&reader->manifest, reader->captured++);
  reader->capture_left = item->capture.size_bytes;
  hash_init(&reader->capture_hash);
  return reader->capture_left == 0 ? check_capture(scope, reader) : ADDUCE_OK;
}

static enum adduce_err take_signature(struct adduce_scope *scope, struct bundlereader *reader) {
  struct adduce_signature signature;
  struct adduce_hash digest;
  TRY(take_record(scope, reader, &reader->payload, BUNDLE_SIGNATURE, 64, 64));
  memcpy(signature.bytes, reader->payload.data, 64);
  hash_final(&reader->records, &digest);
  struct bundle_message message = bundle_message(&digest);
  if (!sign_key_acceptable(&reader->manifest.exporter))
    return scope_fail(scope, ADDUCE_E_KEY, "the exporter's key is not an acceptable Ed25519 key");
  if (!sign_verify_accepted(&reader->manifest.exporter,
                            span_of(message.bytes, sizeof message.bytes), &signature))
    return scope_fail(scope, ADDUCE_E_SIGNATURE, "the exporter's signature does not verify");
  return ADDUCE_OK;
}

static enum adduce_err end(struct adduce_scope *scope, struct bundlereader *reader,
                           struct bundlereader_item *item) {
  if (reader->stage == STAGE_CAPTURES) {
    TRY(take_signature(scope, reader));
    if (reader->input_at == reader->input_size) TRY(fill(scope, reader));
    if (reader->input_size != reader->input_at)
      return scope_fail(scope, ADDUCE_E_FORM, "bytes follow the bundle's end");
    reader->stage = STAGE_END;
  }
  item->type = BUNDLEREADER_END;
  return ADDUCE_OK;
}

static enum adduce_err next(struct adduce_scope *scope, struct bundlereader *reader,
                            struct bundlereader_item *item) {
  if (reader->stage == STAGE_TREE) {
    TRY(next_entry(scope, reader, item));
    if (reader->stage == STAGE_TREE) return ADDUCE_OK;
  }
  if (reader->capture_left != 0) return next_chunk(scope, reader, item);
  if (!reader->is_skeleton && reader->captured < bundle_capture_count(&reader->manifest))
    return begin_capture(scope, reader, item);
  return end(scope, reader, item);
}

enum adduce_err bundlereader_next(struct adduce_scope *scope, struct bundlereader *reader,
                                  struct bundlereader_item *item) {
  memset(item, 0, sizeof *item);
  if (reader->is_spent)
    return scope_fail(scope, ADDUCE_E_USAGE, "the bundle was refused before; nothing follows");
  uint64_t record = reader->record, offset = reader->offset, index = reader->walk.at;
  enum adduce_err err = next(scope, reader, item);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  reader->is_spent = true;
  memset(item, 0, sizeof *item);
  if (reader->stage != STAGE_TREE)
    return scope_wrap(scope, err, "record %llu, byte %llu: ", (unsigned long long)record,
                      (unsigned long long)offset);
  return scope_wrap(scope, err, "record %llu, byte %llu, index %llu: ", (unsigned long long)record,
                    (unsigned long long)offset, (unsigned long long)index);
}

/* --- opening ------------------------------------------------------------------------------ */

/* The first line, of at most 32 bytes. */
static enum adduce_err take_line(struct adduce_scope *scope, struct bundlereader *reader) {
  struct buffer *line = &reader->payload;
  do {
    TRY(take(scope, reader, line, 1));
  } while (line->data[line->size - 1] != '\n' && line->size < 32);
  struct adduce_span text = span_held(line);
  reader->is_skeleton = span_is(text, BUNDLE_SKELETON_LINE);
  if (reader->is_skeleton || span_is(text, BUNDLE_LINE)) return ADDUCE_OK;
  if (span_starts(text, "adduce/bundle/v") || span_starts(text, "adduce/skeleton/v"))
    return scope_fail(scope, ADDUCE_E_VERSION, "the bundle is of another version than 1");
  return scope_fail(scope, ADDUCE_E_FORM, "this is no bundle: its first line is another");
}

static enum adduce_err begin(struct adduce_scope *scope, struct bundlereader *reader) {
  TRY(take_line(scope, reader));
  TRY(keep(scope, reader, BUNDLE_SKELETON_LINE, sizeof BUNDLE_SKELETON_LINE - 1));
  struct buffer bytes;
  buffer_init(&bytes, reader->own);
  TRY(take_record(scope, reader, &bytes, BUNDLE_MANIFEST, 1, BUNDLE_MANIFEST_BYTES_MAX));
  enum adduce_err err = bundle_manifest_read(reader->own, &reader->manifest, span_held(&bytes));
  if (err != ADDUCE_OK) return scope_relay(scope, err, reader->own);
  reader->walk.size = reader->manifest.tree.size;
  reader->indexes = indexes_of(reader->manifest.indexes);
  return ADDUCE_OK;
}

enum adduce_err bundlereader_open(struct adduce_scope *scope, struct bundlereader **reader,
                                  const struct adduce_source *source,
                                  const struct adduce_sink *skeleton) {
  struct adduce_scope *own = NULL;
  *reader = NULL;
  TRY(sign_start(scope));
  if (adduce_scope_open(&own, READER_SCOPE_BYTES) != ADDUCE_OK) return scope_no_memory(scope);
  struct bundlereader *opened = scope_new(own, struct bundlereader);
  if (opened != NULL) opened->input = scope_alloc(own, INPUT_BYTES);
  if (opened == NULL || opened->input == NULL) {
    adduce_scope_close(&own);
    return scope_no_memory(scope);
  }
  opened->own = own;
  opened->source = *source;
  if (skeleton != NULL) opened->skeleton = *skeleton;
  hash_init(&opened->records);
  multiproof_fold_init(&opened->fold);
  buffer_init(&opened->payload, own);
  buffer_init(&opened->content, own);
  enum adduce_err err = begin(scope, opened);
  if (err != ADDUCE_OK) {
    adduce_scope_close(&own);
    return err;
  }
  *reader = opened;
  return ADDUCE_OK;
}

void bundlereader_close(struct bundlereader **reader) {
  if (*reader == NULL) return;
  struct adduce_scope *own = (*reader)->own;
  *reader = NULL;
  adduce_scope_close(&own);
}

const struct bundle_manifest *bundlereader_manifest(const struct bundlereader *reader) {
  return &reader->manifest;
}

bool bundlereader_is_skeleton(const struct bundlereader *reader) {
  return reader->is_skeleton;
}

enum adduce_err bundlereader_strip(struct adduce_scope *scope, const struct adduce_source *source,
                                   const struct adduce_sink *skeleton) {
  struct bundlereader *reader;
  struct bundlereader_item item;
  TRY(bundlereader_open(scope, &reader, source, skeleton));
  enum adduce_err err;
  do {
    err = bundlereader_next(scope, reader, &item);
  } while (err == ADDUCE_OK && item.type != BUNDLEREADER_END);
  bundlereader_close(&reader);
  return err;
}
