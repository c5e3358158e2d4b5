/* SPDX-License-Identifier: Apache-2.0 */
#include "query/naming.h"

#include "claim/quantity.h"
#include "claim/spelling.h"

/* What to look for in each reading of a claim: its content, and the fields of its corrections. */
struct naming {
  struct asked *asked;
  struct worklist *subjects;
  bool gives_number;
  enum { SUBJECTS, TOTALS, NUMBER } what;
};

static struct adduce_span str_of(struct adduce_span encoded) {
  struct adduce_span text;
  struct cursor cursor = cursor_of(encoded);
  return cursor_str(&cursor, &text) ? text : span_of(NULL, 0);
}

static enum adduce_err put_total(struct naming *naming, struct adduce_span encoded) {
  struct quantity said;
  if (encoded.size == 0 || !quantity_parse(encoded, &said, NULL)) return ADDUCE_OK;
  return worklist_put(naming->subjects, said.of);
}

/* --- a content ---------------------------------------------------------------------------- */

static struct adduce_span open_value(const struct parsed *parsed, const char *name) {
  const struct parsed_field *field = parsed_field(parsed, name);
  return field != NULL && field->slot == PARSED_VALUE ? field->value : span_of(NULL, 0);
}

static enum adduce_err put_ends(struct naming *naming, const struct claim *claim) {
  static const char *const same[] = {"right", NULL}, *const relates[] = {"to", NULL},
                           *const moves[] = {"group", "issuer", NULL};
  const char *const *ends = claim->kind->effect == EFFECT_SAME      ? same
                            : claim->kind->effect == EFFECT_RELATES ? relates
                            : claim->kind->effect == EFFECT_MOVES   ? moves
                                                                    : NULL;
  TRY(worklist_put(naming->subjects, claim_subject(claim)));
  for (; ends != NULL && *ends != NULL; ends++)
    TRY(worklist_put(naming->subjects, parsed_text(&claim->parsed, *ends)));
  return ADDUCE_OK;
}

static enum adduce_err look_into_claim(struct naming *naming, const struct claim *claim) {
  if (claim->kind == NULL) return ADDUCE_OK;
  if (naming->what == SUBJECTS) return put_ends(naming, claim);
  struct adduce_span quantity = open_value(&claim->parsed, "quantity");
  naming->gives_number |= quantity.size != 0;
  if (naming->what == NUMBER) return ADDUCE_OK;
  TRY(put_total(naming, quantity));
  return put_total(naming, open_value(&claim->parsed, "value"));
}

/* --- corrections -------------------------------------------------------------------------- */

/* A correction does not say which field is the subject, so every id counts; one of a correction has
 * its fields a level deeper. */
static enum adduce_err look_into_fields(struct naming *naming, struct adduce_span map,
                                        unsigned depth) {
  struct cursor cursor = cursor_of(map);
  struct adduce_span key, encoded;
  uint32_t count;
  if (depth == PARSED_VALUE_DEPTH || !cursor_map(&cursor, &count)) return ADDUCE_OK;
  for (uint32_t i = 0; i < count; i++) {
    if (!cursor_str(&cursor, &key) || !cursor_value(&cursor, &encoded)) return ADDUCE_OK;
    bool is_number = span_is(key, "quantity");
    naming->gives_number |= is_number;
    if (naming->what == SUBJECTS && spelling_subject(str_of(encoded)))
      TRY(worklist_put(naming->subjects, str_of(encoded)));
    if (naming->what == TOTALS && (is_number || span_is(key, "value")))
      TRY(put_total(naming, encoded));
    if (span_is(key, "fields")) TRY(look_into_fields(naming, encoded, depth + 1));
  }
  return ADDUCE_OK;
}

static enum adduce_err look_into_correction(struct naming *naming, const struct told *correction) {
  TRY(look_into_fields(naming, open_value(&correction->event.claim.parsed, "fields"), 0));
  if (!correction->is_corrected) return ADDUCE_OK;
  return look_into_fields(naming, open_value(&correction->corrected.claim.parsed, "fields"), 0);
}

/* Corrections of the claim, and corrections of these. */
static enum adduce_err look_into_acts(struct naming *naming, const struct told *told) {
  struct worklist corrections;
  worklist_init(&corrections, naming->asked->scope);
  for (size_t at = 0;; at++) {
    for (size_t i = 0; i < told->status.act_count; i++)
      if (span_is(told->status.acts[i].state, "corrected"))
        TRY(worklist_put_index(&corrections, told->status.acts[i].index));
    if (at == corrections.count) return ADDUCE_OK;
    TRY(told_get(naming->asked, &told, worklist_index(&corrections, at)));
    TRY(look_into_correction(naming, told));
  }
}

static enum adduce_err look(struct naming *naming, const struct told *told) {
  TRY(look_into_claim(naming, &told->event.claim));
  if (told->is_corrected) TRY(look_into_claim(naming, &told->corrected.claim));
  return look_into_acts(naming, told);
}

enum adduce_err naming_subjects(struct asked *asked, struct worklist *subjects,
                                const struct told *told) {
  struct naming naming = {.asked = asked, .subjects = subjects, .what = SUBJECTS};
  return look(&naming, told);
}

enum adduce_err naming_totals(struct asked *asked, struct worklist *subjects,
                              const struct told *told) {
  struct naming naming = {.asked = asked, .subjects = subjects, .what = TOTALS};
  return look(&naming, told);
}

enum adduce_err naming_number(struct asked *asked, bool *gives, const struct told *told) {
  struct naming naming = {.asked = asked, .what = NUMBER};
  TRY(look(&naming, told));
  *gives = naming.gives_number;
  return ADDUCE_OK;
}

/* --- targets ------------------------------------------------------------------------------ */

enum adduce_err naming_targets(struct asked *asked, struct worklist *events,
                               const struct told *told) {
  const struct vocabulary_kind *kind = told->event.claim.kind;
  struct cursor refs = told->event.claim.parsed.refs;
  const struct query_world *world = asked->world;
  struct parsed_ref ref;
  if (kind == NULL || kind->acts_role == NULL) return ADDUCE_OK;
  while (parsed_next_role(&refs, &ref, kind->acts_role)) {
    struct adduce_id id;
    uint64_t index;
    memcpy(id.bytes, ref.id32, sizeof id.bytes);
    enum adduce_err err = world->find(world->context, asked->scope, &index, &id);
    if (err == ADDUCE_E_NOT_FOUND) continue;
    if (err != ADDUCE_OK) return err;
    if (index < asked->size) TRY(worklist_put_index(events, index));
  }
  return ADDUCE_OK;
}

bool naming_revision(const struct told *told) {
  const struct vocabulary_kind *kind = told->event.claim.kind;
  return kind != NULL && kind->effect == EFFECT_SOURCE && kind->state != NULL &&
         strcmp(kind->state, "revised") == 0;
}
