/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary's view of a field, for words from the command line. */
#ifndef ADDUCE_CLI_TYPED_H
#define ADDUCE_CLI_TYPED_H

#include "session.h"

/* The field `name` of a kind (adduce_ask_kinds), its own or the frame's; NULL if it has none. */
const struct adduce_value *typed_field(const struct adduce_value *kind, const char *name);

/* Whether the field takes a list. */
bool typed_is_repeated(const struct adduce_value *kind, const char *name);

/* The JSON of `text` as this field's type reads it. What the type cannot read stays text, and the
 * library refuses it. Errors: ADDUCE_E_TYPE where only JSON can say it. */
ADDUCE_MUST_USE enum adduce_err typed_value(struct session *session, const char **json,
                                            const struct adduce_value *kind, const char *name,
                                            const char *text);

#endif
