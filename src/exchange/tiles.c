/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/tiles.h"

#include <stdio.h>

#include "base/bigendian.h"
#include "base/invariant.h"

#define GROUPS_MAX 6 /* 10^18 is more than every index */

/* Three digits a step, all but the last with an x before them. */
static size_t put_index(char *out, size_t capacity, uint64_t index) {
  unsigned groups[GROUPS_MAX];
  size_t count = 0, at = 0;
  do {
    INVARIANT(count < GROUPS_MAX);
    groups[count++] = (unsigned)(index % 1000);
    index /= 1000;
  } while (index != 0);
  while (count-- > 0)
    at += (size_t)snprintf(out + at, capacity - at, count == 0 ? "%03u" : "x%03u/", groups[count]);
  return at;
}

struct tiles_text tiles_path_format(const struct tiles_path *path) {
  struct tiles_text out = {"checkpoint"};
  size_t at = 0, capacity = sizeof out.text;
  if (path->kind == TILES_CHECKPOINT) return out;
  if (path->kind == TILES_HASHES)
    at = (size_t)snprintf(out.text, capacity, "tile/%u/", path->level);
  else
    at = (size_t)snprintf(out.text, capacity, "%s/",
                          path->kind == TILES_ENTRIES ? "tile/entries" : "control");
  at += put_index(out.text + at, capacity - at, path->index);
  if (path->kind != TILES_CONTROL && path->width < MERKLE_TILE_WIDTH)
    at += (size_t)snprintf(out.text + at, capacity - at, ".p/%u", path->width);
  INVARIANT(at < capacity);
  return out;
}

/* Digits that make a number up to `limit`; `*text` moves behind them. False if there are none. */
static bool take_number(const char **text, uint64_t limit, uint64_t *number) {
  const char *at = *text;
  *number = 0;
  for (; *at >= '0' && *at <= '9'; at++) {
    *number = *number * 10 + (uint64_t)(*at - '0');
    if (*number > limit) return false;
  }
  bool taken = at != *text;
  *text = at;
  return taken;
}

static bool take_prefix(const char **text, const char *prefix) {
  size_t size = strlen(prefix);
  if (strncmp(*text, prefix, size) != 0) return false;
  *text += size;
  return true;
}

static bool take_index(const char **text, uint64_t *index) {
  *index = 0;
  for (int i = 0; i < GROUPS_MAX; i++) {
    bool more = take_prefix(text, "x");
    uint64_t group = 0;
    for (int digit = 0; digit < 3; digit++, ++*text) {
      if (**text < '0' || **text > '9') return false;
      group = group * 10 + (uint64_t)(**text - '0');
    }
    *index = *index * 1000 + group;
    if (!more) return *index <= MERKLE_SIZE_MAX;
    if (!take_prefix(text, "/")) return false;
  }
  return false;
}

bool tiles_path_parse(const char *text, struct tiles_path *path) {
  struct tiles_path parsed = {TILES_CHECKPOINT, 0, 0, MERKLE_TILE_WIDTH};
  const char *at = text;
  uint64_t number;
  if (strlen(text) >= TILES_PATH_BYTES) return false;
  if (strcmp(at, "checkpoint") != 0) {
    if (take_prefix(&at, "tile/entries/"))
      parsed.kind = TILES_ENTRIES;
    else if (take_prefix(&at, "control/"))
      parsed.kind = TILES_CONTROL;
    else if (take_prefix(&at, "tile/") && take_number(&at, MERKLE_LEVELS - 1, &number) &&
             take_prefix(&at, "/"))
      parsed.kind = TILES_HASHES, parsed.level = (unsigned)number;
    else
      return false;
    if (!take_index(&at, &parsed.index)) return false;
    if (parsed.kind != TILES_CONTROL && take_prefix(&at, ".p/")) {
      if (!take_number(&at, MERKLE_TILE_WIDTH - 1, &number) || number == 0) return false;
      parsed.width = (unsigned)number;
    }
    if (*at != '\0') return false;
  }
  /* Leading zeroes and groups too many: what is not spelled as we would is another path. */
  struct tiles_text again = tiles_path_format(&parsed);
  if (strcmp(again.text, text) != 0) return false;
  *path = parsed;
  return true;
}

unsigned tiles_width(uint64_t size, unsigned level, uint64_t index) {
  uint64_t count = merkle_level_count(size, level);
  if (index > count / MERKLE_TILE_WIDTH) return 0;
  uint64_t left = count - index * MERKLE_TILE_WIDTH;
  return left > MERKLE_TILE_WIDTH ? MERKLE_TILE_WIDTH : (unsigned)left;
}

void tiles_bundle_add(struct buffer *bundle, struct adduce_span entry) {
  uint8_t length[2];
  INVARIANT(entry.size <= TILES_ENTRY_MAX);
  bigendian_put16(length, (uint16_t)entry.size);
  buffer_append(bundle, length, sizeof length);
  buffer_span(bundle, entry);
}

bool tiles_bundle_next(struct adduce_span *bundle, struct adduce_span *entry) {
  if (bundle->size < 2) return false;
  size_t size = bigendian_get16(bundle->data);
  if (bundle->size - 2 < size) return false;
  *entry = span_of(bundle->data + 2, size);
  *bundle = span_of(bundle->data + 2 + size, bundle->size - 2 - size);
  return true;
}
