/* SPDX-License-Identifier: Apache-2.0 */
#include "bar.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_US 400000 /* shorter work shows no bar */
#define REDRAW_US 100000
#define CELLS 30

static volatile sig_atomic_t is_interrupted;

static void note_signal(int number) {
  (void)number;
  is_interrupted = 1;
}

void bar_init(struct bar *bar) {
  struct sigaction once = {.sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND};
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction before;
    /* What the caller ignores (nohup) stays ignored. */
    if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
      (void)sigaction(signals[i], &once, NULL);
  }
  (void)sigaction(SIGPIPE, &ignore, NULL);
  *bar = (struct bar){.is_shown = isatty(STDERR_FILENO) == 1};
}

bool bar_is_interrupted(void) {
  return is_interrupted != 0;
}

static int64_t now_us(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void draw(const char *what, unsigned long long done, unsigned long long total,
                 int64_t taken_us) {
  char cells[CELLS + 1];
  if (total == 0) {
    fprintf(stderr, "\r\x1b[K%s  %llu", what, done);
    return;
  }
  if (done > total) done = total;
  size_t full = (size_t)((double)done / (double)total * CELLS);
  memset(cells, '-', CELLS);
  memset(cells, '#', full);
  cells[CELLS] = '\0';
  fprintf(stderr, "\r\x1b[K%s  [%s] %3.0f%%", what, cells, (double)done / (double)total * 100);
  double left_s = done == 0 ? 0 : (double)taken_us / 1e6 * (double)(total - done) / (double)done;
  if (left_s >= 1) fprintf(stderr, "  %.0f s left", left_s);
}

void bar_show(struct bar *bar, const char *what, unsigned long long done,
              unsigned long long total) {
  int64_t now = now_us();
  if (!bar->is_shown) return;
  if (bar->started_us == 0 || strncmp(bar->what, what, sizeof bar->what - 1) != 0) {
    bar->started_us = now;
    snprintf(bar->what, sizeof bar->what, "%s", what);
  }
  if (now - bar->started_us < PATIENCE_US || now - bar->drawn_us < REDRAW_US) return;
  draw(what, done, total, now - bar->started_us);
  fflush(stderr);
  bar->drawn_us = now;
  bar->is_drawn = true;
}

int bar_progress(void *context, const char *what, unsigned long long done,
                 unsigned long long total) {
  struct bar *bar = context;
  if (!bar->is_ours) bar_show(bar, what, done, total);
  return is_interrupted;
}

void bar_clear(struct bar *bar) {
  if (!bar->is_drawn) return;
  fputs("\r\x1b[K", stderr);
  fflush(stderr);
  bar->is_drawn = false;
}
