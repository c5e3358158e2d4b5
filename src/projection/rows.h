/* SPDX-License-Identifier: Apache-2.0 */
/* Where the rows of a number of events are gathered, by projection, before they are written or
 * looked at: the inside of `struct rows`. Whoever projects makes one, hands it each event, and
 * finds the rows in its lists. Everything lives in the scope it was made in. */
#ifndef PROJECTION_ROWS_H
#define PROJECTION_ROWS_H

#include "projection/key.h"
#include "projection/modality.h"
#include "projection/projection.h"
#include "sys/pages.h"

#define ROWS_PROJECTIONS 20

/* A row laid out as key || value || row hash, if it is stored (row.h). */
struct rows_item {
  const uint8_t *bytes;
  uint64_t cache; /* the hash of the stem, then for sorting */
  uint32_t size;  /* of all three */
  uint16_t key_size;
  bool has_hash;
  bool starts; /* sorted: the row before it has another stem */
};

struct rows_list {
  struct rows_item *items;
  size_t count, capacity;
  size_t before; /* how many there were when they were dropped last */
};

/* The salts of the event under way, found when first asked for. */
struct rows_salts {
  struct buffer bytes;
  uint64_t known; /* bit n: those of field n are in `bytes` */
  uint32_t at[PARSED_FIELDS], size[PARSED_FIELDS];
};

/* Memory that rows are cut from while there is some. */
struct rows_block {
  uint8_t *bytes;
  size_t size, used;
};

struct rows {
  struct adduce_scope *scope;
  struct rows_list lists[ROWS_PROJECTIONS];
  struct pages_pool *pool; /* borrowed, and emptied by its owner with rows_clear; NULL: none */
  struct rows_block block;
  size_t bytes;     /* of all rows */
  bool hashing;     /* false: rows have no hashes, since they are only looked at */
  bool failed;      /* memory ran out */
  unsigned current; /* the projection at work */
  const struct projection_input *input;
  struct rows_salts salts;
  struct buffer value;
  /* Of the event under way, found when first asked for: */
  bool has_modality, has_id;
  struct modality modality;
  uint64_t mood_fields;
  struct adduce_id id;
};

void rows_init(struct rows *rows, struct adduce_scope *scope, bool hashing);

/* Drops all rows. What was taken from the pool and from the scope ends. */
void rows_clear(struct rows *rows);

/* A set of projections: bit n for number n. */
#define ROWS_ALL UINT32_MAX

/* Adds the rows of one event in these projections. Errors: ADDUCE_E_MEMORY; the rows are spent. */
MUST_USE enum adduce_err rows_project(struct rows *rows, uint32_t which,
                                      const struct projection_input *input);

/* The key and the value of a row in a list. */
static inline struct adduce_span rows_item_key(const struct rows_item *item) {
  return span_of(item->bytes, item->key_size);
}
struct adduce_span rows_item_value(const struct rows_item *item);

/* Its record (row.h), in the scope; empty when memory is out. */
struct adduce_span rows_item_record(struct adduce_scope *scope, const struct rows_item *item);

/* --- for projections -----------------------------------------------------------------------*/

/* An empty buffer to pack a value in. */
struct buffer *rows_value(struct rows *rows);

/* Adds a row with what is in that buffer. */
void rows_put(struct rows *rows, const struct key *key, uint64_t fields);

/* The bit of a field of the event's content; 0 if it has no such field. */
static inline uint64_t rows_field(const struct rows *rows, const char *key) {
  const struct parsed *parsed = &rows->input->event->claim.parsed;
  const struct parsed_field *field = parsed_field(parsed, key);
  return field == NULL ? 0 : UINT64_C(1) << (field - parsed->fields);
}

/* The bits of several, up to NULL. */
uint64_t rows_fields(const struct rows *rows, const char *const *keys);

/* The mood of the event under way, and the bits of the fields it derives from. */
const struct modality *rows_modality(struct rows *rows);
uint64_t rows_mood_fields(struct rows *rows);

/* The id of the event under way. (That in the event may not be set: few rows want it.) */
const struct adduce_id *rows_id(struct rows *rows);

/* The field with this key if something of it is open here; else NULL. */
static inline const struct parsed_field *rows_open(const struct parsed *parsed, const char *key) {
  const struct parsed_field *field = parsed_field(parsed, key);
  return field == NULL || field->slot == PARSED_WITHHELD ? NULL : field;
}

/* Packs what is open of a field of a content: its value, or the list of its open elements. */
void rows_pack_field(struct buffer *buffer, const struct parsed *parsed,
                     const struct parsed_field *field);

/* The field's key and what is open of it; nothing for NULL. */
void rows_pack_pair(struct buffer *buffer, const struct parsed *parsed,
                    const struct parsed_field *field);

/* "mood" and its map, unless it is plain; rows_mood_count is 1 or 0 accordingly. */
size_t rows_mood_count(struct rows *rows);
void rows_pack_mood(struct rows *rows, struct buffer *buffer);

#endif
