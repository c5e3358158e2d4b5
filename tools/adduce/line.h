/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a state, as `state` and `explain` show it: a fact, a relation, a sanction, a release,
 * or another thing that moves through states. */
#ifndef ADDUCE_CLI_LINE_H
#define ADDUCE_CLI_LINE_H

#include "shown.h"

/* "at least 62, at most 123"; "" where nothing is bounded. */
const char *line_bounds(const struct adduce_value *bounds);

/* The value of a fact, for how many of the subject it holds, and what that bounds. */
const char *line_fact(const struct adduce_value *line, const struct adduce_value *subject);

/* "→ part_of", "← part_of": which way the relation points, seen from the subject. */
const char *line_relation(const struct adduce_value *line);

/* The other end of a relation, with its name. */
const char *line_other(const struct adduce_value *line);

/* "eased in part, in force: partly, accounts differ" of what has a state. */
const char *line_moved(const struct adduce_value *line);

/* "monitor.example/us, restrictions, potash": which sanction it is. */
const char *line_sanction(const struct adduce_value *line);

/* How it is said where that is not plain, status and marks: "by a party", "reported, disputed";
 * "" of a line that somebody states and that is simply live. */
const char *line_standing(const struct session *session, const struct adduce_value *line);

/* What is not said as so and done stands apart: the part of the heading for the manner of this
 * number, "only possible"; NULL when there are no more. */
const char *line_apart(size_t number);

/* Whether a line stands under this part of a heading; NULL: under none. */
bool line_belongs(const struct adduce_value *line, const char *apart);

/* The claims of a line: what supports it, or what moved it. */
const struct adduce_value *line_claims(const struct adduce_value *line);

/* Whether line_events names some of these claims and counts the rest. */
bool line_is_cut(const struct adduce_value *claims);

/* "#12 3f9a1c22b0d4, #15 77aa00bb11cc (reported) and 2 more": the claims of a line, and how they
 * say it where that is not how the line stands. */
const char *line_events(const struct session *session, const struct adduce_value *line);

#endif
