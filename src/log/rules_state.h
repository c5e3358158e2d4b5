/* SPDX-License-Identifier: Apache-2.0 */
/* What rules are made of; for rules.c (who may) and rules_fold.c (what follows) only.
 *
 * Invariants
 *   1. next_index is 0 iff log_key_count is 0; then nothing else is established either.
 *   2. log_keys[0].from_size is 0, and from_size ascends strictly.
 *   3. No log key is an author's key.
 *   4. The vocabulary is that of `declarations`, in their order.
 *   5. trust is read from policy_rules; it is empty where they cannot be read.
 *   6. imports ascend by index, and the runs of foreign entries do not overlap. */
#ifndef LOG_RULES_STATE_H
#define LOG_RULES_STATE_H

#include "claim/trust.h"
#include "log/authority.h"
#include "log/control.h"

struct rules_log_key {
  uint64_t from_size;
  struct note_verifier verifier; /* its name is the origin, in `home` */
};

/* A kind.declared, kept so that a copy can declare it again. */
struct rules_declaration {
  struct adduce_span event;
  struct adduce_span content;
  struct adduce_id id;
};

struct rules {
  struct adduce_scope *home; /* its own; holds everything, this struct too */
  uint64_t next_index;
  struct adduce_id genesis;
  struct adduce_span origin;
  struct vocabulary *vocabulary;
  struct authority authority;
  struct rules_log_key *log_keys;
  size_t log_key_count, log_key_capacity;
  struct rules_declaration *declarations;
  size_t declaration_count, declaration_capacity;
  struct rules_hold *holds; /* in log order */
  size_t hold_count, hold_capacity;
  bool has_policy, quarantines;
  struct adduce_id policy;
  struct adduce_span policy_rules; /* encoded */
  struct trust trust;
  struct rules_import *imports;
  size_t import_count, import_capacity;
};

/* What a control event that names this ledger (or is its genesis) would change, and whether that
 * can be. Errors: those of rules_apply. */
MUST_USE enum adduce_err rules_fold_judge(struct adduce_scope *scope, struct control *control,
                                          const struct rules *rules, uint64_t index,
                                          int64_t recorded_at_us, const struct event *event);

/* Changes the rules by what rules_fold_judge has let pass. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err rules_fold_take(struct adduce_scope *scope, struct rules *rules,
                                         const struct control *control, uint64_t index,
                                         const struct event *event);

/* Establishes in `copy`, which is empty, what `from` has. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err rules_fold_copy(struct adduce_scope *scope, struct rules *copy,
                                         const struct rules *from);

#endif
