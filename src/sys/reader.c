/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

static enum adduce_err open_as(struct adduce_scope *scope, struct reader *reader, const char *path,
                               int access) {
  struct stat status;
  reader->path = path;
  reader->fd = open(path, access | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (reader->fd < 0) return file_fail(scope, errno, "open", path);
  if (fstat(reader->fd, &status) == 0 && S_ISREG(status.st_mode)) return ADDUCE_OK;
  reader_close(reader);
  return scope_fail(scope, ADDUCE_E_IO, "%s is not a regular file", path);
}

enum adduce_err reader_open(struct adduce_scope *scope, struct reader *reader, const char *path) {
  return open_as(scope, reader, path, O_RDONLY);
}

enum adduce_err reader_open_changing(struct adduce_scope *scope, struct reader *reader,
                                     const char *path) {
  return open_as(scope, reader, path, O_RDWR);
}

enum adduce_err reader_size(struct adduce_scope *scope, const struct reader *reader,
                            uint64_t *bytes) {
  struct stat status;
  if (fstat(reader->fd, &status) != 0) return file_fail(scope, errno, "look at", reader->path);
  *bytes = (uint64_t)status.st_size;
  return ADDUCE_OK;
}

enum adduce_err reader_read(struct adduce_scope *scope, const struct reader *reader, uint8_t *out,
                            size_t size, uint64_t offset) {
  size_t have = 0;
  while (have < size) {
    ssize_t got = pread(reader->fd, out + have, size - have, (off_t)(offset + have));
    if (got > 0)
      have += (size_t)got;
    else if (got == 0)
      return scope_fail(scope, ADDUCE_E_CORRUPT, "%s ends before byte %llu", reader->path,
                        (unsigned long long)(offset + size));
    else if (errno != EINTR)
      return file_fail(scope, errno, "read", reader->path);
  }
  return ADDUCE_OK;
}

enum adduce_err reader_clear(struct adduce_scope *scope, const struct reader *reader, size_t size,
                             uint64_t offset) {
  static const uint8_t zeros[4096];
  while (size > 0) {
    size_t step = size < sizeof zeros ? size : sizeof zeros;
    ssize_t put = pwrite(reader->fd, zeros, step, (off_t)offset);
    if (put > 0) {
      size -= (size_t)put;
      offset += (uint64_t)put;
    } else if (errno != EINTR) {
      return file_fail(scope, errno, "write", reader->path);
    }
  }
  return ADDUCE_OK;
}

void reader_close(struct reader *reader) {
  if (reader->fd >= 0) close(reader->fd);
  reader->fd = -1;
}
