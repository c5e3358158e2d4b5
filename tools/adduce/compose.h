/* SPDX-License-Identifier: Apache-2.0 */
/* One claim made by hand: from options and field=value words to the JSON that the writer takes.
 *
 *   field=value     the text as the field's type reads it: an integer, true or false, a quantity
 *                   (123, >=62, <=9, ~120, some, majority:123), a period (FROM..TO), or text
 *   field:=JSON     any value
 *   field:unknown   it exists and is not known; field:none, there is none
 * A field that repeats may be given several times, or once with a JSON list. */
#ifndef ADDUCE_CLI_COMPOSE_H
#define ADDUCE_CLI_COMPOSE_H

#include "session.h"

struct compose_field {
  const char *name;
  const char *const *items; /* JSON, one a value */
  size_t count;
  bool is_whole; /* the only item is the whole list */
};

struct compose {
  struct session *session;
  const char *kind;
  const struct adduce_value *vocabulary; /* of the kind; NULL: everything is text */
  struct compose_field *fields;
  size_t field_count;
  const char *refs; /* JSON, "[role, id], ..." */
};

/* Begins a claim of a kind. Errors: ADDUCE_E_KIND. */
ADDUCE_MUST_USE enum adduce_err compose_begin(struct compose *compose, struct session *session,
                                              const char *kind);

/* Whether a word has the form of a field: NAME=, NAME:=, NAME:unknown, NAME:none. */
bool compose_is_field(const char *word);

/* Takes such a word. Errors: ADDUCE_E_USAGE (given twice), ADDUCE_E_TYPE, ADDUCE_E_TEXT,
 * ADDUCE_E_JSON. */
ADDUCE_MUST_USE enum adduce_err compose_word(struct compose *compose, const char *word);

/* As NAME=text. */
ADDUCE_MUST_USE enum adduce_err compose_text(struct compose *compose, const char *name,
                                             const char *text);

/* Adds a value that is JSON. Errors: ADDUCE_E_USAGE (given twice). */
ADDUCE_MUST_USE enum adduce_err compose_json(struct compose *compose, const char *name,
                                             const char *json);

/* Whether the field was given. */
bool compose_has(const struct compose *compose, const char *name);

/* Adds a reference to an event that exists. Errors: those of adduce_resolve. */
ADDUCE_MUST_USE enum adduce_err compose_ref(struct compose *compose, const char *role,
                                            const char *event);

/* Takes the options that fill fields, and --cite, --quote, --said, --marker, --ref. */
ADDUCE_MUST_USE enum adduce_err compose_options(struct compose *compose);

/* Only the fields, as a JSON map: for the fields of a correction. */
const char *compose_content(const struct compose *compose);

/* The claim as a value; may be asked again. */
ADDUCE_MUST_USE enum adduce_err compose_end(struct compose *compose,
                                            const struct adduce_value **claim);

#endif
