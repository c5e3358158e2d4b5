/* SPDX-License-Identifier: Apache-2.0 */
/* The people behind keys, as of the question's position.
 *
 * Two keys are one author when they are equal or one was rotated into the other; and they act for
 * one house when the authorizations of both name the same organization. An author's claims are
 * corrected, retracted and ended by the author or the house, and by nobody else.
 *
 * A key's name is the one its authorization gives it; without one, the name it gives itself in an
 * author.described that it signed. What others call it is not its name. The same holds of the
 * organization that is shown; but rights over the claims of a house come from authorizations
 * alone, since anybody can describe himself. */
#ifndef QUERY_PEOPLE_H
#define QUERY_PEOPLE_H

#include "query/asked.h"

struct person {
  struct adduce_key key;
  struct adduce_key root; /* the first key of its line of rotations */
  bool known;             /* the rest is what control entries say of the key */
  struct world_author author;
  struct adduce_span name;      /* empty if it has none */
  struct adduce_span described; /* for whom it says itself that it works; empty if it does not */
  /* Foreign events that revoke the key in the ledgers that they name (people_disowned). */
  uint64_t *revocations;
  size_t revocation_count, revocation_capacity;
};

/* Lives in the scope of the question. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err people_get(struct asked *asked, const struct person **person,
                                    const uint8_t *key32);

/* Whether the holder of `actor` may act on claims of `author`. Errors: as people_get. */
MUST_USE enum adduce_err people_own(struct asked *asked, bool *own, const uint8_t *actor32,
                                    const uint8_t *author32);

/* Whether the ledger that the event at `index` was imported from has revoked its author's key from
 * where it may stand there on: `*revocation` is the first of its key.revoked here that says so,
 * WORLD_NEVER if none does. The revocation must have come from that ledger as well, and name it; of
 * where the event stands there no more is known here than that it is before the checkpoint it came
 * with, so it counts as suspect unless that checkpoint is at or before `effective_from`. Without
 * `effective_from` only what was signed later would be suspect, which that ledger does not admit.
 * Errors: those of reading entries. */
MUST_USE enum adduce_err people_disowned(struct asked *asked, uint64_t *revocation,
                                         const struct person *person, uint64_t index);

/* True iff a claim of this person at `index` is in doubt since the key was revoked. */
bool people_suspect(const struct person *person, uint64_t index);

#endif
