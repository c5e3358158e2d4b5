/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a published folder that an audit does not read. */
#ifndef EXCHANGE_LEFTOVERS_H
#define EXCHANGE_LEFTOVERS_H

#include "exchange/tiles.h"

/* Looks at the files of a published folder that an audit of `size` does not read: tiles of earlier
 * sizes must begin the tile that grew from them, and nothing may be there that is not of the log.
 * Files of later sizes, which an update that was not finished leaves and the next one verifies
 * before it takes them, must have their form and begin as they should; `*ahead` counts them.
 * Errors: ADDUCE_E_FAILED (with the path, and the entry where a tile differs), ADDUCE_E_IO. */
MUST_USE enum adduce_err leftovers_check(struct adduce_scope *scope, uint64_t *ahead,
                                         const char *folder, uint64_t size);

#endif
