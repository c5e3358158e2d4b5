/* SPDX-License-Identifier: Apache-2.0 */
/* Expands bare names to subject ids in a draft, see claim_expand_subjects. */
#ifndef CLAIM_EXPAND_H
#define CLAIM_EXPAND_H

#include "claim/vocabulary.h"
#include "codec/value.h"

/* In place, in the fields of `content` that `kind` has. Errors: ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err expand_content(struct adduce_scope *scope, struct adduce_value *content,
                                        const struct vocabulary_kind *kind,
                                        struct adduce_span origin);

#endif
