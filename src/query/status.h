/* SPDX-License-Identifier: Apache-2.0 */
/* The status of a claim: what its life has come to at the question's position.
 *
 * The acts on a claim are the events that name it in an acting role (projection/life.c). An act
 * *holds* unless it was itself retracted by a retraction that holds; so a retraction of a
 * retraction revives what the first one withdrew, and so on, however long the chain. (Ids are
 * hashes over refs, so acts cannot name each other in a circle; the walk keeps its own stack and
 * looks at each act once.)
 *
 * An act *has effect* when it holds, is whole (no frame field of it is withheld), and
 *   - corrects, retracts or ends, and is its author's own: by the same key, a key in the same line
 *     of rotations, or a key whose authorization names the same organization. The same act by
 *     anybody else is an attempt: it is shown, and changes nothing;
 *   - disputes, corroborates, endorses or ranks, by anybody.
 *
 * The order of the acts does not matter, but which of them have effect:
 *   retracted  > corrected > ended > live: the first of these that some effective act says.
 * A claim that is incomplete or not understood says so, unless it is retracted. Correcting what is
 * retracted leaves it retracted. Correcting what was erased here, or is withheld, is shown among
 * the claim's acts and puts nothing over it: what is incomplete stays so. Several corrections apply
 * in log order, the later one over the earlier one, field by field (correction.h).
 *
 * Marks beside it: disputed, corroborated, endorsed (by an opinion of agree or strongly_agree;
 * disagreeing endorsements and corroborations are disputes), preferred, deprecated (the last rank
 * that each author gave), author-revoked (the key was revoked, and the claim stands at or after the
 * index from which it is suspect), revoked-at-source (the same of an imported claim, by the ledger
 * it comes from), claimed-in-future (its author's clock was more than five minutes ahead of the
 * log's), erased (content of it was erased here, at whatever position: erased.h). */
#ifndef QUERY_STATUS_H
#define QUERY_STATUS_H

#include "query/asked.h"

enum status_state {
  STATUS_LIVE,
  STATUS_ENDED,
  STATUS_CORRECTED,
  STATUS_RETRACTED,
  STATUS_INCOMPLETE,
  STATUS_NOT_UNDERSTOOD,
};

#define STATUS_MARKS(X)                            \
  X(STATUS_DISPUTED, "disputed")                   \
  X(STATUS_CORROBORATED, "corroborated")           \
  X(STATUS_ENDORSED, "endorsed")                   \
  X(STATUS_PREFERRED, "preferred")                 \
  X(STATUS_DEPRECATED, "deprecated")               \
  X(STATUS_AUTHOR_REVOKED, "author-revoked")       \
  X(STATUS_REVOKED_AT_SOURCE, "revoked-at-source") \
  X(STATUS_CLAIMED_IN_FUTURE, "claimed-in-future") \
  X(STATUS_ERASED, "erased")

enum status_mark {
#define STATUS_MARK_ENUM(symbol, name) symbol,
  STATUS_MARKS(STATUS_MARK_ENUM)
#undef STATUS_MARK_ENUM
      STATUS_MARK_COUNT,
};

struct status_act {
  uint64_t index;
  const uint8_t *id32, *author32;
  struct adduce_span role, state;          /* "target", "retracted" */
  struct adduce_span opinion, rank, until; /* as the row has them; empty if not */
  bool whole, holds, own, effective;
};

struct status {
  enum status_state state;
  unsigned marks;          /* bit n: enum status_mark n */
  struct status_act *acts; /* in log order */
  size_t act_count;
  bool is_ended;            /* an end has effect, whatever else has */
  struct adduce_span until; /* of the last effective end: encoded; empty if none */
};

/* What life made of a claim, before its standing counts. Lives in the scope of the question.
 * Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err status_find(struct asked *asked, struct status *status,
                                     const uint8_t *id32, const uint8_t *author32);

const char *status_name(enum status_state state);
const char *status_mark_name(enum status_mark mark);

/* Whether the act has effect and bears out what it acts on: it corroborates, or agrees with it. */
bool status_bears_out(const struct status_act *act);

static inline bool status_has(const struct status *status, enum status_mark mark) {
  return (status->marks >> mark & 1) != 0;
}

#endif
