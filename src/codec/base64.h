/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 of RFC 4648 section 4, as JSON shows bytes: with padding, one encoding for each value. */
#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include "base/buffer.h"

/* Appends the base64 text of `bytes`. */
void base64_encode(struct buffer *buffer, struct adduce_span bytes);

/* Appends the bytes that `text` says. False when it is not exactly what base64_encode writes for
 * some bytes: another alphabet, spaces, missing padding, or unused bits that are not zero. */
MUST_USE bool base64_decode(struct buffer *buffer, struct adduce_span text);

#endif
