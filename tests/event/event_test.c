/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "vectors.h"

static struct adduce_scope *scope;
static struct vocabulary *vocabulary;
static struct signer *signer;

static const uint8_t secret[32] = {1, 2, 3};
static const uint8_t id_a[32] = {0xaa}, id_b[32] = {0xbb};

static int start(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return 1;
  if (sign_start(scope) != ADDUCE_OK) return 1;
  if (vocabulary_open(scope, &vocabulary) != ADDUCE_OK) return 1;
  return signer_from_seed(scope, &signer, secret) == ADDUCE_OK ? 0 : 1;
}

static int stop(void **state) {
  (void)state;
  signer_close(&signer);
  adduce_scope_close(&scope);
  return 0;
}

static const struct adduce_value *json(const char *text) {
  const struct adduce_value *value;
  assert_int_equal(adduce_value_from_json(scope, &value, text, strlen(text)), ADDUCE_OK);
  return value;
}

static struct event_draft draft_of(const char *kind, const char *content) {
  return (struct event_draft){.kind = span_text(kind),
                              .claimed_at_us = INT64_C(1765620000000000),
                              .handling = ADDUCE_AMBER_STRICT,
                              .content = content == NULL ? NULL : json(content)};
}

#define FACT                                                                       \
  "{\"subject\":\"monitor.example/group\",\"property\":\"nationality\",\"value\":" \
  "\"by\",\"quantity\":{\"majority_of\":123}}"

static struct event must_sign(const struct event_draft *draft) {
  struct event event;
  enum adduce_err err = event_sign(scope, &event, draft, vocabulary, signer);
  if (err != ADDUCE_OK) print_error("%s\n", adduce_scope_detail(scope));
  assert_int_equal(err, ADDUCE_OK);
  return event;
}

/* Reads, validates as foreign and verifies. */
static enum adduce_err admit(struct event *event, struct adduce_span encoded,
                             struct adduce_span content) {
  struct parsed parsed;
  struct claim claim;
  TRY(parsed_read(scope, &parsed, encoded, content));
  TRY(claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_FOREIGN));
  return event_verify(scope, event, &claim);
}

/* --- vectors ------------------------------------------------------------------------------ */

static void check_signature(const struct vector *vector, struct adduce_span message) {
  struct signer *author;
  struct adduce_signature signature;
  struct adduce_span seed = vector_bytes(scope, vector->words[1]);
  assert_int_equal(signer_from_seed(scope, &author, seed.data), ADDUCE_OK);
  assert_int_equal(signer_sign(scope, &signature, author, message), ADDUCE_OK);
  assert_bytes(span_of(signature.bytes, 64), vector->words[5]);
  signer_close(&author);
}

static void the_vectors_of_another_implementation(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/event.txt", "r");
  assert_non_null(file);
  struct vector vector;
  int events = 0;
  for (; vector_next(file, &vector); events++, free(vector.line)) {
    struct parsed parsed;
    struct claim claim;
    struct event event;
    struct adduce_span message;
    struct adduce_span content = vector_bytes(scope, vector.words[2]);
    struct adduce_span encoded = vector_bytes(scope, vector.words[6]);
    assert_int_equal(parsed_read(scope, &parsed, encoded, content), ADDUCE_OK);
    assert_int_equal(event_message(scope, &message, &parsed), ADDUCE_OK);
    assert_bytes(message, vector.words[3]);
    assert_bytes(span_of(event_id(&parsed).bytes, 32), vector.words[4]);
    check_signature(&vector, message);
    claim_recall(&claim, &parsed, vocabulary);
    assert_int_equal(event_verify(scope, &event, &claim), ADDUCE_OK);
    assert_bytes(span_of(event.id.bytes, 32), vector.words[4]);
  }
  fclose(file);
  assert_int_equal(events, 3);
}

/* --- signing ------------------------------------------------------------------------------ */

static void what_is_signed_is_understood_and_verifies(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event event = must_sign(&draft), again;
  const struct parsed *parsed = &event.claim.parsed;
  assert_int_equal(event.claim.standing, CLAIM_UNDERSTOOD);
  assert_string_equal(event.claim.kind->name, "fact.asserted");
  assert_int_equal(parsed->claimed_at_us, draft.claimed_at_us);
  assert_int_equal(parsed->handling, ADDUCE_AMBER_STRICT);
  assert_memory_equal(parsed->author32, signer_key(signer)->bytes, 32);
  assert_true(span_is(claim_subject(&event.claim), "monitor.example/group"));
  assert_int_equal(admit(&again, parsed->event, parsed->content), ADDUCE_OK);
  assert_memory_equal(&again.id, &event.id, 32);
}

static void an_event_verifies_without_its_content(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event event = must_sign(&draft), again;
  assert_int_equal(admit(&again, event.claim.parsed.event, span_of(NULL, 0)), ADDUCE_OK);
  assert_int_equal(again.claim.standing, CLAIM_INCOMPLETE);
}

static void the_same_draft_signed_twice_is_two_events(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event a = must_sign(&draft), b = must_sign(&draft);
  assert_memory_not_equal(&a.id, &b.id, 32);
  assert_memory_not_equal(a.claim.parsed.seed16, b.claim.parsed.seed16, 16);
}

static void refs_are_sorted_and_equal_ones_dropped(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  const struct parsed_ref refs[] = {{span_text("follows"), id_b},
                                    {span_text("about"), id_b},
                                    {span_text("follows"), id_a},
                                    {span_text("about"), id_b},
                                    {span_text("a"), id_b}};
  draft.refs = refs;
  draft.ref_count = 5;
  struct event event = must_sign(&draft);
  static const char *const roles[] = {"a", "about", "follows", "follows"};
  struct cursor cursor = event.claim.parsed.refs;
  struct parsed_ref ref;
  assert_int_equal(event.claim.parsed.ref_count, 4);
  for (int i = 0; parsed_next_ref(&cursor, &ref); i++) {
    assert_true(span_is(ref.role, roles[i]));
    assert_memory_equal(ref.id32, i == 2 ? id_a : id_b, 32);
  }
}

static void what_is_not_valid_is_not_signed(void **state) {
  (void)state;
  static const struct {
    const char *kind, *content;
    enum adduce_err err;
  } cases[] = {
      {"fact.guessed", "{}", ADDUCE_E_KIND},
      {"fact", "{}", ADDUCE_E_FORM},
      {"fact.asserted", "{}", ADDUCE_E_MISSING},
      {"fact.asserted", "{\"subject\":\"x.example/y\",\"weather\":\"fine\"}", ADDUCE_E_FIELD},
      {"fact.asserted", "{\"Subject\":1}", ADDUCE_E_FORM},
      {"policy.set", "{\"unknown_authors\":\"refuse\"}", ADDUCE_E_REFERENCE},
      {"source.revised", NULL, ADDUCE_E_REFERENCE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct event_draft draft = draft_of(cases[i].kind, cases[i].content);
    struct event event;
    assert_int_equal(event_sign(scope, &event, &draft, vocabulary, signer), cases[i].err);
  }
}

static void drafts_beyond_the_bounds_are_not_signed(void **state) {
  (void)state;
  struct event event;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  draft.handling = (enum adduce_handling)5;
  assert_int_equal(event_sign(scope, &event, &draft, vocabulary, signer), ADDUCE_E_FORM);
  draft.handling = ADDUCE_RED;
  draft.claimed_at_us = INT64_C(1) << 53;
  assert_int_equal(event_sign(scope, &event, &draft, vocabulary, signer), ADDUCE_E_NOT_CANONICAL);
  draft.claimed_at_us = 0;
  static uint8_t ids[257][32];
  static struct parsed_ref refs[257];
  for (int i = 0; i < 257; i++) {
    ids[i][0] = (uint8_t)i;
    ids[i][1] = (uint8_t)(i >> 8);
    refs[i] = (struct parsed_ref){span_text("about"), ids[i]};
  }
  draft.refs = refs;
  draft.ref_count = 257;
  assert_int_equal(event_sign(scope, &event, &draft, vocabulary, signer), ADDUCE_E_TOO_LARGE);
  draft.ref_count = 256;
  must_sign(&draft);
}

/* --- verifying ---------------------------------------------------------------------------- */

/* Whatever byte of an event is changed: refused, or another event that does not verify. */
static void no_changed_byte_of_an_event_verifies(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  const struct parsed_ref refs[] = {{span_text("about"), id_a}, {span_text("about"), id_b}};
  draft.refs = refs;
  draft.ref_count = 2;
  struct event event = must_sign(&draft), other;
  struct adduce_span encoded = event.claim.parsed.event;
  uint8_t *copy = malloc(encoded.size);
  memcpy(copy, encoded.data, encoded.size);
  for (size_t at = 0; at < encoded.size; at++) {
    for (unsigned change = 1; change < 256; change = change * 2 + 1) {
      struct scope_mark mark = scope_mark(scope);
      copy[at] ^= (uint8_t)change;
      enum adduce_err err = admit(&other, span_of(copy, encoded.size), event.claim.parsed.content);
      assert_int_not_equal(err, ADDUCE_OK);
      copy[at] ^= (uint8_t)change;
      scope_rewind(scope, mark);
    }
  }
  free(copy);
}

static void a_withheld_content_verifies_and_another_does_not(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event event = must_sign(&draft), again, twin = must_sign(&draft);
  struct content_path value = {span_text("value"), -1};
  struct adduce_span partial;
  assert_int_equal(content_withhold(scope, &partial, &event.claim.parsed, &value, 1), ADDUCE_OK);
  assert_int_equal(admit(&again, event.claim.parsed.event, partial), ADDUCE_OK);
  assert_int_equal(again.claim.standing, CLAIM_INCOMPLETE);
  assert_int_equal(admit(&again, event.claim.parsed.event, twin.claim.parsed.content),
                   ADDUCE_E_COMMITMENT);
  assert_int_equal(admit(&again, twin.claim.parsed.event, partial), ADDUCE_E_COMMITMENT);
}

static void a_signature_of_another_message_does_not_verify(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event event = must_sign(&draft), twin = must_sign(&draft), other;
  struct adduce_span encoded = scope_copy(scope, event.claim.parsed.event);
  memcpy((uint8_t *)(uintptr_t)encoded.data + encoded.size - 64, twin.claim.parsed.signature64, 64);
  assert_int_equal(admit(&other, encoded, event.claim.parsed.content), ADDUCE_E_SIGNATURE);
  /* The id is that of what was signed, not of the signature. */
  struct parsed parsed;
  assert_int_equal(parsed_read(scope, &parsed, encoded, span_of(NULL, 0)), ADDUCE_OK);
  assert_memory_equal(event_id(&parsed).bytes, event.id.bytes, 32);
}

static void an_author_of_small_order_is_no_author(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event event = must_sign(&draft), other;
  struct adduce_span encoded = scope_copy(scope, event.claim.parsed.event);
  size_t at = (size_t)(event.claim.parsed.author32 - event.claim.parsed.event.data);
  uint8_t *author = (uint8_t *)(uintptr_t)encoded.data + at;
  memset(author, 0, 32);
  author[0] = 1;
  assert_int_equal(admit(&other, encoded, event.claim.parsed.content), ADDUCE_E_KEY);
}

static void an_event_is_recalled_as_it_was(void **state) {
  (void)state;
  struct event_draft draft = draft_of("fact.asserted", FACT);
  struct event event = must_sign(&draft), recalled;
  struct parsed parsed;
  assert_int_equal(
      parsed_read_stored(scope, &parsed, event.claim.parsed.event, event.claim.parsed.content),
      ADDUCE_OK);
  event_recall(&recalled, &parsed, vocabulary);
  assert_memory_equal(&recalled.id, &event.id, 32);
  assert_int_equal(recalled.claim.standing, CLAIM_UNDERSTOOD);
  assert_ptr_equal(recalled.claim.kind, event.claim.kind);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_vectors_of_another_implementation),
      cmocka_unit_test(what_is_signed_is_understood_and_verifies),
      cmocka_unit_test(an_event_verifies_without_its_content),
      cmocka_unit_test(the_same_draft_signed_twice_is_two_events),
      cmocka_unit_test(refs_are_sorted_and_equal_ones_dropped),
      cmocka_unit_test(what_is_not_valid_is_not_signed),
      cmocka_unit_test(drafts_beyond_the_bounds_are_not_signed),
      cmocka_unit_test(no_changed_byte_of_an_event_verifies),
      cmocka_unit_test(a_withheld_content_verifies_and_another_does_not),
      cmocka_unit_test(a_signature_of_another_message_does_not_verify),
      cmocka_unit_test(an_author_of_small_order_is_no_author),
      cmocka_unit_test(an_event_is_recalled_as_it_was),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
