/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/arrivals.h"

#include "base/bigendian.h"
#include "sys/file.h"

/* u64be index, u32be bytes of the event, u32be bytes of its content, u8 fate; then both. The file
 * is of one process, and no other reads it. */
#define HEAD_BYTES 17

enum adduce_err arrivals_open(struct adduce_scope *scope, struct arrivals *arrivals,
                              const char *path) {
  *arrivals = (struct arrivals){.reader = {.fd = -1}};
  TRY(spool_open(scope, &arrivals->spool, path));
  TRY(reader_open(scope, &arrivals->reader, path));
  file_discard(path);
  return ADDUCE_OK;
}

enum adduce_err arrivals_add(struct adduce_scope *scope, struct arrivals *arrivals,
                             const struct event *event, uint64_t index, enum arrivals_fate fate) {
  const struct parsed *parsed = &event->claim.parsed;
  uint8_t head[HEAD_BYTES];
  bigendian_put64(head, index);
  bigendian_put32(head + 8, (uint32_t)parsed->event.size);
  bigendian_put32(head + 12, (uint32_t)parsed->content.size);
  head[16] = (uint8_t)fate;
  TRY(spool_write(scope, &arrivals->spool, span_of(head, sizeof head)));
  TRY(spool_write(scope, &arrivals->spool, parsed->event));
  TRY(spool_write(scope, &arrivals->spool, parsed->content));
  arrivals->end += sizeof head + parsed->event.size + parsed->content.size;
  return ADDUCE_OK;
}

enum adduce_err arrivals_rewind(struct adduce_scope *scope, struct arrivals *arrivals) {
  arrivals->place = 0;
  return spool_flush(scope, &arrivals->spool);
}

enum adduce_err arrivals_next(struct adduce_scope *scope, struct arrivals *arrivals,
                              struct arrival *arrival, const struct vocabulary *vocabulary,
                              bool *is_end) {
  uint8_t head[HEAD_BYTES];
  struct parsed parsed;
  *is_end = arrivals->place == arrivals->end;
  if (*is_end) return ADDUCE_OK;
  TRY(reader_read(scope, &arrivals->reader, head, sizeof head, arrivals->place));
  size_t event_bytes = bigendian_get32(head + 8), bytes = event_bytes + bigendian_get32(head + 12);
  uint8_t *room = scope_alloc(scope, bytes);
  if (room == NULL) return scope_no_memory(scope);
  TRY(reader_read(scope, &arrivals->reader, room, bytes, arrivals->place + sizeof head));
  TRY(parsed_read_stored(scope, &parsed, span_of(room, event_bytes),
                         span_of(room + event_bytes, bytes - event_bytes)));
  arrivals->place += sizeof head + bytes;
  *arrival = (struct arrival){
      .index = bigendian_get64(head),
      .fate = (enum arrivals_fate)head[16],
      .bytes = bytes,
  };
  event_recall(&arrival->event, &parsed, vocabulary);
  return ADDUCE_OK;
}

void arrivals_close(struct arrivals *arrivals) {
  reader_close(&arrivals->reader);
  spool_close(&arrivals->spool);
}
