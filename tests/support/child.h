/* SPDX-License-Identifier: Apache-2.0 */
/* Children of a test, which may die of what they look at. */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

#include <signal.h>

/* To be called first in a child: cmocka catches faults, and would go on with the next test there.
 */
static inline void child_dies_of_faults(void) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++) (void)signal(faults[i], SIG_DFL);
}

#endif
