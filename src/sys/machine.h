/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's clocks. */
#ifndef SYS_MACHINE_H
#define SYS_MACHINE_H

#include <stdint.h>

/* Wall time in microseconds since 1970 UTC. */
int64_t machine_now_us(void);

/* A clock that only goes forward, for intervals, in nanoseconds. */
uint64_t machine_monotonic_ns(void);

/* How many processors this process may use; at least 1. */
unsigned machine_processors(void);

#endif
