/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/notice.h"

#include "base/hex.h"
#include "codec/value.h"
#include "exchange/bundle.h"
#include "ledger/proof.h"
#include "ledger/recall.h"

/* --- which events -------------------------------------------------------------------------- */

static bool is_revoked(const struct log_view *view, const struct event *event) {
  struct adduce_key key;
  memcpy(key.bytes, event->claim.parsed.author32, sizeof key.bytes);
  const struct rules_author *author = rules_author(view->rules, &key);
  return author != NULL && author->revoked_index != UINT64_MAX;
}

static enum adduce_err add_recalled(struct adduce_scope *scope, struct selected *selected,
                                    struct log_view *view, const char *name) {
  struct selected_recall *recall = &selected->recalls[selected->recall_count];
  struct log_entry entry;
  struct event event;
  TRY(proof_find(scope, view, &recall->index, name));
  TRY(log_view_event(scope, view, &entry, &event, recall->index));
  if (vocabulary_control_name(event.claim.parsed.kind))
    return scope_fail(scope, ADDUCE_E_REFUSED, "%s: %.*s changes rules and goes to everybody", name,
                      SPAN_ARGS(event.claim.parsed.kind));
  recall->id = event.id;
  recall->is_met = is_revoked(view, &event);
  (void)selected_add(selected, recall->index);
  selected->recall_count++;
  return ADDUCE_OK;
}

/* --- what acts on them ----------------------------------------------------------------------*/

static enum adduce_err add_act(struct adduce_scope *scope, struct selected *selected,
                               struct log_view *view, uint64_t index) {
  struct log_entry entry;
  struct event event;
  struct parsed_ref ref;
  TRY(log_view_event(scope, view, &entry, &event, index));
  struct cursor refs = event.claim.parsed.refs;
  while (parsed_next_ref(&refs, &ref))
    for (size_t i = 0; i < selected->recall_count; i++) {
      struct selected_recall *recall = &selected->recalls[i];
      if (!selected_acts(&event, ref.role) || memcmp(ref.id32, recall->id.bytes, 32) != 0) continue;
      (void)selected_add(selected, index);
      recall->is_met = recall->is_met || recall_takes_back(event.claim.parsed.kind);
    }
  return ADDUCE_OK;
}

/* What the act refers to: a source, a replacement. References lead backwards. */
static enum adduce_err add_grounds(struct adduce_scope *scope, struct selected *selected,
                                   struct log_view *view, uint64_t index) {
  struct log_entry entry;
  struct event event;
  struct parsed_ref ref;
  if (!selected_has(selected, index) || selected_is_recalled(selected, index)) return ADDUCE_OK;
  TRY(log_view_event(scope, view, &entry, &event, index));
  struct cursor refs = event.claim.parsed.refs;
  while (parsed_next_ref(&refs, &ref)) {
    struct adduce_id id;
    uint64_t found;
    memcpy(id.bytes, ref.id32, sizeof id.bytes);
    enum adduce_err err = log_view_find(scope, view, &found, &id);
    if (err != ADDUCE_OK && err != ADDUCE_E_NOT_FOUND) return err;
    if (err == ADDUCE_OK && found < selected->size) (void)selected_add(selected, found);
  }
  return ADDUCE_OK;
}

static enum adduce_err each(struct adduce_scope *scope, struct selected *selected,
                            struct log_view *view, bool backwards,
                            enum adduce_err (*visit)(struct adduce_scope *, struct selected *,
                                                     struct log_view *, uint64_t)) {
  for (uint64_t i = 0; i < selected->size; i++) {
    struct scope_mark mark = scope_mark(scope);
    TRY(visit(scope, selected, view, backwards ? selected->size - 1 - i : i));
    scope_rewind(scope, mark);
    if (i % 4096 == 0) TRY(scope_progress(scope, "selecting", i, selected->size));
  }
  return ADDUCE_OK;
}

enum adduce_err notice_select(struct adduce_scope *scope, struct selected *selected,
                              struct log_view *view, const struct adduce_export_options *options) {
  if (options->recall_count > BUNDLE_RECALLS_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "more than %d events in one notice",
                      BUNDLE_RECALLS_MAX);
  selected->recalls = scope_array(scope, options->recall_count, sizeof *selected->recalls);
  if (selected->recalls == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < options->recall_count; i++)
    TRY(add_recalled(scope, selected, view, options->recall[i]));
  TRY(each(scope, selected, view, false, add_act));
  for (size_t i = 0; i < selected->recall_count; i++)
    if (!selected->recalls[i].is_met)
      return scope_fail(scope, ADDUCE_E_REFUSED,
                        "nothing takes %s back: retract, correct, end or erase it first",
                        options->recall[i]);
  return each(scope, selected, view, true, add_grounds);
}

/* --- for whom -------------------------------------------------------------------------------*/

static enum adduce_err add_recipient(struct adduce_scope *scope, const char **recipients,
                                     size_t *count, const char *name) {
  for (size_t i = 0; i < *count; i++)
    if (strcmp(recipients[i], name) == 0) return ADDUCE_OK;
  if (*count == BUNDLE_RECIPIENTS_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "more than %d recipients: say some with --to",
                      BUNDLE_RECIPIENTS_MAX);
  recipients[(*count)++] = name;
  return ADDUCE_OK;
}

static enum adduce_err add_recipients(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      const char **recipients, size_t *count, const char *name) {
  const struct adduce_value *answer;
  TRY(adduce_disclosures(scope, ledger, &answer, name));
  const struct adduce_value *list = adduce_value_get(answer, "disclosures");
  for (size_t i = 0; i < adduce_value_count(list); i++) {
    const struct adduce_value *names = adduce_value_get(adduce_value_at(list, i), "recipients");
    for (size_t k = 0; k < adduce_value_count(names); k++) {
      const struct adduce_value *each_name = adduce_value_at(names, k);
      if (adduce_value_type(each_name) != ADDUCE_TEXT) continue; /* unknown */
      TRY(add_recipient(scope, recipients, count, adduce_value_text(each_name)));
    }
  }
  return ADDUCE_OK;
}

enum adduce_err notice_recipients(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                  struct adduce_export_options *options) {
  const char **recipients = scope_array(scope, BUNDLE_RECIPIENTS_MAX, sizeof *recipients);
  if (recipients == NULL) return scope_no_memory(scope);
  options->recipient_count = 0;
  for (size_t i = 0; i < options->recall_count; i++)
    TRY(add_recipients(scope, ledger, recipients, &options->recipient_count, options->recall[i]));
  options->recipients = recipients;
  if (options->recipient_count != 0) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_NOT_FOUND,
                    "nobody was given what is to be recalled, as far as is logged here; --to says "
                    "for whom the notice is");
}
