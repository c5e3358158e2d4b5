/* SPDX-License-Identifier: Apache-2.0 */
/* Captured documents, kept by their digest beside the log: captures/ab/ab12... */
#ifndef LEDGER_CAPTURE_H
#define LEDGER_CAPTURE_H

#include "ledger/ledger.h"

/* Reads every kept capture and compares it with the digest in its name. Errors: ADDUCE_E_FAILED
 * (the first that differs, or a file with another name), ADDUCE_E_IO. `*count` is how many. */
MUST_USE enum adduce_err capture_check_all(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                           uint64_t *count);

/* How many captures there are. */
MUST_USE enum adduce_err capture_count(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                       uint64_t *count);

#endif
