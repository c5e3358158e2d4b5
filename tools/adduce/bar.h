/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work, and its interruption.
 *
 * The bar is drawn on standard error when that is a terminal, once the work has taken a moment,
 * and is gone when the work ends. The first SIGINT, SIGTERM or SIGHUP asks the work to stop at the
 * next safe place, the second ends the program at once. */
#ifndef ADDUCE_CLI_BAR_H
#define ADDUCE_CLI_BAR_H

#include "text.h"

struct bar {
  bool is_shown;      /* standard error is a terminal */
  bool is_drawn;      /* there is a line to be cleared */
  bool is_ours;       /* the command itself draws; calls of the library only look for signals */
  int64_t started_us; /* 0: not yet */
  int64_t drawn_us;
  char what[64]; /* of its own: a text may be freed while the bar is there */
};

/* Takes the signals, and lets writing to a closed pipe fail instead of ending the program. */
void bar_init(struct bar *bar);

/* For adduce_scope_progress; `context` is the bar. */
int bar_progress(void *context, const char *what, unsigned long long done,
                 unsigned long long total);

/* The command's own progress. */
void bar_show(struct bar *bar, const char *what, unsigned long long done, unsigned long long total);

/* Clears the line, before anything else is written to the terminal. */
void bar_clear(struct bar *bar);

bool bar_is_interrupted(void);

#endif
