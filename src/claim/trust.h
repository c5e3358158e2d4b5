/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a policy.set: whose claims count, for what.
 *
 * `rules` is a list of maps, tried in their order; the first whose every condition fits decides,
 * and what fits none counts. A rule has
 *
 *   effect        counts | apart | ignored: what becomes of the claims it fits
 *   author        a key (32 bytes, or 64 hexadecimal digits), and the keys of its line of rotations
 *   organization  as the authorization of the author's key names it
 *   kind          a kind; "sanction." and "monitor.example:" are beginnings
 *   subject       the subject a claim is about; "monitor.example/belarus/" is a beginning
 *   origin        whose word it is in the end, as `explain` names origins
 *   text          why, in words
 *
 * and at least one of the five conditions, unless it is the last: a rule without conditions fits
 * everything. A map that has the key `tlog_policy` alone is about witnesses (decision 0022) and is
 * passed over here. `quorum`, for kinds that need several to say so, is a name kept for later.
 *
 * Control claims, and what keys say of themselves, count whatever the rules say: they make the
 * rules. */
#ifndef CLAIM_TRUST_H
#define CLAIM_TRUST_H

#include "base/scope.h"
#include "codec/cursor.h"

#define TRUST_RULES 256 /* of one policy, so that a question's cost stays bounded */

enum trust_effect { TRUST_COUNTS, TRUST_APART, TRUST_IGNORED };

struct trust_rule {
  uint32_t place; /* in the list */
  enum trust_effect effect;
  bool has_author;
  uint8_t author32[32];
  /* Empty where there is no such condition. */
  struct adduce_span organization, kind, subject, origin;
  struct adduce_span text;
};

struct trust {
  struct trust_rule *rules;
  size_t count;
};

/* Reads the encoded list; an empty span is a policy without rules. Rules borrow from it and live in
 * the scope. Errors, with the place ("rules.2.authr") and what can stand there: ADDUCE_E_FIELD (a
 * key that no rule has), ADDUCE_E_TYPE, ADDUCE_E_VALUE, ADDUCE_E_MISSING (no effect, no condition),
 * ADDUCE_E_TOO_LARGE (more than TRUST_RULES), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err trust_read(struct adduce_scope *scope, struct trust *trust,
                                    struct adduce_span rules);

const char *trust_effect_name(enum trust_effect effect);

/* Whether text fits a condition on a kind or a subject: the same, or it begins so where the
 * condition ends in '.', ':' or '/'. */
bool trust_fits(struct adduce_span condition, struct adduce_span text);

#endif
