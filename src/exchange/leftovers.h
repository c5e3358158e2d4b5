/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a published folder that an audit does not read. */
#ifndef EXCHANGE_LEFTOVERS_H
#define EXCHANGE_LEFTOVERS_H

#include "exchange/tiles.h"

/* Looks at the files of a published folder that an audit of `size` does not read: earlier partial
 * tiles must begin the tile that grew from them, and nothing else may be there. Errors:
 * ADDUCE_E_FAILED (with the path), ADDUCE_E_IO. */
MUST_USE enum adduce_err leftovers_check(struct adduce_scope *scope, const char *folder,
                                         uint64_t size);

#endif
