/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/foreign.h"

#include "codec/value.h"
#include "sys/machine.h"

#define ATTEMPTS 8 /* while others enter some of the same events */

/* Puts behind events[0] those that are not in the log. */
static enum adduce_err choose_new(struct adduce_scope *scope, struct log_view *view,
                                  struct event *chosen, size_t *chosen_count,
                                  const struct event *events, size_t count) {
  *chosen_count = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t index;
    struct scope_mark mark = scope_mark(scope);
    enum adduce_err err = log_view_find(scope, view, &index, &events[i].id);
    scope_rewind(scope, mark);
    if (err == ADDUCE_OK) continue;
    if (err != ADDUCE_E_NOT_FOUND) return err;
    chosen[++*chosen_count] = events[i];
  }
  return ADDUCE_OK;
}

/* The bundle.imported that announces `count` entries. */
static enum adduce_err announce(struct adduce_scope *scope, struct event *event,
                                const struct log_view *view, const struct foreign_batch *batch,
                                size_t count) {
  const struct foreign_source *source = batch->source;
  struct adduce_value *content = value_map(scope);
  const struct parsed_ref ref = {span_text("ledger"), rules_genesis(view->rules)->bytes};
  value_set_bytes32(scope, content, "source_genesis", source->genesis.bytes);
  value_set(scope, content, "origin", value_str(scope, source->origin));
  value_set(scope, content, "checkpoint", value_str(scope, source->checkpoint));
  value_set_bytes32(scope, content, "manifest", source->manifest.bytes);
  value_set_integer(scope, content, "count", (int64_t)count);
  TRY(value_finish(scope));
  const struct event_draft draft = {
      .kind = span_text("bundle.imported"),
      .claimed_at_us = machine_now_us(),
      .refs = &ref,
      .ref_count = 1,
      .content = content,
  };
  return event_sign(scope, event, &draft, rules_vocabulary(view->rules), batch->author);
}

static enum adduce_err append_chosen(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                     struct foreign_receipt *receipt, const struct event *events,
                                     size_t count) {
  const struct log_append_options options = {.now_us = machine_now_us()};
  struct log_appended *appended = scope_array(scope, count, sizeof *appended);
  if (appended == NULL) return scope_no_memory(scope);
  TRY(log_append(scope, ledger->log, appended, &receipt->log, events, count, ledger->log_signer,
                 &options));
  receipt->index = appended[0].index;
  receipt->id = appended[0].id;
  receipt->entered = count - 1;
  return ADDUCE_OK;
}

/* The signed event points into the rules' vocabulary, so the view stays open until it is in. */
static enum adduce_err append_new(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  struct log_view *view, struct foreign_receipt *receipt,
                                  const struct foreign_batch *batch, struct event *chosen) {
  size_t count;
  TRY(choose_new(scope, view, chosen, &count, batch->events, batch->count));
  *receipt = (struct foreign_receipt){.entered = 0};
  if (count == 0) return ADDUCE_OK;
  TRY(announce(scope, &chosen[0], view, batch, count));
  return append_chosen(scope, ledger, receipt, chosen, count + 1);
}

enum adduce_err foreign_append(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               struct foreign_receipt *receipt, const struct foreign_batch *batch) {
  enum adduce_err err = ADDUCE_E_EXISTS;
  struct event *chosen = scope_array(scope, batch->count + 1, sizeof *chosen);
  if (chosen == NULL) return scope_no_memory(scope);
  TRY(log_writable(scope, ledger->log));
  for (int i = 0; i < ATTEMPTS && err == ADDUCE_E_EXISTS; i++) {
    struct log_view view;
    TRY(log_view_open(scope, &view, ledger->log));
    err = append_new(scope, ledger, &view, receipt, batch, chosen);
    log_view_close(&view);
  }
  return err;
}
