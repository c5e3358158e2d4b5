/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

#define PATH_BYTES 256

/* Declared in the system's <sys/file.h>, which our own sys/file.h hides. */
extern int flock(int fd, int operation);

enum adduce_err bulk_open(struct adduce_scope *scope, struct bulk *bulk, const char *folder) {
  bulk->folder = folder;
  bulk->fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (bulk->fd < 0) return file_fail(scope, errno, "open", folder);
  int locked;
  do locked = flock(bulk->fd, LOCK_EX);
  while (locked != 0 && errno == EINTR);
  if (locked == 0) return ADDUCE_OK;
  enum adduce_err err = file_fail(scope, errno, "lock", folder);
  bulk_close(bulk);
  return err;
}

static enum adduce_err fail(struct adduce_scope *scope, const struct bulk *bulk, const char *verb,
                            const char *path) {
  int reason = errno;
  return file_fail(scope, reason, verb, scope_format(scope, "%s/%s", bulk->folder, path));
}

/* Makes the folders above `path`. */
static enum adduce_err make_above(struct adduce_scope *scope, const struct bulk *bulk,
                                  const char *path) {
  char above[PATH_BYTES];
  for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    size_t size = (size_t)(slash - path);
    memcpy(above, path, size);
    above[size] = '\0';
    if (mkdirat(bulk->fd, above, 0777) != 0 && errno != EEXIST)
      return fail(scope, bulk, "make", above);
  }
  return ADDUCE_OK;
}

static enum adduce_err write_all(struct adduce_scope *scope, const struct bulk *bulk, int fd,
                                 const char *path, struct adduce_span bytes) {
  while (bytes.size != 0) {
    ssize_t put = write(fd, bytes.data, bytes.size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail(scope, bulk, "write", path);
    bytes = span_of(bytes.data + put, bytes.size - (size_t)put);
  }
  return ADDUCE_OK;
}

enum adduce_err bulk_write(struct adduce_scope *scope, const struct bulk *bulk, const char *path,
                           struct adduce_span bytes) {
  char temporary[PATH_BYTES + 8];
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  if (strlen(path) >= PATH_BYTES)
    return scope_fail(scope, ADDUCE_E_USAGE, "a path of more than %d bytes", PATH_BYTES - 1);
  /* The folder is locked, so nobody else uses this name; one left by a crash is overwritten. */
  (void)snprintf(temporary, sizeof temporary, "%s.new", path);
  int fd = openat(bulk->fd, temporary, flags, 0666);
  if (fd < 0 && errno == ENOENT) {
    TRY(make_above(scope, bulk, path));
    fd = openat(bulk->fd, temporary, flags, 0666);
  }
  if (fd < 0) return fail(scope, bulk, "make", temporary);
  enum adduce_err err = write_all(scope, bulk, fd, path, bytes);
  if (close(fd) != 0 && err == ADDUCE_OK) err = fail(scope, bulk, "close", path);
  if (err == ADDUCE_OK && renameat(bulk->fd, temporary, bulk->fd, path) != 0)
    err = fail(scope, bulk, "rename", path);
  if (err != ADDUCE_OK) (void)unlinkat(bulk->fd, temporary, 0);
  return err;
}

enum adduce_err bulk_sync(struct adduce_scope *scope, const struct bulk *bulk) {
  return syncfs(bulk->fd) == 0 ? ADDUCE_OK : fail(scope, bulk, "sync", ".");
}

void bulk_close(struct bulk *bulk) {
  if (bulk->fd >= 0) (void)close(bulk->fd);
  bulk->fd = -1;
}
