/* SPDX-License-Identifier: Apache-2.0 */
/* Files as streams of bytes that a bundle comes from or goes to. */
#ifndef ADDUCE_CLI_FILESTREAM_H
#define ADDUCE_CLI_FILESTREAM_H

#include "session.h"

struct filestream {
  FILE *file;
  const char *path;      /* "-": standard input or output */
  const char *temporary; /* of one that is written: its name until it is whole */
};

/* Opens for reading. Errors: as session_fail_system. */
ADDUCE_MUST_USE enum adduce_err filestream_read(struct session *session, struct filestream *stream,
                                                const char *path);
struct adduce_source filestream_source(struct filestream *stream);

/* Opens for writing, under another name next to `path`. Errors: as session_fail_system. */
ADDUCE_MUST_USE enum adduce_err filestream_write(struct session *session, struct filestream *stream,
                                                 const char *path);
struct adduce_sink filestream_sink(struct filestream *stream);

/* Ends what was written: synced and under its name, in place of what was there. */
ADDUCE_MUST_USE enum adduce_err filestream_keep(struct session *session, struct filestream *stream);

/* Closes; removes what was not kept. */
void filestream_close(struct filestream *stream);

#endif
