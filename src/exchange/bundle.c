/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/bundle.h"

#include "base/bigendian.h"
#include "codec/canonical.h"
#include "codec/pack.h"

/* --- writing ------------------------------------------------------------------------------ */

static void put_ids(struct buffer *out, const char *key, const void *ids32, size_t count) {
  const uint8_t *bytes = ids32;
  if (count == 0) return;
  pack_text(out, key);
  pack_array(out, count);
  for (size_t i = 0; i < count; i++) pack_bin(out, bytes + 32 * i, 32);
}

static void put_texts(struct buffer *out, const char *key, const struct adduce_span *texts,
                      size_t count) {
  if (count == 0) return;
  pack_text(out, key);
  pack_array(out, count);
  for (size_t i = 0; i < count; i++) pack_str(out, texts[i]);
}

static void put_text(struct buffer *out, const char *key, struct adduce_span text) {
  if (text.size == 0) return;
  pack_text(out, key);
  pack_str(out, text);
}

static void put_bytes(struct buffer *out, const char *key, const void *data, size_t size) {
  if (size == 0) return;
  pack_text(out, key);
  pack_bin(out, data, size);
}

static void put_integer(struct buffer *out, const char *key, int64_t integer) {
  pack_text(out, key);
  pack_int(out, integer);
}

static void put_complete(struct buffer *out, const struct bundle_manifest *manifest) {
  if (!manifest->is_complete) return;
  pack_text(out, "complete");
  pack_array(out, 2);
  pack_int(out, (int64_t)manifest->from);
  pack_int(out, (int64_t)manifest->to);
}

static void put_since(struct buffer *out, const struct bundle_manifest *manifest) {
  if (!manifest->has_since) return;
  pack_text(out, "since");
  pack_array(out, 3);
  pack_int(out, (int64_t)manifest->since_size);
  pack_bin(out, manifest->since_root.bytes, 32);
  pack_bin(out, manifest->since_path.hashes,
           manifest->since_path.count * sizeof manifest->since_path.hashes[0]);
}

static size_t pair_count(const struct bundle_manifest *manifest) {
  const bool optional[] = {
      manifest->captures.size != 0,  manifest->is_complete,       manifest->key_count != 0,
      manifest->purpose.size != 0,   manifest->recall_count != 0, manifest->recipient_count != 0,
      manifest->selection.size != 0, manifest->has_since,         manifest->withheld_count != 0,
  };
  size_t count = 9;
  for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) count += optional[i] ? 1 : 0;
  return count;
}

enum adduce_err bundle_manifest_encode(struct adduce_scope *scope, struct adduce_span *bytes,
                                       struct bundle_manifest *manifest) {
  struct buffer out;
  buffer_init(&out, scope);
  pack_map(&out, pair_count(manifest));
  put_bytes(&out, "captures", manifest->captures.data, manifest->captures.size);
  put_text(&out, "checkpoint", manifest->checkpoint);
  put_complete(&out, manifest);
  put_integer(&out, "contents", (int64_t)manifest->contents);
  put_integer(&out, "count", (int64_t)manifest->count);
  put_integer(&out, "created_at", manifest->created_at_us);
  put_bytes(&out, "exporter", manifest->exporter.bytes, 32);
  put_bytes(&out, "genesis", manifest->genesis.bytes, 32);
  put_integer(&out, "handling", manifest->handling);
  put_bytes(&out, "indexes", manifest->indexes.data, manifest->indexes.size);
  put_ids(&out, "keys", manifest->keys, manifest->key_count);
  put_text(&out, "origin", manifest->origin);
  put_text(&out, "purpose", manifest->purpose);
  put_ids(&out, "recalls", manifest->recalls, manifest->recall_count);
  put_texts(&out, "recipients", manifest->recipients, manifest->recipient_count);
  put_text(&out, "selection", manifest->selection);
  put_since(&out, manifest);
  put_texts(&out, "withheld", manifest->withheld, manifest->withheld_count);
  TRY(buffer_take(&out, bytes));
  if (bytes->size > BUNDLE_MANIFEST_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE,
                      "the bundle's manifest would have %zu bytes; export it in parts",
                      bytes->size);
  manifest->digest = hash_bytes(*bytes);
  return ADDUCE_OK;
}

/* --- reading ------------------------------------------------------------------------------ */

static enum adduce_err refuse(struct adduce_scope *scope, const char *key, const char *reason) {
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  return scope_fail(scope, ADDUCE_E_FORM, "manifest, %s: %s", key, reason);
}

/* Keys stand in their one order: each is looked for where it would be. */
static bool take_key(struct cursor *cursor, uint32_t *left, const char *key) {
  struct cursor ahead = *cursor;
  struct adduce_span found;
  if (*left == 0 || !cursor_str(&ahead, &found) || !span_is(found, key)) return false;
  *cursor = ahead;
  --*left;
  return true;
}

static bool take_count(struct cursor *cursor, uint64_t *count) {
  int64_t integer;
  if (!cursor_int(cursor, &integer) || integer < 0) return false;
  *count = (uint64_t)integer;
  return true;
}

static bool take_text(struct cursor *cursor, struct adduce_span *text, size_t limit) {
  return cursor_str(cursor, text) && text->size != 0 && text->size <= limit;
}

static bool take32(struct cursor *cursor, uint8_t *out32) {
  const uint8_t *bytes;
  if (!cursor_bin_of(cursor, 32, &bytes)) return false;
  memcpy(out32, bytes, 32);
  return true;
}

/* A list of `limit` at most that is not empty. */
static bool take_ids(struct adduce_scope *scope, struct cursor *cursor, void *ids, size_t *count,
                     size_t limit) {
  uint32_t listed;
  if (!cursor_array(cursor, &listed) || listed == 0 || listed > limit) return false;
  uint8_t *bytes = scope_array(scope, listed, 32);
  if (bytes == NULL) return false;
  for (size_t i = 0; i < listed; i++)
    if (!take32(cursor, bytes + 32 * i)) return false;
  memcpy(ids, &bytes, sizeof bytes);
  *count = listed;
  return true;
}

static bool take_texts(struct adduce_scope *scope, struct cursor *cursor,
                       const struct adduce_span **texts, size_t *count, size_t limit) {
  uint32_t listed;
  if (!cursor_array(cursor, &listed) || listed == 0 || listed > limit) return false;
  struct adduce_span *taken = scope_array(scope, listed, sizeof *taken);
  if (taken == NULL) return false;
  for (size_t i = 0; i < listed; i++)
    if (!take_text(cursor, &taken[i], BUNDLE_TEXT_BYTES_MAX)) return false;
  *texts = taken;
  *count = listed;
  return true;
}

static bool take_complete(struct cursor *cursor, struct bundle_manifest *manifest) {
  uint32_t count;
  manifest->is_complete = true;
  return cursor_array(cursor, &count) && count == 2 && take_count(cursor, &manifest->from) &&
         take_count(cursor, &manifest->to) && manifest->from < manifest->to;
}

static bool take_since(struct cursor *cursor, struct bundle_manifest *manifest) {
  struct adduce_span path;
  uint32_t count;
  manifest->has_since = true;
  if (!cursor_array(cursor, &count) || count != 3 || !take_count(cursor, &manifest->since_size) ||
      !take32(cursor, manifest->since_root.bytes) || !cursor_bin(cursor, &path) ||
      path.size % 32 != 0 || path.size / 32 > MERKLE_PROOF_MAX)
    return false;
  manifest->since_path.count = path.size / 32;
  if (path.size != 0) memcpy(manifest->since_path.hashes, path.data, path.size);
  return true;
}

static bool take_handling(struct cursor *cursor, enum adduce_handling *handling) {
  int64_t integer;
  if (!cursor_int(cursor, &integer) || integer < ADDUCE_CLEAR || integer > ADDUCE_RED) return false;
  *handling = (enum adduce_handling)integer;
  return true;
}

static bool take_bin(struct cursor *cursor, struct adduce_span *bytes, size_t unit, size_t limit) {
  return cursor_bin(cursor, bytes) && bytes->size != 0 && bytes->size % unit == 0 &&
         bytes->size / unit <= limit;
}

/* Each pair, in the order of keys. What is optional may not be there; what is there is right. */
static enum adduce_err take_pairs(struct adduce_scope *scope, struct bundle_manifest *m,
                                  struct cursor *c) {
  uint32_t left;
  if (!cursor_map(c, &left)) return refuse(scope, "its form", "it is no map");
#define REQUIRED(key, taken)                                                       \
  do {                                                                             \
    if (!take_key(c, &left, key)) return refuse(scope, key, "it is missing here"); \
    if (!(taken)) return refuse(scope, key, "not of its form");                    \
  } while (0)
#define OPTIONAL(key, taken) \
  if (take_key(c, &left, key) && !(taken)) return refuse(scope, key, "not of its form")
  OPTIONAL("captures", take_bin(c, &m->captures, BUNDLE_CAPTURE_BYTES, BUNDLE_CAPTURES_MAX));
  REQUIRED("checkpoint", take_text(c, &m->checkpoint, NOTE_BYTES_MAX));
  OPTIONAL("complete", take_complete(c, m));
  REQUIRED("contents", take_count(c, &m->contents));
  REQUIRED("count", take_count(c, &m->count));
  REQUIRED("created_at", cursor_int(c, &m->created_at_us));
  REQUIRED("exporter", take32(c, m->exporter.bytes));
  REQUIRED("genesis", take32(c, m->genesis.bytes));
  REQUIRED("handling", take_handling(c, &m->handling));
  REQUIRED("indexes", take_bin(c, &m->indexes, INDEXES_RUN_BYTES, INDEXES_RUNS_MAX));
  OPTIONAL("keys", take_ids(scope, c, &m->keys, &m->key_count, BUNDLE_RECIPIENTS_MAX));
  REQUIRED("origin", take_text(c, &m->origin, 255));
  OPTIONAL("purpose", take_text(c, &m->purpose, BUNDLE_TEXT_BYTES_MAX));
  OPTIONAL("recalls", take_ids(scope, c, &m->recalls, &m->recall_count, BUNDLE_RECALLS_MAX));
  OPTIONAL("recipients",
           take_texts(scope, c, &m->recipients, &m->recipient_count, BUNDLE_RECIPIENTS_MAX));
  OPTIONAL("selection", take_text(c, &m->selection, BUNDLE_TEXT_BYTES_MAX));
  OPTIONAL("since", take_since(c, m));
  OPTIONAL("withheld", take_texts(scope, c, &m->withheld, &m->withheld_count, BUNDLE_PATHS_MAX));
#undef REQUIRED
#undef OPTIONAL
  if (left != 0) return refuse(scope, "its keys", "one is not known, or stands twice");
  return ADDUCE_OK;
}

static enum adduce_err check_captures(struct adduce_scope *scope,
                                      const struct bundle_manifest *manifest) {
  for (size_t i = 0; i < bundle_capture_count(manifest); i++) {
    struct bundle_capture capture = bundle_capture_at(manifest, i);
    if (capture.size_bytes > BUNDLE_CAPTURE_SIZE_MAX)
      return refuse(scope, "captures", "one is larger than 1 GiB");
    if (i != 0 && memcmp(manifest->captures.data + (i - 1) * BUNDLE_CAPTURE_BYTES,
                         capture.digest.bytes, 32) >= 0)
      return refuse(scope, "captures", "their digests do not ascend");
  }
  return ADDUCE_OK;
}

static enum adduce_err check_since(struct adduce_scope *scope,
                                   const struct bundle_manifest *manifest) {
  if (!manifest->has_since ||
      merkle_verify_consistency(manifest->since_size, manifest->tree.size, &manifest->since_path,
                                &manifest->since_root, &manifest->tree.root))
    return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_PROOF,
                    "manifest, since: the checkpoint of %llu entries is not shown to extend the "
                    "one of %llu",
                    (unsigned long long)manifest->tree.size,
                    (unsigned long long)manifest->since_size);
}

static enum adduce_err check_whole(struct adduce_scope *scope,
                                   const struct bundle_manifest *manifest) {
  uint64_t count;
  if (!span_equal(manifest->origin, manifest->tree.origin))
    return refuse(scope, "origin", "the checkpoint is of another log");
  TRY(indexes_check(scope, &count, manifest->indexes, manifest->tree.size));
  if (count != manifest->count) return refuse(scope, "count", "it is not that of the indexes");
  if (manifest->contents > count) return refuse(scope, "contents", "more than there are entries");
  if (!indexes_have(manifest->indexes, 0))
    return refuse(scope, "indexes", "entry 0, the ledger's beginning, is not selected");
  if (manifest->is_complete && (manifest->to > manifest->tree.size ||
                                !indexes_cover(manifest->indexes, manifest->from, manifest->to)))
    return refuse(scope, "complete", "not all of the range is selected");
  TRY(check_captures(scope, manifest));
  return check_since(scope, manifest);
}

enum adduce_err bundle_manifest_read(struct adduce_scope *scope, struct bundle_manifest *manifest,
                                     struct adduce_span bytes) {
  struct bundle_manifest read = {.count = 0};
  struct note note;
  memset(manifest, 0, sizeof *manifest);
  TRY(canonical_require(scope, bytes, "manifest"));
  struct cursor cursor = cursor_of(bytes);
  TRY(take_pairs(scope, &read, &cursor));
  TRY(checkpoint_parse(scope, &read.tree, &note, read.checkpoint));
  TRY(check_whole(scope, &read));
  read.digest = hash_bytes(bytes);
  *manifest = read;
  return ADDUCE_OK;
}

/* --- parts -------------------------------------------------------------------------------- */

size_t bundle_capture_count(const struct bundle_manifest *manifest) {
  return manifest->captures.size / BUNDLE_CAPTURE_BYTES;
}

struct bundle_capture bundle_capture_at(const struct bundle_manifest *manifest, size_t at) {
  const uint8_t *bytes = manifest->captures.data + at * BUNDLE_CAPTURE_BYTES;
  struct bundle_capture capture = {.size_bytes = bigendian_get64(bytes + 32)};
  memcpy(capture.digest.bytes, bytes, 32);
  return capture;
}

struct bundle_message bundle_message(const struct adduce_hash *digest) {
  struct bundle_message message;
  memcpy(message.bytes, BUNDLE_SIGNED_PREFIX, sizeof BUNDLE_SIGNED_PREFIX - 1);
  memcpy(message.bytes + sizeof BUNDLE_SIGNED_PREFIX - 1, digest->bytes, 32);
  return message;
}
