/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a bundle or the skeleton of one, a step at a time: from a stream, in bounded memory (less
 * than 32 MiB, whatever the bytes say).
 *
 *   open -> the manifest
 *   next -> ENTRY ... ENTRY, (CAPTURE, CHUNK ...) ..., END
 *
 * Nothing is believed before END: only then the tree's root, every digest, the exporter's signature
 * and the end of the stream have been seen. Until then whoever reads must do nothing that lasts.
 * Of each content and each captured document the digest has been compared when its last bytes are
 * given out. What the reader does not look at: the checkpoint's signatures, and forms and
 * signatures of events (exchange/bundlewalk.h), and who was authorized. */
#ifndef EXCHANGE_BUNDLEREADER_H
#define EXCHANGE_BUNDLEREADER_H

#include "exchange/bundle.h"

struct bundlereader;

enum bundlereader_type {
  BUNDLEREADER_ENTRY,
  BUNDLEREADER_CAPTURE, /* a captured document begins; its chunks follow */
  BUNDLEREADER_CHUNK,
  BUNDLEREADER_END,
};

/* Spans live until the next call of bundlereader_next. */
struct bundlereader_item {
  enum bundlereader_type type;
  uint64_t index;             /* ENTRY */
  struct adduce_span entry;   /* ENTRY: as hashed into the tree */
  struct adduce_span content; /* ENTRY: empty where none is sent, and in a skeleton */
  bool has_content;           /* ENTRY: one was sent; then its digest: */
  struct adduce_hash content_digest;
  struct bundle_capture capture; /* CAPTURE */
  struct adduce_span chunk;      /* CHUNK */
};

/* Reads the first line and the manifest. With `skeleton` (may be NULL), everything that is read is
 * also written there as the skeleton of the bundle, which is whole at END. `source` and `skeleton`
 * are copied. Errors: ADDUCE_E_FORM (neither a bundle nor a skeleton, or it ends),
 * ADDUCE_E_VERSION, those of bundle_manifest_read, with the byte; those of the source and the sink;
 * ADDUCE_E_MEMORY. `*reader` is NULL then. */
MUST_USE enum adduce_err bundlereader_open(struct adduce_scope *scope, struct bundlereader **reader,
                                           const struct adduce_source *source,
                                           const struct adduce_sink *skeleton);
void bundlereader_close(struct bundlereader **reader);

/* Lives as long as the reader. */
const struct bundle_manifest *bundlereader_manifest(const struct bundlereader *reader);
bool bundlereader_is_skeleton(const struct bundlereader *reader);

/* The next item. Errors, with record, byte and index; the reader is spent then:
 *   ADDUCE_E_FORM (a record of another type or length than stands here, the end before END, bytes
 *   after it), ADDUCE_E_NOT_CANONICAL, ADDUCE_E_COMMITMENT (a content or document is not the one
 *   that its digest names), ADDUCE_E_PROOF (the records do not make the checkpoint's tree),
 *   ADDUCE_E_OTHER_LEDGER (entry 0 is not the genesis named), ADDUCE_E_KEY, ADDUCE_E_SIGNATURE (the
 *   exporter's), those of the source and of the sink, ADDUCE_E_MEMORY; ADDUCE_E_USAGE (spent). */
MUST_USE enum adduce_err bundlereader_next(struct adduce_scope *scope, struct bundlereader *reader,
                                           struct bundlereader_item *item);

/* Reads a bundle to its end and writes its skeleton. Errors: as above. */
MUST_USE enum adduce_err bundlereader_strip(struct adduce_scope *scope,
                                            const struct adduce_source *source,
                                            const struct adduce_sink *skeleton);

#endif
