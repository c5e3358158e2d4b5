/* SPDX-License-Identifier: Apache-2.0 */
/* Rows whose keys begin with a prefix, up to the position of the question. Each row is checked
 * before it is given out. Rows of one thing (one stem) stand in the order of their events, so when
 * the first one beyond the position comes, the others of that stem are passed over in one step:
 * what was said later costs nothing. */
#ifndef QUERY_RANGE_H
#define QUERY_RANGE_H

#include "projection/registry.h"
#include "projection/rowcursor.h"
#include "query/asked.h"

struct range {
  const struct asked *asked;
  struct rowcursor cursor;
  struct adduce_span prefix; /* borrowed */
  struct row row;            /* the one it is at */
  bool is_started;
};

/* Errors: ADDUCE_E_IO, ADDUCE_E_MEMORY; there is nothing to close then. */
MUST_USE enum adduce_err range_open(const struct asked *asked, struct range *range,
                                    enum registry_number table, struct adduce_span prefix);

/* The next row, in range->row: its key lives until the next call, its value as long as the world.
 * Errors: ADDUCE_E_NOT_FOUND (there are no more), ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err range_next(struct range *range);

/* Goes on after all rows that have this stem in common with the one it is at. */
MUST_USE enum adduce_err range_next_stem(struct range *range);

void range_close(struct range *range);

/* Calls `visit` for each row, until it returns ADDUCE_E_NOT_FOUND, which is not passed on.
 * Errors: others of `visit`, ADDUCE_E_CORRUPT. */
typedef enum adduce_err range_visit_fn(void *context, const struct row *row);
MUST_USE enum adduce_err range_each(const struct asked *asked, enum registry_number table,
                                    struct adduce_span prefix, range_visit_fn *visit,
                                    void *context);

/* The same from the last event back, for a prefix that is a whole stem: what was said last is found
 * without reading all that was said before. The rows' keys are gone. */
MUST_USE enum adduce_err range_each_back(const struct asked *asked, enum registry_number table,
                                         struct adduce_span prefix, range_visit_fn *visit,
                                         void *context);

/* How many rows there are, without looking at their values. */
MUST_USE enum adduce_err range_count(const struct asked *asked, uint64_t *count,
                                     enum registry_number table, struct adduce_span prefix);

/* What a row's value has under `key`; empty if nothing. */
struct adduce_span range_value(const struct row *row, const char *key);
struct adduce_span range_text(const struct row *row, const char *key);

#endif
