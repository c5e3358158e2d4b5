/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sys/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/machine.h"

enum adduce_err spool_open(struct adduce_scope *scope, struct spool *spool, const char *path) {
  *spool = (struct spool){.fd = -1, .path = path, .buffer = scope_alloc(scope, SPOOL_BUFFER)};
  if (spool->buffer == NULL) return scope_no_memory(scope);
  spool->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
  return spool->fd >= 0 ? ADDUCE_OK : file_fail(scope, errno, "make", path);
}

static enum adduce_err put(struct adduce_scope *scope, const struct spool *spool,
                           struct adduce_span bytes) {
  while (bytes.size != 0) {
    ssize_t written = write(spool->fd, bytes.data, bytes.size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_fail(scope, errno, "write", spool->path);
    bytes = span_of(bytes.data + written, bytes.size - (size_t)written);
  }
  return ADDUCE_OK;
}

enum adduce_err spool_flush(struct adduce_scope *scope, struct spool *spool) {
  TRY(put(scope, spool, span_of(spool->buffer, spool->held)));
  spool->held = 0;
  return ADDUCE_OK;
}

enum adduce_err spool_write(struct adduce_scope *scope, struct spool *spool,
                            struct adduce_span bytes) {
  if (bytes.size > SPOOL_BUFFER - spool->held) TRY(spool_flush(scope, spool));
  if (bytes.size > SPOOL_BUFFER) return put(scope, spool, bytes);
  if (bytes.size != 0) memcpy(spool->buffer + spool->held, bytes.data, bytes.size);
  spool->held += bytes.size;
  return ADDUCE_OK;
}

static enum adduce_err write_sink(void *context, struct adduce_scope *scope,
                                  struct adduce_span bytes) {
  return spool_write(scope, context, bytes);
}

struct adduce_sink spool_sink(struct spool *spool) {
  return (struct adduce_sink){write_sink, spool};
}

/* Only a file that was closed without a fault is whole. */
static enum adduce_err end(struct adduce_scope *scope, struct spool *spool) {
  TRY(spool_flush(scope, spool));
  if (fsync(spool->fd) != 0) return file_fail(scope, errno, "sync", spool->path);
  int fd = spool->fd;
  spool->fd = -1;
  return close(fd) == 0 ? ADDUCE_OK : file_fail(scope, errno, "close", spool->path);
}

enum adduce_err spool_keep(struct adduce_scope *scope, struct spool *spool, const char *path) {
  enum adduce_err err = end(scope, spool);
  if (err == ADDUCE_OK) err = file_rename(scope, spool->path, path, false);
  if (err == ADDUCE_OK) return ADDUCE_OK;
  if (spool->fd < 0) (void)unlink(spool->path);
  spool_close(spool);
  return err;
}

void spool_close(struct spool *spool) {
  if (spool->fd < 0) return;
  (void)close(spool->fd);
  (void)unlink(spool->path);
  spool->fd = -1;
}

/* --- temporary names ------------------------------------------------------------------------*/

#define PREFIX ".incoming-"

const char *spool_temporary(struct adduce_scope *scope, const char *folder) {
  return scope_format(scope, "%s/" PREFIX "%ld-%llx", folder, (long)getpid(),
                      (unsigned long long)machine_monotonic_ns());
}

/* The process that a temporary name is of; 0: it is none. What is staged for such a file
 * (sys/file.c) has its name behind one more dot. */
static long owner_of(const char *name) {
  if (name[0] == '.' && name[1] == '.') name++;
  if (strncmp(name, PREFIX, sizeof PREFIX - 1) != 0) return 0;
  return strtol(name + sizeof PREFIX - 1, NULL, 10);
}

enum adduce_err spool_sweep(struct adduce_scope *scope, const char *folder) {
  const char **names;
  size_t count;
  TRY(file_list(scope, &names, &count, folder));
  for (size_t i = 0; i < count; i++) {
    long owner = owner_of(names[i]);
    if (owner <= 0 || kill((pid_t)owner, 0) == 0 || errno != ESRCH) continue;
    file_discard(scope_format(scope, "%s/%s", folder, names[i]));
  }
  return ADDUCE_OK;
}
