/* SPDX-License-Identifier: Apache-2.0 */
/* The levels of exclusion.h, worked out for the events that are asked for and what they lead to.
 *
 * What an event's level grows from is read once: the events it names, the voices of its chain, the
 * links it stands in. These lead to others, and all that are reached and not settled yet are
 * settled together, by raising levels until no rule raises one: so circles of links end, and what
 * leads to a settled event costs a look. */
#ifndef QUERY_LEVELS_H
#define QUERY_LEVELS_H

#include "query/exclusion.h"
#include "query/keeping.h"
#include "query/links.h"

struct levels_voice;
struct levels_node;
struct levels_dep;
struct levels_page;

struct levels {
  struct asked *whole;
  const struct selector *without;
  size_t without_count;
  struct keeping *keeping; /* NULL: everything is kept */
  bool has_words;          /* some selector takes words away */
  bool has_links;          /* some link has an event for an end */
  struct levels_page **pages;
  struct cache voices; /* by subject */

  /* While events are being settled. */
  struct levels_node *nodes;
  size_t node_count, node_capacity;
  struct levels_dep *deps;
  size_t dep_count, dep_capacity;
};

/* Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err levels_open(struct levels *levels, struct asked *whole,
                                     const struct selector *without, size_t without_count,
                                     struct keeping *keeping);

/* The level of an event, 0 to 3. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err levels_find(struct levels *levels, unsigned *level, uint64_t index);

/* The level of a voice. */
MUST_USE enum adduce_err levels_find_voice(struct levels *levels, unsigned *level,
                                           struct adduce_span subject);

/* By which rule an event that is left out is so. */
MUST_USE enum adduce_err levels_find_why(struct levels *levels, struct exclusion_why *why,
                                         uint64_t index);

#endif
