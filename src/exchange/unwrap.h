/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a bundle of strangers: a confined process (sys/confine.h) takes it apart, this one gets
 * what is in it, in a form of lengths and bytes:
 *
 *   u8 type || u32be size || payload
 *     M  the manifest       S  a piece of the skeleton
 *     E  u64be index, u8 has_content, digest 32, u32be entry size, entry, content
 *     C  digest 32, u64be size: a document begins       D  a piece of it
 *     Z  the end: all of it verified                    X  u32be error, its detail
 *
 * The process may have been taken over, so its word for tree, digests and signature is worth what
 * a reader's is; events are parsed and verified again by whoever takes them. */
#ifndef EXCHANGE_UNWRAP_H
#define EXCHANGE_UNWRAP_H

#include "exchange/bundlereader.h"

struct unwrap;

/* Starts, and reads up to the manifest. Source and sink as for bundlereader_open; errors too, and
 * ADDUCE_E_REFUSED (the process was ended: see confine_read). `*unwrap` is NULL then. */
MUST_USE enum adduce_err unwrap_open(struct adduce_scope *scope, struct unwrap **unwrap,
                                     const struct adduce_source *source,
                                     const struct adduce_sink *skeleton);

/* The same for the frames themselves, whoever wrote them: they are the whole of what this process
 * trusts the other one with, and a reader of them is tried with any bytes. They may hold 1 MiB. */
MUST_USE enum adduce_err unwrap_open_frames(struct adduce_scope *scope, struct unwrap **unwrap,
                                            const struct adduce_source *frames,
                                            const struct adduce_sink *skeleton);
void unwrap_close(struct unwrap **unwrap);

const struct bundle_manifest *unwrap_manifest(const struct unwrap *unwrap);
bool unwrap_is_skeleton(const struct unwrap *unwrap);

/* What holds the process, in words. Static text. */
const char *unwrap_guards(const struct unwrap *unwrap);

/* As bundlereader_next. */
MUST_USE enum adduce_err unwrap_next(struct adduce_scope *scope, struct unwrap *unwrap,
                                     struct bundlereader_item *item);

#endif
