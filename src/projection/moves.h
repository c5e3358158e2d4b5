/* SPDX-License-Identifier: Apache-2.0 */
/* What kinds that move their subject into a state have in common: releases, sanctions and all
 * others are rows of one form, in tables of their own.
 *
 *   text subject | byte 1 | index -> {degree?, facets?, mood?, noun, quantity?, state}
 *   text other   | byte 2 | index -> the same with `subject`
 *
 * `noun` is the kind without its verb and version ("sanction", "monitor.example:custody"), state
 * what the kind says it moves to; `facets` the values of the facet fields. The second row stands
 * under somebody else whom it concerns: who was released, whose sanction it is. */
#ifndef PROJECTION_MOVES_H
#define PROJECTION_MOVES_H

#include "projection/rows.h"

#define MOVES_SUBJECT 1
#define MOVES_OTHER 2

/* True iff the kind has a field that is a facet. */
bool moves_has_facets(const struct vocabulary_kind *kind);

/* The kind's name up to its verb. */
struct adduce_span moves_noun(const struct vocabulary_kind *kind);

/* Adds the row of the subject and, if the kind has the field `other` and it is known, that of
 * the other. For an event whose claim says something and whose kind moves. */
void moves_add(struct rows *rows, const struct claim *claim, const char *other);

#endif
