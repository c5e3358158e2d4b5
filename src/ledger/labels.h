/* SPDX-License-Identifier: Apache-2.0 */
/* Labels: names that a writer's claims give themselves, so that later claims can name them
 * before their ids can be known to a person. */
#ifndef LEDGER_LABELS_H
#define LEDGER_LABELS_H

#include "base/scope.h"

struct label {
  struct adduce_span name;
  struct adduce_id id;
  uint64_t batch; /* in which it was set */
};

/* An open hash table in a scope. Invariant: count * 2 <= capacity, a power of two. */
struct labels {
  struct adduce_scope *scope;
  struct label *slots; /* a slot with name.data == NULL is free */
  size_t count, capacity;
};

void labels_init(struct labels *labels, struct adduce_scope *scope);

/* The id of a label; NULL if it is not known. */
const struct adduce_id *labels_get(const struct labels *labels, struct adduce_span name);

/* Sets a label; one that is known already is ADDUCE_E_EXISTS unless it names the same event.
 * The name is copied. Errors: ADDUCE_E_EXISTS, ADDUCE_E_MEMORY (detail in the labels' scope). */
MUST_USE enum adduce_err labels_set(struct labels *labels, struct adduce_span name,
                                    const struct adduce_id *id, uint64_t batch);

/* Forgets the labels of one batch. */
void labels_forget(struct labels *labels, uint64_t batch);

#endif
