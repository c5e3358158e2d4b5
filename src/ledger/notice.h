/* SPDX-License-Identifier: Apache-2.0 */
/* A recall notice: a bundle of what takes events back, for those who were given them. */
#ifndef LEDGER_NOTICE_H
#define LEDGER_NOTICE_H

#include "ledger/selected.h"

/* Selects the events that options->recall names, what acts on them, and what that refers to. The
 * recalled ones are listed in `selected` and go without their contents, which their recipients
 * have. Errors: those of finding events; ADDUCE_E_REFUSED (a control event, or one that nothing
 * takes back: no retraction, correction, end or erasure acts on it and its author's key stands). */
MUST_USE enum adduce_err notice_select(struct adduce_scope *scope, struct selected *selected,
                                       struct log_view *view,
                                       const struct adduce_export_options *options);

/* Whoever was given one of these events, each once. Errors: those of adduce_disclosures;
 * ADDUCE_E_NOT_FOUND (nobody was, as far as is known here). */
MUST_USE enum adduce_err notice_recipients(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                           struct adduce_export_options *options);

#endif
