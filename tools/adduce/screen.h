/* SPDX-License-Identifier: Apache-2.0 */
/* Standard output: colours only where a terminal shows them, lines as wide as it is, and no error
 * in writing that goes unnoticed. */
#ifndef ADDUCE_CLI_SCREEN_H
#define ADDUCE_CLI_SCREEN_H

#include "text.h"

enum style { STYLE_PLAIN, STYLE_HEADING, STYLE_QUIET, STYLE_ID, STYLE_GOOD, STYLE_WARN, STYLE_BAD };

struct screen {
  bool is_terminal;
  bool is_coloured;
  size_t width;       /* of a line; 0: no limit, since nobody is looking */
  size_t prose_width; /* of running text */
};

/* Looks at standard output. */
void screen_init(struct screen *screen, bool no_color);

/* The text in a style; itself where there are no colours. */
const char *screen_styled(const struct screen *screen, enum style style, const char *text);

/* Prints, like printf. */
__attribute__((format(printf, 1, 2))) void screen_print(const char *format, ...);

/* One line, cut to the terminal. */
void screen_line(const struct screen *screen, const char *line);

/* Running text between `indent` spaces and the prose width; its first line begins with `first`,
 * which takes the place of the indent. */
void screen_prose(const struct screen *screen, const char *first, size_t indent, const char *prose);

/* Ends output. False, with a message in `*problem`, if not all of it was written; a reader who
 * left early (EPIPE) is not a problem. */
bool screen_finish(const char **problem);

#endif
