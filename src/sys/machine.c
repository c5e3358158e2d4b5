/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/machine.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "base/invariant.h"

int64_t machine_now_us(void) {
  struct timespec now;
  INVARIANT(clock_gettime(CLOCK_REALTIME, &now) == 0);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

uint64_t machine_monotonic_ns(void) {
  struct timespec now;
  INVARIANT(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

unsigned machine_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return (unsigned)CPU_COUNT(&set);
  long online = sysconf(_SC_NPROCESSORS_ONLN); /* more processors than a cpu_set_t has */
  return online < 1 ? 1 : (unsigned)online;
}
