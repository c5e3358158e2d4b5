/* SPDX-License-Identifier: Apache-2.0 */
#include "projection/batch.h"

#include <stdatomic.h>

#include "projection/filter.h"
#include "projection/rowsort.h"
#include "sys/machine.h"
#include "sys/pages.h"
#include "sys/workers.h"

#define LANES 8
#define AHEAD 8 /* rows that are fetched into the cache before their turn */
#define POOL_BYTES (2 * BATCH_CHUNKS * BATCH_CHUNK_BYTES) /* what is not used is not touched */

struct chunk {
  struct adduce_scope *scope; /* of what its rows need beside their room */
  struct rows rows;
  uint64_t begin, end; /* the entries it holds; less than wanted when it ended early */
  uint64_t wanted;
};

/* What is made of the rows of one projection. */
struct list {
  struct adduce_scope *scope; /* of all that is here, and of its blocks */
  struct rows_item *items;    /* sorted; of a run they are not kept */
  size_t count, capacity;
  uint64_t *leads; /* hashes for the filter */
  size_t lead_count, lead_capacity;
};

/* Where one worker at a time sorts. */
struct lane {
  struct adduce_scope *scope;
  struct rowsort_room room;
};

/* What is written of a run. */
struct packed {
  struct adduce_scope *scope; /* of the filter */
  struct pages_pool pool;     /* of the blocks */
  struct run_packed run;
};

struct batch {
  const struct fold_feed *feed;
  struct pages_pool pool;  /* of the rows of all chunks */
  struct pages_pool rooms; /* of the lanes */
  struct chunk chunks[BATCH_CHUNKS];
  size_t chunk_count;
  struct list lists[REGISTRY_COUNT];
  struct lane lanes[LANES];
  _Atomic size_t next_table; /* that no lane has taken */
  enum batch_use use;
  struct packed packed[2]; /* one may be written while the other is made */
  unsigned turn;
};

void batch_close(struct batch **batch) {
  struct batch *closed = *batch;
  if (closed == NULL) return;
  for (size_t i = 0; i < BATCH_CHUNKS; i++) adduce_scope_close(&closed->chunks[i].scope);
  for (size_t i = 0; i < REGISTRY_COUNT; i++) adduce_scope_close(&closed->lists[i].scope);
  for (size_t i = 0; i < LANES; i++) adduce_scope_close(&closed->lanes[i].scope);
  for (size_t i = 0; i < 2; i++) adduce_scope_close(&closed->packed[i].scope);
  for (size_t i = 0; i < 2; i++) pages_pool_close(&closed->packed[i].pool);
  pages_pool_close(&closed->pool);
  pages_pool_close(&closed->rooms);
  *batch = NULL;
}

uint64_t batch_step(const struct fold_feed *feed) {
  return feed->step == 0 ? BATCH_CHUNK : feed->step;
}

static enum adduce_err open_scopes(struct batch *batch) {
  for (size_t i = 0; i < BATCH_CHUNKS; i++) TRY(adduce_scope_open(&batch->chunks[i].scope, 0));
  for (size_t i = 0; i < REGISTRY_COUNT; i++) TRY(adduce_scope_open(&batch->lists[i].scope, 0));
  for (size_t i = 0; i < LANES; i++) TRY(adduce_scope_open(&batch->lanes[i].scope, 0));
  for (size_t i = 0; i < 2; i++) TRY(adduce_scope_open(&batch->packed[i].scope, 0));
  return ADDUCE_OK;
}

static bool open_pools(struct batch *batch) {
  return pages_pool_open(&batch->pool, POOL_BYTES) && pages_pool_open(&batch->rooms, POOL_BYTES) &&
         pages_pool_open(&batch->packed[0].pool, POOL_BYTES) &&
         pages_pool_open(&batch->packed[1].pool, POOL_BYTES);
}

enum adduce_err batch_open(struct adduce_scope *scope, struct batch **batch,
                           const struct fold_feed *feed, uint64_t entries) {
  bool is_large = entries > batch_step(feed); /* pages would be too many for a few rows */
  *batch = scope_new(scope, struct batch);
  if (*batch == NULL) return scope_no_memory(scope);
  (*batch)->feed = feed;
  if (open_scopes(*batch) != ADDUCE_OK || (is_large && !open_pools(*batch))) {
    batch_close(batch);
    return scope_no_memory(scope);
  }
  for (size_t i = 0; i < LANES; i++)
    (*batch)->lanes[i].room =
        (struct rowsort_room){.scope = (*batch)->lanes[i].scope, .pool = &(*batch)->rooms};
  for (size_t i = 0; i < BATCH_CHUNKS; i++) {
    struct chunk *chunk = &(*batch)->chunks[i];
    rows_init(&chunk->rows, chunk->scope, true);
    chunk->rows.pool = &(*batch)->pool;
  }
  return ADDUCE_OK;
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
  TRY(feed->entry(feed->context, scope, reader, &input.recorded_at_us, &event.claim, index));
  TRY(judge_declared(feed, scope, reader, &event, index));
  return rows_project(rows, ROWS_ALL, &input);
}

static enum adduce_err project_chunk(const struct fold_feed *feed, struct adduce_scope *scope,
                                     struct fold_reader *reader, struct chunk *chunk) {
  rows_clear(&chunk->rows);
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

static enum adduce_err run_chunks(void *context, struct adduce_scope *scope, size_t begin,
                                  size_t end) {
  for (size_t i = begin; i < end; i++) TRY(run_chunk(context, scope, i));
  return ADDUCE_OK;
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

/* The chunks up to the first that ended early; what comes after it is projected again. */
static void drop_rest(struct batch *batch) {
  size_t kept = 0;
  while (kept < batch->chunk_count) {
    const struct chunk *chunk = &batch->chunks[kept++];
    if (chunk->end < chunk->wanted) break;
  }
  batch->chunk_count = kept;
}

/* --- making ready ------------------------------------------------------------------------- */

/* Makes room for a kept array; what becomes too small ends with the batch. */
static void *make_room(struct list *list, void *array, size_t *capacity, size_t count,
                       size_t size) {
  if (count <= *capacity) return array;
  *capacity = count + count / 4;
  array = scope_alloc(list->scope, *capacity * size);
  if (array == NULL) *capacity = 0;
  return array;
}

/* Adds the hash of a lead unless the row before had it in common: `last`, which becomes `lead`. */
static void add_lead(struct list *list, enum registry_number table, struct adduce_span *last,
                     struct adduce_span lead) {
  if (lead.size == 0 || span_equal(*last, lead)) return;
  list->leads[list->lead_count++] = filter_hash(table, lead);
  *last = lead;
}

/* The hash of each lead, once: rows that have it in common stand together. Leads are parts of
 * stems. */
static bool find_leads(struct list *list, enum registry_number table, const struct rows_item *items,
                       size_t count) {
  struct adduce_span last = span_of(NULL, 0), last_narrow = last;
  size_t room = 2 * count;
  list->lead_count = 0;
  list->leads = make_room(list, list->leads, &list->lead_capacity, room, sizeof *list->leads);
  if (list->leads == NULL) return count == 0;
  for (size_t i = 0; i < count; i++) {
    const struct rows_item *item = &items[i];
    if (i + AHEAD < count) __builtin_prefetch(items[i + AHEAD].bytes);
    if (!item->starts) continue;
    struct adduce_span key = span_of(item->bytes, item->key_size);
    add_lead(list, table, &last, filter_lead(table, key));
    add_lead(list, table, &last_narrow, filter_narrow(table, key));
  }
  return true;
}

static bool keep_items(struct list *list, const struct rows_item *items, size_t count) {
  list->items = make_room(list, list->items, &list->capacity, count, sizeof *list->items);
  if (list->items == NULL || count == 0) return count == 0;
  memcpy(list->items, items, count * sizeof *items);
  return true;
}

static enum adduce_err make_table(struct batch *batch, struct rowsort_room *room, size_t table) {
  const struct rows_list *parts[BATCH_CHUNKS];
  struct list *list = &batch->lists[table];
  struct run_packed *run = &batch->packed[batch->turn].run;
  struct rows_item *sorted = NULL;
  for (size_t i = 0; i < batch->chunk_count; i++) parts[i] = &batch->chunks[i].rows.lists[table];
  TRY(rowsort(room, &sorted, &list->count, parts, batch->chunk_count));
  if (batch->use == BATCH_ROWS)
    return keep_items(list, sorted, list->count) ? ADDUCE_OK : scope_no_memory(room->scope);
  if (!find_leads(list, (enum registry_number)table, sorted, list->count))
    return scope_no_memory(room->scope);
  run->rows[table] = list->count;
  return block_pack(list->scope, &batch->packed[batch->turn].pool, &run->blocks[table], sorted,
                    list->count);
}

/* A lane takes one table after the other, the largest first as they come. */
static enum adduce_err run_lanes(void *context, struct adduce_scope *scope, size_t begin,
                                 size_t end) {
  struct batch *batch = context;
  for (size_t lane = begin; lane < end; lane++) {
    for (;;) {
      size_t table = atomic_fetch_add(&batch->next_table, 1);
      if (table >= REGISTRY_COUNT) break;
      if (make_table(batch, &batch->lanes[lane].room, table) != ADDUCE_OK)
        return scope_no_memory(scope);
    }
  }
  return ADDUCE_OK;
}

static size_t count_rows(const struct batch *batch, size_t table) {
  size_t count = 0;
  for (size_t i = 0; i < batch->chunk_count; i++) count += batch->chunks[i].rows.lists[table].count;
  return count;
}

static enum adduce_err make_tables(struct adduce_scope *scope, struct batch *batch,
                                   unsigned threads) {
  size_t lanes = threads == 0 ? machine_processors() : threads, most = 0;
  batch->next_table = 0;
  for (size_t i = 0; i < REGISTRY_COUNT; i++) {
    size_t count = count_rows(batch, i);
    if (count > most) most = count;
  }
  for (size_t i = 0; i < LANES; i++) batch->lanes[i].room.most = most + most / 8;
  pages_pool_reset(&batch->packed[batch->turn].pool);
  return workers_run(scope, lanes < LANES ? lanes : LANES, 1, threads, run_lanes, batch);
}

static enum adduce_err make_filter(struct adduce_scope *scope, struct batch *batch) {
  struct packed *packed = &batch->packed[batch->turn];
  size_t count = 0;
  adduce_scope_reset(packed->scope);
  for (size_t i = 0; i < REGISTRY_COUNT; i++) count += batch->lists[i].lead_count;
  uint64_t *hashes = scope_alloc(packed->scope, count * sizeof *hashes);
  if (hashes == NULL) return scope_no_memory(scope);
  count = 0;
  for (size_t i = 0; i < REGISTRY_COUNT; i++) {
    const struct list *list = &batch->lists[i];
    if (list->lead_count != 0)
      memcpy(hashes + count, list->leads, list->lead_count * sizeof *hashes);
    count += list->lead_count;
  }
  if (filter_make(packed->scope, &packed->run.filter, hashes, count) != ADDUCE_OK)
    return scope_no_memory(scope);
  return ADDUCE_OK;
}

static enum adduce_err project(struct adduce_scope *scope, struct batch *batch) {
  bool is_small = batch->chunk_count == 1;
  unsigned threads = is_small ? 1 : batch->feed->threads;
  pages_pool_reset(&batch->pool);
  TRY(workers_run(scope, batch->chunk_count, 1, threads, run_chunks, batch));
  drop_rest(batch);
  TRY(make_tables(scope, batch, threads));
  return batch->use == BATCH_RUN ? make_filter(scope, batch) : ADDUCE_OK;
}

/* --- with other work beside --------------------------------------------------------------- */

struct halves {
  struct batch *batch;
  const struct batch_beside *beside;
};

static enum adduce_err run_halves(void *context, struct adduce_scope *scope, size_t begin,
                                  size_t end) {
  struct halves *halves = context;
  for (size_t i = begin; i < end; i++) {
    if (i == 0)
      TRY(halves->beside->run(halves->beside->context, scope));
    else
      TRY(project(scope, halves->batch));
  }
  return ADDUCE_OK;
}

enum adduce_err batch_project(struct adduce_scope *scope, struct batch *batch, enum batch_use use,
                              uint64_t *end, uint64_t begin, uint64_t limit,
                              const struct batch_beside *beside) {
  struct halves halves = {batch, beside};
  batch->use = use;
  batch->turn = 1 - batch->turn;
  plan_chunks(batch, begin, limit);
  if (beside == NULL)
    TRY(project(scope, batch));
  else
    TRY(workers_run(scope, 2, 1, batch->feed->threads == 1 ? 1 : 2, run_halves, &halves));
  *end = batch->chunk_count == 0 ? begin : batch->chunks[batch->chunk_count - 1].end;
  return ADDUCE_OK;
}

const struct run_packed *batch_packed(const struct batch *batch) {
  return &batch->packed[batch->turn].run;
}

const struct rows_item *batch_rows(const struct batch *batch, size_t projection, size_t *count) {
  *count = batch->lists[projection].count;
  return batch->lists[projection].items;
}

size_t batch_bytes(const struct batch *batch) {
  size_t bytes = 0;
  for (size_t i = 0; i < batch->chunk_count; i++) bytes += batch->chunks[i].rows.bytes;
  return bytes;
}
