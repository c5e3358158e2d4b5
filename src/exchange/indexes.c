/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/indexes.h"

#include "base/bigendian.h"
#include "base/invariant.h"

static enum adduce_err refuse(struct adduce_scope *scope, size_t run, const char *reason) {
  return scope_fail(scope, ADDUCE_E_FORM, "indexes, run %zu: %s", run, reason);
}

enum adduce_err indexes_check(struct adduce_scope *scope, uint64_t *count, struct adduce_span bytes,
                              uint64_t size) {
  uint64_t end = 0;
  *count = 0;
  if (bytes.size % INDEXES_RUN_BYTES != 0)
    return scope_fail(scope, ADDUCE_E_FORM, "the indexes are no pairs of a gap and a length");
  if (bytes.size / INDEXES_RUN_BYTES > INDEXES_RUNS_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "the indexes have more than %zu runs",
                      INDEXES_RUNS_MAX);
  for (size_t at = 0; at < bytes.size; at += INDEXES_RUN_BYTES) {
    size_t run = at / INDEXES_RUN_BYTES;
    uint32_t gap = bigendian_get32(bytes.data + at), length = bigendian_get32(bytes.data + at + 4);
    if (length == 0) return refuse(scope, run, "it has no index");
    if (gap == 0 && run != 0) return refuse(scope, run, "it goes on where the one before ended");
    if (gap >= size - end || length > size - end - gap)
      return refuse(scope, run, "it goes beyond the checkpoint's tree");
    end += gap + (uint64_t)length;
    *count += length;
  }
  return ADDUCE_OK;
}

struct indexes indexes_of(struct adduce_span checked) {
  return (struct indexes){checked, 0, 0};
}

uint64_t indexes_peek(struct indexes *indexes) {
  if (indexes->next < indexes->end) return indexes->next;
  if (indexes->rest.size == 0) return INDEXES_NONE;
  const uint8_t *run = indexes->rest.data;
  indexes->next = indexes->end + bigendian_get32(run);
  indexes->end = indexes->next + bigendian_get32(run + 4);
  indexes->rest = span_of(run + INDEXES_RUN_BYTES, indexes->rest.size - INDEXES_RUN_BYTES);
  return indexes->next;
}

void indexes_skip(struct indexes *indexes) {
  INVARIANT(indexes->next < indexes->end);
  indexes->next++;
}

bool indexes_cover(struct adduce_span checked, uint64_t first, uint64_t end) {
  struct indexes runs = indexes_of(checked);
  while (indexes_peek(&runs) != INDEXES_NONE && runs.end <= first) runs.next = runs.end;
  return first >= end || (runs.next <= first && end <= runs.end);
}

bool indexes_have(struct adduce_span checked, uint64_t index) {
  return indexes_cover(checked, index, index + 1);
}

struct indexes_writer indexes_writer_of(struct buffer *out) {
  return (struct indexes_writer){.out = out};
}

static enum adduce_err write_run(struct adduce_scope *scope, struct indexes_writer *writer) {
  uint8_t run[INDEXES_RUN_BYTES];
  uint64_t gap = writer->first - writer->written, length = writer->end - writer->first;
  if (length == 0) return ADDUCE_OK;
  if (writer->runs == INDEXES_RUNS_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE,
                      "the selection falls into more than %zu runs of entries; export it in parts",
                      INDEXES_RUNS_MAX);
  if (gap > UINT32_MAX || length > UINT32_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE,
                      "a run or gap of the selection is longer than 2^32 - 1; export it in parts");
  bigendian_put32(run, (uint32_t)gap);
  bigendian_put32(run + 4, (uint32_t)length);
  buffer_append(writer->out, run, sizeof run);
  writer->written = writer->end;
  writer->runs++;
  return ADDUCE_OK;
}

enum adduce_err indexes_put(struct adduce_scope *scope, struct indexes_writer *writer,
                            uint64_t index) {
  INVARIANT(index >= writer->end);
  if (writer->first == writer->end || index != writer->end) {
    TRY(write_run(scope, writer));
    writer->first = index;
  }
  writer->end = index + 1;
  return ADDUCE_OK;
}

enum adduce_err indexes_finish(struct adduce_scope *scope, struct indexes_writer *writer) {
  TRY(write_run(scope, writer));
  writer->first = writer->end;
  return ADDUCE_OK;
}
