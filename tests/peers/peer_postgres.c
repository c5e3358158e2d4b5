/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL, as the program's address says (a libpq connection string, "copy " before it for COPY
 * of batches instead of INSERT): fsync and synchronous_commit on, an index by subject. */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

static PGconn *db;
static bool copies;

static void finish(PGresult *result, ExecStatusType wanted, const char *what) {
  peer_must(PQresultStatus(result) == wanted, what, PQerrorMessage(db));
  PQclear(result);
}

static void run(const char *sql) {
  finish(PQexec(db, sql), PGRES_COMMAND_OK, sql);
}

static void start(const char *folder, const char *address) {
  (void)folder;
  copies = strncmp(address, "copy ", 5) == 0;
  db = PQconnectdb(copies ? address + 5 : address);
  peer_must(PQstatus(db) == CONNECTION_OK, "connect", PQerrorMessage(db));
  run("CREATE TABLE events(id bigserial PRIMARY KEY, kind text, subject text, body text)");
  run("CREATE INDEX by_subject ON events(subject, id)");
  finish(PQprepare(db, "insert", "INSERT INTO events(kind, subject, body) VALUES($1, $2, $3)", 3,
                   NULL),
         PGRES_COMMAND_OK, "prepare");
  finish(PQprepare(db, "question",
                   "SELECT body FROM events WHERE subject = $1 AND id <= $2::bigint"
                   " ORDER BY id DESC LIMIT 1",
                   2, NULL),
         PGRES_COMMAND_OK, "prepare");
}

static void insert(const struct peer_event *event) {
  const char *values[] = {event->kind, event->subject, event->text};
  finish(PQexecPrepared(db, "insert", 3, values, NULL, NULL, 0), PGRES_COMMAND_OK, "insert");
}

/* The events have no tabs, backslashes or line breaks. */
static void copy(const struct peer_event *events, size_t count) {
  char line[1024];
  finish(PQexec(db, "COPY events(kind, subject, body) FROM STDIN"), PGRES_COPY_IN, "copy");
  for (size_t i = 0; i < count; i++) {
    int size = snprintf(line, sizeof line, "%s\t%s\t%s\n", events[i].kind, events[i].subject,
                        events[i].text);
    peer_must(PQputCopyData(db, line, size) == 1, "copy", PQerrorMessage(db));
  }
  peer_must(PQputCopyEnd(db, NULL) == 1, "copy", PQerrorMessage(db));
  finish(PQgetResult(db), PGRES_COMMAND_OK, "copy");
  while (PQgetResult(db) != NULL) continue;
}

static void append(const struct peer_event *events, size_t count) {
  if (copies && count > 1) {
    copy(events, count);
    return;
  }
  if (count > 1) run("BEGIN");
  for (size_t i = 0; i < count; i++) insert(&events[i]);
  if (count > 1) run("COMMIT");
}

static void replay(void) {
  PGresult *row;
  peer_must(
      PQsendQuery(db, "SELECT body FROM events ORDER BY id") == 1 && PQsetSingleRowMode(db) == 1,
      "replay", PQerrorMessage(db));
  while ((row = PQgetResult(db)) != NULL) {
    if (PQresultStatus(row) == PGRES_SINGLE_TUPLE)
      peer_fold(PQgetvalue(row, 0, 0), (size_t)PQgetlength(row, 0, 0));
    PQclear(row);
  }
}

static void as_of(const char *subject, size_t position) {
  char number[32];
  const char *values[] = {subject, number};
  (void)snprintf(number, sizeof number, "%zu", position);
  finish(PQexecPrepared(db, "question", 2, values, NULL, NULL, 0), PGRES_TUPLES_OK, "question");
}

const struct peer peer = {.open = start, .append = append, .replay = replay, .as_of = as_of};
