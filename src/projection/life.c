/* SPDX-License-Identifier: Apache-2.0 */
/* The life of claims: which acts name a claim, and what they do to it.
 *
 *   id of the claim | text role | index -> {author, id, opinion?, rank?, state, until?, whole}
 *
 * One row for each ref whose role acts (the kind's acts_role and may_roles), so a claim's acts are
 * one range. `state` is the kind's ("retracted"); of kinds that have none (content.erased) it is
 * their verb. `whole` is false when a frame field of the act is withheld, or could be: such an act
 * is shown and does nothing. A retraction has no frame fields, so withholding or erasing its
 * reason never revives what it withdrew.
 *
 * Everything the status of a claim is folded from (query/status.h) stands in these rows; the acts
 * themselves are only read to be shown. */
#include "claim/spelling.h"
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

static const char *const keys[] = {"opinion", "rank", "until", NULL};

static bool is_whole(const struct claim *claim) {
  if (claim->standing == CLAIM_UNDERSTOOD) return true;
  for (size_t i = 0; i < claim->kind->field_count; i++) {
    const struct vocabulary_field *field = &claim->kind->fields[i];
    if ((field->flags & FIELD_FRAME) == 0) continue;
    const struct parsed_field *held = parsed_field(&claim->parsed, field->name);
    if (claim->parsed.form == PARSED_NO_CONTENT) return false;
    if (held != NULL && held->slot != PARSED_VALUE) return false;
  }
  return true;
}

static struct adduce_span state_of(const struct vocabulary_kind *kind) {
  if (kind->state != NULL) return span_text(kind->state);
  const char *dot = strrchr(kind->name, '.');
  const char *verb = dot == NULL ? kind->name : dot + 1;
  return span_of(verb, strcspn(verb, "@"));
}

static void pack_row(struct rows *rows, const struct claim *claim) {
  const struct parsed *parsed = &claim->parsed;
  struct buffer *value = rows_value(rows);
  const struct parsed_field *small[3];
  size_t count = 0;
  for (size_t i = 0; i < 3; i++) {
    small[i] = rows_open(parsed, keys[i]);
    count += small[i] != NULL;
  }
  pack_map(value, 4 + count);
  pack_text(value, "author");
  pack_bin(value, parsed->author32, 32);
  pack_text(value, "id");
  pack_bin(value, rows_id(rows)->bytes, 32);
  for (size_t i = 0; i < 3; i++) {
    if (i == 2) {
      pack_text(value, "state");
      pack_str(value, state_of(claim->kind));
    }
    if (small[i] == NULL) continue;
    pack_text(value, keys[i]);
    rows_pack_field(value, parsed, small[i]);
  }
  pack_text(value, "whole");
  pack_bool(value, is_whole(claim));
}

static bool does_act(const struct vocabulary_kind *kind, struct adduce_span role) {
  if (kind->acts_role != NULL && span_is(role, kind->acts_role)) return true;
  return kind->may_roles != NULL && spelling_choice(role, kind->may_roles);
}

void life_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  struct cursor refs = claim->parsed.refs;
  struct parsed_ref ref;
  if (claim->standing == CLAIM_NOT_UNDERSTOOD || claim->kind->effect == EFFECT_SOURCE) return;
  while (parsed_next_ref(&refs, &ref)) {
    struct key key;
    if (!does_act(claim->kind, ref.role)) continue;
    pack_row(rows, claim);
    key_init(&key);
    key_id(&key, ref.id32);
    key_text(&key, ref.role);
    rows_put(rows, &key, rows_fields(rows, keys));
  }
}
