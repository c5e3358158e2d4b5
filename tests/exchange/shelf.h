/* SPDX-License-Identifier: Apache-2.0 */
/* A published log in memory, which can be made to lie. */
#ifndef TESTS_EXCHANGE_SHELF_H
#define TESTS_EXCHANGE_SHELF_H

#include "exchange/tilelog.h"
#include "exchange/tiles.h"
#include "logs.h"

struct shelf {
  struct tree *tree;
  uint64_t from; /* tree_entry's */
  const char *salt;
  struct adduce_span checkpoint;
  const char *flip_path; /* the file in which bit `flip_bit` is wrong; NULL: none */
  size_t flip_bit;
  const char *cut_path; /* the file of which `cut_bytes` are missing (negative: too many) */
  long cut_bytes;
  unsigned fetches;
};

static inline void shelf_file(struct shelf *shelf, struct buffer *out,
                              const struct tiles_path *path) {
  unsigned width = tiles_width(shelf->tree->size, path->level, path->index);
  if (path->width < width) width = path->width;
  for (unsigned i = 0; i < width; i++) {
    uint64_t index = path->index * 256 + i;
    if (path->kind == TILES_HASHES)
      buffer_append(out, &shelf->tree->levels[path->level][index], 32);
    else
      tiles_bundle_add(out, tree_entry(index, shelf->from, shelf->salt));
  }
}

static inline enum adduce_err shelf_fetch(void *context, struct adduce_scope *into,
                                          struct adduce_span *bytes, const char *text,
                                          size_t limit_bytes) {
  struct shelf *shelf = context;
  struct tiles_path path;
  struct buffer out;
  shelf->fetches++;
  if (!tiles_path_parse(text, &path)) return scope_fail(into, ADDUCE_E_NO_FILE, "no %s", text);
  buffer_init(&out, into);
  if (path.kind == TILES_CHECKPOINT)
    buffer_span(&out, shelf->checkpoint);
  else if (path.kind == TILES_CONTROL ||
           tiles_width(shelf->tree->size, path.level, path.index) < path.width)
    return scope_fail(into, ADDUCE_E_NO_FILE, "no %s", text);
  else
    shelf_file(shelf, &out, &path);
  if (shelf->flip_path != NULL && strcmp(shelf->flip_path, text) == 0)
    out.data[shelf->flip_bit / 8] ^= (uint8_t)(1 << shelf->flip_bit % 8);
  if (shelf->cut_path != NULL && strcmp(shelf->cut_path, text) == 0) {
    for (long i = shelf->cut_bytes; i < 0; i++) buffer_byte(&out, 0);
    if (shelf->cut_bytes > 0) out.size -= (size_t)shelf->cut_bytes;
  }
  if (out.size > limit_bytes) return scope_fail(into, ADDUCE_E_TOO_LARGE, "%s is too large", text);
  *bytes = text_of(&out);
  return ADDUCE_OK;
}

static inline struct adduce_published shelf_published(struct shelf *shelf) {
  return (struct adduce_published){shelf_fetch, shelf};
}

#endif
