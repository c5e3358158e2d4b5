/* SPDX-License-Identifier: Apache-2.0 */
/* Files as streams of bytes that a bundle comes from or goes to. */
#ifndef ADDUCE_CLI_STREAM_H
#define ADDUCE_CLI_STREAM_H

#include "session.h"

struct stream {
  FILE *file;
  const char *path;      /* "-": standard input or output */
  const char *temporary; /* of one that is written: its name until it is whole */
};

/* Opens for reading. Errors: as session_fail_system. */
ADDUCE_MUST_USE enum adduce_err stream_read(struct session *session, struct stream *stream,
                                            const char *path);
struct adduce_source stream_source(struct stream *stream);

/* Opens for writing, under another name next to `path`. Errors: as session_fail_system. */
ADDUCE_MUST_USE enum adduce_err stream_write(struct session *session, struct stream *stream,
                                             const char *path);
struct adduce_sink stream_sink(struct stream *stream);

/* Ends what was written: synced and under its name, in place of what was there. */
ADDUCE_MUST_USE enum adduce_err stream_keep(struct session *session, struct stream *stream);

/* Closes; removes what was not kept. */
void stream_close(struct stream *stream);

#endif
