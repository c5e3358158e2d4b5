/* SPDX-License-Identifier: Apache-2.0 */
#include "query/stream.h"

#include "projection/filter.h"
#include "projection/key.h"

void stream_close(struct stream *stream) {
  store_cursor_close(&stream->tail);
  store_cursor_close(&stream->blocks);
}

/* --- finding the stems -------------------------------------------------------------------- */

static enum adduce_err add_stem(struct stream *stream, struct adduce_span stem) {
  struct adduce_scope *scope = stream->asked->scope;
  if (stream->count == STREAM_STEMS)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "the filter fits more than %d kinds or keys",
                      STREAM_STEMS);
  struct stream_stem *grown =
      scope_room(scope, &stream->capacity, stream->stems, stream->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  stream->stems = grown;
  struct adduce_span copy = scope_copy(scope, stem);
  if (copy.data == NULL) return scope_no_memory(scope);
  /* Before the first leap every stem may have what is wanted. */
  stream->stems[stream->count++] =
      (struct stream_stem){copy, stream->backwards ? STREAM_END - 1 : 0, NULL};
  return ADDUCE_OK;
}

static enum adduce_err find_stems(struct stream *stream, enum registry_number table,
                                  struct adduce_span prefix) {
  struct range range;
  TRY(range_open(stream->asked, &range, table, prefix));
  enum adduce_err err = range_next(&range);
  while (err == ADDUCE_OK) {
    err = add_stem(stream, key_stem(range.row.key));
    if (err == ADDUCE_OK) err = range_next_stem(&range);
  }
  range_close(&range);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err open_cursors(struct stream *stream) {
  struct adduce_scope *scope = stream->asked->scope;
  struct store_txn *rows = stream->asked->world->rows;
  TRY(store_cursor_open(scope, &stream->tail, rows, stream->table));
  enum adduce_err err = store_cursor_open(scope, &stream->blocks, rows, RUN_BLOCKS_TABLE);
  if (err != ADDUCE_OK) store_cursor_close(&stream->tail);
  return err;
}

enum adduce_err stream_open_all(const struct asked *asked, struct stream *stream,
                                enum registry_number table, const struct adduce_span *prefixes,
                                size_t count, bool backwards) {
  *stream = (struct stream){.asked = asked, .table = table, .backwards = backwards};
  TRY(open_cursors(stream));
  run_cursor_init(&stream->run, asked->scope, &stream->blocks, 0, table);
  for (size_t i = 0; i < count; i++) {
    enum adduce_err err = find_stems(stream, table, prefixes[i]);
    if (err == ADDUCE_OK) continue;
    stream_close(stream);
    return err;
  }
  return ADDUCE_OK;
}

enum adduce_err stream_open(const struct asked *asked, struct stream *stream,
                            enum registry_number table, struct adduce_span prefix, bool backwards) {
  return stream_open_all(asked, stream, table, &prefix, 1, backwards);
}

/* --- leaping ------------------------------------------------------------------------------ */

/* The rows of a stem stand in the order of their events, so the runs are looked at in turn, and the
 * first that has one has the nearest. */
struct leap {
  struct stream *stream;
  struct stream_stem *stem;
  uint8_t key[STORE_KEY_BYTES];
  size_t key_size;
};

/* Takes a place as found if it is of the stem and visible. */
static enum adduce_err take(struct leap *leap, enum adduce_err err, struct adduce_span key) {
  struct stream_stem *stem = leap->stem;
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  if (!span_equal(key_stem(key), stem->stem)) return ADDUCE_OK;
  uint64_t index = key_index(key);
  if (index < leap->stream->asked->size) stem->index = index;
  return ADDUCE_OK;
}

static enum adduce_err look_into_run(struct leap *leap, size_t number) {
  struct stream *stream = leap->stream;
  const struct run *run = &stream->asked->runs.items[number];
  struct adduce_span key = span_of(leap->key, leap->key_size);
  if (run->begin >= stream->asked->size) return ADDUCE_OK;
  if (leap->stem->may != NULL && !leap->stem->may[number]) return ADDUCE_OK;
  stream->run.number = run->number;
  enum adduce_err err = stream->backwards ? run_cursor_seek_back(&stream->run, key)
                                          : run_cursor_seek(&stream->run, key);
  return take(leap, err, stream->run.row.key);
}

static enum adduce_err look_into_tail(struct leap *leap) {
  struct stream *stream = leap->stream;
  struct adduce_scope *scope = stream->asked->scope;
  struct adduce_span key = span_of(leap->key, leap->key_size);
  enum adduce_err err = stream->backwards ? store_cursor_seek_back(scope, &stream->tail, key)
                                          : store_cursor_seek(scope, &stream->tail, key);
  return take(leap, err, stream->tail.key);
}

static enum adduce_err look_forwards(struct leap *leap, uint64_t from) {
  const struct runs *runs = &leap->stream->asked->runs;
  for (size_t i = 0; i < runs->count && leap->stem->index == STREAM_END; i++)
    if (runs->items[i].end > from) TRY(look_into_run(leap, i));
  return leap->stem->index == STREAM_END ? look_into_tail(leap) : ADDUCE_OK;
}

static enum adduce_err look_backwards(struct leap *leap, uint64_t from) {
  const struct runs *runs = &leap->stream->asked->runs;
  if (from >= run_end(runs)) TRY(look_into_tail(leap));
  for (size_t i = runs->count; i-- > 0 && leap->stem->index == STREAM_END;)
    if (runs->items[i].begin <= from) TRY(look_into_run(leap, i));
  return ADDUCE_OK;
}

/* Asks the filters of all runs, once for a stem. */
static enum adduce_err ask_filters(struct stream *stream, struct stream_stem *stem) {
  struct adduce_scope *scope = stream->asked->scope;
  struct adduce_span lead = filter_narrow(stream->table, stem->stem);
  if (lead.size == 0) lead = filter_lead(stream->table, stem->stem);
  if (lead.size == 0 || stem->may != NULL || stream->asked->runs.count == 0) return ADDUCE_OK;
  stem->may = scope_array(scope, stream->asked->runs.count, sizeof *stem->may);
  if (stem->may == NULL) return scope_no_memory(scope);
  return run_may_have(scope, &stream->asked->runs, stem->may, filter_hash(stream->table, lead));
}

/* Where the next row of one stem from `from` on is. */
static enum adduce_err seek(struct stream *stream, struct stream_stem *stem, uint64_t from) {
  struct leap leap = {.stream = stream, .stem = stem};
  TRY(ask_filters(stream, stem));
  memcpy(leap.key, stem->stem.data, stem->stem.size);
  bigendian_put64(leap.key + stem->stem.size, from);
  leap.key_size = stem->stem.size + KEY_INDEX_BYTES;
  stem->index = STREAM_END;
  return stream->backwards ? look_backwards(&leap, from) : look_forwards(&leap, from);
}

enum adduce_err stream_leap(struct stream *stream, uint64_t *index, uint64_t from) {
  *index = STREAM_END;
  for (size_t i = 0; i < stream->count; i++) {
    struct stream_stem *stem = &stream->stems[i];
    if (stem->index == STREAM_END) continue;
    bool is_behind = stream->backwards ? stem->index > from : stem->index < from;
    if (is_behind || stem->index == (stream->backwards ? STREAM_END - 1 : 0))
      TRY(seek(stream, stem, from));
    if (stem->index == STREAM_END) continue;
    bool is_nearer =
        *index == STREAM_END || (stream->backwards ? stem->index > *index : stem->index < *index);
    if (is_nearer) *index = stem->index;
  }
  return ADDUCE_OK;
}
