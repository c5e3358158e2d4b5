/* SPDX-License-Identifier: Apache-2.0 */
/* Where a damaged tile is wrong. Once a tile is known not to be the right one, its hashes are
 * compared with what stands below it: the entries, or the tiles of the level below. */
#ifndef EXCHANGE_TILEFAULT_H
#define EXCHANGE_TILEFAULT_H

#include "adduce/proof.h"
#include "exchange/tiles.h"

/* Names the first hash of a tile that is not that of what lies below, with the entries it stands
 * for. Errors: ADDUCE_E_FAILED always, but for ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err tilefault_tile(struct adduce_scope *scope,
                                        const struct adduce_published *from,
                                        const struct tiles_path *path,
                                        const struct adduce_hash *hashes);

/* The same for a right edge that does not give its root. Errors: as above. */
MUST_USE enum adduce_err tilefault_edge(struct adduce_scope *scope,
                                        const struct adduce_published *from,
                                        const struct merkle_edge *edge);

#endif
