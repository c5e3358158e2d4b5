/* SPDX-License-Identifier: Apache-2.0 */
/* Where the rows of a number of events are gathered, by projection, before they are written or
 * looked at: the inside of `struct rows`. Whoever projects makes one, hands it each event, and
 * finds the rows in its lists. Everything lives in the scope it was made in. */
#ifndef PROJECTION_ROWS_H
#define PROJECTION_ROWS_H

#include "projection/key.h"
#include "projection/modality.h"
#include "projection/projection.h"

#define ROWS_PROJECTIONS 20

/* A row laid out as key || record (row.h). */
struct rows_item {
  const uint8_t *bytes;
  uint32_t key_size;
  uint32_t size;  /* of both */
  uint64_t cache; /* for sorting alone */
};

struct rows_list {
  struct rows_item *items;
  size_t count, capacity;
};

/* The salts of the event under way, found when first asked for. */
struct rows_salts {
  struct buffer bytes;
  uint64_t known; /* bit n: those of field n are in `bytes` */
  uint32_t at[PARSED_FIELDS], size[PARSED_FIELDS];
};

struct rows {
  struct adduce_scope *scope;
  struct rows_list lists[ROWS_PROJECTIONS];
  size_t bytes;     /* of all rows */
  bool hashing;     /* false: row hashes and checksums stay zero (rows that are only looked at) */
  bool failed;      /* memory ran out */
  unsigned current; /* the projection at work */
  const struct projection_input *input;
  struct rows_salts salts;
  struct buffer value;
  struct modality modality;
  bool has_modality;
};

void rows_init(struct rows *rows, struct adduce_scope *scope, bool hashing);

/* Adds the rows of one event in all projections. Errors: ADDUCE_E_MEMORY; the rows are spent. */
MUST_USE enum adduce_err rows_project(struct rows *rows, const struct projection_input *input);

/* As rows_project for one projection alone. */
MUST_USE enum adduce_err rows_project_one(struct rows *rows, size_t projection,
                                          const struct projection_input *input);

/* --- for projections -----------------------------------------------------------------------*/

/* An empty buffer to pack a value in. */
struct buffer *rows_value(struct rows *rows);

/* Adds a row with what is in that buffer. */
void rows_put(struct rows *rows, const struct key *key, const char *const *fields);

/* The mood of the event under way. */
const struct modality *rows_modality(struct rows *rows);

/* The field with this key if something of it is open here; else NULL. */
const struct parsed_field *rows_open(const struct parsed *parsed, const char *key);

/* Packs what is open of a field of a content: its value, or the list of its open elements. */
void rows_pack_field(struct buffer *buffer, const struct parsed *parsed,
                     const struct parsed_field *field);

/* "mood" and its map, unless it is plain; rows_mood_count is 1 or 0 accordingly. */
size_t rows_mood_count(struct rows *rows);
void rows_pack_mood(struct rows *rows, struct buffer *buffer);

/* The names of the fields a mood derives from, to stand in lists of fields. */
#define ROWS_MOOD_FIELDS "attribution", "certainty", "polarity"

#endif
