/* SPDX-License-Identifier: Apache-2.0 */
#include "adduce/erase.h"

#include "adduce/bundle.h"
#include "adduce/query.h"

#include "base/clock.h"
#include "claim/spelling.h"
#include "codec/value.h"
#include "ledger/capture.h"
#include "ledger/ledger.h"
#include "ledger/world.h"
#include "log/erase.h"
#include "projection/rows.h"
#include "sys/machine.h"
#include "sys/spool.h"

#define TEXT_BYTES_LEAST 4 /* shorter texts stand in every document */

/* --- finishing ------------------------------------------------------------------------------*/

static enum adduce_err read_mark(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 struct erase_pending *pending) {
  struct log_view view;
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = erase_pending(scope, &view, pending);
  log_view_close(&view);
  return err;
}

/* Bundles that were on their way when a process died may hold what is erased: they go first. The
 * mark leaves last, so that whatever stops this is made good later. */
enum adduce_err adduce_erase_finish(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    bool *was_pending) {
  struct erase_pending pending;
  TRY(spool_sweep(scope, ledger->folder));
  TRY(read_mark(scope, ledger, &pending));
  *was_pending = pending.is_pending;
  if (!pending.is_pending) return ADDUCE_OK;
  TRY(log_writable(scope, ledger->log));
  for (size_t i = 0; i < pending.capture_count; i++)
    TRY(capture_remove(scope, ledger, &pending.captures[i]));
  if (pending.capture_count != 0) TRY(erase_forget_captures(scope, ledger->log, pending.size));
  TRY(world_catch_up(scope, ledger));
  TRY(store_compact(scope, ledger->projections));
  TRY(store_compact(scope, log_store(ledger->log)));
  return erase_finish(scope, ledger->log, pending.size);
}

/* --- what would go --------------------------------------------------------------------------*/

struct target {
  uint64_t index;
  struct log_entry entry;
  struct event event;
  struct erase_paths paths;
  struct parsed after; /* what is left */
  struct adduce_hash digest;
  bool has_digest; /* of the captured document it names */
};

static enum adduce_err read_paths(struct adduce_scope *scope, struct erase_paths *paths,
                                  const struct adduce_erasure *erasure) {
  *paths = (struct erase_paths){.all = erasure->path_count == 0};
  paths->paths = scope_array(scope, erasure->path_count, sizeof *paths->paths);
  if (paths->paths == NULL) return scope_no_memory(scope);
  for (; paths->count < erasure->path_count; paths->count++) {
    struct content_path *path = &paths->paths[paths->count];
    const char *text = erasure->paths[paths->count];
    if (!spelling_path(span_text(text), &path->key, &path->element))
      return scope_fail(scope, ADDUCE_E_VALUE,
                        "\"%s\" is no field: name, or name.INDEX for one element of a list", text);
  }
  return ADDUCE_OK;
}

static enum adduce_err find_left(struct adduce_scope *scope, struct target *target) {
  struct adduce_span content = span_of(NULL, 0);
  const struct erase_paths *paths = &target->paths;
  const struct parsed *parsed = &target->event.claim.parsed;
  if (!paths->all && parsed->form != PARSED_NO_CONTENT)
    TRY(content_withhold(scope, &content, parsed, paths->paths, paths->count));
  return parsed_read_stored(scope, &target->after, target->entry.event, content);
}

static enum adduce_err refuse_nothing(struct adduce_scope *scope, const struct target *target) {
  return scope_fail(scope, ADDUCE_E_NOT_FOUND,
                    "nothing of this is held of event %llu: it was erased or withheld before",
                    (unsigned long long)target->index);
}

static enum adduce_err find_target(struct adduce_scope *scope, struct log_view *view,
                                   struct target *target, const struct adduce_erasure *erasure) {
  TRY(read_paths(scope, &target->paths, erasure));
  TRY(log_view_event(scope, view, &target->entry, &target->event, target->index));
  TRY(erase_judge(scope, &target->event.claim.parsed, &target->paths));
  TRY(find_left(scope, target));
  target->has_digest = capture_named(scope, &target->digest, &target->event.claim.parsed);
  if (erasure->captures && !target->has_digest)
    return scope_fail(scope, ADDUCE_E_REFUSED,
                      "event %llu names no captured document (or its digest is erased)",
                      (unsigned long long)target->index);
  bool is_done = erase_is_done(&target->event.claim.parsed, &target->paths);
  return is_done && !erasure->captures ? refuse_nothing(scope, target) : ADDUCE_OK;
}

/* --- the report -----------------------------------------------------------------------------*/

static enum adduce_err count_rows(struct adduce_scope *scope, size_t *counts, const char **standing,
                                  const struct target *target, const struct parsed *parsed,
                                  const struct vocabulary *vocabulary) {
  static const char *const standings[] = {"understood", "incomplete", "not-understood"};
  struct rows *rows = scope_new(scope, struct rows);
  struct event event;
  if (rows == NULL) return scope_no_memory(scope);
  event_recall(&event, parsed, vocabulary);
  rows_init(rows, scope, false);
  const struct projection_input input = {target->index, target->entry.recorded_at_us, &event};
  TRY(rows_project(rows, ROWS_ALL, &input));
  for (size_t i = 0; i < ROWS_PROJECTIONS; i++) counts[i] = rows->lists[i].count;
  *standing = standings[event.claim.standing];
  return ADDUCE_OK;
}

static enum adduce_err report_rows(struct adduce_scope *scope, struct adduce_value *report,
                                   const struct target *target,
                                   const struct vocabulary *vocabulary) {
  size_t count, before[ROWS_PROJECTIONS], after[ROWS_PROJECTIONS];
  const char *stood, *stands;
  const struct projection *projections = projection_all(&count);
  struct adduce_value *list = value_list(scope), *standing = value_map(scope);
  TRY(count_rows(scope, before, &stood, target, &target->event.claim.parsed, vocabulary));
  TRY(count_rows(scope, after, &stands, target, &target->after, vocabulary));
  value_set_text(scope, standing, "before", stood);
  value_set_text(scope, standing, "after", stands);
  value_set(scope, report, "standing", standing);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *line = value_map(scope);
    if (before[i] == after[i]) continue;
    value_set_text(scope, line, "projection", projections[i].name);
    value_set_integer(scope, line, "before", (int64_t)before[i]);
    value_set_integer(scope, line, "after", (int64_t)after[i]);
    value_add(scope, list, line);
  }
  value_set(scope, report, "rows", list);
  return ADDUCE_OK;
}

struct texts {
  struct adduce_span *items;
  size_t count, capacity;
};

static enum adduce_err add_text(struct adduce_scope *scope, struct texts *texts,
                                struct adduce_span text) {
  if (text.size < TEXT_BYTES_LEAST) return ADDUCE_OK;
  struct adduce_span *grown =
      scope_room(scope, &texts->capacity, texts->items, texts->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  texts->items = grown;
  texts->items[texts->count++] = text;
  return ADDUCE_OK;
}

/* The texts in a value, keys of maps left out. */
static enum adduce_err gather_texts(struct adduce_scope *scope, struct texts *texts,
                                    const struct adduce_value *value) {
  enum adduce_type type = adduce_value_type(value);
  if (type == ADDUCE_TEXT) return add_text(scope, texts, span_text(adduce_value_text(value)));
  if (type != ADDUCE_LIST && type != ADDUCE_MAP) return ADDUCE_OK;
  for (size_t i = 0; i < adduce_value_count(value); i++) {
    enum adduce_err err = gather_texts(scope, texts, adduce_value_at(value, i));
    if (err != ADDUCE_OK) return err;
  }
  return ADDUCE_OK;
}

static bool is_named(const struct erase_paths *paths, struct adduce_span key, int64_t element) {
  for (size_t i = 0; i < paths->count; i++)
    if (span_equal(paths->paths[i].key, key) &&
        (paths->paths[i].element < 0 || paths->paths[i].element == element))
      return true;
  return paths->all;
}

static enum adduce_err take_texts(struct adduce_scope *scope, struct texts *texts,
                                  struct adduce_span encoded) {
  struct adduce_value *value;
  TRY(value_decode(scope, &value, encoded));
  return gather_texts(scope, texts, value);
}

/* The texts that the erasure takes away. */
static enum adduce_err find_texts(struct adduce_scope *scope, struct texts *texts,
                                  const struct target *target) {
  const struct parsed *parsed = &target->event.claim.parsed;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    struct cursor elements;
    struct parsed_element element;
    uint32_t count;
    if (field->slot == PARSED_WITHHELD) continue;
    if (!field->is_list && is_named(&target->paths, field->key, -1))
      TRY(take_texts(scope, texts, field->value));
    if (!field->is_list || !parsed_elements(field, &elements, &count)) continue;
    for (int64_t k = 0; parsed_next_element(parsed, &elements, &element); k++)
      if (element.hash32 == NULL && is_named(&target->paths, field->key, k))
        TRY(take_texts(scope, texts, element.value));
  }
  return ADDUCE_OK;
}

struct searching {
  const struct texts *texts;
  const struct target *target;
  bool removes;
  struct adduce_value *list;
};

static enum adduce_err search_capture(void *context, struct adduce_scope *scope,
                                      const struct adduce_hash *digest, const char *path) {
  const struct searching *searching = context;
  bool goes = searching->removes && hash_equal(digest, &searching->target->digest), holds = false;
  TRY(capture_holds(scope, &holds, path, searching->texts->items, searching->texts->count));
  if (!goes && !holds) return ADDUCE_OK;
  struct adduce_value *line = value_map(scope);
  value_set_bytes32(scope, line, "digest", digest->bytes);
  value_set(scope, line, "removed", value_boolean(scope, goes));
  value_set(scope, line, "holds_value", value_boolean(scope, holds));
  value_add(scope, searching->list, line);
  return ADDUCE_OK;
}

static enum adduce_err report_captures(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                       struct adduce_value *report, const struct target *target,
                                       bool removes) {
  struct texts texts = {.count = 0};
  struct searching searching = {&texts, target, removes, value_list(scope)};
  TRY(find_texts(scope, &texts, target));
  TRY(capture_each(scope, ledger, search_capture, &searching));
  value_set(scope, report, "captures", searching.list);
  return ADDUCE_OK;
}

static struct adduce_value *list_paths(struct adduce_scope *scope,
                                       const struct adduce_erasure *erasure) {
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < erasure->path_count; i++)
    value_add(scope, list, value_text(scope, erasure->paths[i]));
  return list;
}

static enum adduce_err report_target(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                     struct log_view *view, struct adduce_value *report,
                                     const struct target *target,
                                     const struct adduce_erasure *erasure) {
  struct adduce_value *event = value_map(scope);
  value_set_bytes32(scope, event, "id", target->event.id.bytes);
  value_set_integer(scope, event, "index", (int64_t)target->index);
  value_set(scope, event, "kind", value_str(scope, target->event.claim.parsed.kind));
  value_set(scope, report, "event", event);
  if (erasure->path_count == 0)
    value_set(scope, report, "all", value_boolean(scope, true));
  else
    value_set(scope, report, "paths", list_paths(scope, erasure));
  value_set(scope, report, "dry_run", value_boolean(scope, erasure->dry_run));
  TRY(report_rows(scope, report, target, rules_vocabulary(view->rules)));
  return report_captures(scope, ledger, report, target, erasure->captures);
}

/* Who was given it is out of the reach of what follows. */
static enum adduce_err report_disclosures(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                          struct adduce_value *report, const char *name) {
  static const char *const keys[] = {"disclosures", "unknown"};
  const struct adduce_value *answer;
  TRY(adduce_disclosures(scope, ledger, &answer, name));
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    value_share(scope, report, keys[i], adduce_value_get(answer, keys[i]));
  return ADDUCE_OK;
}

/* --- erasing --------------------------------------------------------------------------------*/

/* The event. Everything it points to is in the scope. */
static enum adduce_err sign_erasure(struct adduce_scope *scope, struct event *event,
                                    const struct adduce_ledger *ledger, const struct target *target,
                                    const struct adduce_erasure *erasure,
                                    const struct signer *author) {
  struct vocabulary *vocabulary;
  struct adduce_value *content = value_map(scope);
  const struct parsed_ref refs[] = {{span_text("ledger"), ledger->genesis.bytes},
                                    {span_text("target"), target->event.id.bytes}};
  if (erasure->path_count != 0) value_set(scope, content, "paths", list_paths(scope, erasure));
  if (erasure->captures) value_set(scope, content, "captures", value_boolean(scope, true));
  value_set_text(scope, content, "reason", erasure->reason);
  if (erasure->basis != NULL) value_set_text(scope, content, "legal_basis", erasure->basis);
  TRY(value_finish(scope));
  const struct event_draft draft = {.kind = span_text("content.erased"),
                                    .claimed_at_us = machine_now_us(),
                                    .refs = refs,
                                    .ref_count = 2,
                                    .content = content};
  TRY(vocabulary_open(scope, &vocabulary));
  return event_sign(scope, event, &draft, vocabulary, author);
}

static enum adduce_err prepare(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               struct log_view *view, struct adduce_value *report,
                               struct target *target, const struct adduce_erasure *erasure) {
  TRY(find_target(scope, view, target, erasure));
  return report_target(scope, ledger, view, report, target, erasure);
}

static enum adduce_err append(struct adduce_scope *scope, struct adduce_ledger *ledger,
                              struct adduce_value *report, const struct target *target,
                              const struct adduce_erasure *erasure, const struct event *event) {
  struct log_appended appended;
  struct log_receipt receipt;
  struct adduce_value *line = value_map(scope);
  const struct log_append_options options = {.now_us = machine_now_us(),
                                             .dry_run = erasure->dry_run,
                                             .captures = &target->digest,
                                             .capture_count = erasure->captures ? 1 : 0};
  TRY(log_append(scope, ledger->log, &appended, &receipt, event, 1, ledger->log_signer, &options));
  value_set_bytes32(scope, line, "id", event->id.bytes);
  value_set_integer(scope, line, "index", (int64_t)appended.index);
  value_set_text(scope, line, "recorded_at", clock_format(receipt.recorded_at_us).text);
  if (!erasure->dry_run) value_set(scope, report, "erasure", line);
  return ADDUCE_OK;
}

enum adduce_err adduce_erase(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             const struct adduce_value **report,
                             const struct adduce_erasure *erasure,
                             const struct adduce_signer *author) {
  struct log_view view;
  struct target target = {.index = 0};
  struct adduce_id id;
  struct event event;
  bool was_pending;
  struct adduce_value *map = value_map(scope);
  if (erasure->reason == NULL || *erasure->reason == '\0')
    return scope_fail(scope, ADDUCE_E_USAGE, "an erasure needs a reason");
  TRY(log_writable(scope, ledger->log));
  TRY(adduce_resolve(scope, ledger, &id, &target.index, erasure->event));
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = prepare(scope, ledger, &view, map, &target, erasure);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  TRY(report_disclosures(scope, ledger, map, erasure->event));
  TRY(sign_erasure(scope, &event, ledger, &target, erasure, ledger_signer(author)));
  TRY(append(scope, ledger, map, &target, erasure, &event));
  if (!erasure->dry_run) {
    err = adduce_erase_finish(scope, ledger, &was_pending);
    if (err != ADDUCE_OK)
      return scope_wrap(scope, err,
                        "erased, but not yet from free pages (`adduce compact` does): ");
    value_set(scope, map, "finished", value_boolean(scope, true));
  }
  *report = map;
  return value_finish(scope);
}

/* --- holds ----------------------------------------------------------------------------------*/

static enum adduce_err add_hold(struct adduce_scope *scope, struct log_view *view,
                                struct adduce_value *list, const struct rules_hold *hold,
                                int64_t now_us) {
  static const char *const fields[] = {"reason", "authority", "until"};
  struct log_entry entry;
  struct event event;
  struct adduce_value *line = value_map(scope), *targets = value_list(scope);
  TRY(log_view_event(scope, view, &entry, &event, hold->index));
  const struct parsed *parsed = &event.claim.parsed;
  bool is_lifted = hold->lifted_index != UINT64_MAX;
  value_set_bytes32(scope, line, "id", hold->id.bytes);
  value_set_integer(scope, line, "index", (int64_t)hold->index);
  value_set_bytes32(scope, line, "author", parsed->author32);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    struct adduce_span text = parsed_text(parsed, fields[i]);
    if (text.size != 0) value_set(scope, line, fields[i], value_str(scope, text));
  }
  for (size_t i = 0; i < hold->target_count; i++)
    value_add(scope, targets, value_bytes(scope, span_of(hold->targets[i].bytes, 32)));
  if (hold->target_count != 0) value_set(scope, line, "targets", targets);
  value_set_text(scope, line, "state",
                 is_lifted                        ? "lifted"
                 : rules_hold_binds(hold, now_us) ? "in force"
                                                  : "passed");
  if (is_lifted) value_set_integer(scope, line, "lifted_index", (int64_t)hold->lifted_index);
  value_add(scope, list, line);
  return ADDUCE_OK;
}

enum adduce_err adduce_holds(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             const struct adduce_value **answer) {
  struct log_view view;
  struct adduce_value *map = value_map(scope), *list = value_list(scope);
  enum adduce_err err = ADDUCE_OK;
  TRY(log_view_open(scope, &view, ledger->log));
  for (size_t i = 0; i < rules_hold_count(view.rules) && err == ADDUCE_OK; i++)
    err = add_hold(scope, &view, list, rules_hold_at(view.rules, i), machine_now_us());
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  value_set(scope, map, "holds", list);
  *answer = map;
  return value_finish(scope);
}
