/* SPDX-License-Identifier: Apache-2.0 */
/* The rules in force at a position: what the control entries before it have established:
 * the ledger's identity, who may do what, which kinds are declared, which policy holds.
 *
 * A pure fold: rules at index i depend on entries [0, i) and on nothing else, so admission at i,
 * which looks at the entry and its recorded time, is decided once and comes out the same for
 * everyone who replays the log. docs/FORMAT.md has
 * the table of rights. */
#ifndef LOG_RULES_H
#define LOG_RULES_H

#include "claim/trust.h"
#include "crypto/note.h"
#include "event/event.h"

struct rules;

/* What a key may do. Every right is granted by key.authorized (or by being the founder, who
 * has all); `append` is the right to make ordinary claims and comes with any authorization.
 * `found` comes with all others, and only who has it can give it, by an authorization or by
 * rotating a key that has it. */
#define RULES_RIGHTS(X)                                          \
  X(RIGHT_APPEND, "append", "make claims")                       \
  X(RIGHT_FOUND, "found", "act as founder")                      \
  X(RIGHT_AUTHORIZE, "authorize", "authorize and rotate keys")   \
  X(RIGHT_REVOKE, "revoke", "revoke keys")                       \
  X(RIGHT_ERASE, "erase", "erase content, place and lift holds") \
  X(RIGHT_DECLARE, "declare", "declare kinds")                   \
  X(RIGHT_POLICY, "policy", "set policies")                      \
  X(RIGHT_SIGN, "sign", "name the log's key, import, state digests")

enum rules_right {
#define RULES_RIGHT_ENUM(symbol, name, text) symbol,
  RULES_RIGHTS(RULES_RIGHT_ENUM)
#undef RULES_RIGHT_ENUM
};

/* Rules before entry 0. They own a scope of their own. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err rules_open(struct adduce_scope *scope, struct rules **rules);
void rules_close(struct rules **rules);

/* A deep copy with a scope of its own, so that what others read stays as it is while the copy
 * takes in more. Any number of threads may read rules that nobody changes.
 * Errors: ADDUCE_E_MEMORY; `*copy` is NULL then. */
MUST_USE enum adduce_err rules_copy(struct adduce_scope *scope, struct rules **copy,
                                    const struct rules *from);

/* Whether the event may be admitted under these rules: entry 0 is a genesis; later ones have an
 * author who is authorized and not revoked, and a control event is understood, names this ledger,
 * is whole, has the right it needs and says what can be. A claim that is not understood is
 * ordinary. A foreign entry is admitted unless the policy in force refuses it, or it is a control
 * event that names this ledger. Changes nothing. Errors, the first in this order, with key, right
 * or index:
 *   ADDUCE_E_VALUE (entry 0 is no ledger.created);
 *   of foreign entries ADDUCE_E_REFUSED, with the rule, and no other;
 *   ADDUCE_E_UNAUTHORIZED (unknown author; ADDUCE_E_QUARANTINED where the policy says so),
 *   ADDUCE_E_REVOKED, ADDUCE_E_UNAUTHORIZED (no right to append);
 *   of control events ADDUCE_E_KIND (not understood), ADDUCE_E_OTHER_LEDGER, ADDUCE_E_MISSING (not
 *   whole), ADDUCE_E_UNAUTHORIZED (the right it needs), then those of rules_apply. */
MUST_USE enum adduce_err rules_admit(struct adduce_scope *scope, const struct rules *rules,
                                     uint64_t index, int64_t recorded_at_us,
                                     const struct event *event);

/* Takes in an admitted event at its index, at or after rules_next_index; cheap for ordinary
 * claims, which may be left out. The first must be the genesis. A control event that names
 * another ledger does nothing.
 *
 *   key.authorized  adds rights to a key that is known; one that was revoked cannot come back.
 *   key.rotated     the new key, unknown until now, has rights and organization; if the old one
 *                   signs and its authorization has next_key_digest, it is the new key's.
 *   key.revoked     of a key that is revoked already only puts it in doubt from earlier on.
 *   ledger.rekeyed  from_size lies beyond the index and every earlier from_size.
 *   bundle.imported names another ledger, a checkpoint of its origin, and at least one entry.
 *   hold.placed     forbids to erase its targets, or anything if it has none, until it is lifted
 *                   or, by the recorded time of the erasure, its `until` has passed.
 *   hold.lifted     ends holds that were placed here and not lifted before.
 *
 * Errors: ADDUCE_E_VALUE (what it says cannot be, as above; rotating or revoking an unknown key,
 * declaring a kind anew and differently), ADDUCE_E_KEY (a key that is not acceptable, or is both
 * an author's and the log's), ADDUCE_E_NOTE (origin or vkey), ADDUCE_E_UNAUTHORIZED (`found` given
 * by who has it not), ADDUCE_E_HELD (content.erased, of what a hold keeps), ADDUCE_E_KIND (a
 * control event that is not understood), ADDUCE_E_MEMORY; the rules are then spent. */
MUST_USE enum adduce_err rules_apply(struct adduce_scope *scope, struct rules *rules,
                                     uint64_t index, int64_t recorded_at_us,
                                     const struct event *event);

uint64_t rules_next_index(const struct rules *rules); /* of the next entry to be applied */
const struct adduce_id *rules_genesis(const struct rules *rules); /* zeroes before entry 0 */
struct adduce_span rules_origin(const struct rules *rules);
const struct vocabulary *rules_vocabulary(const struct rules *rules);

/* The log key in force for a checkpoint of `size`: the last of ledger.created and the
 * ledger.rekeyed whose from_size <= size. The second is the one that is also to sign at
 * exactly from_size, if any (NULL otherwise). */
void rules_log_keys(const struct rules *rules, uint64_t size, const struct note_verifier **verifier,
                    const struct note_verifier **outgoing);

/* What is known of an author's key. Pointers to it live until the next event is applied. */
struct rules_author {
  struct adduce_key key;
  uint64_t authorized_index;
  uint64_t revoked_index;          /* UINT64_MAX when not revoked */
  uint64_t suspect_from_index;     /* effective_from of the revocation; UINT64_MAX if none */
  unsigned rights;                 /* bit n: enum rules_right n */
  struct adduce_span organization; /* empty if none */
  const char *revocation_reason;   /* NULL if not revoked */
};
size_t rules_author_count(const struct rules *rules);
const struct rules_author *rules_author_at(const struct rules *rules, size_t index);
const struct rules_author *rules_author(const struct rules *rules,
                                        const struct adduce_key *key); /* NULL if unknown */

/* A hold that was placed here. Pointers to it live until the next event is applied. */
struct rules_hold {
  struct adduce_id id;
  uint64_t index;
  uint64_t lifted_index;           /* UINT64_MAX when it was not */
  int64_t until_us;                /* its last instant; INT64_MAX without one */
  const struct adduce_id *targets; /* none: everything */
  size_t target_count;
};
size_t rules_hold_count(const struct rules *rules);
const struct rules_hold *rules_hold_at(const struct rules *rules, size_t index);

/* Whether it forbids anything in an entry recorded then. */
static inline bool rules_hold_binds(const struct rules_hold *hold, int64_t recorded_at_us) {
  return hold->lifted_index == UINT64_MAX && recorded_at_us <= hold->until_us;
}

/* The first hold that forbids to erase this event in an entry recorded then; NULL if none does. */
const struct rules_hold *rules_hold_on(const struct rules *rules, const uint8_t *id32,
                                       int64_t recorded_at_us);

/* The id of the policy.set in force; NULL if none. */
const struct adduce_id *rules_policy(const struct rules *rules);

/* --- foreign entries ------------------------------------------------------------------------
 * A bundle.imported with a count n makes the n entries after it foreign: they were admitted by
 * another ledger, and here by the policy in force. Their authors need no right here, what they
 * refer to need not be here, and none of them changes a rule. */
struct rules_import {
  uint64_t index; /* of the bundle.imported; the foreign entries follow it */
  uint64_t count;
  struct adduce_id id;         /* of the bundle.imported */
  struct adduce_id source;     /* the genesis of the other ledger */
  struct adduce_hash manifest; /* of the bundle */
  struct adduce_span origin;   /* the other ledger's name */
};

size_t rules_import_count(const struct rules *rules);
const struct rules_import *rules_import_at(const struct rules *rules, size_t number);

/* The import that an entry came with; NULL of an entry of our own. */
const struct rules_import *rules_import_of(const struct rules *rules, uint64_t index);

/* Whether it is a control event that names this ledger: it acts here, and is not imported. */
bool rules_acts_here(const struct rules *rules, const struct event *event);

/* How many of the entries that the last import announces are missing from a log of `size`. */
uint64_t rules_foreign_missing(const struct rules *rules, uint64_t size);

/* What the policy in force makes of an event from this source; `*rule` is the rule of admission
 * that decided, or NULL where none fits. */
enum trust_admission rules_judge_foreign(const struct rules *rules, const struct adduce_id *source,
                                         struct adduce_span origin, const struct event *event,
                                         const struct trust_rule **rule);

#endif
