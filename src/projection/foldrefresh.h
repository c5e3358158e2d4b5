/* SPDX-License-Identifier: Apache-2.0 */
/* Refreshing: rows of entries whose content was taken away since they were made.
 *
 * A row is made of one entry and its content, so an erasure concerns the rows of its targets alone:
 * the runs that hold them are made anew, filters and all, and so is the tail. All of it is one
 * transaction, with `refreshed` in the store's record (foldmeta.h): every content.erased before
 * that size is in the rows. Who has projected from an older log than that may write no rows any
 * more: it would bring back what is gone. */
#ifndef PROJECTION_FOLDREFRESH_H
#define PROJECTION_FOLDREFRESH_H

#include "projection/fold.h"

/* Whether entries [refreshed, reader->size) took content from entries before `reached`. */
MUST_USE enum adduce_err foldrefresh_needed(struct adduce_scope *scope,
                                            const struct fold_feed *feed,
                                            struct fold_reader *reader, bool *needed,
                                            uint64_t refreshed, uint64_t reached);

/* Brings the rows to the contents that the reader sees; does nothing if somebody else has brought
 * them as far. When too many runs are concerned, all rows are dropped instead, to be built anew.
 * Errors: those of the feed and of store_write. */
MUST_USE enum adduce_err foldrefresh_run(struct adduce_scope *scope, struct store *store,
                                         const struct fold_feed *feed, struct fold_reader *reader);

#endif
