/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fault/lab.h"

#define PATH_BYTES 4096

static int trace_fd = -1;
static const char *root;
static size_t root_bytes;

void lab_trace_begin(void) {
  const char *path = getenv("LAB_TRACE");
  root = getenv("LAB_ROOT");
  if (path == NULL || root == NULL) return;
  root_bytes = strlen(root);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  /* Out of the way of the program's own, which may want low numbers. */
  trace_fd = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 500);
  syscall(SYS_close, fd);
  if (trace_fd < 0) _exit(125);
}

/* One call of the system a record, so that records of several threads and programs do not mix. */
static void emit(struct lab_record record, const char *path, const void *data) {
  struct iovec parts[] = {{&record, sizeof record},
                          {(void *)(uintptr_t)path, record.path_bytes},
                          {(void *)(uintptr_t)data, record.data_bytes}};
  ssize_t whole = (ssize_t)(sizeof record + record.path_bytes + record.data_bytes);
  int saved = errno;
  if (syscall(SYS_writev, trace_fd, parts, 3) != whole) _exit(126);
  errno = saved;
}

/* The path below the root, without a slash before it; NULL if it is elsewhere, or the table of
 * readers and writers, which means nothing after a crash. */
static const char *below(char *room, int folder_fd, const char *path) {
  static const char table[] = "-lock";
  char link[64], folder[PATH_BYTES] = "";
  if (path[0] != '/') {
    ssize_t size = -1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder_fd);
    if (folder_fd == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    size = readlink(link, folder, sizeof folder - 2);
    if (size < 0) return NULL;
    folder[size] = '/';
    folder[size + 1] = 0;
  }
  if (snprintf(room, PATH_BYTES, "%s%s", folder, path) >= PATH_BYTES) return NULL;
  size_t size = strlen(room), tail = sizeof table - 1;
  while (size > 1 && room[size - 1] == '/') room[--size] = 0;
  if (strcmp(room, root) == 0) return "";
  if (strncmp(room, root, root_bytes) != 0 || room[root_bytes] != '/') return NULL;
  if (size > tail && strcmp(room + size - tail, table) == 0) return NULL;
  return room + root_bytes + 1;
}

void lab_trace_fd(enum lab_op op, int fd, uint64_t offset, const void *data, size_t size) {
  char link[64], target[PATH_BYTES], room[PATH_BYTES];
  struct stat status;
  if (trace_fd < 0) return;
  struct lab_record record = {.op = op, .offset = offset, .data_bytes = size};
  if (op == LAB_OP_SAID) {
    emit(record, NULL, data);
    return;
  }
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, target, sizeof target - 1);
  if (length < 0 || syscall(SYS_fstat, fd, &status) != 0) return;
  target[length] = 0;
  const char *path = below(room, AT_FDCWD, target);
  if (path == NULL) return;
  record.inode = status.st_ino;
  if (S_ISDIR(status.st_mode)) {
    record.offset = 1;
    record.path_bytes = (uint32_t)strlen(path);
  }
  emit(record, path, data);
  int flags = op == LAB_OP_WRITE ? (int)syscall(SYS_fcntl, fd, F_GETFL) : 0;
  if ((flags & O_DSYNC) != 0)
    emit((struct lab_record){.op = LAB_OP_SYNC_LAST, .inode = record.inode}, NULL, NULL);
}

void lab_trace_all(void) {
  if (trace_fd >= 0) emit((struct lab_record){.op = LAB_OP_SYNC}, NULL, NULL);
}

void lab_trace_path(enum lab_op op, int folder_fd, const char *path, int to_fd, const char *to) {
  char room[PATH_BYTES], other[PATH_BYTES], both[2 * PATH_BYTES];
  struct stat status;
  if (trace_fd < 0) return;
  const char *name = below(room, folder_fd, path);
  if (name == NULL) return;
  struct lab_record record = {.op = op, .path_bytes = (uint32_t)strlen(name)};
  if (op == LAB_OP_NAME) {
    if (syscall(SYS_newfstatat, folder_fd, path, &status, 0) != 0) return;
    record.inode = status.st_ino;
  }
  if (to != NULL) {
    const char *to_name = below(other, to_fd, to);
    if (to_name == NULL) return;
    int size = snprintf(both, sizeof both, "%s%c%s", name, 0, to_name);
    record.path_bytes = (uint32_t)size;
    name = both;
  }
  emit(record, name, NULL);
}

void lab_trace_open(int fd, int folder_fd, const char *path, int flags) {
  if (trace_fd < 0 || fd < 0) return;
  if ((flags & O_CREAT) != 0) lab_trace_path(LAB_OP_NAME, folder_fd, path, 0, NULL);
  if ((flags & O_TRUNC) != 0) lab_trace_fd(LAB_OP_RESIZE, fd, 0, NULL, 0);
}
