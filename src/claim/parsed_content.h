/* SPDX-License-Identifier: Apache-2.0 */
/* The half of claim/parsed.h that reads contents: forms 1 and 2, their fields and elements. */
#ifndef CLAIM_PARSED_CONTENT_H
#define CLAIM_PARSED_CONTENT_H

#include "claim/parsed.h"

/* Reads `content`, which is canonical, into the content half of `*parsed`. The bounds on what
 * form 2 would need are checked unless `is_stored`. Errors: ADDUCE_E_FORM, ADDUCE_E_VERSION,
 * ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err parsed_content_read(struct adduce_scope *scope, struct parsed *parsed,
                                             struct adduce_span content, bool is_stored);

#endif
