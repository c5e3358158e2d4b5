/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: from files, from one key, and from the ledger's own log. */
#include "codec/value.h"
#include "ledger/proof.h"

enum adduce_err adduce_policy_parse(struct adduce_scope *scope, const struct adduce_policy **policy,
                                    struct adduce_span text) {
  struct adduce_policy *parsed = scope_new(scope, struct adduce_policy);
  struct adduce_span copy = scope_copy(scope, text);
  *policy = NULL;
  if (parsed == NULL || copy.data == NULL) return scope_no_memory(scope);
  TRY(policy_parse(scope, &parsed->policy, copy));
  *policy = parsed;
  return ADDUCE_OK;
}

enum adduce_err adduce_policy_of_key(struct adduce_scope *scope,
                                     const struct adduce_policy **policy, const char *vkey) {
  *policy = NULL;
  if (strpbrk(vkey, " \t\n#") != NULL)
    return scope_fail(scope, ADDUCE_E_POLICY, "a verifier key has no spaces: name+id+key");
  return adduce_policy_parse(scope, policy,
                             span_text(scope_format(scope, "log %s\nquorum none\n", vkey)));
}

enum adduce_err adduce_policy_witnesses(struct adduce_scope *scope, const struct adduce_value **out,
                                        const struct adduce_policy *policy) {
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < policy->policy.witness_count; i++) {
    const struct policy_witness *witness = &policy->policy.witnesses[i];
    const char *vkey;
    if (witness->url.size == 0 || !witness->verifiable) continue;
    TRY(cosignature_vkey_encode(scope, &vkey, witness->key.name, &witness->key.key));
    struct adduce_value *map = value_map(scope);
    value_set(scope, map, "name", value_str(scope, witness->name));
    value_set(scope, map, "url", value_str(scope, witness->url));
    value_set_text(scope, map, "vkey", vkey);
    value_add(scope, list, map);
  }
  *out = list;
  return value_finish(scope);
}

/* --- logged policies: `tlog_policy` in the rules of a policy.set ---------------------------- */

/* The text of an event's rules; NULL when it has none, or is no policy.set. */
static enum adduce_err read_rules(struct adduce_scope *scope, const char **text, bool *is_policy,
                                  const struct parsed *parsed) {
  struct adduce_value *rules;
  *text = NULL;
  *is_policy = span_is(parsed->kind, "policy.set");
  if (!*is_policy) return ADDUCE_OK;
  struct adduce_span encoded = parsed_value(scope, parsed, "rules");
  if (encoded.size == 0) return ADDUCE_OK;
  TRY(value_decode(scope, &rules, encoded));
  for (size_t i = 0; i < adduce_value_count(rules); i++) {
    const struct adduce_value *rule = adduce_value_get(adduce_value_at(rules, i), "tlog_policy");
    if (rule != NULL && adduce_value_type(rule) == ADDUCE_TEXT) *text = adduce_value_text(rule);
  }
  return ADDUCE_OK;
}

static enum adduce_err find_policy(struct adduce_scope *scope, const char **text,
                                   struct log_view *view, uint64_t size) {
  uint64_t index = 0;
  *text = NULL;
  if (size > view->size)
    return scope_fail(scope, ADDUCE_E_POSITION, "the ledger has %llu entries",
                      (unsigned long long)view->size);
  if (size == 0) size = view->size;
  for (;; index++) {
    struct log_entry entry;
    struct event event;
    const char *found;
    bool is_policy;
    enum adduce_err err = log_view_next_control(scope, view, &index, index);
    if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
    if (err != ADDUCE_OK) return err;
    if (index >= size) return ADDUCE_OK;
    TRY(log_view_event(scope, view, &entry, &event, index));
    TRY(read_rules(scope, &found, &is_policy, &event.claim.parsed));
    if (is_policy) *text = found; /* a later policy without one has none */
  }
}

enum adduce_err adduce_policy_of_ledger(struct adduce_scope *scope, const char **text,
                                        struct adduce_ledger *ledger, uint64_t size) {
  struct log_view view;
  *text = NULL;
  TRY(log_view_open(scope, &view, ledger->log));
  enum adduce_err err = find_policy(scope, text, &view, size);
  log_view_close(&view);
  return err;
}
