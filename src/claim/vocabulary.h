/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary: which kinds of claim there are, which fields they have and what they do.
 *
 * It is declared, not coded: one table (kinds.c) is read by validate, by the projections, by
 * the command line's help and by the documentation. An organization adds kinds of its own
 * with a `kind.declared` event; they enter the same structs and are treated the same way. */
#ifndef CLAIM_VOCABULARY_H
#define CLAIM_VOCABULARY_H

#include "claim/parsed.h"

/* Version of the built-in table; part of what a state digest depends on. */
#define VOCABULARY_VERSION 1

/* X(symbol, name in kind.declared, what it is) */
#define FIELD_TYPES(X)                                                                          \
  X(FIELD_TEXT, "text", "text, or {v, original, lang, script} to keep the source's spelling")   \
  X(FIELD_SUBJECT, "subject", "a subject id: AUTHORITY/name, wikidata:..., https://..., urn:...") \
  X(FIELD_BOOLEAN, "boolean", "true or false")                                                  \
  X(FIELD_INTEGER, "integer", "an integer within 2^53 - 1")                                     \
  X(FIELD_DECIMAL, "decimal", "a decimal number as text, of any size")                          \
  X(FIELD_ID, "id", "an event id (32 bytes)")                                                   \
  X(FIELD_KEY, "key", "an Ed25519 public key (32 bytes)")                                       \
  X(FIELD_DIGEST, "digest", "a SHA-256 digest (32 bytes)")                                      \
  X(FIELD_TIME, "time", "a time of the world, ISO 8601 with the precision it has")              \
  X(FIELD_PERIOD, "period", "{from, to, certainty, after, before, during, ...}")                \
  X(FIELD_DURATION, "duration", "an ISO 8601 duration")                                         \
  X(FIELD_QUANTITY, "quantity", "{exact|at_least|at_most|about|majority_of|some, unit, of}")    \
  X(FIELD_ATTRIBUTION, "attribution", "one hop of who says it on whose word")                   \
  X(FIELD_CITATION, "citation", "a place in a cited source: {source, selector, quote, ...}")    \
  X(FIELD_LANGUAGE, "language", "a BCP 47 language tag")                                        \
  X(FIELD_COUNTRY, "country", "an ISO 3166-1 alpha-2 code, lower case, or a UN M49 region")     \
  X(FIELD_CHOICE, "choice", "one of the words listed")                                          \
  X(FIELD_VALUE, "value", "text, subject, integer, truth value or quantity")                    \
  X(FIELD_MAP, "map", "a map, kept as it is")

enum field_type {
#define FIELD_TYPE_ENUM(symbol, name, text) symbol,
  FIELD_TYPES(FIELD_TYPE_ENUM)
#undef FIELD_TYPE_ENUM
};

const char *vocabulary_type_name(enum field_type type);
const char *vocabulary_type_text(enum field_type type);

enum {
  FIELD_REQUIRED = 1,
  FIELD_REPEATED = 2, /* a list of the type */
  FIELD_FRAME = 4,    /* withheld, it makes the whole claim incomplete */
  FIELD_STATE = 8,    /* its value becomes a fact about the subject */
};

struct vocabulary_field {
  const char *name;
  enum field_type type;
  unsigned flags;
  const char *choices; /* of FIELD_CHOICE: words separated by one space; else NULL */
  const char *text;    /* one sentence for help and docs */
};

/* What a claim of the kind does to the state. */
enum kind_effect {
  EFFECT_NONE,    /* kept and shown; control kinds act in the log, not in the state */
  EFFECT_SETS,    /* each FIELD_STATE field is a value for that field of the subject */
  EFFECT_MOVES,   /* as SETS, and the subject is in state `state` ("released") */
  EFFECT_ASSERTS, /* field `property` of the subject has value `value` */
  EFFECT_RELATES, /* from -relation-> to */
  EFFECT_ACTS,    /* acts on the claims its refs with role `acts_role` name */
  EFFECT_SAME,    /* judges two subjects to be the same or not */
  EFFECT_SOURCE,  /* registers a source; the event's id is the source */
};

/* X(symbol, family as in design 6) */
enum kind_family { FAMILY_WORLD, FAMILY_SOURCE, FAMILY_LIFE, FAMILY_IDENTITY, FAMILY_AUTHOR,
                   FAMILY_EXCHANGE, FAMILY_LEDGER };

struct vocabulary_kind {
  const char *name; /* with authority and version where it has them */
  const char *text; /* one sentence */
  enum kind_family family;
  enum kind_effect effect;
  bool control;            /* changes rules or rights: whole at admission, names its ledger */
  bool has_frame;          /* takes the common frame fields as well (vocabulary_frame) */
  const char *subject;     /* the field that is the subject; NULL if none */
  const char *state;       /* of EFFECT_MOVES and EFFECT_ACTS: "released", "retracted" */
  const char *acts_role;   /* of EFFECT_ACTS: the role of the refs it acts on ("target") */
  const char *right;       /* of control kinds: the right its author needs; else NULL */
  const struct vocabulary_field *fields;
  size_t field_count;
  const char *example;     /* one line of JSON that `append` takes */
  const uint8_t *declared_by32; /* id of the kind.declared event; NULL for built-in kinds */
};

/* The frame every world claim can carry: attribution, citations, valid, stated_at, quantity,
 * polarity, certainty, open_list, original, extraction, note. */
const struct vocabulary_field *vocabulary_frame(size_t *count);

/* The built-in kinds, in the order of the documentation. */
const struct vocabulary_kind *vocabulary_builtin(size_t *count);

/* Built-in and declared kinds together. Lives in the scope it was made in. */
struct vocabulary;

MUST_USE enum adduce_err vocabulary_open(struct adduce_scope *scope,
                                         struct vocabulary **vocabulary);

/* The kind of this name; NULL if it is not declared. */
const struct vocabulary_kind *vocabulary_find(const struct vocabulary *vocabulary,
                                              struct adduce_span name);

/* Adds what a (whole, validated) kind.declared claim declares; `id32` is its event id. Strings are copied.
 * Errors: ADDUCE_E_VALUE (the kind exists already with other content, a bad name, type or
 * flag), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err vocabulary_declare(struct adduce_scope *scope,
                                            struct vocabulary *vocabulary,
                                            const struct parsed *declaration,
                                            const uint8_t *id32);

/* Declared kinds, in order of declaration. */
size_t vocabulary_declared_count(const struct vocabulary *vocabulary);
const struct vocabulary_kind *vocabulary_declared(const struct vocabulary *vocabulary,
                                                  size_t index);

/* The field of the kind, its own or the frame's; NULL if it has none of this name. */
const struct vocabulary_field *vocabulary_field(const struct vocabulary_kind *kind,
                                                struct adduce_span name);

#endif
