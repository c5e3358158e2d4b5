/* SPDX-License-Identifier: Apache-2.0 */
/* A witness over HTTP, with libmicrohttpd: C2SP tlog-witness. One thread answers, so requests wait
 * for each other; several processes on one folder are safe too. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "commands.h"
#include "evidence.h"
#include "keys.h"
#include "place.h"

#define IDLE_SECONDS 15u
#define CONNECTIONS 64u

struct server {
  const struct adduce_witness *witness;
  struct MHD_Daemon *daemon;
};

/* One request while its body comes. */
struct request {
  char *body;
  size_t size;
  bool too_large;
};

/* --- answering -----------------------------------------------------------------------------*/

static enum MHD_Result send_response(struct MHD_Connection *connection,
                                     const struct adduce_response *answer) {
  union {
    const uint8_t *in;
    void *out;
  } body = {answer->body.data};
  struct MHD_Response *response =
      MHD_create_response_from_buffer(answer->body.size, body.out, MHD_RESPMEM_MUST_COPY);
  if (response == NULL) return MHD_NO;
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
  enum MHD_Result result = MHD_queue_response(connection, (unsigned)answer->status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result answer(const struct server *server, struct MHD_Connection *connection,
                              const char *method, const char *path, const struct request *request) {
  struct adduce_scope *scope = NULL;
  struct adduce_response response;
  /* More than is allowed is as bad as one byte more. */
  static const uint8_t large[ADDUCE_WITNESS_REQUEST_BYTES + 1];
  struct adduce_span body = {(const uint8_t *)request->body, request->size};
  if (request->too_large) body = (struct adduce_span){large, sizeof large};
  if (adduce_scope_open(&scope, (size_t)64 << 20) != ADDUCE_OK) return MHD_NO;
  enum adduce_err err =
      adduce_witness_answer(scope, server->witness, &response, method, path, body);
  if (err != ADDUCE_OK)
    fprintf(stderr, "adduce witness: %s: %s\n", path, adduce_scope_detail(scope));
  enum MHD_Result result = send_response(connection, &response);
  adduce_scope_close(&scope);
  return result;
}

static void take(struct request *request, const char *data, size_t size) {
  if (request->too_large || size > ADDUCE_WITNESS_REQUEST_BYTES - request->size) {
    request->too_large = true;
    return;
  }
  char *larger = realloc(request->body, request->size + size);
  if (larger == NULL) {
    request->too_large = true;
    return;
  }
  memcpy(larger + request->size, data, size);
  request->body = larger;
  request->size += size;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **kept) {
  struct request *request = *kept;
  (void)version;
  if (request == NULL) {
    *kept = calloc(1, sizeof *request);
    return *kept == NULL ? MHD_NO : MHD_YES;
  }
  if (*size != 0) {
    take(request, data, *size);
    *size = 0;
    return MHD_YES;
  }
  return answer(context, connection, method, path, request);
}

static void forget(void *context, struct MHD_Connection *connection, void **kept,
                   enum MHD_RequestTerminationCode code) {
  struct request *request = *kept;
  (void)context, (void)connection, (void)code;
  if (request == NULL) return;
  free(request->body);
  free(request);
  *kept = NULL;
}

/* --- serving -------------------------------------------------------------------------------*/

/* "HOST:PORT", where HOST is an address. */
static enum adduce_err find_address(struct session *session, struct addrinfo **address,
                                    const char *text) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
  const char *colon = strrchr(text, ':');
  if (colon == NULL)
    return session_fail(session, ADDUCE_E_USAGE, "--listen is ADDRESS:PORT, not \"%s\"", text);
  char *host = text_format("%.*s", (int)(colon - text), text);
  size_t size = strlen(host);
  if (size > 1 && host[0] == '[' && host[size - 1] == ']') {
    host[size - 1] = '\0';
    host++;
  }
  int cause = getaddrinfo(host, colon + 1, &hints, address);
  if (cause == 0) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_USAGE, "--listen %s: %s", text, gai_strerror(cause));
}

static enum adduce_err start(struct session *session, struct server *server) {
  struct addrinfo *address;
  const char *listen = command_argument(&session->options, "listen");
  TRY(find_address(session, &address, listen == NULL ? "127.0.0.1:7810" : listen));
  unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
  if (address->ai_family == AF_INET6) flags |= MHD_USE_IPv6;
  server->daemon =
      MHD_start_daemon(flags, 0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, address->ai_addr,
                       MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_CONNECTION_TIMEOUT,
                       IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_END);
  int cause = errno;
  freeaddrinfo(address);
  if (server->daemon != NULL) return ADDUCE_OK;
  return session_fail(session, ADDUCE_E_IO, "cannot listen: %s", strerror(cause));
}

/* Until SIGINT or SIGTERM. */
static enum adduce_err serve(struct session *session, struct server *server, const char *vkey) {
  sigset_t ends;
  int number;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
  (void)signal(SIGPIPE, SIG_IGN);
  TRY(start(session, server));
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
  printf("witness %s\nlistening on port %u\n", text_clean(vkey), info == NULL ? 0u : info->port);
  (void)fflush(stdout);
  (void)sigwait(&ends, &number);
  MHD_stop_daemon(server->daemon);
  return ADDUCE_OK;
}

static enum adduce_err open_witness(struct session *session, struct adduce_witness **witness) {
  const struct adduce_policy *policy;
  const char *path, *name = command_argument(&session->options, "name");
  const char *key = command_argument(&session->options, "key");
  const char *folder = session_operand(session, 0);
  if (name == NULL) return session_fail(session, ADDUCE_E_USAGE, "--name: under which name?");
  TRY(evidence_policy_needed(session, &policy, NULL));
  TRY(keys_path(session, &path, key == NULL ? "witness" : key));
  TRY(keys_open(session, &session->author, path, "the witness's key"));
  return adduce_witness_open(session->scope, witness, folder, name, session->author, policy);
}

static enum adduce_err run(struct session *session) {
  struct adduce_witness *witness = NULL;
  struct server server = {NULL, NULL};
  const char *vkey;
  TRY(open_witness(session, &witness));
  enum adduce_err err = adduce_witness_vkey(session->scope, &vkey, witness);
  server.witness = witness;
  if (err == ADDUCE_OK && command_has(&session->options, "show"))
    printf("%s\n", text_clean(vkey));
  else if (err == ADDUCE_OK)
    err = serve(session, &server, vkey);
  adduce_witness_close(&witness);
  return err;
}

static const struct command_option options[] = {
    EVIDENCE_TRUST_OPTIONS,
    {0, "name", "NAME", "the witness's name, like witness.example/w1", NULL, NULL},
    {'k', "key", "NAME", "its key, of purpose witness; \"witness\" without it", NULL, NULL},
    {0, "listen", "ADDRESS:PORT", "where to answer; 127.0.0.1:7810 without it, port 0 is any", NULL,
     NULL},
    {0, "show", NULL, "print the verifier key that others need, and end", NULL, NULL},
    {0, "passphrase-fd", "N", "read the passphrase from file descriptor N", NULL, NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

const struct command witness_command = {
    .name = "witness",
    .summary = "be a witness for the logs of others",
    .usage = "DIR --name NAME --policy FILE [--key NAME] [--listen ADDRESS:PORT]",
    .text =
        "Answers C2SP tlog-witness requests: cosigns a checkpoint of a log that the policy names "
        "if it extends the last one it cosigned, which it keeps in DIR and has on the disk before "
        "it answers. Monitors get the last checkpoint of each log. Two roots of one size, both "
        "signed by the log, are refused and kept as evidence. Give it a key of its own, made by "
        "`key new --purpose witness`; put TLS in front of it.",
    .examples = "  adduce witness state --name witness.example/w1 --policy logs.policy\n",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
