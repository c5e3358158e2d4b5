/* SPDX-License-Identifier: Apache-2.0 */
/* Our own invariants: always compiled in. Input can never break one; if one is broken the
 * program is wrong, and it stops before a wrong byte is signed or written. */
#ifndef BASE_INVARIANT_H
#define BASE_INVARIANT_H

#include <stdlib.h>

#define INVARIANT(condition)   \
  do {                         \
    if (!(condition)) abort(); \
  } while (0)

#endif
