/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sealed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/hex.h"
#include "crypto/sign.h"
#include "event/vectors.h"

#define KEYS 3
#define PREAMBLE(count) (17 + 32 + 32 + 1 + 48 * (count) + 24)
#define CHUNK (65536 + 17)

static struct adduce_scope *scope;
static struct signer *signers[KEYS + 1]; /* the last is nobody's recipient */

static int setup(void **state) {
  (void)state;
  if (adduce_scope_open(&scope, 0) != ADDUCE_OK || sign_start(scope) != ADDUCE_OK) return -1;
  for (uint8_t i = 0; i <= KEYS; i++) {
    const uint8_t seed[32] = {3, i};
    if (signer_from_seed(scope, &signers[i], seed) != ADDUCE_OK) return -1;
  }
  return 0;
}

static int teardown(void **state) {
  (void)state;
  for (size_t i = 0; i <= KEYS; i++) signer_close(&signers[i]);
  adduce_scope_close(&scope);
  return 0;
}

static enum adduce_err put(void *context, struct adduce_scope *unused, struct adduce_span bytes) {
  (void)unused;
  buffer_span(context, bytes);
  return ADDUCE_OK;
}

/* Seals to the first `count` keys, written `step` bytes at a time. */
static struct adduce_span seal(struct adduce_span plain, size_t count, size_t step) {
  struct adduce_key keys[KEYS];
  struct sealed_writer *writer;
  struct adduce_span sealed;
  struct buffer out;
  buffer_init(&out, scope);
  const struct adduce_sink sink = {put, &out};
  for (size_t i = 0; i < count; i++) keys[i] = *signer_key(signers[i]);
  assert_int_equal(sealed_writer_open(scope, &writer, &sink, keys, count), ADDUCE_OK);
  const struct adduce_sink inside = sealed_writer_sink(writer);
  for (size_t at = 0; at < plain.size; at += step) {
    size_t part = plain.size - at < step ? plain.size - at : step;
    assert_int_equal(inside.write(inside.context, scope, span_of(plain.data + at, part)),
                     ADDUCE_OK);
  }
  assert_int_equal(sealed_writer_finish(scope, writer), ADDUCE_OK);
  sealed_writer_close(&writer);
  assert_int_equal(buffer_take(&out, &sealed), ADDUCE_OK);
  return sealed;
}

struct bytes {
  struct adduce_span rest;
  size_t step;
};

static enum adduce_err take(void *context, struct adduce_scope *unused, uint8_t *out, size_t *got,
                            size_t capacity) {
  struct bytes *bytes = context;
  (void)unused;
  *got = bytes->rest.size < capacity ? bytes->rest.size : capacity;
  if (*got > bytes->step) *got = bytes->step;
  if (*got != 0) memcpy(out, bytes->rest.data, *got);
  bytes->rest = span_of(bytes->rest.data + *got, bytes->rest.size - *got);
  return ADDUCE_OK;
}

/* Opens to the end; `given` is what came out, also before an error. */
static enum adduce_err unseal(struct adduce_span sealed, const struct signer *signer, size_t step,
                              struct adduce_span *given) {
  struct bytes bytes = {sealed, step};
  const struct adduce_source source = {take, &bytes};
  struct sealed_reader *reader;
  struct buffer out;
  buffer_init(&out, scope);
  enum adduce_err err = sealed_reader_open(scope, &reader, &source, signer);
  while (err == ADDUCE_OK) {
    uint8_t some[1000];
    size_t got;
    const struct adduce_source inside = sealed_reader_source(reader);
    err = inside.read(inside.context, scope, some, &got, sizeof some);
    if (err != ADDUCE_OK)
      assert_int_not_equal(inside.read(inside.context, scope, some, &got, 1), 0);
    if (err != ADDUCE_OK || got == 0) break;
    buffer_append(&out, some, got);
  }
  sealed_reader_close(&reader);
  assert_int_equal(buffer_take(&out, given), ADDUCE_OK);
  return err;
}

static struct adduce_span plain_of(size_t size) {
  uint8_t *bytes = scope_array(scope, size + 1, 1);
  assert_non_null(bytes);
  for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)(i * 7 + i / 251);
  return span_of(bytes, size);
}

static void each_recipient_reads_what_was_sealed(void **state) {
  (void)state;
  const size_t sizes[] = {0, 1, 65535, 65536, 65537, 3 * 65536, 200000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (size_t count = 1; count <= KEYS; count++) {
      struct scope_mark mark = scope_mark(scope);
      struct adduce_span plain = plain_of(sizes[i]), given;
      struct adduce_span sealed = seal(plain, count, 1 + i * 9973);
      assert_int_equal(sealed.size, PREAMBLE(count) + plain.size + 17 * (plain.size / 65536 + 1));
      assert_true(sealed_is(sealed));
      for (size_t k = 0; k < count; k++) {
        assert_int_equal(unseal(sealed, signers[k], 1 + k * 7919, &given), ADDUCE_OK);
        assert_true(span_equal(given, plain));
      }
      assert_int_equal(unseal(sealed, signers[KEYS], SIZE_MAX, &given), ADDUCE_E_UNAUTHORIZED);
      assert_int_equal(given.size, 0);
      scope_rewind(scope, mark);
    }
}

static void nobody_is_no_recipient(void **state) {
  (void)state;
  struct sealed_writer *writer;
  struct buffer out;
  buffer_init(&out, scope);
  const struct adduce_sink sink = {put, &out};
  struct adduce_key many[SEALED_RECIPIENTS_MAX + 1];
  for (size_t i = 0; i <= SEALED_RECIPIENTS_MAX; i++) many[i] = *signer_key(signers[0]);
  assert_int_equal(sealed_writer_open(scope, &writer, &sink, many, 0), ADDUCE_E_USAGE);
  assert_int_equal(sealed_writer_open(scope, &writer, &sink, many, SEALED_RECIPIENTS_MAX + 1),
                   ADDUCE_E_USAGE);
  memset(many[1].bytes, 0, 32); /* of order 4 */
  assert_int_equal(sealed_writer_open(scope, &writer, &sink, many, 2), ADDUCE_E_KEY);
  assert_null(writer);
  assert_int_equal(out.size, 0);
}

static void every_flipped_bit_is_refused_and_gives_nothing(void **state) {
  (void)state;
  struct adduce_span plain = plain_of(300), given;
  struct adduce_span sealed = seal(plain, 2, 64);
  uint8_t *bytes = (uint8_t *)(uintptr_t)sealed.data;
  for (size_t bit = 0; bit < 8 * sealed.size; bit++) {
    struct scope_mark mark = scope_mark(scope);
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    if (unseal(sealed, signers[0], SIZE_MAX, &given) == ADDUCE_OK) fail_msg("bit %zu", bit);
    assert_int_equal(given.size, 0);
    bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    scope_rewind(scope, mark);
  }
}

static void every_cut_is_refused(void **state) {
  (void)state;
  struct adduce_span plain = plain_of(65536 + 50), given;
  struct adduce_span sealed = seal(plain, 1, 65536);
  for (size_t size = 0; size < sealed.size; size++) {
    /* All around heads and ends of chunks, and now and then within them. */
    size_t within = (size - PREAMBLE(1)) % CHUNK;
    if (size > PREAMBLE(1) + 40 && within > 40 && within < CHUNK - 40 && size % 911 != 0) continue;
    struct scope_mark mark = scope_mark(scope);
    assert_int_equal(unseal(span_of(sealed.data, size), signers[0], SIZE_MAX, &given),
                     ADDUCE_E_FORM);
    assert_true(given.size == 0 || given.size == 65536);
    scope_rewind(scope, mark);
  }
  struct buffer longer;
  buffer_init(&longer, scope);
  buffer_span(&longer, sealed);
  buffer_byte(&longer, 0);
  assert_int_equal(unseal(span_of(longer.data, longer.size), signers[0], SIZE_MAX, &given),
                   ADDUCE_E_FORM);
}

static void chunks_stay_in_their_order_and_file(void **state) {
  (void)state;
  struct adduce_span plain = plain_of(3 * 65536), given;
  struct adduce_span one = seal(plain, 1, 65536), other = seal(plain, 1, 65536);
  uint8_t *copy = scope_array(scope, one.size, 1);
  assert_non_null(copy);
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++) {
      if (i == j) continue;
      memcpy(copy, one.data, one.size);
      memcpy(copy + PREAMBLE(1) + i * CHUNK, one.data + PREAMBLE(1) + j * CHUNK, CHUNK);
      assert_int_equal(unseal(span_of(copy, one.size), signers[0], SIZE_MAX, &given),
                       ADDUCE_E_FORM);
    }
  for (size_t i = 0; i < 3; i++) {
    memcpy(copy, one.data, one.size);
    memcpy(copy + PREAMBLE(1) + i * CHUNK, other.data + PREAMBLE(1) + i * CHUNK, CHUNK);
    assert_int_equal(unseal(span_of(copy, one.size), signers[0], SIZE_MAX, &given), ADDUCE_E_FORM);
  }
  /* A chunk left out, and all of them but the last. */
  memcpy(copy, one.data, PREAMBLE(1));
  memcpy(copy + PREAMBLE(1), one.data + PREAMBLE(1) + CHUNK, one.size - PREAMBLE(1) - CHUNK);
  assert_int_equal(unseal(span_of(copy, one.size - CHUNK), signers[0], SIZE_MAX, &given),
                   ADDUCE_E_FORM);
  assert_int_equal(unseal(span_of(one.data, PREAMBLE(1) + 3 * CHUNK), signers[0], SIZE_MAX, &given),
                   ADDUCE_E_FORM);
}

static void two_files_share_nothing_but_their_line(void **state) {
  (void)state;
  struct adduce_span one = seal(plain_of(5), 1, 5), other = seal(plain_of(5), 1, 5);
  for (size_t at = 17; at + 32 <= one.size; at += 16)
    assert_memory_not_equal(one.data + at, other.data + at, 16 + (at == 65 ? 16 : 0));
}

/* What a program made by the description alone has sealed. */
static void the_vectors_are_opened(void **state) {
  (void)state;
  FILE *file = fopen("tests/vectors/sealed.txt", "re");
  struct vector vector;
  size_t opened = 0, refused = 0;
  assert_non_null(file);
  for (; vector_next(file, &vector); free(vector.line)) {
    struct scope_mark mark = scope_mark(scope);
    struct adduce_span given, seed = vector_bytes(scope, vector.words[1]);
    struct signer *signer;
    assert_int_equal(vector.count, 4);
    assert_int_equal(signer_from_seed(scope, &signer, seed.data), ADDUCE_OK);
    enum adduce_err err = unseal(vector_bytes(scope, vector.words[3]), signer, SIZE_MAX, &given);
    if (strcmp(vector.words[0], "ok") == 0) {
      assert_int_equal(err, ADDUCE_OK);
      assert_bytes(given, strcmp(vector.words[2], "-") == 0 ? "" : vector.words[2]);
      opened++;
    } else {
      assert_string_equal(adduce_error_name(err), vector.words[0]);
      assert_int_equal(given.size, 0);
      refused++;
    }
    signer_close(&signer);
    scope_rewind(scope, mark);
  }
  (void)fclose(file);
  assert_true(opened >= 4 && refused >= 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_recipient_reads_what_was_sealed),
      cmocka_unit_test(nobody_is_no_recipient),
      cmocka_unit_test(every_flipped_bit_is_refused_and_gives_nothing),
      cmocka_unit_test(every_cut_is_refused),
      cmocka_unit_test(chunks_stay_in_their_order_and_file),
      cmocka_unit_test(two_files_share_nothing_but_their_line),
      cmocka_unit_test(the_vectors_are_opened),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
