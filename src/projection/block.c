/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/block.h"

#include "base/checksum.h"
#include "projection/key.h"

#define HEAD_BYTES 10
#define VARINT_BYTES 5
#define COUNT_MAX UINT16_MAX
#define ROOM_BYTES ((size_t)64 << 10)

/* --- packing ------------------------------------------------------------------------------ */

/* A block under way. */
struct packing {
  struct adduce_scope *scope;
  struct pages_pool *pool;
  struct blocks *blocks;
  uint8_t *bytes;    /* of the block */
  uint8_t *room_end; /* of what was taken from the pool */
  size_t size, limit;
  uint32_t count;
  struct adduce_span first_key;
  const struct rows_item *last;
};

static size_t put_varint(uint8_t *out, uint32_t number) {
  size_t size = 0;
  for (; number >= 0x80; number >>= 7) out[size++] = (uint8_t)(number | 0x80);
  out[size++] = (uint8_t)number;
  return size;
}

static enum adduce_err add_block(struct packing *packing) {
  struct blocks *blocks = packing->blocks;
  struct block *grown =
      scope_room(packing->scope, &blocks->capacity, blocks->items, blocks->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(packing->scope);
  blocks->items = grown;
  blocks->items[blocks->count++] =
      (struct block){packing->first_key, span_of(packing->bytes, packing->size)};
  blocks->bytes += packing->size;
  return ADDUCE_OK;
}

static enum adduce_err finish_block(struct packing *packing) {
  if (packing->count == 0) return ADDUCE_OK;
  bigendian_put16(packing->bytes + 8, (uint16_t)packing->count);
  uint64_t checksum = checksum_of(span_of(packing->bytes + 8, packing->size - 8));
  bigendian_put64(packing->bytes, checksum);
  TRY(add_block(packing));
  packing->bytes += packing->size;
  packing->count = 0;
  return ADDUCE_OK;
}

/* Room for a block of `limit` bytes, behind the one before it or somewhere else. */
static bool find_room(struct packing *packing, size_t limit) {
  if ((size_t)(packing->room_end - packing->bytes) >= limit) return true;
  size_t size = limit > ROOM_BYTES || packing->pool == NULL ? limit : ROOM_BYTES;
  packing->bytes = packing->pool == NULL ? NULL : pages_pool_take(packing->pool, size);
  if (packing->bytes == NULL) packing->bytes = scope_alloc(packing->scope, size);
  if (packing->bytes == NULL) return false;
  packing->room_end = packing->bytes + size;
  return true;
}

static enum adduce_err start_block(struct packing *packing, size_t limit) {
  if (!find_room(packing, limit)) return scope_no_memory(packing->scope);
  packing->limit = limit;
  packing->size = HEAD_BYTES;
  packing->last = NULL;
  return ADDUCE_OK;
}

/* `b` comes after `a`. */
static uint32_t count_shared(const struct rows_item *a, const struct rows_item *b) {
  uint32_t most = a->key_size < b->key_size ? a->key_size : b->key_size;
  uint32_t shared = b->starts ? 0 : b->key_size - KEY_INDEX_BYTES;
  while (shared + 8 <= most && memcmp(a->bytes + shared, b->bytes + shared, 8) == 0) shared += 8;
  while (shared < most && a->bytes[shared] == b->bytes[shared]) shared++;
  return shared;
}

static size_t worst_size(const struct rows_item *item) {
  return 3 * VARINT_BYTES + item->size;
}

static void put_row(struct packing *packing, const struct rows_item *item) {
  uint8_t *out = packing->bytes + packing->size;
  uint32_t shared = packing->last == NULL ? 0 : count_shared(packing->last, item);
  uint32_t suffix = item->key_size - shared;
  uint32_t rest = item->size - item->key_size;
  uint32_t value = item->has_hash ? rest - ROW_HASH_BYTES : rest;
  out += put_varint(out, shared);
  out += put_varint(out, suffix);
  out += put_varint(out, value << 1 | item->has_hash);
  memcpy(out, item->bytes + shared, suffix);
  memcpy(out + suffix, item->bytes + item->key_size, rest);
  packing->size = (size_t)(out - packing->bytes) + suffix + rest;
  if (packing->count == 0) packing->first_key = span_of(out, suffix);
  packing->last = item;
  packing->count++;
}

#define AHEAD 6 /* rows that are fetched into the cache before their turn */

enum adduce_err block_pack(struct adduce_scope *scope, struct pages_pool *pool,
                           struct blocks *blocks, const struct rows_item *items, size_t count) {
  uint8_t none;
  struct packing packing = {
      .scope = scope, .pool = pool, .blocks = blocks, .bytes = &none, .room_end = &none};
  blocks->count = 0;
  blocks->bytes = 0;
  for (size_t i = 0; i < count; i++) {
    size_t worst = worst_size(&items[i]);
    if (i + AHEAD < count) __builtin_prefetch(items[i + AHEAD].bytes);
    if (packing.count == 0 || packing.limit - packing.size < worst || packing.count == COUNT_MAX) {
      TRY(finish_block(&packing));
      TRY(start_block(&packing,
                      HEAD_BYTES + worst > BLOCK_BYTES ? HEAD_BYTES + worst : BLOCK_BYTES));
    }
    put_row(&packing, &items[i]);
  }
  return finish_block(&packing);
}

/* --- reading ------------------------------------------------------------------------------ */

static enum adduce_err refuse(struct adduce_scope *scope, const char *what) {
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "a block of projection rows: %s; `adduce rebuild` builds the projections anew",
                    what);
}

enum adduce_err block_open(struct adduce_scope *scope, struct block_reader *reader,
                           struct adduce_span bytes, bool is_checked) {
  if (bytes.size < HEAD_BYTES) return refuse(scope, "it is too short");
  if (!is_checked &&
      bigendian_get64(bytes.data) != checksum_of(span_of(bytes.data + 8, bytes.size - 8)))
    return refuse(scope, "its checksum is wrong");
  reader->left = bigendian_get16(bytes.data + 8);
  reader->at = bytes.data + HEAD_BYTES;
  reader->end = bytes.data + bytes.size;
  reader->key_size = 0;
  return ADDUCE_OK;
}

static bool take_varint(struct block_reader *reader, uint32_t *number) {
  *number = 0;
  for (unsigned shift = 0; shift < 35 && reader->at < reader->end; shift += 7) {
    uint8_t byte = *reader->at++;
    *number |= (uint32_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

/* Only a block whose checksum was right comes here: what fails now was packed wrongly. */
enum adduce_err block_next(struct adduce_scope *scope, struct block_reader *reader,
                           struct row *row) {
  uint32_t shared, suffix, value;
  if (reader->left == 0) return ADDUCE_E_NOT_FOUND;
  if (!take_varint(reader, &shared) || !take_varint(reader, &suffix) ||
      !take_varint(reader, &value))
    return refuse(scope, "a row is cut short");
  size_t hash = (value & 1) != 0 ? ROW_HASH_BYTES : 0;
  value >>= 1;
  if (shared > reader->key_size || shared + (size_t)suffix > sizeof reader->key ||
      (size_t)(reader->end - reader->at) < (size_t)suffix + value + hash)
    return refuse(scope, "a row is longer than its block");
  memcpy(reader->key + shared, reader->at, suffix);
  reader->key_size = (size_t)shared + suffix;
  row->key = span_of(reader->key, reader->key_size);
  row->value = span_of(reader->at + suffix, value);
  row->hash32 = hash == 0 ? NULL : reader->at + suffix + value;
  row->index = key_index(row->key);
  reader->at += suffix + value + hash;
  reader->left--;
  return ADDUCE_OK;
}
