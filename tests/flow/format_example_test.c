/* SPDX-License-Identifier: Apache-2.0 */
/* The worked example of docs/FORMAT.md 13, made with the library's code: every value that the
 * document quotes is what comes out here. format_example.py makes the same from its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hex.h"
#include "codec/pack.h"
#include "crypto/keyfile.h"
#include "crypto/sign.h"
#include "event/event.h"
#include "exchange/statedigest.h"
#include "exchange/tlogproof.h"
#include "log/headlock.h"
#include "log/plan.h"
#include "projection/registry.h"
#include "projection/row.h"
#include "projection/rows.h"
#include "projection/viewid.h"
#include "support/shelf.h"
#include "sys/file.h"

#define ORIGIN "monitor.example"
#define NAME_COLUMN 12

static struct adduce_scope *scope;
static struct signer *author, *log_key;
static struct vocabulary *vocabulary;
static struct adduce_span document;

#define OK(call) assert_int_equal(call, ADDUCE_OK)

/* --- what the document says ----------------------------------------------------------------- */

static const char *find_line(const char *name) {
  char start[NAME_COLUMN + 2];
  (void)snprintf(start, sizeof start, "\n%-*s", NAME_COLUMN, name);
  const char *block = strstr((const char *)document.data, "<!-- example -->");
  assert_non_null(block);
  const char *found = strstr(block, start);
  if (found == NULL) fail_msg("the example has no value %s", name);
  return found + 1 + NAME_COLUMN;
}

/* The value `name` of the example is these bytes. */
static void expect(const char *name, struct adduce_span bytes) {
  static char quoted[8192], made[8192];
  const char *at = find_line(name);
  size_t size = 0;
  for (;;) {
    size_t digits = strcspn(at, "\n");
    assert_true(size + digits < sizeof quoted);
    memcpy(quoted + size, at, digits);
    size += digits;
    at += digits + 1;
    if (strspn(at, " ") < NAME_COLUMN) break;
    at += NAME_COLUMN;
  }
  quoted[size] = '\0';
  assert_true(2 * bytes.size < sizeof made);
  hex_encode(bytes, made);
  assert_string_equal(quoted, made);
}

static void expect32(const char *name, const struct adduce_hash *hash) {
  expect(name, span_of(hash->bytes, sizeof hash->bytes));
}

/* A block of the example is exactly this text. */
static void expect_text(const char *text) {
  const char *block = scope_format(scope, "```\n%s```\n", text);
  assert_non_null(strstr((const char *)document.data, block));
}

/* --- what the code makes --------------------------------------------------------------------- */

static int setup(void **state) {
  uint8_t seed[32];
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return -1;
  if (file_read(scope, &document, "docs/FORMAT.md", 1 << 20) != ADDUCE_OK) return -1;
  document = scope_copy(scope, document);
  for (uint8_t i = 0; i < 32; i++) seed[i] = i;
  if (signer_from_seed(scope, &author, seed) != ADDUCE_OK) return -1;
  for (uint8_t i = 0; i < 32; i++) seed[i] = (uint8_t)(32 + i);
  if (signer_from_seed(scope, &log_key, seed) != ADDUCE_OK) return -1;
  return vocabulary_open(scope, &vocabulary) == ADDUCE_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  signer_close(&author);
  signer_close(&log_key);
  adduce_scope_close(&scope);
  return 0;
}

struct example {
  struct adduce_span content, message, encoded, entry;
  struct event event;
  struct adduce_hash root, leaf;
};

static struct adduce_span encode(const char *kind, int64_t claimed_at_us,
                                 const struct adduce_id *follows, const struct adduce_hash *root,
                                 const struct adduce_signature *signature) {
  struct buffer buffer;
  struct adduce_span encoded;
  buffer_init(&buffer, scope);
  pack_array(&buffer, 8);
  pack_int(&buffer, 1);
  pack_text(&buffer, kind);
  pack_bin(&buffer, signer_key(author)->bytes, 32);
  pack_int(&buffer, claimed_at_us);
  pack_array(&buffer, follows == NULL ? 0 : 1);
  if (follows != NULL) {
    pack_array(&buffer, 2);
    pack_text(&buffer, "follows");
    pack_bin(&buffer, follows->bytes, 32);
  }
  pack_int(&buffer, ADDUCE_CLEAR);
  pack_bin(&buffer, root->bytes, 32);
  pack_bin(&buffer, signature->bytes, 64);
  OK(buffer_take(&buffer, &encoded));
  return encoded;
}

/* An event as its author makes it, taken in as a stranger would. */
static void make(struct example *example, const char *kind, int64_t claimed_at_us,
                 const struct adduce_id *follows, const char *json, uint8_t first_seed_byte,
                 int64_t recorded_at_us) {
  const struct adduce_value *fields;
  uint8_t seed[16];
  struct parsed parsed;
  struct claim claim;
  struct adduce_signature signature = {{0}};
  for (uint8_t i = 0; i < 16; i++) seed[i] = (uint8_t)(first_seed_byte + i);
  OK(adduce_value_from_json(scope, &fields, json, strlen(json)));
  OK(content_encode(scope, &example->content, fields, seed));
  OK(parsed_read(scope, &parsed, span_of(NULL, 0), example->content));
  example->root = content_root(&parsed);
  example->encoded = encode(kind, claimed_at_us, follows, &example->root, &signature);
  OK(parsed_read(scope, &parsed, example->encoded, example->content));
  OK(event_message(scope, &example->message, &parsed));
  OK(signer_sign(scope, &signature, author, example->message));
  example->encoded = encode(kind, claimed_at_us, follows, &example->root, &signature);
  OK(parsed_read(scope, &parsed, example->encoded, example->content));
  OK(claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_OWN));
  OK(event_verify(scope, &example->event, &claim));
  OK(plan_entry_encode(scope, &example->entry, recorded_at_us, example->encoded));
  example->leaf = merkle_leaf(example->entry);
}

static void make_both(struct example *first, struct example *second) {
  const char *vkey;
  OK(note_vkey_encode(scope, &vkey, span_text(ORIGIN), signer_key(log_key)));
  make(first, "ledger.created", INT64_C(1765620000000000), NULL,
       scope_format(scope, "{\"origin\": \"" ORIGIN "\", \"vkey\": \"%s\"}", vkey), 0xa0,
       INT64_C(1765620000500000));
  make(second, "entity.described", INT64_C(1765620060000000), &first->event.id,
       "{\"name\": [\"Belavia\", {\"lang\": \"be\", \"v\": \"Белавія\"}], \"schema\": \"Company\", "
       "\"subject\": \"monitor.example/belarus/belavia\", \"topics\": [\"gov.soe\"]}",
       0xb0, INT64_C(1765620061000000));
}

static struct adduce_hash tree_of(const struct example *first, const struct example *second) {
  return merkle_node(&first->leaf, &second->leaf);
}

static struct adduce_span checkpoint_of(const struct adduce_hash *tree) {
  const struct checkpoint checkpoint = {span_text(ORIGIN), 2, *tree};
  const struct signer *const signers[] = {log_key};
  struct adduce_span note;
  OK(checkpoint_sign(scope, &note, &checkpoint, signers, 1));
  return note;
}

/* --- the tests -------------------------------------------------------------------------------- */

static void keys(void **state) {
  const char *vkey, *path = scope_format(scope, "/tmp/adduce-example-%ld.key", (long)getpid());
  struct adduce_span file;
  (void)state;
  expect("author", span_of(signer_key(author)->bytes, 32));
  expect("log", span_of(signer_key(log_key)->bytes, 32));
  OK(note_vkey_encode(scope, &vkey, span_text(ORIGIN), signer_key(log_key)));
  expect_text(scope_format(scope, "%s\n", vkey));
  OK(keyfile_create(scope, path, author, KEYFILE_AUTHOR, span_of(NULL, 0), KEYFILE_MODERATE));
  OK(file_read(scope, &file, path, 1024));
  OK(file_remove(scope, path));
  expect("keyfile", file);
}

static void expect_commitments(const struct example *example) {
  static const struct {
    const char *name, *key;
    int64_t element;
  } salts[] = {
      {"salt.name", "name", -1}, {"salt.name.1", "name", 1}, {"salt.schema", "schema", -1}};
  for (size_t i = 0; i < sizeof salts / sizeof *salts; i++) {
    uint8_t salt[16];
    content_salt(salt, example->event.claim.parsed.seed16, span_text(salts[i].key),
                 salts[i].element);
    expect(salts[i].name, span_of(salt, sizeof salt));
  }
  expect32("root1", &example->root);
}

/* What is withheld shows as its hash, so withholding shows every hash. */
static void expect_hashes(const struct example *example) {
  static const struct {
    const char *name, *key;
    int64_t element;
  } hashes[] = {{"in.name", "name", -1},       {"in.schema", "schema", -1},
                {"in.subject", "subject", -1}, {"in.topics", "topics", -1},
                {"e.name.0", "name", 0},       {"e.name.1", "name", 1}};
  for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
    const struct content_path path = {span_text(hashes[i].key), hashes[i].element};
    struct adduce_span partial;
    struct parsed parsed;
    OK(content_withhold(scope, &partial, &example->event.claim.parsed, &path, 1));
    OK(parsed_read(scope, &parsed, example->encoded, partial));
    const struct parsed_field *field = parsed_field(&parsed, hashes[i].key);
    struct cursor elements;
    struct parsed_element element = {.hash32 = field->inner32};
    uint32_t count;
    if (hashes[i].element >= 0) assert_true(parsed_elements(field, &elements, &count));
    for (int64_t k = 0; k <= hashes[i].element; k++)
      assert_true(parsed_next_element(&parsed, &elements, &element));
    expect(hashes[i].name, span_of(element.hash32, 32));
  }
}

static void events_and_entries(void **state) {
  struct example first, second;
  (void)state;
  make_both(&first, &second);
  expect("content0", first.content);
  expect32("root0", &first.root);
  expect("id0", span_of(first.event.id.bytes, 32));
  expect("event0", first.encoded);
  expect32("leaf0", &first.leaf);
  expect("content1", second.content);
  expect_commitments(&second);
  expect_hashes(&second);
  expect("message1", second.message);
  expect("id1", span_of(second.event.id.bytes, 32));
  expect("sig1", span_of(second.event.claim.parsed.signature64, 64));
  expect("event1", second.encoded);
  expect("entry1", second.entry);
  expect32("leaf1", &second.leaf);
  struct adduce_hash tree = tree_of(&first, &second);
  expect32("tree", &tree);
}

static void form_2_opens_the_same_root(void **state) {
  const struct content_path paths[] = {{span_text("name"), 1}, {span_text("schema"), -1}};
  struct example first, second;
  struct adduce_span partial;
  struct parsed parsed;
  (void)state;
  make_both(&first, &second);
  OK(content_withhold(scope, &partial, &second.event.claim.parsed, paths, 2));
  expect("partial1", partial);
  OK(parsed_read(scope, &parsed, second.encoded, partial));
  OK(content_verify(scope, &parsed));
}

static void a_row_of_the_facts(void **state) {
  struct example first, second;
  struct rows rows;
  struct row row;
  (void)state;
  make_both(&first, &second);
  const struct projection_input input = {1, INT64_C(1765620061000000), &second.event};
  rows_init(&rows, scope, true);
  OK(rows_project(&rows, UINT32_C(1) << REGISTRY_FACTS, &input));
  const struct rows_list *facts = &rows.lists[REGISTRY_FACTS];
  assert_int_equal(facts->count, 3); /* name, schema, topics */
  const struct rows_item *item = &facts->items[1];
  OK(row_read(scope, &row, rows_item_key(item), rows_item_record(scope, item)));
  expect("row.key", row.key);
  expect("row.value", row.value);
  expect("row.hash", span_of(row.hash32, 32));
}

/* The events on a shelf, folded. */
static void put_on(struct shelf *shelf, const struct example *first, const struct example *second) {
  shelf_open(shelf, 1);
  (void)shelf_put(shelf, &first->event);
  (void)shelf_put(shelf, &second->event);
}

static struct viewid view_of(struct shelf *shelf) {
  const uint64_t size = 2;
  struct store_txn *txn;
  struct viewid view;
  shelf_fold(shelf);
  OK(store_begin_read(scope, shelf->store, &txn));
  OK(viewid_find(scope, txn, &view, &size, 1));
  store_end_read(&txn);
  return view;
}

static void views(void **state) {
  struct example first, second;
  struct shelf shelf;
  (void)state;
  make_both(&first, &second);
  put_on(&shelf, &first, &second);
  struct viewid view = view_of(&shelf);
  expect32("view0", &view.id);
  shelf_withhold(&shelf, 1, "name", 1);
  shelf_withhold(&shelf, 1, "schema", -1);
  OK(fold_reset(scope, shelf.store));
  view = view_of(&shelf);
  expect32("view1", &view.id);
  shelf_close(&shelf);
}

static void the_state_of_both(void **state) {
  struct adduce_hash digests[REGISTRY_COUNT];
  struct statedigest_part parts[REGISTRY_COUNT];
  uint64_t rows[REGISTRY_COUNT];
  const uint64_t size = 2;
  struct example first, second;
  struct shelf shelf;
  size_t count;
  (void)state;
  make_both(&first, &second);
  put_on(&shelf, &first, &second);
  struct viewid view = view_of(&shelf);
  OK(fold_digests(scope, shelf.store, digests, rows, &size, 1, 1));
  const struct projection *projections = projection_all(&count);
  for (size_t i = 0; i < count; i++) {
    expect32(projections[i].name, &digests[i]);
    parts[i] = (struct statedigest_part){span_text(projections[i].name), projections[i].version,
                                         rows[i], digests[i]};
  }
  const struct statedigest both = {.size = 2,
                                   .root = tree_of(&first, &second),
                                   .vocabulary_version = VOCABULARY_VERSION,
                                   .view = view.id,
                                   .parts = parts,
                                   .part_count = count};
  struct adduce_hash name = statedigest_name(&both);
  expect32("state", &name);
  shelf_close(&shelf);
}

static void checkpoint_proof_and_head_lock(void **state) {
  const char *path = scope_format(scope, "/tmp/adduce-example-%ld.head", (long)getpid());
  struct example first, second;
  struct adduce_span file;
  (void)state;
  make_both(&first, &second);
  struct adduce_hash tree = tree_of(&first, &second);
  struct adduce_span note = checkpoint_of(&tree);
  expect_text((const char *)note.data);
  struct tlogproof_extra extra = {.entry = second.entry, .content = second.content};
  const char *vkey;
  OK(note_vkey_encode(scope, &vkey, span_text(ORIGIN), signer_key(log_key)));
  extra.vkey = span_text(vkey);
  struct tlogproof proof = {.index = 1, .checkpoint = note};
  OK(tlogproof_extra_encode(scope, &proof.extra, &extra));
  proof.path.count = 1;
  proof.path.hashes[0] = first.leaf;
  OK(tlogproof_encode(scope, &file, &proof));
  expect_text((const char *)file.data);
  const struct headlock_head head = {span_text(ORIGIN), 2, tree, hash_bytes(note)};
  OK(headlock_create(scope, path, &head));
  OK(file_read(scope, &file, path, 4096));
  OK(file_remove(scope, path));
  assert_int_equal(file.size, 1024);
  const uint8_t *slot = file.data + 512; /* sequence 1 stands in the second slot */
  assert_memory_equal(slot, "\0\0\0\0\0\0\0\1\0\0", 10);
  expect("lock", span_of(slot + 12, (size_t)(slot[10] << 8 | slot[11])));
  struct adduce_hash sum = hash_bytes(span_of(slot, 480));
  assert_memory_equal(slot + 480, sum.bytes, 32);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys),
      cmocka_unit_test(events_and_entries),
      cmocka_unit_test(form_2_opens_the_same_root),
      cmocka_unit_test(a_row_of_the_facts),
      cmocka_unit_test(views),
      cmocka_unit_test(the_state_of_both),
      cmocka_unit_test(checkpoint_proof_and_head_lock),
  };
  return cmocka_run_group_tests_name("the worked example of FORMAT.md", tests, setup, teardown);
}
