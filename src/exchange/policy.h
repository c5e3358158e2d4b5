/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies, exactly C2SP tlog-policy: which logs are known, which witnesses, and how many of
 * them must have cosigned a checkpoint.
 *
 *     log <vkey> [<url>]
 *     witness <name> <vkey> [<url>]
 *     group <name> all|any|<k> <name>...
 *     quorum <name>|none                  (exactly one)
 *
 * Strict: comments are whole lines, spaces are ASCII space and tab, every line ends in a newline
 * (so a policy that was cut off is no policy), names refer to lines above, each is a member once,
 * no key stands twice among the logs or among the witnesses. A log or a witness whose key we cannot
 * verify with (type 0x06, ML-DSA-44) is known, never counts, and is named as such. */
#ifndef EXCHANGE_POLICY_H
#define EXCHANGE_POLICY_H

#include "codec/value.h"
#include "crypto/cosignature.h"
#include "tree/checkpoint.h"

#define POLICY_BYTES_MAX ((size_t)1 << 20)
#define POLICY_LINES_MAX 1024 /* logs, witnesses and groups, each */

struct policy_log {
  struct note_verifier verifier; /* its name is the origin */
  struct adduce_span url;        /* empty if none */
  bool verifiable;
};

struct policy_witness {
  struct adduce_span name; /* in the policy only */
  struct cosignature_key key;
  bool verifiable; /* false: of a type we cannot verify */
  struct adduce_span url;
};

/* A witness or a group, by its place in the policy. */
struct policy_member {
  bool is_group;
  size_t at;
};

struct policy_group {
  struct adduce_span name;
  size_t threshold; /* 1 <= threshold <= member_count */
  const struct policy_member *members;
  size_t member_count;
};

struct policy {
  struct policy_log *logs;
  struct policy_witness *witnesses;
  struct policy_group *groups; /* members of a group stand before it */
  size_t log_count, witness_count, group_count;
  bool has_quorum; /* false: quorum none */
  struct policy_member quorum;
};

/* Reads a policy. Spans borrow from `text`. Errors, with the line: ADDUCE_E_POLICY,
 * ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err policy_parse(struct adduce_scope *scope, struct policy *policy,
                                      struct adduce_span text);

/* How a checkpoint stands under a policy. */
struct policy_verdict {
  const struct policy_log *log; /* who signed it */
  struct checkpoint checkpoint;
  int64_t *witness_times_s; /* for each witness: 0 when it did not cosign */
  bool *witness_unverified; /* for each witness: it signed, of a type we cannot verify */
  size_t unknown;           /* signatures by keys that the policy does not name */
  size_t *group_counts;     /* for each group: how many of its members are met */
  bool met;
};

/* Verifies a checkpoint. Errors: ADDUCE_E_NOTE, ADDUCE_E_TOO_LARGE; ADDUCE_E_SIGNATURE (no log of
 * the policy signed it, or a signature of a known key is bad); ADDUCE_E_QUORUM, and then
 * `*verdict` says what was missed; ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err policy_evaluate(struct adduce_scope *scope, struct policy_verdict *verdict,
                                         const struct policy *policy, struct adduce_span note);

/* Only the log's signature, not the quorum. Errors: as above without ADDUCE_E_QUORUM. */
MUST_USE enum adduce_err policy_open_checkpoint(struct adduce_scope *scope,
                                                struct checkpoint *checkpoint,
                                                const struct policy *policy,
                                                struct adduce_span note);

/* The verdict in words and numbers: {log, quorum, met, rules: [{name, needs, of, has, met}],
 * witnesses: [{name, key, cosigned, at?, why_not?}], unknown_signatures?}. `verdict` has been
 * filled. */
struct adduce_value *policy_describe(struct adduce_scope *scope, const struct policy *policy,
                                     const struct policy_verdict *verdict);

/* True iff the member (a witness or group) is met. */
bool policy_member_met(const struct policy *policy, const struct policy_verdict *verdict,
                       const struct policy_member *member);

struct adduce_span policy_member_name(const struct policy *policy,
                                      const struct policy_member *member);

#endif
