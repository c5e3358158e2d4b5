/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness decides, exactly C2SP tlog-witness `add-checkpoint`. Pure: the state it has of a
 * log comes in, a status goes out; keeping the state is the caller's business, which must hold a
 * lock from before it reads the state until after it has kept the new one.
 *
 *     400  not a request of this form; the old size is above the checkpoint's
 *     404  the origin is not known here
 *     403  no key trusted for the origin signed it, or one of them did badly
 *     409  the old size is not that of the last checkpoint cosigned; the answer is that size
 *     422  the proof does not show that the checkpoint extends the last one
 *     200  cosign it */
#ifndef EXCHANGE_WITNESS_H
#define EXCHANGE_WITNESS_H

#include "exchange/consistency.h"

/* A log that the witness knows. */
struct witness_log {
  const struct note_verifier *verifiers; /* their name is the origin */
  size_t verifier_count;
};

/* The last checkpoint that was cosigned; size 0 and the empty root before the first. */
struct witness_state {
  uint64_t size;
  struct adduce_hash root;
};

/* A request that is well-formed. */
struct witness_request {
  struct consistency proof;
  struct checkpoint checkpoint;
  struct note note;
};

struct witness_verdict {
  int status;
  const char *reason; /* one line; static */
};

/* Reads a request: 200 when it is well-formed, else 400. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err witness_parse(struct adduce_scope *scope, struct witness_verdict *verdict,
                                       struct witness_request *request, struct adduce_span body);

/* Decides about a request under what is known of its log (NULL: nothing). Errors:
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err witness_judge(struct adduce_scope *scope, struct witness_verdict *verdict,
                                       const struct witness_request *request,
                                       const struct witness_log *log,
                                       const struct witness_state *state);

#endif
