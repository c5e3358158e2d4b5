/* SPDX-License-Identifier: Apache-2.0 */
#include "query/profile.h"

#include "query/told.h"

static const struct parsed_field no_field;

static void take(struct profile *profile, const struct event *event) {
  const struct claim *claim = &event->claim;
  const struct parsed *parsed = &claim->parsed;
  const struct parsed_field *chain = parsed_field(parsed, "attribution");
  *profile = (struct profile){
      .id = event->id,
      .kind_name = parsed->kind,
      .kind = claim->standing == CLAIM_NOT_UNDERSTOOD ? NULL : claim->kind,
      .is_control = vocabulary_control_name(parsed->kind),
      .handling = parsed->handling,
      .refs = parsed->refs,
      .chain = chain == NULL ? no_field : *chain,
      .form = parsed->form,
  };
  memcpy(profile->author32, parsed->author32, sizeof profile->author32);
  if (!profile_is_source(profile)) return;
  profile->subject = parsed_text(parsed, "subject");
  profile->publisher = parsed_text(parsed, "publisher_subject");
}

enum adduce_err profile_read(struct asked *asked, struct profile *profile, uint64_t index) {
  struct world_entry entry;
  struct scope_mark mark = scope_mark(asked->scope);
  enum adduce_err err = told_read(asked, &entry, index);
  if (err == ADDUCE_OK) {
    take(profile, &entry.event);
    profile->index = index;
  }
  if (err != ADDUCE_OK) return err;
  scope_rewind(asked->scope, mark);
  return ADDUCE_OK;
}

bool profile_acts_on(const struct profile *profile, const struct parsed_ref *ref) {
  return profile->kind != NULL && profile->kind->acts_role != NULL &&
         span_is(ref->role, profile->kind->acts_role);
}

bool profile_rests_on(const struct parsed_ref *ref) {
  return span_is(ref->role, "cites") || span_is(ref->role, "evidence");
}

/* --- chains ------------------------------------------------------------------------------- */

void profile_hops_init(struct profile_hops *hops, const struct parsed_field *field,
                       enum parsed_form form) {
  *hops = (struct profile_hops){.parsed = {.form = form}};
  if (field == NULL || field->key.size == 0) return;
  if (!parsed_elements(field, &hops->elements, &hops->left)) hops->left = 0;
}

static struct adduce_span str_in(const struct cursor *map, const char *key) {
  struct adduce_span encoded, text;
  if (!cursor_find(map, key, &encoded)) return span_of(NULL, 0);
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

bool profile_hops_next(struct profile_hops *hops, struct profile_hop *hop) {
  struct parsed_element element;
  struct adduce_span anonymous;
  if (hops->left == 0 || !parsed_next_element(&hops->parsed, &hops->elements, &element))
    return false;
  struct cursor map = cursor_of(element.value);
  *hop = (struct profile_hop){.agent = str_in(&map, "agent"), .is_innermost = --hops->left == 0};
  if (cursor_find(&map, "anonymous", &anonymous)) {
    struct cursor unnamed = cursor_of(anonymous);
    hop->anonymous = str_in(&unnamed, "description");
  }
  return true;
}
