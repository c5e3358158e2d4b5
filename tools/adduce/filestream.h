/* SPDX-License-Identifier: Apache-2.0 */
/* Files as streams of bytes that a bundle comes from or goes to. */
#ifndef ADDUCE_CLI_FILESTREAM_H
#define ADDUCE_CLI_FILESTREAM_H

#include "session.h"

#define FILESTREAM_BEGIN 32

struct filestream {
  FILE *file;
  uint8_t begin[FILESTREAM_BEGIN]; /* of one that is read: its first bytes, looked at before */
  size_t begin_size, begin_given;
  struct adduce_unsealed *unsealed;
  struct adduce_key opened_with;
  const char *path;      /* "-": standard input or output */
  const char *temporary; /* of one that is written: its name until it is whole */
};

/* Opens for reading. What is sealed is opened with the key of --open-with, else with the session's
 * author's, which is opened if it is not yet. Errors: as session_fail_system, those of keys_open
 * and of adduce_unsealed_open; close it in any case. */
ADDUCE_MUST_USE enum adduce_err filestream_read(struct session *session, struct filestream *stream,
                                                const char *path);
struct adduce_source filestream_source(struct filestream *stream);

#define FILESTREAM_OPTIONS                                                  \
  {                                                                         \
    0, "open-with", "KEY",                                                  \
        "the key of yours that it is sealed to, if it is not the one that " \
        "signs",                                                            \
        NULL, NULL                                                          \
  }

/* Opens for writing, under another name next to `path`. Errors: as session_fail_system. */
ADDUCE_MUST_USE enum adduce_err filestream_write(struct session *session, struct filestream *stream,
                                                 const char *path);
struct adduce_sink filestream_sink(struct filestream *stream);

/* Ends what was written: synced and under its name, in place of what was there. */
ADDUCE_MUST_USE enum adduce_err filestream_keep(struct session *session, struct filestream *stream);

/* Writes all of a file: it is whole, or not there. Errors: as session_fail_system. */
ADDUCE_MUST_USE enum adduce_err filestream_save(struct session *session, const char *path,
                                                struct adduce_span bytes);

/* Closes; removes what was not kept. */
void filestream_close(struct filestream *stream);

#endif
