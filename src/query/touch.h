/* SPDX-License-Identifier: Apache-2.0 */
/* Which subjects an event touches: those of which it may have changed what is said. They are found
 * from rows, at a cost that grows with what they are and not with the log; they may be too many and
 * never too few, since what is found is compared (passage.h). An event touches the subjects of the
 * claims that it makes, acts on, however indirectly, or puts in doubt:
 *
 *   a claim           its subject, the other end of a relation or judgement, the group
 *                     released, the issuer of a sanction; as signed, and as corrections put it
 *   an act            what its targets touch, and theirs if they are acts
 *   a source revised  what the claims touch that cite the source
 *   a key             what the events of the key touch; of one that is revoked, those from the
 *                     index on from which they are suspect
 *   a number          what is counted by it: a majority of X, 114 of X; and the wholes and parts
 *                     of its subject, as a relation part_of touches those on its two sides
 *   a policy          every subject there is
 *
 * and with each subject those that are one with it, or kept apart, at the positions compared. */
#ifndef QUERY_TOUCH_H
#define QUERY_TOUCH_H

#include "query/cluster.h"
#include "query/worklist.h"

struct touch {
  struct asked *asked;      /* at or after the last of the events */
  struct worklist events;   /* those that were looked at, or are to be */
  struct worklist subjects; /* what they touch */
  size_t next;              /* of the events */
};

void touch_init(struct touch *touch, struct asked *asked);

/* Takes in an event, and everything it leads to. Errors: as told_get. */
MUST_USE enum adduce_err touch_event(struct touch *touch, uint64_t index);

/* Takes in every subject of which anything is said. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err touch_all(struct touch *touch);

/* Takes in what is one with the subjects there are, at the positions of these questions, and puts
 * all of them in the order of their ids. Errors: as cluster_find. */
MUST_USE enum adduce_err touch_finish(struct touch *touch, struct asked *const *at, size_t count);

#endif
