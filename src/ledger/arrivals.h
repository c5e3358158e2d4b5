/* SPDX-License-Identifier: Apache-2.0 */
/* The verified events of a bundle that is being imported: in a file, since memory would not hold
 * those of a large one, and read back once it is known what becomes of them. */
#ifndef LEDGER_ARRIVALS_H
#define LEDGER_ARRIVALS_H

#include "event/event.h"
#include "sys/reader.h"
#include "sys/spool.h"

/* What becomes of an event if anything of its bundle comes in, and if nothing does. */
enum arrivals_fate {
  ARRIVALS_ENTERS,
  ARRIVALS_COMES_ALONG, /* a control event: it enters with others, and waits without them */
  ARRIVALS_WAITS,
  ARRIVALS_STAYS_OUT,
};
#define ARRIVALS_FATES 4

struct arrivals {
  struct spool spool;
  struct reader reader;
  uint64_t place, end; /* bytes */
};

struct arrival {
  struct event event;
  uint64_t index; /* in the source */
  enum arrivals_fate fate;
  size_t bytes; /* of the event and its content */
};

/* Makes the file at `path`, which is borrowed, and takes its name away again: not even a kill
 * leaves anything of it. Errors: those of spool_open, of reader_open. */
MUST_USE enum adduce_err arrivals_open(struct adduce_scope *scope, struct arrivals *arrivals,
                                       const char *path);

/* Errors: those of spool_write. */
MUST_USE enum adduce_err arrivals_add(struct adduce_scope *scope, struct arrivals *arrivals,
                                      const struct event *event, uint64_t index,
                                      enum arrivals_fate fate);

/* Goes to the first; nothing more is added then. Errors: those of spool_flush. */
MUST_USE enum adduce_err arrivals_rewind(struct adduce_scope *scope, struct arrivals *arrivals);

/* The next one, read by `vocabulary`, which must outlive it; in the scope. `*is_end`: there was
 * none. Errors: ADDUCE_E_CORRUPT, ADDUCE_E_IO, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err arrivals_next(struct adduce_scope *scope, struct arrivals *arrivals,
                                       struct arrival *arrival, const struct vocabulary *vocabulary,
                                       bool *is_end);

/* Closing twice is fine. */
void arrivals_close(struct arrivals *arrivals);

#endif
