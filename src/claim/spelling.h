/* SPDX-License-Identifier: Apache-2.0 */
/* How the small words of a claim are spelled: keys, kinds, subject ids, languages, countries,
 * numbers, paths. Pure grammar: nothing here says whether the thing exists. */
#ifndef CLAIM_SPELLING_H
#define CLAIM_SPELLING_H

#include "adduce/types.h"
#include "base/span.h"

#define SPELLING_KEY_BYTES 64
#define SPELLING_KIND_BYTES 128
#define SPELLING_SUBJECT_BYTES 512

/* A key of a content: [a-z][a-z0-9_]*, at most 64 bytes. */
MUST_USE bool spelling_key(struct adduce_span text);

/* [A-Za-z][A-Za-z0-9_:-]*, at most 64 bytes. */
MUST_USE bool spelling_word(struct adduce_span text);

/* The parts of a kind's name. */
struct spelling_kind {
  struct adduce_span authority; /* empty for built-in kinds */
  struct adduce_span noun;
  struct adduce_span verb;
  uint32_t version; /* 1 where none is written */
};

/* `noun.verb` or `AUTHORITY:noun.verb`, and `@N` from 2 to 999,999,999, at most 128 bytes. Noun
 * and verb are [a-z][a-z0-9_]*; the authority ends at the last colon and is
 * [a-z0-9][a-z0-9._/:-]*. `kind` may be NULL. */
MUST_USE bool spelling_kind(struct adduce_span text, struct spelling_kind *kind);

/* A subject id, at most 512 bytes of UTF-8 without spaces and control characters: AUTHORITY/path
 * with a lower-case host name that has a dot, or SCHEME:rest with a scheme of
 * [a-z][a-z0-9+.-]*. An event is `event:` and 64 lower-case hexadecimal digits. */
MUST_USE bool spelling_subject(struct adduce_span text);

/* A well-formed BCP 47 tag, by its subtags' lengths and characters. */
MUST_USE bool spelling_language(struct adduce_span text);

/* Two lower-case letters (ISO 3166-1), or three digits (UN M49). */
MUST_USE bool spelling_country(struct adduce_span text);

/* -?(0|[1-9][0-9]*)(.[0-9]+)?, at most 128 bytes, and not "-0". */
MUST_USE bool spelling_decimal(struct adduce_span text);

/* `key` or `key.INDEX`; `*element` is -1 for the whole field. `key` and `element` may be NULL. */
MUST_USE bool spelling_path(struct adduce_span text, struct adduce_span *key, int64_t *element);

/* True iff `text` is one of `choices`, which are separated by one space. */
MUST_USE bool spelling_choice(struct adduce_span text, const char *choices);

/* A level of the Traffic Light Protocol 2.0: clear, green, amber, amber+strict, red. */
#define SPELLING_HANDLINGS "clear, green, amber, amber+strict, red"
const char *spelling_handling(enum adduce_handling handling);
MUST_USE bool spelling_handling_of(struct adduce_span text, enum adduce_handling *handling);

#endif
