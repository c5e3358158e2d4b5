/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes for proofs of inclusion, with few reads and little hashing. Half the work of a proof would
 * be the inner hashes of the tiles above the lowest level, which are few and never change: they are
 * kept as long as the ledger is open, for all its threads, and the last tile of the lowest level
 * with them. Of the others there, a proof reads the one it needs once. */
#ifndef LEDGER_INNER_H
#define LEDGER_INNER_H

#include "log/log.h"

struct inner;

/* Nothing is kept yet. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err inner_open(struct adduce_scope *scope, struct inner **inner);
void inner_close(struct inner **inner);

/* One proof's use of it: fill in the first three. */
struct inner_use {
  struct inner *inner;
  struct log_view *view;
  struct adduce_scope *scope;
  uint64_t tile; /* of level 0, whose first `width` hashes are in `row` */
  unsigned width;
  struct adduce_hash row[MERKLE_TILE_WIDTH];
};

/* Both live as long as `use`, which belongs to one thread. */
struct merkle_reader inner_reader(struct inner_use *use);
struct merkle_inner inner_nodes(struct inner_use *use);

#endif
