/* SPDX-License-Identifier: Apache-2.0 */
/* The scope: an arena, the detail of the last error, the trace and progress sinks.
 *
 * Invariants
 *   1. used_bytes <= limit_bytes.
 *   2. Every chunk's `used` <= its `size`; only the newest chunk is allocated from.
 *   3. exhausted is true iff an allocation failed since the scope was opened or reset. */
#ifndef BASE_SCOPE_H
#define BASE_SCOPE_H

#include "adduce/scope.h"
#include "base/span.h"

/* A place in the arena to go back to. */
struct scope_mark {
  void *chunk;
  size_t used;
};

/* `size` bytes, aligned for any type, not cleared; NULL when the limit or memory is reached
 * (and `scope_exhausted` is true from then on). `size` 0 gives a valid pointer. */
MUST_USE void *scope_alloc(struct adduce_scope *scope, size_t size);

/* `count` objects of `size` bytes, cleared; NULL as above, and when the product overflows. */
MUST_USE void *scope_array(struct adduce_scope *scope, size_t count, size_t size);

#define scope_new(scope, type) ((type *)scope_array((scope), 1, sizeof(type)))

/* Makes the allocation `old` of `old_size` bytes one of `new_size` (larger), in place if it
 * is the newest. NULL as above; `old` stays valid. */
MUST_USE void *scope_grow(struct adduce_scope *scope, void *old, size_t old_size, size_t new_size);

/* Room for one more in an array of `count` items for which there is room for `*capacity`: the
 * array, which may have moved. NULL as above; `items` and `*capacity` are as they were then. */
MUST_USE void *scope_room(struct adduce_scope *scope, size_t *capacity, void *items, size_t count,
                          size_t item_bytes);

/* A copy with a NUL after it (not counted). data is NULL on failure. */
struct adduce_span scope_copy(struct adduce_scope *scope, struct adduce_span bytes);

/* Formatted text, NUL-terminated; "" when memory is out (and the scope is exhausted). */
__attribute__((format(printf, 2, 3))) const char *scope_format(struct adduce_scope *scope,
                                                               const char *format, ...);

/* True iff an allocation failed since the scope was opened or reset. Builders that do not
 * check each step check this once at their end. */
bool scope_exhausted(const struct adduce_scope *scope);

struct scope_mark scope_mark(struct adduce_scope *scope);

/* Ends everything allocated since `mark`. */
void scope_rewind(struct adduce_scope *scope, struct scope_mark mark);

/* Writes the detail of an error where it is seen, and returns `err`. */
__attribute__((format(printf, 3, 4))) enum adduce_err scope_fail(struct adduce_scope *scope,
                                                                 enum adduce_err err,
                                                                 const char *format, ...);

/* Puts a prefix ("line 7: ") before the detail that is there, and returns `err`. */
__attribute__((format(printf, 3, 4))) enum adduce_err scope_wrap(struct adduce_scope *scope,
                                                                 enum adduce_err err,
                                                                 const char *format, ...);

/* Says in `scope` what failed in another scope, and returns `err`. */
enum adduce_err scope_relay(struct adduce_scope *scope, enum adduce_err err,
                            const struct adduce_scope *from);

/* ADDUCE_E_MEMORY with its detail. */
enum adduce_err scope_no_memory(struct adduce_scope *scope);

/* One line of trace. Never secrets, never contents. */
__attribute__((format(printf, 2, 3))) void scope_trace(struct adduce_scope *scope,
                                                       const char *format, ...);

/* Reports progress. Errors: ADDUCE_E_INTERRUPTED when the sink asks to stop. */
MUST_USE enum adduce_err scope_progress(struct adduce_scope *scope, const char *what, uint64_t done,
                                        uint64_t total);

/* Returns from the calling function when `call` fails. Only in functions that own nothing
 * which must be released. */
#define TRY(call)                             \
  do {                                        \
    enum adduce_err try_err = (call);         \
    if (try_err != ADDUCE_OK) return try_err; \
  } while (0)

#endif
