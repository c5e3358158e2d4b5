/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/bundlefile.h"

static enum adduce_err read_some(void *context, struct adduce_scope *scope, uint8_t *out,
                                 size_t *got, size_t capacity) {
  struct bundlefile *file = context;
  uint64_t left = file->size - file->at;
  *got = left < capacity ? (size_t)left : capacity;
  TRY(reader_read(scope, &file->file, out, *got, file->at));
  file->at += *got;
  return ADDUCE_OK;
}

enum adduce_err bundlefile_source(struct adduce_scope *scope, struct bundlefile *file,
                                  struct adduce_source *source, const char *path) {
  *file = (struct bundlefile){.file = {.fd = -1}};
  *source = (struct adduce_source){read_some, file};
  TRY(reader_open(scope, &file->file, path));
  return reader_size(scope, &file->file, &file->size);
}

enum adduce_err bundlefile_open(struct adduce_scope *scope, struct bundlefile *file,
                                const char *path) {
  struct adduce_source source;
  TRY(bundlefile_source(scope, file, &source, path));
  TRY(bundlereader_open(scope, &file->reader, &source, NULL));
  file->manifest = bundlereader_manifest(file->reader);
  return ADDUCE_OK;
}

void bundlefile_close(struct bundlefile *file) {
  bundlereader_close(&file->reader);
  reader_close(&file->file);
}
