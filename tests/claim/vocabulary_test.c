/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/vocabulary.h"

#include "drafts.h"

static struct adduce_scope *scope;

static int start(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static int stop(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static const uint8_t id_a[32] = {0xaa}, id_b[32] = {0xbb};

static struct vocabulary *open_vocabulary(void) {
  struct vocabulary *vocabulary;
  assert_int_equal(vocabulary_open(scope, &vocabulary), ADDUCE_OK);
  return vocabulary;
}

/* A kind.declared with this content. */
static struct parsed declaration(const char *content) {
  const char *json = scope_format(
      scope, "{\"kind\":\"kind.declared\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":%s}", content);
  return draft_parse(scope, json);
}

#define CUSTODY                                                                             \
  "{\"name\":\"monitor.example:custody.transferred\",\"text\":\"Evidence changed hands.\"," \
  "\"effect\":\"moves\",\"subject\":\"item\",\"state\":\"transferred\",\"fields\":["        \
  "{\"name\":\"item\",\"type\":\"subject\",\"text\":\"what\"},"                             \
  "{\"name\":\"holder\",\"type\":\"subject\",\"state\":true,\"repeated\":true},"            \
  "{\"name\":\"seal\",\"type\":\"choice\",\"choices\":[\"intact\",\"broken\"],\"facet\":true}]}"

static void kinds_are_found_by_name(void **state) {
  (void)state;
  struct vocabulary *vocabulary = open_vocabulary();
  assert_non_null(vocabulary_find(vocabulary, span_text("claim.retracted")));
  static const char *const others[] = {
      "", "claim", "claim.retracte", "claim.retractedx", "claim.retracted@2", "x:claim.retracted"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    assert_null(vocabulary_find(vocabulary, span_text(others[i])));
}

static void fields_are_found_in_the_kind_and_its_frame(void **state) {
  (void)state;
  struct vocabulary *vocabulary = open_vocabulary();
  const struct vocabulary_kind *fact = vocabulary_find(vocabulary, span_text("fact.asserted"));
  const struct vocabulary_kind *key = vocabulary_find(vocabulary, span_text("key.revoked"));
  assert_string_equal(vocabulary_field(fact, span_text("property"))->name, "property");
  assert_string_equal(vocabulary_field(fact, span_text("valid"))->name, "valid");
  assert_null(vocabulary_field(fact, span_text("vali")));
  assert_null(vocabulary_field(fact, span_text("")));
  assert_non_null(vocabulary_field(key, span_text("reason")));
  assert_null(vocabulary_field(key, span_text("valid")));
}

/* Keys of a map of spellings are any text: what follows a NUL in one is not a part of our table. */
static void a_name_with_a_nul_in_it_is_no_field(void **state) {
  (void)state;
  uint8_t name[1024] = "property";
  const struct vocabulary_kind *fact =
      vocabulary_find(open_vocabulary(), span_text("fact.asserted"));
  assert_non_null(vocabulary_field(fact, span_of(name, 8)));
  for (size_t size = 9; size <= sizeof name; size++)
    assert_null(vocabulary_field(fact, span_of(name, size)));
}

static void names_that_are_control_in_any_version(void **state) {
  (void)state;
  static const char *const control[] = {"ledger.created", "ledger.closed",    "ledger.created@2",
                                        "key.lent",       "policy.set",       "kind.withdrawn@7",
                                        "hold.placed",    "content.erased@2", "bundle.imported"};
  static const char *const other[] = {"source.cited",   "content.shown",    "bundle.exported",
                                      "state.digested", "x:ledger.created", "keys.lent",
                                      "ledger",         "field.redacted",   ""};
  for (size_t i = 0; i < sizeof control / sizeof control[0]; i++)
    assert_true(vocabulary_control_name(span_text(control[i])));
  for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
    assert_false(vocabulary_control_name(span_text(other[i])));
}

static void types_have_names(void **state) {
  (void)state;
  enum field_type type;
  assert_true(vocabulary_type_find(span_text("text"), &type) && type == FIELD_TEXT);
  assert_true(vocabulary_type_find(span_text("reference"), &type) && type == FIELD_REFERENCE);
  assert_false(vocabulary_type_find(span_text("number"), &type));
  assert_string_equal(vocabulary_type_name(FIELD_QUANTITY), "quantity");
  assert_string_equal(vocabulary_effect_name(EFFECT_MOVES), "moves");
  assert_string_equal(vocabulary_family_name(FAMILY_LEDGER), "the ledger");
}

static void a_declared_kind_is_found_and_reads_as_declared(void **state) {
  (void)state;
  struct vocabulary *vocabulary = open_vocabulary();
  struct parsed parsed = declaration(CUSTODY);
  assert_int_equal(vocabulary_declaration_validate(scope, &parsed), ADDUCE_OK);
  assert_int_equal(vocabulary_declared_count(vocabulary), 0);
  assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_a), ADDUCE_OK);
  const struct vocabulary_kind *kind =
      vocabulary_find(vocabulary, span_text("monitor.example:custody.transferred"));
  assert_non_null(kind);
  assert_ptr_equal(vocabulary_declared(vocabulary, 0), kind);
  assert_null(vocabulary_declared(vocabulary, 1));
  assert_memory_equal(kind->declared_by32, id_a, 32);
  assert_int_equal(kind->effect, EFFECT_MOVES);
  assert_string_equal(kind->state, "transferred");
  assert_string_equal(kind->subject, "item");
  assert_true(kind->has_frame && !kind->control && kind->right == NULL);
  assert_int_equal(kind->field_count, 3);
  assert_int_equal(kind->fields[0].flags, FIELD_REQUIRED | FIELD_FRAME | FIELD_KNOWN);
  assert_int_equal(kind->fields[1].flags, FIELD_STATE | FIELD_REPEATED);
  assert_int_equal(kind->fields[2].flags, FIELD_FACET);
  assert_string_equal(kind->fields[2].choices, "intact broken");
}

static void declaring_the_same_again_changes_nothing(void **state) {
  (void)state;
  struct vocabulary *vocabulary = open_vocabulary();
  struct parsed parsed = declaration(CUSTODY);
  assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_a), ADDUCE_OK);
  assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_b), ADDUCE_OK);
  assert_int_equal(vocabulary_declared_count(vocabulary), 1);
  assert_memory_equal(vocabulary_declared(vocabulary, 0)->declared_by32, id_a, 32);
}

static void declaring_it_differently_is_refused(void **state) {
  (void)state;
  struct vocabulary *vocabulary = open_vocabulary();
  struct parsed parsed = declaration(CUSTODY);
  assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_a), ADDUCE_OK);
  parsed = declaration(
      "{\"name\":\"monitor.example:custody.transferred\",\"text\":\"x\",\"effect\":\"none\"}");
  assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_b), ADDUCE_E_VALUE);
  assert_int_equal(vocabulary_declared(vocabulary, 0)->effect, EFFECT_MOVES);
  parsed = declaration(
      "{\"name\":\"monitor.example:custody.transferred@2\",\"text\":\"x\",\"effect\":\"none\"}");
  assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_b), ADDUCE_OK);
}

static void a_thousand_kinds_are_all_found(void **state) {
  (void)state;
  struct vocabulary *vocabulary = open_vocabulary();
  for (int i = 0; i < 1000; i++) {
    const char *content = scope_format(
        scope, "{\"name\":\"m.example:thing%d.seen\",\"text\":\"x\",\"effect\":\"none\"}", i);
    struct parsed parsed = declaration(content);
    assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_a), ADDUCE_OK);
  }
  assert_int_equal(vocabulary_declared_count(vocabulary), 1000);
  for (int i = 0; i < 1000; i++) {
    const char *name = scope_format(scope, "m.example:thing%d.seen", i);
    assert_ptr_equal(vocabulary_find(vocabulary, span_text(name)),
                     vocabulary_declared(vocabulary, (size_t)i));
  }
  size_t count;
  const struct vocabulary_kind *builtin = vocabulary_builtin(&count);
  for (size_t i = 0; i < count; i++)
    assert_ptr_equal(vocabulary_find(vocabulary, span_text(builtin[i].name)), &builtin[i]);
}

#define HEAD "{\"name\":\"m.example:a.b\",\"text\":\"x\","

static void declarations_that_cannot_be(void **state) {
  (void)state;
  static const struct {
    const char *content, *detail;
  } cases[] = {
      {"{\"text\":\"x\",\"effect\":\"none\"}", "name is"},
      {"{\"name\":\"a.b\",\"text\":\"x\",\"effect\":\"none\"}", "name is"},
      {"{\"name\":\"m.example:ab\",\"text\":\"x\",\"effect\":\"none\"}", "name is"},
      {"{\"name\":\"m.example:a.b\",\"effect\":\"none\"}", "no text"},
      {HEAD "\"effect\":\"same\"}", "effect is"},
      {HEAD "\"effect\":\"source\"}", "effect is"},
      {HEAD "\"state\":\"s\"}", "effect is"},
      {HEAD "\"effect\":\"none\",\"fields\":{}}", "list of maps"},
      {HEAD "\"effect\":\"none\",\"fields\":[1]}", "a field is a map"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"type\":\"text\"}]}", "no name"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"A\",\"type\":\"text\"}]}", "name is"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\"}]}", "no type"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"words\"}]}", "such type"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"text\"},"
            "{\"name\":\"a\",\"type\":\"text\"}]}",
       "twice"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"valid\",\"type\":\"period\"}]}", "twice"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"text\",\"big\":true}]}",
       "says nothing"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"text\",\"frame\":1}]}",
       "true or false"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"choice\"}]}", "choices"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"text\",\"choices\":"
            "[\"x\"]}]}",
       "choices"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"choice\",\"choices\":"
            "[\"x y\"]}]}",
       "without spaces"},
      {HEAD "\"effect\":\"none\",\"fields\":[{\"name\":\"a\",\"type\":\"choice\",\"choices\":"
            "\"x\"}]}",
       "list of words"},
      {HEAD "\"effect\":\"sets\"}", "needs a subject"},
      {HEAD "\"effect\":\"moves\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":"
            "\"subject\"}]}",
       "have a state"},
      {HEAD "\"effect\":\"none\",\"state\":\"s\"}", "have a state"},
      {HEAD "\"effect\":\"acts\",\"state\":\"two words\"}", "one word"},
      {HEAD "\"effect\":\"none\",\"subject\":\"s\"}", "needs a field s"},
      {HEAD
       "\"effect\":\"none\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":\"text\"}]}",
       "must be one subject"},
      {HEAD "\"effect\":\"none\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":"
            "\"subject\",\"repeated\":true}]}",
       "must be one subject"},
      {HEAD "\"effect\":\"relates\",\"subject\":\"to\"}", "field from"},
      {HEAD "\"effect\":\"relates\"}", "needs a field from"},
      {HEAD "\"effect\":\"asserts\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":"
            "\"subject\"}]}",
       "needs a field property"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct vocabulary *vocabulary = open_vocabulary();
    struct parsed parsed = declaration(cases[i].content);
    assert_int_equal(vocabulary_declare(scope, vocabulary, &parsed, id_a), ADDUCE_E_VALUE);
    if (strstr(adduce_scope_detail(scope), cases[i].detail) == NULL)
      fail_msg("%s: %s", cases[i].content, adduce_scope_detail(scope));
    assert_int_equal(vocabulary_declaration_validate(scope, &parsed), ADDUCE_E_VALUE);
    assert_int_equal(vocabulary_declared_count(vocabulary), 0);
  }
}

static void declarations_of_every_effect(void **state) {
  (void)state;
  static const char *const contents[] = {
      HEAD "\"effect\":\"none\"}",
      HEAD
      "\"effect\":\"none\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":"
      "\"subject\"}]}",
      HEAD
      "\"effect\":\"sets\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":"
      "\"subject\"},{\"name\":\"size\",\"type\":\"decimal\",\"state\":true}]}",
      HEAD
      "\"effect\":\"asserts\",\"subject\":\"s\",\"fields\":[{\"name\":\"s\",\"type\":"
      "\"subject\"},{\"name\":\"property\",\"type\":\"word\"},{\"name\":\"value\",\"type\":"
      "\"value\"}]}",
      HEAD
      "\"effect\":\"relates\",\"fields\":[{\"name\":\"from\",\"type\":\"subject\"},"
      "{\"name\":\"relation\",\"type\":\"choice\",\"choices\":[\"near\"]},{\"name\":\"to\","
      "\"type\":\"subject\"}]}",
      HEAD "\"effect\":\"acts\",\"state\":\"reviewed\"}",
  };
  for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
    struct parsed parsed = declaration(contents[i]);
    enum adduce_err err = vocabulary_declaration_validate(scope, &parsed);
    if (err != ADDUCE_OK) fail_msg("%s", adduce_scope_detail(scope));
  }
}

static void the_roles_are_in_a_table(void **state) {
  (void)state;
  size_t count;
  const struct vocabulary_role *roles = vocabulary_roles(&count);
  assert_true(count >= 8);
  for (size_t i = 1; i < count; i++) assert_true(strcmp(roles[i - 1].name, roles[i].name) < 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kinds_are_found_by_name),
      cmocka_unit_test(fields_are_found_in_the_kind_and_its_frame),
      cmocka_unit_test(a_name_with_a_nul_in_it_is_no_field),
      cmocka_unit_test(names_that_are_control_in_any_version),
      cmocka_unit_test(types_have_names),
      cmocka_unit_test(a_declared_kind_is_found_and_reads_as_declared),
      cmocka_unit_test(declaring_the_same_again_changes_nothing),
      cmocka_unit_test(declaring_it_differently_is_refused),
      cmocka_unit_test(a_thousand_kinds_are_all_found),
      cmocka_unit_test(declarations_that_cannot_be),
      cmocka_unit_test(declarations_of_every_effect),
      cmocka_unit_test(the_roles_are_in_a_table),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
