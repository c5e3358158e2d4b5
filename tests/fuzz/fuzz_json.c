/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever JSON is read says the same when it is written and read again, in both layouts; and
 * what value_encode takes of it comes back from its bytes. */
#include "base/invariant.h"
#include "codec/canonical.h"
#include "codec/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_json(struct adduce_scope *scope, const struct adduce_value *value, bool pretty) {
  const struct adduce_value *again;
  const char *json, *json_again;
  INVARIANT(adduce_value_to_json(scope, &json, value, pretty) == ADDUCE_OK);
  INVARIANT(adduce_value_from_json(scope, &again, json, strlen(json)) == ADDUCE_OK);
  INVARIANT(value_equal(value, again));
  INVARIANT(adduce_value_to_json(scope, &json_again, again, pretty) == ADDUCE_OK);
  INVARIANT(strcmp(json, json_again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  const struct adduce_value *value;
  struct adduce_value *decoded;
  struct adduce_span canonical;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  enum adduce_err err = adduce_value_from_json(scope, &value, (const char *)data, size);
  if (err == ADDUCE_OK) {
    check_json(scope, value, false);
    check_json(scope, value, true);
    err = value_encode(scope, &canonical, value);
    INVARIANT(err == ADDUCE_OK || err == ADDUCE_E_TOO_LARGE);
    if (err == ADDUCE_OK) {
      INVARIANT(value_decode(scope, &decoded, canonical) == ADDUCE_OK);
      INVARIANT(value_equal(value, decoded));
    }
  } else {
    INVARIANT(err == ADDUCE_E_JSON || err == ADDUCE_E_TEXT || err == ADDUCE_E_VALUE);
    INVARIANT(adduce_scope_detail(scope)[0] != '\0');
  }
  adduce_scope_close(&scope);
  return 0;
}
