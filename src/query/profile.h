/* SPDX-License-Identifier: Apache-2.0 */
/* What an event rests on, as it can be read off the event itself: whose key signed it, which events
 * it names, and on whose word it is said. Spans borrow from the world; nothing is kept in a
 * scope. */
#ifndef QUERY_PROFILE_H
#define QUERY_PROFILE_H

#include "query/asked.h"

struct profile {
  uint64_t index;
  struct adduce_id id;
  struct adduce_span kind_name;
  const struct vocabulary_kind *kind; /* NULL: not understood at its place */
  bool is_control;                    /* changes rules or rights: it is never left out */
  enum adduce_handling handling;
  uint8_t author32[32];
  struct cursor refs;
  struct parsed_field chain; /* `attribution`; no key when there is none */
  enum parsed_form form;
  struct adduce_span subject, publisher; /* of a source: the subject ids of its own and of whoever
                                          published it; empty if it gives none */
};

/* Reads the event at an index, in whatever world: what is left out is not asked after.
 * Errors: ADDUCE_E_POSITION, ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err profile_read(struct asked *asked, struct profile *profile, uint64_t index);

static inline bool profile_is_source(const struct profile *profile) {
  return profile->kind != NULL && profile->kind->effect == EFFECT_SOURCE;
}

/* Whether this ref is one that the event acts on: it revises it, retracts it ... */
bool profile_acts_on(const struct profile *profile, const struct parsed_ref *ref);

/* Whether this ref is one that bears the event out: a source it cites, a piece of evidence. */
bool profile_rests_on(const struct parsed_ref *ref);

/* --- chains of attribution ----------------------------------------------------------------- */

/* The hops of a chain, outermost first. */
struct profile_hops {
  struct parsed parsed;
  struct cursor elements;
  uint32_t left;
};

struct profile_hop {
  struct adduce_span agent;     /* empty if it is nobody named, or withheld */
  struct adduce_span anonymous; /* how an unnamed speaker is described; empty if he is not */
  bool is_innermost;
};

/* `field` may be NULL, which is a chain without hops. */
void profile_hops_init(struct profile_hops *hops, const struct parsed_field *field,
                       enum parsed_form form);
bool profile_hops_next(struct profile_hops *hops, struct profile_hop *hop);

#endif
