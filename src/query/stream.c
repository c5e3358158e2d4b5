/* SPDX-License-Identifier: Apache-2.0 */
#include "query/stream.h"

#include "projection/key.h"

void stream_close(struct stream *stream) {
  store_cursor_close(&stream->cursor);
}

/* --- finding the stems -------------------------------------------------------------------- */

static enum adduce_err add_stem(struct stream *stream, struct adduce_span stem) {
  struct adduce_scope *scope = stream->asked->scope;
  if (stream->count == STREAM_STEMS)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "the filter fits more than %d kinds or keys",
                      STREAM_STEMS);
  if (stream->count == stream->capacity) {
    size_t capacity = stream->capacity == 0 ? 8 : 2 * stream->capacity;
    struct stream_stem *grown = scope_grow(scope, stream->stems, stream->capacity * sizeof *grown,
                                           capacity * sizeof *grown);
    if (grown == NULL) return scope_no_memory(scope);
    stream->stems = grown;
    stream->capacity = capacity;
  }
  struct adduce_span copy = scope_copy(scope, stem);
  if (copy.data == NULL) return scope_no_memory(scope);
  /* Before the first leap every stem may have what is wanted. */
  stream->stems[stream->count++] =
      (struct stream_stem){copy, stream->backwards ? STREAM_END - 1 : 0};
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

enum adduce_err stream_open_all(const struct asked *asked, struct stream *stream,
                                enum registry_number table, const struct adduce_span *prefixes,
                                size_t count, bool backwards) {
  *stream = (struct stream){.asked = asked, .backwards = backwards};
  TRY(store_cursor_open(asked->scope, &stream->cursor, asked->world->rows, table));
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

/* Where the next row of one stem from `from` on is. */
static enum adduce_err seek(struct stream *stream, struct stream_stem *stem, uint64_t from) {
  struct adduce_scope *scope = stream->asked->scope;
  uint8_t bytes[STORE_KEY_BYTES];
  struct adduce_span key = span_of(bytes, stem->stem.size + KEY_INDEX_BYTES);
  memcpy(bytes, stem->stem.data, stem->stem.size);
  bigendian_put64(bytes + stem->stem.size, from);
  enum adduce_err err = stream->backwards ? store_cursor_seek_back(scope, &stream->cursor, key)
                                          : store_cursor_seek(scope, &stream->cursor, key);
  stem->index = STREAM_END;
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  if (!span_equal(key_stem(stream->cursor.key), stem->stem)) return ADDUCE_OK;
  uint64_t index = key_index(stream->cursor.key);
  if (index < stream->asked->size) stem->index = index;
  return ADDUCE_OK;
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
