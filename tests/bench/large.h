/* SPDX-License-Identifier: Apache-2.0 */
/* The large ledger: appended and verified by processes of their own, which watch their memory, and
 * asked by whole processes of the command line. */
#ifndef TESTS_BENCH_LARGE_H
#define TESTS_BENCH_LARGE_H

#include <stdint.h>

#include "base/scope.h"

/* What a process that this program starts does: "append FOLDER EVENTS" or "verify FOLDER". It
 * prints seconds and the peak of its memory in kB. */
int large_work(const char *mode, const char *folder, uint64_t events);

/* All rows of the large ledger. `adduce` is the path of the command line. */
void large_measure(struct adduce_scope *scope, const char *folder, const char *adduce,
                   uint64_t events);

/* Those of them that ask: of a ledger that is there from another time. */
void large_measure_questions(struct adduce_scope *scope, const char *folder, const char *adduce,
                             uint64_t events);

#endif
