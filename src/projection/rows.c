/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rows.h"

#include "base/invariant.h"
#include "codec/pack.h"
#include "crypto/hash.h"
#include "projection/row.h"

#define BLOCK_BYTES ((size_t)64 << 10)
#define FIRST_CAPACITY 16

void rows_init(struct rows *rows, struct adduce_scope *scope, bool hashing) {
  *rows = (struct rows){.scope = scope, .hashing = hashing};
  buffer_init(&rows->value, scope);
  buffer_init(&rows->salts.bytes, scope);
}

void rows_clear(struct rows *rows) {
  struct pages_pool *pool = rows->pool;
  size_t before[ROWS_PROJECTIONS];
  for (size_t i = 0; i < ROWS_PROJECTIONS; i++) before[i] = rows->lists[i].count;
  adduce_scope_reset(rows->scope);
  rows_init(rows, rows->scope, rows->hashing);
  rows->pool = pool;
  for (size_t i = 0; i < ROWS_PROJECTIONS; i++) rows->lists[i].before = before[i];
}

/* --- salts -------------------------------------------------------------------------------- */

static void append_salt(struct rows *rows, const struct parsed_field *field, int64_t element,
                        const uint8_t *given16) {
  uint8_t salt16[16];
  if (given16 == NULL) {
    content_salt(salt16, rows->input->event->claim.parsed.seed16, field->key, element);
    given16 = salt16;
  }
  buffer_append(&rows->salts.bytes, given16, 16);
}

static void append_elements(struct rows *rows, const struct parsed_field *field) {
  const struct parsed *parsed = &rows->input->event->claim.parsed;
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(field, &elements, &count)) return;
  for (int64_t i = 0; parsed_next_element(parsed, &elements, &element); i++)
    if (element.hash32 == NULL) append_salt(rows, field, i, element.salt16);
}

static void find_salts(struct rows *rows, unsigned field_index) {
  struct rows_salts *salts = &rows->salts;
  const struct parsed_field *field = &rows->input->event->claim.parsed.fields[field_index];
  if ((salts->known >> field_index & 1) != 0) return;
  salts->known |= UINT64_C(1) << field_index;
  salts->at[field_index] = (uint32_t)salts->bytes.size;
  if (field->slot != PARSED_WITHHELD) {
    append_salt(rows, field, -1, field->salt16);
    append_elements(rows, field);
  }
  salts->size[field_index] = (uint32_t)salts->bytes.size - salts->at[field_index];
}

/* How many bytes the salts of these fields have. */
static size_t gather_salts(struct rows *rows, uint64_t mask) {
  size_t size = 0;
  for (; mask != 0; mask &= mask - 1) {
    unsigned field = (unsigned)__builtin_ctzll(mask);
    find_salts(rows, field);
    size += rows->salts.size[field];
  }
  return size;
}

/* In ascending order of fields, which is path order. */
static void copy_salts(const struct rows *rows, uint8_t *out, uint64_t mask) {
  for (; mask != 0; mask &= mask - 1) {
    unsigned field = (unsigned)__builtin_ctzll(mask);
    size_t size = rows->salts.size[field];
    if (size == 0) continue;
    memcpy(out, rows->salts.bytes.data + rows->salts.at[field], size);
    out += size;
  }
}

/* --- rows --------------------------------------------------------------------------------- */

static void *take_memory(struct rows *rows, size_t size) {
  void *memory = rows->pool == NULL ? NULL : pages_pool_take(rows->pool, size);
  return memory != NULL ? memory : scope_alloc(rows->scope, size);
}

/* Room for a row: in the block while there is some, beside each other. */
static uint8_t *take_room(struct rows *rows, size_t size) {
  struct rows_block *block = &rows->block;
  if (block->size - block->used < size) {
    size_t wanted = size > BLOCK_BYTES || rows->pool == NULL ? size : BLOCK_BYTES;
    *block = (struct rows_block){take_memory(rows, wanted), wanted, 0};
    if (block->bytes == NULL) *block = (struct rows_block){.size = 0};
    if (block->bytes == NULL) return NULL;
  }
  uint8_t *room = block->bytes + block->used;
  block->used += size;
  return room;
}

/* A quick hash of the stem, by which rows of one thing find each other (rowsort.c). */
static uint64_t hash_stem(struct adduce_span stem) {
  const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
  uint64_t hash = stem.size * factor;
  size_t at = 0;
  for (; at + 8 <= stem.size; at += 8) {
    uint64_t word;
    memcpy(&word, stem.data + at, sizeof word);
    hash = (hash ^ word) * factor;
    hash ^= hash >> 29;
  }
  if (at < stem.size) {
    uint64_t word = 0;
    memcpy(&word, stem.data + at, stem.size - at);
    hash = (hash ^ word) * factor;
  }
  return hash ^ hash >> 32;
}

/* As many as there were the last time, and some more. */
static size_t first_capacity(const struct rows_list *list) {
  size_t capacity = list->before + list->before / 8;
  return capacity < FIRST_CAPACITY ? FIRST_CAPACITY : capacity;
}

static struct rows_item *new_item(struct rows *rows) {
  struct rows_list *list = &rows->lists[rows->current];
  if (list->count == list->capacity) {
    size_t capacity = list->capacity == 0 ? first_capacity(list) : 2 * list->capacity;
    struct rows_item *grown = take_memory(rows, capacity * sizeof *grown);
    if (grown == NULL) return NULL;
    if (list->count != 0) memcpy(grown, list->items, list->count * sizeof *grown);
    list->items = grown;
    list->capacity = capacity;
  }
  return &list->items[list->count];
}

/* The end of the last row is cut off. */
static void give_back(struct rows *rows, const uint8_t *end, size_t size) {
  if (end == rows->block.bytes + rows->block.used) rows->block.used -= size;
}

/* The salts are hashed where the hash will stand. */
static uint8_t *lay_out(struct rows *rows, struct adduce_span key, struct adduce_span value,
                        uint64_t fields, bool has_hash) {
  size_t key_size = key.size + KEY_INDEX_BYTES;
  size_t head = has_hash ? ROW_HEAD_BYTES : 0, salts = has_hash ? gather_salts(rows, fields) : 0;
  size_t rest = has_hash ? salts + HASH_PADDING_BYTES : 0;
  if (rows->salts.bytes.failed) return NULL;
  uint8_t *room = take_room(rows, head + key_size + value.size + rest);
  if (room == NULL) return NULL;
  uint8_t *bytes = room + head, *end = bytes + key_size + value.size;
  memcpy(bytes, key.data, key.size);
  bigendian_put64(bytes + key.size, rows->input->index);
  memcpy(bytes + key_size, value.data, value.size);
  if (!has_hash) return bytes;
  copy_salts(rows, end, fields);
  uint8_t *begin = row_hash_head(bytes, key_size);
  struct adduce_hash digest = hash_padding(begin, (size_t)(end - begin) + salts);
  memcpy(end, digest.bytes, ROW_HASH_BYTES);
  give_back(rows, end + rest, rest - ROW_HASH_BYTES);
  return bytes;
}

void rows_add(struct rows *rows, struct adduce_span key, struct adduce_span value,
              uint64_t fields) {
  bool has_hash = rows->hashing && fields != 0;
  size_t key_size = key.size + KEY_INDEX_BYTES;
  size_t size = key_size + value.size + (has_hash ? ROW_HASH_BYTES : 0);
  INVARIANT(key_size <= STORE_KEY_BYTES && value.size != 0);
  struct rows_item *item = new_item(rows);
  uint8_t *bytes = item == NULL ? NULL : lay_out(rows, key, value, fields, has_hash);
  if (bytes == NULL || size > UINT32_MAX) {
    rows->failed = true;
    return;
  }
  uint64_t stem_hash = rows->hashing ? hash_stem(key) : 0;
  *item = (struct rows_item){.bytes = bytes,
                             .cache = stem_hash,
                             .size = (uint32_t)size,
                             .key_size = (uint16_t)key_size,
                             .has_hash = has_hash};
  rows->lists[rows->current].count++;
  rows->bytes += size;
}

struct adduce_span rows_item_value(const struct rows_item *item) {
  size_t hash = item->has_hash ? ROW_HASH_BYTES : 0;
  return span_of(item->bytes + item->key_size, item->size - item->key_size - hash);
}

struct adduce_span rows_item_record(struct adduce_scope *scope, const struct rows_item *item) {
  struct adduce_span rest = span_of(item->bytes + item->key_size, item->size - item->key_size);
  return row_record(scope, rows_item_key(item), rest);
}

/* --- projecting --------------------------------------------------------------------------- */

static void begin(struct rows *rows, const struct projection_input *input) {
  rows->input = input;
  rows->has_modality = false;
  rows->has_id = false;
  rows->salts.known = 0;
  buffer_reset(&rows->salts.bytes);
}

static enum adduce_err finish(struct rows *rows) {
  rows->failed = rows->failed || rows->value.failed || rows->salts.bytes.failed;
  return rows->failed ? scope_no_memory(rows->scope) : ADDUCE_OK;
}

enum adduce_err rows_project(struct rows *rows, uint32_t which,
                             const struct projection_input *input) {
  size_t count;
  const struct projection *all = projection_all(&count);
  begin(rows, input);
  for (size_t i = 0; i < count; i++) {
    if ((which >> i & 1) == 0) continue;
    rows->current = (unsigned)i;
    all[i].project(rows, input);
  }
  return finish(rows);
}

struct buffer *rows_value(struct rows *rows) {
  buffer_reset(&rows->value);
  return &rows->value;
}

void rows_put(struct rows *rows, const struct key *key, uint64_t fields) {
  if (rows->value.failed) return;
  rows_add(rows, key_span(key), span_of(rows->value.data, rows->value.size), fields);
}

uint64_t rows_fields(const struct rows *rows, const char *const *keys) {
  uint64_t fields = 0;
  for (; *keys != NULL; keys++) fields |= rows_field(rows, *keys);
  return fields;
}

static void find_mood(struct rows *rows) {
  static const char *const keys[] = {"attribution", "certainty", "polarity", NULL};
  if (rows->has_modality) return;
  rows->modality = modality_of(&rows->input->event->claim.parsed);
  rows->mood_fields = rows_fields(rows, keys);
  rows->has_modality = true;
}

const struct modality *rows_modality(struct rows *rows) {
  find_mood(rows);
  return &rows->modality;
}

uint64_t rows_mood_fields(struct rows *rows) {
  find_mood(rows);
  return rows->mood_fields;
}

const struct adduce_id *rows_id(struct rows *rows) {
  if (!rows->has_id) rows->id = event_id(&rows->input->event->claim.parsed);
  rows->has_id = true;
  return &rows->id;
}

size_t rows_mood_count(struct rows *rows) {
  return modality_plain(rows_modality(rows)) ? 0 : 1;
}

void rows_pack_mood(struct rows *rows, struct buffer *buffer) {
  if (rows_mood_count(rows) == 0) return;
  pack_text(buffer, "mood");
  modality_pack(buffer, rows_modality(rows));
}

void rows_pack_field(struct buffer *buffer, const struct parsed *parsed,
                     const struct parsed_field *field) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count, open = 0;
  if (!parsed_elements(field, &elements, &count)) {
    pack_encoded(buffer, field->value);
    return;
  }
  struct cursor again = elements;
  while (parsed_next_element(parsed, &again, &element)) open += element.hash32 == NULL;
  pack_array(buffer, open);
  while (parsed_next_element(parsed, &elements, &element))
    if (element.hash32 == NULL) pack_encoded(buffer, element.value);
}

void rows_pack_pair(struct buffer *buffer, const struct parsed *parsed,
                    const struct parsed_field *field) {
  if (field == NULL) return;
  pack_str(buffer, field->key);
  rows_pack_field(buffer, parsed, field);
}
