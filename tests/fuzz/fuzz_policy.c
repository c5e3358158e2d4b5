/* SPDX-License-Identifier: Apache-2.0 */
/* A policy that was accepted obeys its own invariants, and nothing meets it by itself. */
#include "base/invariant.h"
#include "exchange/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct policy *policy) {
  size_t members = 0;
  for (size_t g = 0; g < policy->group_count; g++) {
    const struct policy_group *group = &policy->groups[g];
    INVARIANT(group->threshold >= 1 && group->threshold <= group->member_count);
    for (size_t m = 0; m < group->member_count; m++) {
      const struct policy_member *member = &group->members[m];
      INVARIANT(member->at < (member->is_group ? g : policy->witness_count));
    }
    members += group->member_count;
  }
  INVARIANT(members <= policy->group_count + policy->witness_count);
  if (policy->has_quorum) INVARIANT(policy_member_name(policy, &policy->quorum).size != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct policy policy;
  struct policy_verdict verdict;
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  if (policy_parse(scope, &policy, span_of(data, size)) == ADDUCE_OK) {
    check(&policy);
    INVARIANT(policy_evaluate(scope, &verdict, &policy, span_of(data, size)) != ADDUCE_OK);
    const char *json;
    INVARIANT(value_finish(scope) == ADDUCE_OK);
    (void)!adduce_value_to_json(scope, &json, policy_describe(scope, &policy, &verdict), false);
  }
  adduce_scope_close(&scope);
  return 0;
}
