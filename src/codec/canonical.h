/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical MessagePack: the only encoding that is signed, hashed or stored.
 *
 * The profile is docs/FORMAT.md 1: shortest integers and lengths; map keys are strings in
 * strictly ascending order of their raw UTF-8 bytes; no floats, ext types or nil; valid UTF-8
 * without U+0000; depth at most 16 (the top value has depth 1); at most 65,536 objects a
 * message, keys counted; integers within +-(2^53 - 1); no trailing bytes. One value has one
 * encoding, and bytes that break a rule are refused, never repaired.
 *
 * The check stands in front of every reader of foreign bytes. It allocates nothing, does not
 * recurse, and looks at each byte once.
 *
 * Of several faults the first in reading order is reported. A head is read whole, then judged:
 * form, length against the bytes left (a container needs a byte for each item and two for each
 * pair), number of objects, depth. In a key's place only strings are heads; the text of a key is
 * judged before its order. Scalars have a depth too: an item of a list has that of the list plus
 * one. The offset of a fault is that of
 *   - the head of the value or key, for integers, lengths, types, order and objects;
 *   - the head of the value that is cut short: the innermost one, if a container lacks items;
 *   - the first byte of the ill-formed sequence, or the NUL, in text;
 *   - the head of the first value that is too deep;
 *   - the first byte that is too many. */
#ifndef CODEC_CANONICAL_H
#define CODEC_CANONICAL_H

#include "base/scope.h"

#define CANONICAL_DEPTH 16
#define CANONICAL_OBJECTS 65536
#define CANONICAL_INTEGER_MAX INT64_C(9007199254740991)

/* X(symbol, what is wrong) */
#define CANONICAL_RULES(X)                                             \
  X(CANONICAL_FINE, "nothing is wrong")                                \
  X(CANONICAL_EMPTY, "there are no bytes")                             \
  X(CANONICAL_TRUNCATED, "the value ends before its length says")      \
  X(CANONICAL_TRAILING, "bytes follow the value")                      \
  X(CANONICAL_INTEGER_FORM, "the integer is not in its shortest form") \
  X(CANONICAL_INTEGER_RANGE, "the integer lies beyond 2^53 - 1")       \
  X(CANONICAL_LENGTH_FORM, "the length is not in its shortest form")   \
  X(CANONICAL_FLOAT, "floating-point numbers are not allowed")         \
  X(CANONICAL_NIL, "nil is not allowed; an optional field is absent")  \
  X(CANONICAL_EXT, "extension types are not allowed")                  \
  X(CANONICAL_RESERVED, "byte c1 is not MessagePack")                  \
  X(CANONICAL_KEY_TYPE, "a map key is not a string")                   \
  X(CANONICAL_KEY_ORDER, "map keys are not in ascending order")        \
  X(CANONICAL_KEY_DUPLICATE, "a map key stands twice")                 \
  X(CANONICAL_UTF8, "the text is not valid UTF-8")                     \
  X(CANONICAL_NUL, "the text holds U+0000")                            \
  X(CANONICAL_DEPTH_LIMIT, "nested more than 16 deep")                 \
  X(CANONICAL_OBJECT_LIMIT, "more than 65,536 objects")

enum canonical_rule {
#define CANONICAL_RULE_ENUM(symbol, text) symbol,
  CANONICAL_RULES(CANONICAL_RULE_ENUM)
#undef CANONICAL_RULE_ENUM
};

struct canonical_fault {
  enum canonical_rule rule;
  size_t offset; /* of the byte at which the rule is broken */
};

/* True iff `bytes` are exactly one canonical value. Otherwise `*fault` says what and where. */
MUST_USE bool canonical_check(struct adduce_span bytes, struct canonical_fault *fault);

/* As canonical_check for a value that begins at bytes.data and may be followed by more:
 * `*size` is its length. */
MUST_USE bool canonical_check_first(struct adduce_span bytes, size_t *size,
                                    struct canonical_fault *fault);

/* What a rule says, as in the table. */
const char *canonical_rule_text(enum canonical_rule rule);

/* canonical_check with an error. Errors: ADDUCE_E_NOT_CANONICAL (ADDUCE_E_TEXT for the two
 * rules of text), detail "WHAT: rule, at byte N". */
MUST_USE enum adduce_err canonical_require(struct adduce_scope *scope, struct adduce_span bytes,
                                           const char *what);

/* True iff `bytes` are valid UTF-8 without U+0000; otherwise `*offset` is the first bad byte. */
MUST_USE bool canonical_text(struct adduce_span bytes, size_t *offset);

#endif
