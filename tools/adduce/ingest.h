/* SPDX-License-Identifier: Apache-2.0 */
/* Many claims at once: NDJSON, a claim a line, appended in batches of one transaction each.
 *
 * All lines of a batch are judged, each error is said with its line, and nothing of a batch with an
 * error is left; what came before it stays. A line is a claim (adduce/ledger.h), or an event that
 * somebody signed elsewhere: {"event": {"$bytes": ...}, "content": {"$bytes": ...}}. */
#ifndef ADDUCE_CLI_INGEST_H
#define ADDUCE_CLI_INGEST_H

#include "session.h"

#define INGEST_BATCH 1000

/* Appends the claims of these files ("-" is standard input), one after the other; the session is
 * open for writing. Prints the receipt. The first error is returned, and has been reported. */
ADDUCE_MUST_USE enum adduce_err ingest_run(struct session *session, char *const *files, int count,
                                           uint64_t batch);

#endif
