/* SPDX-License-Identifier: Apache-2.0 */
#include "query/render.h"

#include "projection/rows.h"
#include "query/believed.h"
#include "query/erased.h"

/* --- EVENT -------------------------------------------------------------------------------- */

enum adduce_err render_event(struct asked *asked, struct adduce_value *map,
                             const struct told *told) {
  const struct parsed *parsed = &told->event.claim.parsed;
  asked_set_id(asked, map, "id", told->event.id.bytes);
  asked_set_number(asked, map, "index", told->index);
  asked_set_str(asked, map, "kind", parsed->kind);
  asked_set_id(asked, map, "author", parsed->author32);
  asked_set_str(asked, map, "author_name", told->author->name);
  asked_set_time(asked, map, "recorded_at", told->recorded_at_us);
  asked_set_time(asked, map, "claimed_at", parsed->claimed_at_us);
  asked_set_flag(asked, map, "claimed_late", told_late(told));
  return value_finish(asked->scope);
}

enum adduce_err render_add_event(struct asked *asked, struct adduce_value *list,
                                 const struct told *told) {
  struct adduce_value *map = value_map(asked->scope);
  TRY(render_event(asked, map, told));
  value_add(asked->scope, list, map);
  return ADDUCE_OK;
}

/* --- content ------------------------------------------------------------------------------ */

enum adduce_err render_content(const struct asked *asked, struct adduce_value *map, const char *key,
                               const struct parsed *parsed) {
  struct adduce_value *content = value_map(asked->scope);
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    struct buffer buffer;
    struct adduce_span encoded;
    struct adduce_value *value;
    if (field->slot == PARSED_WITHHELD) continue;
    buffer_init(&buffer, asked->scope);
    rows_pack_field(&buffer, parsed, field);
    TRY(buffer_take(&buffer, &encoded));
    TRY(value_decode(asked->scope, &value, encoded));
    value_append(asked->scope, content, scope_copy(asked->scope, field->key), value);
  }
  asked_set(asked, map, key, content);
  return value_finish(asked->scope);
}

/* By which event its source revoked the key it is signed with. */
static enum adduce_err render_disowned(struct asked *asked, struct adduce_value *map,
                                       const struct told *told) {
  struct adduce_value *event = value_map(asked->scope);
  const struct told *revocation;
  if (told->disowned_by == WORLD_NEVER) return ADDUCE_OK;
  TRY(told_get(asked, &revocation, told->disowned_by));
  TRY(render_event(asked, event, revocation));
  asked_set_str(asked, event, "reason", parsed_text(told_parsed(revocation), "reason"));
  asked_set(asked, map, "revoked_at_source", event);
  return ADDUCE_OK;
}

static enum adduce_err render_body(struct asked *asked, struct adduce_value *map,
                                   const struct told *told) {
  const struct parsed *parsed = &told->event.claim.parsed;
  if (parsed->form != PARSED_NO_CONTENT) TRY(render_content(asked, map, "content", parsed));
  if (told->is_corrected)
    TRY(render_content(asked, map, "corrected_content", &told->corrected.claim.parsed));
  return erased_render(asked, map, &told->event);
}

/* --- acts --------------------------------------------------------------------------------- */

static const char *why_not(const struct status_act *act) {
  if (!act->holds) return "retracted itself";
  if (!act->whole) return "incomplete: part of it is withheld";
  if (!span_is(act->role, "target")) return NULL;
  return "not by the claim's author or the author's organization";
}

static enum adduce_err add_act(struct asked *asked, struct adduce_value *list,
                               const struct status_act *act) {
  const struct told *told;
  struct adduce_value *map = value_map(asked->scope);
  TRY(told_get(asked, &told, act->index));
  const struct parsed *parsed = told_parsed(told);
  struct adduce_span reason = parsed_text(parsed, "reason");
  if (reason.size == 0) reason = parsed_text(parsed, "explanation");
  TRY(render_event(asked, map, told));
  asked_set_str(asked, map, "act", act->state);
  asked_set_str(asked, map, "role", act->role);
  asked_set_str(asked, map, "reason", reason);
  asked_set_str(asked, map, "opinion", act->opinion);
  asked_set_str(asked, map, "rank", act->rank);
  TRY(asked_set_encoded(asked, map, "until", act->until));
  asked_set(asked, map, "effective", value_boolean(asked->scope, act->effective));
  if (!act->effective && why_not(act) != NULL) asked_set_text(asked, map, "why", why_not(act));
  value_add(asked->scope, list, map);
  return ADDUCE_OK;
}

enum adduce_err render_acts(struct asked *asked, struct adduce_value *map,
                            const struct told *told) {
  struct adduce_value *list = value_list(asked->scope);
  if (told->status.act_count == 0) return ADDUCE_OK;
  for (size_t i = 0; i < told->status.act_count; i++)
    TRY(add_act(asked, list, &told->status.acts[i]));
  asked_set(asked, map, "acts", list);
  return ADDUCE_OK;
}

/* --- citations ---------------------------------------------------------------------------- */

/* What is known here of the source, whether it counts or not. */
static enum adduce_err describe_source(struct asked *asked, struct adduce_value *map,
                                       const uint8_t *id32) {
  static const char *const shown[] = {"title", "url", "digest"};
  const struct told *source;
  enum adduce_err err = told_find(believed_whole(asked), &source, id32);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  const struct parsed *parsed = told_parsed(source);
  asked_set_number(asked, map, "index", source->index);
  for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
    const struct parsed_field *field = parsed_field(parsed, shown[i]);
    if (field != NULL && field->slot == PARSED_VALUE && !field->is_list)
      TRY(asked_set_encoded(asked, map, shown[i], field->value));
    if (field != NULL && field->is_list) {
      struct cursor elements;
      struct parsed_element element;
      uint32_t count;
      if (parsed_elements(field, &elements, &count) &&
          parsed_next_element(parsed, &elements, &element) && element.hash32 == NULL)
        TRY(asked_set_encoded(asked, map, shown[i], element.value));
    }
  }
  return ADDUCE_OK;
}

static enum adduce_err add_citation(struct asked *asked, struct adduce_value *list,
                                    struct adduce_span encoded) {
  struct adduce_value *map = value_map(asked->scope), *value;
  struct cursor cursor = cursor_of(encoded);
  struct adduce_span key, item;
  const uint8_t *source32 = NULL;
  uint32_t count;
  if (!cursor_map(&cursor, &count)) return ADDUCE_OK;
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &key) || !cursor_value(&cursor, &item)) break;
    struct cursor source = cursor_of(item);
    if (span_is(key, "source") && !cursor_bin_of(&source, 32, &source32)) source32 = NULL;
    TRY(value_decode(asked->scope, &value, item));
    value_append(asked->scope, map, scope_copy(asked->scope, key), value);
  }
  if (source32 != NULL) TRY(describe_source(asked, map, source32));
  value_add(asked->scope, list, map);
  return ADDUCE_OK;
}

static enum adduce_err render_citations(struct asked *asked, struct adduce_value *map,
                                        const struct parsed *parsed) {
  struct adduce_value *list = value_list(asked->scope);
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(parsed_field(parsed, "citations"), &elements, &count)) return ADDUCE_OK;
  while (parsed_next_element(parsed, &elements, &element))
    if (element.hash32 == NULL) TRY(add_citation(asked, list, element.value));
  asked_set(asked, map, "citations", list);
  return ADDUCE_OK;
}

/* --- CLAIM -------------------------------------------------------------------------------- */

void render_marks(const struct asked *asked, struct adduce_value *map, unsigned marks) {
  struct adduce_value *list = value_list(asked->scope);
  if (marks == 0) return;
  for (unsigned i = 0; i < STATUS_MARK_COUNT; i++)
    if ((marks >> i & 1) != 0)
      value_add(asked->scope, list,
                value_text(asked->scope, status_mark_name((enum status_mark)i)));
  asked_set(asked, map, "marks", list);
}

enum adduce_err render_claim(struct asked *asked, struct adduce_value *map, const struct told *told,
                             enum render_detail detail) {
  struct adduce_span label, sentence;
  TRY(render_event(asked, map, told));
  TRY(phrase_label(asked, &label, told));
  asked_set_str(asked, map, "label", label);
  asked_set_str(asked, map, "subject", claim_subject(&told_event(told)->claim));
  asked_set_text(asked, map, "status", status_name(told->status.state));
  render_marks(asked, map, told->status.marks);
  TRY(believed_render_verdict(asked, map, told->index));
  TRY(render_disowned(asked, map, told));
  if (detail >= RENDER_BODY) TRY(render_body(asked, map, told));
  if (detail < RENDER_FULL) return value_finish(asked->scope);
  if (sentence_attributed(told)) {
    TRY(sentence_claim(asked, &sentence, told));
    asked_set_str(asked, map, "attribution", sentence);
  }
  TRY(render_acts(asked, map, told));
  TRY(render_citations(asked, map, told_parsed(told)));
  return value_finish(asked->scope);
}

enum adduce_err render_add_claim(struct asked *asked, struct adduce_value *list,
                                 const struct told *told, enum render_detail detail) {
  struct adduce_value *map = value_map(asked->scope);
  TRY(render_claim(asked, map, told, detail));
  value_add(asked->scope, list, map);
  return ADDUCE_OK;
}
