/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a bundle to a stream, a step at a time, in bounded memory. The manifest comes first, so
 * everything that it counts is known before. The writer knows what follows; the caller brings it:
 *
 *   while (bundlewriter_step(writer, &step)) step.is_leaf ? bundlewriter_entry : bundlewriter_hash
 *   bundlewriter_chunk for all of the documents, in their order
 *   bundlewriter_finish
 *
 * What was written is checked as a reader would: nobody gets a proof that does not verify. */
#ifndef EXCHANGE_BUNDLEWRITER_H
#define EXCHANGE_BUNDLEWRITER_H

#include "exchange/bundle.h"
#include "tree/multiproof.h"

struct bundlewriter;

/* Writes the first line and the manifest. It and the sink are copied; what the manifest points to
 * lives until the end. Errors: those of bundle_manifest_encode and bundle_manifest_read (a manifest
 * that a reader would refuse is not written), of the sink, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err bundlewriter_open(struct adduce_scope *scope, struct bundlewriter **writer,
                                           const struct adduce_sink *sink,
                                           const struct bundle_manifest *manifest);
void bundlewriter_close(struct bundlewriter **writer);

/* The encoded manifest, and its digest; lives as long as the writer. */
struct adduce_span bundlewriter_manifest(const struct bundlewriter *writer,
                                         struct adduce_hash *digest);

/* What is to be written next; false when the tree is done. */
MUST_USE bool bundlewriter_step(struct bundlewriter *writer, struct multiproof_step *step);

/* The root of the step's subtree, or the entry at it, with its content (empty: none is sent).
 * Errors: those of the sink. */
MUST_USE enum adduce_err bundlewriter_hash(struct adduce_scope *scope, struct bundlewriter *writer,
                                           const struct adduce_hash *root);
MUST_USE enum adduce_err bundlewriter_entry(struct adduce_scope *scope, struct bundlewriter *writer,
                                            struct adduce_span entry, struct adduce_span content);

/* BUNDLE_CHUNK_BYTES of a document, or what is left of it. Errors: those of the sink. */
MUST_USE enum adduce_err bundlewriter_chunk(struct adduce_scope *scope, struct bundlewriter *writer,
                                            struct adduce_span bytes);

/* Signs, and hands everything to the sink. Errors: ADDUCE_E_CORRUPT (what was brought does not make
 * the tree, or is not what the manifest counts), those of signer_sign and of the sink. */
MUST_USE enum adduce_err bundlewriter_finish(struct adduce_scope *scope,
                                             struct bundlewriter *writer,
                                             const struct signer *exporter);

#endif
