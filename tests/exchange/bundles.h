/* SPDX-License-Identifier: Apache-2.0 */
/* Small ledgers in memory and bundles of them, for the tests of bundles. */
#ifndef TESTS_EXCHANGE_BUNDLES_H
#define TESTS_EXCHANGE_BUNDLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "codec/pack.h"
#include "event/event.h"
#include "exchange/bundlereader.h"
#include "exchange/bundlewriter.h"

#define BUNDLES_ENTRIES 300
#define BUNDLES_ORIGIN "monitor.example"

/* A ledger: what its log holds at each index. Entries 0 and 1 are control entries. */
struct little {
  size_t count;
  struct adduce_span entries[BUNDLES_ENTRIES], contents[BUNDLES_ENTRIES];
  struct adduce_id ids[BUNDLES_ENTRIES];
  struct adduce_hash leaves[BUNDLES_ENTRIES];
};

static struct adduce_scope *scope;
static struct vocabulary *vocabulary;
static struct signer *author, *log_key;

static inline int open_bundles(void **state) {
  (void)state;
  static const uint8_t author_seed[32] = {1}, log_seed[32] = {2};
  return adduce_scope_open(&scope, 0) == ADDUCE_OK && sign_start(scope) == ADDUCE_OK &&
                 vocabulary_open(scope, &vocabulary) == ADDUCE_OK &&
                 signer_from_seed(scope, &author, author_seed) == ADDUCE_OK &&
                 signer_from_seed(scope, &log_key, log_seed) == ADDUCE_OK
             ? 0
             : -1;
}

static inline int close_bundles(void **state) {
  (void)state;
  signer_close(&author);
  signer_close(&log_key);
  adduce_scope_close(&scope);
  return 0;
}

static inline void little_add(struct little *log, const char *kind, const char *json,
                              const struct parsed_ref *refs, size_t ref_count) {
  const struct adduce_value *content;
  struct event event;
  struct buffer entry;
  assert_true(log->count < BUNDLES_ENTRIES);
  assert_int_equal(adduce_value_from_json(scope, &content, json, strlen(json)), ADDUCE_OK);
  const struct event_draft draft = {.kind = span_text(kind),
                                    .claimed_at_us = 1765620000000000,
                                    .refs = refs,
                                    .ref_count = ref_count,
                                    .content = content};
  if (event_sign(scope, &event, &draft, vocabulary, author) != ADDUCE_OK)
    fail_msg("%s", adduce_scope_detail(scope));
  buffer_init(&entry, scope);
  pack_array(&entry, 2);
  pack_int(&entry, 1765620000000000 + (int64_t)log->count);
  pack_bin(&entry, event.claim.parsed.event.data, event.claim.parsed.event.size);
  assert_int_equal(buffer_take(&entry, &log->entries[log->count]), ADDUCE_OK);
  log->contents[log->count] = event.claim.parsed.content;
  log->ids[log->count] = event.id;
  log->leaves[log->count] = merkle_leaf(log->entries[log->count]);
  log->count++;
}

static inline struct little *little_make(size_t count) {
  struct little *log = scope_new(scope, struct little);
  const char *vkey;
  assert_non_null(log);
  assert_int_equal(note_vkey_encode(scope, &vkey, span_text(BUNDLES_ORIGIN), signer_key(log_key)),
                   ADDUCE_OK);
  little_add(log, "ledger.created",
             scope_format(scope, "{\"origin\":\"%s\",\"vkey\":\"%s\"}", BUNDLES_ORIGIN, vkey), NULL,
             0);
  const struct parsed_ref ledger = {span_text("ledger"), log->ids[0].bytes};
  if (count > 1)
    little_add(log, "policy.set", "{\"unknown_authors\":\"refuse\",\"text\":\"nobody else\"}",
               &ledger, 1);
  while (log->count < count)
    little_add(
        log, "entity.described",
        scope_format(scope, "{\"subject\":\"" BUNDLES_ORIGIN "/x/%zu\",\"name\":[\"a\",\"b\"]}",
                     log->count),
        NULL, 0);
  return log;
}

/* RFC 6962, as it is written. */
static inline struct adduce_hash little_root(const struct little *log, uint64_t first,
                                             uint64_t end) {
  if (end == first) return merkle_empty();
  if (end - first == 1) return log->leaves[first];
  uint64_t half = 1;
  while (2 * half < end - first) half *= 2;
  struct adduce_hash left = little_root(log, first, first + half);
  struct adduce_hash right = little_root(log, first + half, end);
  return merkle_node(&left, &right);
}

static inline struct adduce_span little_checkpoint(const struct little *log, uint64_t size) {
  const struct checkpoint checkpoint = {span_text(BUNDLES_ORIGIN), size, little_root(log, 0, size)};
  const struct signer *signers[] = {log_key};
  struct adduce_span note;
  assert_int_equal(checkpoint_sign(scope, &note, &checkpoint, signers, 1), ADDUCE_OK);
  return note;
}

static inline struct adduce_span indexes_make(const bool *selected, size_t count) {
  struct buffer out;
  struct adduce_span bytes;
  buffer_init(&out, scope);
  struct indexes_writer writer = indexes_writer_of(&out);
  for (size_t i = 0; i < count; i++)
    if (selected[i]) assert_int_equal(indexes_put(scope, &writer, i), ADDUCE_OK);
  assert_int_equal(indexes_finish(scope, &writer), ADDUCE_OK);
  assert_int_equal(buffer_take(&out, &bytes), ADDUCE_OK);
  return bytes;
}

/* The manifest of these entries, with all their contents. */
static inline struct bundle_manifest little_manifest(const struct little *log,
                                                     const bool *selected) {
  struct bundle_manifest manifest = {
      .checkpoint = little_checkpoint(log, log->count),
      .created_at_us = 1765620001000000,
      .exporter = *signer_key(author),
      .genesis = log->ids[0],
      .handling = ADDUCE_AMBER,
      .indexes = indexes_make(selected, log->count),
      .origin = span_text(BUNDLES_ORIGIN),
      .selection = span_text("some of it"),
  };
  for (size_t i = 0; i < log->count; i++) {
    manifest.count += selected[i];
    manifest.contents += selected[i] && log->contents[i].size != 0;
  }
  return manifest;
}

static inline enum adduce_err put_bytes(void *context, struct adduce_scope *unused,
                                        struct adduce_span bytes) {
  (void)unused;
  buffer_span(context, bytes);
  return ADDUCE_OK;
}

/* The bundle, with these captured documents in the order of the manifest. */
static inline struct adduce_span little_bundle(const struct little *log,
                                               const struct bundle_manifest *manifest,
                                               const struct adduce_span *captures) {
  struct bundlewriter *writer;
  struct multiproof_step step;
  struct adduce_span bytes;
  struct buffer out;
  buffer_init(&out, scope);
  const struct adduce_sink sink = {put_bytes, &out};
  if (bundlewriter_open(scope, &writer, &sink, manifest) != ADDUCE_OK)
    fail_msg("%s", adduce_scope_detail(scope));
  while (bundlewriter_step(writer, &step)) {
    struct adduce_hash root = little_root(log, step.first, step.end);
    enum adduce_err err = step.is_leaf ? bundlewriter_entry(scope, writer, log->entries[step.first],
                                                            log->contents[step.first])
                                       : bundlewriter_hash(scope, writer, &root);
    assert_int_equal(err, ADDUCE_OK);
  }
  for (size_t i = 0; i < bundle_capture_count(manifest); i++)
    for (size_t at = 0; at < captures[i].size; at += BUNDLE_CHUNK_BYTES) {
      size_t left = captures[i].size - at;
      size_t size = left < BUNDLE_CHUNK_BYTES ? left : BUNDLE_CHUNK_BYTES;
      assert_int_equal(bundlewriter_chunk(scope, writer, span_of(captures[i].data + at, size)),
                       ADDUCE_OK);
    }
  assert_int_equal(bundlewriter_finish(scope, writer, author), ADDUCE_OK);
  bundlewriter_close(&writer);
  assert_int_equal(buffer_take(&out, &bytes), ADDUCE_OK);
  return bytes;
}

/* Bytes in memory as a stream, `step` at a time. */
struct stream_bytes {
  struct adduce_span rest;
  size_t step;
};

static inline enum adduce_err read_bytes(void *context, struct adduce_scope *unused, uint8_t *out,
                                         size_t *got, size_t capacity) {
  struct stream_bytes *bytes = context;
  size_t size = bytes->rest.size < capacity ? bytes->rest.size : capacity;
  (void)unused;
  if (bytes->step != 0 && size > bytes->step) size = bytes->step;
  if (size != 0) memcpy(out, bytes->rest.data, size);
  bytes->rest = span_of(bytes->rest.data + size, bytes->rest.size - size);
  *got = size;
  return ADDUCE_OK;
}

/* Reads to the end; `seen` (may be NULL) has each item. The error, ADDUCE_OK at END. */
typedef void seen_fn(void *context, const struct bundlereader_item *item);
static inline enum adduce_err read_all(struct adduce_span bytes, size_t step, seen_fn *seen,
                                       void *context) {
  struct stream_bytes stream = {bytes, step};
  const struct adduce_source source = {read_bytes, &stream};
  struct bundlereader *reader;
  struct bundlereader_item item = {.type = BUNDLEREADER_ENTRY};
  enum adduce_err err = bundlereader_open(scope, &reader, &source, NULL);
  while (err == ADDUCE_OK) {
    err = bundlereader_next(scope, reader, &item);
    if (err == ADDUCE_OK && seen != NULL) seen(context, &item);
    if (item.type == BUNDLEREADER_END) break;
  }
  bundlereader_close(&reader);
  return err;
}

#endif
