/* SPDX-License-Identifier: Apache-2.0 */
/* Answers for people: the maps that recur in them (adduce/query.h), as clean text.
 *
 * An answer is read with forbearance: what is missing is left out. */
#ifndef ADDUCE_CLI_SHOWN_H
#define ADDUCE_CLI_SHOWN_H

#include "session.h"

/* Digits of an id or key as people see it. */
#define SHOWN_DIGITS 12

/* The text under `key`; NULL if there is none, or it is empty. Not clean. */
const char *shown_raw(const struct adduce_value *map, const char *key);

/* The text under `key` made clean, or "". */
const char *shown_text(const struct adduce_value *map, const char *key);

bool shown_flag(const struct adduce_value *map, const char *key);
int64_t shown_integer(const struct adduce_value *map, const char *key);

/* Any value in one line, by the words people use: "at least 62 persons", "unknown", "Belavia
 * (“Белавія”, be)". */
const char *shown_value(const struct adduce_value *value);

/* "a, b" of a list of values; "" of none. */
const char *shown_list(const struct adduce_value *list);

/* The first digits of 32 bytes, in the colour of ids; "" of anything else. */
const char *shown_id(const struct session *session, const struct adduce_value *id);

/* "#12 3f9a1c22b0d4" of a map with index and id. */
const char *shown_event(const struct session *session, const struct adduce_value *event);

/* A time: "2025-12-13 10:00Z" of an instant of a machine's clock, to the minute; a time of the
 * world as it is. */
const char *shown_when(const struct adduce_value *when);

/* Who signed an EVENT: a name, or the first digits of the key. */
const char *shown_author(const struct adduce_value *event);

/* "live", or "retracted, disputed": status and marks, in their colours. */
const char *shown_status(const struct session *session, const struct adduce_value *claim);

/* "rule 0: 2 of 3 say so and 2 are needed: organization Monitor in #3 3f9a1c22b0d4; not
 * organization Outlet", of a claim about which a rule with a quorum decides, else "". */
const char *shown_quorum(const struct session *session, const struct adduce_value *claim);

/* "#7 3f9a1c22b0d4, recorded 2025-12-13 10:00Z: compromised", the key.revoked of the source that a
 * claim comes from, else "". */
const char *shown_revocation(const struct session *session, const struct adduce_value *claim);

/* "2 of: organization Monitor, origin x" of a rule with a quorum, else "". */
const char *shown_members(const struct adduce_value *rule);

/* “quote”, where, in which source. */
const char *shown_citation(const struct session *session, const struct adduce_value *citation);

/* "without source:...", if something is left out, and "as of #12, recorded 2025-12-13 10:00Z", if
 * it was asked for a moment, above an answer. */
void shown_at(const struct session *session, const struct adduce_value *answer);

/* What a question for a manner left out, by mode, below the answer. */
void shown_left_out(const struct session *session, const struct adduce_value *answer);

/* Which policy was used, if one was, and what does not count under it. */
void shown_not_counted(const struct session *session, const struct adduce_value *answer);

/* "position; name.1 in #12 3f9a1c22b0d4 by NAME on 2025-12-13 10:00Z: reason (basis)", of one
 * ERASED. */
const char *shown_erasure(const struct session *session, const struct adduce_value *erasure);

/* The claims of a subject of which something was erased, below the answer. */
void shown_erased(const struct session *session, const struct adduce_value *answer);

/* Of bundles that were given, those of which it is `unknown` what was in them; nothing if there are
 * none. */
void shown_unknown_bundles(const struct adduce_value *answer, const char *before);

/* "there are more" below it, if so. */
void shown_more(const struct session *session, const struct adduce_value *answer);

/* A map, a line a key. */
void shown_map(const struct session *session, const struct adduce_value *map, size_t indent);

/* A heading and an empty line before it. */
void shown_heading(const struct session *session, const char *heading);

/* Prints the bundles that an event went out with, a line each, all of them behind `before`. */
void shown_disclosures(const struct session *session, const struct adduce_value *answer,
                       const char *before);

#endif
