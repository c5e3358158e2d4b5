/* SPDX-License-Identifier: Apache-2.0 */
/* Remotes: the places with which a ledger exchanges bundles, one folder each:
 *
 *   remotes/NAME/location   where it is, as it was given: a folder or a URL, and a newline
 *   remotes/NAME/policy     whose log is expected there, a C2SP tlog-policy; without it nothing is
 *                           pulled
 *   remotes/NAME/seal       the keys to which what is pushed is sealed, 64 digits a line; without
 *                           it nothing is sealed
 *   remotes/NAME/pulled     the checkpoint up to which it was pulled, a signed note
 *   remotes/NAME/pushed     the checkpoint of ours up to which it was pushed
 *
 * None of them is signed over or part of the log: they are this ledger's memory of others. */
#ifndef LEDGER_REMOTES_H
#define LEDGER_REMOTES_H

#include "ledger/ledger.h"

#define REMOTES_NAME_MAX 64
#define REMOTES_LOCATION_MAX 4096
#define REMOTES_BUNDLE_MAX ((size_t)1 << 40) /* bytes of a bundle in a depot */

/* The path of one of the files above. */
const char *remotes_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                         const char *name, const char *file);

/* Errors: ADDUCE_E_USAGE (it is no name: letters, digits, '.', '_', '-', not first a '.'),
 * ADDUCE_E_NOT_FOUND (there is no such remote, and which there are). */
MUST_USE enum adduce_err remotes_find(struct adduce_scope *scope,
                                      const struct adduce_ledger *ledger, const char *name);

/* A file of a remote; `*bytes` is empty when it is not there. Errors: those of file_read. */
MUST_USE enum adduce_err remotes_read(struct adduce_scope *scope,
                                      const struct adduce_ledger *ledger, struct adduce_span *bytes,
                                      const char *name, const char *file);

/* The keys of `seal`, none if there is no such file. Errors: ADDUCE_E_CORRUPT (it holds anything
 * else), those of file_read. */
MUST_USE enum adduce_err remotes_keys(struct adduce_scope *scope,
                                      const struct adduce_ledger *ledger,
                                      const struct adduce_key **keys, size_t *count,
                                      const char *name);

/* Errors: those of file_write; ADDUCE_E_READ_ONLY. */
MUST_USE enum adduce_err remotes_write(struct adduce_scope *scope,
                                       const struct adduce_ledger *ledger, const char *name,
                                       const char *file, struct adduce_span bytes);

#endif
