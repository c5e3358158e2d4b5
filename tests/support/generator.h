/* SPDX-License-Identifier: Apache-2.0 */
/* A generator of realistic ledgers: sizes and shapes like the seed case, as many events as one
 * asks for.
 *
 * The same seed says the same claims by the same keys in the same order; ids differ from run to
 * run, because every content has fresh salts. One generator belongs to one thread.
 *
 * Of a hundred claims about 62 are facts of ten or eleven fields, 20 describe entities, releases
 * and sanctions, 4 cite sources, the others act on earlier claims: corrections, disputes,
 * corroborations, retractions, ends, and judgements that two subjects are the same. A new subject
 * comes up every twelve claims; one claim in fifty is about the first sixteen, which everybody
 * talks about. Author 0 is the founder; the others are authorized by generator_authorize. */
#ifndef TESTS_SUPPORT_GENERATOR_H
#define TESTS_SUPPORT_GENERATOR_H

#include "event/event.h"

#define GENERATOR_ORIGIN "monitor.example"
#define GENERATOR_AUTHORS_MAX 64

struct generator_options {
  uint64_t seed;         /* of the claims */
  uint64_t keys_seed;    /* of the keys: generators that share it have the same authors */
  unsigned authors;      /* 1 to GENERATOR_AUTHORS_MAX, the founder counted */
  uint64_t rotate_every; /* claims between two key rotations; 0: none. Needs the genesis. */
};

struct generator;

/* Lives in `scope`, but for the keys: generator_close ends those. */
MUST_USE enum adduce_err generator_open(struct adduce_scope *scope, struct generator **generator,
                                        const struct generator_options *options);
void generator_close(struct generator **generator);

const struct signer *generator_founder(const struct generator *generator);

/* A signer that is none of the authors', for checkpoints. */
const struct signer *generator_log_signer(const struct generator *generator);

/* Control claims name their ledger. */
void generator_join(struct generator *generator, const struct adduce_id *genesis);

/* One claim, not signed yet. */
struct generator_claim {
  struct event_draft draft;
  const struct signer *author;
};

/* ledger.created for log_create; author: the founder. */
MUST_USE enum adduce_err generator_genesis(struct adduce_scope *scope,
                                           const struct generator *generator,
                                           struct event *genesis);

/* The authorization of author `number` (1 .. authors - 1), by the founder. */
void generator_authorize(struct adduce_scope *scope, const struct generator *generator,
                         struct generator_claim *claim, unsigned number);

/* The next claim. It lives in the scope. Whoever appends it says its id before the next. */
void generator_next(struct adduce_scope *scope, struct generator *generator,
                    struct generator_claim *claim);
void generator_said(struct generator *generator, const struct adduce_id *id);

/* Signs a claim. Errors: those of event_sign. */
MUST_USE enum adduce_err generator_sign(struct adduce_scope *scope,
                                        const struct generator *generator, struct event *event,
                                        const struct generator_claim *claim);

/* The next claim as a signed event; its id has been said. */
MUST_USE enum adduce_err generator_event(struct adduce_scope *scope, struct generator *generator,
                                         struct event *event);

/* A claim as adduce_writer_add takes it. */
const struct adduce_value *generator_map(struct adduce_scope *scope,
                                         const struct generator_claim *claim);

/* The id of subject `number`, and how many there are so far. */
const char *generator_subject(struct adduce_scope *scope, uint64_t number);
uint64_t generator_subject_count(const struct generator *generator);

#endif
