/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/draft.h"

#include "base/clock.h"
#include "base/hex.h"
#include "claim/spelling.h"
#include "claim/trust.h"
#include "codec/value.h"

static enum adduce_err parse_index(struct adduce_scope *scope, struct adduce_span digits,
                                   uint64_t *index) {
  *index = 0;
  for (size_t i = 0; i < digits.size; i++) {
    if (digits.data[i] < '0' || digits.data[i] > '9' || i >= 16)
      return scope_fail(scope, ADDUCE_E_USAGE, "\"#%.*s\" is not an index", SPAN_ARGS(digits));
    *index = *index * 10 + (uint64_t)(digits.data[i] - '0');
  }
  if (digits.size == 0) return scope_fail(scope, ADDUCE_E_USAGE, "\"#\" lacks an index");
  return ADDUCE_OK;
}

enum adduce_err draft_resolve(struct adduce_scope *scope, struct adduce_id *id,
                              struct log_view *view, const struct labels *labels,
                              struct adduce_span name) {
  uint64_t index;
  struct log_entry entry;
  struct event event;
  if (hex_decode(name, id->bytes, 32)) return ADDUCE_OK;
  if (span_starts(name, "@")) {
    struct adduce_span label = span_of(name.data + 1, name.size - 1);
    const struct adduce_id *known = labels == NULL ? NULL : labels_get(labels, label);
    if (known == NULL)
      return scope_fail(scope, ADDUCE_E_REFERENCE,
                        "no claim before this one has the label \"%.*s\"", SPAN_ARGS(label));
    *id = *known;
    return ADDUCE_OK;
  }
  if (span_starts(name, "#"))
    TRY(parse_index(scope, span_of(name.data + 1, name.size - 1), &index));
  else
    TRY(log_view_find_prefix(scope, view, &index, name));
  TRY(log_view_event(scope, view, &entry, &event, index));
  *id = event.id;
  return ADDUCE_OK;
}

/* --- a copy of the content that may be changed ---------------------------------------------*/

static struct adduce_value *copy_value(struct adduce_scope *scope,
                                       const struct adduce_value *value) {
  struct adduce_value *copy = NULL;
  switch (value->type) {
    case ADDUCE_BOOLEAN:
      return value_boolean(scope, value->as.boolean);
    case ADDUCE_INTEGER:
      return value_integer(scope, value->as.integer);
    case ADDUCE_TEXT:
      return value_str(scope, value->as.bytes);
    case ADDUCE_BYTES:
      return value_bytes(scope, value->as.bytes);
    case ADDUCE_LIST:
      copy = value_list(scope);
      for (size_t i = 0; i < value->as.list.count; i++)
        value_add(scope, copy, copy_value(scope, value->as.list.items[i]));
      return copy;
    case ADDUCE_MAP:
      copy = value_map(scope);
      for (size_t i = 0; i < value->as.map.count; i++)
        value_set(scope, copy, (const char *)value->as.map.pairs[i].key.data,
                  copy_value(scope, value->as.map.pairs[i].value));
      return copy;
  }
  return value_map(scope);
}

/* --- names in the content become bytes ------------------------------------------------------*/

struct completion {
  struct adduce_scope *scope;
  const struct draft_context *context;
  const struct vocabulary_kind *kind;
  struct parsed_ref *refs;
  size_t ref_count, ref_capacity;
};

static bool is_text(const struct adduce_value *value) {
  return value != NULL && value->type == ADDUCE_TEXT;
}

static void become_bytes(struct completion *c, struct adduce_value *value, const uint8_t *bytes32) {
  *value = *value_bytes(c->scope, span_of(bytes32, 32));
}

static enum adduce_err name_to_id(struct completion *c, struct adduce_value *value,
                                  const char *field) {
  struct adduce_id id;
  if (!is_text(value)) return ADDUCE_OK;
  enum adduce_err err =
      draft_resolve(c->scope, &id, c->context->view, c->context->labels, value->as.bytes);
  if (err != ADDUCE_OK) return scope_wrap(c->scope, err, "field %s: ", field);
  become_bytes(c, value, id.bytes);
  return ADDUCE_OK;
}

static enum adduce_err hex_to_bytes(struct completion *c, struct adduce_value *value,
                                    const char *field) {
  uint8_t bytes32[32];
  if (!is_text(value)) return ADDUCE_OK;
  if (!hex_decode(value->as.bytes, bytes32, 32))
    return scope_fail(c->scope, ADDUCE_E_TYPE, "field %s: expected 64 hex digits, found \"%.*s\"",
                      field, SPAN_ARGS(value->as.bytes));
  become_bytes(c, value, bytes32);
  return ADDUCE_OK;
}

/* Recurses as deep as shapes nest, which the vocabulary bounds. */
static enum adduce_err complete_item(struct completion *c, struct adduce_value *value,
                                     const struct vocabulary_field *field);

static enum adduce_err complete_map(struct completion *c, struct adduce_value *map,
                                    const struct vocabulary_field *field) {
  size_t count;
  const struct vocabulary_field *shape = vocabulary_shape(field->type, &count);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *inner = value_get(map, span_text(shape[i].name));
    if (inner == NULL) continue;
    enum adduce_err err = complete_item(c, inner, &shape[i]);
    if (err != ADDUCE_OK) return err;
  }
  return ADDUCE_OK;
}

static enum adduce_err complete_item(struct completion *c, struct adduce_value *value,
                                     const struct vocabulary_field *field) {
  if (value->type == ADDUCE_LIST) {
    for (size_t i = 0; i < value->as.list.count; i++)
      TRY(complete_item(c, value->as.list.items[i], field));
    return ADDUCE_OK;
  }
  if (value->type == ADDUCE_MAP) return complete_map(c, value, field);
  if (field->type == FIELD_ID) return name_to_id(c, value, field->name);
  if (field->type == FIELD_KEY || field->type == FIELD_DIGEST)
    return hex_to_bytes(c, value, field->name);
  /* Where a subject or an event may stand, only these two spellings name an event. */
  bool names_event =
      is_text(value) && (span_starts(value->as.bytes, "@") || span_starts(value->as.bytes, "#"));
  if (names_event && (field->type == FIELD_RELATIVE || field->type == FIELD_REFERENCE))
    return name_to_id(c, value, field->name);
  return ADDUCE_OK;
}

static enum adduce_err complete_content(struct completion *c, struct adduce_value *content) {
  for (size_t i = 0; i < content->as.map.count; i++) {
    const struct value_pair *pair = &content->as.map.pairs[i];
    const struct vocabulary_field *field = vocabulary_field(c->kind, pair->key);
    if (field == NULL) continue; /* validation refuses it, with its name */
    TRY(complete_item(c, pair->value, field));
  }
  return claim_expand_subjects(c->scope, content, c->kind, rules_origin(c->context->view->rules));
}

/* --- refs -----------------------------------------------------------------------------------*/

static enum adduce_err add_ref(struct completion *c, struct adduce_span role, const uint8_t *id32) {
  struct parsed_ref *refs =
      scope_room(c->scope, &c->ref_capacity, c->refs, c->ref_count, sizeof *refs);
  if (refs == NULL) return scope_no_memory(c->scope);
  c->refs = refs;
  struct adduce_span id = scope_copy(c->scope, span_of(id32, 32));
  if (id.data == NULL) return scope_no_memory(c->scope);
  c->refs[c->ref_count++] = (struct parsed_ref){role, id.data};
  return ADDUCE_OK;
}

static enum adduce_err add_named_refs(struct completion *c, const struct adduce_value *refs) {
  if (refs != NULL && refs->type != ADDUCE_LIST)
    return scope_fail(c->scope, ADDUCE_E_TYPE, "refs: expected a list of [role, event]");
  for (size_t i = 0; refs != NULL && i < refs->as.list.count; i++) {
    const struct adduce_value *pair = refs->as.list.items[i];
    if (adduce_value_type(pair) != ADDUCE_LIST || adduce_value_count(pair) != 2 ||
        !is_text(adduce_value_at(pair, 0)))
      return scope_fail(c->scope, ADDUCE_E_TYPE, "refs[%zu]: expected [role, event]", i);
    const struct adduce_value *named = adduce_value_at(pair, 1);
    struct adduce_id id;
    if (is_text(named)) {
      enum adduce_err err = draft_resolve(c->scope, &id, c->context->view, c->context->labels,
                                          adduce_value_bytes(named));
      if (err != ADDUCE_OK) return scope_wrap(c->scope, err, "refs[%zu]: ", i);
    } else if (named->type == ADDUCE_BYTES && named->as.bytes.size == 32) {
      memcpy(id.bytes, named->as.bytes.data, 32);
    } else {
      return scope_fail(c->scope, ADDUCE_E_TYPE, "refs[%zu]: the event is neither text nor an id",
                        i);
    }
    TRY(add_ref(c, adduce_value_bytes(adduce_value_at(pair, 0)), id.bytes));
  }
  return ADDUCE_OK;
}

static enum adduce_err add_cited(struct completion *c, const struct adduce_value *content) {
  const struct adduce_value *citations = value_get(content, span_text("citations"));
  for (size_t i = 0; i < adduce_value_count(citations); i++) {
    const struct adduce_value *source = adduce_value_get(adduce_value_at(citations, i), "source");
    if (source != NULL && source->type == ADDUCE_BYTES && source->as.bytes.size == 32)
      TRY(add_ref(c, span_text("cites"), source->as.bytes.data));
  }
  return ADDUCE_OK;
}

static enum adduce_err complete_refs(struct completion *c, const struct adduce_value *claim,
                                     const struct adduce_value *content) {
  TRY(add_named_refs(c, adduce_value_get(claim, "refs")));
  TRY(add_cited(c, content));
  if (c->kind->control && strcmp(c->kind->name, "ledger.created") != 0)
    TRY(add_ref(c, span_text("ledger"), rules_genesis(c->context->view->rules)->bytes));
  if (c->kind->declared_by32 != NULL) TRY(add_ref(c, span_text("kind"), c->kind->declared_by32));
  return ADDUCE_OK;
}

/* --- the map around the content -------------------------------------------------------------*/

static enum adduce_err check_keys(struct adduce_scope *scope, const struct adduce_value *claim) {
  static const char *const known[] = {"kind", "content", "refs", "handling", "claimed_at", "label"};
  if (adduce_value_type(claim) != ADDUCE_MAP)
    return scope_fail(scope, ADDUCE_E_TYPE,
                      "a claim is a map with \"kind\" and \"content\", and this is none");
  for (size_t i = 0; i < adduce_value_count(claim); i++) {
    bool found = false;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      found = found || strcmp(adduce_value_key(claim, i), known[k]) == 0;
    if (!found)
      return scope_fail(scope, ADDUCE_E_FIELD,
                        "\"%s\" stands outside \"content\"; around it only kind, refs, handling, "
                        "claimed_at and label are known",
                        adduce_value_key(claim, i));
  }
  return ADDUCE_OK;
}

/* The text under `key`: empty when absent. */
static enum adduce_err text_at(struct adduce_scope *scope, const struct adduce_value *claim,
                               const char *key, struct adduce_span *text) {
  const struct adduce_value *value = adduce_value_get(claim, key);
  *text = span_of(NULL, 0);
  if (value == NULL) return ADDUCE_OK;
  if (!is_text(value)) return scope_fail(scope, ADDUCE_E_TYPE, "%s: expected text", key);
  *text = value->as.bytes;
  return ADDUCE_OK;
}

static enum adduce_err parse_handling(struct adduce_scope *scope, struct adduce_span text,
                                      enum adduce_handling *handling) {
  *handling = ADDUCE_CLEAR;
  if (text.size == 0 || spelling_handling_of(text, handling)) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_VALUE, "handling: \"%.*s\" is not one of " SPELLING_HANDLINGS,
                    SPAN_ARGS(text));
}

/* The rules of a policy are understood before they are signed; those of others are taken as they
 * are, and what cannot be read in them applies to nothing. */
static enum adduce_err check_rules(struct adduce_scope *scope, struct adduce_span kind,
                                   const struct adduce_value *content) {
  const struct adduce_value *rules = adduce_value_get(content, "rules");
  struct adduce_span encoded;
  struct trust trust;
  if (!span_is(kind, "policy.set") || rules == NULL) return ADDUCE_OK;
  TRY(value_encode(scope, &encoded, rules));
  return trust_read(scope, &trust, encoded);
}

enum adduce_err draft_complete(struct adduce_scope *scope, struct draft *draft,
                               const struct draft_context *context,
                               const struct adduce_value *claim) {
  struct adduce_span handling, claimed_at;
  *draft = (struct draft){.event.claimed_at_us = context->now_us};
  TRY(check_keys(scope, claim));
  TRY(text_at(scope, claim, "kind", &draft->event.kind));
  TRY(text_at(scope, claim, "label", &draft->label));
  TRY(text_at(scope, claim, "handling", &handling));
  TRY(text_at(scope, claim, "claimed_at", &claimed_at));
  TRY(parse_handling(scope, handling, &draft->event.handling));
  if (draft->event.kind.size == 0)
    return scope_fail(scope, ADDUCE_E_MISSING, "the claim has no \"kind\"");
  if (claimed_at.size != 0 && !clock_parse(claimed_at, &draft->event.claimed_at_us))
    return scope_fail(scope, ADDUCE_E_VALUE, "claimed_at: \"%.*s\" is no ISO 8601 instant",
                      SPAN_ARGS(claimed_at));

  struct completion c = {.scope = scope, .context = context};
  c.kind = vocabulary_find(context->vocabulary, draft->event.kind);
  if (c.kind == NULL)
    return scope_fail(scope, ADDUCE_E_KIND, "no kind \"%.*s\" is declared; see `adduce kinds`",
                      SPAN_ARGS(draft->event.kind));
  const struct adduce_value *given = adduce_value_get(claim, "content");
  struct adduce_value *content = given == NULL ? value_map(scope) : copy_value(scope, given);
  if (content->type != ADDUCE_MAP)
    return scope_fail(scope, ADDUCE_E_TYPE, "content: expected a map of fields");
  TRY(complete_content(&c, content));
  TRY(check_rules(scope, draft->event.kind, content));
  TRY(complete_refs(&c, claim, content));
  draft->event.content = content;
  draft->event.refs = c.refs;
  draft->event.ref_count = c.ref_count;
  return value_finish(scope);
}
