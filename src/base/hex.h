/* SPDX-License-Identifier: Apache-2.0 */
/* Lower-case hexadecimal, as ids and keys are shown. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/span.h"

/* Writes 2 * bytes.size digits and a NUL into `out`. */
void hex_encode(struct adduce_span bytes, char *out);

/* Reads exactly `size` bytes from `digits` (either case). False, and `out` undefined, when
 * the length is not 2 * size or a character is no digit. */
MUST_USE bool hex_decode(struct adduce_span digits, uint8_t *out, size_t size);

/* A 32-byte value as text in a struct, to be used as `hex_text32(bytes).text`. */
struct hex64 {
  char text[65];
};

struct hex64 hex_text32(const uint8_t *bytes32);

#endif
