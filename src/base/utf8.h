/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/span.h"

/* The length in bytes (1 to 4) of the character at the head of `text`, and its code point;
 * 0, and `*point` undefined, when no valid character begins there or `text` is empty. */
size_t utf8_decode(struct adduce_span text, uint32_t *point);

/* True iff `text` is valid UTF-8 throughout. If not, `*offset` is the first byte of the first
 * invalid sequence; `offset` may be NULL. U+0000 is valid here. */
MUST_USE bool utf8_valid(struct adduce_span text, size_t *offset);

/* True iff the code point has the Unicode property White_Space (25 of them, stable). */
bool utf8_space(uint32_t point);

#endif
