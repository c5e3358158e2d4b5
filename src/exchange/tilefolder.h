/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping a published log in a folder: what `publish` and `mirror` do. Each file is verified, then
 * written whole; the checkpoint comes last, when all it speaks of is on the disk. So whoever reads
 * the folder, at any moment or after a crash, finds a log that is as it was or as it is, and a run
 * that was interrupted goes on from what it left. Two runs with the same checkpoints leave the
 * same bytes.
 *
 * Partial tiles stay until the full tile is there, as tlog-tiles asks. */
#ifndef EXCHANGE_TILEFOLDER_H
#define EXCHANGE_TILEFOLDER_H

#include "exchange/tilelog.h"

struct tilefolder_report {
  uint64_t from;  /* the size that was there */
  uint64_t files; /* written */
  uint64_t bytes;
  uint64_t controls_missing; /* contents of control events that could not be had */
};

/* Reads files of the folder. */
struct adduce_published tilefolder_published(const char *folder);

/* Brings `folder`, made if it is not there, to the checkpoint `note`, which the caller has
 * verified and parsed. What the folder has already is trusted to be ours only as far as it
 * verifies. Errors: ADDUCE_E_ROLLBACK, ADDUCE_E_FORK (against the checkpoint in the folder, which
 * stays), ADDUCE_E_FAILED (a file is not what the checkpoint says), those of the fetch and of
 * writing files. */
MUST_USE enum adduce_err tilefolder_update(struct adduce_scope *scope,
                                           struct tilefolder_report *report, const char *folder,
                                           const struct adduce_published *source,
                                           const struct checkpoint *checkpoint,
                                           struct adduce_span note);

#endif
