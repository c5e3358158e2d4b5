/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of what the ledger says, and their causes, as history, diff and replay show them
 * (adduce/history.h). */
#ifndef ADDUCE_CLI_CHANGE_H
#define ADDUCE_CLI_CHANGE_H

#include "shown.h"

/* "corrected #3 1f00aa: misread", "a new claim: ...", "time passed: #3 was valid to 2026". */
const char *change_cause(const struct session *session, const struct adduce_value *cause);

/* "#12 3f9a1c22b0d4  2025-12-13 10:00Z  the Desk" of the event of a cause. */
const char *change_event(const struct session *session, const struct adduce_value *cause);

/* One change in one or more lines: "+ colour: red", "~ quantity: 52 → 123". */
void change_print(struct session *session, const struct adduce_value *change, size_t indent,
                  const struct adduce_value *subject);

#endif
