/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping two ledgers in step: remotes, pull, push.
 *
 * A depot is a folder, or whatever a web server makes of one:
 *
 *   checkpoint   the giver's checkpoint, a C2SP signed note: how far the bundles reach
 *   bundle/N     the bundle of the entries from N on (docs/FORMAT.md); where it ends, the next
 *                one begins
 *
 * Bundles are never replaced, so that whoever has pulled up to one can go on from there, and
 * only what is new travels. The library opens no connection: the caller brings the means. */
#ifndef ADDUCE_SYNC_H
#define ADDUCE_SYNC_H

#include "adduce/proof.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- depots ---------------------------------------------------------------------------------*/

/* Gets the file at `path` of the depot into the file `to`, which is new or replaced, and has at
 * most `limit_bytes`. Errors to give: as adduce_fetch_fn; `to` may be anything then. */
typedef enum adduce_err adduce_depot_get_fn(void *context, struct adduce_scope *scope,
                                            const char *to, const char *path, size_t limit_bytes);

/* Puts the file `from` at `path` of the depot, whole or not at all; with `exclusive` only where
 * there is none. Errors to give: ADDUCE_E_EXISTS (with `exclusive`), ADDUCE_E_REMOTE, ADDUCE_E_IO,
 * ADDUCE_E_PERMISSION, ADDUCE_E_DISK_FULL. */
typedef enum adduce_err adduce_depot_put_fn(void *context, struct adduce_scope *scope,
                                            const char *path, const char *from, bool exclusive);

struct adduce_depot {
  adduce_fetch_fn *fetch; /* small files, into memory */
  adduce_depot_get_fn *get;
  adduce_depot_put_fn *put;
  void *context;
};

/* A folder; it is borrowed, and made by the first put. */
ADDUCE_API struct adduce_depot adduce_depot_folder(const char *folder);

/* --- remotes --------------------------------------------------------------------------------*/

/* Remembers a place under a name of letters, digits, '.', '_' and '-'. `policy` (a C2SP
 * tlog-policy as text; NULL: none) says whose log is expected there, and is needed to pull.
 * Errors: ADDUCE_E_USAGE (the name, or a location with control characters), ADDUCE_E_EXISTS,
 * ADDUCE_E_POLICY, ADDUCE_E_READ_ONLY, those of writing files. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_remote_add(struct adduce_scope *scope,
                                                             struct adduce_ledger *ledger,
                                                             const char *name, const char *location,
                                                             const char *policy);

/* Forgets a place; what was imported from it stays. Errors: ADDUCE_E_NOT_FOUND, those of removing
 * files. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_remote_remove(struct adduce_scope *scope,
                                                                struct adduce_ledger *ledger,
                                                                const char *name);

/* {remotes: [{name, location, origin?, policy: bool, pulled?: CHECKPOINT, pushed?: CHECKPOINT}]},
 * CHECKPOINT {origin, size, root}. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_remotes(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **remotes);

#ifdef __cplusplus
}
#endif
#endif
