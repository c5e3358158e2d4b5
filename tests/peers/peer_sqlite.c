/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite: WAL, synchronous=FULL; an index by subject, for questions. */
#include <sqlite3.h>
#include <stdio.h>

#include "peer.h"

static sqlite3 *db;
static sqlite3_stmt *insert, *question;

static void run(const char *sql) {
  char *error = NULL;
  peer_must(sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK, sql, error);
}

static void prepare(sqlite3_stmt **statement, const char *sql) {
  peer_must(sqlite3_prepare_v2(db, sql, -1, statement, NULL) == SQLITE_OK, sql, sqlite3_errmsg(db));
}

static void start(const char *folder, const char *address) {
  char path[4096];
  (void)address;
  (void)snprintf(path, sizeof path, "%s/events.db", folder);
  peer_must(sqlite3_open(path, &db) == SQLITE_OK, path, NULL);
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE events(id INTEGER PRIMARY KEY, kind TEXT, subject TEXT, body TEXT);"
      "CREATE INDEX by_subject ON events(subject, id)");
  prepare(&insert, "INSERT INTO events(kind, subject, body) VALUES(?, ?, ?)");
  prepare(&question,
          "SELECT body FROM events WHERE subject = ? AND id <= ? ORDER BY id DESC LIMIT 1");
}

static void append(const struct peer_event *events, size_t count) {
  run("BEGIN");
  for (size_t i = 0; i < count; i++) {
    (void)sqlite3_bind_text(insert, 1, events[i].kind, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(insert, 2, events[i].subject, -1, SQLITE_STATIC);
    (void)sqlite3_bind_text(insert, 3, events[i].text, (int)PEER_EVENT_BYTES, SQLITE_STATIC);
    peer_must(sqlite3_step(insert) == SQLITE_DONE, "insert", sqlite3_errmsg(db));
    (void)sqlite3_reset(insert);
  }
  run("COMMIT");
}

static void replay(void) {
  sqlite3_stmt *all;
  prepare(&all, "SELECT body FROM events ORDER BY id");
  while (sqlite3_step(all) == SQLITE_ROW)
    peer_fold((const char *)sqlite3_column_text(all, 0), (size_t)sqlite3_column_bytes(all, 0));
  (void)sqlite3_finalize(all);
}

static void as_of(const char *subject, size_t position) {
  (void)sqlite3_bind_text(question, 1, subject, -1, SQLITE_STATIC);
  (void)sqlite3_bind_int64(question, 2, (sqlite3_int64)position);
  peer_must(sqlite3_step(question) == SQLITE_ROW, "question", "nothing found");
  (void)sqlite3_reset(question);
}

const struct peer peer = {.open = start, .append = append, .replay = replay, .as_of = as_of};
