/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/recall.h"

#include "adduce/query.h"
#include "base/hex.h"
#include "codec/value.h"

#define RESTS_MAX 50   /* events that rest on one that is recalled */
#define CLAIMS_MAX 100 /* of the author of a key that is revoked */

bool recall_takes_back(struct adduce_span kind) {
  static const char *const kinds[] = {"claim.retracted", "claim.corrected", "claim.ended",
                                      "content.erased", "field.redacted"};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (span_is(kind, kinds[i])) return true;
  return false;
}

/* What falls with the event, as `adduce without` finds it; the event itself aside. */
static enum adduce_err find_resting(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct adduce_value *rests, const struct adduce_id *id) {
  struct adduce_question question = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *answer;
  const char *selector = scope_format(scope, "event:%s", hex_text32(id->bytes).text);
  question.without = &selector;
  question.without_count = 1;
  question.limit = RESTS_MAX;
  enum adduce_err err = adduce_ask_without(scope, ledger, &answer, &question);
  if (err == ADDUCE_E_USAGE) return ADDUCE_OK; /* a control entry: nothing falls with it */
  if (err != ADDUCE_OK) return err;
  const struct adduce_value *falls = adduce_value_get(answer, "falls");
  for (size_t i = 0; i < adduce_value_count(falls); i++) {
    const struct adduce_value *each = adduce_value_at(falls, i);
    struct adduce_value *map = value_map(scope);
    value_set(scope, map, "id",
              value_bytes(scope, adduce_value_bytes(adduce_value_get(each, "id"))));
    value_set_integer(scope, map, "index", adduce_value_integer(adduce_value_get(each, "index")));
    value_set_text(scope, map, "kind", adduce_value_text(adduce_value_get(each, "kind")));
    value_add(scope, rests, map);
  }
  return ADDUCE_OK;
}

/* An act, and where in our log it stands. */
struct act {
  struct adduce_span kind;
  uint64_t index;
};

static enum adduce_err add(struct adduce_scope *scope, struct adduce_ledger *ledger,
                           struct adduce_value *list, const struct act *act, uint64_t index,
                           const struct adduce_id *id, struct adduce_span kind, bool is_marked) {
  struct adduce_value *map = value_map(scope), *rests = value_list(scope);
  value_set_bytes32(scope, map, "id", id->bytes);
  value_set_integer(scope, map, "index", (int64_t)index);
  value_set(scope, map, "kind", value_str(scope, kind));
  value_set(scope, map, "act", value_str(scope, act->kind));
  value_set_integer(scope, map, "by", (int64_t)act->index);
  TRY(find_resting(scope, ledger, rests, id));
  if (is_marked) value_set(scope, map, "marked", value_boolean(scope, true));
  value_set(scope, map, "rests", rests);
  value_add(scope, list, map);
  return ADDUCE_OK;
}

static enum adduce_err add_targets(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   struct log_view *view, struct adduce_value *list,
                                   const struct event *event, const struct act *act,
                                   uint64_t first) {
  struct cursor refs = event->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_role(&refs, &ref, "target")) {
    struct adduce_id id;
    struct log_entry entry;
    struct event target;
    uint64_t index;
    memcpy(id.bytes, ref.id32, 32);
    enum adduce_err err = log_view_find(scope, view, &index, &id);
    if (err == ADDUCE_E_NOT_FOUND || (err == ADDUCE_OK && index >= first)) continue;
    if (err != ADDUCE_OK) return err;
    TRY(log_view_event(scope, view, &entry, &target, index));
    TRY(add(scope, ledger, list, act, index, &id, target.claim.parsed.kind, false));
  }
  return ADDUCE_OK;
}

/* The claims here of an author whose key was revoked where it was authorized. */
static enum adduce_err add_claims_of(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                     struct log_view *view, struct adduce_value *list,
                                     const struct event *event, const struct act *act,
                                     uint64_t first) {
  struct adduce_question question = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *answer;
  const uint8_t *key32;
  struct cursor cursor = cursor_of(parsed_value(scope, &event->claim.parsed, "key"));
  if (!cursor_bin_of(&cursor, 32, &key32)) return ADDUCE_OK;
  const struct adduce_log_filter filter = {.author =
                                               scope_format(scope, "%s", hex_text32(key32).text)};
  question.limit = CLAIMS_MAX;
  TRY(adduce_ask_log(scope, ledger, &answer, &filter, &question));
  const struct adduce_value *entries = adduce_value_get(answer, "entries");
  for (size_t i = 0; i < adduce_value_count(entries); i++) {
    struct log_entry entry;
    struct event claim;
    uint64_t index =
        (uint64_t)adduce_value_integer(adduce_value_get(adduce_value_at(entries, i), "index"));
    bool is_marked = adduce_value_get(adduce_value_at(entries, i), "revoked_at_source") != NULL;
    if (index >= first) continue;
    TRY(log_view_event(scope, view, &entry, &claim, index));
    if (vocabulary_control_name(claim.claim.parsed.kind)) continue;
    TRY(add(scope, ledger, list, act, index, &claim.id, claim.claim.parsed.kind, is_marked));
  }
  return ADDUCE_OK;
}

static enum adduce_err look_at(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               struct log_view *view, struct adduce_value *list, uint64_t index,
                               uint64_t first) {
  struct log_entry entry;
  struct event event;
  TRY(log_view_event(scope, view, &entry, &event, index));
  const struct act act = {event.claim.parsed.kind, index};
  if (recall_takes_back(act.kind))
    return add_targets(scope, ledger, view, list, &event, &act, first);
  if (!span_is(act.kind, "key.revoked")) return ADDUCE_OK;
  return add_claims_of(scope, ledger, view, list, &event, &act, first);
}

enum adduce_err recall_find(struct adduce_scope *scope, struct adduce_ledger *ledger,
                            struct adduce_value *list, uint64_t first, uint64_t end) {
  struct log_view view;
  enum adduce_err err = ADDUCE_OK;
  TRY(log_view_open(scope, &view, ledger->log));
  for (uint64_t i = first; i < end && i < view.size && err == ADDUCE_OK; i++)
    err = look_at(scope, ledger, &view, list, i, first);
  log_view_close(&view);
  return err;
}
