/* SPDX-License-Identifier: Apache-2.0 */
#include "query/exclusion.h"

enum adduce_err exclusion_open(struct asked *asked, const struct adduce_question *question) {
  if (question->without_count == 0 && question->only_count == 0) return ADDUCE_OK;
  return scope_fail(asked->scope, ADDUCE_E_USAGE, "leaving out is not answered here");
}

enum adduce_err exclusion_has(struct exclusion *exclusion, bool *is_out, uint64_t index) {
  (void)exclusion;
  (void)index;
  *is_out = false;
  return ADDUCE_OK;
}
