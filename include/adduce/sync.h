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

#include "adduce/exchange.h"

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
 * What is pushed there is sealed to the keys of `seal_to` (none: it is not), and to the pusher's.
 * Errors: ADDUCE_E_USAGE (the name, or a location with control characters), ADDUCE_E_EXISTS,
 * ADDUCE_E_POLICY, ADDUCE_E_KEY, ADDUCE_E_READ_ONLY, those of writing files. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_remote_add(struct adduce_scope *scope,
                                                             struct adduce_ledger *ledger,
                                                             const char *name, const char *location,
                                                             const char *policy,
                                                             const struct adduce_key *seal_to,
                                                             size_t seal_to_count);

/* Forgets a place; what was imported from it stays. Errors: ADDUCE_E_NOT_FOUND, those of removing
 * files. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_remote_remove(struct adduce_scope *scope,
                                                                struct adduce_ledger *ledger,
                                                                const char *name);

/* {remotes: [{name, location, origin?, policy: bool, seal?: [key], pulled?: CHECKPOINT, pushed?:
 * CHECKPOINT}]}, CHECKPOINT {origin, size, root}. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_remotes(struct adduce_scope *scope,
                                                          struct adduce_ledger *ledger,
                                                          const struct adduce_value **remotes);

/* --- push and pull --------------------------------------------------------------------------*/

/* Leaves in the depot of a remote a bundle of every entry since the last push (of all of them the
 * first time), then our checkpoint. `options` are those of adduce_export without what selects;
 * `filter`, `all` and `since` are set here. Where somebody else has pushed from there meanwhile
 * (the same ledger on another machine), or a push was broken off before its checkpoint, that bundle
 * is taken as ours if it is, and push goes on behind it. It is sealed to `options->seal_to`,
 * without those to the remote's keys, if there are any; and then to the author's too, with which a
 * push on another machine opens it. When all that is new are bundle.exported of earlier pushes,
 * nothing is pushed. `report`: {name, from, to, bundles: n, bytes, count}; from = to: nothing was
 * new. Errors: ADDUCE_E_NOT_FOUND (the remote), ADDUCE_E_FORK (what is there is of another history
 * of this ledger), ADDUCE_E_OTHER_LEDGER (somebody else's bundles are there), those of
 * adduce_export and of the depot; what was pushed before is whole. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_push(struct adduce_scope *scope,
                                                       struct adduce_ledger *ledger,
                                                       const struct adduce_value **report,
                                                       const char *name,
                                                       const struct adduce_depot *depot,
                                                       const struct adduce_export_options *options);

/* Takes from the depot of a remote what is new since the last pull, bundle after bundle, each
 * verified, imported (adduce_import) and remembered before the next; what is
 * sealed is opened with `options->open_with`. Its checkpoint must meet the
 * remote's policy and extend the one known. `options->policy` is not looked at: it is the remote's.
 * `report`: {name, origin, from, to, bundles: n, bytes, admitted, quarantined, refused, present,
 * imports: [the reports of adduce_import, without proven and not_proven], recalled: [{id, index,
 * kind, act: the kind of what recalls it, by: its index, rests: [{id, index, kind}]}]}: events that
 * were imported before and that the source now retracts or corrects, or whose author's key it
 * revokes, each with what rests on it here.
 * Errors: ADDUCE_E_NOT_FOUND (the remote), ADDUCE_E_POLICY (it has no policy), ADDUCE_E_NO_FILE
 * (nothing was ever pushed there, or the chain of bundles has a gap), ADDUCE_E_ROLLBACK (its
 * checkpoint is older than the one known), ADDUCE_E_EQUIVOCATION (it contradicts it: `evidence` is
 * a file that adduce_check_file verifies, which also stays as remotes/NAME/equivocation), those of
 * adduce_import and of the depot; what was imported before the error stays. */
ADDUCE_API ADDUCE_MUST_USE enum adduce_err adduce_pull(
    struct adduce_scope *scope, struct adduce_ledger *ledger, const struct adduce_value **report,
    struct adduce_span *evidence, const char *name, const struct adduce_depot *depot,
    const struct adduce_import_options *options);

#ifdef __cplusplus
}
#endif
#endif
