/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/run.h"

#include "base/bigendian.h"
#include "crypto/hash.h"
#include "projection/filter.h"

#define FILTER_MARK 0xff
#define GROUP_MARK 0xfe
#define NAME_BYTES (3 + 4)                                /* "run" | number */
#define RECORD_BYTES (8 + 8 + 8 + 8 + 8 * REGISTRY_COUNT) /* checksum, begin, end, closed, rows */

static void name_run(uint8_t *name, uint32_t number) {
  memcpy(name, "run", 3);
  bigendian_put32(name + 3, number);
}

static struct adduce_span put_head(uint8_t *bytes, uint32_t number, uint8_t table) {
  bigendian_put32(bytes, number);
  bytes[4] = table;
  return span_of(bytes, 5);
}

/* --- the directory ------------------------------------------------------------------------ */

static enum adduce_err refuse(struct adduce_scope *scope, const char *what) {
  return scope_fail(scope, ADDUCE_E_CORRUPT,
                    "the runs of the projections: %s; `adduce rebuild` builds them anew", what);
}

static enum adduce_err read_record(struct adduce_scope *scope, struct run *run,
                                   struct adduce_span name, struct adduce_span record) {
  if (record.size != RECORD_BYTES ||
      bigendian_get64(record.data) != hash_checksum(span_of(record.data + 8, record.size - 8)))
    return refuse(scope, "a record is damaged");
  run->number = bigendian_get32(name.data + 3);
  run->begin = bigendian_get64(record.data + 8);
  run->end = bigendian_get64(record.data + 16);
  run->closed = bigendian_get64(record.data + 24) != 0;
  for (size_t i = 0; i < REGISTRY_COUNT; i++)
    run->rows[i] = bigendian_get64(record.data + 32 + 8 * i);
  run->filter = span_of(NULL, 0);
  return ADDUCE_OK;
}

enum adduce_err run_load_filter(struct adduce_scope *scope, struct store_txn *txn,
                                struct run *run) {
  uint8_t head[5];
  enum adduce_err err = store_get(scope, txn, RUN_BLOCKS_TABLE,
                                  put_head(head, run->number, FILTER_MARK), &run->filter);
  return err == ADDUCE_E_NOT_FOUND ? refuse(scope, "a filter is missing") : err;
}

static enum adduce_err add_run(struct adduce_scope *scope, struct store_cursor *cursor,
                               struct runs *runs) {
  if ((runs->count & (runs->count - 1)) == 0) {
    size_t room = runs->count == 0 ? 1 : 2 * runs->count;
    struct run *grown = scope_alloc(scope, room * sizeof *grown);
    if (grown == NULL) return scope_no_memory(scope);
    if (runs->count != 0) memcpy(grown, runs->items, runs->count * sizeof *grown);
    runs->items = grown;
  }
  struct run *run = &runs->items[runs->count];
  TRY(read_record(scope, run, cursor->key, cursor->value));
  if (run->begin != run_end(runs) || run->end <= run->begin)
    return refuse(scope, "they do not follow one another");
  runs->count++;
  return ADDUCE_OK;
}

/* How many groups there are once all that are wanted are made. */
static size_t groups_wanted(const struct runs *runs) {
  size_t closed = runs->count;
  if (closed != 0 && !runs->items[closed - 1].closed) closed--;
  return closed / FILTER_GROUP;
}

static uint32_t group_number(const struct runs *runs, size_t group) {
  return runs->items[(group + 1) * FILTER_GROUP - 1].number;
}

/* The groups are made in order, so the first that is not there ends them. */
static enum adduce_err load_groups(struct adduce_scope *scope, struct store_txn *txn,
                                   struct runs *runs) {
  uint8_t head[5];
  size_t wanted = groups_wanted(runs);
  runs->groups = scope_array(scope, wanted, sizeof *runs->groups);
  if (runs->groups == NULL) return scope_no_memory(scope);
  for (; runs->group_count < wanted; runs->group_count++) {
    struct adduce_span key = put_head(head, group_number(runs, runs->group_count), GROUP_MARK);
    enum adduce_err err =
        store_get(scope, txn, RUN_BLOCKS_TABLE, key, &runs->groups[runs->group_count]);
    if (err == ADDUCE_E_NOT_FOUND) break;
    if (err != ADDUCE_OK) return err;
  }
  return ADDUCE_OK;
}

enum adduce_err run_load(struct adduce_scope *scope, struct store_txn *txn, struct runs *runs) {
  struct store_cursor cursor;
  *runs = (struct runs){.spare = scope_new(scope, struct run_spare)};
  if (runs->spare == NULL) return scope_no_memory(scope);
  TRY(store_cursor_open(scope, &cursor, txn, RUN_META_TABLE));
  enum adduce_err err = store_cursor_seek(scope, &cursor, span_of("run", 3));
  while (err == ADDUCE_OK && cursor.key.size == NAME_BYTES && span_starts(cursor.key, "run")) {
    err = add_run(scope, &cursor, runs);
    if (err == ADDUCE_OK) err = store_cursor_next(scope, &cursor);
  }
  store_cursor_close(&cursor);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  TRY(load_groups(scope, txn, runs));
  for (size_t i = runs->group_count * FILTER_GROUP; i < runs->count; i++)
    TRY(run_load_filter(scope, txn, &runs->items[i]));
  return ADDUCE_OK;
}

enum adduce_err run_may_have(struct adduce_scope *scope, const struct runs *runs, bool *may,
                             uint64_t hash) {
  size_t at = 0;
  for (size_t i = 0; i < runs->group_count; i++) {
    uint32_t members;
    TRY(filter_group_look(scope, &members, runs->groups[i], hash));
    for (; at < (i + 1) * FILTER_GROUP; at++) may[at] = (members >> at % FILTER_GROUP & 1) != 0;
  }
  for (; at < runs->count; at++) TRY(filter_look(scope, &may[at], runs->items[at].filter, hash));
  return ADDUCE_OK;
}

/* --- writing ------------------------------------------------------------------------------ */

static enum adduce_err write_blocks(struct adduce_scope *scope, struct store_cursor *cursor,
                                    uint32_t number, uint8_t table, const struct blocks *blocks,
                                    enum store_put how) {
  uint8_t key[STORE_KEY_BYTES];
  size_t head = put_head(key, number, table).size;
  for (size_t i = 0; i < blocks->count; i++) {
    const struct block *block = &blocks->items[i];
    memcpy(key + head, block->first_key.data, block->first_key.size);
    TRY(store_cursor_put(scope, cursor, span_of(key, head + block->first_key.size), block->bytes,
                         how));
  }
  return ADDUCE_OK;
}

static enum adduce_err write_tables(struct adduce_scope *scope, struct store_txn *txn,
                                    uint32_t number, const struct run_packed *packed,
                                    enum store_put how) {
  struct store_cursor cursor;
  uint8_t head[5];
  enum adduce_err err = ADDUCE_OK;
  TRY(store_cursor_open(scope, &cursor, txn, RUN_BLOCKS_TABLE));
  for (uint8_t table = 0; table < REGISTRY_COUNT && err == ADDUCE_OK; table++)
    err = write_blocks(scope, &cursor, number, table, &packed->blocks[table], how);
  if (err == ADDUCE_OK)
    err =
        store_cursor_put(scope, &cursor, put_head(head, number, FILTER_MARK), packed->filter, how);
  store_cursor_close(&cursor);
  return err;
}

static enum adduce_err write_run(struct adduce_scope *scope, struct store_txn *txn,
                                 const struct run *run, const struct run_packed *packed,
                                 enum store_put how) {
  uint8_t name[NAME_BYTES], record[RECORD_BYTES];
  TRY(write_tables(scope, txn, run->number, packed, how));
  bigendian_put64(record + 8, run->begin);
  bigendian_put64(record + 16, run->end);
  bigendian_put64(record + 24, run->closed);
  for (size_t i = 0; i < REGISTRY_COUNT; i++) bigendian_put64(record + 32 + 8 * i, run->rows[i]);
  bigendian_put64(record, hash_checksum(span_of(record + 8, sizeof record - 8)));
  name_run(name, run->number);
  return store_put(scope, txn, RUN_META_TABLE, span_of(name, sizeof name),
                   span_of(record, sizeof record), STORE_NEW);
}

enum adduce_err run_write(struct adduce_scope *scope, struct store_txn *txn, const struct run *run,
                          const struct run_packed *packed) {
  return write_run(scope, txn, run, packed, STORE_LAST);
}

enum adduce_err run_group_make(struct adduce_scope *scope, struct store_txn *txn,
                               const struct runs *runs, size_t group, struct adduce_span *bytes) {
  struct adduce_span filters[FILTER_GROUP];
  for (size_t i = 0; i < FILTER_GROUP; i++) {
    struct run run = runs->items[group * FILTER_GROUP + i];
    TRY(run_load_filter(scope, txn, &run));
    filters[i] = run.filter;
  }
  return filter_group_make(scope, bytes, filters);
}

enum adduce_err run_group(struct adduce_scope *scope, struct store_txn *txn) {
  struct runs runs;
  uint8_t head[5];
  TRY(run_load(scope, txn, &runs));
  for (size_t group = runs.group_count; group < groups_wanted(&runs); group++) {
    struct adduce_span bytes;
    TRY(run_group_make(scope, txn, &runs, group, &bytes));
    TRY(store_put(scope, txn, RUN_BLOCKS_TABLE,
                  put_head(head, group_number(&runs, group), GROUP_MARK), bytes, STORE_NEW));
  }
  return ADDUCE_OK;
}

/* Deleting moves cursors, so each key is looked for anew. */
enum adduce_err run_remove(struct adduce_scope *scope, struct store_txn *txn, uint32_t number) {
  uint8_t head[5], name[NAME_BYTES], key[STORE_KEY_BYTES];
  struct adduce_span first = put_head(head, number, 0);
  for (;;) {
    struct store_cursor cursor;
    TRY(store_cursor_open(scope, &cursor, txn, RUN_BLOCKS_TABLE));
    enum adduce_err err = store_cursor_seek(scope, &cursor, first);
    bool is_ours = err == ADDUCE_OK && memcmp(cursor.key.data, head, 4) == 0;
    size_t size = is_ours ? cursor.key.size : 0;
    if (is_ours) memcpy(key, cursor.key.data, size);
    store_cursor_close(&cursor);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
    if (!is_ours) break;
    TRY(store_delete(scope, txn, RUN_BLOCKS_TABLE, span_of(key, size)));
  }
  name_run(name, number);
  return store_delete(scope, txn, RUN_META_TABLE, span_of(name, sizeof name));
}

/* A group stands under the number of its last run, and may go with it. */
enum adduce_err run_replace(struct adduce_scope *scope, struct store_txn *txn,
                            const struct runs *runs, size_t position, const struct run *run,
                            const struct run_packed *packed) {
  uint8_t head[5];
  struct adduce_span bytes;
  size_t group = position / FILTER_GROUP;
  TRY(run_remove(scope, txn, run->number));
  TRY(write_run(scope, txn, run, packed, STORE_NEW));
  if (group >= runs->group_count) return ADDUCE_OK;
  TRY(run_group_make(scope, txn, runs, group, &bytes));
  return store_put(scope, txn, RUN_BLOCKS_TABLE,
                   put_head(head, group_number(runs, group), GROUP_MARK), bytes, STORE_REPLACE);
}

size_t run_packed_bytes(const struct run_packed *packed) {
  size_t bytes = packed->filter.size;
  for (size_t i = 0; i < REGISTRY_COUNT; i++) bytes += packed->blocks[i].bytes;
  return bytes;
}

/* --- comparing ---------------------------------------------------------------------------- */

static bool is_block(const struct store_cursor *cursor, struct adduce_span head,
                     const struct block *block) {
  struct adduce_span key = cursor->key;
  return key.size == head.size + block->first_key.size &&
         memcmp(key.data, head.data, head.size) == 0 &&
         memcmp(key.data + head.size, block->first_key.data, block->first_key.size) == 0 &&
         span_equal(cursor->value, block->bytes);
}

/* Walks the cursor over what should be the blocks of a table. */
static enum adduce_err match_blocks(struct adduce_scope *scope, struct store_cursor *cursor,
                                    struct adduce_span head, const struct blocks *blocks,
                                    bool *same) {
  for (size_t i = 0; i < blocks->count && *same; i++) {
    *same = is_block(cursor, head, &blocks->items[i]);
    if (*same) TRY(store_cursor_next(scope, cursor));
  }
  return ADDUCE_OK;
}

/* Behind the blocks of the last table there is a group, or the filter. */
static enum adduce_err match_all(struct adduce_scope *scope, struct store_cursor *cursor,
                                 const struct run *run, const struct run_packed *packed,
                                 bool *same) {
  uint8_t bytes[5];
  TRY(store_cursor_seek(scope, cursor, put_head(bytes, run->number, 0)));
  for (uint8_t table = 0; table < REGISTRY_COUNT; table++)
    TRY(match_blocks(scope, cursor, put_head(bytes, run->number, table), &packed->blocks[table],
                     same));
  if (*same)
    *same = cursor->key.size >= sizeof bytes && memcmp(cursor->key.data, bytes, 4) == 0 &&
            cursor->key.data[4] >= GROUP_MARK;
  return ADDUCE_OK;
}

enum adduce_err run_match(struct adduce_scope *scope, struct store_txn *txn, const struct run *run,
                          const struct run_packed *packed, bool *same) {
  struct store_cursor cursor;
  *same = span_equal(run->filter, packed->filter);
  if (!*same) return ADDUCE_OK;
  TRY(store_cursor_open(scope, &cursor, txn, RUN_BLOCKS_TABLE));
  enum adduce_err err = match_all(scope, &cursor, run, packed, same);
  store_cursor_close(&cursor);
  if (err != ADDUCE_E_NOT_FOUND) return err;
  *same = false;
  return ADDUCE_OK;
}

/* --- reading ------------------------------------------------------------------------------ */

struct run_cursor *run_cursor_take(struct adduce_scope *scope, const struct runs *runs) {
  struct run_cursor *cursor = runs->spare->first;
  if (cursor == NULL) return scope_new(scope, struct run_cursor);
  runs->spare->first = cursor->next_spare;
  return cursor;
}

void run_cursor_give(const struct runs *runs, struct run_cursor *cursor) {
  cursor->next_spare = runs->spare->first;
  runs->spare->first = cursor;
}

void run_cursor_init(struct run_cursor *cursor, struct adduce_scope *scope,
                     struct store_cursor *blocks, uint32_t number, enum registry_number table) {
  cursor->blocks = blocks;
  cursor->scope = scope;
  cursor->number = number;
  cursor->table = (uint8_t)table;
  cursor->block = span_of(NULL, 0);
  cursor->checked = NULL;
}

static bool is_inside(const struct run_cursor *cursor) {
  uint8_t head[5];
  put_head(head, cursor->number, cursor->table);
  return cursor->blocks->key.size > sizeof head &&
         memcmp(cursor->blocks->key.data, head, sizeof head) == 0;
}

/* Enters the block the store's cursor is at. Its key is kept, since that cursor is shared. */
static enum adduce_err enter(struct run_cursor *cursor, enum adduce_err err) {
  cursor->block = span_of(NULL, 0);
  if (err != ADDUCE_OK) return err;
  if (!is_inside(cursor)) return ADDUCE_E_NOT_FOUND;
  struct adduce_span block = cursor->blocks->value;
  bool is_checked = block.data == cursor->checked;
  cursor->checked = NULL;
  cursor->block_key_size = cursor->blocks->key.size;
  memcpy(cursor->block_key, cursor->blocks->key.data, cursor->block_key_size);
  TRY(block_open(cursor->scope, &cursor->reader, block, is_checked));
  cursor->block = block;
  cursor->checked = block.data;
  return ADDUCE_OK;
}

static enum adduce_err enter_next(struct run_cursor *cursor) {
  struct adduce_span key = span_of(cursor->block_key, cursor->block_key_size);
  enum adduce_err err = store_cursor_seek(cursor->scope, cursor->blocks, key);
  if (err == ADDUCE_OK && span_equal(cursor->blocks->key, key))
    err = store_cursor_next(cursor->scope, cursor->blocks);
  return enter(cursor, err);
}

enum adduce_err run_cursor_next(struct run_cursor *cursor) {
  if (cursor->block.size == 0) return ADDUCE_E_NOT_FOUND;
  enum adduce_err err = block_next(cursor->scope, &cursor->reader, &cursor->row);
  if (err != ADDUCE_E_NOT_FOUND) return err;
  TRY(enter_next(cursor));
  return block_next(cursor->scope, &cursor->reader, &cursor->row);
}

/* The block that holds `key` if any does: the last one that begins at or before it. */
static enum adduce_err find_block(struct run_cursor *cursor, struct adduce_span key) {
  uint8_t bytes[STORE_KEY_BYTES];
  size_t head = put_head(bytes, cursor->number, cursor->table).size;
  size_t size = key.size < sizeof bytes - head ? key.size : sizeof bytes - head;
  memcpy(bytes + head, key.data, size);
  enum adduce_err err =
      store_cursor_seek_back(cursor->scope, cursor->blocks, span_of(bytes, head + size));
  return enter(cursor, err);
}

static enum adduce_err find_first(struct run_cursor *cursor) {
  uint8_t head[5];
  struct adduce_span first = put_head(head, cursor->number, cursor->table);
  return enter(cursor, store_cursor_seek(cursor->scope, cursor->blocks, first));
}

enum adduce_err run_cursor_seek(struct run_cursor *cursor, struct adduce_span key) {
  enum adduce_err err = find_block(cursor, key);
  if (err == ADDUCE_E_NOT_FOUND) err = find_first(cursor);
  if (err != ADDUCE_OK) return err;
  do {
    err = run_cursor_next(cursor);
  } while (err == ADDUCE_OK && span_compare(cursor->row.key, key) < 0);
  return err;
}

/* Rows of a block are read forwards, so the last fitting one is counted first. */
enum adduce_err run_cursor_seek_back(struct run_cursor *cursor, struct adduce_span key) {
  uint32_t fitting = 0;
  TRY(find_block(cursor, key));
  for (;;) {
    enum adduce_err err = block_next(cursor->scope, &cursor->reader, &cursor->row);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
    if (err == ADDUCE_E_NOT_FOUND || span_compare(cursor->row.key, key) > 0) break;
    fitting++;
  }
  if (fitting == 0) return ADDUCE_E_NOT_FOUND;
  TRY(block_open(cursor->scope, &cursor->reader, cursor->block, true));
  while (fitting-- > 0) TRY(block_next(cursor->scope, &cursor->reader, &cursor->row));
  return ADDUCE_OK;
}
