/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/kinds.h"

#include "claim/spelling.h"
#include "drafts.h"

static struct adduce_scope *scope;
static struct vocabulary *vocabulary;

static int start(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return 1;
  return vocabulary_open(scope, &vocabulary) == ADDUCE_OK ? 0 : 1;
}

static int stop(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static const struct vocabulary_field *own_field(const struct vocabulary_kind *kind,
                                                const char *name) {
  for (size_t i = 0; i < kind->field_count; i++)
    if (strcmp(kind->fields[i].name, name) == 0) return &kind->fields[i];
  return NULL;
}

/* The starting set of the design, family by family. */
static void the_table_has_the_kinds_of_the_design(void **state) {
  (void)state;
  static const char *const names[] = {
      "entity.described",   "release.announced",     "release.confirmed",
      "detention.reported", "sanction.imposed",      "sanction.eased",
      "sanction.lifted",    "agreement.reached",     "meeting.held",
      "statement.made",     "fact.asserted",         "relation.asserted",
      "source.cited",       "source.revised",        "capture.taken",
      "claim.corrected",    "claim.retracted",       "claim.ended",
      "claim.disputed",     "claim.corroborated",    "claim.endorsed",
      "claim.ranked",       "same.judged",           "author.described",
      "key.authorized",     "key.rotated",           "key.revoked",
      "bundle.exported",    "bundle.imported",       "receipt.received",
      "field.redacted",     "content.erased",        "hold.placed",
      "hold.lifted",        "equivocation.reported", "ledger.created",
      "ledger.rekeyed",     "kind.declared",         "policy.set",
      "state.digested",
  };
  assert_int_equal(kinds_count, sizeof names / sizeof names[0]);
  for (size_t i = 0; i < kinds_count; i++) {
    assert_string_equal(kinds_table[i].name, names[i]);
    assert_ptr_equal(vocabulary_find(vocabulary, span_text(names[i])), &kinds_table[i]);
  }
}

static void every_kind_is_spelled_and_described(void **state) {
  (void)state;
  for (size_t i = 0; i < kinds_count; i++) {
    const struct vocabulary_kind *kind = &kinds_table[i];
    assert_true(spelling_kind(span_text(kind->name), NULL));
    assert_true(strlen(kind->text) > 10 && kind->text[strlen(kind->text) - 1] == '.');
    assert_null(kind->declared_by32);
    assert_int_equal(kind->control, vocabulary_control_name(span_text(kind->name)));
    assert_int_equal(kind->right != NULL, kind->control);
    assert_true(kind->field_count + (kind->has_frame ? 12 : 0) <= PARSED_FIELDS);
  }
}

static void every_effect_has_what_it_works_by(void **state) {
  (void)state;
  for (size_t i = 0; i < kinds_count; i++) {
    const struct vocabulary_kind *kind = &kinds_table[i];
    bool has_state = kind->effect == EFFECT_MOVES || kind->effect == EFFECT_ACTS ||
                     kind->effect == EFFECT_SOURCE;
    assert_int_equal(kind->state != NULL, has_state);
    if (kind->effect == EFFECT_ACTS) assert_string_equal(kind->acts_role, "target");
    bool has_subject = kind->effect == EFFECT_MOVES || kind->effect == EFFECT_SETS ||
                       kind->effect == EFFECT_ASSERTS || kind->effect == EFFECT_RELATES;
    if (has_subject) assert_non_null(kind->subject);
    if (kind->subject == NULL) continue;
    const struct vocabulary_field *subject = own_field(kind, kind->subject);
    assert_non_null(subject);
    assert_int_equal(subject->type, FIELD_SUBJECT);
    assert_int_equal(subject->flags & FIELD_REPEATED, 0);
    /* Authors and sources may lack one; what the world's claims are about is frame. */
    if (kind->family == FAMILY_WORLD)
      assert_int_equal(subject->flags & (FIELD_REQUIRED | FIELD_FRAME),
                       FIELD_REQUIRED | FIELD_FRAME);
  }
}

static void check_field(const struct vocabulary_field *field) {
  assert_true(spelling_key(span_text(field->name)));
  assert_true(strlen(field->text) > 2);
  assert_int_equal(field->choices != NULL, field->type == FIELD_CHOICE);
  assert_false((field->flags & FIELD_COUNT) != 0 && field->type != FIELD_INTEGER);
  assert_false((field->flags & FIELD_FACET) != 0 && (field->flags & FIELD_FRAME) == 0);
}

static void every_field_is_well_formed(void **state) {
  (void)state;
  for (size_t i = 0; i < kinds_count; i++) {
    const struct vocabulary_kind *kind = &kinds_table[i];
    for (size_t k = 0; k < kind->field_count; k++) {
      check_field(&kind->fields[k]);
      /* Found under its name, so it stands there once and is not one of the frame. */
      assert_ptr_equal(own_field(kind, kind->fields[k].name), &kind->fields[k]);
    }
  }
  size_t count;
  const struct vocabulary_field *frame = vocabulary_frame(&count);
  for (size_t i = 0; i < count; i++) {
    check_field(&frame[i]);
    for (size_t k = 0; k < kinds_count; k++)
      assert_false(kinds_table[k].has_frame && own_field(&kinds_table[k], frame[i].name) != NULL);
  }
}

static void every_shape_is_well_formed(void **state) {
  (void)state;
  enum field_type type;
  static const char *const shaped[] = {"text",     "value",     "attribution", "anonymous",
                                       "citation", "period",    "relative",    "selector",
                                       "quantity", "extraction"};
  for (size_t i = 0; i < sizeof shaped / sizeof shaped[0]; i++) {
    size_t count;
    assert_true(vocabulary_type_find(span_text(shaped[i]), &type));
    const struct vocabulary_field *shape = vocabulary_shape(type, &count);
    assert_non_null(shape);
    for (size_t k = 0; k < count; k++) check_field(&shape[k]);
  }
}

static void every_example_is_a_valid_claim_of_its_kind(void **state) {
  (void)state;
  for (size_t i = 0; i < kinds_count; i++) {
    const struct vocabulary_kind *kind = &kinds_table[i];
    struct claim claim;
    assert_null(strchr(kind->example, '\n'));
    struct parsed parsed = draft_parse(scope, kind->example);
    assert_true(span_is(parsed.kind, kind->name));
    enum adduce_err err = claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_OWN);
    if (err != ADDUCE_OK) print_error("%s: %s\n", kind->name, adduce_scope_detail(scope));
    assert_int_equal(err, ADDUCE_OK);
    assert_int_equal(claim.standing, CLAIM_UNDERSTOOD);
    assert_ptr_equal(claim.kind, kind);
  }
}

static void every_example_names_a_handling(void **state) {
  (void)state;
  for (size_t i = 0; i < kinds_count; i++) {
    const struct adduce_value *claim = draft_json(scope, kinds_table[i].example);
    struct adduce_span handling = adduce_value_bytes(adduce_value_get(claim, "handling"));
    assert_true(spelling_choice(handling, "clear green amber amber+strict red"));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_table_has_the_kinds_of_the_design),
      cmocka_unit_test(every_kind_is_spelled_and_described),
      cmocka_unit_test(every_effect_has_what_it_works_by),
      cmocka_unit_test(every_field_is_well_formed),
      cmocka_unit_test(every_shape_is_well_formed),
      cmocka_unit_test(every_example_is_a_valid_claim_of_its_kind),
      cmocka_unit_test(every_example_names_a_handling),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
