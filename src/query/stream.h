/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of indexes: which events have something, in log order, forwards or backwards, read from
 * rows that end in an index and from nothing else.
 *
 * A stream is all rows under a prefix, in however many things (stems) they fall: every kind that
 * begins with "claim.", say. It can leap: to the first index at or after a place. So the events
 * that have several things are found by letting the streams leap past each other, at a cost that
 * the rarest of them bounds, and not the log. */
#ifndef QUERY_STREAM_H
#define QUERY_STREAM_H

#include "query/range.h"

#define STREAM_STEMS 4096 /* things one stream can fall into */

struct stream_stem {
  struct adduce_span stem;
  uint64_t index; /* the next one; STREAM_END when there is none */
  bool *may; /* which runs may have rows of it; NULL before the first leap, and without a lead */
};
#define STREAM_END UINT64_MAX

struct stream {
  const struct asked *asked;
  enum registry_number table;
  struct store_cursor tail, blocks;
  struct run_cursor run;
  struct stream_stem *stems;
  size_t count, capacity;
  bool backwards;
};

/* Takes in every thing under the prefix that has a visible row.
 * Errors: ADDUCE_E_TOO_LARGE (more than STREAM_STEMS), ADDUCE_E_IO, ADDUCE_E_MEMORY; it is closed
 * then. */
MUST_USE enum adduce_err stream_open(const struct asked *asked, struct stream *stream,
                                     enum registry_number table, struct adduce_span prefix,
                                     bool backwards);

/* As stream_open for several prefixes at once. */
MUST_USE enum adduce_err stream_open_all(const struct asked *asked, struct stream *stream,
                                         enum registry_number table,
                                         const struct adduce_span *prefixes, size_t count,
                                         bool backwards);

/* The first index >= `from` (backwards: the last <= `from`); STREAM_END if there is none. Calls
 * go forwards (backwards) only. */
MUST_USE enum adduce_err stream_leap(struct stream *stream, uint64_t *index, uint64_t from);

void stream_close(struct stream *stream);

#endif
