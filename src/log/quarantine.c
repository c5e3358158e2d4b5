/* SPDX-License-Identifier: Apache-2.0 */
#include "log/quarantine.h"

#include "codec/cursor.h"
#include "codec/pack.h"
#include "log/ids.h"
#include "log/log_priv.h"

/* --- reading --------------------------------------------------------------------------------*/

static bool read_waiting(struct cursor *cursor, uint32_t count, struct log_quarantined *item) {
  const uint8_t *manifest;
  int64_t index;
  if (!cursor_bin(cursor, &item->event) || !cursor_bin(cursor, &item->content)) return false;
  if (count == 3) return true;
  item->is_foreign = true;
  if (!cursor_bin_of(cursor, 32, &manifest) || !cursor_int(cursor, &index) || index < 0)
    return false;
  memcpy(item->manifest.bytes, manifest, 32);
  item->source_index = (uint64_t)index;
  return true;
}

static bool read_refused(struct cursor *cursor, struct log_quarantined *item) {
  const uint8_t *id32;
  item->is_refused = true;
  if (!cursor_bin_of(cursor, 32, &id32)) return false;
  memcpy(item->id.bytes, id32, 32);
  return true;
}

static enum adduce_err read_item(struct adduce_scope *scope, struct log_quarantined *item,
                                 const struct store_cursor *at) {
  struct cursor cursor = cursor_of(at->value);
  uint32_t count = 0;
  *item = (struct log_quarantined){.number = at->key.size == 8 ? bigendian_get64(at->key.data) : 0};
  bool is_good = cursor_array(&cursor, &count) && (count == 2 || count == 3 || count == 5) &&
                 cursor_str(&cursor, &item->reason) &&
                 (count == 2 ? read_refused(&cursor, item) : read_waiting(&cursor, count, item)) &&
                 cursor_done(&cursor);
  if (is_good) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT, "item %llu of the quarantine is damaged",
                    (unsigned long long)item->number);
}

enum adduce_err log_view_quarantined(struct adduce_scope *scope, struct log_view *view,
                                     struct log_quarantined *item, uint64_t from) {
  uint8_t room8[8];
  struct store_cursor cursor;
  TRY(store_cursor_open(scope, &cursor, view->txn, LOG_QUARANTINE));
  enum adduce_err err = store_cursor_seek(scope, &cursor, log_index_key(room8, from));
  if (err == ADDUCE_OK) err = read_item(scope, item, &cursor);
  store_cursor_close(&cursor);
  return err;
}

/* --- writing --------------------------------------------------------------------------------*/

static void pack_waiting(struct buffer *out, const struct log_quarantined *item) {
  pack_array(out, item->is_foreign ? 5 : 3);
  pack_str(out, item->reason);
  pack_bin(out, item->event.data, item->event.size);
  pack_bin(out, item->content.data, item->content.size);
  if (!item->is_foreign) return;
  pack_bin(out, item->manifest.bytes, 32);
  pack_int(out, (int64_t)item->source_index);
}

static void pack_refused(struct buffer *out, const struct log_quarantined *item) {
  pack_array(out, 2);
  pack_str(out, item->reason);
  pack_bin(out, item->id.bytes, 32);
}

static enum adduce_err put(struct adduce_scope *scope, struct store_txn *txn,
                           const struct log_quarantined *item, enum store_put how) {
  uint8_t room8[8];
  struct buffer out;
  struct adduce_span bytes;
  buffer_init(&out, scope);
  if (item->is_refused)
    pack_refused(&out, item);
  else
    pack_waiting(&out, item);
  TRY(buffer_take(&out, &bytes));
  return store_put(scope, txn, LOG_QUARANTINE, log_index_key(room8, item->number), bytes, how);
}

enum adduce_err quarantine_replace(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct log_quarantined *item) {
  return put(scope, txn, item, STORE_REPLACE);
}

/* --- adding ---------------------------------------------------------------------------------*/

static enum adduce_err put_new(struct adduce_scope *scope, struct store_txn *txn, uint64_t number,
                               const struct quarantine_item *item) {
  const struct log_quarantined waiting = {
      .number = number,
      .reason = span_text(item->reason),
      .event = item->event->claim.parsed.event,
      .content = item->event->claim.parsed.content,
      .is_foreign = item->is_foreign,
      .manifest = item->manifest,
      .source_index = item->source_index,
  };
  return put(scope, txn, &waiting, STORE_LAST);
}

static enum adduce_err next_number(struct adduce_scope *scope, struct store_txn *txn,
                                   uint64_t *number) {
  struct store_cursor cursor;
  uint8_t room8[8];
  *number = 0;
  TRY(store_cursor_open(scope, &cursor, txn, LOG_QUARANTINE));
  enum adduce_err err = store_cursor_seek_back(scope, &cursor, log_index_key(room8, UINT64_MAX));
  if (err == ADDUCE_OK && cursor.key.size == 8) *number = bigendian_get64(cursor.key.data) + 1;
  store_cursor_close(&cursor);
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

enum adduce_err quarantine_put(struct adduce_scope *scope, struct store_txn *txn,
                               const struct quarantine_item *items, size_t count) {
  uint64_t held, number;
  TRY(store_count(scope, txn, LOG_QUARANTINE, &held));
  if (held > QUARANTINE_MAX || count > QUARANTINE_MAX - held)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE,
                      "the quarantine has %llu events, and takes %llu: admit or refuse some",
                      (unsigned long long)held, (unsigned long long)QUARANTINE_MAX);
  TRY(next_number(scope, txn, &number));
  for (size_t i = 0; i < count; i++) TRY(put_new(scope, txn, number + i, &items[i]));
  return ADDUCE_OK;
}

/* --- adding what is not there ---------------------------------------------------------------*/

/* The ids in the quarantine: open addressing, at most half full. */
struct place {
  struct adduce_id id;
  bool is_taken;
};

struct known {
  struct place *places;
  size_t capacity;
};

static struct place *place_of(const struct known *known, const struct adduce_id *id) {
  size_t place = (size_t)bigendian_get64(id->bytes) & (known->capacity - 1);
  while (known->places[place].is_taken && memcmp(known->places[place].id.bytes, id->bytes, 32) != 0)
    place = (place + 1) & (known->capacity - 1);
  return &known->places[place];
}

static void add_known(const struct known *known, const struct adduce_id *id) {
  *place_of(known, id) = (struct place){*id, true};
}

static enum adduce_err id_of(struct adduce_scope *scope, struct adduce_id *id,
                             const struct log_quarantined *item) {
  struct parsed parsed;
  *id = item->id;
  if (item->is_refused) return ADDUCE_OK;
  TRY(parsed_read_stored(scope, &parsed, item->event, span_of(NULL, 0)));
  *id = event_id(&parsed);
  return ADDUCE_OK;
}

static enum adduce_err load_known(struct adduce_scope *scope, struct store_txn *txn,
                                  struct known *known, size_t more) {
  uint64_t held;
  struct log_view view = {.txn = txn};
  struct log_quarantined item = {0};
  TRY(store_count(scope, txn, LOG_QUARANTINE, &held));
  known->capacity = 16;
  while (known->capacity < 2 * (held + more)) known->capacity *= 2;
  known->places = scope_array(scope, known->capacity, sizeof *known->places);
  if (known->places == NULL) return scope_no_memory(scope);
  for (uint64_t i = 0; i < held; i++) {
    struct adduce_id id;
    TRY(log_view_quarantined(scope, &view, &item, i == 0 ? 0 : item.number + 1));
    struct scope_mark mark = scope_mark(scope);
    TRY(id_of(scope, &id, &item));
    scope_rewind(scope, mark);
    add_known(known, &id);
  }
  return ADDUCE_OK;
}

struct adding {
  const struct quarantine_item *items;
  size_t count, added;
};

static enum adduce_err is_new(struct adduce_scope *scope, struct store_txn *txn,
                              const struct known *known, const struct adduce_id *id, bool *new) {
  uint64_t index;
  *new = false;
  if (place_of(known, id)->is_taken) return ADDUCE_OK;
  enum adduce_err err = ids_find(scope, txn, &index, id->bytes);
  *new = err == ADDUCE_E_NOT_FOUND;
  return *new ? ADDUCE_OK : err;
}

static enum adduce_err add_new(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct adding *adding = context;
  struct known known;
  TRY(load_known(scope, txn, &known, adding->count));
  struct quarantine_item *fresh = scope_array(scope, adding->count, sizeof *fresh);
  if (fresh == NULL) return scope_no_memory(scope);
  adding->added = 0;
  for (size_t i = 0; i < adding->count; i++) {
    const struct adduce_id *id = &adding->items[i].event->id;
    bool new;
    TRY(is_new(scope, txn, &known, id, &new));
    if (!new) continue;
    add_known(&known, id);
    fresh[adding->added++] = adding->items[i];
  }
  return quarantine_put(scope, txn, fresh, adding->added);
}

static enum adduce_err require_writing(struct adduce_scope *scope, const struct log *log) {
  if (!log->read_only) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_READ_ONLY, "the ledger was opened for reading only");
}

enum adduce_err log_quarantine(struct adduce_scope *scope, struct log *log,
                               const struct quarantine_item *items, size_t count, size_t *added) {
  struct adding adding = {.items = items, .count = count};
  uint64_t bytes = 0;
  for (size_t i = 0; i < count; i++)
    bytes += items[i].event->claim.parsed.event.size + items[i].event->claim.parsed.content.size;
  TRY(require_writing(scope, log));
  TRY(store_write(scope, log->store, bytes, add_new, &adding));
  *added = adding.added;
  return ADDUCE_OK;
}

/* --- releasing ------------------------------------------------------------------------------*/

struct releasing {
  const uint64_t *numbers;
  size_t count;
  const char *refusal;
};

static enum adduce_err put_refusal(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct log_quarantined *item, const char *refusal) {
  struct log_quarantined refused = {
      .number = item->number, .reason = span_text(refusal), .is_refused = true};
  TRY(id_of(scope, &refused.id, item));
  return quarantine_replace(scope, txn, &refused);
}

static enum adduce_err release_one(struct adduce_scope *scope, struct store_txn *txn,
                                   uint64_t number, const char *refusal) {
  struct log_view view = {.txn = txn};
  struct log_quarantined item;
  uint8_t room8[8];
  enum adduce_err err = log_view_quarantined(scope, &view, &item, number);
  if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && item.number != number)) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  if (refusal != NULL) return put_refusal(scope, txn, &item, refusal);
  return store_delete(scope, txn, LOG_QUARANTINE, log_index_key(room8, number));
}

static enum adduce_err release(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const struct releasing *releasing = context;
  for (size_t i = 0; i < releasing->count; i++)
    TRY(release_one(scope, txn, releasing->numbers[i], releasing->refusal));
  return ADDUCE_OK;
}

enum adduce_err log_quarantine_release(struct adduce_scope *scope, struct log *log,
                                       const uint64_t *numbers, size_t count, const char *refusal) {
  struct releasing releasing = {numbers, count, refusal};
  TRY(require_writing(scope, log));
  return store_write(scope, log->store, 256 * count, release, &releasing);
}

/* --- settling -------------------------------------------------------------------------------*/

static enum adduce_err settle_one(struct adduce_scope *scope, struct store_txn *txn,
                                  const struct log_quarantined *item) {
  struct adduce_id id;
  uint64_t index;
  uint8_t room8[8];
  if (item->is_refused) return ADDUCE_OK;
  TRY(id_of(scope, &id, item));
  enum adduce_err err = ids_find(scope, txn, &index, id.bytes);
  if (err != ADDUCE_OK) return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
  return store_delete(scope, txn, LOG_QUARANTINE, log_index_key(room8, item->number));
}

static enum adduce_err settle(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  struct log_view view = {.txn = txn};
  struct log_quarantined item = {0};
  (void)context;
  for (uint64_t from = 0;; from = item.number + 1) {
    struct scope_mark mark = scope_mark(scope);
    enum adduce_err err = log_view_quarantined(scope, &view, &item, from);
    if (err == ADDUCE_OK) err = settle_one(scope, txn, &item);
    if (err != ADDUCE_OK) return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
    scope_rewind(scope, mark);
  }
}

enum adduce_err log_quarantine_settle(struct adduce_scope *scope, struct log *log) {
  struct log_view view;
  struct log_quarantined item;
  TRY(require_writing(scope, log));
  TRY(log_view_open(scope, &view, log));
  enum adduce_err err = log_view_quarantined(scope, &view, &item, 0);
  log_view_close(&view);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  return err == ADDUCE_OK ? store_write(scope, log->store, 0, settle, NULL) : err;
}
