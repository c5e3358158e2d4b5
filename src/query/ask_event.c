/* SPDX-License-Identifier: Apache-2.0 */
#include "query/ask_event.h"

#include "base/hex.h"
#include "claim/spelling.h"
#include "query/believed.h"
#include "query/exclusion.h"
#include "query/modefilter.h"
#include "query/render.h"
#include "tree/merkle.h"

/* --- names of events ---------------------------------------------------------------------- */

static bool is_decimal(const char *text) {
  return *text != '\0' && strlen(text) < 19 && strspn(text, "0123456789") == strlen(text);
}

static enum adduce_err find_id(struct adduce_scope *scope, const struct query_world *world,
                               uint64_t *index, const char *name) {
  struct adduce_id id;
  if (*name == '\0' || strspn(name, "0123456789abcdefABCDEF") != strlen(name))
    return scope_fail(scope, ADDUCE_E_USAGE,
                      "\"%s\" names no event: #INDEX, or at least 4 hexadecimal digits of its id",
                      name);
  if (!hex_decode(span_text(name), id.bytes, sizeof id.bytes))
    return world->find_prefix(world->context, scope, index, span_text(name));
  enum adduce_err err = world->find(world->context, scope, index, &id);
  if (err == ADDUCE_E_NOT_FOUND) return scope_fail(scope, err, "there is no event %s", name);
  return err;
}

/* Decimal digits are an index, and may begin an id as well: then they must say which they mean. */
static enum adduce_err find_index(struct adduce_scope *scope, const struct query_world *world,
                                  uint64_t *index, const char *name) {
  uint64_t other;
  if (*name == '#') return asked_position(scope, world, index, name);
  if (!is_decimal(name)) return find_id(scope, world, index, name);
  enum adduce_err err = asked_position(scope, world, index, name);
  if (strlen(name) < 4) return err;
  enum adduce_err as_id = find_id(scope, world, &other, name);
  if (err != ADDUCE_OK && as_id != ADDUCE_E_NOT_FOUND) {
    *index = other;
    return as_id;
  }
  if (err != ADDUCE_OK) return asked_position(scope, world, index, name);
  if (as_id == ADDUCE_E_NOT_FOUND || (as_id == ADDUCE_OK && other == *index)) return ADDUCE_OK;
  if (as_id != ADDUCE_OK && as_id != ADDUCE_E_AMBIGUOUS) return as_id;
  return scope_fail(scope, ADDUCE_E_AMBIGUOUS,
                    "\"%s\" is an index and begins an id; say #%s, or more digits of the id", name,
                    name);
}

enum adduce_err ask_event_resolve(struct adduce_scope *scope, const struct query_world *world,
                                  struct adduce_id *id, uint64_t *index, const char *name) {
  struct world_entry entry;
  TRY(find_index(scope, world, index, name));
  if (*index >= world->size)
    return scope_fail(scope, ADDUCE_E_POSITION, "event #%llu is not there yet",
                      (unsigned long long)*index);
  TRY(world->entry(world->context, scope, &entry, *index));
  *id = entry.event.id;
  return ADDUCE_OK;
}

/* --- the event ---------------------------------------------------------------------------- */

static enum adduce_err refuse_left_out(const struct asked *asked, uint64_t index) {
  return scope_fail(asked->scope, ADDUCE_E_NOT_FOUND,
                    "event #%llu is left out here; `adduce without` says what leaves it out",
                    (unsigned long long)index);
}

/* {role, id, index?, kind?, label?} */
static enum adduce_err add_ref(struct asked *asked, struct adduce_value *list,
                               const struct parsed_ref *ref) {
  struct adduce_value *map = value_map(asked->scope);
  const struct told *told;
  struct adduce_span label;
  asked_set_str(asked, map, "role", ref->role);
  asked_set_id(asked, map, "id", ref->id32);
  value_add(asked->scope, list, map);
  enum adduce_err err = told_find(believed_whole(asked), &told, ref->id32);
  if (err == ADDUCE_E_NOT_FOUND) return ADDUCE_OK;
  if (err != ADDUCE_OK) return err;
  TRY(phrase_label(asked, &label, told));
  asked_set_number(asked, map, "index", told->index);
  asked_set_str(asked, map, "kind", told->event.claim.parsed.kind);
  asked_set_str(asked, map, "label", label);
  return value_finish(asked->scope);
}

static bool acts_as(const struct vocabulary_kind *kind, struct adduce_span role) {
  return kind != NULL && kind->acts_role != NULL && span_is(role, kind->acts_role);
}

static enum adduce_err set_refs(struct asked *asked, struct adduce_value *answer,
                                const struct told *told) {
  struct adduce_value *refs = value_list(asked->scope), *targets = value_list(asked->scope);
  struct cursor cursor = told->event.claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&cursor, &ref)) {
    const struct told *target;
    TRY(add_ref(asked, refs, &ref));
    if (!acts_as(told->event.claim.kind, ref.role)) continue;
    enum adduce_err err = told_find(believed_whole(asked), &target, ref.id32);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    TRY(render_add_claim(asked, targets, target, RENDER_LINE));
  }
  asked_set(asked, answer, "refs", refs);
  if (adduce_value_count(targets) != 0) asked_set(asked, answer, "acts_on", targets);
  return value_finish(asked->scope);
}

static void set_bytes(const struct asked *asked, struct adduce_value *answer,
                      const struct told *told) {
  static const char *const forms[] = {"none", "whole", "partial"};
  const struct parsed *parsed = &told->event.claim.parsed;
  struct adduce_value *commitments = value_map(asked->scope);
  struct adduce_hash leaf = merkle_leaf(told->entry);
  asked_set_text(asked, answer, "handling", spelling_handling(parsed->handling));
  asked_set_id(asked, commitments, "root", parsed->content_root32);
  asked_set_text(asked, commitments, "form", forms[parsed->form]);
  asked_set(asked, answer, "commitments", commitments);
  asked_set(asked, answer, "signature",
            value_bytes(asked->scope, span_of(parsed->signature64, 64)));
  asked_set(asked, answer, "entry", value_bytes(asked->scope, told->entry));
  asked_set_number(asked, answer, "entry_bytes", told->entry.size);
  asked_set_number(asked, answer, "content_bytes", parsed->content.size);
  asked_set_id(asked, answer, "leaf", leaf.bytes);
}

/* One that does not count under a policy that is tried is shown, with the rule. */
enum adduce_err ask_event(struct asked *asked, struct adduce_value *answer, const char *name) {
  struct adduce_id id;
  const struct told *told;
  struct adduce_span sentence;
  uint64_t index;
  bool is_out, counts;
  TRY(modefilter_refuse(asked, "one event is shown as it is"));
  TRY(believed_open_tried(asked));
  TRY(ask_event_resolve(asked->scope, asked->world, &id, &index, name));
  TRY(exclusion_has(asked->exclusion, &is_out, index));
  if (is_out) return refuse_left_out(asked, index);
  TRY(believed_admit(asked, &counts, index));
  TRY(told_get(asked, &told, index));
  TRY(render_claim(asked, answer, told, RENDER_FULL));
  TRY(sentence_claim(asked, &sentence, told));
  asked_set_str(asked, answer, "sentence", sentence);
  TRY(set_refs(asked, answer, told));
  TRY(believed_render_admitted(asked, answer));
  set_bytes(asked, answer, told);
  return value_finish(asked->scope);
}
