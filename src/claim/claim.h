/* SPDX-License-Identifier: Apache-2.0 */
/* The second stage: a claim whose kind is known and whose fields obey it. Only claim_validate
 * makes one. */
#ifndef CLAIM_CLAIM_H
#define CLAIM_CLAIM_H

#include "claim/vocabulary.h"

enum claim_standing {
  CLAIM_UNDERSTOOD,     /* kind known, every field valid */
  CLAIM_INCOMPLETE,     /* as above, but a frame field, or all content, is withheld here */
  CLAIM_NOT_UNDERSTOOD, /* kind, version or a field unknown here: kept, shown, projects nothing */
};

struct claim {
  struct parsed parsed;
  const struct vocabulary_kind *kind; /* NULL when the kind itself is unknown */
  enum claim_standing standing;
};

enum claim_strictness {
  CLAIM_OWN,     /* what we write ourselves: everything must be known and whole */
  CLAIM_FOREIGN, /* what others signed: the unknown is kept as CLAIM_NOT_UNDERSTOOD */
};

/* Checks a parsed event against the vocabulary: fields known, types, bounds, required ones there,
 * times that exist, quantities that can be; refs: citations name sources that are refs with role
 * "cites", acts have their role, control kinds (but ledger.created, which is the ledger) exactly
 * one "ledger", declared kinds the "kind" they were declared by. A control claim must be whole,
 * whatever the strictness. Bidirectional overrides are not checked: they are shown harmlessly.
 *
 * A value may be {"?": "unknown"} or {"?": "none"} unless its field says otherwise (FIELD_KNOWN,
 * FIELD_EXISTS); an element of a list may be unknown; in control kinds neither is allowed.
 *
 * Errors, with the field in the detail ("field valid.from: ..."): ADDUCE_E_KIND,
 * ADDUCE_E_FIELD, ADDUCE_E_TYPE, ADDUCE_E_MISSING, ADDUCE_E_VALUE, ADDUCE_E_REFERENCE,
 * ADDUCE_E_MEMORY. CLAIM_FOREIGN never gives the first two: what has an unknown kind or field is
 * CLAIM_NOT_UNDERSTOOD and its values are not checked. */
MUST_USE enum adduce_err claim_validate(struct adduce_scope *scope, struct claim *claim,
                                        const struct parsed *parsed,
                                        const struct vocabulary *vocabulary,
                                        enum claim_strictness strictness);

/* Recomputes the standing of what was validated at admission, without checking values again:
 * for reading back. Never fails. It gives what claim_validate gave if the vocabulary is the one of
 * that position in the log; a claim of a kind that was declared only later has never been checked,
 * and must be validated if it is to be understood now. */
void claim_recall(struct claim *claim, const struct parsed *parsed,
                  const struct vocabulary *vocabulary);

/* The subject's id; empty when the kind has none, or it is absent, unknown or withheld. */
struct adduce_span claim_subject(const struct claim *claim);

/* Completes a draft for a person: a bare name ("belarus/belavia") that stands for a subject
 * becomes ORIGIN/name; in fields of type subject and inside attributions, periods, quantities and
 * {subject: name}. In the content map `content`, in place. What is neither an id nor a bare name
 * stays and is refused when the claim is validated. Errors: ADDUCE_E_KIND (`kind` is NULL),
 * ADDUCE_E_VALUE (no ids can begin with this origin), ADDUCE_E_MEMORY. */
struct adduce_value;
MUST_USE enum adduce_err claim_expand_subjects(struct adduce_scope *scope,
                                               struct adduce_value *content,
                                               const struct vocabulary_kind *kind,
                                               struct adduce_span origin);

#endif
