/* SPDX-License-Identifier: Apache-2.0 */
/* The resources of a published log, exactly C2SP tlog-tiles: how their paths are spelled, and the
 * bytes of entry bundles. Pure.
 *
 *     checkpoint
 *     tile/<L>/<N>[.p/<W>]          hashes, 32 bytes each
 *     tile/entries/<N>[.p/<W>]      u16be length and entry, up to 256 of them
 *
 * Beside them an adduce log publishes the contents of its control entries, which are never
 * withheld: control/<N> with N as above, of the entry's own index. */
#ifndef EXCHANGE_TILES_H
#define EXCHANGE_TILES_H

#include "base/buffer.h"
#include "tree/merkle.h"

#define TILES_PATH_BYTES 64 /* the longest path, with its NUL, fits */
#define TILES_TILE_BYTES (MERKLE_TILE_WIDTH * 32)
#define TILES_ENTRY_MAX 65535
#define TILES_BUNDLE_BYTES_MAX ((size_t)MERKLE_TILE_WIDTH * (2 + TILES_ENTRY_MAX))

enum tiles_kind { TILES_CHECKPOINT, TILES_HASHES, TILES_ENTRIES, TILES_CONTROL };

struct tiles_path {
  enum tiles_kind kind;
  unsigned level; /* TILES_HASHES */
  uint64_t index; /* the tile's; TILES_CONTROL: the entry's */
  unsigned width; /* 1 to 255 of a partial tile, 256 of a full one */
};

struct tiles_text {
  char text[TILES_PATH_BYTES];
};

/* How the path is spelled. */
struct tiles_text tiles_path_format(const struct tiles_path *path);

/* Reads a path; one path has one spelling. False for all others. */
MUST_USE bool tiles_path_parse(const char *text, struct tiles_path *path);

/* The width of tile `index` of `level` in a tree of `size`: 0 when there is none, 256 when full. */
unsigned tiles_width(uint64_t size, unsigned level, uint64_t index);

/* Adds an entry to a bundle; it has at most TILES_ENTRY_MAX bytes. */
void tiles_bundle_add(struct buffer *bundle, struct adduce_span entry);

/* Takes the next entry off a bundle. False at its end and when a length leads past it. */
MUST_USE bool tiles_bundle_next(struct adduce_span *bundle, struct adduce_span *entry);

#endif
