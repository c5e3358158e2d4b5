/* SPDX-License-Identifier: Apache-2.0 */
/* NATS JetStream over its text protocol, at the port in the address. Every message is
 * acknowledged; a batch is sent at once and ends with its last acknowledgement. It flushes to the
 * disk on a timer of its own, not before it acknowledges. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static FILE *in, *out;
static size_t appended;

/* The next message's payload, ended by NUL; pings are answered on the way. */
static size_t receive(char *payload, size_t room) {
  char line[512];
  while (fgets(line, sizeof line, in) != NULL) {
    peer_must(strncmp(line, "-ERR", 4) != 0, "nats", line);
    if (strncmp(line, "PING", 4) == 0) {
      (void)fputs("PONG\r\n", out);
      (void)fflush(out);
    }
    if (strncmp(line, "MSG ", 4) != 0) continue;
    size_t size = strtoull(strrchr(line, ' '), NULL, 10);
    peer_must(size + 2 < room && fread(payload, 1, size + 2, in) == size + 2, "nats", "message");
    payload[size] = 0;
    return size;
  }
  peer_must(false, "nats", "connection lost");
  return 0;
}

static void call(const char *subject, const char *body) {
  char answer[8192];
  (void)fprintf(out, "PUB %s inbox.1 %zu\r\n%s\r\n", subject, strlen(body), body);
  (void)fflush(out);
  (void)receive(answer, sizeof answer);
  peer_must(strstr(answer, "\"error\"") == NULL, subject, answer);
}

static void start(const char *folder, const char *address) {
  struct sockaddr_in at = {.sin_family = AF_INET};
  int one = 1, socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  (void)folder;
  at.sin_port = htons((uint16_t)strtoul(address, NULL, 10));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  peer_must(connect(socket_fd, (struct sockaddr *)&at, sizeof at) == 0, "connect", address);
  (void)setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  in = fdopen(socket_fd, "r");
  out = fdopen(dup(socket_fd), "w");
  peer_must(in != NULL && out != NULL, "connect", NULL);
  (void)fputs("CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB inbox.* 1\r\n", out);
  call(
      "$JS.API.STREAM.CREATE.events",
      "{\"name\":\"events\",\"subjects\":[\"event\"],\"storage\":\"file\",\"retention\":\"limits\","
      "\"max_consumers\":-1,\"max_msgs\":-1,\"max_bytes\":-1,\"discard\":\"old\","
      "\"num_replicas\":1}");
}

static void append(const struct peer_event *events, size_t count) {
  char answer[8192];
  for (size_t i = 0; i < count; i++)
    (void)fprintf(out, "PUB event inbox.1 %zu\r\n%s\r\n", PEER_EVENT_BYTES, events[i].text);
  (void)fflush(out);
  for (size_t i = 0; i < count; i++) {
    (void)receive(answer, sizeof answer);
    peer_must(strstr(answer, "\"seq\"") != NULL, "publish", answer);
  }
  appended += count;
}

static void replay(void) {
  char payload[8192];
  (void)fputs("SUB replay 2\r\n", out);
  (void)fputs("UNSUB 1\r\n", out);
  const char *body =
      "{\"stream_name\":\"events\",\"config\":{\"deliver_subject\":\"replay\","
      "\"deliver_policy\":\"all\",\"ack_policy\":\"none\",\"replay_policy\":\"instant\"}}";
  (void)fprintf(out, "PUB $JS.API.CONSUMER.CREATE.events nobody %zu\r\n%s\r\n", strlen(body), body);
  (void)fflush(out);
  for (size_t i = 0; i < appended; i++) {
    size_t size = receive(payload, sizeof payload);
    peer_fold(payload, size);
  }
}

const struct peer peer = {.open = start, .append = append, .replay = replay};
