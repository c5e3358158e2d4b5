/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamps by outsiders of the ledger's checkpoints. What is stamped is a checkpoint's text,
 * without signatures, so that later cosignatures change nothing. */
#include "crypto/timestamp.h"

#include "adduce/query.h"
#include "codec/value.h"
#include "ledger/kept.h"
#include "ledger/proof.h"
#include "sys/file.h"

/* The text of the checkpoint of a size; the note is kept from then on. */
static enum adduce_err find_text(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 struct adduce_span *text, uint64_t size) {
  struct adduce_span bytes;
  struct note note;
  enum adduce_err err = kept_read(scope, ledger, &bytes, size);
  if (err == ADDUCE_E_NO_FILE)
    return scope_fail(scope, ADDUCE_E_POSITION, "no checkpoint of %llu entries is kept",
                      (unsigned long long)size);
  if (err != ADDUCE_OK) return err;
  TRY(note_parse(scope, &note, bytes));
  *text = note.text;
  return ADDUCE_OK;
}

enum adduce_err adduce_timestamp_request(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                         struct adduce_span *request, uint64_t *size) {
  struct log_view view;
  struct checkpoint checkpoint;
  struct adduce_span bytes;
  struct note note;
  *request = span_of(NULL, 0);
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = proof_head(scope, ledger, &view, &bytes, &checkpoint);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  TRY(kept_write(scope, ledger, bytes, checkpoint.size));
  TRY(note_parse(scope, &note, bytes));
  *size = checkpoint.size;
  return timestamp_request(scope, request, note.text);
}

enum adduce_err adduce_timestamp_keep(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      int64_t *until_us, uint64_t size, struct adduce_span response,
                                      struct adduce_span certificates) {
  struct timestamp timestamp;
  struct adduce_span text;
  TRY(find_text(scope, ledger, &text, size));
  TRY(timestamp_verify(scope, &timestamp, response, text, certificates));
  *until_us = timestamp.until_us;
  return kept_write_stamp(scope, ledger, response, size);
}

static enum adduce_err describe(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                struct log_view *view, struct adduce_value *map,
                                const struct kept_stamp *stamp, struct adduce_span certificates) {
  struct timestamp timestamp;
  struct adduce_span bytes, text;
  struct log_entry last;
  TRY(file_read(scope, &bytes, stamp->path, TIMESTAMP_BYTES_MAX));
  TRY(timestamp_parse(scope, &timestamp, bytes));
  if (certificates.size != 0) {
    TRY(find_text(scope, ledger, &text, stamp->size));
    TRY(timestamp_verify(scope, &timestamp, bytes, text, certificates));
  }
  value_set_integer(scope, map, "size", (int64_t)stamp->size);
  value_set_integer(scope, map, "time", timestamp.time_us);
  value_set_integer(scope, map, "until", timestamp.until_us);
  value_set_text(scope, map, "authority", timestamp.authority);
  value_set_text(scope, map, "serial", timestamp.serial);
  value_set(scope, map, "verified", value_boolean(scope, certificates.size != 0));
  if (stamp->size == 0) return ADDUCE_OK;
  TRY(log_view_entry(scope, view, &last, stamp->size - 1));
  value_set_integer(scope, map, "last_recorded_at", last.recorded_at_us);
  value_set(scope, map, "contradicted",
            value_boolean(scope, last.recorded_at_us > timestamp.until_us));
  return ADDUCE_OK;
}

/* Those of a size above `index`, into `list`; `*until` is the one that bounds it best. */
static enum adduce_err list_stamps(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   struct log_view *view, struct adduce_value *list,
                                   const struct adduce_value **until, uint64_t index,
                                   struct adduce_span certificates) {
  const struct kept_stamp *stamps;
  size_t count;
  *until = NULL;
  TRY(kept_stamps(scope, ledger, &stamps, &count));
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *map = value_map(scope);
    if (stamps[i].size <= index) continue;
    enum adduce_err err = describe(scope, ledger, view, map, &stamps[i], certificates);
    if (err != ADDUCE_OK) return scope_wrap(scope, err, "%s: ", stamps[i].path);
    value_add(scope, list, map);
    const struct adduce_value *this = adduce_value_get(map, "until");
    if (*until == NULL || adduce_value_integer(this) < adduce_value_integer(*until)) *until = this;
  }
  return ADDUCE_OK;
}

enum adduce_err adduce_timestamp_list(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      const struct adduce_value **out,
                                      struct adduce_span certificates) {
  struct adduce_value *list = value_list(scope);
  const struct adduce_value *until;
  struct log_view view;
  *out = list;
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = list_stamps(scope, ledger, &view, list, &until, 0, certificates);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  return value_finish(scope);
}

static enum adduce_err bound(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             struct log_view *view, struct adduce_value *map, uint64_t index,
                             struct adduce_span certificates) {
  struct adduce_value *list = value_list(scope);
  const struct adduce_value *until;
  struct log_entry entry;
  TRY(log_view_entry(scope, view, &entry, index));
  value_set_integer(scope, map, "recorded_at", entry.recorded_at_us);
  TRY(list_stamps(scope, ledger, view, list, &until, index, certificates));
  if (until != NULL) value_set_integer(scope, map, "until", adduce_value_integer(until));
  value_set(scope, map, "timestamps", list);
  return ADDUCE_OK;
}

enum adduce_err adduce_timestamp_bound(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                       const struct adduce_value **report, const char *event,
                                       struct adduce_span certificates) {
  struct adduce_value *map = value_map(scope);
  struct adduce_id id;
  struct log_view view;
  uint64_t index;
  *report = map;
  TRY(adduce_resolve(scope, ledger, &id, &index, event));
  value_set_integer(scope, map, "index", (int64_t)index);
  value_set(scope, map, "id", value_bytes(scope, span_of(id.bytes, sizeof id.bytes)));
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = bound(scope, ledger, &view, map, index, certificates);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  return value_finish(scope);
}
