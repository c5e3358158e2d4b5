/* SPDX-License-Identifier: Apache-2.0 */
/* A regular file read, and changed, at places of one's choice. */
#ifndef SYS_READER_H
#define SYS_READER_H

#include "base/scope.h"

struct reader {
  int fd;
  const char *path; /* borrowed */
};

/* Errors: ADDUCE_E_NO_FILE, ADDUCE_E_PERMISSION, ADDUCE_E_IO (also: not a regular file). Nothing
 * stays open then. */
MUST_USE enum adduce_err reader_open(struct adduce_scope *scope, struct reader *reader,
                                     const char *path);

/* As reader_open, for changing what is there too. Errors: also ADDUCE_E_READ_ONLY. */
MUST_USE enum adduce_err reader_open_changing(struct adduce_scope *scope, struct reader *reader,
                                              const char *path);

/* How many bytes the file has now. Errors: ADDUCE_E_IO. */
MUST_USE enum adduce_err reader_size(struct adduce_scope *scope, const struct reader *reader,
                                     uint64_t *bytes);

/* Reads exactly `size` bytes at `offset`. Several threads may. Errors: ADDUCE_E_CORRUPT (the file
 * ends before), ADDUCE_E_IO. */
MUST_USE enum adduce_err reader_read(struct adduce_scope *scope, const struct reader *reader,
                                     uint8_t *out, size_t size, uint64_t offset);

/* Sets `size` bytes at `offset` to zero, in a file opened for changing; not durable before a sync.
 * Errors: ADDUCE_E_DISK_FULL, ADDUCE_E_IO. */
MUST_USE enum adduce_err reader_clear(struct adduce_scope *scope, const struct reader *reader,
                                      size_t size, uint64_t offset);

/* Closing twice is fine. */
void reader_close(struct reader *reader);

#endif
