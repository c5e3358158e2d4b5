/* SPDX-License-Identifier: Apache-2.0 */
/* A question while it is being answered: where it stands in the log and in the world, how much is
 * wanted, and what has been found out so far. */
#ifndef QUERY_ASKED_H
#define QUERY_ASKED_H

#include "adduce/query.h"
#include "claim/worldtime.h"
#include "codec/value.h"
#include "projection/run.h"
#include "query/cache.h"
#include "query/world.h"

struct exclusion;
struct focus;
struct believed;
struct modefilter;
struct numbers;
struct voices;

struct asked {
  struct adduce_scope *scope;
  const struct query_world *world;
  uint64_t size;          /* entries [0, size) are visible */
  int64_t recorded_at_us; /* of the last of them */
  bool has_valid_at;
  struct worldtime valid_at;
  uint64_t limit, skip;
  bool is_on_way;                /* one of many positions: what names nothing there is no fault */
  struct exclusion *exclusion;   /* what is left out; NULL: nothing */
  const char *policy;            /* as it was asked for; NULL: the one in force */
  struct believed *policy_used;  /* the policy; NULL until an answer settles it (believed.h) */
  struct believed *believed;     /* the same if it has rules; NULL: everything counts */
  struct numbers *numbers;       /* what numbers follow from; NULL: nothing (numbers.h) */
  const struct focus *focus;     /* which claims of a subject are needed; NULL: all (focus.h) */
  struct modefilter *modefilter; /* which modes are wanted; NULL: all */
  struct voices *voices;         /* who says what of himself; NULL until it is asked */
  struct runs runs;              /* where the rows are */
  struct cache claims;           /* by index: struct told */
  struct cache people;           /* by key: struct person */
  struct cache names;            /* by subject: struct adduce_span */
  struct cache effects;          /* by id of an act: enum, see status.c */
  struct cache edges;            /* by subject: struct edges, see cluster.c */
};

/* Settles `at` and `valid_at`. `question` may be NULL.
 * Errors: as position_find; ADDUCE_E_USAGE (`valid_at` is no time of the world). */
MUST_USE enum adduce_err asked_open(struct asked *asked, struct adduce_scope *scope,
                                    const struct query_world *world,
                                    const struct adduce_question *question);

/* The same for a position on the way to another: there a selector that names nothing yet selects
 * nothing, and nothing at all may be left. */
MUST_USE enum adduce_err asked_open_on_way(struct asked *asked, struct adduce_scope *scope,
                                           const struct query_world *world,
                                           const struct adduce_question *question);

/* The question as if nothing were left out and everything counted. */
struct asked *asked_everything(struct asked *asked);

/* The index that a position names (position.h). Errors: as position_find. */
MUST_USE enum adduce_err asked_position(struct adduce_scope *scope, const struct query_world *world,
                                        uint64_t *index, const char *position);

/* An answer to be filled, which begins with `at`. */
struct adduce_value *asked_answer(const struct asked *asked);

/* Whether a control event acts in this ledger: it names it. */
bool asked_is_ours(const struct asked *asked, const struct parsed *parsed);

/* A subject as it was asked for: a bare name gets the origin. Lives in the scope. */
struct adduce_span asked_subject(const struct asked *asked, const char *name);

/* Counts a line of the answer: whether it is among those to skip, to show, or beyond the limit. */
struct asked_page {
  uint64_t seen, shown;
  bool more;
};
enum asked_turn { ASKED_SKIP, ASKED_SHOW, ASKED_STOP };
enum asked_turn asked_turn(const struct asked *asked, struct asked_page *page);

/* Sets `more`. */
void asked_more(const struct asked *asked, struct adduce_value *answer,
                const struct asked_page *page);

/* --- small words for building answers ------------------------------------------------------*/

void asked_set(const struct asked *asked, struct adduce_value *map, const char *key,
               struct adduce_value *value);
void asked_set_text(const struct asked *asked, struct adduce_value *map, const char *key,
                    const char *text);

/* Text of a span; nothing is set when it is empty. */
void asked_set_str(const struct asked *asked, struct adduce_value *map, const char *key,
                   struct adduce_span text);
void asked_set_number(const struct asked *asked, struct adduce_value *map, const char *key,
                      uint64_t number);
void asked_set_id(const struct asked *asked, struct adduce_value *map, const char *key,
                  const uint8_t *id32);
void asked_set_time(const struct asked *asked, struct adduce_value *map, const char *key,
                    int64_t time_us);
/* Nothing is set when it is false. */
void asked_set_flag(const struct asked *asked, struct adduce_value *map, const char *key,
                    bool flag);
/* The tree of canonical bytes. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err asked_set_encoded(const struct asked *asked, struct adduce_value *map,
                                           const char *key, struct adduce_span encoded);

#endif
