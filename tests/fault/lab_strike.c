/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault/lab.h"

#define KILL (-1)
#define SHORT (-2)
#define LIE (-3)
#define STOP (-4)

static struct lab_page own_page, *page = &own_page;
static bool armed, is_ever;
static int wanted_call = -1, what;
static uint64_t wanted_number;

static const char *const names[] = {
#define LAB_NAME(symbol, name) name,
    LAB_CALLS(LAB_NAME)
#undef LAB_NAME
};

static int number_of(const char *text) {
  static const struct {
    const char *name;
    int number;
  } known[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EINTR", EINTR},
               {"ENOMEM", ENOMEM}, {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"EAGAIN", EAGAIN},
               {"EROFS", EROFS},   {"ENOSYS", ENOSYS}, {"kill", KILL},     {"short", SHORT},
               {"lie", LIE},       {"stop", STOP}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(text, known[i].name) == 0) return known[i].number;
  fprintf(stderr, "lab: no fault is called %s\n", text);
  _exit(120);
}

static void map_page(const char *path) {
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || syscall(SYS_ftruncate, fd, sizeof own_page) != 0) _exit(121);
  page = (struct lab_page *)syscall(SYS_mmap, NULL, sizeof own_page, PROT_READ | PROT_WRITE,
                                    MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) _exit(122);
  syscall(SYS_close, fd);
}

/* What a child does is not counted: it would be another number on every run. */
bool lab_is_child;

static void disarm(void) {
  armed = false;
  lab_is_child = true;
}

__attribute__((constructor)) static void begin(void) {
  char call[16], fault[16], ever[8] = "";
  unsigned long long number;
  const char *path = getenv("LAB_PAGE"), *text = getenv("LAB_FAULT");
  if (path != NULL) map_page(path);
  (void)pthread_atfork(NULL, NULL, disarm);
  lab_trace_begin();
  if (text == NULL) return;
  if (sscanf(text, "%15[^:]:%llu:%15[^:]:%7s", call, &number, fault, ever) < 3) _exit(123);
  for (int i = 0; i < LAB_CALL_COUNT; i++)
    if (strcmp(names[i], call) == 0) wanted_call = i;
  if (wanted_call < 0) _exit(124);
  wanted_number = number;
  what = number_of(fault);
  is_ever = strcmp(ever, "ever") == 0;
}

enum lab_what lab_strike(enum lab_call call, bool may_be_short) {
  if (!armed) return LAB_NOTHING;
  uint64_t number = __atomic_add_fetch(&page->counts[call], 1, __ATOMIC_RELAXED);
  if ((int)call != wanted_call || number < wanted_number) return LAB_NOTHING;
  if (number > wanted_number && !is_ever) return LAB_NOTHING;
  if (what == SHORT && !may_be_short) return LAB_NOTHING;
  __atomic_add_fetch(&page->struck, 1, __ATOMIC_RELAXED);
  if (what == KILL) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  if (what == STOP) syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
  if (what == STOP) return LAB_NOTHING;
  if (what == SHORT) return LAB_SHORT;
  if (what == LIE) return LAB_LIE;
  errno = what;
  return LAB_ERROR;
}

/* Calls are counted from main() on: what the loader and constructors of libraries do is not ours.
 */
static int (*real_main)(int, char **, char **);

static int counted_main(int count, char **arguments, char **environment) {
  armed = true;
  return real_main(count, arguments, environment);
}

typedef int start_fn(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                     void (*)(void), void *);

start_fn __libc_start_main;

__attribute__((visibility("default"))) int __libc_start_main(int (*main_fn)(int, char **, char **),
                                                             int count, char **arguments,
                                                             void (*init)(void), void (*fini)(void),
                                                             void (*loader_fini)(void),
                                                             void *stack_end) {
  start_fn *start = (start_fn *)(uintptr_t)dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = main_fn;
  return start(counted_main, count, arguments, init, fini, loader_fini, stack_end);
}
