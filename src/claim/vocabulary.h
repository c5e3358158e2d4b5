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
#define FIELD_TYPES(X)                                                                            \
  X(FIELD_TEXT, "text", "text, or {v, original, lang, script} to keep the source's spelling")     \
  X(FIELD_SUBJECT, "subject", "a subject id: AUTHORITY/name, wikidata:..., https://..., urn:...") \
  X(FIELD_BOOLEAN, "boolean", "true or false")                                                    \
  X(FIELD_INTEGER, "integer", "an integer within 2^53 - 1")                                       \
  X(FIELD_DECIMAL, "decimal", "a decimal number as text, of any size")                            \
  X(FIELD_ID, "id", "an event id (32 bytes)")                                                     \
  X(FIELD_KEY, "key", "an Ed25519 public key (32 bytes)")                                         \
  X(FIELD_DIGEST, "digest", "a SHA-256 digest (32 bytes)")                                        \
  X(FIELD_TIME, "time", "a time of the world, ISO 8601 with the precision it has")                \
  X(FIELD_PERIOD, "period", "{from, to, certainty, after, before, during, ...}")                  \
  X(FIELD_DURATION, "duration", "an ISO 8601 duration")                                           \
  X(FIELD_QUANTITY, "quantity", "{exact|at_least|at_most|about|majority_of|some, unit, of}")      \
  X(FIELD_ATTRIBUTION, "attribution", "one hop of who says it on whose word")                     \
  X(FIELD_CITATION, "citation", "a place in a cited source: {source, selector, quote, ...}")      \
  X(FIELD_LANGUAGE, "language", "a BCP 47 language tag")                                          \
  X(FIELD_COUNTRY, "country", "an ISO 3166-1 alpha-2 code, lower case, or a UN M49 region")       \
  X(FIELD_CHOICE, "choice", "one of the words listed")                                            \
  X(FIELD_VALUE, "value",                                                                         \
    "text, an integer, true or false, {subject: id} for a subject, or a quantity")                \
  X(FIELD_MAP, "map", "a map, kept as it is")                                                     \
  X(FIELD_WORD, "word", "a word: a letter, then letters, digits, '_', ':' or '-'")                \
  X(FIELD_PATH, "path", "a field of a content, or one element of it: name or name.INDEX")         \
  X(FIELD_SPELLINGS, "spellings", "a map from a field to its spelling in the source")             \
  X(FIELD_EXTRACTION, "extraction", "who or what read the claim out of its source")               \
  X(FIELD_ANONYMOUS, "anonymous", "a speaker the source does not name: {description, plural}")    \
  X(FIELD_SELECTOR, "selector", "a W3C selector: TextPosition, TextQuote or FragmentSelector")    \
  X(FIELD_RELATIVE, "relative",                                                                   \
    "a subject or an event id to count from, or {to, offset} or {anchor, offset}")                \
  X(FIELD_REFERENCE, "reference", "a subject id or an event id")

enum field_type {
#define FIELD_TYPE_ENUM(symbol, name, text) symbol,
  FIELD_TYPES(FIELD_TYPE_ENUM)
#undef FIELD_TYPE_ENUM
};

const char *vocabulary_type_name(enum field_type type);
const char *vocabulary_type_text(enum field_type type);

/* The type of this name; false if there is none. */
MUST_USE bool vocabulary_type_find(struct adduce_span name, enum field_type *type);

enum {
  FIELD_REQUIRED = 1,
  FIELD_REPEATED = 2, /* a list of the type */
  FIELD_FRAME = 4,    /* withheld, it makes the whole claim incomplete */
  FIELD_STATE = 8,    /* its value becomes a fact about the subject */
  FIELD_KNOWN = 16,   /* may be neither {"?": "unknown"} nor {"?": "none"} */
  FIELD_EXISTS = 32,  /* may be unknown, but not none */
  FIELD_FACET = 64,   /* of EFFECT_MOVES: the state is that of the subject together with this
                         field's value. Each (issuer, measure, scope) of a target has its own. */
  FIELD_COUNT = 128,  /* an integer that is not negative */
  FIELD_PARTY = 256,  /* a subject that acts in what is claimed: what it says of it, it says of its
                         own acts */
};

struct vocabulary_field {
  const char *name;
  enum field_type type;
  unsigned flags;
  const char *choices; /* of FIELD_CHOICE: words separated by one space; else NULL */
  const char *text;    /* one sentence for help and docs */
};

/* The keys of a type that is a map (or may be one), in the form of fields: of `attribution`
 * agent, act, certainty ...; NULL and 0 for other types. FIELD_TEXT has v, original, lang and
 * script; FIELD_RELATIVE to, anchor and offset; FIELD_VALUE subject (a quantity has its own).
 * Text within a shape is plain text. */
const struct vocabulary_field *vocabulary_shape(enum field_type type, size_t *count);

/* What a claim of the kind does to the state. X(symbol, name in kind.declared, what it does)
 *
 * A frame's `quantity` is itself FIELD_STATE: of SETS and MOVES it is the value of the fact
 * `quantity` of the subject (a release of 123); of ASSERTS it says for how many of the subject
 * the value holds (nationality jp, at least 1). */
#define KIND_EFFECTS(X)                                                                       \
  X(EFFECT_NONE, "none", "is kept and shown; control kinds act in the log, not in the state") \
  X(EFFECT_SETS, "sets", "each state field is a value for that field of the subject")         \
  X(EFFECT_MOVES, "moves", "as sets, and the subject (in each facet) is in the kind's state") \
  X(EFFECT_ASSERTS, "asserts", "the field `property` of the subject has the value `value`")   \
  X(EFFECT_RELATES, "relates", "`from` stands in `relation` to `to`")                         \
  X(EFFECT_ACTS, "acts", "acts on the claims that its refs with the acting role name")        \
  X(EFFECT_SAME, "same", "judges `left` and `right` to be the same subject or not")           \
  X(EFFECT_SOURCE, "source",                                                                  \
    "registers a source, whose id is the event's; with an acting "                            \
    "role, a revision or capture of the sources its refs name")

enum kind_effect {
#define KIND_EFFECT_ENUM(symbol, name, text) symbol,
  KIND_EFFECTS(KIND_EFFECT_ENUM)
#undef KIND_EFFECT_ENUM
};

const char *vocabulary_effect_name(enum kind_effect effect);
const char *vocabulary_effect_text(enum kind_effect effect);

/* X(symbol, name): the families of design 6. */
#define KIND_FAMILIES(X)                     \
  X(FAMILY_WORLD, "world")                   \
  X(FAMILY_SOURCE, "sources")                \
  X(FAMILY_LIFE, "life of a claim")          \
  X(FAMILY_IDENTITY, "identity of things")   \
  X(FAMILY_AUTHOR, "authors")                \
  X(FAMILY_EXCHANGE, "exchange and custody") \
  X(FAMILY_LEDGER, "the ledger")

enum kind_family {
#define KIND_FAMILY_ENUM(symbol, name) symbol,
  KIND_FAMILIES(KIND_FAMILY_ENUM)
#undef KIND_FAMILY_ENUM
};

const char *vocabulary_family_name(enum kind_family family);

/* Roles of refs with a meaning. Others are free: they are kept and shown.
 * X(name, what a ref of this role names) */
#define VOCABULARY_ROLES(X)                                                                      \
  X("about", "an event this claim speaks of without acting on it")                               \
  X("cites", "a source.cited or source.revised that a citation of this claim points into")       \
  X("evidence", "an event that supports what this claim says")                                   \
  X("follows", "an event the author knew when writing this one, and comes after")                \
  X("hold", "the hold.placed that a hold.lifted ends")                                           \
  X("kind", "the kind.declared by which a claim of a declared kind is to be read")               \
  X("ledger", "the ledger.created of the ledger in which a control claim acts, and in no other") \
  X("replacement", "the claim that says what a corrected claim should have said")                \
  X("source", "the source.cited that is revised or of which a capture was taken")                \
  X("target", "a claim acted upon: corrected, retracted, disputed, redacted, erased ...")

struct vocabulary_role {
  const char *name;
  const char *text;
};

/* The table above, in its order. */
const struct vocabulary_role *vocabulary_roles(size_t *count);

struct vocabulary_kind {
  const char *name; /* with authority and version where it has them */
  const char *text; /* one sentence */
  enum kind_family family;
  enum kind_effect effect;
  bool control;          /* changes rules or rights: whole at admission, names its ledger */
  bool has_frame;        /* takes the common frame fields as well (vocabulary_frame) */
  const char *subject;   /* the field that is the subject; NULL if none */
  const char *state;     /* of MOVES, ACTS, SOURCE: "released", "retracted", "cited" */
  const char *acts_role; /* the role of the refs it acts on ("target"): at least one must be
                            there; NULL if it needs none */
  const char *may_roles; /* further acting roles it takes, separated by a space; or NULL */
  const char *right;     /* of control kinds: the right its author needs; else NULL */
  const struct vocabulary_field *fields;
  size_t field_count;
  const char *example;          /* one line of JSON that `append` takes */
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

/* True iff `name` is, in any version, a name whose claims change rules or rights: ledger.*,
 * key.*, policy.*, kind.*, hold.*, content.erased, bundle.imported. Holds for names this
 * program does not know, whose claims may not be withheld or erased either. */
bool vocabulary_control_name(struct adduce_span name);

/* Adds what a (whole, validated) kind.declared claim declares; `id32` is its event id. What is
 * kept is copied into the vocabulary's own scope; `scope` takes the error. A kind that exists
 * with the same content stays as it is, named by its first declaration: a success.
 * Errors: ADDUCE_E_VALUE (the kind exists already with other content, a bad name, type or
 * flag), ADDUCE_E_MEMORY; the vocabulary is unchanged then. */
MUST_USE enum adduce_err vocabulary_declare(struct adduce_scope *scope,
                                            struct vocabulary *vocabulary,
                                            const struct parsed *declaration, const uint8_t *id32);

/* What vocabulary_declare would refuse of a whole kind.declared claim, without adding it.
 * Errors: as there. */
MUST_USE enum adduce_err vocabulary_declaration_validate(struct adduce_scope *scope,
                                                         const struct parsed *declaration);

/* Declared kinds, in order of declaration. */
size_t vocabulary_declared_count(const struct vocabulary *vocabulary);
const struct vocabulary_kind *vocabulary_declared(const struct vocabulary *vocabulary,
                                                  size_t index);

/* The field of the kind, its own or the frame's; NULL if it has none of this name. */
const struct vocabulary_field *vocabulary_field(const struct vocabulary_kind *kind,
                                                struct adduce_span name);

#endif
