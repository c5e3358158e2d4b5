/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: some hundred neighbouring rows packed into one record, which costs the store as much as
 * one row alone.
 *
 *   checksum u64be | count u16be | count times: shared | suffix size | value size and flag |
 *   suffix | value | row hash 32, if the flag is set
 *
 * A row's key is what it shares with the one before it in the block, and its suffix. Numbers
 * are varints (7 bits a byte, the lowest first, bit 7: more follows); the flag is the lowest bit of
 * the third. The checksum (base/checksum.h) is of all that follows it. */
#ifndef PROJECTION_BLOCK_H
#define PROJECTION_BLOCK_H

#include "projection/row.h"
#include "projection/rows.h"
#include "store/store.h"

#define BLOCK_BYTES 4080 /* with LMDB's header, one page; a larger row has a block of its own */

/* An encoded block and the key of its first row, which stands in it. */
struct block {
  struct adduce_span first_key;
  struct adduce_span bytes;
};

struct blocks {
  struct block *items;
  size_t count, capacity;
  size_t bytes; /* of all */
};

/* Packs sorted rows into blocks, in memory of the pool (NULL: none), and of the scope where that
 * is used up. The list of blocks is kept in the scope from one packing to the next.
 * Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err block_pack(struct adduce_scope *scope, struct pages_pool *pool,
                                    struct blocks *blocks, const struct rows_item *items,
                                    size_t count);

/* Walks the rows of a block. */
struct block_reader {
  const uint8_t *at, *end;
  uint32_t left;
  uint8_t key[STORE_KEY_BYTES];
  size_t key_size;
};

/* `is_checked`: the checksum was looked at before, in this transaction.
 * Errors: ADDUCE_E_CORRUPT (the checksum is wrong). */
MUST_USE enum adduce_err block_open(struct adduce_scope *scope, struct block_reader *reader,
                                    struct adduce_span bytes, bool is_checked);

/* The next row: its key lives until the next call, the rest as long as the block's bytes.
 * Errors: ADDUCE_E_NOT_FOUND (there are no more), ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err block_next(struct adduce_scope *scope, struct block_reader *reader,
                                    struct row *row);

#endif
