/* SPDX-License-Identifier: Apache-2.0 */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PROSE_WIDTH 100
#define NARROWEST 40

static size_t terminal_width(void) {
  struct winsize size;
  const char *columns = getenv("COLUMNS");
  unsigned long said = columns == NULL ? 0 : strtoul(columns, NULL, 10);
  if (said == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) said = size.ws_col;
  if (said == 0) said = 80;
  return said < NARROWEST ? NARROWEST : said;
}

static bool wants_colour(bool no_color) {
  const char *by_choice = getenv("NO_COLOR"), *terminal = getenv("TERM");
  if (no_color || (by_choice != NULL && by_choice[0] != '\0')) return false;
  return terminal == NULL || strcmp(terminal, "dumb") != 0;
}

void screen_init(struct screen *screen, bool no_color) {
  bool is_terminal = isatty(STDOUT_FILENO) == 1;
  size_t width = is_terminal ? terminal_width() : 0;
  *screen = (struct screen){
      .is_terminal = is_terminal,
      .is_coloured = is_terminal && wants_colour(no_color),
      .width = width,
      .prose_width = width == 0 || width > PROSE_WIDTH ? PROSE_WIDTH : width,
  };
  text_isolate(is_terminal);
}

const char *screen_styled(const struct screen *screen, enum style style, const char *text) {
  static const char *const codes[] = {
      [STYLE_PLAIN] = "",      [STYLE_HEADING] = "\x1b[1m", [STYLE_QUIET] = "\x1b[2m",
      [STYLE_ID] = "\x1b[33m", [STYLE_GOOD] = "\x1b[32m",   [STYLE_WARN] = "\x1b[35m",
      [STYLE_BAD] = "\x1b[31m"};
  if (!screen->is_coloured || style == STYLE_PLAIN || text[0] == '\0') return text;
  return text_format("%s%s\x1b[0m", codes[style], text);
}

void screen_print(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}

void screen_line(const struct screen *screen, const char *line) {
  puts(screen->width == 0 ? line : text_cut(line, screen->width));
}

/* Breaks at spaces; a word longer than a line stands alone. */
void screen_prose(const struct screen *screen, const char *first, size_t indent,
                  const char *prose) {
  size_t at = text_width(first), start = at;
  fputs(first, stdout);
  for (; at < indent; at++) putchar(' ');
  if (start < at) start = at;
  while (*prose != '\0') {
    size_t length = strcspn(prose, " \n");
    char *word = text_format("%.*s", (int)length, prose);
    size_t width = text_width(word);
    if (at > start && at + 1 + width > screen->prose_width) {
      printf("\n%*s", (int)indent, "");
      at = start = indent;
    }
    if (at > start && length > 0) {
      putchar(' ');
      at++;
    }
    fputs(word, stdout);
    at += width;
    prose += length;
    if (*prose == '\n') {
      printf("\n%*s", (int)indent, "");
      at = start = indent;
    }
    if (*prose != '\0') prose++;
  }
  putchar('\n');
}

/* Whether standard output is a pipe that nobody reads any more. */
static bool is_reader_gone(void) {
  struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

bool screen_finish(const char **problem) {
  bool failed = ferror(stdout) != 0;
  int cause = 0;
  if (fflush(stdout) != 0) {
    failed = true;
    cause = errno;
  }
  if (failed && is_reader_gone()) return true;
  /* On some file systems only closing says that there was no room. */
  if (close(STDOUT_FILENO) != 0 && errno != EBADF) {
    failed = true;
    cause = errno;
  }
  if (!failed) return true;
  *problem = cause == 0 ? "an earlier write failed" : strerror(cause);
  return false;
}
