/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a file, looked at from outside, before LMDB trusts them.
 *
 * LMDB has no checksums and follows whatever its pages say: a page size of 0 is a division by zero
 * in it, a page beyond the end of the file is SIGBUS, a node that leaves its page is a wild read.
 * So the file is read here first, by number of page, and never mapped. The layout is that of LMDB
 * 0.9 on 64-bit little-endian machines: a header of 16 bytes, then a meta record (pages 0 and 1),
 * or pointers to nodes, which grow down from the end of the page. */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include "base/scope.h"

/* Reads both meta pages: they are LMDB's, and the file has every page that the trees of the newer
 * one reach. (Its last page may lie beyond the end: pages that were taken and given back within
 * one transaction are counted, and never written. Only then are the trees walked.)
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_NO_FILE, ADDUCE_E_PERMISSION, ADDUCE_E_IO. */
MUST_USE enum adduce_err pages_inspect(struct adduce_scope *scope, const char *path);

/* Walks every page that the trees of `transaction`, which somebody keeps open, reach: each is of
 * the kind and number it should be, nodes lie within their page, keys ascend, values lie within
 * the file, and the counts are those the trees state. Values themselves are not looked at.
 * Errors: ADDUCE_E_CORRUPT (with the page), ADDUCE_E_IO, ADDUCE_E_INTERRUPTED. */
MUST_USE enum adduce_err pages_check(struct adduce_scope *scope, const char *path,
                                     uint64_t transaction);

/* Clears what no record uses in a file that nobody has open, whose pages are all in use (a
 * compacted copy): the gap in each page of a tree, and what follows a long value on its last page.
 * LMDB copies pages as they are, and in these gaps stand pieces of records that were replaced or
 * deleted. Not durable before a sync. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_IO, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err pages_clear_gaps(struct adduce_scope *scope, const char *path);

#endif
