/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger to measure: made in a folder, with the generator's authors authorized. */
#ifndef TESTS_BENCH_HOUSE_H
#define TESTS_BENCH_HOUSE_H

#include "adduce.h"
#include "support/generator.h"

struct house {
  const char *folder; /* of the ledger */
  const char *heads;  /* of the head locks */
  struct adduce_ledger *ledger;
  struct adduce_id genesis;
};

/* A signer of a room as the public calls take it; they are the same object. */
static inline const struct adduce_signer *house_signer(const struct signer *signer) {
  return (const struct adduce_signer *)signer;
}

/* Makes the ledger FOLDER/ledger; FOLDER must exist. The generator joins it. */
void house_make(struct adduce_scope *scope, struct house *house, struct generator *generator,
                const char *folder, unsigned authors);

/* Opens the ledger that is there; `log_signer` may be NULL. */
void house_open(struct adduce_scope *scope, struct house *house, const struct signer *log_signer,
                const char *folder);

/* Adds signed events to a writer's batch, as somebody else's. */
void house_add_signed(struct adduce_scope *scope, struct adduce_writer *writer,
                      const struct event *events, size_t count);

/* Appends signed events through a writer, as somebody else's, in one batch. */
void house_append_signed(struct adduce_scope *scope, struct adduce_writer *writer,
                         const struct event *events, size_t count);

#endif
