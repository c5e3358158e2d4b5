/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/bundlefile.h"

#include "base/hex.h"
#include "log/plan.h"

#define BEGIN_BYTES 32 /* enough to see whether it is sealed */

/* --- where they are kept --------------------------------------------------------------------*/

static const char *kept_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                             const struct adduce_hash *manifest, const char *what) {
  struct hex64 hex = hex_text32(manifest->bytes);
  return scope_format(scope, "%s/bundles/%.2s/%s.%s", ledger->folder, hex.text, hex.text, what);
}

const char *bundlefile_skeleton_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                     const struct adduce_hash *manifest) {
  return kept_path(scope, ledger, manifest, "skeleton");
}

const char *bundlefile_manifest_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                                     const struct adduce_hash *manifest) {
  return kept_path(scope, ledger, manifest, "manifest");
}

/* --- reading one ----------------------------------------------------------------------------*/

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

enum adduce_err bundlefile_unsealed(struct adduce_scope *scope, struct bundlefile *file,
                                    struct adduce_source *source, const char *path,
                                    const struct signer *signer) {
  uint8_t begin[BEGIN_BYTES];
  TRY(bundlefile_source(scope, file, source, path));
  size_t size = file->size < sizeof begin ? (size_t)file->size : sizeof begin;
  TRY(reader_read(scope, &file->file, begin, size, 0));
  if (!sealed_is(span_of(begin, size))) return ADDUCE_OK;
  TRY(sealed_reader_open(scope, &file->sealed, source, signer));
  *source = sealed_reader_source(file->sealed);
  return ADDUCE_OK;
}

enum adduce_err bundlefile_look(struct adduce_scope *scope, struct bundlefile *file,
                                const char *path, const struct signer *signer) {
  struct adduce_source source;
  TRY(bundlefile_unsealed(scope, file, &source, path, signer));
  TRY(unwrap_open(scope, &file->unwrap, &source, NULL));
  file->manifest = unwrap_manifest(file->unwrap);
  return ADDUCE_OK;
}

enum adduce_err bundlefile_next_event(struct adduce_scope *scope, struct bundlefile *file,
                                      struct adduce_span *event, uint64_t *index) {
  struct bundlereader_item item;
  int64_t recorded_at_us;
  *event = span_of(NULL, 0);
  do {
    TRY(bundlereader_next(scope, file->reader, &item));
    if (item.type == BUNDLEREADER_END) return ADDUCE_OK;
  } while (item.type != BUNDLEREADER_ENTRY);
  *index = item.index;
  return plan_entry_parse(scope, &recorded_at_us, event, item.entry);
}

void bundlefile_close(struct bundlefile *file) {
  bundlereader_close(&file->reader);
  unwrap_close(&file->unwrap);
  sealed_reader_close(&file->sealed);
  reader_close(&file->file);
}
