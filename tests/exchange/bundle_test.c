/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/bundle.h"

#include "base/bigendian.h"
#include "event/vectors.h"

#include "bundles.h"
#include "crypto/sign.h"
#include "exchange/bundlewalk.h"

/* A stream of numbers that is the same on every run. */
static uint64_t random_state = 42;
static uint64_t draw(uint64_t below) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state % below;
}

/* Selected: 0 and 1, which are control entries, and one in `sparsity` of the others. */
static void choose(bool *selected, size_t count, uint64_t sparsity) {
  for (size_t i = 0; i < count; i++) selected[i] = i < 2 || draw(sparsity) == 0;
}

struct expected {
  const struct little *log;
  const bool *selected;
  uint64_t next;
};

static void must_be_next(void *context, const struct bundlereader_item *item) {
  struct expected *expected = context;
  if (item->type == BUNDLEREADER_END) return;
  while (!expected->selected[expected->next]) expected->next++;
  assert_int_equal(item->type, BUNDLEREADER_ENTRY);
  assert_int_equal(item->index, expected->next);
  assert_true(span_equal(item->entry, expected->log->entries[item->index]));
  assert_true(span_equal(item->content, expected->log->contents[item->index]));
  expected->next++;
}

/* --- what is written is read ---------------------------------------------------------------- */

static void any_selection_of_any_tree_is_read_as_it_was_written(void **state) {
  (void)state;
  static bool selected[BUNDLES_ENTRIES];
  struct little *log = little_make(BUNDLES_ENTRIES);
  for (size_t round = 0; round < 400; round++) {
    struct scope_mark mark = scope_mark(scope);
    log->count = 1 + draw(BUNDLES_ENTRIES);
    choose(selected, log->count, 1 + draw(60));
    struct bundle_manifest manifest = little_manifest(log, selected);
    struct adduce_span bytes = little_bundle(log, &manifest, NULL);
    struct expected expected = {log, selected, 0};
    enum adduce_err err = read_all(bytes, 1 + draw(5000), must_be_next, &expected);
    if (err != ADDUCE_OK) fail_msg("%zu: %s", log->count, adduce_scope_detail(scope));
    while (expected.next < log->count && !selected[expected.next]) expected.next++;
    assert_int_equal(expected.next, log->count);
    scope_rewind(scope, mark);
  }
}

static void documents_follow_in_chunks_and_empty_ones_too(void **state) {
  (void)state;
  bool selected[2] = {true, true};
  struct little *log = little_make(2);
  struct bundle_manifest manifest = little_manifest(log, selected);
  const size_t sizes[] = {0, 1, BUNDLE_CHUNK_BYTES, 3 * BUNDLE_CHUNK_BYTES + 7};
  struct adduce_span documents[4];
  uint8_t listed[4 * BUNDLE_CAPTURE_BYTES];
  for (size_t i = 0; i < 4; i++) {
    uint8_t *bytes = scope_array(scope, 1, sizes[i] + 1);
    bytes[0] = (uint8_t)i;
    documents[i] = span_of(bytes, sizes[i]);
  }
  for (size_t i = 0; i < 4; i++) /* in order of their digests */
    for (size_t j = i + 1; j < 4; j++) {
      struct adduce_hash a = hash_bytes(documents[i]), b = hash_bytes(documents[j]);
      struct adduce_span other = documents[j];
      if (memcmp(a.bytes, b.bytes, 32) < 0) continue;
      documents[j] = documents[i];
      documents[i] = other;
    }
  for (size_t i = 0; i < 4; i++) {
    struct adduce_hash digest = hash_bytes(documents[i]);
    memcpy(listed + i * BUNDLE_CAPTURE_BYTES, digest.bytes, 32);
    bigendian_put64(listed + i * BUNDLE_CAPTURE_BYTES + 32, documents[i].size);
  }
  manifest.captures = span_of(listed, sizeof listed);
  struct adduce_span bytes = little_bundle(log, &manifest, documents);
  assert_int_equal(read_all(bytes, 1000, NULL, NULL), ADDUCE_OK);
  listed[0] ^= 1; /* another document than is sent */
  if (memcmp(listed, listed + BUNDLE_CAPTURE_BYTES, 32) < 0)
    assert_int_equal(read_all(little_bundle(log, &manifest, documents), 0, NULL, NULL),
                     ADDUCE_E_COMMITMENT);
}

/* --- the proof against a slow oracle -------------------------------------------------------- */

/* Inclusion as RFC 9162 has it, entry by entry, of the same steps. */
static void the_proof_proves_what_single_proofs_prove(void **state) {
  (void)state;
  static bool selected[BUNDLES_ENTRIES];
  struct little *log = little_make(BUNDLES_ENTRIES);
  for (size_t round = 0; round < 300; round++) {
    log->count = 1 + draw(BUNDLES_ENTRIES);
    choose(selected, log->count, 1 + draw(40));
    struct multiproof_walk walk = {log->count, 0};
    struct multiproof_step step;
    struct multiproof_fold fold, wrong;
    size_t hashes = 0, wrong_at = draw(log->count), steps = 0;
    multiproof_fold_init(&fold);
    multiproof_fold_init(&wrong);
    for (;;) {
      uint64_t next = walk.at;
      while (next < log->count && !selected[next]) next++;
      if (!multiproof_next(&walk, &step, next)) break;
      struct adduce_hash root = little_root(log, step.first, step.end);
      assert_int_equal(step.is_leaf, selected[step.first]);
      for (uint64_t i = step.first; i < step.end && !step.is_leaf; i++) assert_false(selected[i]);
      hashes += !step.is_leaf;
      multiproof_fold_add(&fold, &step, &root);
      if (step.first <= wrong_at && wrong_at < step.end) root.bytes[31] ^= 1;
      multiproof_fold_add(&wrong, &step, &root);
      steps++;
    }
    struct adduce_hash root = multiproof_fold_root(&fold), other = multiproof_fold_root(&wrong);
    struct adduce_hash expected = little_root(log, 0, log->count);
    assert_true(hash_equal(&root, &expected));
    assert_false(hash_equal(&other, &expected));
    /* No fewer hashes do: each pair of neighbours in the tree has a selected one. */
    size_t needed = 0;
    uint64_t stack[2 * 64][2] = {{0, log->count}};
    for (size_t depth = 1; depth > 0;) {
      uint64_t first = stack[--depth][0], end = stack[depth][1], half = 1;
      bool any = false;
      for (uint64_t i = first; i < end; i++) any = any || selected[i];
      needed += !any;
      if (!any || end - first == 1) continue;
      while (2 * half < end - first) half *= 2;
      stack[depth][0] = first, stack[depth++][1] = first + half;
      stack[depth][0] = first + half, stack[depth++][1] = end;
    }
    assert_int_equal(hashes, needed);
    assert_true(steps >= needed);
  }
}

/* --- nothing else is taken ------------------------------------------------------------------ */

/* A bundle of a few KiB with everything in it. */
static struct adduce_span small_bundle(struct bundle_manifest *manifest, struct little *log) {
  static bool selected[40];
  static uint8_t listed[BUNDLE_CAPTURE_BYTES];
  static const struct adduce_span document = {(const uint8_t *)"a page that was captured", 24};
  struct adduce_hash digest = hash_bytes(document);
  static struct adduce_span recipients[1], withheld[1];
  for (size_t i = 0; i < log->count; i++) selected[i] = i < 2 || i == 5 || i == 17;
  *manifest = little_manifest(log, selected);
  memcpy(listed, digest.bytes, 32);
  bigendian_put64(listed + 32, document.size);
  recipients[0] = span_text("desk.example");
  withheld[0] = span_text("name.1");
  manifest->captures = span_of(listed, sizeof listed);
  manifest->recipients = recipients, manifest->recipient_count = 1;
  manifest->withheld = withheld, manifest->withheld_count = 1;
  manifest->purpose = span_text("a test");
  manifest->keys = signer_key(log_key), manifest->key_count = 1;
  manifest->recalls = &log->ids[5], manifest->recall_count = 1;
  return little_bundle(log, manifest, &document);
}

static void every_flipped_bit_is_refused(void **state) {
  (void)state;
  struct bundle_manifest manifest;
  struct adduce_span bytes = small_bundle(&manifest, little_make(40));
  uint8_t *changed = (uint8_t *)(uintptr_t)bytes.data;
  assert_true(bytes.size > 2000 && bytes.size <= 8192);
  for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
    struct scope_mark mark = scope_mark(scope);
    changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    if (read_all(bytes, 0, NULL, NULL) == ADDUCE_OK) fail_msg("bit %zu", bit);
    changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    scope_rewind(scope, mark);
  }
  assert_int_equal(read_all(bytes, 0, NULL, NULL), ADDUCE_OK);
}

static void every_truncation_is_refused(void **state) {
  (void)state;
  struct bundle_manifest manifest;
  struct adduce_span bytes = small_bundle(&manifest, little_make(40));
  for (size_t size = 0; size < bytes.size; size++) {
    struct scope_mark mark = scope_mark(scope);
    assert_int_equal(read_all(span_of(bytes.data, size), 0, NULL, NULL), ADDUCE_E_FORM);
    scope_rewind(scope, mark);
  }
  struct buffer more;
  struct adduce_span longer;
  buffer_init(&more, scope);
  buffer_span(&more, bytes);
  buffer_byte(&more, 0);
  assert_int_equal(buffer_take(&more, &longer), ADDUCE_OK);
  assert_int_equal(read_all(longer, 0, NULL, NULL), ADDUCE_E_FORM);
  assert_int_equal(read_all(longer, bytes.size, NULL, NULL), ADDUCE_E_FORM);
}

/* Where the records of a bundle are. */
struct records {
  size_t count;
  struct adduce_span each[256];
};

static struct records split(struct adduce_span bytes) {
  struct records records = {.count = 0};
  size_t at = strlen(BUNDLE_LINE);
  while (at < bytes.size) {
    size_t size = BUNDLE_HEAD_BYTES + bigendian_get32(bytes.data + at + 1);
    records.each[records.count++] = span_of(bytes.data + at, size);
    at += size;
  }
  return records;
}

static enum adduce_err read_records(const struct records *records) {
  struct scope_mark mark = scope_mark(scope);
  struct buffer out;
  struct adduce_span bytes;
  buffer_init(&out, scope);
  buffer_text(&out, BUNDLE_LINE);
  for (size_t i = 0; i < records->count; i++) buffer_span(&out, records->each[i]);
  assert_int_equal(buffer_take(&out, &bytes), ADDUCE_OK);
  enum adduce_err err = read_all(bytes, 0, NULL, NULL);
  scope_rewind(scope, mark);
  return err;
}

static void every_swapped_dropped_or_repeated_record_is_refused(void **state) {
  (void)state;
  struct bundle_manifest manifest;
  struct records records = split(small_bundle(&manifest, little_make(40)));
  assert_true(records.count > 12);
  assert_int_equal(read_records(&records), ADDUCE_OK);
  for (size_t i = 0; i < records.count; i++) {
    for (size_t j = i + 1; j < records.count; j++) {
      struct records swapped = records;
      swapped.each[i] = records.each[j];
      swapped.each[j] = records.each[i];
      assert_int_not_equal(read_records(&swapped), ADDUCE_OK);
    }
    struct records dropped = records, repeated = records;
    dropped.count--;
    repeated.count++;
    for (size_t k = i; k < dropped.count; k++) dropped.each[k] = records.each[k + 1];
    for (size_t k = records.count; k > i; k--) repeated.each[k] = records.each[k - 1];
    assert_int_not_equal(read_records(&dropped), ADDUCE_OK);
    assert_int_not_equal(read_records(&repeated), ADDUCE_OK);
  }
}

/* Each record of another good bundle, of the same log and of another, in the place of one here. */
static void every_spliced_record_is_refused(void **state) {
  (void)state;
  static bool selected[40];
  struct bundle_manifest manifest;
  struct little *log = little_make(40);
  struct records records = split(small_bundle(&manifest, log));
  choose(selected, 40, 3);
  struct bundle_manifest other_manifest = little_manifest(log, selected);
  struct records others[] = {split(little_bundle(log, &other_manifest, NULL)),
                             split(small_bundle(&manifest, little_make(40)))};
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < records.count; i++)
      for (size_t j = 0; j < others[k].count; j++) {
        struct records spliced = records;
        if (span_equal(records.each[i], others[k].each[j])) continue;
        spliced.each[i] = others[k].each[j];
        assert_int_not_equal(read_records(&spliced), ADDUCE_OK);
      }
}

static void lengths_are_bounded_before_they_are_believed(void **state) {
  (void)state;
  struct bundle_manifest manifest;
  struct adduce_span bytes = small_bundle(&manifest, little_make(40));
  struct records records = split(bytes);
  size_t at = strlen(BUNDLE_LINE);
  for (size_t i = 0; i < records.count; i++) {
    struct scope_mark mark = scope_mark(scope);
    struct adduce_span copy = scope_copy(scope, bytes);
    memset((uint8_t *)(uintptr_t)copy.data + at + 1, 0xff, 4);
    assert_int_equal(read_all(copy, 0, NULL, NULL), ADDUCE_E_FORM);
    at += records.each[i].size;
    scope_rewind(scope, mark);
  }
}

/* --- manifests ------------------------------------------------------------------------------ */

static enum adduce_err read_manifest(struct bundle_manifest manifest) {
  struct adduce_span bytes;
  struct bundle_manifest read;
  assert_int_equal(bundle_manifest_encode(scope, &bytes, &manifest), ADDUCE_OK);
  return bundle_manifest_read(scope, &read, bytes);
}

static void manifests_that_cannot_be_are_refused(void **state) {
  (void)state;
  struct bundle_manifest good, changed;
  struct little *log = little_make(40);
  (void)small_bundle(&good, log);
  assert_int_equal(read_manifest(good), ADDUCE_OK);
#define REFUSED(err, ...)                            \
  do {                                               \
    changed = good;                                  \
    __VA_ARGS__;                                     \
    assert_int_equal(read_manifest(changed), (err)); \
  } while (0)
  REFUSED(ADDUCE_E_FORM, changed.count++);
  REFUSED(ADDUCE_E_FORM, changed.contents = changed.count + 1);
  REFUSED(ADDUCE_E_FORM, changed.origin = span_text("other.example"));
  REFUSED(ADDUCE_E_FORM, changed.handling = 5);
  REFUSED(ADDUCE_E_FORM, changed.is_complete = true, changed.from = 0, changed.to = 3);
  REFUSED(ADDUCE_E_FORM, changed.is_complete = true, changed.from = 2, changed.to = 2);
  REFUSED(ADDUCE_E_FORM, changed.is_complete = true, changed.from = 0, changed.to = 41);
  REFUSED(ADDUCE_OK, changed.is_complete = true, changed.from = 0, changed.to = 2);
  REFUSED(ADDUCE_E_NOTE, changed.checkpoint = span_text("no note"));
  REFUSED(ADDUCE_E_PROOF, changed.has_since = true, changed.since_size = 3);
  REFUSED(ADDUCE_OK, changed.has_since = true, changed.since_root = merkle_empty());
#undef REFUSED
}

static void indexes_have_one_spelling(void **state) {
  (void)state;
  const struct {
    uint32_t runs[6];
    size_t count;
    enum adduce_err err;
  } cases[] = {
      {{0, 2, 3, 1}, 2, ADDUCE_OK},
      {{0, 40}, 1, ADDUCE_OK},
      {{0, 0}, 1, ADDUCE_E_FORM},
      {{0, 2, 0, 1}, 2, ADDUCE_E_FORM},
      {{0, 41}, 1, ADDUCE_E_FORM},
      {{40, 1}, 1, ADDUCE_E_FORM},
      {{0, 2, UINT32_MAX, 1}, 2, ADDUCE_E_FORM},
      {{0, UINT32_MAX}, 1, ADDUCE_E_FORM},
      {{0, 2, 38, 1}, 2, ADDUCE_E_FORM},
      {{0, 2, 37, 1}, 2, ADDUCE_OK},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint8_t bytes[48];
    uint64_t count;
    for (size_t k = 0; k < 2 * cases[i].count; k++)
      bigendian_put32(bytes + 4 * k, cases[i].runs[k]);
    assert_int_equal(indexes_check(scope, &count, span_of(bytes, 8 * cases[i].count), 40),
                     cases[i].err);
  }
  uint64_t count;
  uint8_t odd[9] = {0};
  assert_int_equal(indexes_check(scope, &count, span_of(odd, 9), 40), ADDUCE_E_FORM);
}

/* A manifest whose value nests far deeper than any may, and one with an unknown key. */
static void deep_and_strange_manifests_are_refused(void **state) {
  (void)state;
  struct bundle_manifest read;
  size_t size = (size_t)1 << 20;
  uint8_t *deep = malloc(size);
  memset(deep, 0x91, size);
  assert_int_equal(bundle_manifest_read(scope, &read, span_of(deep, size)), ADDUCE_E_NOT_CANONICAL);
  free(deep);
  static const uint8_t strange[] = {0x81, 0xa4, 'z', 'z', 'z', 'z', 0x01};
  assert_int_equal(bundle_manifest_read(scope, &read, span_of(strange, sizeof strange)),
                   ADDUCE_E_FORM);
}

/* --- skeletons ------------------------------------------------------------------------------ */

static struct adduce_span strip(struct adduce_span bytes) {
  struct stream_bytes stream = {bytes, 0};
  const struct adduce_source source = {read_bytes, &stream};
  struct buffer out;
  struct adduce_span skeleton;
  buffer_init(&out, scope);
  const struct adduce_sink sink = {put_bytes, &out};
  assert_int_equal(bundlereader_strip(scope, &source, &sink), ADDUCE_OK);
  assert_int_equal(buffer_take(&out, &skeleton), ADDUCE_OK);
  return skeleton;
}

static bool holds(struct adduce_span bytes, struct adduce_span piece) {
  for (size_t at = 0; at + piece.size <= bytes.size; at++)
    if (memcmp(bytes.data + at, piece.data, piece.size) == 0) return true;
  return false;
}

static void must_hold_no_value(void *context, const struct bundlereader_item *item) {
  (void)context;
  assert_true(item->type == BUNDLEREADER_ENTRY || item->type == BUNDLEREADER_END);
  assert_int_equal(item->content.size, 0);
}

static void a_skeleton_verifies_and_holds_no_value(void **state) {
  (void)state;
  struct bundle_manifest manifest;
  struct little *log = little_make(40);
  struct adduce_span bytes = small_bundle(&manifest, log), skeleton = strip(bytes);
  assert_int_equal(read_all(skeleton, 7, must_hold_no_value, NULL), ADDUCE_OK);
  assert_true(holds(bytes, log->contents[5]) && holds(bytes, span_text("captured")));
  assert_false(holds(skeleton, log->contents[5]) || holds(skeleton, span_text("captured")));
  assert_true(span_equal(strip(skeleton), skeleton));
  uint8_t *changed = (uint8_t *)(uintptr_t)skeleton.data;
  for (size_t bit = 0; bit < 8 * skeleton.size; bit += 3) {
    struct scope_mark mark = scope_mark(scope);
    changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_int_not_equal(read_all(skeleton, 0, NULL, NULL), ADDUCE_OK);
    changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    scope_rewind(scope, mark);
  }
}

/* --- walking -------------------------------------------------------------------------------- */

static enum adduce_err count_entry(void *context, struct adduce_scope *unused,
                                   const struct bundlewalk_entry *entry) {
  size_t *count = context;
  (void)unused;
  assert_int_equal(entry->entry.control, entry->index < 2);
  ++*count;
  return ADDUCE_OK;
}

static enum adduce_err walk(struct adduce_span bytes, size_t *count) {
  struct stream_bytes stream = {bytes, 0};
  const struct adduce_source source = {read_bytes, &stream};
  struct bundlewalk walk = {.visit = count_entry, .context = count};
  *count = 0;
  assert_int_equal(unwrap_open(scope, &walk.unwrap, &source, NULL), ADDUCE_OK);
  enum adduce_err err = bundlewalk_run(scope, &walk);
  unwrap_close(&walk.unwrap);
  return err;
}

static void a_walk_verifies_every_event(void **state) {
  (void)state;
  static bool selected[BUNDLES_ENTRIES];
  size_t count;
  struct little *log = little_make(BUNDLES_ENTRIES);
  choose(selected, log->count, 1);
  struct bundle_manifest manifest = little_manifest(log, selected);
  assert_int_equal(walk(little_bundle(log, &manifest, NULL), &count), ADDUCE_OK);
  assert_int_equal(count, log->count);
  /* Well exported, but an event is not well signed, or its content another's. */
  struct adduce_span kept = log->contents[9];
  log->contents[9] = log->contents[10];
  assert_int_equal(walk(little_bundle(log, &manifest, NULL), &count), ADDUCE_E_COMMITMENT);
  log->contents[9] = kept;
  kept = log->entries[7];
  struct adduce_span bad = scope_copy(scope, kept);
  ((uint8_t *)(uintptr_t)bad.data)[bad.size - 1] ^= 1;
  log->entries[7] = bad;
  log->leaves[7] = merkle_leaf(bad);
  manifest = little_manifest(log, selected);
  assert_int_equal(walk(little_bundle(log, &manifest, NULL), &count), ADDUCE_E_SIGNATURE);
  log->entries[7] = kept;
  log->leaves[7] = merkle_leaf(kept);
  log->contents[1] = span_of(NULL, 0); /* a control entry without its content */
  manifest = little_manifest(log, selected);
  assert_int_equal(walk(little_bundle(log, &manifest, NULL), &count), ADDUCE_E_MISSING);
}

/* --- what others make ------------------------------------------------------------------------- */

static enum adduce_err pass(void *context, struct adduce_scope *unused,
                            const struct bundlewalk_entry *entry) {
  (void)context, (void)unused, (void)entry;
  return ADDUCE_OK;
}

/* Reads to the end, and verifies every event. */
static enum adduce_err verify_all(struct adduce_span bytes) {
  struct stream_bytes stream = {bytes, 0};
  const struct adduce_source source = {read_bytes, &stream};
  struct bundlewalk walk = {.visit = pass};
  enum adduce_err err = unwrap_open(scope, &walk.unwrap, &source, NULL);
  if (err == ADDUCE_OK) err = bundlewalk_run(scope, &walk);
  unwrap_close(&walk.unwrap);
  return err;
}

/* Lines are long: a bundle and its skeleton, made by a program that knows the description alone. */
static void the_vectors_are_judged_as_they_say(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/bundle.txt", "re");
  struct vector vector;
  size_t good = 0, bad = 0;
  assert_non_null(file);
  for (; vector_next(file, &vector); free(vector.line)) {
    struct scope_mark mark = scope_mark(scope);
    assert_int_equal(vector.count, 4);
    struct adduce_span bytes = vector_bytes(scope, vector.words[2]);
    const char *verdict = adduce_error_name(verify_all(bytes));
    if (strcmp(verdict, vector.words[1]) != 0)
      fail_msg("%s: %s, not %s: %s", vector.words[0], verdict, vector.words[1],
               adduce_scope_detail(scope));
    if (strcmp(verdict, "ok") == 0) {
      assert_bytes(strip(bytes), vector.words[3]);
      assert_int_equal(verify_all(vector_bytes(scope, vector.words[3])), ADDUCE_OK);
      good++;
    } else {
      bad++;
    }
    scope_rewind(scope, mark);
  }
  (void)fclose(file);
  assert_true(good >= 5 && bad >= 28);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_selection_of_any_tree_is_read_as_it_was_written),
      cmocka_unit_test(documents_follow_in_chunks_and_empty_ones_too),
      cmocka_unit_test(the_proof_proves_what_single_proofs_prove),
      cmocka_unit_test(every_flipped_bit_is_refused),
      cmocka_unit_test(every_truncation_is_refused),
      cmocka_unit_test(every_swapped_dropped_or_repeated_record_is_refused),
      cmocka_unit_test(every_spliced_record_is_refused),
      cmocka_unit_test(lengths_are_bounded_before_they_are_believed),
      cmocka_unit_test(manifests_that_cannot_be_are_refused),
      cmocka_unit_test(indexes_have_one_spelling),
      cmocka_unit_test(deep_and_strange_manifests_are_refused),
      cmocka_unit_test(a_skeleton_verifies_and_holds_no_value),
      cmocka_unit_test(a_walk_verifies_every_event),
      cmocka_unit_test(the_vectors_are_judged_as_they_say),
  };
  return cmocka_run_group_tests(tests, open_bundles, close_bundles);
}
