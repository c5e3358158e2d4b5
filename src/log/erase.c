/* SPDX-License-Identifier: Apache-2.0 */
#include "log/erase.h"

#include <stdlib.h>

#include "claim/spelling.h"
#include "codec/pack.h"
#include "log/erase_priv.h"
#include "log/ids.h"
#include "log/quarantine.h"

typedef unsigned long long number; /* what %llu takes */

/* --- one erasure ----------------------------------------------------------------------------*/

bool erase_acts(const struct event *event, const struct adduce_id *genesis) {
  struct parsed_ref ref;
  return span_is(event->claim.parsed.kind, "content.erased") &&
         parsed_find_ref(&event->claim.parsed, "ledger", &ref) &&
         memcmp(ref.id32, genesis->bytes, 32) == 0;
}

enum adduce_err erase_read(struct adduce_scope *scope, struct erase_paths *paths,
                           const struct event *event) {
  struct adduce_span value = parsed_value(scope, &event->claim.parsed, "paths"), text;
  struct cursor cursor = cursor_of(value);
  uint32_t count = 0;
  *paths = (struct erase_paths){.all = value.size == 0};
  if (scope_exhausted(scope)) return scope_no_memory(scope);
  if (paths->all) return ADDUCE_OK;
  bool good = cursor_array(&cursor, &count) && count != 0;
  paths->paths = scope_array(scope, count, sizeof *paths->paths);
  if (paths->paths == NULL) return scope_no_memory(scope);
  for (; good && paths->count < count; paths->count++) {
    struct content_path *path = &paths->paths[paths->count];
    good = cursor_str(&cursor, &text) && spelling_path(text, &path->key, &path->element);
  }
  if (good) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE, "field paths: it is no list of paths");
}

static const struct parsed_field *field_of(const struct parsed *parsed, struct adduce_span key) {
  for (uint32_t i = 0; i < parsed->field_count; i++)
    if (span_equal(parsed->fields[i].key, key)) return &parsed->fields[i];
  return NULL;
}

enum adduce_err erase_judge(struct adduce_scope *scope, const struct parsed *target,
                            const struct erase_paths *paths) {
  struct adduce_span content;
  if (vocabulary_control_name(target->kind))
    return scope_fail(scope, ADDUCE_E_REFUSED,
                      "%.*s changes rules or rights: its content is what others judge the ledger "
                      "by, and cannot be erased",
                      SPAN_ARGS(target->kind));
  if (target->form == PARSED_NO_CONTENT || paths->all) return ADDUCE_OK;
  return content_withhold(scope, &content, target, paths->paths, paths->count);
}

/* Whether element `index` of a field is not held, or there is none. */
static bool lacks_element(const struct parsed *parsed, const struct parsed_field *field,
                          int64_t index) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(field, &elements, &count)) return true; /* it is no list */
  for (int64_t i = 0; parsed_next_element(parsed, &elements, &element); i++)
    if (i == index) return element.hash32 != NULL;
  return true;
}

/* Whether anything of what a path names is held. */
static bool holds(const struct parsed *target, const struct content_path *path) {
  const struct parsed_field *field = field_of(target, path->key);
  if (field == NULL || field->slot == PARSED_WITHHELD) return false;
  return path->element < 0 || !lacks_element(target, field, path->element);
}

bool erase_is_done(const struct parsed *target, const struct erase_paths *paths) {
  if (target->form == PARSED_NO_CONTENT) return true;
  if (paths->all) return false;
  for (size_t i = 0; i < paths->count; i++)
    if (holds(target, &paths->paths[i])) return false;
  return true;
}

/* The content without what the paths name; those that it does not hold are passed over. */
static enum adduce_err take_out(struct adduce_scope *scope, struct adduce_span *content,
                                const struct parsed *target, const struct erase_paths *paths) {
  struct content_path *here = scope_array(scope, paths->count, sizeof *here);
  size_t count = 0;
  if (here == NULL) return scope_no_memory(scope);
  *content = span_of(NULL, 0);
  if (paths->all || target->form == PARSED_NO_CONTENT) return ADDUCE_OK;
  for (size_t i = 0; i < paths->count; i++)
    if (holds(target, &paths->paths[i])) here[count++] = paths->paths[i];
  return content_withhold(scope, content, target, here, count);
}

/* --- in the transaction of an append --------------------------------------------------------*/

static enum adduce_err read_target(struct adduce_scope *scope, struct store_txn *txn,
                                   struct parsed *parsed, uint64_t index) {
  struct log_entry entry;
  TRY(view_read(scope, txn, &entry, index));
  enum adduce_err err = parsed_read_stored(scope, parsed, entry.event, entry.content);
  if (err == ADDUCE_OK || err == ADDUCE_E_MEMORY) return err;
  return scope_wrap(scope, ADDUCE_E_CORRUPT, "entry %llu: ", (number)index);
}

static enum adduce_err replace_content(struct adduce_scope *scope, struct store_txn *txn,
                                       const struct erase_paths *paths, uint64_t index) {
  uint8_t room8[8];
  struct parsed parsed;
  struct adduce_span content, key = log_index_key(room8, index);
  TRY(read_target(scope, txn, &parsed, index));
  TRY(take_out(scope, &content, &parsed, paths));
  if (content.size == 0) return store_delete(scope, txn, LOG_CONTENTS, key);
  return store_put(scope, txn, LOG_CONTENTS, key, content, STORE_REPLACE);
}

static bool is_target(const struct event *erasure, const struct adduce_id *id) {
  struct cursor cursor = erasure->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&cursor, &ref, "target"))
    if (memcmp(ref.id32, id->bytes, 32) == 0) return true;
  return false;
}

/* What waits in quarantine and is of the same event is another copy of the same values. */
static enum adduce_err replace_quarantined(struct adduce_scope *scope, struct store_txn *txn,
                                           const struct log_quarantined *item,
                                           const struct erase_paths *paths,
                                           const struct event *erasure) {
  struct parsed parsed;
  struct log_quarantined left = *item;
  if (item->is_refused) return ADDUCE_OK;
  enum adduce_err err = parsed_read_stored(scope, &parsed, item->event, item->content);
  if (err != ADDUCE_OK) return err == ADDUCE_E_MEMORY ? err : ADDUCE_OK;
  struct adduce_id id = event_id(&parsed);
  if (!is_target(erasure, &id)) return ADDUCE_OK;
  TRY(take_out(scope, &left.content, &parsed, paths));
  return quarantine_replace(scope, txn, &left);
}

static enum adduce_err replace_in_quarantine(struct adduce_scope *scope, struct store_txn *txn,
                                             const struct erase_paths *paths,
                                             const struct event *erasure) {
  struct log_view view = {.txn = txn};
  struct log_quarantined item = {0};
  for (uint64_t from = 0;; from = item.number + 1) {
    struct scope_mark mark = scope_mark(scope);
    enum adduce_err err = log_view_quarantined(scope, &view, &item, from);
    if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
    if (err != ADDUCE_OK) return err;
    TRY(replace_quarantined(scope, txn, &item, paths, erasure));
    scope_rewind(scope, mark);
  }
}

static enum adduce_err put_mark(struct adduce_scope *scope, struct store_txn *txn, uint64_t size,
                                const struct adduce_hash *captures, size_t capture_count) {
  struct buffer buffer;
  struct adduce_span bytes;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 2);
  pack_int(&buffer, (int64_t)size);
  pack_array(&buffer, capture_count);
  for (size_t i = 0; i < capture_count; i++) pack_bin(&buffer, captures[i].bytes, 32);
  TRY(buffer_take(&buffer, &bytes));
  return store_put(scope, txn, LOG_META, span_text("erasing"), bytes, STORE_REPLACE);
}

static enum adduce_err read_mark(struct adduce_scope *scope, struct store_txn *txn,
                                 struct erase_pending *pending) {
  struct adduce_span bytes;
  int64_t size;
  uint32_t count;
  *pending = (struct erase_pending){.is_pending = false};
  enum adduce_err err = store_get(scope, txn, LOG_META, span_text("erasing"), &bytes);
  if (err != ADDUCE_OK) return err == ADDUCE_E_NOT_FOUND ? ADDUCE_OK : err;
  struct cursor cursor = cursor_of(bytes);
  bool good = cursor_array(&cursor, &count) && count == 2 && cursor_int(&cursor, &size) &&
              size > 0 && cursor_array(&cursor, &count);
  if (good) {
    *pending = (struct erase_pending){true, (uint64_t)size, NULL, count};
    pending->captures = scope_array(scope, count, sizeof *pending->captures);
    if (pending->captures == NULL) return scope_no_memory(scope);
  }
  for (uint32_t i = 0; good && i < count; i++) {
    const uint8_t *digest32;
    good = cursor_bin_of(&cursor, 32, &digest32);
    if (good) memcpy(pending->captures[i].bytes, digest32, 32);
  }
  if (good) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_CORRUPT, "the mark of an unfinished erasure is damaged");
}

/* An erasure before this one that is unfinished goes into the mark of this one. */
enum adduce_err erase_mark(struct adduce_scope *scope, struct store_txn *txn, uint64_t size,
                           const struct adduce_hash *captures, size_t capture_count) {
  struct erase_pending before;
  TRY(read_mark(scope, txn, &before));
  size_t count = before.capture_count + capture_count;
  struct adduce_hash *all = scope_array(scope, count, sizeof *all);
  if (all == NULL) return scope_no_memory(scope);
  if (before.capture_count != 0) memcpy(all, before.captures, before.capture_count * sizeof *all);
  if (capture_count != 0) memcpy(all + before.capture_count, captures, capture_count * sizeof *all);
  return put_mark(scope, txn, size, all, count);
}

enum adduce_err erase_apply(struct adduce_scope *scope, struct store_txn *txn,
                            const struct event *erasure) {
  struct cursor cursor = erasure->claim.parsed.refs;
  struct erase_paths paths;
  struct parsed_ref ref;
  uint64_t index;
  TRY(erase_read(scope, &paths, erasure));
  while (parsed_next_role(&cursor, &ref, "target")) {
    TRY(ids_find(scope, txn, &index, ref.id32));
    TRY(replace_content(scope, txn, &paths, index));
  }
  return replace_in_quarantine(scope, txn, &paths, erasure);
}

/* --- checking -------------------------------------------------------------------------------*/

enum adduce_err erase_check(struct adduce_scope *scope, struct store_txn *txn,
                            const struct event *erasure) {
  struct cursor cursor = erasure->claim.parsed.refs;
  struct erase_paths paths;
  struct parsed_ref ref;
  struct parsed parsed;
  uint64_t target;
  TRY(erase_read(scope, &paths, erasure));
  while (parsed_next_role(&cursor, &ref, "target")) {
    TRY(ids_find(scope, txn, &target, ref.id32));
    TRY(read_target(scope, txn, &parsed, target));
    if (vocabulary_control_name(parsed.kind))
      return scope_fail(scope, ADDUCE_E_FAILED, "it erases entry %llu, a %.*s, which cannot be",
                        (number)target, SPAN_ARGS(parsed.kind));
    if (!erase_is_done(&parsed, &paths))
      return scope_fail(scope, ADDUCE_E_FAILED,
                        "it erased content of entry %llu, which is held all the same",
                        (number)target);
  }
  return ADDUCE_OK;
}

enum adduce_err erase_check_mark(struct adduce_scope *scope, struct store_txn *txn,
                                 uint64_t *records) {
  struct erase_pending pending;
  TRY(read_mark(scope, txn, &pending));
  *records = pending.is_pending;
  return ADDUCE_OK;
}

/* --- what was erased ------------------------------------------------------------------------*/

static enum adduce_err visit_targets(struct adduce_scope *scope, struct log_view *view,
                                     struct erase_target *target, erase_visit_fn *visit,
                                     void *context) {
  struct cursor cursor = target->erasure->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&cursor, &ref, "target")) {
    enum adduce_err err = ids_find(scope, view->txn, &target->target, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    memcpy(target->target_id.bytes, ref.id32, 32);
    TRY(visit(context, scope, target));
  }
  return ADDUCE_OK;
}

enum adduce_err erase_each(struct adduce_scope *scope, struct log_view *view, uint64_t from,
                           uint64_t to, erase_visit_fn *visit, void *context) {
  for (uint64_t index = from;; index++) {
    struct log_entry entry;
    struct event event;
    struct erase_paths paths;
    enum adduce_err err = log_view_next_control(scope, view, &index, index);
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && index >= to)) return ADDUCE_OK;
    if (err != ADDUCE_OK) return err;
    TRY(log_view_event(scope, view, &entry, &event, index));
    if (!erase_acts(&event, rules_genesis(view->rules))) continue;
    TRY(erase_read(scope, &paths, &event));
    struct erase_target target = {index, entry.recorded_at_us, &event, &paths, 0, {{0}}};
    TRY(visit_targets(scope, view, &target, visit, context));
  }
}

static enum adduce_err take_past(void *context, struct adduce_scope *scope,
                                 const struct erase_target *target) {
  struct erase_set *set = context;
  struct erase_past *grown =
      scope_room(scope, &set->capacity, set->pasts, set->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  set->pasts = grown;
  set->pasts[set->count++] = (struct erase_past){target->target, target->index, *target->paths};
  return ADDUCE_OK;
}

static int by_target(const void *a, const void *b) {
  const struct erase_past *left = a, *right = b;
  if (left->target != right->target) return left->target > right->target ? 1 : -1;
  return left->index > right->index ? 1 : left->index < right->index ? -1 : 0;
}

enum adduce_err erase_load(struct adduce_scope *scope, struct erase_set *set,
                           struct log_view *view) {
  *set = (struct erase_set){.count = 0};
  TRY(erase_each(scope, view, 0, view->size, take_past, set));
  if (set->count > 1) qsort(set->pasts, set->count, sizeof *set->pasts, by_target);
  return ADDUCE_OK;
}

enum adduce_err erase_filter(struct adduce_scope *scope, struct adduce_span *content,
                             const struct parsed *parsed, const struct erase_set *set,
                             uint64_t target) {
  size_t begin = 0, end = set->count;
  struct parsed left = *parsed;
  *content = parsed->content;
  while (begin < end) {
    size_t middle = begin + (end - begin) / 2;
    if (set->pasts[middle].target < target)
      begin = middle + 1;
    else
      end = middle;
  }
  for (; begin < set->count && set->pasts[begin].target == target; begin++) {
    TRY(take_out(scope, content, &left, &set->pasts[begin].paths));
    TRY(parsed_read_stored(scope, &left, parsed->event, *content));
  }
  return ADDUCE_OK;
}

/* --- the mark -------------------------------------------------------------------------------*/

enum adduce_err erase_pending(struct adduce_scope *scope, struct log_view *view,
                              struct erase_pending *pending) {
  return read_mark(scope, view->txn, pending);
}

static enum adduce_err drop_captures(void *context, struct adduce_scope *scope,
                                     struct store_txn *txn) {
  const uint64_t *size = context;
  struct erase_pending pending;
  TRY(read_mark(scope, txn, &pending));
  if (!pending.is_pending || pending.size != *size) return ADDUCE_OK;
  return put_mark(scope, txn, *size, NULL, 0);
}

enum adduce_err erase_forget_captures(struct adduce_scope *scope, struct log *log, uint64_t size) {
  return store_write(scope, log->store, 4096, drop_captures, &size);
}

static enum adduce_err drop_mark(void *context, struct adduce_scope *scope, struct store_txn *txn) {
  const uint64_t *size = context;
  struct erase_pending pending;
  TRY(read_mark(scope, txn, &pending));
  if (!pending.is_pending || pending.size != *size) return ADDUCE_OK;
  return store_delete(scope, txn, LOG_META, span_text("erasing"));
}

enum adduce_err erase_finish(struct adduce_scope *scope, struct log *log, uint64_t size) {
  return store_write(scope, log->store, 4096, drop_mark, &size);
}
