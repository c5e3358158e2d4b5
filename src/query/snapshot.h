/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger says of one subject at one position, as lines that can be compared with those at
 * another: history, diff and replay are all made of such comparisons, and of nothing else.
 *
 * The lines are those of the state, and three more sorts, so that nothing that can change is left
 * out: what the numbers given together bound, which claims say nothing because parts of them are
 * missing, and with whom the subject is one, or judged not to be.
 *
 * A line has an identity, by which it is the same line elsewhere, and a print: everything that is
 * said of it, with each claim it rests on, what became of that claim, what the claim reads now, and
 * which of the sources it cites were revised. A line has changed iff its prints differ. Names and
 * sentences are in no print: they are for reading. */
#ifndef QUERY_SNAPSHOT_H
#define QUERY_SNAPSHOT_H

#include "query/bounds.h"
#include "query/lines.h"

enum snapshot_section {
  SNAPSHOT_FACT,
  SNAPSHOT_RELATION,
  SNAPSHOT_SANCTION,
  SNAPSHOT_RELEASE,
  SNAPSHOT_STATE,
  SNAPSHOT_BOUNDS,     /* of the lines of one field together */
  SNAPSHOT_INCOMPLETE, /* a claim that says nothing here */
  SNAPSHOT_SAME,       /* another id of the subject */
  SNAPSHOT_PARTED,     /* an id that is tied to it, and judged not to be it */
};

/* A claim that a line rests on. */
struct snapshot_support {
  const struct told *told;
  struct adduce_span print;
};

struct snapshot_line {
  enum snapshot_section section;
  struct adduce_span identity, print;
  struct adduce_span field; /* empty if it has none */
  struct adduce_span other; /* the other id, of SAME and PARTED */
  const struct line *line;  /* of the sections of the state; else NULL */
  struct bounds bounds;     /* of BOUNDS, and of a fact with a number beside it */
  struct snapshot_support *supports;
  size_t count, capacity;
};

struct snapshot {
  struct asked asked;
  struct cluster cluster;
  struct cache sources;        /* revised.h */
  struct snapshot_line *items; /* in order of identity */
  size_t count, capacity;
};

/* Whether what a question says of a subject hangs on the events alone that touch it (touch.h). Who
 * speaks of his own acts is decided by events about quite other subjects, and so is what falls with
 * what is left out: then every subject and every entry is compared, which is as exact, and slow. */
bool snapshot_is_local(const struct adduce_question *question);

/* The lines of a subject as `question` asks for them, but at `index`; `field` empty: all. A subject
 * of which nothing is said has no lines. With a `focus` (else NULL) only what it is enough for is
 * as it is without. Lives in `scope`. Errors: as asked_open, but for the
 * position; as gather_subject, but ADDUCE_E_NOT_FOUND. */
MUST_USE enum adduce_err snapshot_take(struct snapshot *snapshot, struct adduce_scope *scope,
                                       const struct query_world *world,
                                       const struct adduce_question *question, uint64_t index,
                                       struct adduce_span subject, struct adduce_span field,
                                       const struct focus *focus);

/* Before the first entry: nothing. */
void snapshot_empty(struct snapshot *snapshot, struct adduce_scope *scope,
                    const struct query_world *world);

/* The line of this identity; NULL if there is none. */
const struct snapshot_line *snapshot_find(const struct snapshot *snapshot,
                                          struct adduce_span identity);

/* A line as answers show it, in the snapshot's scope: {the line as in `explain` without its acts,
 * supports: n, support: [{id, index, status, marks?, revised?: [{id, index}]}]}; of its claims only
 * those that are not the same in `beside`, which may be NULL. Errors: as lineview_line. */
MUST_USE enum adduce_err snapshot_render(struct snapshot *snapshot, struct adduce_value **map,
                                         const struct snapshot_line *line,
                                         const struct snapshot_line *beside);

/* The name of a section in answers. */
const char *snapshot_section_name(enum snapshot_section section);

#endif
