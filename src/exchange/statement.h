/* SPDX-License-Identifier: Apache-2.0 */
/* An auditor's statement: what was checked of a log, up to where, signed by the auditor. The next
 * audit starts from it. A signed note whose text is
 *
 *     adduce/audit/v1
 *     origin <origin>
 *     genesis <64 hex>          (of an adduce ledger; absent for other logs)
 *     size <decimal>
 *     root <base64>
 *     since <decimal>           (the size that an earlier statement had vouched for, or 0)
 *     entries <decimal>         (checked now)
 *     signatures <decimal>      (of authors, checked now)
 *     controls <ranges>         (the indexes of all control entries, exchange/ranges.h; where every
 *                               author's rights were checked, up to here; else absent)
 *     time <ISO 8601 instant>   (the auditor's clock)
 *     state <64 hex>            (of a ledger: these lines, if its state was digested)
 *     vocabulary <decimal>
 *     policy <64 hex>           (absent where there is none)
 *     view <64 hex>
 *     projection <name> <version> <rows> <64 hex>    (1 or more)
 *
 * Its second line is not a number, so it is never taken for a checkpoint. */
#ifndef EXCHANGE_STATEMENT_H
#define EXCHANGE_STATEMENT_H

#include "exchange/ranges.h"
#include "exchange/statedigest.h"
#include "tree/checkpoint.h"

#define STATEMENT_FIRST_LINE "adduce/audit/v1"
#define STATEMENT_RANGES_MAX 20000 /* so that it stays a note */

struct statement {
  struct adduce_span origin;
  bool has_genesis;
  struct adduce_id genesis;
  uint64_t size;
  struct adduce_hash root;
  uint64_t since, entries, signatures;
  bool has_controls;
  struct ranges controls;
  int64_t time_us;
  struct statedigest state; /* of that size and root; no parts where it was not digested */
};

/* The signed note. Errors: ADDUCE_E_NOTE (origin, the auditor's or a projection's name),
 * ADDUCE_E_TOO_LARGE (projections), ADDUCE_E_USAGE (a state of another size or root), those of
 * signer_sign, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err statement_sign(struct adduce_scope *scope, struct adduce_span *note,
                                        const struct statement *statement,
                                        struct adduce_span auditor, const struct signer *signer);

/* True iff the bytes begin as a statement does. */
MUST_USE bool statement_is(struct adduce_span bytes);

/* Reads the form; verifies nothing; `*statement` is zero on error. Errors: ADDUCE_E_NOTE (with
 * the line), ADDUCE_E_TOO_LARGE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err statement_parse(struct adduce_scope *scope, struct statement *statement,
                                         struct note *note, struct adduce_span bytes);

#endif
