/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle, or the skeleton of one, in a file. */
#ifndef LEDGER_BUNDLEFILE_H
#define LEDGER_BUNDLEFILE_H

#include "exchange/bundlereader.h"
#include "sys/reader.h"

struct bundlefile {
  struct reader file;
  uint64_t at, size;
  struct bundlereader *reader;            /* of bundlefile_open */
  const struct bundle_manifest *manifest; /* the same */
};

/* Opens the file as a stream of bytes. Errors: those of reader_open. */
MUST_USE enum adduce_err bundlefile_source(struct adduce_scope *scope, struct bundlefile *file,
                                           struct adduce_source *source, const char *path);

/* Opens it and reads its manifest, of which nothing is verified. Errors: those of
 * bundlereader_open. Close it in any case. */
MUST_USE enum adduce_err bundlefile_open(struct adduce_scope *scope, struct bundlefile *file,
                                         const char *path);
void bundlefile_close(struct bundlefile *file);

#endif
