/* SPDX-License-Identifier: Apache-2.0 */
/* The world a question is asked of: one snapshot of the log and one of the projections,
 * brought into step with each other. */
#ifndef LEDGER_WORLD_H
#define LEDGER_WORLD_H

#include "ledger/ledger.h"
#include "projection/fold.h"
#include "query/world.h"
#include "tree/checkpoint.h"

struct ledger_world {
  struct query_world query; /* what the question sees */
  struct adduce_ledger *ledger;
  struct log_view view;
  struct rules *past; /* rules of `past_size` entries, when a question asked for them */
  uint64_t past_size;
};

/* Brings the projections up to the log, then takes the snapshots. Rows found damaged are dropped
 * and built anew, once. Errors: ADDUCE_E_READ_ONLY (the projections are behind and may not be
 * written), those of log_view_open and fold_catch_up. */
MUST_USE enum adduce_err world_open(struct adduce_scope *scope, struct ledger_world *world,
                                    struct adduce_ledger *ledger);
void world_close(struct ledger_world *world);

/* The checkpoint that came with an import, which its admission has parsed. Errors:
 * ADDUCE_E_CORRUPT, ADDUCE_E_NOTE, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err world_import_checkpoint(struct adduce_scope *scope,
                                                 struct ledger_world *world,
                                                 struct checkpoint *checkpoint,
                                                 const struct rules_import *import);

/* The rules of the entries [0, size), until the next call or the end of the world. Sizes that
 * ascend cost no more than the last of them. Errors: as rules_apply, ADDUCE_E_CORRUPT. */
MUST_USE enum adduce_err world_rules(struct adduce_scope *scope, struct ledger_world *world,
                                     const struct rules **rules, uint64_t size);

/* The log as the projections read it; lives as long as the ledger. */
struct fold_feed world_feed(struct adduce_ledger *ledger);

/* Brings the projections up to the log. Errors: as world_open. */
MUST_USE enum adduce_err world_catch_up(struct adduce_scope *scope, struct adduce_ledger *ledger);

#endif
