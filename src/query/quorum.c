/* SPDX-License-Identifier: Apache-2.0 */
#include "query/quorum.h"

#include "projection/modality.h"
#include "query/gather.h"
#include "query/origin.h"
#include "query/told.h"

/* --- whether one claim says what another does ------------------------------------------------ */

/* A text with its spelling is the text. */
static struct adduce_span plain_value(const struct vocabulary_field *rule,
                                      struct adduce_span value) {
  struct cursor map = cursor_of(value);
  struct adduce_span text;
  return rule->type == FIELD_TEXT && cursor_find(&map, "v", &text) ? text : value;
}

static bool has_element(const struct parsed *parsed, const struct parsed_field *field,
                        struct adduce_span wanted) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(field, &elements, &count)) return false;
  while (parsed_next_element(parsed, &elements, &element))
    if (element.hash32 == NULL && span_equal(plain_value(field->rule, element.value), wanted))
      return true;
  return false;
}

/* Whether `there`, a field of `other`, has each element of the list. */
static bool has_list(const struct parsed *other, const struct parsed_field *there,
                     const struct parsed *parsed, const struct parsed_field *field) {
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  if (!parsed_elements(field, &elements, &count)) return false;
  while (parsed_next_element(parsed, &elements, &element))
    if (element.hash32 != NULL ||
        !has_element(other, there, plain_value(field->rule, element.value)))
      return false;
  return true;
}

static bool has_field(const struct parsed *other, const struct parsed *parsed,
                      const struct parsed_field *field) {
  const struct parsed_field *there = parsed_field(other, field->rule->name);
  if (there == NULL || there->is_list != field->is_list) return false;
  if (field->is_list) return has_list(other, there, parsed, field);
  return there->slot == PARSED_VALUE && field->slot == PARSED_VALUE &&
         span_equal(plain_value(there->rule, there->value), plain_value(field->rule, field->value));
}

/* Whether a field is part of what is said, and not of who says it, in which mood, and from where
 * it was taken. */
static bool is_said(const struct vocabulary_kind *kind, const struct vocabulary_field *rule) {
  bool is_own = rule >= kind->fields && rule < kind->fields + kind->field_count;
  if (!is_own) return strcmp(rule->name, "quantity") == 0 || strcmp(rule->name, "valid") == 0;
  return rule->type != FIELD_CITATION && rule->type != FIELD_SPELLINGS &&
         rule->type != FIELD_EXTRACTION;
}

static bool has_target(const struct parsed *parsed, const char *role, const uint8_t *id32) {
  struct cursor refs = parsed->refs;
  struct parsed_ref ref;
  while (parsed_next_role(&refs, &ref, role))
    if (memcmp(ref.id32, id32, 32) == 0) return true;
  return false;
}

static bool acts_on_the_same(const struct parsed *other, const struct parsed *parsed,
                             const char *role) {
  struct cursor refs = parsed->refs;
  struct parsed_ref ref;
  while (role != NULL && parsed_next_role(&refs, &ref, role))
    if (!has_target(other, role, ref.id32)) return false;
  return true;
}

static bool has_mood(const struct parsed *other, const struct parsed *parsed) {
  struct modality theirs = modality_of(other), ours = modality_of(parsed);
  return theirs.polarity == ours.polarity && theirs.certainty <= ours.certainty &&
         (!theirs.intended || ours.intended);
}

/* Whether `other` says at least what the claim says. */
static bool says(const struct told *other, const struct told *told) {
  const struct claim *theirs = &told_event(other)->claim, *ours = &told_event(told)->claim;
  const struct parsed *parsed = &ours->parsed;
  if (ours->kind == NULL || !span_equal(theirs->parsed.kind, parsed->kind)) return false;
  if (theirs->standing != CLAIM_UNDERSTOOD || ours->standing != CLAIM_UNDERSTOOD) return false;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    const struct parsed_field *field = &parsed->fields[i];
    if (is_said(ours->kind, field->rule) && !has_field(&theirs->parsed, parsed, field))
      return false;
  }
  return acts_on_the_same(&theirs->parsed, parsed, ours->kind->acts_role) &&
         has_mood(&theirs->parsed, parsed);
}

/* --- who says it ----------------------------------------------------------------------------- */

static bool stands(const struct told *told) {
  enum status_state state = told_state(told);
  return (state == STATUS_LIVE || state == STATUS_ENDED) &&
         !status_has(&told->status, STATUS_AUTHOR_REVOKED) &&
         !status_has(&told->status, STATUS_REVOKED_AT_SOURCE);
}

static enum adduce_err find_origin(struct asked *plain, struct origin *origin,
                                   const struct told *told) {
  const struct claim *claim = &told_event(told)->claim;
  const struct parsed_field *chain = parsed_field(&claim->parsed, "attribution");
  struct profile profile = {.kind = claim->kind, .form = claim->parsed.form};
  if (claim->standing == CLAIM_NOT_UNDERSTOOD) profile.kind = NULL;
  if (chain != NULL) profile.chain = *chain;
  memcpy(profile.author32, told->author->key.bytes, sizeof profile.author32);
  return origin_of(plain, origin, &profile, NULL);
}

static enum adduce_err is_member(struct asked *plain, bool *is, const struct trust_member *member,
                                 const struct told *told, const struct origin *origin) {
  const struct person *author = told->author, *named;
  if (member->has_author) {
    TRY(people_get(plain, &named, member->author32));
    *is = memcmp(named->root.bytes, author->root.bytes, 32) == 0;
  } else if (member->organization.size != 0) {
    *is = author->known && span_equal(author->author.organization, member->organization);
  } else {
    *is = origin->sort != ORIGIN_NONE && span_equal(origin->name, member->origin);
  }
  return ADDUCE_OK;
}

/* Who says it stands for the first of the members that he is. */
static enum adduce_err add(struct asked *plain, struct quorum *quorum, const struct told *told) {
  struct origin origin;
  if (!stands(told)) return ADDUCE_OK;
  TRY(find_origin(plain, &origin, told));
  for (uint32_t i = 0; i < quorum->rule->member_count; i++) {
    bool is;
    TRY(is_member(plain, &is, &quorum->rule->members[i], told, &origin));
    if (!is) continue;
    if (quorum->indexes[i] == QUORUM_NOBODY) quorum->count++;
    if (told->index < quorum->indexes[i]) quorum->indexes[i] = told->index;
    return ADDUCE_OK;
  }
  return ADDUCE_OK;
}

/* A claim that says it, and who bears that out. */
static enum adduce_err add_saying(struct asked *plain, struct quorum *quorum,
                                  const struct told *told) {
  if (!stands(told)) return ADDUCE_OK;
  TRY(add(plain, quorum, told));
  for (size_t i = 0; i < told->status.act_count; i++) {
    const struct told *act;
    if (!status_bears_out(&told->status.acts[i])) continue;
    TRY(told_get(plain, &act, told->status.acts[i].index));
    TRY(add(plain, quorum, act));
  }
  return ADDUCE_OK;
}

enum adduce_err quorum_count(struct asked *plain, struct quorum *quorum,
                             const struct trust_rule *rule, uint64_t index) {
  const struct told *told, *other;
  uint64_t *candidates;
  size_t count = 0;
  *quorum = (struct quorum){.rule = rule};
  quorum->indexes = scope_array(plain->scope, rule->member_count, sizeof *quorum->indexes);
  if (quorum->indexes == NULL) return scope_no_memory(plain->scope);
  for (uint32_t i = 0; i < rule->member_count; i++) quorum->indexes[i] = QUORUM_NOBODY;
  TRY(told_get(plain, &told, index));
  TRY(add_saying(plain, quorum, told));
  struct adduce_span subject = claim_subject(&told_event(told)->claim);
  if (subject.size != 0) TRY(gather_claims(plain, &candidates, &count, subject));
  for (size_t i = 0; i < count; i++) {
    if (candidates[i] == index) continue;
    TRY(told_get(plain, &other, candidates[i]));
    if (says(other, told)) TRY(add_saying(plain, quorum, other));
  }
  return ADDUCE_OK;
}

/* --- in answers ------------------------------------------------------------------------------ */

static void set_member(const struct asked *plain, struct adduce_value *map,
                       const struct trust_member *member) {
  if (member->has_author) asked_set_id(plain, map, "author", member->author32);
  asked_set_str(plain, map, "organization", member->organization);
  asked_set_str(plain, map, "origin", member->origin);
}

enum adduce_err quorum_render(struct asked *plain, struct adduce_value *map,
                              const struct quorum *quorum) {
  struct adduce_value *answer = value_map(plain->scope), *said = value_list(plain->scope),
                      *missing = value_list(plain->scope);
  for (uint32_t i = 0; i < quorum->rule->member_count; i++) {
    struct adduce_value *member = value_map(plain->scope);
    const struct told *told;
    bool is_there = quorum->indexes[i] != QUORUM_NOBODY;
    set_member(plain, member, &quorum->rule->members[i]);
    if (is_there) {
      TRY(told_get(plain, &told, quorum->indexes[i]));
      asked_set_number(plain, member, "index", told->index);
      asked_set_id(plain, member, "id", told->event.id.bytes);
    }
    value_add(plain->scope, is_there ? said : missing, member);
  }
  asked_set_number(plain, answer, "needed", quorum->rule->quorum);
  asked_set_number(plain, answer, "members", quorum->rule->member_count);
  asked_set_number(plain, answer, "count", quorum->count);
  asked_set(plain, answer, "said", said);
  asked_set(plain, answer, "missing", missing);
  asked_set(plain, map, "quorum", answer);
  return value_finish(plain->scope);
}
