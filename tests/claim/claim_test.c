/* SPDX-License-Identifier: Apache-2.0 */
#include "claim/claim.h"

#include "drafts.h"

static struct adduce_scope *scope;
static struct vocabulary *vocabulary;

#define CUSTODY                                                                             \
  "{\"name\":\"monitor.example:custody.transferred\",\"text\":\"Evidence changed hands.\"," \
  "\"effect\":\"moves\",\"subject\":\"item\",\"state\":\"transferred\",\"fields\":["        \
  "{\"name\":\"item\",\"type\":\"subject\"},{\"name\":\"count\",\"type\":\"integer\","      \
  "\"count\":true}]}"

static int start(void **state) {
  (void)state;
  static const uint8_t zeros[32];
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK) return 1;
  if (vocabulary_open(scope, &vocabulary) != ADDUCE_OK) return 1;
  struct parsed parsed = draft_parse(scope, "{\"kind\":\"kind.declared\",\"content\":" CUSTODY "}");
  return vocabulary_declare(scope, vocabulary, &parsed, zeros) == ADDUCE_OK ? 0 : 1;
}

static int stop(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static enum adduce_err validate(const char *json, enum claim_strictness strictness,
                                struct claim *claim) {
  struct parsed parsed = draft_parse(scope, json);
  return claim_validate(scope, claim, &parsed, vocabulary, strictness);
}

struct invalid {
  const char *json;
  enum adduce_err err;
  const char *detail;
};

/* Refused as ours and, unless only ours must know what it says, as foreign. */
static void assert_refused(const struct invalid *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct claim claim;
    enum adduce_err err = validate(cases[i].json, CLAIM_OWN, &claim);
    if (err != cases[i].err || strstr(adduce_scope_detail(scope), cases[i].detail) == NULL)
      fail_msg("%s: %s", cases[i].json, err == ADDUCE_OK ? "accepted" : adduce_scope_detail(scope));
    err = validate(cases[i].json, CLAIM_FOREIGN, &claim);
    if (cases[i].err == ADDUCE_E_KIND || cases[i].err == ADDUCE_E_FIELD) {
      assert_int_equal(err, ADDUCE_OK);
      assert_int_equal(claim.standing, CLAIM_NOT_UNDERSTOOD);
    } else {
      assert_int_equal(err, cases[i].err);
    }
  }
}

#define REFUSED(cases) assert_refused(cases, sizeof(cases) / sizeof((cases)[0]))

static void assert_accepted(const char *const *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct claim claim;
    if (validate(cases[i], CLAIM_OWN, &claim) != ADDUCE_OK)
      fail_msg("%s: %s", cases[i], adduce_scope_detail(scope));
    assert_int_equal(claim.standing, CLAIM_UNDERSTOOD);
    assert_int_equal(validate(cases[i], CLAIM_FOREIGN, &claim), ADDUCE_OK);
    assert_int_equal(claim.standing, CLAIM_UNDERSTOOD);
  }
}

#define ACCEPTED(cases) assert_accepted(cases, sizeof(cases) / sizeof((cases)[0]))

#define FACT(more)                                                  \
  "{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"a.b/c\"," \
  "\"property\":\"p\",\"value\":\"v\"" more "}}"
#define VALUE(value)                                                \
  "{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"a.b/c\"," \
  "\"property\":\"p\",\"value\":" value "}}"
#define ENTITY(more) "{\"kind\":\"entity.described\",\"content\":{\"subject\":\"a.b/c\"" more "}}"
#define CITES "\"refs\":[[\"cites\",\"$0\"]],"

static void kinds_and_fields_must_be_known(void **state) {
  (void)state;
  static const struct invalid cases[] = {
      {"{\"kind\":\"fact.guessed\"}", ADDUCE_E_KIND, "fact.guessed"},
      {"{\"kind\":\"fact.asserted@2\"}", ADDUCE_E_KIND, "fact.asserted@2"},
      {"{\"kind\":\"x.example:fact.asserted\"}", ADDUCE_E_KIND, "x.example"},
      {FACT(",\"weather\":1"), ADDUCE_E_FIELD, "field weather"},
      {"{\"kind\":\"source.cited\",\"content\":{\"valid\":{\"from\":\"2025\"}}}", ADDUCE_E_FIELD,
       "field valid"},
  };
  REFUSED(cases);
}

static void required_fields_must_be_there(void **state) {
  (void)state;
  static const struct invalid cases[] = {
      {"{\"kind\":\"fact.asserted\"}", ADDUCE_E_MISSING, "field subject"},
      {"{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"a.b/c\",\"value\":1}}",
       ADDUCE_E_MISSING, "field property"},
      {"{\"kind\":\"claim.retracted\",\"refs\":[[\"target\",\"$0\"]]}", ADDUCE_E_MISSING,
       "field reason"},
      {"{\"kind\":\"statement.made\",\"content\":{\"speaker\":\"a.b/c\"}}", ADDUCE_E_MISSING,
       "field gist"},
      {"{\"kind\":\"claim.corrected\",\"refs\":[[\"target\",\"$0\"]],\"content\":{\"reason\":"
       "\"x\"}}",
       ADDUCE_E_MISSING, "field fields"},
      {FACT(",\"attribution\":[{\"agent\":\"a.b/c\"}]"), ADDUCE_E_MISSING, "`act`"},
      {FACT(",\"extraction\":{\"name\":\"x\"}"), ADDUCE_E_MISSING, "field extraction: `by`"},
      {FACT(",\"attribution\":[{\"act\":\"states\",\"anonymous\":{\"plural\":true}}]"),
       ADDUCE_E_MISSING, "field attribution[0].anonymous: `description`"},
  };
  REFUSED(cases);
}

static void types_must_fit(void **state) {
  (void)state;
  static const struct invalid cases[] = {
      {ENTITY(",\"name\":\"x\""), ADDUCE_E_TYPE, "field name: this should be a list"},
      {ENTITY(",\"name\":[1]"), ADDUCE_E_TYPE, "field name[0]"},
      {ENTITY(",\"description\":[\"x\"]"), ADDUCE_E_TYPE, "field description"},
      {ENTITY(",\"description\":5"), ADDUCE_E_TYPE, "field description"},
      {ENTITY(",\"country\":[true]"), ADDUCE_E_TYPE, "field country[0]"},
      {FACT(",\"open_list\":1"), ADDUCE_E_TYPE, "field open_list"},
      {FACT(",\"valid\":\"2025\""), ADDUCE_E_TYPE, "field valid"},
      {FACT(",\"valid\":{\"from\":2025}"), ADDUCE_E_TYPE, "field valid.from"},
      {FACT(",\"quantity\":5"), ADDUCE_E_TYPE, "field quantity"},
      {FACT(",\"attribution\":[\"x\"]"), ADDUCE_E_TYPE, "field attribution[0]"},
      {FACT(",\"attribution\":{\"agent\":\"a.b/c\",\"act\":\"states\"}"), ADDUCE_E_TYPE,
       "field attribution"},
      {FACT(",\"original\":\"x\""), ADDUCE_E_TYPE, "field original"},
      {FACT(",\"original\":{\"value\":5}"), ADDUCE_E_TYPE, "field original.value"},
      {VALUE("[1]"), ADDUCE_E_TYPE, "field value"},
      {VALUE("{\"$id\":\"$0\"}"), ADDUCE_E_TYPE, "field value"},
      {"{\"kind\":\"source.cited\",\"content\":{\"digest\":\"00\"}}", ADDUCE_E_TYPE,
       "field digest"},
      {"{\"kind\":\"source.cited\",\"content\":{\"size_bytes\":\"5\"}}", ADDUCE_E_TYPE,
       "field size_bytes"},
      {"{\"kind\":\"source.cited\",\"content\":{\"credits\":[\"x\"]}}", ADDUCE_E_TYPE,
       "field credits[0]"},
      {FACT(",\"note\":{\"v\":{\"v\":\"x\"}}"), ADDUCE_E_TYPE, "field note.v"},
  };
  REFUSED(cases);
}

static void values_must_be_within_what_the_field_allows(void **state) {
  (void)state;
  static const struct invalid cases[] = {
      {"{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"c\",\"property\":\"p\",\"value\":"
       "1}}",
       ADDUCE_E_VALUE, "field subject: \"c\""},
      {"{\"kind\":\"fact.asserted\",\"content\":{\"subject\":\"a.b/c\",\"property\":\"two words\","
       "\"value\":1}}",
       ADDUCE_E_VALUE, "field property"},
      {ENTITY(",\"schema\":\"Human\""), ADDUCE_E_VALUE, "one of: Person"},
      {ENTITY(",\"name\":[]"), ADDUCE_E_VALUE, "empty"},
      {ENTITY(",\"name\":[\"\"]"), ADDUCE_E_VALUE, "field name[0]"},
      {ENTITY(",\"name\":[{\"v\":\"\"}]"), ADDUCE_E_VALUE, "field name[0].v"},
      {ENTITY(",\"name\":[{\"v\":\"x\",\"lang\":\"f\"}]"), ADDUCE_E_VALUE, "field name[0].lang"},
      {ENTITY(",\"name\":[{\"v\":\"x\",\"tone\":\"f\"}]"), ADDUCE_E_VALUE, "field name[0].tone"},
      {ENTITY(",\"country\":[\"BY\"]"), ADDUCE_E_VALUE, "field country[0]"},
      {ENTITY(",\"birth_date\":\"2025-02-29\""), ADDUCE_E_VALUE, "field birth_date"},
      {ENTITY(",\"birth_date\":\"2025-02-28T10:00\""), ADDUCE_E_VALUE, "field birth_date"},
      {"{\"kind\":\"meeting.held\",\"content\":{\"subject\":\"a.b/c\",\"duration\":\"2 days\"}}",
       ADDUCE_E_VALUE, "field duration"},
      {FACT(",\"polarity\":\"no\""), ADDUCE_E_VALUE, "positive negative unknown"},
      {FACT(",\"valid\":{}"), ADDUCE_E_VALUE, "says nothing"},
      {FACT(",\"valid\":{\"from\":\"2025-02\",\"to\":\"2025-01\"}"), ADDUCE_E_VALUE, "is after"},
      {FACT(",\"valid\":{\"since\":\"2025\"}"), ADDUCE_E_VALUE, "field valid.since"},
      {FACT(",\"valid\":{\"after\":\"talks\"}"), ADDUCE_E_VALUE, "field valid.after"},
      {FACT(",\"valid\":{\"after\":{\"offset\":\"P2D\"}}"), ADDUCE_E_VALUE, "`to` or `anchor`"},
      {FACT(",\"valid\":{\"after\":{\"to\":\"a.b/c\",\"anchor\":\"statement\"}}"), ADDUCE_E_VALUE,
       "`to` or `anchor`"},
      {FACT(",\"quantity\":{\"exact\":1,\"some\":true}"), ADDUCE_E_VALUE, "field quantity"},
      {VALUE("{\"exact\":-1}"), ADDUCE_E_VALUE, "field value"},
      {VALUE("{\"subject\":\"x\"}"), ADDUCE_E_VALUE, "field value.subject"},
      {VALUE("{\"subject\":\"a.b/c\",\"v\":\"x\"}"), ADDUCE_E_VALUE, "field value.v"},
      {FACT(",\"attribution\":[{\"act\":\"states\"}]"), ADDUCE_E_VALUE, "`agent` or `anonymous`"},
      {FACT(",\"attribution\":[{\"agent\":\"a.b/c\",\"act\":\"states\",\"citation\":0}]"),
       ADDUCE_E_VALUE, "beyond"},
      {FACT(",\"original\":{\"weather\":\"x\"}"), ADDUCE_E_VALUE, "field original.weather"},
      {FACT(",\"original\":{}"), ADDUCE_E_VALUE, "field original"},
      {"{\"kind\":\"source.cited\",\"content\":{\"size_bytes\":-1}}", ADDUCE_E_VALUE, "negative"},
      {"{\"kind\":\"source.cited\",\"content\":{\"digest\":{\"$bytes\":\"AAAA\"}}}", ADDUCE_E_VALUE,
       "32 bytes"},
      {"{\"kind\":\"same.judged\",\"content\":{\"left\":\"a.b/c\",\"right\":\"a.b/c\","
       "\"judgement\":\"positive\"}}",
       ADDUCE_E_VALUE, "same id"},
      {"{\"kind\":\"relation.asserted\",\"content\":{\"from\":\"a.b/c\",\"relation\":\"near\","
       "\"to\":\"a.b/d\"}}",
       ADDUCE_E_VALUE, "field relation"},
      {"{\"kind\":\"relation.asserted\",\"content\":{\"from\":\"event:12\",\"relation\":"
       "\"part_of\",\"to\":\"a.b/d\"}}",
       ADDUCE_E_VALUE, "field from"},
      {"{\"kind\":\"key.authorized\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{\"key\":{\"$id\":"
       "\"$0\"},\"rights\":[\"append\",\"rule\"]}}",
       ADDUCE_E_VALUE, "field rights[1]"},
      {"{\"kind\":\"key.rotated\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{\"old_key\":{\"$id\":"
       "\"$0\"},\"new_key\":{\"$id\":\"$0\"}}}",
       ADDUCE_E_VALUE, "field new_key"},
      {"{\"kind\":\"field.redacted\",\"refs\":[[\"target\",\"$0\"]],\"content\":{\"reason\":\"x\","
       "\"paths\":[\"name.x\"]}}",
       ADDUCE_E_VALUE, "field paths[0]"},
      {"{\"kind\":\"kind.declared\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{\"name\":\"a.b\","
       "\"text\":\"x\",\"effect\":\"none\"}}",
       ADDUCE_E_VALUE, "kind.declared: name"},
  };
  REFUSED(cases);
}

#define CITED(citation)                 \
  "{\"kind\":\"fact.asserted\"," CITES  \
  "\"content\":{\"subject\":\"a.b/c\"," \
  "\"property\":\"p\",\"value\":1,\"citations\":[{\"source\":{\"$id\":\"$0\"}" citation "}]}}"
#define SELECTOR(selector) CITED(",\"selector\":[{\"type\":" selector "}]")

static void selectors_have_the_keys_of_their_type(void **state) {
  (void)state;
  static const struct invalid cases[] = {
      {SELECTOR("\"XPathSelector\",\"value\":\"x\""), ADDUCE_E_VALUE, "selector[0].type"},
      {SELECTOR("\"TextPositionSelector\",\"start\":1"), ADDUCE_E_VALUE, "`start` and `end`"},
      {SELECTOR("\"TextPositionSelector\",\"start\":2,\"end\":1"), ADDUCE_E_VALUE, "start <= end"},
      {SELECTOR("\"TextPositionSelector\",\"start\":-1,\"end\":1"), ADDUCE_E_VALUE, "negative"},
      {SELECTOR("\"TextPositionSelector\",\"start\":1,\"end\":1,\"exact\":\"x\""), ADDUCE_E_VALUE,
       "selector[0]"},
      {SELECTOR("\"TextQuoteSelector\",\"prefix\":\"x\""), ADDUCE_E_VALUE, "`exact`"},
      {SELECTOR("\"FragmentSelector\",\"exact\":\"x\""), ADDUCE_E_VALUE, "`value`"},
      {CITED(",\"selector\":[]"), ADDUCE_E_VALUE, "field citations[0].selector"},
      {CITED(",\"page\":4"), ADDUCE_E_VALUE, "field citations[0].page"},
  };
  REFUSED(cases);
  static const char *const fine[] = {
      SELECTOR("\"TextPositionSelector\",\"start\":1,\"end\":1"),
      SELECTOR("\"TextQuoteSelector\",\"exact\":\"x\",\"prefix\":\"y\",\"suffix\":\"z\""),
      SELECTOR("\"FragmentSelector\",\"value\":\"page=4\",\"conforms_to\":\"x\""),
      CITED(""),
      CITED(",\"quote\":\"q\",\"quote_language\":\"fr\",\"translation\":\"t\",\"capture\":{\"$id\":"
            "\"$1\"}"),
  };
  ACCEPTED(fine);
}

static void refs_must_lead_where_the_kind_wants(void **state) {
  (void)state;
  static const struct invalid cases[] = {
      {"{\"kind\":\"fact.asserted\",\"refs\":[[\"about\",\"$0\"],[\"cites\",\"$1\"]],\"content\":{"
       "\"subject\":\"a.b/c\",\"property\":\"p\",\"value\":1,\"citations\":[{\"source\":{\"$id\":"
       "\"$0\"}}]}}",
       ADDUCE_E_REFERENCE, "field citations[0]"},
      {"{\"kind\":\"claim.retracted\",\"content\":{\"reason\":\"x\"}}", ADDUCE_E_REFERENCE,
       "\"target\""},
      {"{\"kind\":\"source.revised\"}", ADDUCE_E_REFERENCE, "\"source\""},
      {"{\"kind\":\"hold.lifted\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{\"reason\":\"x\"}}",
       ADDUCE_E_REFERENCE, "\"hold\""},
      {"{\"kind\":\"policy.set\",\"content\":{\"unknown_authors\":\"refuse\"}}", ADDUCE_E_REFERENCE,
       "\"ledger\""},
      {"{\"kind\":\"policy.set\",\"refs\":[[\"ledger\",\"$0\"],[\"ledger\",\"$1\"]],\"content\":{"
       "\"unknown_authors\":\"refuse\"}}",
       ADDUCE_E_REFERENCE, "\"ledger\""},
      {"{\"kind\":\"ledger.created\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{\"origin\":\"x\","
       "\"vkey\":\"y\"}}",
       ADDUCE_E_REFERENCE, "\"ledger\""},
      {"{\"kind\":\"claim.corrected\",\"refs\":[[\"replacement\",\"$0\"],[\"target\",\"$0\"]],"
       "\"content\":{\"reason\":\"x\"}}",
       ADDUCE_E_REFERENCE, "replacement"},
      {"{\"kind\":\"claim.corrected\",\"refs\":[[\"replacement\",\"$0\"],[\"replacement\",\"$1\"],"
       "[\"target\",\"$0\"]],\"content\":{\"reason\":\"x\"}}",
       ADDUCE_E_REFERENCE, "more than one"},
  };
  REFUSED(cases);
  static const char *const fine[] = {
      "{\"kind\":\"claim.corrected\",\"refs\":[[\"replacement\",\"$0\"],[\"target\",\"$1\"]],"
      "\"content\":{\"reason\":\"x\"}}",
      "{\"kind\":\"claim.retracted\",\"refs\":[[\"target\",\"$0\"],[\"target\",\"$1\"]],"
      "\"content\":{\"reason\":\"x\"}}",
      "{\"kind\":\"hold.placed\",\"refs\":[[\"ledger\",\"$0\"],[\"target\",\"$1\"]],"
      "\"content\":{\"reason\":\"x\"}}",
      "{\"kind\":\"source.cited\",\"refs\":[[\"about\",\"$0\"],[\"any_role\",\"$0\"],"
      "[\"ledger\",\"$0\"]]}",
  };
  ACCEPTED(fine);
}

static void our_own_claims_have_no_refs_that_say_nothing(void **state) {
  (void)state;
  static const char *const cases[] = {
      "{\"kind\":\"source.cited\",\"refs\":[[\"target\",\"$0\"]]}",
      "{\"kind\":\"source.cited\",\"refs\":[[\"kind\",\"$0\"]]}",
      "{\"kind\":\"source.cited\",\"refs\":[[\"replacement\",\"$0\"]]}",
      "{\"kind\":\"source.cited\",\"refs\":[[\"ledger\",\"$0\"],[\"ledger\",\"$1\"]]}",
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct claim claim;
    assert_int_equal(validate(cases[i], CLAIM_OWN, &claim), ADDUCE_E_REFERENCE);
    assert_int_equal(validate(cases[i], CLAIM_FOREIGN, &claim), ADDUCE_OK);
    assert_int_equal(claim.standing, CLAIM_UNDERSTOOD);
  }
}

#define TRANSFER(refs)                                      \
  "{\"kind\":\"monitor.example:custody.transferred\"," refs \
  "\"content\":{\"item\":\"a.b/c\",\"count\":2,\"certainty\":\"possible\"}}"

static void claims_of_declared_kinds_name_their_declaration(void **state) {
  (void)state;
  struct claim claim;
  static const char *const named[] = {TRANSFER("\"refs\":[[\"kind\",\"$0\"]],")};
  ACCEPTED(named);
  static const char *const unnamed[] = {TRANSFER(""), TRANSFER("\"refs\":[[\"kind\",\"$1\"]],")};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(validate(unnamed[i], CLAIM_OWN, &claim), ADDUCE_E_REFERENCE);
    assert_int_equal(validate(unnamed[i], CLAIM_FOREIGN, &claim), ADDUCE_OK);
    assert_int_equal(claim.standing, CLAIM_NOT_UNDERSTOOD);
  }
  static const struct invalid invalid[] = {
      {"{\"kind\":\"monitor.example:custody.transferred\",\"refs\":[[\"kind\",\"$0\"]]}",
       ADDUCE_E_MISSING, "field item"},
      {"{\"kind\":\"monitor.example:custody.transferred\",\"refs\":[[\"kind\",\"$0\"]],\"content\":"
       "{\"item\":\"a.b/c\",\"count\":-2}}",
       ADDUCE_E_VALUE, "field count"},
  };
  REFUSED(invalid);
}

static void values_may_be_unknown_or_none(void **state) {
  (void)state;
  static const char *const fine[] = {
      VALUE("{\"?\":\"unknown\"}"),
      VALUE("{\"?\":\"none\"}"),
      FACT(",\"stated_at\":{\"?\":\"unknown\"},\"valid\":{\"?\":\"unknown\"},\"quantity\":{\"?\":"
           "\"unknown\"}"),
      FACT(",\"valid\":{\"from\":{\"?\":\"unknown\"},\"to\":{\"?\":\"none\"}}"),
      FACT(",\"attribution\":[{\"agent\":{\"?\":\"unknown\"},\"act\":\"quotes\"}]"),
      ENTITY(",\"name\":{\"?\":\"unknown\"},\"alias\":{\"?\":\"none\"},\"country\":[\"by\",{\"?\":"
             "\"unknown\"}]"),
      "{\"kind\":\"statement.made\",\"content\":{\"speaker\":{\"?\":\"unknown\"},\"words\":\"x\"}}",
      ("{\"kind\":\"relation.asserted\",\"content\":{\"from\":{\"?\":\"unknown\"},\"relation\":"
       "\"causes\",\"to\":\"a.b/d\"}}"),
  };
  ACCEPTED(fine);
  static const struct invalid cases[] = {
      {VALUE("{\"?\":\"maybe\"}"), ADDUCE_E_VALUE, "\"?\" is"},
      {VALUE("{\"?\":1}"), ADDUCE_E_VALUE, "\"?\" is"},
      {FACT(",\"polarity\":{\"?\":\"unknown\"}"), ADDUCE_E_VALUE, "neither unknown nor none"},
      {ENTITY(",\"country\":[{\"?\":\"none\"}]"), ADDUCE_E_VALUE, "field country[0]"},
      {"{\"kind\":\"fact.asserted\",\"content\":{\"subject\":{\"?\":\"unknown\"},\"property\":"
       "\"p\",\"value\":1}}",
       ADDUCE_E_VALUE, "field subject"},
      {"{\"kind\":\"relation.asserted\",\"content\":{\"from\":{\"?\":\"none\"},\"relation\":"
       "\"causes\",\"to\":\"a.b/d\"}}",
       ADDUCE_E_VALUE, "not none"},
      {"{\"kind\":\"hold.placed\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{\"reason\":{\"?\":"
       "\"unknown\"}}}",
       ADDUCE_E_VALUE, "neither unknown nor none"},
  };
  REFUSED(cases);
}

static void the_frame_says_who_when_how_many_and_how_sure(void **state) {
  (void)state;
  static const char *const fine[] = {
      FACT(",\"attribution\":[{\"agent\":\"outlet.example/news\",\"act\":\"reports\"},"
           "{\"anonymous\":{\"description\":\"several media\",\"plural\":true},\"act\":\"reports\","
           "\"certainty\":\"unknown\",\"polarity\":\"positive\",\"marker\":\"are said to\"}]"),
      FACT(",\"valid\":{\"before\":{\"anchor\":\"publication\",\"offset\":\"P6M\"},\"words\":"
           "\"recently\",\"certainty\":\"at_some_point\"}"),
      FACT(",\"valid\":{\"after\":{\"$id\":\"$0\"},\"during\":{\"to\":\"a.b/talks\"}}"),
      FACT(",\"valid\":{\"from\":\"2025-12\",\"to\":\"2025-12-13\",\"from_is_start\":false}"),
      FACT(",\"certainty\":\"probable\",\"confidence\":\"low\",\"open_list\":true,\"note\":\"n\""),
      FACT(",\"original\":{\"value\":\"V\",\"subject\":[\"x\",\"y\"]}"),
      FACT(",\"extraction\":{\"by\":\"software\",\"name\":\"reader\",\"version\":\"1\","
           "\"reviewed_by\":\"A. Reporter\"}"),
      VALUE("true"),
      VALUE("-5"),
      VALUE("{\"at_least\":2}"),
      VALUE("{\"subject\":\"a.b/d\"}"),
      VALUE("{\"v\":\"x\",\"original\":\"X\",\"lang\":\"fr\",\"script\":\"Latn\"}"),
  };
  ACCEPTED(fine);
}

/* --- what is not whole -------------------------------------------------------------------- */

/* Form 2 of a claim's fields: `withheld` is a hash, the others have salts of zeros. */
static struct parsed withhold(const char *json, const char *withheld) {
  static const uint8_t zeros[32];
  struct parsed whole = draft_parse(scope, json), partial;
  struct buffer buffer;
  struct adduce_span content;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 2);
  pack_int(&buffer, 2);
  pack_array(&buffer, whole.field_count);
  for (uint32_t i = 0; i < whole.field_count; i++) {
    bool is_withheld = span_is(whole.fields[i].key, withheld);
    pack_array(&buffer, is_withheld ? 2 : 3);
    pack_str(&buffer, whole.fields[i].key);
    pack_bin(&buffer, zeros, is_withheld ? 32 : 16);
    if (is_withheld) continue;
    if (!whole.fields[i].is_list) {
      pack_encoded(&buffer, whole.fields[i].value);
      continue;
    }
    struct cursor elements;
    struct parsed_element element;
    uint32_t count;
    assert_true(parsed_elements(&whole.fields[i], &elements, &count));
    pack_array(&buffer, count + 1);
    pack_bin(&buffer, zeros, 32);
    while (parsed_next_element(&whole, &elements, &element)) {
      pack_array(&buffer, 2);
      pack_bin(&buffer, zeros, 16);
      pack_encoded(&buffer, element.value);
    }
  }
  assert_int_equal(buffer_take(&buffer, &content), ADDUCE_OK);
  assert_int_equal(parsed_read(scope, &partial, whole.event, content), ADDUCE_OK);
  return partial;
}

static void assert_standing(const struct parsed *parsed, enum claim_standing standing) {
  struct claim claim;
  enum adduce_err err = claim_validate(scope, &claim, parsed, vocabulary, CLAIM_FOREIGN);
  if (err != ADDUCE_OK) fail_msg("%s", adduce_scope_detail(scope));
  assert_int_equal(claim.standing, standing);
  claim_recall(&claim, parsed, vocabulary);
  assert_int_equal(claim.standing, standing);
}

static void a_withheld_frame_field_makes_a_claim_incomplete(void **state) {
  (void)state;
  static const char *const frame[] = {"subject",  "property", "value",    "polarity",
                                      "quantity", "valid",    "certainty"};
  const char *json = FACT(
      ",\"polarity\":\"negative\",\"quantity\":{\"exact\":1},\"note\":\"n\","
      "\"valid\":{\"from\":\"2025\"},\"certainty\":\"possible\"");
  for (size_t i = 0; i < sizeof frame / sizeof frame[0]; i++) {
    struct parsed parsed = withhold(json, frame[i]);
    assert_standing(&parsed, CLAIM_INCOMPLETE);
  }
  struct parsed parsed = withhold(json, "note");
  assert_standing(&parsed, CLAIM_UNDERSTOOD);
  parsed = withhold(json, "");
  assert_standing(&parsed, CLAIM_UNDERSTOOD);
}

static void a_withheld_hop_makes_a_claim_incomplete(void **state) {
  (void)state;
  struct parsed parsed =
      withhold(FACT(",\"attribution\":[{\"agent\":\"a.b/c\",\"act\":\"denies\"}]"), "");
  assert_standing(&parsed, CLAIM_INCOMPLETE);
  parsed = withhold(ENTITY(",\"name\":[\"x\"]"), "");
  assert_standing(&parsed, CLAIM_UNDERSTOOD);
}

static void a_withheld_subject_is_no_subject(void **state) {
  (void)state;
  struct claim claim;
  struct parsed parsed = draft_parse(scope, FACT(""));
  claim_recall(&claim, &parsed, vocabulary);
  assert_true(span_is(claim_subject(&claim), "a.b/c"));
  parsed = withhold(FACT(""), "subject");
  claim_recall(&claim, &parsed, vocabulary);
  assert_int_equal(claim_subject(&claim).size, 0);
  parsed = draft_parse(scope, "{\"kind\":\"source.cited\"}");
  claim_recall(&claim, &parsed, vocabulary);
  assert_int_equal(claim_subject(&claim).size, 0);
  parsed = draft_parse(scope, "{\"kind\":\"x.y\"}");
  claim_recall(&claim, &parsed, vocabulary);
  assert_int_equal(claim_subject(&claim).size, 0);
}

static void open_elements_beside_withheld_ones_are_still_checked(void **state) {
  (void)state;
  struct claim claim;
  struct parsed parsed = withhold(ENTITY(",\"country\":[\"BY\"]"), "");
  assert_int_equal(claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_FOREIGN),
                   ADDUCE_E_VALUE);
  assert_non_null(strstr(adduce_scope_detail(scope), "field country[1]"));
}

static void our_own_and_control_claims_must_be_whole(void **state) {
  (void)state;
  struct claim claim;
  struct parsed parsed = withhold(FACT(",\"note\":\"n\""), "note");
  assert_int_equal(claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_OWN), ADDUCE_E_MISSING);
  const char *policy =
      "{\"kind\":\"policy.set\",\"refs\":[[\"ledger\",\"$0\"]],\"content\":{"
      "\"unknown_authors\":\"refuse\",\"text\":\"t\"}}";
  parsed = withhold(policy, "text");
  assert_int_equal(claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_FOREIGN),
                   ADDUCE_E_MISSING);
  parsed = withhold(policy, "");
  assert_standing(&parsed, CLAIM_UNDERSTOOD);
  /* Of a version we don't know, too. */
  parsed = withhold("{\"kind\":\"policy.set@2\",\"content\":{\"x\":1}}", "x");
  assert_int_equal(claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_FOREIGN),
                   ADDUCE_E_MISSING);
}

static void a_claim_without_content_is_incomplete(void **state) {
  (void)state;
  struct parsed whole = draft_parse(scope, FACT("")), parsed;
  assert_int_equal(parsed_read(scope, &parsed, whole.event, span_of(NULL, 0)), ADDUCE_OK);
  assert_standing(&parsed, CLAIM_INCOMPLETE);
  whole = draft_parse(scope, "{\"kind\":\"x.y\"}");
  assert_int_equal(parsed_read(scope, &parsed, whole.event, span_of(NULL, 0)), ADDUCE_OK);
  assert_standing(&parsed, CLAIM_NOT_UNDERSTOOD);
}

/* --- drafts ------------------------------------------------------------------------------- */

static void assert_expands(const char *kind, const char *content, const char *expected) {
  struct adduce_value *value = (struct adduce_value *)(uintptr_t)draft_json(scope, content);
  const char *json;
  assert_int_equal(claim_expand_subjects(scope, value, vocabulary_find(vocabulary, span_text(kind)),
                                         span_text("monitor.example")),
                   ADDUCE_OK);
  if (value_equal(value, draft_json(scope, expected))) return;
  assert_int_equal(adduce_value_to_json(scope, &json, value, false), ADDUCE_OK);
  fail_msg("%s instead of %s", json, expected);
}

static void bare_names_become_ids(void **state) {
  (void)state;
  assert_expands("fact.asserted",
                 "{\"subject\":\"group\",\"property\":\"group\",\"value\":\"group\"}",
                 "{\"subject\":\"monitor.example/group\",\"property\":\"group\",\"value\":"
                 "\"group\"}");
  assert_expands("fact.asserted", "{\"value\":{\"subject\":\"belarus/belavia\"}}",
                 "{\"value\":{\"subject\":\"monitor.example/belarus/belavia\"}}");
  assert_expands("fact.asserted", "{\"value\":{\"majority_of\":\"group\"}}",
                 "{\"value\":{\"majority_of\":\"monitor.example/group\"}}");
  assert_expands("fact.asserted", "{\"quantity\":{\"exact\":5,\"of\":\"group\",\"unit\":\"u\"}}",
                 "{\"quantity\":{\"exact\":5,\"of\":\"monitor.example/group\",\"unit\":\"u\"}}");
  assert_expands("fact.asserted",
                 "{\"attribution\":[{\"agent\":\"desk\",\"act\":\"states\",\"marker\":\"said\"}]}",
                 "{\"attribution\":[{\"agent\":\"monitor.example/desk\",\"act\":\"states\","
                 "\"marker\":\"said\"}]}");
  assert_expands(
      "fact.asserted",
      "{\"valid\":{\"after\":\"talks\",\"before\":{\"to\":\"vote\",\"offset\":\"P2D\"}}}",
      "{\"valid\":{\"after\":\"monitor.example/talks\",\"before\":{\"to\":"
      "\"monitor.example/vote\",\"offset\":\"P2D\"}}}");
  assert_expands("meeting.held",
                 "{\"participants\":[\"a\",\"other.example/b\",{\"?\":\"unknown\"}]}",
                 "{\"participants\":[\"monitor.example/a\",\"other.example/b\",{\"?\":"
                 "\"unknown\"}]}");
}

static void what_is_an_id_or_cannot_be_one_stays(void **state) {
  (void)state;
  static const char *const contents[] = {"{\"subject\":\"other.example/x\"}",
                                         "{\"subject\":\"wikidata:Q184\"}",
                                         "{\"subject\":\"https://x.example\"}",
                                         "{\"subject\":\"two words\"}",
                                         "{\"subject\":5}",
                                         "{\"subject\":\"\"}",
                                         "{\"subject\":{\"?\":\"unknown\"}}",
                                         "{\"weather\":\"group\"}",
                                         "{\"subject\":[[\"a\"]]}"};
  for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++)
    assert_expands("fact.asserted", contents[i], contents[i]);
}

static void names_cannot_be_expanded_without_kind_or_origin(void **state) {
  (void)state;
  struct adduce_value *map = value_map(scope);
  const struct vocabulary_kind *kind = vocabulary_find(vocabulary, span_text("fact.asserted"));
  assert_int_equal(claim_expand_subjects(scope, map, NULL, span_text("monitor.example")),
                   ADDUCE_E_KIND);
  static const char *const origins[] = {"", "localhost", "Monitor.example", "a b.c"};
  for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++)
    assert_int_equal(claim_expand_subjects(scope, map, kind, span_text(origins[i])),
                     ADDUCE_E_VALUE);
  assert_int_equal(claim_expand_subjects(scope, map, kind, span_text("monitor.example/log")),
                   ADDUCE_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kinds_and_fields_must_be_known),
      cmocka_unit_test(required_fields_must_be_there),
      cmocka_unit_test(types_must_fit),
      cmocka_unit_test(values_must_be_within_what_the_field_allows),
      cmocka_unit_test(selectors_have_the_keys_of_their_type),
      cmocka_unit_test(refs_must_lead_where_the_kind_wants),
      cmocka_unit_test(our_own_claims_have_no_refs_that_say_nothing),
      cmocka_unit_test(claims_of_declared_kinds_name_their_declaration),
      cmocka_unit_test(values_may_be_unknown_or_none),
      cmocka_unit_test(the_frame_says_who_when_how_many_and_how_sure),
      cmocka_unit_test(a_withheld_frame_field_makes_a_claim_incomplete),
      cmocka_unit_test(a_withheld_hop_makes_a_claim_incomplete),
      cmocka_unit_test(a_withheld_subject_is_no_subject),
      cmocka_unit_test(open_elements_beside_withheld_ones_are_still_checked),
      cmocka_unit_test(our_own_and_control_claims_must_be_whole),
      cmocka_unit_test(a_claim_without_content_is_incomplete),
      cmocka_unit_test(bare_names_become_ids),
      cmocka_unit_test(what_is_an_id_or_cannot_be_one_stays),
      cmocka_unit_test(names_cannot_be_expanded_without_kind_or_origin),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
