/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: a selection of events with their proofs, in one file, for somebody else.
 *
 * A bundle is made and read as a stream, of any size, in bounded memory; so it comes and goes
 * through functions of the caller, and may be a file, a pipe or a connection. */
#ifndef ADDUCE_BUNDLE_H
#define ADDUCE_BUNDLE_H

#include "adduce/proof.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Gives the next bytes: up to `capacity` of them into `out`, `*got` of them, 0 only at the end.
 * Says what failed with adduce_fetch_fail. */
typedef enum adduce_err adduce_read_fn(void *context, struct adduce_scope *scope, uint8_t *out,
                                       size_t *got, size_t capacity);
struct adduce_source {
  adduce_read_fn *read;
  void *context;
};

/* Takes bytes, all of them. Says what failed with adduce_fetch_fail. */
typedef enum adduce_err adduce_write_fn(void *context, struct adduce_scope *scope,
                                        struct adduce_span bytes);
struct adduce_sink {
  adduce_write_fn *write;
  void *context;
};

#ifdef __cplusplus
}
#endif
#endif
