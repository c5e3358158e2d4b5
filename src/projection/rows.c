/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/rows.h"

#include "base/invariant.h"
#include "codec/pack.h"
#include "crypto/hash.h"
#include "projection/row.h"

#define FIRST_CAPACITY 64
#define TAG_ROW 0x20

void rows_init(struct rows *rows, struct adduce_scope *scope, bool hashing) {
  *rows = (struct rows){.scope = scope, .hashing = hashing};
  buffer_init(&rows->value, scope);
  buffer_init(&rows->salts.bytes, scope);
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

static uint64_t mask_of(const struct parsed *parsed, const char *const *fields) {
  uint64_t mask = 0;
  for (; *fields != NULL; fields++) {
    const struct parsed_field *field = parsed_field(parsed, *fields);
    if (field != NULL) mask |= UINT64_C(1) << (field - parsed->fields);
  }
  return mask;
}

/* In ascending order of fields, which is path order. */
static void hash_salts(struct rows *rows, struct hash *hash, uint64_t mask) {
  for (unsigned i = 0; mask != 0; i++, mask >>= 1) {
    if ((mask & 1) == 0) continue;
    find_salts(rows, i);
    if (rows->salts.bytes.failed) return;
    hash_update(hash, rows->salts.bytes.data + rows->salts.at[i], rows->salts.size[i]);
  }
}

/* --- rows --------------------------------------------------------------------------------- */

static struct adduce_hash hash_row(struct rows *rows, struct adduce_span key,
                                   struct adduce_span value, const char *const *fields) {
  struct hash hash;
  struct adduce_hash digest;
  uint8_t head[5] = {TAG_ROW, 0x92, 0xc4, (uint8_t)key.size, 0};
  size_t head_size = 4;
  if (key.size > 255) {
    head[2] = 0xc5;
    bigendian_put16(head + 3, (uint16_t)key.size);
    head_size = 5;
  }
  hash_init(&hash);
  hash_update(&hash, head, head_size);
  hash_span(&hash, key);
  hash_span(&hash, value);
  hash_salts(rows, &hash, mask_of(&rows->input->event->claim.parsed, fields));
  hash_final(&hash, &digest);
  return digest;
}

static struct rows_item *new_item(struct rows *rows) {
  struct rows_list *list = &rows->lists[rows->current];
  if (list->count == list->capacity) {
    size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : 2 * list->capacity;
    struct rows_item *grown = scope_grow(rows->scope, list->items, list->capacity * sizeof *grown,
                                         capacity * sizeof *grown);
    if (grown == NULL) return NULL;
    list->items = grown;
    list->capacity = capacity;
  }
  return &list->items[list->count];
}

void rows_add(struct rows *rows, struct adduce_span key, struct adduce_span value,
              const char *const *fields) {
  size_t key_size = key.size + KEY_INDEX_BYTES;
  size_t size = key_size + ROW_HEAD_BYTES + value.size;
  INVARIANT(key_size <= STORE_KEY_BYTES && value.size != 0);
  struct rows_item *item = new_item(rows);
  uint8_t *bytes = item == NULL ? NULL : scope_alloc(rows->scope, size);
  if (bytes == NULL || size > UINT32_MAX) {
    rows->failed = true;
    return;
  }
  memcpy(bytes, key.data, key.size);
  bigendian_put64(bytes + key.size, rows->input->index);
  memset(bytes + key_size, 0, ROW_HEAD_BYTES);
  memcpy(bytes + key_size + ROW_HEAD_BYTES, value.data, value.size);
  if (rows->hashing) {
    struct adduce_hash digest = hash_row(rows, span_of(bytes, key_size), value, fields);
    memcpy(bytes + key_size + ROW_CHECKSUM_BYTES, digest.bytes, ROW_HASH_BYTES);
    row_seal(bytes, key_size, size);
  }
  *item = (struct rows_item){bytes, (uint32_t)key_size, (uint32_t)size, 0};
  rows->lists[rows->current].count++;
  rows->bytes += size;
}

/* --- projecting --------------------------------------------------------------------------- */

static void begin(struct rows *rows, const struct projection_input *input) {
  rows->input = input;
  rows->has_modality = false;
  rows->salts.known = 0;
  buffer_reset(&rows->salts.bytes);
}

static enum adduce_err finish(struct rows *rows) {
  rows->failed = rows->failed || rows->value.failed || rows->salts.bytes.failed;
  return rows->failed ? scope_no_memory(rows->scope) : ADDUCE_OK;
}

enum adduce_err rows_project(struct rows *rows, const struct projection_input *input) {
  size_t count;
  const struct projection *all = projection_all(&count);
  begin(rows, input);
  for (size_t i = 0; i < count; i++) {
    rows->current = (unsigned)i;
    all[i].project(rows, input);
  }
  return finish(rows);
}

enum adduce_err rows_project_one(struct rows *rows, size_t projection,
                                 const struct projection_input *input) {
  size_t count;
  const struct projection *all = projection_all(&count);
  INVARIANT(projection < count);
  begin(rows, input);
  rows->current = (unsigned)projection;
  all[projection].project(rows, input);
  return finish(rows);
}

struct buffer *rows_value(struct rows *rows) {
  buffer_reset(&rows->value);
  return &rows->value;
}

void rows_put(struct rows *rows, const struct key *key, const char *const *fields) {
  if (rows->value.failed) return;
  rows_add(rows, key_span(key), span_of(rows->value.data, rows->value.size), fields);
}

const struct modality *rows_modality(struct rows *rows) {
  if (!rows->has_modality) {
    rows->modality = modality_of(&rows->input->event->claim.parsed);
    rows->has_modality = true;
  }
  return &rows->modality;
}

size_t rows_mood_count(struct rows *rows) {
  return modality_plain(rows_modality(rows)) ? 0 : 1;
}

void rows_pack_mood(struct rows *rows, struct buffer *buffer) {
  if (rows_mood_count(rows) == 0) return;
  pack_text(buffer, "mood");
  modality_pack(buffer, rows_modality(rows));
}

const struct parsed_field *rows_open(const struct parsed *parsed, const char *key) {
  const struct parsed_field *field = parsed_field(parsed, key);
  return field == NULL || field->slot == PARSED_WITHHELD ? NULL : field;
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
