/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs out of a large ledger, its publishing, and audits of it and of a small one. */
#ifndef TESTS_BENCH_PROOFS_H
#define TESTS_BENCH_PROOFS_H

#include "base/scope.h"

/* All rows about proofs, of a ledger of `events` that is made in `folder`. */
void proofs_measure(struct adduce_scope *scope, const char *folder, uint64_t events);

#endif
