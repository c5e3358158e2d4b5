/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle, or the skeleton of one, in a file. */
#ifndef LEDGER_BUNDLEFILE_H
#define LEDGER_BUNDLEFILE_H

#include "crypto/sealed.h"
#include "exchange/unwrap.h"
#include "ledger/ledger.h"
#include "sys/reader.h"

struct bundlefile {
  struct reader file;
  uint64_t at, size;
  struct bundlereader *reader;            /* of bundlefile_open */
  struct unwrap *unwrap;                  /* of bundlefile_look */
  const struct bundle_manifest *manifest; /* of both */
  struct sealed_reader *sealed;           /* of bundlefile_unsealed; NULL: it is not sealed */
};

/* Where the skeleton of a bundle that was imported is kept, and the manifest of one that was given;
 * by the digest of the manifest. */
const char *bundlefile_skeleton_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                     const struct adduce_hash *manifest);
const char *bundlefile_manifest_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                     const struct adduce_hash *manifest);

/* Opens the file as a stream of bytes. Errors: those of reader_open. */
MUST_USE enum adduce_err bundlefile_source(struct adduce_scope *scope, struct bundlefile *file,
                                           struct adduce_source *source, const char *path);

/* Opens it and reads its manifest, of which nothing is verified. Errors: those of
 * bundlereader_open. Close it in any case. */
MUST_USE enum adduce_err bundlefile_open(struct adduce_scope *scope, struct bundlefile *file,
                                         const char *path);

/* As bundlefile_source, of what is inside when the bundle is sealed. Errors: those of
 * sealed_reader_open too. Close it in any case. */
MUST_USE enum adduce_err bundlefile_unsealed(struct adduce_scope *scope, struct bundlefile *file,
                                             struct adduce_source *source, const char *path,
                                             const struct signer *signer);

/* Reads the manifest of a stranger's, of which nothing is verified, where it can do no harm.
 * Errors: as above, those of unwrap_open. Close it in any case. */
MUST_USE enum adduce_err bundlefile_look(struct adduce_scope *scope, struct bundlefile *file,
                                         const char *path, const struct signer *signer);

/* The next entry's event, and its index there. At the end, when all the file proves is verified,
 * `*event` is empty. Errors: those of bundlereader_next. */
MUST_USE enum adduce_err bundlefile_next_event(struct adduce_scope *scope, struct bundlefile *file,
                                               struct adduce_span *event, uint64_t *index);

void bundlefile_close(struct bundlefile *file);

#endif
