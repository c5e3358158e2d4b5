/* SPDX-License-Identifier: Apache-2.0 */
/* Random ledgers in which much rests on something else: sources, revisions and captures, chains of
 * attribution, links between statements, judgements of identity, acts and acts on acts, corrections
 * of all of them. What was said is kept beside the shelf it was put on, so that a test can find out
 * for itself what it comes to. There is one such ledger at a time.
 *
 * Calls end the test that makes them when anything fails. */
#ifndef TESTS_SUPPORT_SAYINGS_H
#define TESTS_SUPPORT_SAYINGS_H

#include "support/shelf.h"

#define SAYINGS_EVENTS 28
#define SAYINGS_AUTHORS 5 /* the even ones of one house */
#define SAYINGS_VOICES 5  /* who speaks and publishes */
#define SAYINGS_NAMES 9   /* voices, then things */
#define SAYINGS_REFS 4

struct said_ref {
  const char *role;
  size_t index;
};

struct said {
  const char *kind;
  struct adduce_value *content;
  size_t author;
  int handling;
  struct said_ref refs[SAYINGS_REFS];
  size_t ref_count;
};

struct sayings {
  struct shelf shelf;
  struct said said[SAYINGS_EVENTS + 1];
  size_t count;
};

extern struct sayings sayings;

/* Makes a ledger, the same for the same number but for its ids, and folds it. The shelf is open. */
void sayings_ledger(uint64_t number);

/* Signs an event and puts it on a shelf whose entries are those of this ledger so far. */
void sayings_put(struct shelf *on, const struct said *said);

/* A number below `below`, from the same sequence. */
unsigned sayings_pick(unsigned below);

/* The subject id of a voice or thing. */
const char *sayings_name(unsigned number);

#endif
