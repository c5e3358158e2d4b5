/* SPDX-License-Identifier: Apache-2.0 */
/* One round of one peer: PROGRAM FOLDER EVENTS SINGLES HUNDREDS THOUSANDS [ADDRESS] appends the
 * first events of the file one by one, then batches of 100, then of 1,000, each durable before the
 * next as far as the peer can, reads everything back, and prints "ROW VALUE" lines. */
#ifndef TESTS_PEERS_PEER_H
#define TESTS_PEERS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An event: JSON of PEER_EVENT_BYTES and a NUL. */
#define PEER_EVENT_BYTES ((size_t)400)

struct peer_event {
  const char *text, *kind, *subject; /* all ended by NUL */
};

struct peer {
  void (*open)(const char *folder, const char *address);
  void (*append)(const struct peer_event *events, size_t count); /* one batch, durable */
  void (*replay)(void); /* gives every event, in order, to peer_fold or peer_count */
  /* These may be NULL. `subject` as of the first `position` events; everything checked. */
  void (*as_of)(const char *subject, size_t position);
  void (*verify)(void);
  void (*rebuild)(void);
};
extern const struct peer peer;

/* Decodes an event and folds it: events by kind, the last value of each subject. */
void peer_fold(const char *text, size_t size);

/* The fold alone, of what is decoded already. */
void peer_count(const char *kind, const char *subject, const char *value);

/* Ends the program with a message unless `is_fine`. */
void peer_must(bool is_fine, const char *what, const char *detail);

#endif
