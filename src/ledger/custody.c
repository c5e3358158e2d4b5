/* SPDX-License-Identifier: Apache-2.0 */
/* Custody: what an event's own answer, the log and the manifests say of whose hands it went
 * through, put together in one order. */
#include "adduce/custody.h"

#include <stdlib.h>

#include "codec/value.h"
#include "ledger/disclosure.h"

struct step {
  int64_t index; /* of the event that says so */
  struct adduce_value *map;
};

/* The steps after an event was recorded. */
struct steps {
  struct step *items;
  size_t count, capacity;
};

/* What is asked, and what was read for all events. */
struct custody {
  struct adduce_scope *scope;
  struct adduce_ledger *ledger;
  const char *at; /* a position that does not move any more */
  struct disclosures disclosures;
  struct adduce_value *receipts; /* the receipt.received */
};

/* --- steps ----------------------------------------------------------------------------------*/

static void share(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                  const struct adduce_value *from, const char *its_key) {
  value_share(scope, map, key, adduce_value_get(from, its_key));
}

/* A step that an event says: its id, index, author and time. */
static struct adduce_value *make(struct adduce_scope *scope, const char *step, const char *time,
                                 const struct adduce_value *event) {
  struct adduce_value *map = value_map(scope);
  value_set_text(scope, map, "step", step);
  share(scope, map, "id", event, "id");
  share(scope, map, "index", event, "index");
  share(scope, map, "at", event, time);
  return map;
}

static void set_author(struct adduce_scope *scope, struct adduce_value *map,
                       const struct adduce_value *event) {
  share(scope, map, "author", event, "author");
  share(scope, map, "author_name", event, "author_name");
}

static enum adduce_err put(struct adduce_scope *scope, struct steps *steps,
                           struct adduce_value *map) {
  struct step *grown =
      scope_room(scope, &steps->capacity, steps->items, steps->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  steps->items = grown;
  steps->items[steps->count++] =
      (struct step){adduce_value_integer(adduce_value_get(map, "index")), map};
  return ADDUCE_OK;
}

static int by_index(const void *a, const void *b) {
  const struct step *left = a, *right = b;
  return (left->index > right->index) - (left->index < right->index);
}

/* --- how it came ----------------------------------------------------------------------------*/

static void add_claimed(struct adduce_scope *scope, struct adduce_value *list,
                        const struct adduce_value *event) {
  struct adduce_value *map = make(scope, "claimed", "claimed_at", event);
  set_author(scope, map, event);
  value_add(scope, list, map);
}

static enum adduce_err add_imported(const struct custody *custody, struct adduce_value *list,
                                    const struct adduce_value *event) {
  static const char *const copied[] = {"origin",     "genesis",  "source_index", "manifest",
                                       "checkpoint", "admitted", "policy",       "rule"};
  struct adduce_scope *scope = custody->scope;
  struct adduce_question question = {.at = custody->at};
  const struct adduce_value *imported = adduce_value_get(event, "imported"), *by;
  if (imported == NULL) return ADDUCE_OK;
  const char *name = scope_format(
      scope, "#%lld", (long long)adduce_value_integer(adduce_value_get(imported, "by")));
  TRY(adduce_ask_event(scope, custody->ledger, &by, name, &question));
  struct adduce_value *map = make(scope, "imported", "recorded_at", by);
  set_author(scope, map, by);
  for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
    share(scope, map, copied[i], imported, copied[i]);
  value_add(scope, list, map);
  return ADDUCE_OK;
}

/* --- where it went --------------------------------------------------------------------------*/

static bool is_same(const struct adduce_value *a, const struct adduce_value *b) {
  return a != NULL && b != NULL && span_equal(adduce_value_bytes(a), adduce_value_bytes(b));
}

static enum adduce_err add_receipts(const struct custody *custody, struct steps *steps,
                                    const struct adduce_value *manifest) {
  static const char *const copied[] = {"recipient", "manifest", "admitted", "quarantined",
                                       "refused"};
  struct adduce_scope *scope = custody->scope;
  for (size_t i = 0; i < adduce_value_count(custody->receipts); i++) {
    const struct adduce_value *entry = adduce_value_at(custody->receipts, i);
    const struct adduce_value *content = adduce_value_get(entry, "content");
    if (!is_same(adduce_value_get(content, "manifest"), manifest)) continue;
    struct adduce_value *map = make(scope, "received", "recorded_at", entry);
    for (size_t k = 0; k < sizeof copied / sizeof copied[0]; k++)
      share(scope, map, copied[k], content, copied[k]);
    TRY(put(scope, steps, map));
  }
  return ADDUCE_OK;
}

static enum adduce_err add_exports(const struct custody *custody, struct steps *steps,
                                   const struct adduce_value *event) {
  struct adduce_scope *scope = custody->scope;
  uint64_t index = (uint64_t)adduce_value_integer(adduce_value_get(event, "index"));
  struct adduce_id id;
  memcpy(id.bytes, adduce_value_bytes(adduce_value_get(event, "id")).data, sizeof id.bytes);
  for (size_t i = 0; i < custody->disclosures.count; i++) {
    const struct disclosure *disclosure = &custody->disclosures.items[i];
    struct adduce_value *map = value_map(scope);
    if (!disclosure_has(disclosure, index)) continue;
    value_set_text(scope, map, "step",
                   disclosure_recalls(disclosure, &id) ? "recalled" : "exported");
    disclosure_render(scope, map, disclosure, &id);
    TRY(put(scope, steps, map));
    TRY(add_receipts(custody, steps, adduce_value_get(map, "manifest")));
  }
  return ADDUCE_OK;
}

/* --- what became of it ----------------------------------------------------------------------*/

static enum adduce_err add_acts(const struct custody *custody, struct steps *steps,
                                const struct adduce_value *event) {
  static const char *const copied[] = {"act", "effective", "reason"};
  struct adduce_scope *scope = custody->scope;
  const struct adduce_value *acts = adduce_value_get(event, "acts");
  for (size_t i = 0; i < adduce_value_count(acts); i++) {
    const struct adduce_value *act = adduce_value_at(acts, i);
    struct adduce_value *map = make(scope, "acted-on", "recorded_at", act);
    set_author(scope, map, act);
    for (size_t k = 0; k < sizeof copied / sizeof copied[0]; k++)
      share(scope, map, copied[k], act, copied[k]);
    TRY(put(scope, steps, map));
  }
  const struct adduce_value *revocation = adduce_value_get(event, "revoked_at_source");
  if (revocation == NULL) return ADDUCE_OK;
  struct adduce_value *map = make(scope, "key-revoked", "recorded_at", revocation);
  set_author(scope, map, revocation);
  share(scope, map, "reason", revocation, "reason");
  return put(scope, steps, map);
}

static enum adduce_err add_item(const struct custody *custody, struct adduce_value *items,
                                const char *name) {
  static const char *const copied[] = {"id", "index", "kind", "label"};
  struct adduce_scope *scope = custody->scope;
  struct adduce_question question = {.at = custody->at};
  struct adduce_value *item = value_map(scope), *list = value_list(scope);
  struct steps steps = {.count = 0};
  const struct adduce_value *event;
  TRY(adduce_ask_event(scope, custody->ledger, &event, name, &question));
  for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
    share(scope, item, copied[i], event, copied[i]);
  add_claimed(scope, list, event);
  TRY(add_imported(custody, list, event));
  value_add(scope, list, make(scope, "recorded", "recorded_at", event));
  TRY(add_exports(custody, &steps, event));
  TRY(add_acts(custody, &steps, event));
  if (steps.count > 1) qsort(steps.items, steps.count, sizeof *steps.items, by_index);
  for (size_t i = 0; i < steps.count; i++) value_add(scope, list, steps.items[i].map);
  value_set(scope, item, "steps", list);
  value_add(scope, items, item);
  return value_finish(scope);
}

/* --- which events ---------------------------------------------------------------------------*/

static enum adduce_err take_receipt(struct adduce_scope *scope, void *context,
                                    const struct adduce_value *entry) {
  struct custody *custody = context;
  value_add(scope, custody->receipts, (struct adduce_value *)(uintptr_t)entry);
  return ADDUCE_OK;
}

/* Settles the position, so that all that is asked is asked of the same log. */
static enum adduce_err open_custody(struct custody *custody, struct adduce_value *answer,
                                    const char *at) {
  struct adduce_scope *scope = custody->scope;
  struct adduce_question question = {.at = at, .limit = 1};
  const struct adduce_log_filter filter = {.newest_first = true};
  const struct adduce_value *log;
  TRY(adduce_ask_log(scope, custody->ledger, &log, &filter, &question));
  const struct adduce_value *position = adduce_value_get(log, "at");
  custody->at = scope_format(scope, "#%lld",
                             (long long)adduce_value_integer(adduce_value_get(position, "index")));
  custody->receipts = value_list(scope);
  value_share(scope, answer, "at", position);
  TRY(disclosure_read(scope, custody->ledger, &custody->disclosures, custody->at));
  return disclosure_each(scope, custody->ledger, "receipt.received", custody->at, take_receipt,
                         custody);
}

static enum adduce_err add_subject(const struct custody *custody, struct adduce_value *answer,
                                   struct adduce_value *items, const char *subject,
                                   const struct adduce_question *asked) {
  struct adduce_scope *scope = custody->scope;
  struct adduce_question question = {.at = custody->at, .limit = asked->limit, .skip = asked->skip};
  const struct adduce_log_filter filter = {.subject = subject};
  const struct adduce_value *log;
  TRY(adduce_ask_log(scope, custody->ledger, &log, &filter, &question));
  const struct adduce_value *entries = adduce_value_get(log, "entries");
  if (adduce_value_count(entries) == 0 && question.skip == 0)
    return scope_fail(scope, ADDUCE_E_NOT_FOUND, "%s is no event, and nothing is said about it",
                      subject);
  for (size_t i = 0; i < adduce_value_count(entries); i++) {
    int64_t index = adduce_value_integer(adduce_value_get(adduce_value_at(entries, i), "index"));
    TRY(add_item(custody, items, scope_format(scope, "#%lld", (long long)index)));
  }
  value_set_text(scope, answer, "subject", subject);
  value_share(scope, answer, "more", adduce_value_get(log, "more"));
  return ADDUCE_OK;
}

enum adduce_err adduce_custody(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               const struct adduce_value **answer, const char *name,
                               const struct adduce_question *question) {
  static const struct adduce_question now = ADDUCE_QUESTION_DEFAULT;
  struct adduce_value *map = value_map(scope), *items = value_list(scope);
  struct custody custody = {.scope = scope, .ledger = ledger};
  struct adduce_id id;
  uint64_t index;
  *answer = map;
  if (question == NULL) question = &now;
  TRY(open_custody(&custody, map, question->at));
  enum adduce_err err = adduce_resolve(scope, ledger, &id, &index, name);
  if (err == ADDUCE_OK) {
    TRY(add_item(&custody, items, name));
    value_set(scope, map, "more", value_boolean(scope, false));
  } else if (err == ADDUCE_E_NOT_FOUND || err == ADDUCE_E_USAGE) {
    TRY(add_subject(&custody, map, items, name, question));
  } else {
    return err;
  }
  value_set(scope, map, "items", items);
  value_set_integer(scope, map, "unknown", (int64_t)custody.disclosures.unknown);
  return value_finish(scope);
}
