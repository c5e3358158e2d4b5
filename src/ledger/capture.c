/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "ledger/capture.h"

#include "base/hex.h"
#include "crypto/hash.h"
#include "sys/file.h"
#include "sys/reader.h"

#define CAPTURE_BYTES_MAX ((size_t)1 << 30)
#define SEARCH_BYTES ((size_t)1 << 20)

const char *capture_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                         const struct adduce_hash *digest) {
  struct hex64 hex = hex_text32(digest->bytes);
  return scope_format(scope, "%s/captures/%.2s/%s", ledger->folder, hex.text, hex.text);
}

bool capture_named(struct adduce_scope *scope, struct adduce_hash *digest,
                   const struct parsed *source) {
  const uint8_t *digest32;
  struct cursor cursor = cursor_of(parsed_value(scope, source, "digest"));
  bool is_source = span_is(source->kind, "source.cited") ||
                   span_is(source->kind, "source.revised") ||
                   span_is(source->kind, "capture.taken");
  if (!is_source || !cursor_bin_of(&cursor, 32, &digest32)) return false;
  memcpy(digest->bytes, digest32, 32);
  return true;
}

enum adduce_err adduce_capture_digest(struct adduce_scope *scope, struct adduce_hash *digest,
                                      uint64_t *size_bytes, const char *path) {
  struct adduce_span bytes;
  TRY(file_read(scope, &bytes, path, CAPTURE_BYTES_MAX));
  *digest = hash_bytes(bytes);
  *size_bytes = bytes.size;
  return ADDUCE_OK;
}

enum adduce_err adduce_capture_keep(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct adduce_hash *digest, uint64_t *size_bytes,
                                    const char *path, struct adduce_span bytes) {
  if (path != NULL) TRY(file_read(scope, &bytes, path, CAPTURE_BYTES_MAX));
  if (bytes.size > CAPTURE_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "a capture may have 1 GiB; this one has %zu bytes",
                      bytes.size);
  *digest = hash_bytes(bytes);
  *size_bytes = bytes.size;
  const char *kept = capture_path(scope, ledger, digest);
  if (file_type(kept) == FILE_REGULAR && file_size(kept) == bytes.size) return ADDUCE_OK;
  if (ledger->read_only)
    return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
  TRY(file_make_parent(scope, kept));
  /* First as a new file, of which a crash leaves nothing; one that is there and of another size is
   * damaged, and replaced. */
  enum adduce_err err = file_write(scope, kept, bytes, 0444, true);
  return err == ADDUCE_E_EXISTS ? file_write(scope, kept, bytes, 0444, false) : err;
}

const char *adduce_capture_path(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                const struct adduce_hash *digest) {
  const char *path = capture_path(scope, ledger, digest);
  return file_type(path) == FILE_REGULAR ? path : NULL;
}

/* Visits each capture: its path and the name it has. */
typedef enum adduce_err visit_fn(void *context, struct adduce_scope *scope, const char *path,
                                 const char *name);

static enum adduce_err each_capture(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    visit_fn *visit, void *context) {
  const char *root = ledger_path(scope, ledger->folder, "captures");
  const char **shelves, **names;
  size_t shelf_count, name_count;
  enum file_type type;
  TRY(file_look(scope, &type, root));
  if (type == FILE_NONE) return ADDUCE_OK;
  TRY(file_list(scope, &shelves, &shelf_count, root));
  for (size_t i = 0; i < shelf_count; i++) {
    const char *shelf = ledger_path(scope, root, shelves[i]);
    TRY(file_list(scope, &names, &name_count, shelf));
    for (size_t j = 0; j < name_count; j++) {
      if (names[j][0] == '.') continue; /* what a crash left of a write */
      TRY(visit(context, scope, ledger_path(scope, shelf, names[j]), names[j]));
    }
  }
  return ADDUCE_OK;
}

static enum adduce_err check_one(void *context, struct adduce_scope *scope, const char *path,
                                 const char *name) {
  struct adduce_span bytes;
  uint64_t *count = context;
  struct scope_mark mark = scope_mark(scope);
  TRY(file_read(scope, &bytes, path, CAPTURE_BYTES_MAX));
  struct adduce_hash digest = hash_bytes(bytes);
  bool matches = strcmp(hex_text32(digest.bytes).text, name) == 0;
  scope_rewind(scope, mark);
  if (!matches)
    return scope_fail(scope, ADDUCE_E_FAILED, "capture %s: its bytes have another digest", name);
  ++*count;
  return ADDUCE_OK;
}

enum adduce_err capture_check_all(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  uint64_t *count) {
  *count = 0;
  return each_capture(scope, ledger, check_one, count);
}

static enum adduce_err count_one(void *context, struct adduce_scope *scope, const char *path,
                                 const char *name) {
  uint64_t *count = context;
  (void)scope, (void)path, (void)name;
  ++*count;
  return ADDUCE_OK;
}

enum adduce_err capture_count(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              uint64_t *count) {
  *count = 0;
  return each_capture(scope, ledger, count_one, count);
}

/* --- for erasures ---------------------------------------------------------------------------*/

struct walk {
  capture_visit_fn *visit;
  void *context;
};

static enum adduce_err visit_named(void *context, struct adduce_scope *scope, const char *path,
                                   const char *name) {
  const struct walk *walk = context;
  struct adduce_hash digest;
  if (!hex_decode(span_text(name), digest.bytes, 32)) return ADDUCE_OK;
  return walk->visit(walk->context, scope, &digest, path);
}

enum adduce_err capture_each(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             capture_visit_fn *visit, void *context) {
  struct walk walk = {visit, context};
  return each_capture(scope, ledger, visit_named, &walk);
}

static bool is_among(struct adduce_span bytes, const struct adduce_span *texts, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (memmem(bytes.data, bytes.size, texts[i].data, texts[i].size) != NULL) return true;
  return false;
}

/* Piece by piece, each with the end of the one before it, in which a text may begin. */
static enum adduce_err search(struct adduce_scope *scope, bool *holds, const struct reader *reader,
                              const struct adduce_span *texts, size_t count) {
  size_t overlap = 0, kept = 0;
  uint64_t size;
  TRY(reader_size(scope, reader, &size));
  for (size_t i = 0; i < count; i++)
    if (texts[i].size > overlap) overlap = texts[i].size;
  uint8_t *room = scope_alloc(scope, overlap + SEARCH_BYTES);
  if (room == NULL) return scope_no_memory(scope);
  for (uint64_t at = 0; at < size && !*holds;) {
    size_t step = size - at < SEARCH_BYTES ? (size_t)(size - at) : SEARCH_BYTES;
    TRY(reader_read(scope, reader, room + kept, step, at));
    *holds = is_among(span_of(room, kept + step), texts, count);
    size_t have = kept + step;
    kept = have < overlap ? have : overlap;
    memmove(room, room + have - kept, kept);
    at += step;
  }
  return ADDUCE_OK;
}

enum adduce_err capture_holds(struct adduce_scope *scope, bool *holds, const char *path,
                              const struct adduce_span *texts, size_t count) {
  struct reader reader;
  struct scope_mark mark = scope_mark(scope);
  *holds = false;
  if (count == 0) return ADDUCE_OK;
  TRY(reader_open(scope, &reader, path));
  enum adduce_err err = search(scope, holds, &reader, texts, count);
  reader_close(&reader);
  if (err == ADDUCE_OK) scope_rewind(scope, mark);
  return err;
}

enum adduce_err capture_remove(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_hash *digest) {
  const char **names, *path = capture_path(scope, ledger, digest);
  struct hex64 hex = hex_text32(digest->bytes);
  const char *shelf = scope_format(scope, "%s/captures/%.2s", ledger->folder, hex.text);
  size_t count;
  enum file_type type;
  TRY(file_look(scope, &type, shelf));
  if (type != FILE_FOLDER) return ADDUCE_OK;
  TRY(file_remove(scope, path));
  TRY(file_list(scope, &names, &count, shelf));
  for (size_t i = 0; i < count; i++)
    if (names[i][0] == '.' && strncmp(names[i] + 1, hex.text, 64) == 0)
      TRY(file_remove(scope, ledger_path(scope, shelf, names[i])));
  return file_sync(scope, shelf);
}
