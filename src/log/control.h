/* SPDX-License-Identifier: Apache-2.0 */
/* What a control event says, read out of its content: the step between a valid claim and a
 * change of the rules. What an erasure takes away acts in the log (log/erase.h). */
#ifndef LOG_CONTROL_H
#define LOG_CONTROL_H

#include "crypto/note.h"
#include "event/event.h"

enum control_act {
  CONTROL_NOTHING, /* ordinary, or a control event that changes no rule */
  CONTROL_FOUND,
  CONTROL_REKEY,
  CONTROL_AUTHORIZE,
  CONTROL_ROTATE,
  CONTROL_REVOKE,
  CONTROL_POLICY,
  CONTROL_DECLARE,
  CONTROL_IMPORT,
  CONTROL_ERASE, /* changes no rule, but a hold may forbid it */
  CONTROL_HOLD,
  CONTROL_LIFT,
};

/* Spans borrow from the event or live in the scope. */
struct control {
  enum control_act act;
  struct adduce_key key;           /* authorized, revoked, or the old one */
  struct adduce_key new_key;       /* ROTATE */
  unsigned rights;                 /* AUTHORIZE; with all that come with them */
  struct adduce_span organization; /* AUTHORIZE; empty if none */
  bool has_next;                   /* AUTHORIZE */
  struct adduce_hash next_digest;
  const char *reason;      /* REVOKE; static text */
  bool has_effective_from; /* REVOKE */
  uint64_t effective_from;
  struct adduce_span origin;     /* FOUND; IMPORT: of the other ledger */
  struct note_verifier verifier; /* FOUND, REKEY */
  uint64_t from_size;            /* REKEY */
  bool quarantines;              /* POLICY: unknown authors */
  struct adduce_span rules;      /* POLICY: the encoded list; empty if none */
  struct adduce_id source;       /* IMPORT: the genesis of the other ledger */
  struct adduce_hash manifest;   /* IMPORT: of the bundle's manifest */
  struct adduce_span checkpoint; /* IMPORT: the other ledger's, a signed note */
  uint64_t count;                /* IMPORT: how many entries after this one are foreign */
  int64_t until_us;              /* HOLD: the last instant; INT64_MAX without one */
};

/* True iff the name is one of control; its event is to be understood or refused. */
bool control_is(const struct event *event);

/* Reads an event of a control kind that is understood and whole.
 * Errors: ADDUCE_E_VALUE (a field is missing or not of its type, which a valid claim's never
 * is), ADDUCE_E_NOTE (origin or vkey), ADDUCE_E_KEY, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err control_read(struct adduce_scope *scope, struct control *control,
                                      const struct event *event);

#endif
