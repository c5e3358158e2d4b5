/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of a state, by an auditor or as JSON: whatever is accepted says the same when it is
 * written and read again, and has the name that its parts make. */
#include "exchange/statement.h"

#include "base/invariant.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_state(const struct statedigest *a, const struct statedigest *b) {
  struct adduce_hash one = statedigest_name(a), other = statedigest_name(b);
  return statedigest_same_grounds(a, b) && hash_equal(&one, &other);
}

static void try_note(struct adduce_scope *scope, struct adduce_span input) {
  static const uint8_t seed[32] = {7};
  struct statement statement, again;
  struct adduce_span made;
  struct signer *signer;
  struct note note;
  if (statement_parse(scope, &statement, &note, input) != ADDUCE_OK) return;
  INVARIANT(signer_from_seed(scope, &signer, seed) == ADDUCE_OK);
  INVARIANT(statement_sign(scope, &made, &statement, span_text("audit.example"), signer) ==
            ADDUCE_OK);
  INVARIANT(statement_parse(scope, &again, &note, made) == ADDUCE_OK);
  INVARIANT(again.size == statement.size && again.since == statement.since);
  INVARIANT(again.time_us == statement.time_us && again.has_genesis == statement.has_genesis);
  INVARIANT(again.state.part_count == statement.state.part_count);
  if (statement.state.part_count != 0) INVARIANT(same_state(&again.state, &statement.state));
  signer_close(&signer);
}

static void try_json(struct adduce_scope *scope, struct adduce_span input) {
  const struct adduce_value *json;
  struct statedigest state, again;
  struct adduce_value *map = value_map(scope), *report = value_map(scope);
  if (adduce_value_from_json(scope, &json, (const char *)input.data, input.size) != ADDUCE_OK)
    return;
  if (statedigest_read(scope, &state, json) != ADDUCE_OK) return;
  statedigest_put(scope, map, &state);
  INVARIANT(statedigest_read(scope, &again, map) == ADDUCE_OK);
  INVARIANT(same_state(&again, &state));
  INVARIANT(statedigest_compare(scope, report, &again, &state) == STATEDIGEST_SAME);
  again.view.bytes[31] ^= 1;
  INVARIANT(statedigest_compare(scope, report, &again, &state) == STATEDIGEST_NOT_COMPARABLE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct adduce_span input = span_of(data, size);
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  INVARIANT(sign_start(scope) == ADDUCE_OK);
  try_note(scope, input);
  try_json(scope, input);
  adduce_scope_close(&scope);
  return 0;
}
