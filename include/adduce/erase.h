/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing: content leaves this ledger for good, while every signature, proof and commitment still
 * verifies.
 *
 * An erasure is a signed `content.erased` on the log: who did it, why, under which rule. In the
 * same transaction the values and their salts leave the contents, and with the first value of a
 * claim the seed. Then the rows that were made of them are made anew, and both stores are rewritten
 * without free pages, so that a search of the ledger's folder finds nothing. Until that is done a
 * mark says so durably: a crash is made good by the next opening with a log signer, by
 * adduce_erase_finish and by adduce_compact, and adduce_stat says `erasing`.
 *
 * Out of reach are: copies that left (bundles, published files, backups, file system snapshots),
 * blocks of the disk that files no longer use, and the memory of processes that are reading. */
#ifndef ADDUCE_ERASE_H
#define ADDUCE_ERASE_H

#include "adduce/ledger.h"

#ifdef __cplusplus
extern "C" {
#endif

struct adduce_erasure {
  const char *event;        /* as adduce_resolve takes it */
  const char *const *paths; /* "field" or "field.2", from 0; none: all of the content */
  size_t path_count;
  const char *reason; /* without what is erased: it can never be erased itself */
  const char *basis;  /* under which rule; NULL: not said */
  bool captures;      /* remove the captured document that the event names, too */
  bool dry_run;       /* judge and say what would go; nothing is written */
};

/* Erases. `report` is
 *   {event: {id, index, kind}, paths?: [path] or all: true, dry_run,
 *    standing: {before, after}: understood, incomplete (a frame field goes: the claim then says
 *     nothing any more), not-understood,
 *    rows: [{projection, before, after}]: rows of this event that change in number,
 *    captures: [{digest, removed, holds_value}]: captured documents that go, or in which a text
 *     stands that is erased,
 *    disclosures, unknown: who was given the event, as adduce_disclosures says it,
 *    erasure?: {id, index, recorded_at}, finished?}
 * Errors: ADDUCE_E_NOT_FOUND (no such event, field or element, or nothing of it is held),
 * ADDUCE_E_REFUSED (a control kind; or no document is named), ADDUCE_E_HELD (a hold forbids it),
 * ADDUCE_E_USAGE, ADDUCE_E_VALUE (a path), those of adduce_writer_commit: nothing has changed then.
 * An error that begins with "erased, but" comes after the transaction: the values are out of the
 * contents, and the mark stands. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_erase(struct adduce_scope *scope,
                                                        struct adduce_ledger *ledger,
                                                        const struct adduce_value **report,
                                                        const struct adduce_erasure *erasure,
                                                        const struct adduce_signer *author);

/* Finishes what a crash has left of an erasure; `*was_pending` says whether there was any. What
 * processes that died have left of bundles on their way goes, too.
 * Errors: those of adduce_compact; the mark stands then. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_erase_finish(struct adduce_scope *scope,
                                                               struct adduce_ledger *ledger,
                                                               bool *was_pending);

/* The holds that were placed here: {holds: [{id, index, author, reason, authority?, until?,
 * targets?: [id] (none: everything), state: in force, lifted or passed, lifted_index?}]}, in log
 * order; `passed` by the ledger's clock. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_holds(struct adduce_scope *scope,
                                                        struct adduce_ledger *ledger,
                                                        const struct adduce_value **answer);

#ifdef __cplusplus
}
#endif
#endif
