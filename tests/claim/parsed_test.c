/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/parsed.h"

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

static const uint8_t zeros[80];

/* An event in its parts; each test breaks one of them. */
struct parts {
  uint32_t items;
  int64_t version;
  const char *kind;
  size_t author_size, root_size, signature_size;
  const char *refs; /* "role0 role1 ...": the digit is the id's last byte */
  int64_t handling;
  bool text_time;
};

static const struct parts fine = {.items = 8,
                                  .version = 1,
                                  .kind = "a.b",
                                  .author_size = 32,
                                  .root_size = 32,
                                  .signature_size = 64,
                                  .refs = "about0 about1 cites0",
                                  .handling = 4};

static void pack_refs(struct buffer *buffer, const char *refs) {
  char *copy = strdup(refs), *rest = copy;
  struct buffer inner;
  struct adduce_span packed;
  uint32_t count = 0;
  buffer_init(&inner, scope);
  for (char *word = strtok_r(rest, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
    uint8_t id32[32] = {0};
    size_t size = strlen(word) - 1;
    id32[31] = (uint8_t)(word[size] - '0');
    pack_array(&inner, 2);
    pack_str(&inner, span_of(word, size));
    pack_bin(&inner, id32, 32);
    count++;
  }
  pack_array(buffer, count);
  assert_int_equal(buffer_take(&inner, &packed), ADDUCE_OK);
  pack_encoded(buffer, packed);
  free(copy);
}

static struct adduce_span encode(const struct parts *parts) {
  struct buffer buffer;
  struct adduce_span event;
  buffer_init(&buffer, scope);
  pack_array(&buffer, parts->items);
  pack_int(&buffer, parts->version);
  pack_text(&buffer, parts->kind);
  pack_bin(&buffer, zeros, parts->author_size);
  if (parts->text_time)
    pack_text(&buffer, "2025");
  else
    pack_int(&buffer, -5);
  pack_refs(&buffer, parts->refs);
  pack_int(&buffer, parts->handling);
  pack_bin(&buffer, zeros, parts->root_size);
  if (parts->items > 7) pack_bin(&buffer, zeros, parts->signature_size);
  if (parts->items > 8) pack_int(&buffer, 0);
  assert_int_equal(buffer_take(&buffer, &event), ADDUCE_OK);
  return event;
}

static enum adduce_err read_event(struct parsed *parsed, const struct parts *parts) {
  return parsed_read(scope, parsed, encode(parts), span_of(NULL, 0));
}

static void assert_refused(const struct parts *parts, enum adduce_err err, const char *detail) {
  struct parsed parsed;
  assert_int_equal(read_event(&parsed, parts), err);
  if (strstr(adduce_scope_detail(scope), detail) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", adduce_scope_detail(scope), detail);
  assert_int_equal(parsed_read_stored(scope, &parsed, encode(parts), span_of(NULL, 0)), err);
}

static void an_event_is_read_in_place(void **state) {
  (void)state;
  struct parsed parsed;
  struct adduce_span event = encode(&fine);
  assert_int_equal(parsed_read(scope, &parsed, event, span_of(NULL, 0)), ADDUCE_OK);
  assert_true(span_equal(parsed.event, event));
  assert_true(span_is(parsed.kind, "a.b"));
  assert_int_equal(parsed.claimed_at_us, -5);
  assert_int_equal(parsed.ref_count, 3);
  assert_int_equal(parsed.handling, ADDUCE_RED);
  assert_int_equal(parsed.form, PARSED_NO_CONTENT);
  assert_true(parsed_has_withheld(&parsed));
  assert_ptr_equal(parsed.items.data, event.data + 1);
  assert_int_equal(parsed.items.size, event.size - 1 - 66);
  assert_ptr_equal(parsed.signature64, event.data + event.size - 64);
}

static void refs_are_found_by_role(void **state) {
  (void)state;
  struct parsed parsed;
  struct parsed_ref ref;
  assert_int_equal(read_event(&parsed, &fine), ADDUCE_OK);
  assert_true(parsed_find_ref(&parsed, "cites", &ref));
  assert_int_equal(ref.id32[31], 0);
  assert_true(parsed_find_ref(&parsed, "about", &ref));
  assert_int_equal(ref.id32[31], 0);
  assert_false(parsed_find_ref(&parsed, "a", &ref));
  assert_false(parsed_find_ref(&parsed, "b", &ref));
  assert_false(parsed_find_ref(&parsed, "zzz", &ref));
}

#define WITH(member, value) \
  parts = fine;             \
  parts.member = (value)

static void every_item_has_its_form(void **state) {
  (void)state;
  struct parts parts;
  WITH(items, 7);
  assert_refused(&parts, ADDUCE_E_FORM, "an array of 7");
  WITH(items, 9);
  assert_refused(&parts, ADDUCE_E_FORM, "an array of 9");
  WITH(version, 2);
  assert_refused(&parts, ADDUCE_E_VERSION, "version 2");
  WITH(version, 0);
  assert_refused(&parts, ADDUCE_E_VERSION, "version 0");
  WITH(kind, "kind");
  assert_refused(&parts, ADDUCE_E_FORM, "item 1 (kind), byte 2");
  WITH(author_size, 31);
  assert_refused(&parts, ADDUCE_E_FORM, "item 2 (author), byte 6");
  WITH(text_time, true);
  assert_refused(&parts, ADDUCE_E_FORM, "item 3 (claimed_at), byte 40");
  WITH(handling, 5);
  assert_refused(&parts, ADDUCE_E_FORM, "item 5 (handling)");
  WITH(handling, -1);
  assert_refused(&parts, ADDUCE_E_FORM, "item 5 (handling)");
  WITH(root_size, 33);
  assert_refused(&parts, ADDUCE_E_FORM, "item 6 (content root)");
  WITH(signature_size, 65);
  assert_refused(&parts, ADDUCE_E_FORM, "item 7 (signature)");
}

static void refs_are_ordered_distinct_and_well_spelled(void **state) {
  (void)state;
  static const char *const refused[] = {
      "b0 a0",  "a1 a0", "a0 a0",
      "ab0 a0", "A0",    "a-b0",
      "0",      "a10",   "abcdefghijklmnopqrstuvwxyzabcdefg0",
  };
  struct parts parts;
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    WITH(refs, refused[i]);
    assert_refused(&parts, ADDUCE_E_FORM, "item 4 (refs)");
  }
  static const char *const accepted[] = {"",   "a0 a1", "a1 ab0",
                                         "_0", "a0 b0", "abcdefghijklmnopqrstuvwxyzabcdef0"};
  for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
    struct parsed parsed;
    WITH(refs, accepted[i]);
    assert_int_equal(read_event(&parsed, &parts), ADDUCE_OK);
  }
}

static void other_versions_may_have_other_forms(void **state) {
  (void)state;
  struct parsed parsed;
  static const uint8_t next[] = {0x92, 0x02, 0xa1, 'x'};
  assert_int_equal(parsed_read(scope, &parsed, span_of(next, sizeof next), span_of(NULL, 0)),
                   ADDUCE_E_VERSION);
}

static void bytes_that_are_no_event_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    enum adduce_err err;
  } cases[] = {{"\x90", 1, ADDUCE_E_FORM},
               {"\x80", 1, ADDUCE_E_FORM},
               {"\x91\xa1x", 3, ADDUCE_E_FORM},
               {"\xc0", 1, ADDUCE_E_NOT_CANONICAL},
               {"\x98\x01", 2, ADDUCE_E_NOT_CANONICAL},
               {"\x91\xa1\xff", 3, ADDUCE_E_TEXT}};
  struct parsed parsed;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(
        parsed_read(scope, &parsed, span_of(cases[i].bytes, cases[i].size), span_of(NULL, 0)),
        cases[i].err);
  static uint8_t large[PARSED_EVENT_BYTES + 1];
  assert_int_equal(parsed_read(scope, &parsed, span_of(large, sizeof large), span_of(NULL, 0)),
                   ADDUCE_E_TOO_LARGE);
}

/* --- contents ----------------------------------------------------------------------------- */

static enum adduce_err read_fields(struct parsed *parsed, const struct adduce_value *fields) {
  return parsed_read(scope, parsed, span_of(NULL, 0), draft_content(scope, fields));
}

static struct parsed must_read(const char *json) {
  struct parsed parsed;
  assert_int_equal(read_fields(&parsed, draft_json(scope, json)), ADDUCE_OK);
  return parsed;
}

static void fields_are_found_by_key(void **state) {
  (void)state;
  struct parsed parsed = must_read(
      "{\"b\":\"text\",\"a\":{\"v\":\"spelled\",\"lang\":\"fr\"},"
      "\"c\":[1,[2]],\"d\":{\"?\":\"unknown\"},\"bb\":5}");
  assert_int_equal(parsed.form, PARSED_WHOLE);
  assert_int_equal(parsed.field_count, 5);
  assert_true(span_is(parsed_text(&parsed, "b"), "text"));
  assert_true(span_is(parsed_text(&parsed, "a"), "spelled"));
  assert_int_equal(parsed_text(&parsed, "c").size, 0);
  assert_int_equal(parsed_text(&parsed, "d").size, 0);
  assert_int_equal(parsed_text(&parsed, "e").size, 0);
  assert_true(parsed_field(&parsed, "c")->is_list);
  assert_false(parsed_field(&parsed, "d")->is_list);
  assert_null(parsed_field(&parsed, "0"));
  assert_null(parsed_field(&parsed, "z"));
  assert_true(span_equal(parsed_value(scope, &parsed, "bb"), span_of("\x05", 1)));
  assert_int_equal(parsed_value(scope, &parsed, "z").size, 0);
  assert_false(parsed_has_withheld(&parsed));
}

static void the_elements_of_a_list(void **state) {
  (void)state;
  struct parsed parsed = must_read("{\"list\":[1,[2,3],\"x\"],\"one\":1}");
  struct cursor elements;
  struct parsed_element element;
  uint32_t count;
  assert_true(parsed_elements(parsed_field(&parsed, "list"), &elements, &count));
  assert_int_equal(count, 3);
  static const size_t sizes[] = {1, 3, 2};
  for (uint32_t i = 0; i < count; i++) {
    assert_true(parsed_next_element(&parsed, &elements, &element));
    assert_int_equal(element.value.size, sizes[i]);
    assert_null(element.salt16);
  }
  assert_false(parsed_next_element(&parsed, &elements, &element));
  assert_false(parsed_elements(parsed_field(&parsed, "one"), &elements, &count));
  assert_false(parsed_elements(NULL, &elements, &count));
}

static void a_partial_list_is_put_together_when_all_of_it_is_open(void **state) {
  (void)state;
  /* [2, [["a", salt, [[salt, 7], [salt, "x"]]], ["b", salt, [[salt, 7], hash]], ["c", hash]]] */
  struct buffer buffer;
  struct adduce_span content;
  struct parsed parsed;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 2);
  pack_int(&buffer, 2);
  pack_array(&buffer, 3);
  for (int i = 0; i < 2; i++) {
    pack_array(&buffer, 3);
    pack_text(&buffer, i == 0 ? "a" : "b");
    pack_bin(&buffer, zeros, 16);
    pack_array(&buffer, 2);
    pack_array(&buffer, 2);
    pack_bin(&buffer, zeros, 16);
    pack_int(&buffer, 7);
    if (i == 0) {
      pack_array(&buffer, 2);
      pack_bin(&buffer, zeros, 16);
      pack_text(&buffer, "x");
    } else {
      pack_bin(&buffer, zeros, 32);
    }
  }
  pack_array(&buffer, 2);
  pack_text(&buffer, "c");
  pack_bin(&buffer, zeros, 32);
  assert_int_equal(buffer_take(&buffer, &content), ADDUCE_OK);
  assert_int_equal(parsed_read(scope, &parsed, span_of(NULL, 0), content), ADDUCE_OK);
  assert_int_equal(parsed.fields[0].slot, PARSED_VALUE);
  assert_int_equal(parsed.fields[1].slot, PARSED_ELEMENTS_PARTIAL);
  assert_int_equal(parsed.fields[2].slot, PARSED_WITHHELD);
  assert_true(span_equal(parsed_value(scope, &parsed, "a"), span_of("\x92\x07\xa1x", 4)));
  assert_int_equal(parsed_value(scope, &parsed, "b").size, 0);
  assert_int_equal(parsed_value(scope, &parsed, "c").size, 0);
  assert_true(parsed_has_withheld(&parsed));
}

static void slots_are_ordered(void **state) {
  (void)state;
  static const char *const orders[] = {"ab", "ba", "aa"};
  for (int i = 0; i < 3; i++) {
    struct buffer buffer;
    struct adduce_span content;
    struct parsed parsed;
    buffer_init(&buffer, scope);
    pack_array(&buffer, 2);
    pack_int(&buffer, 2);
    pack_array(&buffer, 2);
    for (int k = 0; k < 2; k++) {
      pack_array(&buffer, 2);
      pack_str(&buffer, span_of(orders[i] + k, 1));
      pack_bin(&buffer, zeros, 32);
    }
    assert_int_equal(buffer_take(&buffer, &content), ADDUCE_OK);
    assert_int_equal(parsed_read(scope, &parsed, span_of(NULL, 0), content),
                     i == 0 ? ADDUCE_OK : ADDUCE_E_FORM);
  }
}

static void contents_of_other_forms_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    enum adduce_err err;
  } cases[] = {
      {"\x80", 1, ADDUCE_E_FORM},
      {"\x90", 1, ADDUCE_E_FORM},
      {"\x91\xa1x", 3, ADDUCE_E_FORM},
      {"\x91\x01", 2, ADDUCE_E_FORM},
      {"\x92\x01\x80", 3, ADDUCE_E_FORM},
      {"\x92\x02\x80", 3, ADDUCE_E_FORM},
      {"\x93\x02\x90\x90", 4, ADDUCE_E_FORM},
      {"\x92\x03\x90", 3, ADDUCE_E_VERSION},
      {"\x92\x00\x90", 3, ADDUCE_E_VERSION},
      {"\x92\x02\x90", 3, ADDUCE_OK},
      {"\x92\x02\x91\x01", 4, ADDUCE_E_FORM},
      {"\x92\x02\x91\x91\xa1x", 6, ADDUCE_E_FORM},
      {"\x93\x01\xc4\x0f"
       "0123456789abcde\x80",
       20, ADDUCE_E_FORM},
      {"\x93\x01\xc4\x10"
       "0123456789abcdef\x80",
       21, ADDUCE_OK},
      {"\x93\x01\xc4\x10"
       "0123456789abcdef\x90",
       21, ADDUCE_E_FORM},
      {"\x93\x01\xc4\x10"
       "0123456789abcdef\x81\xa1X\x01",
       24, ADDUCE_E_FORM},
      {"\x93\x01\xc4\x10"
       "0123456789abcdef\xc0",
       21, ADDUCE_E_NOT_CANONICAL},
  };
  struct parsed parsed;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(
        parsed_read(scope, &parsed, span_of(NULL, 0), span_of(cases[i].bytes, cases[i].size)),
        cases[i].err);
}

static struct adduce_value *many_fields(int count, struct adduce_value *value) {
  struct adduce_value *fields = value_map(scope);
  for (int i = 0; i < count; i++) {
    char key[16];
    (void)snprintf(key, sizeof key, "k%d", i);
    value_set(scope, fields, key, value);
  }
  return fields;
}

static struct adduce_value *long_list(int count) {
  struct adduce_value *list = value_list(scope);
  for (int i = 0; i < count; i++) value_add(scope, list, value_integer(scope, i));
  return list;
}

/* A value that nests `depth` deep. */
static struct adduce_value *deep(int depth) {
  struct adduce_value *value = value_integer(scope, 1);
  for (int i = 1; i < depth; i++) {
    struct adduce_value *outer = i % 2 == 0 ? value_list(scope) : value_map(scope);
    if (i % 2 == 0)
      value_add(scope, outer, value);
    else
      value_set(scope, outer, "k", value);
    value = outer;
  }
  return value;
}

static void the_bounds_of_a_content(void **state) {
  (void)state;
  struct parsed parsed;
  struct adduce_value *one = value_integer(scope, 1);
  assert_int_equal(read_fields(&parsed, many_fields(64, one)), ADDUCE_OK);
  assert_int_equal(read_fields(&parsed, many_fields(65, one)), ADDUCE_E_TOO_LARGE);
  assert_int_equal(read_fields(&parsed, many_fields(1, long_list(4096))), ADDUCE_OK);
  assert_int_equal(read_fields(&parsed, many_fields(1, long_list(4097))), ADDUCE_E_TOO_LARGE);
  assert_int_equal(read_fields(&parsed, many_fields(1, deep(12))), ADDUCE_OK);
  assert_int_equal(read_fields(&parsed, many_fields(1, deep(13))), ADDUCE_E_TOO_LARGE);
  assert_non_null(strstr(adduce_scope_detail(scope), "field k0"));
  /* 3 + (3 + 4097 + 8192) a list of 4,096: five fit into 65,536 objects. */
  assert_int_equal(read_fields(&parsed, many_fields(5, long_list(4096))), ADDUCE_OK);
  assert_int_equal(read_fields(&parsed, many_fields(6, long_list(4096))), ADDUCE_E_TOO_LARGE);
  char *text = malloc(PARSED_CONTENT_BYTES);
  memset(text, 'x', PARSED_CONTENT_BYTES);
  size_t room = PARSED_CONTENT_BYTES - 20 - 1 - 3 - 5;
  struct adduce_value *large = value_str(scope, span_of(text, room));
  assert_int_equal(read_fields(&parsed, many_fields(1, large)), ADDUCE_OK);
  assert_int_equal(parsed.content.size, PARSED_CONTENT_BYTES);
  large = value_str(scope, span_of(text, room + 1));
  assert_int_equal(read_fields(&parsed, many_fields(1, large)), ADDUCE_E_TOO_LARGE);
  free(text);
}

static void an_exhausted_scope_is_said(void **state) {
  (void)state;
  struct adduce_scope *small;
  struct parsed parsed;
  struct adduce_span content = draft_content(scope, many_fields(64, value_integer(scope, 1)));
  assert_int_equal(adduce_scope_open(&small, 64), ADDUCE_OK);
  assert_int_equal(parsed_read(small, &parsed, span_of(NULL, 0), content), ADDUCE_E_MEMORY);
  adduce_scope_close(&small);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_event_is_read_in_place),
      cmocka_unit_test(refs_are_found_by_role),
      cmocka_unit_test(every_item_has_its_form),
      cmocka_unit_test(refs_are_ordered_distinct_and_well_spelled),
      cmocka_unit_test(other_versions_may_have_other_forms),
      cmocka_unit_test(bytes_that_are_no_event_are_refused),
      cmocka_unit_test(fields_are_found_by_key),
      cmocka_unit_test(the_elements_of_a_list),
      cmocka_unit_test(a_partial_list_is_put_together_when_all_of_it_is_open),
      cmocka_unit_test(slots_are_ordered),
      cmocka_unit_test(contents_of_other_forms_are_refused),
      cmocka_unit_test(the_bounds_of_a_content),
      cmocka_unit_test(an_exhausted_scope_is_said),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
