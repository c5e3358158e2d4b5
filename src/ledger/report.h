/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that several reports have in common. */
#ifndef LEDGER_REPORT_H
#define LEDGER_REPORT_H

#include "codec/value.h"
#include "ledger/world.h"

/* Sets map.projections: [{name, version, index, rows, digest?}]. The digests, which read every
 * row, only with `digests`. Errors: those of fold_digest. */
MUST_USE enum adduce_err report_projections(struct adduce_scope *scope, struct adduce_value *map,
                                            const struct ledger_world *world, bool digests);

#endif
