/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle is read to its end or refused, in bounded memory; what is accepted verifies as its
 * skeleton too, and that skeleton is its own. A manifest that is read is written back the same. */
#include "base/invariant.h"
#include "exchange/bundlereader.h"

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

static bool strip(struct adduce_scope *scope, struct adduce_span input, struct adduce_span *out) {
  struct buffer stripped;
  struct adduce_span rest = input;
  buffer_init(&stripped, scope);
  const struct adduce_source source = {read_some, &rest};
  const struct adduce_sink sink = {write_some, &stripped};
  if (bundlereader_strip(scope, &source, &sink) != ADDUCE_OK) return false;
  INVARIANT(buffer_take(&stripped, out) == ADDUCE_OK);
  return true;
}

static void try_manifest(struct adduce_scope *scope, struct adduce_span input) {
  struct bundle_manifest manifest;
  struct adduce_span again;
  if (bundle_manifest_read(scope, &manifest, input) != ADDUCE_OK) return;
  INVARIANT(bundle_manifest_encode(scope, &again, &manifest) == ADDUCE_OK);
  INVARIANT(span_equal(again, input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct adduce_span skeleton, again;
  INVARIANT(adduce_scope_open(&scope, (size_t)256 << 20) == ADDUCE_OK);
  if (strip(scope, span_of(data, size), &skeleton)) {
    INVARIANT(strip(scope, skeleton, &again));
    INVARIANT(span_equal(skeleton, again));
  }
  try_manifest(scope, span_of(data, size));
  adduce_scope_close(&scope);
  return 0;
}
