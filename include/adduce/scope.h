/* SPDX-License-Identifier: Apache-2.0 */
/* The scope: memory, error detail and trace of one command or request.
 *
 * Every call that can fail or that returns more than a plain value takes a scope first.
 * What it returns lives until the scope is reset or closed: that is the only lifetime rule
 * of the library. A scope belongs to one thread at a time. */
#ifndef ADDUCE_SCOPE_H
#define ADDUCE_SCOPE_H

#include <stddef.h>

#include "adduce/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct adduce_scope;

/* Opens a scope that may hold at most `limit_bytes` at a time; 0 means 1 GiB.
 * Errors: ADDUCE_E_MEMORY when the system has no memory; `*scope` is NULL then. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_scope_open(struct adduce_scope **scope,
                                                             size_t limit_bytes);

/* Ends everything that lives in the scope, and the scope; `*scope` becomes NULL. NULL is fine. */
ADDUCE_API void adduce_scope_close(struct adduce_scope **scope);

/* Ends everything that lives in the scope and keeps the scope for reuse. */
ADDUCE_API void adduce_scope_reset(struct adduce_scope *scope);

/* Where and what the last error was: "event 7, field valid.from, byte 113: ...". Written by
 * the call that failed; empty text if none did. Lives until the next failing call. */
ADDUCE_API const char *adduce_scope_detail(const struct adduce_scope *scope);

/* Receives one line of trace, without its newline. */
typedef void adduce_trace_fn(void *context, const char *line);

/* Sends the trace (what the library did, for diagnosis; never secrets, never contents) to
 * `sink`; NULL, the default, drops it. */
ADDUCE_API void adduce_scope_trace(struct adduce_scope *scope, adduce_trace_fn *sink,
                                   void *context);

/* Progress of long work: `done` of `total` units (total 0: not known). Returning non-zero
 * interrupts the work with ADDUCE_E_INTERRUPTED, leaving a consistent state. */
typedef int adduce_progress_fn(void *context, const char *what, unsigned long long done,
                               unsigned long long total);

/* Calls `progress` a few times a second during long work; NULL, the default, does not. */
ADDUCE_API void adduce_scope_progress(struct adduce_scope *scope, adduce_progress_fn *progress,
                                      void *context);

#ifdef __cplusplus
}
#endif
#endif
