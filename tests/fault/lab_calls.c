/* SPDX-License-Identifier: Apache-2.0 */
/* The calls that programs and their libraries make through the dynamic linker, each in three steps:
 * is it struck, do it, write it down. Files go to the kernel directly; memory to whoever had it
 * before us (with ASan, that is ASan). */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE /* the inline forms of read and its like would stand in the way of ours */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "fault/lab.h"

#pragma GCC visibility push(default)
/* The fortified forms have no prototypes. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

/* --- opening --------------------------------------------------------------------------------*/

static int do_open(int folder_fd, const char *path, int flags, mode_t mode) {
  if (lab_strike(LAB_OPEN, false) != LAB_NOTHING) return -1;
  int fd = (int)syscall(SYS_openat, folder_fd, path, flags, mode);
  lab_trace_open(fd, folder_fd, path, flags);
  return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) == 0 ? 0 : va_arg(arguments, mode_t);
}

#define OPEN(name)                               \
  int name(const char *path, int flags, ...) {   \
    va_list arguments;                           \
    va_start(arguments, flags);                  \
    mode_t mode = mode_of(flags, arguments);     \
    va_end(arguments);                           \
    return do_open(AT_FDCWD, path, flags, mode); \
  }
#define OPENAT(name)                                   \
  int name(int fd, const char *path, int flags, ...) { \
    va_list arguments;                                 \
    va_start(arguments, flags);                        \
    mode_t mode = mode_of(flags, arguments);           \
    va_end(arguments);                                 \
    return do_open(fd, path, flags, mode);             \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int __open_2(const char *path, int flags) {
  return do_open(AT_FDCWD, path, flags, 0);
}
int __open64_2(const char *path, int flags) {
  return do_open(AT_FDCWD, path, flags, 0);
}
int __openat_2(int fd, const char *path, int flags) {
  return do_open(fd, path, flags, 0);
}

/* --- reading and writing --------------------------------------------------------------------*/

ssize_t read(int fd, void *out, size_t size) {
  enum lab_what what = lab_strike(LAB_READ, size > 1);
  if (what == LAB_ERROR) return -1;
  return syscall(SYS_read, fd, out, what == LAB_SHORT ? size / 2 : size);
}
ssize_t __read_chk(int fd, void *out, size_t size, size_t room) {
  (void)room;
  return read(fd, out, size);
}

ssize_t pread(int fd, void *out, size_t size, off_t offset) {
  enum lab_what what = lab_strike(LAB_PREAD, size > 1);
  if (what == LAB_ERROR) return -1;
  return syscall(SYS_pread64, fd, out, what == LAB_SHORT ? size / 2 : size, offset);
}
ssize_t pread64(int fd, void *out, size_t size, off_t offset) {
  return pread(fd, out, size, offset);
}
ssize_t __pread_chk(int fd, void *out, size_t size, off_t offset, size_t room) {
  (void)room;
  return pread(fd, out, size, offset);
}

ssize_t write(int fd, const void *data, size_t size) {
  enum lab_what what = lab_strike(LAB_WRITE, size > 1);
  if (what == LAB_ERROR) return -1;
  off_t offset = lab_is_child ? 0 : (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
  ssize_t put = syscall(SYS_write, fd, data, what == LAB_SHORT ? size / 2 : size);
  if (put > 0 && !lab_is_child) lab_trace_fd(LAB_OP_WRITE, fd, (uint64_t)offset, data, (size_t)put);
  return put;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  enum lab_what what = lab_strike(LAB_PWRITE, size > 1);
  if (what == LAB_ERROR) return -1;
  if (what == LAB_LIE) return (ssize_t)size;
  ssize_t put = syscall(SYS_pwrite64, fd, data, what == LAB_SHORT ? size / 2 : size, offset);
  if (put > 0) lab_trace_fd(LAB_OP_WRITE, fd, (uint64_t)offset, data, (size_t)put);
  return put;
}
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
  return pwrite(fd, data, size, offset);
}

static ssize_t sum(const struct iovec *parts, int count) {
  ssize_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += (ssize_t)parts[i].iov_len;
  return bytes;
}

/* Writes down `put` bytes of what was gathered, each part for itself. */
static void trace_parts(int fd, const struct iovec *parts, int count, off_t offset, ssize_t put) {
  for (int i = 0; i < count && put > 0; i++) {
    size_t size = parts[i].iov_len < (size_t)put ? parts[i].iov_len : (size_t)put;
    lab_trace_fd(LAB_OP_WRITE, fd, (uint64_t)offset, parts[i].iov_base, size);
    offset += (off_t)size;
    put -= (ssize_t)size;
  }
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  enum lab_what what = lab_strike(LAB_WRITEV, count > 1);
  if (what == LAB_ERROR) return -1;
  if (what == LAB_LIE) return sum(parts, count);
  off_t offset = (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
  ssize_t put = syscall(SYS_writev, fd, parts, what == LAB_SHORT ? count / 2 : count);
  trace_parts(fd, parts, count, offset, put);
  return put;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  enum lab_what what = lab_strike(LAB_WRITEV, count > 1);
  if (what == LAB_ERROR) return -1;
  int taken = what == LAB_SHORT ? count / 2 : count;
  ssize_t put = syscall(SYS_pwritev, fd, parts, taken, offset, 0);
  trace_parts(fd, parts, count, offset, put);
  return put;
}

off_t lseek(int fd, off_t offset, int whence) {
  if (lab_strike(LAB_LSEEK, false) != LAB_NOTHING) return -1;
  return (off_t)syscall(SYS_lseek, fd, offset, whence);
}
off_t lseek64(int fd, off_t offset, int whence) {
  return lseek(fd, offset, whence);
}

/* --- what must be on the disk ---------------------------------------------------------------*/

int fsync(int fd) {
  if (lab_strike(LAB_FSYNC, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_fsync, fd);
  if (result == 0) lab_trace_fd(LAB_OP_SYNC, fd, 0, NULL, 0);
  return result;
}

int fdatasync(int fd) {
  if (lab_strike(LAB_FDATASYNC, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_fdatasync, fd);
  if (result == 0) lab_trace_fd(LAB_OP_SYNC, fd, 0, NULL, 0);
  return result;
}

int syncfs(int fd) {
  if (lab_strike(LAB_FSYNC, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_syncfs, fd);
  if (result == 0) lab_trace_all();
  return result;
}

int msync(void *memory, size_t size, int flags) {
  if (lab_strike(LAB_MSYNC, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_msync, memory, size, flags);
}

int ftruncate(int fd, off_t size) {
  if (lab_strike(LAB_FTRUNCATE, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_ftruncate, fd, size);
  if (result == 0) lab_trace_fd(LAB_OP_RESIZE, fd, (uint64_t)size, NULL, 0);
  return result;
}
int ftruncate64(int fd, off_t size) {
  return ftruncate(fd, size);
}

/* --- names ----------------------------------------------------------------------------------*/

static int do_rename(int fd, const char *from, int to_fd, const char *to, unsigned flags) {
  if (lab_strike(LAB_RENAME, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_renameat2, fd, from, to_fd, to, flags);
  if (result == 0) lab_trace_path(LAB_OP_RENAME, fd, from, to_fd, to);
  return result;
}
int rename(const char *from, const char *to) {
  return do_rename(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int fd, const char *from, int to_fd, const char *to) {
  return do_rename(fd, from, to_fd, to, 0);
}
int renameat2(int fd, const char *from, int to_fd, const char *to, unsigned flags) {
  return do_rename(fd, from, to_fd, to, flags);
}

int linkat(int fd, const char *from, int to_fd, const char *to, int flags) {
  if (lab_strike(LAB_LINK, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_linkat, fd, from, to_fd, to, flags);
  if (result == 0) lab_trace_path(LAB_OP_NAME, to_fd, to, 0, NULL);
  return result;
}
int link(const char *from, const char *to) {
  return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int fd, const char *path, int flags) {
  if (lab_strike(LAB_UNLINK, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_unlinkat, fd, path, flags);
  if (result == 0) lab_trace_path(LAB_OP_REMOVE, fd, path, 0, NULL);
  return result;
}
int unlink(const char *path) {
  return unlinkat(AT_FDCWD, path, 0);
}
int rmdir(const char *path) {
  return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
int remove(const char *path) {
  int result = unlinkat(AT_FDCWD, path, 0);
  return result != 0 && errno == EISDIR ? rmdir(path) : result;
}

int mkdirat(int fd, const char *path, mode_t mode) {
  if (lab_strike(LAB_MKDIR, false) != LAB_NOTHING) return -1;
  int result = (int)syscall(SYS_mkdirat, fd, path, mode);
  if (result == 0) lab_trace_path(LAB_OP_FOLDER, fd, path, 0, NULL);
  return result;
}
int mkdir(const char *path, mode_t mode) {
  return mkdirat(AT_FDCWD, path, mode);
}

/* --- looking --------------------------------------------------------------------------------*/

int fstatat(int fd, const char *path, struct stat *status, int flags) {
  if (lab_strike(LAB_STAT, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_newfstatat, fd, path, status, flags);
}
int stat(const char *path, struct stat *status) {
  return fstatat(AT_FDCWD, path, status, 0);
}
int lstat(const char *path, struct stat *status) {
  return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}
int fstat(int fd, struct stat *status) {
  if (lab_strike(LAB_FSTAT, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_fstat, fd, status);
}
int __fxstat(int version, int fd, struct stat *status) {
  (void)version;
  return fstat(fd, status);
}

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (lab_strike(LAB_FCNTL, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_fcntl, fd, command, argument);
}
int fcntl64(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return fcntl(fd, command, argument);
}

int flock(int fd, int operation) {
  if (lab_strike(LAB_FCNTL, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_flock, fd, operation);
}

DIR *opendir(const char *path) {
  if (lab_strike(LAB_OPENDIR, false) != LAB_NOTHING) return NULL;
  return REAL(opendir)(path);
}
DIR *fdopendir(int fd) {
  if (lab_strike(LAB_OPENDIR, false) != LAB_NOTHING) return NULL;
  return REAL(fdopendir)(fd);
}
struct dirent *readdir(DIR *folder) {
  if (lab_strike(LAB_READDIR, false) != LAB_NOTHING) return NULL;
  return REAL(readdir)(folder);
}
int statvfs(const char *path, struct statvfs *status) {
  if (lab_strike(LAB_STATVFS, false) != LAB_NOTHING) return -1;
  int result = REAL(statvfs)(path, status);
  if (result == 0 && getenv("LAB_ROOM") != NULL) status->f_bavail = status->f_blocks = UINT32_MAX;
  return result;
}

/* --- memory, threads, chance ----------------------------------------------------------------*/

void *mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset) {
  if (lab_strike(LAB_MMAP, false) != LAB_NOTHING) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, place, size, protection, flags, fd, offset);
}
void *mmap64(void *place, size_t size, int protection, int flags, int fd, off_t offset) {
  return mmap(place, size, protection, flags, fd, offset);
}
int mprotect(void *memory, size_t size, int protection) {
  if (lab_strike(LAB_MPROTECT, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_mprotect, memory, size, protection);
}
int mlock(const void *memory, size_t size) {
  if (lab_strike(LAB_MLOCK, false) != LAB_NOTHING) return -1;
  return (int)syscall(SYS_mlock, memory, size);
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* Whoever had malloc before us; found once. While the linker looks for it, the C library's serves.
 */
static struct {
  void *(*malloc)(size_t);
  void *(*calloc)(size_t, size_t);
  void *(*realloc)(void *, size_t);
  int (*align)(void **, size_t, size_t);
  bool is_looking;
} memory_of;

static bool find_memory(void) {
  if (memory_of.align != NULL) return true;
  if (memory_of.is_looking) return false;
  memory_of.is_looking = true;
  memory_of.malloc = REAL(malloc);
  memory_of.calloc = REAL(calloc);
  memory_of.realloc = REAL(realloc);
  memory_of.align = REAL(posix_memalign);
  memory_of.is_looking = false;
  return memory_of.align != NULL;
}

void *malloc(size_t size) {
  if (lab_strike(LAB_MALLOC, false) != LAB_NOTHING) return NULL;
  return find_memory() ? memory_of.malloc(size) : __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  if (lab_strike(LAB_MALLOC, false) != LAB_NOTHING) return NULL;
  return find_memory() ? memory_of.calloc(count, size) : __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  if (size != 0 && lab_strike(LAB_MALLOC, false) != LAB_NOTHING) return NULL;
  return find_memory() ? memory_of.realloc(old, size) : __libc_realloc(old, size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (lab_strike(LAB_MALLOC, false) != LAB_NOTHING) return ENOMEM;
  if (find_memory()) return memory_of.align(memory, alignment, size);
  *memory = __libc_memalign(alignment, size);
  return *memory == NULL ? ENOMEM : 0;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *),
                   void *argument) {
  if (lab_strike(LAB_THREAD, false) != LAB_NOTHING) return EAGAIN;
  return REAL(pthread_create)(thread, attributes, work, argument);
}

ssize_t getrandom(void *out, size_t size, unsigned flags) {
  enum lab_what what = lab_strike(LAB_RANDOM, size > 1);
  if (what == LAB_ERROR) return -1;
  return syscall(SYS_getrandom, out, what == LAB_SHORT ? size / 2 : size, flags);
}

/* --- the clock, and what was acknowledged ---------------------------------------------------*/

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  const char *text = clock == CLOCK_REALTIME ? getenv("LAB_CLOCK") : NULL;
  if (text == NULL) return result;
  now->tv_sec = text[0] == '@' ? atoll(text + 1) : now->tv_sec + atoll(text);
  return result;
}

time_t time(time_t *out) {
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

/* What standard output then holds is known outside: LAB_SAYS is what an acknowledgement means. */
int fflush(FILE *stream) {
  int result = REAL(fflush)(stream);
  const char *says = getenv("LAB_SAYS");
  if (stream == stdout && result == 0 && says != NULL)
    lab_trace_fd(LAB_OP_SAID, 1, 0, says, strlen(says));
  return result;
}
