/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the value of one field is what the vocabulary wants: type, bounds, choices, and the
 * shape of the maps inside. Driven by the same tables that help and documentation print. */
#ifndef CLAIM_FIELDVALUE_H
#define CLAIM_FIELDVALUE_H

#include "claim/vocabulary.h"

struct fieldvalue_context {
  struct adduce_scope *scope;
  const struct parsed *parsed; /* whose refs citations lead to, and whose fields there are */
  const struct vocabulary_kind *kind;
};

/* Checks a field that is not withheld as a whole; of a list, the elements that are open.
 * Errors, "field valid.from: ...": ADDUCE_E_TYPE, ADDUCE_E_MISSING (a key inside a map),
 * ADDUCE_E_VALUE, ADDUCE_E_REFERENCE. */
MUST_USE enum adduce_err fieldvalue_validate(const struct fieldvalue_context *context,
                                             const struct vocabulary_field *field,
                                             const struct parsed_field *parsed);

#endif
