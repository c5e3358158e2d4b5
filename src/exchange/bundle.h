/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: a selection of a log's entries with one proof for all of them, in one file
 * (docs/FORMAT.md 9). The file is a line that names the form, then records in one order:
 *
 *   u8 type || u32be length || payload
 *
 *   manifest   what this is: whose log, which checkpoint, which indexes, for whom
 *   then, from the left of the checkpoint's tree to the right (tree/multiproof.h):
 *     hash     the root of a largest subtree in which nothing is selected
 *     entry    canonical [entry bin, H(content as it follows), or an empty bin]
 *     content  after an entry that has one
 *   chunk      captured documents in the order of the manifest, 64 KiB each but the last
 *   signature  the exporter's, over all records but contents and chunks
 *
 * Contents and chunks are bound by their digests. So the same file without them, its skeleton,
 * still verifies: it proves for ever what was given, and holds nothing that would have to be
 * erased. It begins with another line.
 *
 * Every control entry of the log below the checkpoint is selected, with its whole content, so that
 * whoever reads the bundle can replay who might do what, and when. */
#ifndef EXCHANGE_BUNDLE_H
#define EXCHANGE_BUNDLE_H

#include "adduce/bundle.h"
#include "claim/parsed.h"
#include "crypto/signer.h"
#include "exchange/indexes.h"
#include "tree/checkpoint.h"

#define BUNDLE_LINE "adduce/bundle/v1\n"
#define BUNDLE_SKELETON_LINE "adduce/skeleton/v1\n"
#define BUNDLE_SIGNED_PREFIX "adduce/bundle-signature/v1\n"

enum bundle_record {
  BUNDLE_MANIFEST = 1,
  BUNDLE_HASH = 2,
  BUNDLE_ENTRY = 3,
  BUNDLE_CONTENT = 4,
  BUNDLE_CHUNK = 5,
  BUNDLE_SIGNATURE = 6,
};

#define BUNDLE_HEAD_BYTES 5
#define BUNDLE_CHUNK_BYTES ((size_t)64 << 10)
#define BUNDLE_MANIFEST_BYTES_MAX ((size_t)16 << 20)
#define BUNDLE_ENTRY_BYTES_MAX ((size_t)65535 + 1 + 3 + 34)
#define BUNDLE_CONTENT_BYTES_MAX PARSED_PARTIAL_BYTES
#define BUNDLE_RECIPIENTS_MAX 64
#define BUNDLE_TEXT_BYTES_MAX 4096
#define BUNDLE_PATHS_MAX 4096
#define BUNDLE_RECALLS_MAX 4096
#define BUNDLE_CAPTURES_MAX 65536
#define BUNDLE_CAPTURE_BYTES 40 /* digest 32, u64be size */
#define BUNDLE_CAPTURE_SIZE_MAX ((uint64_t)1 << 30)

/* What a bundle says of itself, under its exporter's signature. */
struct bundle_manifest {
  struct adduce_span captures;   /* BUNDLE_CAPTURE_BYTES each; see bundle_capture */
  struct adduce_span checkpoint; /* a signed note, with the cosignatures there are */
  bool is_complete;              /* every entry of [from, to) is selected, by intention */
  uint64_t from, to;
  uint64_t contents; /* how many entries come with a content */
  uint64_t count;    /* of selected entries */
  int64_t created_at_us;
  struct adduce_key exporter;
  struct adduce_id genesis;
  enum adduce_handling handling; /* contents of events above it are not in the bundle */
  struct adduce_span indexes;    /* exchange/indexes.h */
  const struct adduce_key *keys; /* to which it was sealed; not proof that it was */
  size_t key_count;
  struct adduce_span origin;
  struct adduce_span purpose; /* empty if it is not said */
  const struct adduce_id
      *recalls; /* of events whose recipients this is to reach: a recall notice */
  size_t recall_count;
  const struct adduce_span *recipients;
  size_t recipient_count;
  struct adduce_span selection; /* in words */
  bool has_since;               /* extends this checkpoint, which the recipient has */
  uint64_t since_size;
  struct adduce_hash since_root;
  struct merkle_proof since_path;
  const struct adduce_span *withheld; /* "field", "field.INDEX", or one after "ID:" */
  size_t withheld_count;

  struct checkpoint tree;    /* set by bundle_manifest_read: what `checkpoint` says, unverified */
  struct adduce_hash digest; /* set by both: SHA-256 of the encoded manifest */
};

/* Errors: ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. `manifest->digest` is set. */
MUST_USE enum adduce_err bundle_manifest_encode(struct adduce_scope *scope,
                                                struct adduce_span *bytes,
                                                struct bundle_manifest *manifest);

/* Reads one and checks all that can be said of it by itself: that indexes, counts and ranges fit
 * the checkpoint's size, and that this extends `since`; of signatures nothing. Spans borrow from
 * `bytes` or live in the scope. Errors: ADDUCE_E_NOT_CANONICAL, ADDUCE_E_TEXT, ADDUCE_E_FORM,
 * ADDUCE_E_TOO_LARGE, ADDUCE_E_NOTE (the checkpoint), ADDUCE_E_PROOF (since), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err bundle_manifest_read(struct adduce_scope *scope,
                                              struct bundle_manifest *manifest,
                                              struct adduce_span bytes);

struct bundle_capture {
  struct adduce_hash digest;
  uint64_t size_bytes;
};
size_t bundle_capture_count(const struct bundle_manifest *manifest);
struct bundle_capture bundle_capture_at(const struct bundle_manifest *manifest, size_t at);

/* What is signed, of the digest over the records. */
struct bundle_message {
  uint8_t bytes[sizeof BUNDLE_SIGNED_PREFIX - 1 + 32];
};
struct bundle_message bundle_message(const struct adduce_hash *digest);

#endif
