/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/localsocket.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bigendian.h"
#include "sys/file.h"
#include "sys/machine.h"

struct line {
  struct adduce_scope *scope;
  const char *path;
  uint64_t deadline_ns;
  int fd;
};

static enum adduce_err out_of_time(const struct line *line) {
  return scope_fail(line->scope, ADDUCE_E_IO, "%s: no answer in the time allowed", line->path);
}

/* Waits until the socket is ready for `events`, or the time is up. */
static enum adduce_err await(const struct line *line, short events) {
  for (;;) {
    uint64_t now_ns = machine_monotonic_ns();
    if (now_ns >= line->deadline_ns) return out_of_time(line);
    struct pollfd ready = {.fd = line->fd, .events = events};
    int found = poll(&ready, 1, (int)((line->deadline_ns - now_ns) / 1000000 + 1));
    if (found > 0) return ADDUCE_OK;
    if (found < 0 && errno != EINTR) return file_fail(line->scope, errno, "wait for", line->path);
  }
}

/* A blocking connect with a time limit: a non-blocking one to a local socket with a full
 * backlog fails at once and cannot be waited for. */
static enum adduce_err dial(struct line *line, unsigned timeout_ms) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(line->path);
  if (length == 0 || length >= sizeof address.sun_path)
    return scope_fail(line->scope, ADDUCE_E_NO_FILE, "%s: no path of a socket (at most %zu bytes)",
                      line->path, sizeof address.sun_path - 1);
  memcpy(address.sun_path, line->path, length + 1);
  line->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (line->fd < 0) return file_fail(line->scope, errno, "connect to", line->path);
  struct timeval limit = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
  if (setsockopt(line->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0)
    return file_fail(line->scope, errno, "connect to", line->path);
  while (connect(line->fd, (const struct sockaddr *)&address, sizeof address) != 0) {
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return out_of_time(line);
    if (errno == ECONNREFUSED)
      return scope_fail(line->scope, ADDUCE_E_IO, "%s: nobody listens there", line->path);
    return file_fail(line->scope, errno, "connect to", line->path);
  }
  return ADDUCE_OK;
}

static enum adduce_err send_all(const struct line *line, const uint8_t *data, size_t size) {
  while (size != 0) {
    TRY(await(line, POLLOUT));
    ssize_t sent = send(line->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      data += sent;
      size -= (size_t)sent;
    } else if (errno != EINTR && errno != EAGAIN) {
      return file_fail(line->scope, errno, "send to", line->path);
    }
  }
  return ADDUCE_OK;
}

static enum adduce_err receive_all(const struct line *line, uint8_t *data, size_t size) {
  while (size != 0) {
    TRY(await(line, POLLIN));
    ssize_t received = recv(line->fd, data, size, MSG_DONTWAIT);
    if (received == 0)
      return scope_fail(line->scope, ADDUCE_E_IO, "%s: hung up with %zu bytes of its answer due",
                        line->path, size);
    if (received > 0) {
      data += received;
      size -= (size_t)received;
    } else if (errno != EINTR && errno != EAGAIN) {
      return file_fail(line->scope, errno, "receive from", line->path);
    }
  }
  return ADDUCE_OK;
}

static enum adduce_err ask(const struct line *line, struct adduce_span *reply,
                           struct adduce_span request, size_t limit_bytes) {
  uint8_t length[4];
  bigendian_put32(length, (uint32_t)request.size);
  TRY(send_all(line, length, sizeof length));
  TRY(send_all(line, request.data, request.size));
  TRY(receive_all(line, length, sizeof length));
  size_t size = bigendian_get32(length);
  if (size > limit_bytes)
    return scope_fail(line->scope, ADDUCE_E_TOO_LARGE, "%s: an answer of %zu bytes; at most %zu",
                      line->path, size, limit_bytes);
  uint8_t *data = scope_alloc(line->scope, size);
  if (data == NULL) return scope_no_memory(line->scope);
  TRY(receive_all(line, data, size));
  *reply = span_of(data, size);
  return ADDUCE_OK;
}

enum adduce_err localsocket_exchange(struct adduce_scope *scope, struct adduce_span *reply,
                                     const char *path, struct adduce_span request,
                                     size_t limit_bytes, unsigned timeout_ms) {
  *reply = span_of(NULL, 0);
  if (request.size > UINT32_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "%s: a question of %zu bytes", path, request.size);
  struct line line = {
      .scope = scope,
      .path = path,
      .deadline_ns = machine_monotonic_ns() + (uint64_t)timeout_ms * 1000000,
      .fd = -1,
  };
  enum adduce_err err = dial(&line, timeout_ms);
  if (err == ADDUCE_OK) err = ask(&line, reply, request, limit_bytes);
  if (line.fd >= 0) (void)close(line.fd);
  return err;
}
