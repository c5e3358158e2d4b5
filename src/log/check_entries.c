/* SPDX-License-Identifier: Apache-2.0 */
#include "log/check_priv.h"
#include "sys/workers.h"

typedef unsigned long long number; /* what %llu takes */

#define STEP_ENTRIES 256

/* --- finding --------------------------------------------------------------------------------*/

static enum adduce_err fail_missing(struct adduce_scope *scope, uint64_t index) {
  return scope_fail(scope, ADDUCE_E_FAILED, "entry %llu: it is missing", (number)index);
}

/* The content of entry `index`, if the cursor is there; it then goes on. */
static enum adduce_err take_content(struct adduce_scope *scope, struct store_cursor *contents,
                                    bool *has_content, struct adduce_span *content,
                                    uint64_t index) {
  uint8_t room8[8];
  int order = *has_content ? span_compare(contents->key, log_index_key(room8, index)) : 1;
  *content = span_of(NULL, 0);
  if (order > 0) return ADDUCE_OK;
  if (order < 0)
    return scope_fail(scope, ADDUCE_E_FAILED,
                      "entry %llu: the table contents has a record before its, of no entry",
                      (number)index);
  *content = contents->value;
  if (content->size == 0)
    return scope_fail(scope, ADDUCE_E_FAILED, "entry %llu: its content is empty", (number)index);
  enum adduce_err err = store_cursor_next(scope, contents);
  *has_content = err == ADDUCE_OK;
  return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
}

static enum adduce_err read_pairs(struct adduce_scope *scope, struct check *check,
                                  struct store_cursor *entries, struct store_cursor *contents,
                                  bool has_content) {
  size_t bytes = 0;
  enum adduce_err err = ADDUCE_OK;
  for (uint64_t index = check->edge->size; index < check->size; index++) {
    uint8_t room8[8];
    struct adduce_span key = log_index_key(room8, index);
    if (check->count == CHECK_CHUNK_ENTRIES || bytes >= CHECK_CHUNK_BYTES) return ADDUCE_OK;
    err = check->count == 0 ? store_cursor_seek(scope, entries, key)
                            : store_cursor_next(scope, entries);
    if (err == ADDUCE_E_NOT_FOUND) return fail_missing(scope, index);
    if (err != ADDUCE_OK) return err;
    if (!span_equal(entries->key, key)) return fail_missing(scope, index);
    struct check_item item = {.entry = entries->value};
    TRY(take_content(scope, contents, &has_content, &item.content, index));
    bytes += item.entry.size + item.content.size;
    check->items[check->count++] = item;
  }
  return ADDUCE_OK;
}

struct adduce_span check_entries_after(uint8_t *room9, uint64_t index) {
  if (index == 0) return span_of(room9, 0);
  bigendian_put64(room9, index - 1);
  room9[8] = 0;
  return span_of(room9, 9);
}

/* Contents are looked for from right behind the last entry before, so that none is passed over. */
static enum adduce_err read_chunk(struct adduce_scope *scope, struct check *check,
                                  struct store_cursor *entries, struct store_cursor *contents) {
  uint8_t room9[9];
  if (check->options->entries_only) return read_pairs(scope, check, entries, contents, false);
  enum adduce_err err =
      store_cursor_seek(scope, contents, check_entries_after(room9, check->edge->size));
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  return read_pairs(scope, check, entries, contents, err == ADDUCE_OK);
}

enum adduce_err check_entries_read(struct adduce_scope *scope, struct check *check) {
  struct store_cursor entries, contents;
  check->count = 0;
  TRY(store_cursor_open(scope, &entries, check->txn, LOG_ENTRIES));
  enum adduce_err err = store_cursor_open(scope, &contents, check->txn, LOG_CONTENTS);
  if (err == ADDUCE_OK) {
    err = read_chunk(scope, check, &entries, &contents);
    store_cursor_close(&contents);
  }
  store_cursor_close(&entries);
  return err;
}

/* --- judging --------------------------------------------------------------------------------*/

static enum adduce_err verify(struct adduce_scope *scope, const struct check *check,
                              struct event *event, const struct claim *claim) {
  if (!check->options->no_signatures) return event_verify(scope, event, claim);
  TRY(content_verify(scope, &claim->parsed));
  event->claim = *claim;
  event->id = event_id(&claim->parsed);
  return ADDUCE_OK;
}

static enum adduce_err judge_event(struct adduce_scope *scope, const struct check *check,
                                   struct store_txn *txn, struct check_ids_seen *seen,
                                   struct check_item *item, struct adduce_span bytes,
                                   uint64_t index) {
  struct parsed parsed;
  struct claim claim;
  TRY(parsed_read(scope, &parsed, bytes, item->content));
  TRY(claim_validate(scope, &claim, &parsed, rules_vocabulary(check->rules), CLAIM_FOREIGN));
  TRY(verify(scope, check, &item->event, &claim));
  if (check->finds_ids) TRY(check_ids_find(scope, txn, &item->event.id, index));
  enum adduce_err refs = check_ids_find_refs(scope, txn, seen, &claim, index);
  if (refs != ADDUCE_OK && refs != ADDUCE_E_REFERENCE) return refs;
  item->dangles = refs == ADDUCE_E_REFERENCE;
  item->id_sum = (struct check_sum){{0}};
  check_ids_add(&item->id_sum, item->event.id.bytes, index, check->secret);
  item->control = claim.kind != NULL ? claim.kind->control : vocabulary_control_name(parsed.kind);
  item->withheld = parsed_has_withheld(&parsed);
  return ADDUCE_OK;
}

enum adduce_err check_entries_judge_one(struct adduce_scope *scope, struct check *check,
                                        struct store_txn *txn, struct check_ids_seen *seen,
                                        struct check_item *item, uint64_t index) {
  struct adduce_span bytes;
  enum adduce_err err = plan_entry_parse(scope, &item->recorded_at_us, &bytes, item->entry);
  if (err == ADDUCE_OK && !check->options->entries_only)
    err = judge_event(scope, check, txn, seen, item, bytes, index);
  if (err != ADDUCE_OK) return scope_wrap(scope, err, "entry %llu: ", (number)index);
  item->leaf = merkle_leaf(item->entry);
  item->good = true;
  return ADDUCE_OK;
}

static enum adduce_err judge_items(struct adduce_scope *scope, struct check *check,
                                   struct store_txn *txn, size_t begin, size_t end) {
  struct check_ids_seen *seen = scope_new(scope, struct check_ids_seen);
  if (seen == NULL) return scope_no_memory(scope);
  for (size_t i = begin; i < end; i++) {
    struct scope_mark mark = scope_mark(scope);
    struct check_item *item = &check->items[i];
    TRY(check_entries_judge_one(scope, check, txn, seen, item, check->edge->size + i));
    item->event.claim.parsed.fields = NULL;
    item->event.claim.parsed.field_count = 0;
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

/* Ids are looked up in a transaction of the step's own, which may be newer than the chunk's: what
 * is in the table of ids stays there. */
static enum adduce_err judge_step(void *context, struct adduce_scope *scope, size_t begin,
                                  size_t end) {
  struct check *check = context;
  struct store_txn *txn = NULL;
  if (check->options->entries_only) return judge_items(scope, check, NULL, begin, end);
  TRY(store_begin_read(scope, check->log->store, &txn));
  enum adduce_err err = judge_items(scope, check, txn, begin, end);
  store_end_read(&txn);
  return err;
}

enum adduce_err check_entries_judge(struct adduce_scope *scope, struct check *check) {
  return workers_run(scope, check->count, STEP_ENTRIES, check->options->threads, judge_step, check);
}
