/* SPDX-License-Identifier: Apache-2.0 */
/* A published log in memory, which can be made to lie. */
#ifndef TESTS_EXCHANGE_LIAR_H
#define TESTS_EXCHANGE_LIAR_H

#include "exchange/tilelog.h"
#include "exchange/tiles.h"
#include "logs.h"

struct liar {
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

static inline void liar_file(struct liar *liar, struct buffer *out, const struct tiles_path *path) {
  unsigned width = tiles_width(liar->tree->size, path->level, path->index);
  if (path->width < width) width = path->width;
  for (unsigned i = 0; i < width; i++) {
    uint64_t index = path->index * 256 + i;
    if (path->kind == TILES_HASHES)
      buffer_append(out, &liar->tree->levels[path->level][index], 32);
    else
      tiles_bundle_add(out, tree_entry(index, liar->from, liar->salt));
  }
}

static inline enum adduce_err liar_fetch(void *context, struct adduce_scope *into,
                                         struct adduce_span *bytes, const char *text,
                                         size_t limit_bytes) {
  struct liar *liar = context;
  struct tiles_path path;
  struct buffer out;
  liar->fetches++;
  if (!tiles_path_parse(text, &path)) return scope_fail(into, ADDUCE_E_NO_FILE, "no %s", text);
  buffer_init(&out, into);
  if (path.kind == TILES_CHECKPOINT)
    buffer_span(&out, liar->checkpoint);
  else if (path.kind == TILES_CONTROL ||
           tiles_width(liar->tree->size, path.level, path.index) < path.width)
    return scope_fail(into, ADDUCE_E_NO_FILE, "no %s", text);
  else
    liar_file(liar, &out, &path);
  if (liar->flip_path != NULL && strcmp(liar->flip_path, text) == 0)
    out.data[liar->flip_bit / 8] ^= (uint8_t)(1 << liar->flip_bit % 8);
  if (liar->cut_path != NULL && strcmp(liar->cut_path, text) == 0) {
    for (long i = liar->cut_bytes; i < 0; i++) buffer_byte(&out, 0);
    if (liar->cut_bytes > 0) out.size -= (size_t)liar->cut_bytes;
  }
  if (out.size > limit_bytes) return scope_fail(into, ADDUCE_E_TOO_LARGE, "%s is too large", text);
  *bytes = text_of(&out);
  return ADDUCE_OK;
}

static inline struct adduce_published liar_published(struct liar *liar) {
  return (struct adduce_published){liar_fetch, liar};
}

#endif
