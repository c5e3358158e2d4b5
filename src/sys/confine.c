/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/pages.h"

#define CHILD_IN 0
#define CHILD_OUT 1
#define WENT_WRONG 70 /* the exit status of a child that could not be confined */

enum { HAS_LANDLOCK = 1, HAS_SECCOMP = 2, HAS_NO_SECRETS = 4 };

/* Sanitizers reserve terabytes, keep them out of core dumps, and make system calls of their own. */
#ifdef __has_feature
#define CLANG_HAS(feature) __has_feature(feature)
#else
#define CLANG_HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    CLANG_HAS(address_sanitizer) || CLANG_HAS(thread_sanitizer)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* --- in the child ---------------------------------------------------------------------------*/

size_t confine_take(uint8_t *out, size_t capacity) {
  for (;;) {
    ssize_t got = read(CHILD_IN, out, capacity);
    if (got >= 0) return (size_t)got;
    if (errno != EINTR) _exit(WENT_WRONG);
  }
}

void confine_give(struct adduce_span bytes) {
  while (bytes.size != 0) {
    ssize_t put = write(CHILD_OUT, bytes.data, bytes.size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) _exit(WENT_WRONG);
    bytes = span_of(bytes.data + put, bytes.size - (size_t)put);
  }
}

static void limit(__rlimit_resource_t what, uint64_t value) {
  const struct rlimit both = {value, value};
  if (setrlimit(what, &both) != 0) _exit(WENT_WRONG);
}

/* No file at all, whatever descriptors might lead to. */
static bool shut_files(void) {
  const struct landlock_ruleset_attr none = {
      .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                           LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                           LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                           LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                           LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                           LANDLOCK_ACCESS_FS_MAKE_SYM,
  };
  long rules = syscall(SYS_landlock_create_ruleset, &none, sizeof none, 0);
  if (rules < 0) return false;
  bool is_shut = syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
  (void)close((int)rules);
  return is_shut;
}

#define ALLOW(call)                                      \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Reading, writing, memory, the end: anything else kills. Memory is never of a file, never made
 * executable. */
static bool shut_system(void) {
#ifdef THIS_ARCHITECTURE
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(read),
      ALLOW(write),
      ALLOW(exit_group),
      ALLOW(exit),
      ALLOW(brk),
      ALLOW(munmap),
      ALLOW(mremap),
      ALLOW(madvise),
      ALLOW(futex),
      ALLOW(rt_sigreturn),
      ALLOW(clock_gettime),
      ALLOW(getrandom),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 4 /* PROT_EXEC */, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  const struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
  return false;
#endif
}

/* Nothing of the parent's stays open but the two pipes. */
static void keep_pipes(int in, int out) {
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0 || dup2(nothing, 2) < 0) _exit(WENT_WRONG);
  int in_high = fcntl(in, F_DUPFD, 3), out_high = fcntl(out, F_DUPFD, 3);
  if (in_high < 0 || out_high < 0) _exit(WENT_WRONG);
  if (dup2(in_high, CHILD_IN) < 0 || dup2(out_high, CHILD_OUT) < 0) _exit(WENT_WRONG);
  if (close_range(3, ~0U, 0) != 0) _exit(WENT_WRONG);
}

/* For ever in this process. Says in its first byte what the kernel has. */
static void confine(const struct confine_limits *limits, uint64_t held_bytes, pid_t parent, int in,
                    int out) {
  static const int defaults[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1};
  for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
    (void)signal(defaults[i], SIG_DFL);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent) _exit(WENT_WRONG);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(WENT_WRONG);
  (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  keep_pipes(in, out);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CPU, limits->cpu_seconds);
  if (!IS_SANITIZED) limit(RLIMIT_DATA, held_bytes + limits->memory_bytes);
  uint8_t guards = !IS_SANITIZED && pages_drop_secrets() ? HAS_NO_SECRETS : 0;
  if (shut_files()) guards |= HAS_LANDLOCK;
  limit(RLIMIT_NOFILE, 3);
  limit(RLIMIT_NPROC, 0);
  if (!IS_SANITIZED && shut_system()) guards |= HAS_SECCOMP;
  confine_give(span_of(&guards, 1));
}

/* --- starting -------------------------------------------------------------------------------*/

/* How much memory of ours a child begins with, in bytes, as RLIMIT_DATA counts it: the sixth number
 * of the process's statm, in pages. */
static uint64_t count_held(void) {
  char text[256];
  int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) (void)close(fd);
  if (size < 0) return (uint64_t)1 << 30;
  text[size] = '\0';
  const char *at = text;
  for (int i = 0; i < 5 && at != NULL; i++) {
    at = strchr(at, ' ');
    if (at != NULL) at++;
  }
  return at == NULL ? (uint64_t)1 << 30 : strtoull(at, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static enum adduce_err start(struct adduce_scope *scope, struct confine *confined, confine_fn *work,
                             void *context, const int *in, const int *out) {
  uint64_t held = count_held();
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid < 0) return file_fail(scope, errno, "start", "a process");
  if (pid == 0) {
    confine(&confined->limits, held, parent, in[0], out[1]);
    work(context);
    _exit(0);
  }
  confined->pid = pid;
  return ADDUCE_OK;
}

enum adduce_err confine_start(struct adduce_scope *scope, struct confine *confined,
                              confine_fn *work, void *work_context, confine_source_fn *source,
                              void *source_context, const struct confine_limits *limits) {
  int in[2], out[2];
  *confined = (struct confine){.in = -1,
                               .out = -1,
                               .source = source,
                               .context = source_context,
                               .limits = *limits,
                               .input = scope_alloc(scope, CONFINE_INPUT)};
  if (confined->input == NULL) return scope_no_memory(scope);
  /* A socket, since writing to it raises no signal in our process when the child is gone. */
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
    return file_fail(scope, errno, "make", "a pipe");
  if (pipe2(out, O_CLOEXEC) != 0) {
    enum adduce_err err = file_fail(scope, errno, "make", "a pipe");
    (void)close(in[0]);
    (void)close(in[1]);
    return err;
  }
  enum adduce_err err = start(scope, confined, work, work_context, in, out);
  (void)close(in[0]);
  (void)close(out[1]);
  confined->in = in[1];
  confined->out = out[0];
  return err;
}

/* --- handing in, taking out -----------------------------------------------------------------*/

static void shut_input(struct confine *confined) {
  if (confined->in >= 0) (void)close(confined->in);
  confined->in = -1;
}

/* Writes what the pipe takes; the source is asked only when nothing is left of before. */
static enum adduce_err hand_in(struct adduce_scope *scope, struct confine *confined) {
  if (confined->input_at == confined->input_size) {
    confined->input_at = confined->input_size = 0;
    TRY(confined->source(confined->context, scope, confined->input, &confined->input_size,
                         CONFINE_INPUT));
    if (confined->input_size == 0) {
      shut_input(confined);
      return ADDUCE_OK;
    }
  }
  ssize_t put = send(confined->in, confined->input + confined->input_at,
                     confined->input_size - confined->input_at, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (put >= 0) confined->input_at += (size_t)put;
  bool waits = put < 0 && (errno == EAGAIN || errno == EINTR);
  if (put < 0 && !waits) shut_input(confined); /* the child has enough, or has ended */
  return ADDUCE_OK;
}

static enum adduce_err say_end(struct adduce_scope *scope, int status) {
  int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  const char *why = signal_number == SIGSYS    ? "it tried what it may not"
                    : signal_number == SIGXCPU ? "it took too much time"
                    : signal_number == SIGKILL ? "it was killed, for its memory or its time"
                    : signal_number != 0       ? "it crashed"
                                               : "it gave up";
  return scope_fail(
      scope, ADDUCE_E_REFUSED,
      "the process that read it, confined, was ended: %s (%s %d); nothing was written", why,
      signal_number != 0 ? "signal" : "status",
      signal_number != 0 ? signal_number : WEXITSTATUS(status));
}

static enum adduce_err finish(struct adduce_scope *scope, struct confine *confined) {
  int status = 0;
  pid_t pid = confined->pid;
  if (pid == 0) return ADDUCE_OK;
  confined->pid = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return file_fail(scope, errno, "wait for", "a process");
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ADDUCE_OK : say_end(scope, status);
}

static enum adduce_err take_out(struct adduce_scope *scope, struct confine *confined, uint8_t *out,
                                size_t *got, size_t capacity) {
  ssize_t taken;
  do taken = read(confined->out, out, capacity);
  while (taken < 0 && errno == EINTR);
  if (taken < 0) return file_fail(scope, errno, "read from", "a process");
  *got = (size_t)taken;
  return taken == 0 ? finish(scope, confined) : ADDUCE_OK;
}

static enum adduce_err wait_for(struct adduce_scope *scope, struct confine *confined,
                                bool *has_output, bool *has_room) {
  struct pollfd fds[] = {{confined->out, POLLIN, 0}, {confined->in, POLLOUT, 0}};
  nfds_t count = confined->in >= 0 ? 2 : 1;
  int ready;
  do ready = poll(fds, count, (int)confined->limits.idle_seconds * 1000);
  while (ready < 0 && errno == EINTR);
  if (ready < 0) return file_fail(scope, errno, "wait for", "a process");
  if (ready == 0) {
    confine_close(confined);
    return scope_fail(scope, ADDUCE_E_REFUSED,
                      "the process that read it, confined, did nothing for %u seconds and was "
                      "ended; nothing was written",
                      confined->limits.idle_seconds);
  }
  *has_output = fds[0].revents != 0;
  *has_room = count == 2 && fds[1].revents != 0;
  return ADDUCE_OK;
}

static enum adduce_err read_some(struct adduce_scope *scope, struct confine *confined, uint8_t *out,
                                 size_t *got, size_t capacity) {
  for (;;) {
    bool has_output = false, has_room = false;
    TRY(wait_for(scope, confined, &has_output, &has_room));
    if (has_output) return take_out(scope, confined, out, got, capacity);
    if (has_room) TRY(hand_in(scope, confined));
  }
}

enum adduce_err confine_read(struct adduce_scope *scope, struct confine *confined, uint8_t *out,
                             size_t *got, size_t capacity) {
  uint8_t guards;
  size_t told = 1;
  *got = 0;
  if (!confined->is_told) {
    TRY(read_some(scope, confined, &guards, &told, 1));
    if (told == 0) return scope_fail(scope, ADDUCE_E_REFUSED, "a confined process said nothing");
    confined->is_told = true;
    confined->has_landlock = (guards & HAS_LANDLOCK) != 0;
    confined->has_seccomp = (guards & HAS_SECCOMP) != 0;
    confined->has_no_secrets = (guards & HAS_NO_SECRETS) != 0;
  }
  return read_some(scope, confined, out, got, capacity);
}

void confine_close(struct confine *confined) {
  int status;
  shut_input(confined);
  if (confined->out >= 0) (void)close(confined->out);
  confined->out = -1;
  if (confined->pid == 0) return;
  (void)kill(confined->pid, SIGKILL);
  while (waitpid(confined->pid, &status, 0) < 0 && errno == EINTR) continue;
  confined->pid = 0;
}
