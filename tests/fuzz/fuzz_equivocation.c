/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of equivocation: what is read is written as it was, or it is not read. */
#include "exchange/equivocation.h"

#include "base/invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct equivocation evidence;
  struct adduce_span text;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  if (equivocation_parse(scope, &evidence, span_of(data, size)) == ADDUCE_OK) {
    INVARIANT(equivocation_encode(scope, &text, &evidence) == ADDUCE_OK);
    INVARIANT(span_equal(text, span_of(data, size)));
  }
  adduce_scope_close(&scope);
  return 0;
}
