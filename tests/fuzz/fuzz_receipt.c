/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody's receipt is accepted by chance, and reading one never goes wrong. */
#include "base/invariant.h"
#include "crypto/sign.h"
#include "exchange/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct receipt receipt;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  INVARIANT(sign_start(scope) == ADDUCE_OK);
  if (receipt_open(scope, &receipt, span_of(data, size)) == ADDUCE_OK) {
    INVARIANT(receipt_is(span_of(data, size)));
    INVARIANT(receipt.origin.size != 0 && receipt.source.size != 0);
  }
  adduce_scope_close(&scope);
  return 0;
}
