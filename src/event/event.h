/* SPDX-License-Identifier: Apache-2.0 */
/* The third stage: a claim with a signature that is good. Only event_sign and event_verify
 * make one. The event is an array of 8 (docs/FORMAT.md 2); its id is SHA-256(M), where
 * M = "adduce/event/v1\n" || items 0..6 encoded as an array of 7 is what the author signs. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "claim/claim.h"
#include "crypto/sign.h"
#include "crypto/signer.h"
#include "event/content.h"

struct event {
  struct claim claim;
  struct adduce_id id;
};

/* What an author wants to say. */
struct event_draft {
  struct adduce_span kind;
  int64_t claimed_at_us;
  const struct parsed_ref *refs; /* any order; equal pairs are dropped */
  size_t ref_count;
  enum adduce_handling handling;
  const struct adduce_value *content; /* a map; NULL is an empty one */
};

/* Encodes, commits with a fresh seed, validates as CLAIM_OWN and then signs: what is not valid is
 * never signed. Everything lives in the scope; the bytes to append are event->claim.parsed.event
 * and .content. Errors: those of value_encode, parsed_read, claim_validate and signer_sign. */
MUST_USE enum adduce_err event_sign(struct adduce_scope *scope, struct event *event,
                                    const struct event_draft *draft,
                                    const struct vocabulary *vocabulary,
                                    const struct signer *signer);

/* The id: SHA-256(M). */
struct adduce_id event_id(const struct parsed *parsed);

/* Verifies signature (strict profile; the key is acceptable) and, where content is held,
 * commitment. Errors: ADDUCE_E_KEY, ADDUCE_E_SIGNATURE, ADDUCE_E_COMMITMENT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err event_verify(struct adduce_scope *scope, struct event *event,
                                      const struct claim *claim);

/* An event read back from the store, whose signature was verified at admission: only the id is
 * computed. Not for foreign bytes. */
void event_recall(struct event *event, const struct parsed *parsed,
                  const struct vocabulary *vocabulary);

/* M, for those who verify many signatures themselves. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err event_message(struct adduce_scope *scope, struct adduce_span *message,
                                       const struct parsed *parsed);

#endif
