/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"
#include "log/check_priv.h"

/* The lock is read before any snapshot: what it promised then is in all of them. */
static enum adduce_err read_lock(struct adduce_scope *scope, struct check *check) {
  if (check->log->headlock_path == NULL) return ADDUCE_OK;
  enum adduce_err err = headlock_read(scope, &check->lock, check->log->headlock_path);
  check->has_lock = err == ADDUCE_OK;
  return err == ADDUCE_E_NO_LOCK ? ADDUCE_OK : err;
}

/* How many items from the first on are good. */
static size_t count_good(const struct check *check) {
  size_t count = 0;
  while (count < check->count && check->items[count].good) count++;
  return count;
}

/* Whatever is found last, the first fault in the order of the log is reported. */
static enum adduce_err check_chunk(struct adduce_scope *scope, struct check *check) {
  enum adduce_err err = check_entries_read(scope, check);
  const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
  enum adduce_err earlier = check_entries_judge(scope, check);
  if (earlier != ADDUCE_OK) {
    err = earlier;
    detail = scope_format(scope, "%s", adduce_scope_detail(scope));
  }
  TRY(check_order_enter(scope, check, count_good(check)));
  return err == ADDUCE_OK ? ADDUCE_OK : scope_fail(scope, err, "%s", detail);
}

static enum adduce_err check_snapshot(struct adduce_scope *scope, struct check *check) {
  TRY(view_size(scope, check->txn, &check->size));
  TRY(check_chunk(scope, check));
  TRY(scope_progress(scope, "verifying", check->edge->size, check->size));
  return check->edge->size == check->size ? check_tables_finish(scope, check) : ADDUCE_OK;
}

/* Chunk after chunk, until a snapshot has no more. */
static enum adduce_err walk(struct adduce_scope *scope, struct check *check) {
  enum adduce_err err = ADDUCE_OK;
  do {
    struct scope_mark mark = scope_mark(scope);
    err = store_begin_read(scope, check->log->store, &check->txn);
    if (err == ADDUCE_OK) {
      err = check_snapshot(scope, check);
      store_end_read(&check->txn);
    }
    scope_rewind(scope, mark);
  } while (err == ADDUCE_OK && check->edge->size < check->size);
  return err;
}

static enum adduce_err run(struct adduce_scope *scope, struct check *check) {
  *check->report = (struct log_check_report){0};
  check->edge = scope_new(scope, struct merkle_edge);
  check->items = scope_array(scope, CHECK_CHUNK_ENTRIES, sizeof *check->items);
  if (check->edge == NULL || check->items == NULL) return scope_no_memory(scope);
  merkle_edge_init(check->edge);
  check->last_recorded_us = INT64_MIN;
  sign_random(check->secret, sizeof check->secret);
  TRY(read_lock(scope, check));
  TRY(rules_open(scope, &check->rules));
  enum adduce_err err = walk(scope, check);
  rules_close(&check->rules);
  check->report->entries = check->edge->size;
  return err;
}

static bool is_about_the_log(enum adduce_err err) {
  return err != ADDUCE_OK && err != ADDUCE_E_INTERRUPTED && err != ADDUCE_E_MEMORY &&
         err != ADDUCE_E_IO;
}

enum adduce_err log_check(struct adduce_scope *scope, struct log *log,
                          struct log_check_report *report,
                          const struct log_check_options *options) {
  struct scope_mark mark = scope_mark(scope);
  struct check check = {.log = log, .options = options, .report = report};
  struct check closely = check;
  closely.finds_ids = true;
  TRY(sign_start(scope));
  if (!options->pages_checked) TRY(store_check(scope, log->store));
  enum adduce_err err = run(scope, &check);
  if (is_about_the_log(err) && !options->entries_only) {
    const char *detail = scope_format(scope, "%s", adduce_scope_detail(scope));
    enum adduce_err place = run(scope, &closely);
    err = place == ADDUCE_OK ? scope_fail(scope, err, "%s", detail) : place;
  }
  scope_rewind(scope, mark);
  return err;
}
