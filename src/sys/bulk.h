/* SPDX-License-Identifier: Apache-2.0 */
/* Many files into one folder at the price of one sync: each is whole or not there to everybody
 * who looks, but durable only after bulk_sync. While it is open nobody else writes there so. */
#ifndef SYS_BULK_H
#define SYS_BULK_H

#include "base/scope.h"

struct bulk {
  int fd; /* of the folder, locked */
  const char *folder;
};

/* Opens and locks (waiting for other holders) a folder that is there; `folder` is borrowed.
 * Errors: ADDUCE_E_NO_FILE, ADDUCE_E_PERMISSION, ADDUCE_E_IO. */
MUST_USE enum adduce_err bulk_open(struct adduce_scope *scope, struct bulk *bulk,
                                   const char *folder);

/* Writes the file at `path`, relative to the folder, replacing what is there; folders above it
 * are made. Errors: ADDUCE_E_DISK_FULL, ADDUCE_E_READ_ONLY, ADDUCE_E_PERMISSION, ADDUCE_E_IO; what
 * was there stands, and no temporary is left. */
MUST_USE enum adduce_err bulk_write(struct adduce_scope *scope, const struct bulk *bulk,
                                    const char *path, struct adduce_span bytes);

/* Everything written so far is on the disk. Errors: ADDUCE_E_IO, ADDUCE_E_DISK_FULL. */
MUST_USE enum adduce_err bulk_sync(struct adduce_scope *scope, const struct bulk *bulk);

/* Unlocks and closes; closing twice is fine. */
void bulk_close(struct bulk *bulk);

#endif
