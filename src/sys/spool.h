/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is written piece by piece, and gets its name when it is whole; until then it has a
 * temporary one, and is gone if it is not kept. What a crash leaves of it spool_sweep removes. */
#ifndef SYS_SPOOL_H
#define SYS_SPOOL_H

#include "adduce/bundle.h"
#include "base/scope.h"

#define SPOOL_BUFFER ((size_t)64 << 10)

struct spool {
  int fd; /* -1: closed */
  const char *path;
  uint8_t *buffer;
  size_t held;
};

/* Makes `path`, whose folder is there; it is borrowed. Errors: ADDUCE_E_NO_FILE (no such folder),
 * ADDUCE_E_PERMISSION, ADDUCE_E_READ_ONLY, ADDUCE_E_IO, ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err spool_open(struct adduce_scope *scope, struct spool *spool,
                                    const char *path);

/* Errors: ADDUCE_E_DISK_FULL, ADDUCE_E_IO. */
MUST_USE enum adduce_err spool_write(struct adduce_scope *scope, struct spool *spool,
                                     struct adduce_span bytes);

/* Writes what it is given into the spool, which it borrows. */
struct adduce_sink spool_sink(struct spool *spool);

/* What was written can be read under `path` from now on. Errors: as spool_write. */
MUST_USE enum adduce_err spool_flush(struct adduce_scope *scope, struct spool *spool);

/* Syncs the file and gives it its name, in place of what is there; it is closed then. Errors: as
 * spool_write; the file is gone. */
MUST_USE enum adduce_err spool_keep(struct adduce_scope *scope, struct spool *spool,
                                    const char *path);

/* Removes the file, if it was not kept. */
void spool_close(struct spool *spool);

/* A temporary name in the folder that nobody else uses; in the scope. */
const char *spool_temporary(struct adduce_scope *scope, const char *folder);

/* Removes what processes that are no more have left under such names. Errors: those of file_list.
 */
MUST_USE enum adduce_err spool_sweep(struct adduce_scope *scope, const char *folder);

#endif
