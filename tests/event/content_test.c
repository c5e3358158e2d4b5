/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "event/content.h"

#include "base/bigendian.h"
#include "base/buffer.h"
#include "codec/pack.h"
#include "vectors.h"

static struct adduce_scope *scope;

static int open_scope(void **state) {
  (void)state;
  return adduce_scope_open(&scope, 0) == ADDUCE_OK ? 0 : 1;
}

static int close_scope(void **state) {
  (void)state;
  adduce_scope_close(&scope);
  return 0;
}

static const uint8_t seed16[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static enum adduce_err read_content(struct parsed *parsed, struct adduce_span content) {
  return parsed_read(scope, parsed, span_of(NULL, 0), content);
}

static struct parsed must_read(struct adduce_span content) {
  struct parsed parsed;
  enum adduce_err err = read_content(&parsed, content);
  if (err != ADDUCE_OK) print_error("%s\n", adduce_scope_detail(scope));
  assert_int_equal(err, ADDUCE_OK);
  return parsed;
}

static struct adduce_hash root_of(struct adduce_span content) {
  struct parsed parsed = must_read(content);
  return content_root(&parsed);
}

/* Refused, or the content of another root. */
static bool opens(struct adduce_span content, const struct adduce_hash *root) {
  struct parsed parsed;
  if (read_content(&parsed, content) != ADDUCE_OK) return false;
  struct adduce_hash found = content_root(&parsed);
  return hash_equal(&found, root);
}

static struct adduce_span encode_json(const char *json) {
  const struct adduce_value *fields;
  struct adduce_span content;
  assert_int_equal(adduce_value_from_json(scope, &fields, json, strlen(json)), ADDUCE_OK);
  assert_int_equal(content_encode(scope, &content, fields, seed16), ADDUCE_OK);
  return content;
}

static struct content_path path_of(const char *text) {
  struct content_path path = {span_text(text), -1};
  const char *dot = strchr(text, '.');
  if (dot != NULL) {
    path.key.size = (size_t)(dot - text);
    path.element = strtol(dot + 1, NULL, 10);
  }
  return path;
}

/* Form 2 with the paths, separated by spaces, withheld. */
static enum adduce_err withhold(struct adduce_span *partial, struct adduce_span content,
                                const char *paths) {
  struct content_path list[16];
  size_t count = 0;
  char *copy = strdup(paths), *rest = copy;
  for (char *word = strtok_r(rest, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
    list[count++] = path_of(word);
  struct parsed parsed = must_read(content);
  enum adduce_err err = content_withhold(scope, partial, &parsed, list, count);
  free(copy);
  return err;
}

static struct adduce_span must_withhold(struct adduce_span content, const char *paths) {
  struct adduce_span partial;
  assert_int_equal(withhold(&partial, content, paths), ADDUCE_OK);
  return partial;
}

/* --- vectors ------------------------------------------------------------------------------ */

static void check_salt(const struct vector *vector) {
  uint8_t salt16[16];
  struct adduce_span seed = vector_bytes(scope, vector->words[1]);
  long element = strtol(vector->words[3], NULL, 10);
  content_salt(salt16, seed.data, span_text(vector->words[2]), element);
  assert_bytes(span_of(salt16, 16), vector->words[4]);
}

/* The constructions, straight from the header's lines. */
static void check_tagged(const struct vector *vector, uint8_t tag) {
  struct hash hash;
  struct adduce_hash digest;
  struct adduce_span body = vector_bytes(scope, vector->words[2]);
  uint8_t count[4];
  hash_init(&hash);
  hash_update(&hash, &tag, 1);
  hash_span(&hash, vector_bytes(scope, vector->words[1]));
  bigendian_put32(count, (uint32_t)(body.size / 32));
  if (tag == 0x11) hash_update(&hash, count, 4);
  hash_span(&hash, body);
  hash_final(&hash, &digest);
  assert_bytes(span_of(digest.bytes, 32), vector->words[3]);
}

/* Every partial of a content opens the content's root. */
static void check_content(const struct vector *vector, struct adduce_hash *root) {
  bool is_whole = strcmp(vector->words[0], "content") == 0;
  struct parsed parsed = must_read(vector_bytes(scope, vector->words[2]));
  struct adduce_hash found = content_root(&parsed);
  assert_int_equal(parsed.form, is_whole ? PARSED_WHOLE : PARSED_PARTIAL);
  if (is_whole) {
    assert_bytes(span_of(found.bytes, 32), vector->words[3]);
    *root = found;
  }
  assert_true(hash_equal(&found, root));
}

static void the_vectors_of_another_implementation(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/content.txt", "r");
  assert_non_null(file);
  struct vector vector;
  struct adduce_hash root;
  int lines = 0;
  for (; vector_next(file, &vector); lines++, free(vector.line)) {
    const char *what = vector.words[0];
    if (strcmp(what, "salt") == 0)
      check_salt(&vector);
    else if (strcmp(what, "value") == 0)
      check_tagged(&vector, 0x10);
    else if (strcmp(what, "list") == 0)
      check_tagged(&vector, 0x11);
    else if (strcmp(what, "element") == 0)
      check_tagged(&vector, 0x12);
    else if (strcmp(what, "attempt") == 0)
      assert_false(opens(vector_bytes(scope, vector.words[2]), &root));
    else
      check_content(&vector, &root);
  }
  fclose(file);
  assert_true(lines > 85);
}

struct missing {
  struct content_path paths[64];
  size_t count;
};

static void note_missing(void *context, struct adduce_span key, int64_t element) {
  struct missing *missing = context;
  missing->paths[missing->count++] = (struct content_path){key, element};
}

/* What a vector's partial lacks, withheld from its whole, gives the same bytes. */
static void withholding_gives_the_bytes_of_the_vectors(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/content.txt", "r");
  assert_non_null(file);
  struct vector vector;
  struct parsed whole;
  int partials = 0;
  for (; vector_next(file, &vector); free(vector.line)) {
    if (strcmp(vector.words[0], "content") == 0)
      whole = must_read(vector_bytes(scope, vector.words[2]));
    if (strcmp(vector.words[0], "partial") != 0) continue;
    struct missing missing = {.count = 0};
    struct adduce_span made;
    struct parsed partial = must_read(vector_bytes(scope, vector.words[2]));
    content_each_missing(&partial, note_missing, &missing);
    assert_int_equal(content_withhold(scope, &made, &whole, missing.paths, missing.count),
                     ADDUCE_OK);
    assert_bytes(made, vector.words[2]);
    partials++;
  }
  fclose(file);
  assert_true(partials > 15);
}

/* --- withholding -------------------------------------------------------------------------- */

#define CASE                                                                        \
  "{\"a\":\"text\",\"b\":[\"x\",\"y\",[\"z\"]],\"c\":{\"k\":[1]},\"d\":[],\"e\":7," \
  "\"f\":[{\"$bytes\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}]}"

static void every_withholding_keeps_the_root(void **state) {
  (void)state;
  static const char *const all[] = {"a", "b", "b.0", "b.1", "b.2", "c", "d", "e", "f", "f.0"};
  struct adduce_span content = encode_json(CASE);
  struct adduce_hash root = root_of(content);
  for (unsigned set = 0; set < 1u << 10; set++) {
    char paths[64] = "";
    for (int i = 0; i < 10; i++)
      if ((set >> i & 1) != 0) strcat(strcat(paths, " "), all[i]);
    struct adduce_span partial = must_withhold(content, paths);
    assert_true(opens(partial, &root));
  }
}

static void withholding_more_of_a_partial_content_keeps_the_root(void **state) {
  (void)state;
  struct adduce_span content = encode_json(CASE);
  struct adduce_hash root = root_of(content);
  struct adduce_span once = must_withhold(content, "b.1 e");
  struct adduce_span twice = must_withhold(once, "a b.0 c");
  assert_true(opens(twice, &root));
  assert_true(span_equal(twice, must_withhold(content, "a b.0 b.1 c e")));
  assert_true(span_equal(twice, must_withhold(twice, "a b.0 b.1")));
  assert_true(span_equal(must_withhold(twice, "b"), must_withhold(content, "a b c e")));
}

static void an_element_of_a_withheld_list_counts_as_withheld(void **state) {
  (void)state;
  struct adduce_span partial = must_withhold(encode_json(CASE), "b");
  assert_true(span_equal(partial, must_withhold(partial, "b.2")));
}

static void paths_that_are_not_there_are_not_found(void **state) {
  (void)state;
  static const char *const paths[] = {"g", "aa", "b.3", "b.4096", "a.0", "d.0", "c.0"};
  struct adduce_span content = encode_json(CASE), partial;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    assert_int_equal(withhold(&partial, content, paths[i]), ADDUCE_E_NOT_FOUND);
  struct parsed none = {.form = PARSED_NO_CONTENT};
  assert_int_equal(content_withhold(scope, &partial, &none, NULL, 0), ADDUCE_E_NOT_FOUND);
}

static bool holds(struct adduce_span in, const void *what, size_t size) {
  return memmem(in.data, in.size, what, size) != NULL;
}

static void what_is_withheld_is_gone_with_its_salt_and_the_seed(void **state) {
  (void)state;
  struct adduce_span content = encode_json("{\"name\":[\"Belavia\",\"Secret\"],\"x\":\"open\"}");
  struct adduce_span partial = must_withhold(content, "name.1");
  uint8_t salt16[16];
  content_salt(salt16, seed16, span_text("name"), 1);
  assert_false(holds(partial, "Secret", 6));
  assert_false(holds(partial, salt16, 16));
  assert_false(holds(partial, seed16, 16));
  content_salt(salt16, seed16, span_text("name"), 0);
  assert_true(holds(partial, "Belavia", 7));
  assert_true(holds(partial, salt16, 16));
}

static void whatever_is_whole_can_be_withheld(void **state) {
  (void)state;
  /* As much as form 1 can have: 64 fields, and lists up to the bound on form 2's objects. */
  struct adduce_value *fields = value_map(scope);
  for (int i = 0; i < 64; i++) {
    char key[8];
    (void)snprintf(key, sizeof key, "k%d", i);
    struct adduce_value *list = value_list(scope);
    int count = i < 5 ? 4096 : i == 5 ? 1200 : 0;
    for (int k = 0; k < count; k++) value_add(scope, list, value_integer(scope, 1));
    value_set(scope, fields, key, list);
  }
  struct adduce_span content, partial;
  struct adduce_value *full = value_get(fields, span_text("k5"));
  for (int more = 0; more < 200; more++) {
    struct adduce_span larger;
    if (content_encode(scope, &larger, fields, seed16) != ADDUCE_OK) break;
    content = larger;
    value_add(scope, full, value_integer(scope, 1));
  }
  assert_int_equal(content_encode(scope, &partial, fields, seed16), ADDUCE_E_TOO_LARGE);
  struct adduce_hash root = root_of(content);
  partial = must_withhold(content, "");
  assert_true(opens(partial, &root));
  partial = must_withhold(content, "k0.7 k1 k63");
  assert_true(opens(partial, &root));
}

/* --- one root, one content ---------------------------------------------------------------- */

/* Slots written by hand, to try what no honest writer writes. */
struct slots {
  struct buffer buffer;
  uint32_t count;
};

static void begin(struct slots *slots) {
  buffer_init(&slots->buffer, scope);
  slots->count = 0;
}

static void slot(struct slots *slots, const char *key, uint32_t items) {
  pack_array(&slots->buffer, items);
  pack_text(&slots->buffer, key);
  slots->count++;
}

static struct adduce_span end(struct slots *slots) {
  struct buffer buffer;
  struct adduce_span body, content;
  assert_int_equal(buffer_take(&slots->buffer, &body), ADDUCE_OK);
  buffer_init(&buffer, scope);
  pack_array(&buffer, 2);
  pack_int(&buffer, 2);
  pack_array(&buffer, slots->count);
  pack_encoded(&buffer, body);
  assert_int_equal(buffer_take(&buffer, &content), ADDUCE_OK);
  return content;
}

/* The content {"m": {"v": 1}, "n": ["x", "y"], "o": "z"} and its parts. */
struct honest {
  struct adduce_hash root;
  uint8_t m_salt[16], n_salt[16], n0_salt[16], n1_salt[16], o_salt[16];
  struct adduce_hash m, n, o, n0, n1;
};

static struct adduce_hash tagged(uint8_t tag, const uint8_t *salt16, const void *body,
                                 size_t size) {
  struct hash hash;
  struct adduce_hash digest;
  hash_init(&hash);
  hash_update(&hash, &tag, 1);
  hash_update(&hash, salt16, 16);
  hash_update(&hash, body, size);
  hash_final(&hash, &digest);
  return digest;
}

static struct honest make_honest(void) {
  struct honest honest;
  uint8_t list[4 + 64];
  honest.root = root_of(encode_json("{\"m\":{\"v\":1},\"n\":[\"x\",\"y\"],\"o\":\"z\"}"));
  content_salt(honest.m_salt, seed16, span_text("m"), -1);
  content_salt(honest.n_salt, seed16, span_text("n"), -1);
  content_salt(honest.n0_salt, seed16, span_text("n"), 0);
  content_salt(honest.n1_salt, seed16, span_text("n"), 1);
  content_salt(honest.o_salt, seed16, span_text("o"), -1);
  honest.m = tagged(0x10, honest.m_salt, "\x81\xa1v\x01", 4);
  honest.n0 = tagged(0x12, honest.n0_salt, "\xa1x", 2);
  honest.n1 = tagged(0x12, honest.n1_salt, "\xa1y", 2);
  honest.o = tagged(0x10, honest.o_salt, "\xa1z", 2);
  bigendian_put32(list, 2);
  memcpy(list + 4, honest.n0.bytes, 32);
  memcpy(list + 36, honest.n1.bytes, 32);
  honest.n = tagged(0x11, honest.n_salt, list, sizeof list);
  return honest;
}

static void withheld_slot(struct slots *slots, const char *key, const struct adduce_hash *inner) {
  slot(slots, key, 2);
  pack_bin(&slots->buffer, inner->bytes, 32);
}

static void open_slot(struct slots *slots, const char *key, const uint8_t *salt16,
                      const char *encoded, size_t size) {
  slot(slots, key, 3);
  pack_bin(&slots->buffer, salt16, 16);
  pack_encoded(&slots->buffer, span_of(encoded, size));
}

static void open_element(struct slots *slots, const uint8_t *salt16, const char *encoded) {
  pack_array(&slots->buffer, 2);
  pack_bin(&slots->buffer, salt16, 16);
  buffer_text(&slots->buffer, encoded);
}

/* The honest slots, each as `*_form` says: 0 open, 1 withheld; and for n 2, 3: an element. */
static struct adduce_span honest_content(const struct honest *honest, int m_form, int n_form,
                                         int o_form) {
  struct slots slots;
  begin(&slots);
  if (m_form == 0)
    open_slot(&slots, "m", honest->m_salt, "\x81\xa1v\x01", 4);
  else
    withheld_slot(&slots, "m", &honest->m);
  if (n_form == 1) {
    withheld_slot(&slots, "n", &honest->n);
  } else {
    slot(&slots, "n", 3);
    pack_bin(&slots.buffer, honest->n_salt, 16);
    pack_array(&slots.buffer, 2);
    if (n_form == 2)
      pack_bin(&slots.buffer, honest->n0.bytes, 32);
    else
      open_element(&slots, honest->n0_salt, "\xa1x");
    if (n_form == 3)
      pack_bin(&slots.buffer, honest->n1.bytes, 32);
    else
      open_element(&slots, honest->n1_salt, "\xa1y");
  }
  if (o_form == 0)
    open_slot(&slots, "o", honest->o_salt, "\xa1z", 2);
  else
    withheld_slot(&slots, "o", &honest->o);
  return end(&slots);
}

static void the_honest_openings_open(void **state) {
  (void)state;
  struct honest honest = make_honest();
  for (int i = 0; i < 16; i++)
    assert_true(opens(honest_content(&honest, i & 1, i >> 1 & 3, i >> 3), &honest.root));
}

/* m and o stay withheld; what stands for n, between the two calls, is the test's. */
static struct slots begin_n(const struct honest *honest) {
  struct slots slots;
  begin(&slots);
  withheld_slot(&slots, "m", &honest->m);
  return slots;
}

static void assert_no_opening(struct slots *slots, const struct honest *honest) {
  withheld_slot(slots, "o", &honest->o);
  assert_false(opens(end(slots), &honest->root));
}

static struct slots begin_list(const struct honest *honest, uint32_t count) {
  struct slots slots = begin_n(honest);
  slot(&slots, "n", 3);
  pack_bin(&slots.buffer, honest->n_salt, 16);
  pack_array(&slots.buffer, count);
  return slots;
}

static void a_list_does_not_open_as_something_else(void **state) {
  (void)state;
  struct honest honest = make_honest();
  uint8_t preimage[68];
  bigendian_put32(preimage, 2);
  memcpy(preimage + 4, honest.n0.bytes, 32);
  memcpy(preimage + 36, honest.n1.bytes, 32);
  /* as bytes that are the list's own preimage */
  struct slots slots = begin_n(&honest);
  slot(&slots, "n", 3);
  pack_bin(&slots.buffer, honest.n_salt, 16);
  pack_bin(&slots.buffer, preimage, sizeof preimage);
  assert_no_opening(&slots, &honest);
  /* as the value ["x", "y"] without salts, as a map, as text */
  static const char *const values[] = {"\x92\xa1x\xa1y", "\x82\xa1x\x01\xa1y\x01", "\xa1x"};
  for (size_t i = 0; i < 3; i++) {
    slots = begin_n(&honest);
    open_slot(&slots, "n", honest.n_salt, values[i], strlen(values[i]));
    assert_no_opening(&slots, &honest);
  }
  /* as a list of one, whose element is the list */
  slots = begin_list(&honest, 1);
  pack_bin(&slots.buffer, honest.n.bytes, 32);
  assert_no_opening(&slots, &honest);
}

static void a_value_does_not_open_as_a_list(void **state) {
  (void)state;
  struct honest honest = make_honest();
  for (int with_hash = 0; with_hash < 2; with_hash++) {
    struct slots slots;
    begin(&slots);
    slot(&slots, "m", 3);
    pack_bin(&slots.buffer, honest.m_salt, 16);
    pack_array(&slots.buffer, 1);
    if (with_hash != 0)
      pack_bin(&slots.buffer, honest.m.bytes, 32);
    else
      open_element(&slots, honest.m_salt, "\x81\xa1v\x01");
    withheld_slot(&slots, "n", &honest.n);
    withheld_slot(&slots, "o", &honest.o);
    assert_false(opens(end(&slots), &honest.root));
  }
}

static void an_element_does_not_open_as_a_value(void **state) {
  (void)state;
  struct honest honest = make_honest();
  struct slots slots = begin_n(&honest);
  open_slot(&slots, "n", honest.n0_salt, "\xa1x", 2);
  assert_no_opening(&slots, &honest);
  slots = begin_n(&honest);
  withheld_slot(&slots, "n", &honest.n0);
  assert_no_opening(&slots, &honest);
  slots = begin_list(&honest, 2);
  pack_bin(&slots.buffer, honest.m.bytes, 32);
  pack_bin(&slots.buffer, honest.o.bytes, 32);
  assert_no_opening(&slots, &honest);
}

static void keys_do_not_move(void **state) {
  (void)state;
  struct honest honest = make_honest();
  struct slots slots;
  begin(&slots);
  withheld_slot(&slots, "m", &honest.o);
  withheld_slot(&slots, "n", &honest.n);
  withheld_slot(&slots, "o", &honest.m);
  assert_false(opens(end(&slots), &honest.root));
  begin(&slots);
  open_slot(&slots, "m", honest.o_salt, "\xa1z", 2);
  withheld_slot(&slots, "n", &honest.n);
  open_slot(&slots, "o", honest.m_salt, "\x81\xa1v\x01", 4);
  assert_false(opens(end(&slots), &honest.root));
  begin(&slots);
  withheld_slot(&slots, "l", &honest.m);
  withheld_slot(&slots, "n", &honest.n);
  withheld_slot(&slots, "o", &honest.o);
  assert_false(opens(end(&slots), &honest.root));
}

static void salts_and_elements_do_not_change_places(void **state) {
  (void)state;
  struct honest honest = make_honest();
  struct slots slots;
  begin(&slots);
  open_slot(&slots, "m", honest.o_salt, "\x81\xa1v\x01", 4);
  withheld_slot(&slots, "n", &honest.n);
  open_slot(&slots, "o", honest.m_salt, "\xa1z", 2);
  assert_false(opens(end(&slots), &honest.root));
  slots = begin_list(&honest, 2);
  open_element(&slots, honest.n1_salt, "\xa1x");
  open_element(&slots, honest.n0_salt, "\xa1y");
  assert_no_opening(&slots, &honest);
  slots = begin_list(&honest, 2);
  open_element(&slots, honest.n1_salt, "\xa1y");
  open_element(&slots, honest.n0_salt, "\xa1x");
  assert_no_opening(&slots, &honest);
  slots = begin_list(&honest, 2);
  pack_bin(&slots.buffer, honest.n1.bytes, 32);
  pack_bin(&slots.buffer, honest.n0.bytes, 32);
  assert_no_opening(&slots, &honest);
}

static void counts_do_not_change(void **state) {
  (void)state;
  struct honest honest = make_honest();
  struct slots slots;
  begin(&slots);
  assert_false(opens(end(&slots), &honest.root));
  begin(&slots);
  withheld_slot(&slots, "m", &honest.m);
  withheld_slot(&slots, "n", &honest.n);
  assert_false(opens(end(&slots), &honest.root));
  begin(&slots);
  withheld_slot(&slots, "m", &honest.m);
  withheld_slot(&slots, "n", &honest.n);
  withheld_slot(&slots, "o", &honest.o);
  withheld_slot(&slots, "o", &honest.o);
  assert_false(opens(end(&slots), &honest.root));
  for (uint32_t count = 0; count < 4; count++) {
    if (count == 2) continue;
    slots = begin_list(&honest, count);
    for (uint32_t i = 0; i < count; i++)
      pack_bin(&slots.buffer, (i == 0 ? honest.n0 : honest.n1).bytes, 32);
    assert_no_opening(&slots, &honest);
  }
}

static void a_withheld_slot_has_no_place_for_a_value(void **state) {
  (void)state;
  struct honest honest = make_honest();
  struct parsed parsed;
  struct slots slots;
  begin(&slots);
  slot(&slots, "m", 3);
  pack_bin(&slots.buffer, honest.m.bytes, 32);
  pack_encoded(&slots.buffer, span_of("\x81\xa1v\x01", 4));
  assert_int_equal(read_content(&parsed, end(&slots)), ADDUCE_E_FORM);
  begin(&slots);
  slot(&slots, "m", 4);
  pack_bin(&slots.buffer, honest.m.bytes, 32);
  pack_bin(&slots.buffer, honest.m_salt, 16);
  pack_encoded(&slots.buffer, span_of("\x81\xa1v\x01", 4));
  assert_int_equal(read_content(&parsed, end(&slots)), ADDUCE_E_FORM);
  begin(&slots);
  slot(&slots, "m", 2);
  pack_bin(&slots.buffer, honest.m_salt, 16);
  assert_int_equal(read_content(&parsed, end(&slots)), ADDUCE_E_FORM);
  begin(&slots);
  slot(&slots, "m", 1);
  assert_int_equal(read_content(&parsed, end(&slots)), ADDUCE_E_FORM);
}

static void lengths_are_exact(void **state) {
  (void)state;
  static const uint8_t zeros[64];
  struct parsed parsed;
  for (size_t size = 0; size < 64; size++) {
    struct slots slots;
    begin(&slots);
    slot(&slots, "m", 2);
    pack_bin(&slots.buffer, zeros, size);
    assert_int_equal(read_content(&parsed, end(&slots)), size == 32 ? ADDUCE_OK : ADDUCE_E_FORM);
    begin(&slots);
    slot(&slots, "m", 3);
    pack_bin(&slots.buffer, zeros, size);
    pack_int(&slots.buffer, 1);
    assert_int_equal(read_content(&parsed, end(&slots)), size == 16 ? ADDUCE_OK : ADDUCE_E_FORM);
    for (int is_open = 0; is_open < 2; is_open++) {
      begin(&slots);
      slot(&slots, "m", 3);
      pack_bin(&slots.buffer, zeros, 16);
      pack_array(&slots.buffer, 1);
      if (is_open != 0) pack_array(&slots.buffer, 2);
      pack_bin(&slots.buffer, zeros, size);
      if (is_open != 0) pack_int(&slots.buffer, 1);
      bool is_fine = size == (is_open != 0 ? 16 : 32);
      assert_int_equal(read_content(&parsed, end(&slots)), is_fine ? ADDUCE_OK : ADDUCE_E_FORM);
    }
  }
}

/* No content that differs in one byte opens the same root, in either form. */
static void no_changed_byte_opens_the_root(void **state) {
  (void)state;
  static const char *const withheld[] = {NULL, "", "b.1 c", "a b f.0", "e"};
  struct adduce_span content = encode_json(CASE);
  struct adduce_hash root = root_of(content);
  for (size_t i = 0; i < sizeof withheld / sizeof withheld[0]; i++) {
    struct adduce_span form = withheld[i] == NULL ? content : must_withhold(content, withheld[i]);
    uint8_t *copy = malloc(form.size);
    memcpy(copy, form.data, form.size);
    for (size_t at = 0; at < form.size; at++) {
      for (unsigned change = 1; change < 256; change++) {
        struct scope_mark mark = scope_mark(scope);
        copy[at] ^= (uint8_t)change;
        assert_false(opens(span_of(copy, form.size), &root));
        copy[at] ^= (uint8_t)change;
        scope_rewind(scope, mark);
      }
    }
    free(copy);
  }
}

static void a_list_that_would_look_open_is_a_list_all_the_same(void **state) {
  (void)state;
  /* Elements that have the forms of form 2: [bin 16, x] and bin 32. */
  struct adduce_span content = encode_json(
      "{\"n\":[[{\"$bytes\":\"AAAAAAAAAAAAAAAAAAAAAA==\"},\"x\"],"
      "{\"$id\":\"0000000000000000000000000000000000000000000000000000000000000000\"}]}");
  struct adduce_hash root = root_of(content);
  struct parsed whole = must_read(content);
  struct slots slots;
  uint8_t salt16[16];
  assert_true(opens(must_withhold(content, ""), &root));
  /* The value as it stands in form 1, offered as form 2's list. */
  content_salt(salt16, seed16, span_text("n"), -1);
  begin(&slots);
  slot(&slots, "n", 3);
  pack_bin(&slots.buffer, salt16, 16);
  pack_encoded(&slots.buffer, whole.fields[0].value);
  assert_false(opens(end(&slots), &root));
}

/* --- visits ------------------------------------------------------------------------------- */

static void note_salt(void *context, struct adduce_span key, int64_t element,
                      const uint8_t *salt16) {
  uint8_t expected[16];
  content_salt(expected, seed16, key, element);
  assert_memory_equal(salt16, expected, 16);
  buffer_format(context, element < 0 ? "%.*s " : "%.*s.%lld ", SPAN_ARGS(key), (long long)element);
}

static void note_path(void *context, struct adduce_span key, int64_t element) {
  buffer_format(context, element < 0 ? "%.*s " : "%.*s.%lld ", SPAN_ARGS(key), (long long)element);
}

static void assert_visits(struct adduce_span content, const char *salts, const char *missing) {
  struct parsed parsed = must_read(content);
  struct buffer buffer;
  struct adduce_span text;
  buffer_init(&buffer, scope);
  content_each_salt(&parsed, note_salt, &buffer);
  assert_int_equal(buffer_take(&buffer, &text), ADDUCE_OK);
  assert_string_equal((const char *)text.data, salts);
  buffer_init(&buffer, scope);
  buffer_text(&buffer, "");
  content_each_missing(&parsed, note_path, &buffer);
  assert_int_equal(buffer_take(&buffer, &text), ADDUCE_OK);
  assert_true(span_is(text, missing));
}

static void open_salts_and_missing_paths_are_visited_in_order(void **state) {
  (void)state;
  struct adduce_span content = encode_json(CASE);
  const char *all = "a b b.0 b.1 b.2 c d e f f.0 ";
  assert_visits(content, all, "");
  assert_visits(must_withhold(content, ""), all, "");
  assert_visits(must_withhold(content, "a b.1 f.0 e"), "b b.0 b.2 c d f ", "a b.1 e f.0 ");
  assert_visits(must_withhold(content, "b"), "a c d e f f.0 ", "b ");
}

static void content_that_is_not_held_is_missing_as_a_whole(void **state) {
  (void)state;
  struct parsed none = {.form = PARSED_NO_CONTENT};
  struct missing missing = {.count = 0};
  content_each_missing(&none, note_missing, &missing);
  assert_int_equal(missing.count, 1);
  assert_int_equal(missing.paths[0].key.size, 0);
  assert_int_equal(missing.paths[0].element, -1);
  assert_int_equal(content_verify(scope, &none), ADDUCE_OK);
}

static void what_is_no_content_is_not_encoded(void **state) {
  (void)state;
  struct adduce_span content;
  struct adduce_value *fields = value_map(scope);
  assert_int_equal(content_encode(scope, &content, value_integer(scope, 1), seed16), ADDUCE_E_FORM);
  value_set(scope, fields, "Name", value_integer(scope, 1));
  assert_int_equal(content_encode(scope, &content, fields, seed16), ADDUCE_E_FORM);
  assert_int_equal(content_encode(scope, &content, NULL, seed16), ADDUCE_OK);
  assert_int_equal(must_read(content).field_count, 0);
}

/* By hand, from docs/FORMAT.md 3, about the length at which the code changes its way. */
static void a_value_of_any_length_has_the_same_commitment(void **state) {
  (void)state;
  for (size_t size = 230; size < 260; size++) {
    struct buffer value, content;
    struct adduce_span value_bytes, content_bytes;
    struct hash hash;
    struct adduce_hash inner, root;
    uint8_t salt16[16];
    static const uint8_t tag = 0x10, one[4] = {0, 0, 0, 1}, key[] = {0xa1, 'k'};
    char text[260];
    memset(text, 'v', sizeof text);
    buffer_init(&value, scope);
    pack_str(&value, span_of(text, size));
    assert_int_equal(buffer_take(&value, &value_bytes), ADDUCE_OK);
    buffer_init(&content, scope);
    pack_array(&content, 3);
    pack_int(&content, 1);
    pack_bin(&content, seed16, 16);
    pack_map(&content, 1);
    pack_text(&content, "k");
    pack_str(&content, span_of(text, size));
    assert_int_equal(buffer_take(&content, &content_bytes), ADDUCE_OK);
    content_salt(salt16, seed16, span_text("k"), -1);
    hash_init(&hash);
    hash_update(&hash, &tag, 1);
    hash_update(&hash, salt16, 16);
    hash_span(&hash, value_bytes);
    hash_final(&hash, &inner);
    hash_init(&hash);
    hash_span(&hash, span_text("adduce/content/v1\n"));
    hash_update(&hash, one, 4);
    hash_update(&hash, key, sizeof key);
    hash_update(&hash, inner.bytes, 32);
    hash_final(&hash, &root);
    struct adduce_hash found = root_of(content_bytes);
    assert_true(hash_equal(&found, &root));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_vectors_of_another_implementation),
      cmocka_unit_test(withholding_gives_the_bytes_of_the_vectors),
      cmocka_unit_test(every_withholding_keeps_the_root),
      cmocka_unit_test(withholding_more_of_a_partial_content_keeps_the_root),
      cmocka_unit_test(an_element_of_a_withheld_list_counts_as_withheld),
      cmocka_unit_test(paths_that_are_not_there_are_not_found),
      cmocka_unit_test(what_is_withheld_is_gone_with_its_salt_and_the_seed),
      cmocka_unit_test(whatever_is_whole_can_be_withheld),
      cmocka_unit_test(the_honest_openings_open),
      cmocka_unit_test(a_list_does_not_open_as_something_else),
      cmocka_unit_test(a_value_does_not_open_as_a_list),
      cmocka_unit_test(an_element_does_not_open_as_a_value),
      cmocka_unit_test(keys_do_not_move),
      cmocka_unit_test(salts_and_elements_do_not_change_places),
      cmocka_unit_test(counts_do_not_change),
      cmocka_unit_test(a_withheld_slot_has_no_place_for_a_value),
      cmocka_unit_test(lengths_are_exact),
      cmocka_unit_test(no_changed_byte_opens_the_root),
      cmocka_unit_test(a_list_that_would_look_open_is_a_list_all_the_same),
      cmocka_unit_test(open_salts_and_missing_paths_are_visited_in_order),
      cmocka_unit_test(content_that_is_not_held_is_missing_as_a_whole),
      cmocka_unit_test(what_is_no_content_is_not_encoded),
      cmocka_unit_test(a_value_of_any_length_has_the_same_commitment),
  };
  return cmocka_run_group_tests(tests, open_scope, close_scope);
}
