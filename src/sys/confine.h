/* SPDX-License-Identifier: Apache-2.0 */
/* Work on bytes of strangers in a child process that can do nothing else: it reads one pipe, writes
 * another, and computes. No file, no socket, no program, no process; its memory and its time are
 * bounded; it ends with its parent. On Linux by limits, landlock and seccomp; which of them the
 * kernel has is told, not assumed.
 *
 * The parent hands in what the child asks to read and takes what it writes, at once, so neither
 * waits for the other. What comes out is the word of a process that may have been taken over: it is
 * to be read with the same care as what went in, but in a form that is simpler to read. */
#ifndef SYS_CONFINE_H
#define SYS_CONFINE_H

#include "base/scope.h"

/* In the child: reads up to `capacity` bytes of the input, 0 at its end; writes all of `bytes`.
 * They end the process when the other side is gone. */
size_t confine_take(uint8_t *out, size_t capacity);
void confine_give(struct adduce_span bytes);

/* What the child does. It has a copy of the parent's memory but for secrets (pages_drop_secrets);
 * handles that were open are not to be used, and descriptors are closed. */
typedef void confine_fn(void *context);

struct confine_limits {
  size_t memory_bytes; /* beyond what the parent has */
  unsigned cpu_seconds;
  unsigned idle_seconds; /* without anything read or written */
};

/* Gives the next bytes of the input: up to `capacity`, `*got` of them, 0 only at the end. */
typedef enum adduce_err confine_source_fn(void *context, struct adduce_scope *scope, uint8_t *out,
                                          size_t *got, size_t capacity);

#define CONFINE_INPUT ((size_t)64 << 10)

struct confine {
  int pid;     /* 0: none */
  int in, out; /* our ends */
  confine_source_fn *source;
  void *context;
  struct confine_limits limits;
  bool has_landlock, has_seccomp, has_no_secrets; /* known after the first read */
  bool is_told;
  uint8_t *input; /* what was taken from the source and not yet handed in */
  size_t input_at, input_size;
};

/* Starts the child. Errors: ADDUCE_E_MEMORY, ADDUCE_E_IO (no process, no pipe). */
MUST_USE enum adduce_err confine_start(struct adduce_scope *scope, struct confine *confine,
                                       confine_fn *work, void *work_context,
                                       confine_source_fn *source, void *source_context,
                                       const struct confine_limits *limits);

/* Bytes that the child wrote: up to `capacity`, `*got` of them, 0 when it has ended. Errors: those
 * of the source; ADDUCE_E_REFUSED (the child was ended: for what it tried, for its memory or time,
 * or it crashed; the detail says which), ADDUCE_E_IO. */
MUST_USE enum adduce_err confine_read(struct adduce_scope *scope, struct confine *confine,
                                      uint8_t *out, size_t *got, size_t capacity);

/* Kills the child if it still runs, and closes. */
void confine_close(struct confine *confine);

#endif
