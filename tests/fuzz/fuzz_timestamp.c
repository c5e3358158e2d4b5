/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3161 responses and tokens: whatever comes is read or refused, and nothing of it verifies
 * without an authority's certificate. */
#include "crypto/timestamp.h"

#include "base/invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct timestamp timestamp;
  const struct adduce_span bytes = span_of(data, size);
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  enum adduce_err err = timestamp_parse(scope, &timestamp, bytes);
  INVARIANT(err == ADDUCE_OK || err == ADDUCE_E_FORM || err == ADDUCE_E_TOO_LARGE ||
            err == ADDUCE_E_TIMESTAMP);
  if (err == ADDUCE_OK) INVARIANT(timestamp.until_us >= timestamp.time_us);
  INVARIANT(timestamp_verify(scope, &timestamp, bytes, bytes, bytes) != ADDUCE_OK);
  adduce_scope_close(&scope);
  return 0;
}
