/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/filter.h"

#include "base/bigendian.h"
#include "crypto/hash.h"

#define BITS_EACH 10
#define PROBES 6
#define CELL_BYTES 64
#define HEAD_BYTES 8
#define CELL_BITS (8 * (CELL_BYTES - HEAD_BYTES))

static bool begins_with_id(enum registry_number table) {
  return table == REGISTRY_AUTHORS || table == REGISTRY_LIFE || table == REGISTRY_REFERENCES ||
         table == REGISTRY_BYAUTHOR || table == REGISTRY_WITHHELD;
}

static bool begins_with_byte(enum registry_number table) {
  return table == REGISTRY_SOURCES || table == REGISTRY_TIMELINE;
}

struct adduce_span filter_lead(enum registry_number table, struct adduce_span key) {
  size_t end = 0;
  if (begins_with_byte(table)) return span_of(NULL, 0);
  if (begins_with_id(table)) return span_of(key.data, key.size < 32 ? 0 : 32);
  while (end < key.size && key.data[end] > 1) end++;
  if (end == key.size) return span_of(NULL, 0);
  size_t size = key.data[end] == 0 ? end + 1 : end + 1 + 32;
  return span_of(key.data, size > key.size ? 0 : size);
}

/* The same on every machine, since a store may be copied to another. */
uint64_t filter_hash(enum registry_number table, struct adduce_span lead) {
  const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
  uint64_t hash = (lead.size + 256 * (uint64_t)table) * factor;
  size_t at = 0;
  for (; at + 8 <= lead.size; at += 8) {
    hash = (hash ^ bigendian_get64(lead.data + at)) * factor;
    hash ^= hash >> 29;
  }
  for (; at < lead.size; at++) hash = (hash ^ lead.data[at]) * factor;
  return hash ^ hash >> 32;
}

static size_t cell_of(size_t cells, uint64_t hash) {
  return (size_t)((hash >> 32) % cells) * CELL_BYTES;
}

/* The bits of a cell that a hash sets, in the order of its nine low bits and those after them. */
static unsigned probe(uint64_t hash, unsigned number) {
  uint32_t step = (uint32_t)(hash >> 9 | 1);
  return ((uint32_t)hash + number * step) % CELL_BITS;
}

enum adduce_err filter_make(struct adduce_scope *scope, struct adduce_span *filter,
                            const uint64_t *hashes, size_t count) {
  size_t cells = 1 + count * BITS_EACH / CELL_BITS;
  uint8_t *bytes = scope_array(scope, cells, CELL_BYTES);
  if (bytes == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < count; i++) {
    uint8_t *bits = bytes + cell_of(cells, hashes[i]) + HEAD_BYTES;
    for (unsigned j = 0; j < PROBES; j++) {
      unsigned bit = probe(hashes[i], j);
      bits[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
  }
  for (size_t i = 0; i < cells; i++) {
    uint8_t *cell = bytes + i * CELL_BYTES;
    bigendian_put64(cell, hash_checksum(span_of(cell + HEAD_BYTES, CELL_BYTES - HEAD_BYTES)));
  }
  *filter = span_of(bytes, cells * CELL_BYTES);
  return ADDUCE_OK;
}

enum adduce_err filter_look(struct adduce_scope *scope, bool *may, struct adduce_span filter,
                            uint64_t hash) {
  size_t cells = filter.size / CELL_BYTES;
  *may = false;
  if (cells == 0 || filter.size % CELL_BYTES != 0)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "a filter of projection rows is cut short");
  const uint8_t *cell = filter.data + cell_of(cells, hash);
  if (bigendian_get64(cell) != hash_checksum(span_of(cell + HEAD_BYTES, CELL_BYTES - HEAD_BYTES)))
    return scope_fail(scope, ADDUCE_E_CORRUPT,
                      "a filter of projection rows: its checksum is wrong; `adduce rebuild` builds "
                      "the projections anew");
  for (unsigned i = 0; i < PROBES; i++) {
    unsigned bit = probe(hash, i);
    if ((cell[HEAD_BYTES + bit / 8] >> bit % 8 & 1) == 0) return ADDUCE_OK;
  }
  *may = true;
  return ADDUCE_OK;
}
