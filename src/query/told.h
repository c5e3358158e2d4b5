/* SPDX-License-Identifier: Apache-2.0 */
/* A claim as it is known at the question's position: its event, who signed it, and what its life
 * came to. */
#ifndef QUERY_TOLD_H
#define QUERY_TOLD_H

#include "query/people.h"
#include "query/status.h"

struct told {
  uint64_t index;
  int64_t recorded_at_us;
  struct adduce_span entry;
  struct event event;     /* as it was signed; of a declared kind only if declared before it */
  struct event corrected; /* with what corrections put over it, if is_corrected */
  bool is_corrected;
  const struct person *author;
  struct status status;
  uint64_t
      disowned_by; /* the key.revoked by which its source did (people.h); WORLD_NEVER if none */
};

/* The claim at an index. Lives in the scope of the question.
 * Errors: ADDUCE_E_POSITION, ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err told_get(struct asked *asked, const struct told **told, uint64_t index);

/* The index of an event. Errors: ADDUCE_E_NOT_FOUND (unknown here, after the position, left out, or
 * what does not count; to name it nevertheless, ask believed_whole). */
MUST_USE enum adduce_err told_index(struct asked *asked, uint64_t *index, const uint8_t *id32);

/* The claim with this id. Errors: also those of told_index. */
MUST_USE enum adduce_err told_find(struct asked *asked, const struct told **told,
                                   const uint8_t *id32);

/* The entry at an index as it is to be read there: a claim of a kind that was declared only later
 * was not understood. What is left out is not asked after. Errors: as told_get. */
MUST_USE enum adduce_err told_read(struct asked *asked, struct world_entry *entry, uint64_t index);

/* What the claim says now: corrected, if it was, or as it was signed. */
static inline const struct event *told_event(const struct told *told) {
  return told->is_corrected ? &told->corrected : &told->event;
}
static inline const struct parsed *told_parsed(const struct told *told) {
  return &told_event(told)->claim.parsed;
}

/* True iff the author's clock was more than five minutes ahead of the log's. */
bool told_late(const struct told *told);

/* The status of what told_event says: that of the claim, but of a corrected claim what its
 * corrected form is: live, or ended. */
enum status_state told_state(const struct told *told);

/* Whether the claim holds at the question's `valid_at`, or may: false only if its `valid` or its
 * end exclude that time. */
bool told_may_hold(const struct asked *asked, const struct told *told);

/* An end of the claim's `valid` ("from", "to") as text; empty if it is not a time. */
struct adduce_span told_valid(const struct parsed *parsed, const char *end);

#endif
