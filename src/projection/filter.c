/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/filter.h"

#include "base/bigendian.h"
#include "crypto/hash.h"

#define BITS_EACH 10
#define PROBES 6
#define CELL_BYTES 64
#define HEAD_BYTES 8
#define CELL_BITS (8 * (CELL_BYTES - HEAD_BYTES))
#define GROUP_WORD (FILTER_GROUP / 8)
#define GROUP_CELL_BYTES (HEAD_BYTES + CELL_BITS * GROUP_WORD)

_Static_assert(GROUP_WORD == 2, "filter_group_look reads words of two bytes");

static bool begins_with_id(enum registry_number table) {
  return table == REGISTRY_AUTHORS || table == REGISTRY_LIFE || table == REGISTRY_REFERENCES ||
         table == REGISTRY_BYAUTHOR || table == REGISTRY_WITHHELD;
}

static bool begins_with_byte(enum registry_number table) {
  return table == REGISTRY_SOURCES || table == REGISTRY_TIMELINE;
}

/* Whose rows have a byte behind their text; those of relations have a byte and a text. */
static bool has_role(enum registry_number table) {
  return table == REGISTRY_SUBJECTS || table == REGISTRY_ENTITIES || table == REGISTRY_RELEASES ||
         table == REGISTRY_SANCTIONS || table == REGISTRY_STATES;
}

/* Where the text that begins at `at` ends; 0 if it is not all there. */
static size_t text_end(struct adduce_span key, size_t at) {
  while (at < key.size && key.data[at] > 1) at++;
  if (at == key.size) return 0;
  size_t end = key.data[at] == 0 ? at + 1 : at + 1 + 32;
  return end > key.size ? 0 : end;
}

struct adduce_span filter_lead(enum registry_number table, struct adduce_span key) {
  if (begins_with_byte(table)) return span_of(NULL, 0);
  if (begins_with_id(table)) return span_of(key.data, key.size < 32 ? 0 : 32);
  return span_of(key.data, text_end(key, 0));
}

struct adduce_span filter_narrow(enum registry_number table, struct adduce_span key) {
  size_t lead = filter_lead(table, key).size;
  if (lead == 0 || lead == key.size || begins_with_id(table)) return span_of(NULL, 0);
  if (table == REGISTRY_FACTS) return span_of(key.data, text_end(key, lead));
  if (table == REGISTRY_RELATIONS) return span_of(key.data, text_end(key, lead + 1));
  if (has_role(table)) return span_of(key.data, lead + 1);
  return span_of(NULL, 0);
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

/* `cells` is a power of two. */
static size_t cell_of(size_t cells, uint64_t hash) {
  return (size_t)(hash >> 32) & (cells - 1);
}

/* The bits of a cell that a hash sets, in the order of its nine low bits and those after them. */
static unsigned probe(uint64_t hash, unsigned number) {
  uint32_t step = (uint32_t)(hash >> 9 | 1);
  return ((uint32_t)hash + number * step) % CELL_BITS;
}

static size_t cells_of(struct adduce_span filter, size_t cell_bytes) {
  size_t cells = filter.size / cell_bytes;
  bool is_whole = filter.size % cell_bytes == 0 && (cells & (cells - 1)) == 0;
  return is_whole ? cells : 0;
}

static void seal(uint8_t *cell, size_t cell_bytes) {
  bigendian_put64(cell, hash_checksum(span_of(cell + HEAD_BYTES, cell_bytes - HEAD_BYTES)));
}

static enum adduce_err open_cell(struct adduce_scope *scope, const uint8_t **bits,
                                 struct adduce_span filter, size_t cell_bytes, uint64_t hash) {
  size_t cells = cells_of(filter, cell_bytes);
  if (cells == 0)
    return scope_fail(scope, ADDUCE_E_CORRUPT, "a filter of projection rows is cut short");
  const uint8_t *cell = filter.data + cell_of(cells, hash) * cell_bytes;
  *bits = cell + HEAD_BYTES;
  if (bigendian_get64(cell) == hash_checksum(span_of(*bits, cell_bytes - HEAD_BYTES)))
    return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "a filter of projection rows: its checksum is wrong; `adduce rebuild` builds "
                    "the projections anew");
}

/* --- of one run --------------------------------------------------------------------------- */

enum adduce_err filter_make(struct adduce_scope *scope, struct adduce_span *filter,
                            const uint64_t *hashes, size_t count) {
  size_t cells = 1;
  while (cells * CELL_BITS < count * BITS_EACH) cells *= 2;
  uint8_t *bytes = scope_array(scope, cells, CELL_BYTES);
  if (bytes == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < count; i++) {
    uint8_t *bits = bytes + cell_of(cells, hashes[i]) * CELL_BYTES + HEAD_BYTES;
    for (unsigned j = 0; j < PROBES; j++) {
      unsigned bit = probe(hashes[i], j);
      bits[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
  }
  for (size_t i = 0; i < cells; i++) seal(bytes + i * CELL_BYTES, CELL_BYTES);
  *filter = span_of(bytes, cells * CELL_BYTES);
  return ADDUCE_OK;
}

enum adduce_err filter_look(struct adduce_scope *scope, bool *may, struct adduce_span filter,
                            uint64_t hash) {
  const uint8_t *bits;
  *may = false;
  TRY(open_cell(scope, &bits, filter, CELL_BYTES, hash));
  for (unsigned i = 0; i < PROBES; i++) {
    unsigned bit = probe(hash, i);
    if ((bits[bit / 8] >> bit % 8 & 1) == 0) return ADDUCE_OK;
  }
  *may = true;
  return ADDUCE_OK;
}

/* --- of many ------------------------------------------------------------------------------ */

/* Puts the bits of one filter's cell into those of a group's. */
static void spread_cell(uint8_t *group, const uint8_t *bits, size_t member) {
  for (unsigned byte = 0; byte < CELL_BITS / 8; byte++)
    for (unsigned left = bits[byte]; left != 0; left &= left - 1) {
      unsigned bit = 8 * byte + (unsigned)__builtin_ctz(left);
      group[bit * GROUP_WORD + member / 8] |= (uint8_t)(1u << member % 8);
    }
}

enum adduce_err filter_group_make(struct adduce_scope *scope, struct adduce_span *group,
                                  const struct adduce_span *filters) {
  size_t cells = 1, counts[FILTER_GROUP];
  for (size_t i = 0; i < FILTER_GROUP; i++) {
    counts[i] = cells_of(filters[i], CELL_BYTES);
    if (counts[i] == 0)
      return scope_fail(scope, ADDUCE_E_CORRUPT, "a filter of projection rows is cut short");
    if (counts[i] > cells) cells = counts[i];
  }
  uint8_t *bytes = scope_array(scope, cells, GROUP_CELL_BYTES);
  if (bytes == NULL) return scope_no_memory(scope);
  for (size_t at = 0; at < cells; at++) {
    uint8_t *cell = bytes + at * GROUP_CELL_BYTES;
    for (size_t i = 0; i < FILTER_GROUP; i++)
      spread_cell(cell + HEAD_BYTES,
                  filters[i].data + (at & (counts[i] - 1)) * CELL_BYTES + HEAD_BYTES, i);
    seal(cell, GROUP_CELL_BYTES);
  }
  *group = span_of(bytes, cells * GROUP_CELL_BYTES);
  return ADDUCE_OK;
}

enum adduce_err filter_group_look(struct adduce_scope *scope, uint32_t *may,
                                  struct adduce_span group, uint64_t hash) {
  const uint8_t *bits;
  *may = 0;
  TRY(open_cell(scope, &bits, group, GROUP_CELL_BYTES, hash));
  uint32_t members = (UINT32_C(1) << FILTER_GROUP) - 1;
  for (unsigned i = 0; i < PROBES; i++) {
    const uint8_t *word = bits + probe(hash, i) * GROUP_WORD;
    members &= (uint32_t)word[0] | (uint32_t)word[1] << 8;
  }
  *may = members;
  return ADDUCE_OK;
}
