/* SPDX-License-Identifier: Apache-2.0 */
/* Deciding what becomes of events that wait outside the log. */
#include "log/quarantine.h"

#include "base/numbers.h"
#include "codec/value.h"
#include "ledger/bundlefile.h"
#include "ledger/capture.h"
#include "ledger/foreign.h"
#include "sys/machine.h"

/* The item with this number, which waits. */
static enum adduce_err find(struct adduce_scope *scope, struct log_view *view,
                            struct log_quarantined *item, uint64_t number) {
  enum adduce_err err = log_view_quarantined(scope, view, item, number);
  if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
  if (err == ADDUCE_E_NOT_FOUND || item->number != number)
    return scope_fail(scope, ADDUCE_E_NOT_FOUND, "nothing in quarantine has the number %llu",
                      (unsigned long long)number);
  if (!item->is_refused) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_NOT_FOUND, "number %llu was refused: %.*s",
                    (unsigned long long)number, SPAN_ARGS(item->reason));
}

/* --- refusing -------------------------------------------------------------------------------*/

/* Documents that came with what is refused. */
struct documents {
  struct adduce_hash *digests;
  size_t count;
};

static enum adduce_err add_document(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct documents *documents,
                                    const struct log_quarantined *item) {
  struct scope_mark mark = scope_mark(scope);
  struct parsed parsed;
  struct adduce_hash digest;
  TRY(parsed_read_stored(scope, &parsed, item->event, item->content));
  if (capture_named(scope, &digest, &parsed) && adduce_capture_path(scope, ledger, &digest) != NULL)
    documents->digests[documents->count++] = digest;
  scope_rewind(scope, mark);
  return ADDUCE_OK;
}

/* Those stay that something else names. */
static void keep_named(struct adduce_scope *scope, struct documents *documents,
                       const struct parsed *parsed) {
  struct adduce_hash digest;
  if (!capture_named(scope, &digest, parsed)) return;
  for (size_t i = documents->count; i-- > 0;)
    if (hash_equal(&documents->digests[i], &digest))
      documents->digests[i] = documents->digests[--documents->count];
}

static bool is_among(const uint64_t *numbers, size_t count, uint64_t number) {
  for (size_t i = 0; i < count; i++)
    if (numbers[i] == number) return true;
  return false;
}

/* What the log names, and what waits besides these numbers. */
static enum adduce_err keep_all_named(struct adduce_scope *scope, struct log_view *view,
                                      struct documents *documents, const uint64_t *numbers,
                                      size_t count) {
  for (uint64_t i = 0; i < view->size && documents->count != 0; i++) {
    struct scope_mark mark = scope_mark(scope);
    struct log_entry entry;
    struct event event;
    TRY(log_view_event(scope, view, &entry, &event, i));
    keep_named(scope, documents, &event.claim.parsed);
    scope_rewind(scope, mark);
  }
  for (uint64_t from = 0; documents->count != 0;) {
    struct scope_mark mark = scope_mark(scope);
    struct log_quarantined item;
    struct parsed parsed;
    enum adduce_err err = log_view_quarantined(scope, view, &item, from);
    if (err == ADDUCE_E_NOT_FOUND) break;
    if (err != ADDUCE_OK) return err;
    from = item.number + 1;
    if (!item.is_refused && !is_among(numbers, count, item.number)) {
      TRY(parsed_read_stored(scope, &parsed, item.event, item.content));
      keep_named(scope, documents, &parsed);
    }
    scope_rewind(scope, mark);
  }
  return ADDUCE_OK;
}

static enum adduce_err find_refused(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct log_view *view, struct documents *documents,
                                    const uint64_t *numbers, size_t count) {
  documents->digests = scope_array(scope, count, sizeof *documents->digests);
  if (documents->digests == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < count; i++) {
    struct log_quarantined item;
    TRY(find(scope, view, &item, numbers[i]));
    TRY(add_document(scope, ledger, documents, &item));
  }
  return keep_all_named(scope, view, documents, numbers, count);
}

/* Documents go first: afterwards nothing here would name them. */
enum adduce_err adduce_quarantine_refuse(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                         const uint64_t *numbers, size_t count,
                                         const char *reason) {
  struct log_view view;
  struct documents documents = {.count = 0};
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = find_refused(scope, ledger, &view, &documents, numbers, count);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  TRY(log_writable(scope, ledger->log));
  for (size_t i = 0; i < documents.count; i++)
    TRY(capture_remove(scope, ledger, &documents.digests[i]));
  return log_quarantine_release(scope, ledger->log, numbers, count, reason);
}

/* --- admitting ------------------------------------------------------------------------------*/

/* Items that are entered together. */
struct lot {
  struct event *events;
  uint64_t *numbers;
  size_t count;
  bool is_foreign;
  struct adduce_hash manifest; /* is_foreign */
};

static enum adduce_err read_event(struct adduce_scope *scope, struct event *event,
                                  const struct log_view *view, const struct log_quarantined *item) {
  struct parsed parsed;
  struct claim claim;
  TRY(parsed_read(scope, &parsed, item->event, item->content));
  TRY(claim_validate(scope, &claim, &parsed, rules_vocabulary(view->rules), CLAIM_FOREIGN));
  return event_verify(scope, event, &claim);
}

static bool belongs(const struct lot *lot, const struct log_quarantined *item) {
  return lot->count == 0 || (lot->is_foreign == item->is_foreign &&
                             (!item->is_foreign || hash_equal(&lot->manifest, &item->manifest)));
}

/* The first of the numbers that is not taken yet, and all that belong with it. */
static enum adduce_err gather(struct adduce_scope *scope, struct log_view *view, struct lot *lot,
                              const uint64_t *numbers, bool *is_taken, size_t count) {
  lot->count = 0;
  for (size_t i = 0; i < count; i++) {
    struct log_quarantined item;
    if (is_taken[i]) continue;
    TRY(find(scope, view, &item, numbers[i]));
    if (!belongs(lot, &item)) continue;
    lot->is_foreign = item.is_foreign;
    lot->manifest = item.manifest;
    TRY(read_event(scope, &lot->events[lot->count], view, &item));
    lot->numbers[lot->count++] = numbers[i];
    is_taken[i] = true;
  }
  return ADDUCE_OK;
}

static void report_import(struct adduce_scope *scope, struct adduce_value *imports,
                          const struct foreign_receipt *receipt, struct adduce_span origin) {
  struct adduce_value *map = value_map(scope);
  if (receipt->entered == 0) return;
  value_set_integer(scope, map, "index", (int64_t)receipt->index);
  value_set_bytes32(scope, map, "id", receipt->id.bytes);
  value_set(scope, map, "origin", value_str(scope, origin));
  value_set_integer(scope, map, "entered", (int64_t)receipt->entered);
  value_add(scope, imports, map);
}

/* Where they come from says the skeleton that was kept of their bundle. */
static enum adduce_err admit_foreign(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                     struct adduce_value *imports, const struct lot *lot,
                                     const struct signer *author, size_t *entered) {
  const char *path = bundlefile_skeleton_path(scope, ledger, &lot->manifest);
  struct foreign_receipt receipt = {.entered = 0};
  struct bundlefile file;
  enum adduce_err err = bundlefile_open(scope, &file, path);
  if (err == ADDUCE_OK && !hash_equal(&file.manifest->digest, &lot->manifest))
    err = scope_fail(scope, ADDUCE_E_CORRUPT, "%s is the skeleton of another bundle", path);
  if (err == ADDUCE_OK) {
    const struct foreign_source source = {file.manifest->genesis, file.manifest->origin,
                                          file.manifest->checkpoint, file.manifest->digest};
    const struct foreign_batch batch = {&source, lot->events, lot->count, author};
    err = foreign_append(scope, ledger, &receipt, &batch);
    report_import(scope, imports, &receipt, source.origin);
  }
  bundlefile_close(&file);
  *entered = receipt.entered;
  return err;
}

static enum adduce_err admit_own(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 const struct lot *lot, size_t *entered) {
  const struct log_append_options options = {.now_us = machine_now_us()};
  struct log_appended *appended = scope_array(scope, lot->count, sizeof *appended);
  struct log_receipt receipt;
  if (appended == NULL) return scope_no_memory(scope);
  TRY(log_append(scope, ledger->log, appended, &receipt, lot->events, lot->count,
                 ledger->log_signer, &options));
  *entered = 0;
  for (size_t i = 0; i < lot->count; i++) *entered += !appended[i].duplicate;
  return ADDUCE_OK;
}

/* What the report says. */
struct admitting {
  struct adduce_value *imports;
  size_t admitted, present;
};

static enum adduce_err admit_lot(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 struct admitting *admitting, const struct lot *lot,
                                 const struct signer *author) {
  size_t entered = 0;
  if (lot->is_foreign)
    TRY(admit_foreign(scope, ledger, admitting->imports, lot, author, &entered));
  else
    TRY(admit_own(scope, ledger, lot, &entered));
  admitting->admitted += entered;
  admitting->present += lot->count - entered;
  return log_quarantine_release(scope, ledger->log, lot->numbers, lot->count, NULL);
}

/* In the order in which they came, which is that of their source. */
static const uint64_t *sort_numbers(struct adduce_scope *scope, const uint64_t *numbers,
                                    size_t count) {
  uint64_t *sorted = scope_array(scope, count, sizeof *sorted);
  if (sorted == NULL || count == 0) return sorted;
  memcpy(sorted, numbers, count * sizeof *sorted);
  numbers_sort(sorted, count);
  return sorted;
}

static enum adduce_err admit_all(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 struct log_view *view, struct admitting *admitting,
                                 const uint64_t *numbers, size_t count,
                                 const struct signer *author) {
  bool *is_taken = scope_array(scope, count, sizeof *is_taken);
  struct lot lot = {.events = scope_array(scope, count, sizeof *lot.events),
                    .numbers = scope_array(scope, count, sizeof *lot.numbers)};
  numbers = sort_numbers(scope, numbers, count);
  if (is_taken == NULL || lot.events == NULL || lot.numbers == NULL || numbers == NULL)
    return scope_no_memory(scope);
  TRY(gather(scope, view, &lot, numbers, is_taken, count));
  while (lot.count != 0) {
    TRY(admit_lot(scope, ledger, admitting, &lot, author));
    TRY(gather(scope, view, &lot, numbers, is_taken, count));
  }
  return ADDUCE_OK;
}

enum adduce_err adduce_quarantine_admit(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        const struct adduce_value **report, const uint64_t *numbers,
                                        size_t count, const struct adduce_signer *author) {
  struct adduce_value *map = value_map(scope);
  struct admitting admitting = {.imports = value_list(scope)};
  struct log_view view;
  *report = map;
  TRY(sign_start(scope));
  TRY(log_writable(scope, ledger->log));
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err =
      admit_all(scope, ledger, &view, &admitting, numbers, count, ledger_signer(author));
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  value_set_integer(scope, map, "admitted", (int64_t)admitting.admitted);
  value_set_integer(scope, map, "present", (int64_t)admitting.present);
  value_set(scope, map, "imports", admitting.imports);
  return value_finish(scope);
}
