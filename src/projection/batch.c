/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/batch.h"

#include "projection/filter.h"
#include "projection/rowsort.h"
#include "sys/workers.h"

struct chunk {
  struct adduce_scope *scope; /* of its rows */
  struct rows rows;
  uint64_t begin, end; /* the entries it holds; less than wanted when it ended early */
  uint64_t wanted;
};

/* The rows of one projection, and what is made of them. */
struct list {
  struct rows_item *items, *sorted;
  size_t count, capacity;
  struct adduce_scope *scope; /* of all that is here */
  struct rowsort_room room;
  uint64_t *leads; /* hashes for the filter */
  size_t lead_count;
};

struct batch {
  const struct fold_feed *feed;
  const struct batch_beside *beside;
  struct chunk chunks[BATCH_CHUNKS];
  size_t chunk_count;
  struct adduce_scope *scope; /* of the filter */
  struct list lists[REGISTRY_COUNT];
  enum batch_use use;
  struct run_packed packed;
  size_t bytes;
};

void batch_close(struct batch **batch) {
  struct batch *closed = *batch;
  if (closed == NULL) return;
  for (size_t i = 0; i < BATCH_CHUNKS; i++) adduce_scope_close(&closed->chunks[i].scope);
  for (size_t i = 0; i < REGISTRY_COUNT; i++) adduce_scope_close(&closed->lists[i].scope);
  adduce_scope_close(&closed->scope);
  *batch = NULL;
}

enum adduce_err batch_open(struct adduce_scope *scope, struct batch **batch,
                           const struct fold_feed *feed) {
  *batch = scope_new(scope, struct batch);
  if (*batch == NULL) return scope_no_memory(scope);
  (*batch)->feed = feed;
  enum adduce_err err = adduce_scope_open(&(*batch)->scope, 0);
  for (size_t i = 0; i < BATCH_CHUNKS && err == ADDUCE_OK; i++) {
    struct chunk *chunk = &(*batch)->chunks[i];
    err = adduce_scope_open(&chunk->scope, 0);
    if (err == ADDUCE_OK) rows_init(&chunk->rows, chunk->scope, true);
  }
  for (size_t i = 0; i < REGISTRY_COUNT && err == ADDUCE_OK; i++) {
    struct list *list = &(*batch)->lists[i];
    err = adduce_scope_open(&list->scope, 0);
    list->room.scope = list->scope;
  }
  if (err == ADDUCE_OK) return ADDUCE_OK;
  batch_close(batch);
  return scope_no_memory(scope);
}

/* --- projecting --------------------------------------------------------------------------- */

/* A declaration counts from the entry after it on: a claim that stands before the declaration of
 * its kind was not understood at its place and never will be, however late it is folded. */
static enum adduce_err judge_declared(const struct fold_feed *feed, struct adduce_scope *scope,
                                      struct fold_reader *reader, struct event *event,
                                      uint64_t index) {
  uint64_t declared;
  if (event->claim.kind == NULL || event->claim.kind->declared_by32 == NULL) return ADDUCE_OK;
  struct adduce_id id;
  memcpy(id.bytes, event->claim.kind->declared_by32, sizeof id.bytes);
  TRY(feed->find(feed->context, scope, reader, &declared, &id));
  if (declared < index) return ADDUCE_OK;
  event->claim.kind = NULL;
  event->claim.standing = CLAIM_NOT_UNDERSTOOD;
  return ADDUCE_OK;
}

static enum adduce_err project_entry(const struct fold_feed *feed, struct adduce_scope *scope,
                                     struct fold_reader *reader, struct rows *rows,
                                     uint64_t index) {
  struct event event;
  struct projection_input input = {.index = index, .event = &event};
  TRY(feed->entry(feed->context, scope, reader, &input.recorded_at_us, &event, index));
  TRY(judge_declared(feed, scope, reader, &event, index));
  return rows_project(rows, ROWS_ALL, &input);
}

static enum adduce_err project_chunk(const struct fold_feed *feed, struct adduce_scope *scope,
                                     struct fold_reader *reader, struct chunk *chunk) {
  TRY(rows_clear(&chunk->rows, BATCH_CHUNK_BYTES));
  while (chunk->end < chunk->wanted && chunk->rows.bytes < BATCH_CHUNK_BYTES) {
    struct scope_mark mark = scope_mark(scope);
    TRY(project_entry(feed, scope, reader, &chunk->rows, chunk->end));
    scope_rewind(scope, mark);
    chunk->end++;
  }
  return ADDUCE_OK;
}

static enum adduce_err run_chunk(struct batch *batch, struct adduce_scope *scope, size_t number) {
  const struct fold_feed *feed = batch->feed;
  struct fold_reader reader;
  enum adduce_err err = feed->open(feed->context, scope, &reader);
  if (err != ADDUCE_OK) return err;
  err = project_chunk(feed, scope, &reader, &batch->chunks[number]);
  feed->close(feed->context, &reader);
  return err;
}

/* The work beside comes first: it is the longest piece, and nobody else can take part of it. */
static enum adduce_err run_parts(void *context, struct adduce_scope *scope, size_t begin,
                                 size_t end) {
  struct batch *batch = context;
  size_t others = batch->beside != NULL ? 1 : 0;
  for (size_t i = begin; i < end; i++) {
    if (i < others)
      TRY(batch->beside->run(batch->beside->context, scope));
    else
      TRY(run_chunk(batch, scope, i - others));
  }
  return ADDUCE_OK;
}

uint64_t batch_step(const struct fold_feed *feed) {
  return feed->step == 0 ? BATCH_CHUNK : feed->step;
}

static void plan_chunks(struct batch *batch, uint64_t begin, uint64_t limit) {
  uint64_t step = batch_step(batch->feed);
  batch->chunk_count = 0;
  while (begin < limit && batch->chunk_count < BATCH_CHUNKS) {
    struct chunk *chunk = &batch->chunks[batch->chunk_count++];
    chunk->begin = chunk->end = begin;
    chunk->wanted = limit - begin < step ? limit : begin + step;
    begin = chunk->wanted;
  }
}

/* --- putting together ----------------------------------------------------------------------*/

/* The chunks up to the first that ended early; what comes after it is projected again. */
static void drop_rest(struct batch *batch, uint64_t *end) {
  size_t kept = 0;
  while (kept < batch->chunk_count) {
    const struct chunk *chunk = &batch->chunks[kept++];
    *end = chunk->end;
    if (chunk->end < chunk->wanted) break;
  }
  batch->chunk_count = kept;
}

/* The memory is kept; what becomes too small ends with the batch. */
static enum adduce_err make_room(struct adduce_scope *scope, struct list *list, size_t count) {
  if (count <= list->capacity) return ADDUCE_OK;
  size_t capacity = count + count / 4;
  list->items = scope_alloc(list->scope, capacity * sizeof *list->items);
  list->sorted = scope_alloc(list->scope, capacity * sizeof *list->sorted);
  list->leads = scope_alloc(list->scope, capacity * sizeof *list->leads);
  bool is_there = list->items != NULL && list->sorted != NULL && list->leads != NULL;
  list->capacity = is_there ? capacity : 0;
  return is_there ? ADDUCE_OK : scope_no_memory(scope);
}

static enum adduce_err gather_table(struct adduce_scope *scope, struct batch *batch, size_t table) {
  struct list *list = &batch->lists[table];
  size_t count = 0;
  for (size_t i = 0; i < batch->chunk_count; i++) count += batch->chunks[i].rows.lists[table].count;
  TRY(make_room(scope, list, count));
  list->count = 0;
  for (size_t i = 0; i < batch->chunk_count; i++) {
    const struct rows_list *part = &batch->chunks[i].rows.lists[table];
    if (part->count == 0) continue;
    memcpy(list->items + list->count, part->items, part->count * sizeof *part->items);
    list->count += part->count;
  }
  return ADDUCE_OK;
}

static enum adduce_err gather(struct adduce_scope *scope, struct batch *batch) {
  batch->bytes = 0;
  for (size_t i = 0; i < batch->chunk_count; i++) batch->bytes += batch->chunks[i].rows.bytes;
  for (size_t table = 0; table < REGISTRY_COUNT; table++) TRY(gather_table(scope, batch, table));
  return ADDUCE_OK;
}

/* --- making ready ------------------------------------------------------------------------- */

static void seal_rows(const struct list *list) {
  for (size_t i = 0; i < list->count; i++) {
    const struct rows_item *item = &list->sorted[i];
    uint64_t checksum = row_checksum(span_of(item->bytes, item->size));
    bigendian_put64(item->bytes + item->key_size, checksum);
  }
}

/* The hash of each lead, once: rows that have it in common stand together. */
static void find_leads(struct list *list, enum registry_number table) {
  struct adduce_span last = span_of(NULL, 0);
  list->lead_count = 0;
  for (size_t i = 0; i < list->count; i++) {
    const struct rows_item *item = &list->sorted[i];
    if (last.size != 0 && item->key_size >= last.size &&
        memcmp(item->bytes, last.data, last.size) == 0)
      continue;
    last = filter_lead(table, span_of(item->bytes, item->key_size));
    if (last.size != 0) list->leads[list->lead_count++] = filter_hash(table, last);
  }
}

static enum adduce_err make_table(struct batch *batch, struct adduce_scope *scope, size_t table) {
  struct list *list = &batch->lists[table];
  enum adduce_err err = rowsort(&list->room, list->sorted, list->items, list->count);
  if (err == ADDUCE_OK && batch->use == BATCH_TAIL) seal_rows(list);
  if (err == ADDUCE_OK && batch->use == BATCH_RUN) {
    find_leads(list, (enum registry_number)table);
    err = block_pack(list->scope, &batch->packed.blocks[table], list->sorted, list->count);
  }
  return err == ADDUCE_OK ? ADDUCE_OK : scope_no_memory(scope);
}

static enum adduce_err make_tables(void *context, struct adduce_scope *scope, size_t begin,
                                   size_t end) {
  for (size_t table = begin; table < end; table++) TRY(make_table(context, scope, table));
  return ADDUCE_OK;
}

static enum adduce_err make_filter(struct adduce_scope *scope, struct batch *batch) {
  size_t count = 0;
  adduce_scope_reset(batch->scope);
  for (size_t i = 0; i < REGISTRY_COUNT; i++) count += batch->lists[i].lead_count;
  uint64_t *hashes = scope_alloc(batch->scope, count * sizeof *hashes);
  if (hashes == NULL) return scope_no_memory(scope);
  count = 0;
  batch->bytes = 0;
  for (size_t i = 0; i < REGISTRY_COUNT; i++) {
    const struct list *list = &batch->lists[i];
    if (list->lead_count != 0)
      memcpy(hashes + count, list->leads, list->lead_count * sizeof *hashes);
    count += list->lead_count;
    batch->bytes += batch->packed.blocks[i].bytes;
  }
  if (filter_make(batch->scope, &batch->packed.filter, hashes, count) != ADDUCE_OK)
    return scope_no_memory(scope);
  return ADDUCE_OK;
}

enum adduce_err batch_project(struct adduce_scope *scope, struct batch *batch, enum batch_use use,
                              uint64_t *end, uint64_t begin, uint64_t limit,
                              const struct batch_beside *beside) {
  unsigned threads = limit - begin > batch_step(batch->feed) ? batch->feed->threads : 1;
  batch->use = use;
  batch->beside = beside;
  plan_chunks(batch, begin, limit);
  size_t parts = batch->chunk_count + (beside != NULL ? 1 : 0);
  TRY(workers_run(scope, parts, 1, threads, run_parts, batch));
  *end = begin;
  drop_rest(batch, end);
  TRY(gather(scope, batch));
  TRY(workers_run(scope, REGISTRY_COUNT, 1, threads, make_tables, batch));
  return use == BATCH_RUN ? make_filter(scope, batch) : ADDUCE_OK;
}

const struct run_packed *batch_packed(const struct batch *batch, uint64_t *rows) {
  for (size_t i = 0; i < REGISTRY_COUNT; i++) rows[i] = batch->lists[i].count;
  return &batch->packed;
}

const struct rows_item *batch_rows(const struct batch *batch, size_t projection, size_t *count) {
  *count = batch->lists[projection].count;
  return batch->lists[projection].sorted;
}

size_t batch_bytes(const struct batch *batch) {
  return batch->bytes;
}
