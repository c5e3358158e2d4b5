/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a policy.set: whose claims count, for what.
 *
 * `rules` is a list of maps, tried in their order; the first whose every condition fits decides,
 * and what fits none counts. A rule has
 *
 *   effect        counts | apart | ignored: what becomes of the claims it fits
 *   admission     admit | quarantine | refuse: instead of an effect, what becomes of the foreign
 *                 events it fits when they are imported
 *   author        a key (32 bytes, or 64 hexadecimal digits), and the keys of its line of rotations
 *   organization  as the authorization of the author's key names it
 *   kind          a kind; "sanction." and "monitor.example:" are beginnings
 *   subject       the subject a claim is about; "monitor.example/belarus/" is a beginning
 *   origin        whose word it is in the end, as `explain` names origins
 *   source        of an admission: the ledger it is imported from, by its origin or its genesis id
 *   quorum, of    with the effect `counts`: what the rule fits counts only while at least `quorum`
 *                 of the members in the list `of` say it, and is otherwise what `otherwise` says
 *                 (apart, which is taken without it, or ignored). A member is a map with one of
 *                 author, organization and origin (query/quorum.h: who says what)
 *   text          why, in words
 *
 * and at least one condition, unless it is the last of its sort: a rule without conditions fits
 * everything. Rules of admission are judged by the log itself, so they know of author, kind,
 * subject and source alone, and of an author only the one key; what none of them fits is put into
 * quarantine. A map that has the key `tlog_policy` alone is about witnesses (decision 0022) and is
 * passed over here. `delegate`, for another ledger's policy, is a name kept for later (decision
 * 38).
 *
 * Control claims, and what keys say of themselves, count whatever the rules say: they make the
 * rules. */
#ifndef CLAIM_TRUST_H
#define CLAIM_TRUST_H

#include "base/scope.h"
#include "codec/cursor.h"

/* So that a question's cost stays bounded: */
#define TRUST_RULES 256  /* of one policy */
#define TRUST_MEMBERS 32 /* of one quorum */

enum trust_effect { TRUST_COUNTS, TRUST_APART, TRUST_IGNORED };
enum trust_admission { TRUST_QUARANTINE, TRUST_ADMIT, TRUST_REFUSE };

/* One of those of whom a rule wants several; one of the three is there. */
struct trust_member {
  bool has_author;
  uint8_t author32[32];
  struct adduce_span organization, origin;
};

struct trust_rule {
  uint32_t place;                 /* in the list */
  enum trust_effect effect;       /* of a rule in `rules` */
  enum trust_admission admission; /* of a rule in `admissions` */
  bool has_condition;
  bool has_author;
  uint8_t author32[32];
  /* Empty where there is no such condition. */
  struct adduce_span organization, kind, subject, origin, source;
  struct adduce_span text;
  uint32_t quorum; /* 0: none is asked for */
  struct trust_member *members;
  uint32_t member_count;
  bool has_otherwise;
  enum trust_effect otherwise; /* while there are fewer; the effect is TRUST_COUNTS then */
};

struct trust {
  struct trust_rule *rules; /* those with an effect */
  size_t count;
  struct trust_rule *admissions;
  size_t admission_count;
};

/* Reads the encoded list; an empty span is a policy without rules. Rules borrow from it and live in
 * the scope. Errors, with the place ("rules.2.authr") and what can stand there: ADDUCE_E_FIELD (a
 * key that no rule of its sort has), ADDUCE_E_TYPE, ADDUCE_E_VALUE (also a quorum that is more than
 * its members, a member that is there twice), ADDUCE_E_MISSING (neither effect nor admission, no
 * condition, a quorum without members or members without a quorum), ADDUCE_E_TOO_LARGE (more than
 * TRUST_RULES or TRUST_MEMBERS), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err trust_read(struct adduce_scope *scope, struct trust *trust,
                                    struct adduce_span rules);

const char *trust_effect_name(enum trust_effect effect);
const char *trust_admission_name(enum trust_admission admission);

/* A foreign event as rules of admission see it. */
struct trust_foreign {
  const uint8_t *author32;
  struct adduce_span kind, subject; /* subject: empty if it has none */
  bool is_subject_unknown;          /* it may have one, which is not open here */
  const uint8_t *genesis32;         /* of the ledger it is imported from */
  struct adduce_span origin;        /* of that ledger */
};

/* What the first rule of admission that fits says; `*rule` is NULL where none does, and it is to
 * be quarantined then; so it is where a rule depends on a subject that is not known. */
enum trust_admission trust_admit(const struct trust *trust, const struct trust_foreign *foreign,
                                 const struct trust_rule **rule);

/* Whether text fits a condition on a kind or a subject: the same, or it begins so where the
 * condition ends in '.', ':' or '/'. */
bool trust_fits(struct adduce_span condition, struct adduce_span text);

#endif
