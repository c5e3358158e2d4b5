/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of an adduce log as others see it: [recorded_at, event], from a proof or a published
 * log, with its content or without. */
#ifndef EXCHANGE_ENTRY_H
#define EXCHANGE_ENTRY_H

#include "event/event.h"

struct entry {
  int64_t recorded_at_us;
  struct parsed parsed;
  struct adduce_id id;
  bool control;
};

/* Reads an entry, and its content unless that is empty; form only. Errors:
 * ADDUCE_E_NOT_CANONICAL, ADDUCE_E_TEXT, ADDUCE_E_FORM, ADDUCE_E_VERSION, ADDUCE_E_TOO_LARGE,
 * ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err entry_read(struct adduce_scope *scope, struct entry *entry,
                                    struct adduce_span bytes, struct adduce_span content);

/* True iff these bytes look like an entry of ours with a control event: cheap, for walking over
 * many. */
bool entry_is_control(struct adduce_span bytes);

/* That its author signed it and, if its content is there, that this is what the event commits to.
 * Errors: ADDUCE_E_KEY, ADDUCE_E_SIGNATURE, ADDUCE_E_COMMITMENT. */
MUST_USE enum adduce_err entry_verify(struct adduce_scope *scope, const struct entry *entry);

#endif
