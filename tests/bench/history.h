/* SPDX-License-Identifier: Apache-2.0 */
/* The large ledger at other positions than its last: what was known then, and what differs. */
#ifndef TESTS_BENCH_HISTORY_H
#define TESTS_BENCH_HISTORY_H

#include <stdint.h>

#include "base/scope.h"

/* Rows about the ledger in `folder`, which has `events`. `adduce` is the path of the command line.
 */
void history_measure(struct adduce_scope *scope, const char *folder, const char *adduce,
                     uint64_t events);

#endif
