/* SPDX-License-Identifier: Apache-2.0 */
/* Captured documents, kept by their digest beside the log: captures/ab/ab12... */
#ifndef LEDGER_CAPTURE_H
#define LEDGER_CAPTURE_H

#include "ledger/ledger.h"

/* Where the capture with this digest is kept, whether or not it is there. */
const char *capture_path(struct adduce_scope *scope, const struct adduce_ledger *ledger,
                         const struct adduce_hash *digest);

/* The document that a source names by its digest; false for other kinds, and when that is withheld.
 */
bool capture_named(struct adduce_scope *scope, struct adduce_hash *digest,
                   const struct parsed *source);

/* Reads every kept capture and compares it with the digest in its name. Errors: ADDUCE_E_FAILED
 * (the first that differs, or a file with another name), ADDUCE_E_IO. `*count` is how many. */
MUST_USE enum adduce_err capture_check_all(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                           uint64_t *count);

/* How many captures there are. */
MUST_USE enum adduce_err capture_count(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                       uint64_t *count);

/* Visits every capture that is held, by its name. The error of a visit ends the walk. */
typedef enum adduce_err capture_visit_fn(void *context, struct adduce_scope *scope,
                                         const struct adduce_hash *digest, const char *path);
MUST_USE enum adduce_err capture_each(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                      capture_visit_fn *visit, void *context);

/* Whether one of the texts stands in a file, byte for byte. Errors: ADDUCE_E_IO. */
MUST_USE enum adduce_err capture_holds(struct adduce_scope *scope, bool *holds, const char *path,
                                       const struct adduce_span *texts, size_t count);

/* Removes a capture, and what a crash has left of writing it, durably. Nothing there is fine. (It
 * is not overwritten: on file systems that copy on write, on logs and on flash that reaches other
 * blocks.) Errors: as file_remove. */
MUST_USE enum adduce_err capture_remove(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                        const struct adduce_hash *digest);

#endif
