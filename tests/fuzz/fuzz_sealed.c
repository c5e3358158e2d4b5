/* SPDX-License-Identifier: Apache-2.0 */
/* A sealed stream is read to its end or refused, and what was refused once stays so. The input also
 * stands for what is sealed: it comes out as it went in. */
#include "crypto/sealed.h"

#include "base/buffer.h"
#include "base/invariant.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum adduce_err read_some(void *context, struct adduce_scope *scope, uint8_t *out,
                                 size_t *got, size_t capacity) {
  struct adduce_span *rest = context;
  (void)scope;
  *got = rest->size < capacity ? rest->size : capacity;
  if (*got != 0) memcpy(out, rest->data, *got);
  *rest = span_of(rest->data + *got, rest->size - *got);
  return ADDUCE_OK;
}

static enum adduce_err write_some(void *context, struct adduce_scope *scope,
                                  struct adduce_span bytes) {
  (void)scope;
  buffer_span(context, bytes);
  return ADDUCE_OK;
}

static bool unseal(struct adduce_scope *scope, struct adduce_span sealed, struct buffer *out,
                   const struct signer *signer) {
  const struct adduce_source source = {read_some, &sealed};
  struct sealed_reader *reader;
  uint8_t some[512];
  size_t got = 1;
  if (sealed_reader_open(scope, &reader, &source, signer) != ADDUCE_OK) return false;
  const struct adduce_source inside = sealed_reader_source(reader);
  enum adduce_err err = ADDUCE_OK;
  while (err == ADDUCE_OK && got != 0) {
    err = inside.read(inside.context, scope, some, &got, sizeof some);
    if (err == ADDUCE_OK) buffer_append(out, some, got);
  }
  enum adduce_err again = inside.read(inside.context, scope, some, &got, sizeof some);
  INVARIANT((again == ADDUCE_OK) == (err == ADDUCE_OK) && got == 0);
  sealed_reader_close(&reader);
  return err == ADDUCE_OK;
}

static void seal(struct adduce_scope *scope, struct adduce_span plain, struct buffer *out,
                 const struct signer *signer) {
  const struct adduce_sink sink = {write_some, out};
  struct sealed_writer *writer;
  INVARIANT(sealed_writer_open(scope, &writer, &sink, signer_key(signer), 1) == ADDUCE_OK);
  const struct adduce_sink inside = sealed_writer_sink(writer);
  INVARIANT(inside.write(inside.context, scope, plain) == ADDUCE_OK);
  INVARIANT(sealed_writer_finish(scope, writer) == ADDUCE_OK);
  sealed_writer_close(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t seed[32] = {9};
  struct adduce_scope *scope;
  struct signer *signer;
  struct buffer first, sealed, again;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  INVARIANT(signer_from_seed(scope, &signer, seed) == ADDUCE_OK);
  buffer_init(&first, scope);
  buffer_init(&sealed, scope);
  buffer_init(&again, scope);
  (void)unseal(scope, span_of(data, size), &first, signer);
  seal(scope, span_of(data, size), &sealed, signer);
  INVARIANT(unseal(scope, span_of(sealed.data, sealed.size), &again, signer));
  INVARIANT(span_equal(span_of(again.data, again.size), span_of(data, size)));
  signer_close(&signer);
  adduce_scope_close(&scope);
  return 0;
}
