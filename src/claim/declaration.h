/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a kind.declared claim into the struct in which built-in kinds stand, so that from there
 * on declared kinds are treated the same way.
 *
 * What a declaration cannot leave open is put right here: the subject, and the fields by which
 * an effect works (from, relation, to; property, value), are required frame fields, whatever the
 * declaration says of them. A declared kind takes the common frame, is never a control kind, and
 * one with the effect `acts` acts on its refs with role target. */
#ifndef CLAIM_DECLARATION_H
#define CLAIM_DECLARATION_H

#include "claim/vocabulary.h"

/* Fields of its own that a declared kind may have; with the frame's a content holds no more. */
#define DECLARATION_FIELDS 52

/* Reads `claim`, which is whole; everything in `*kind` but declared_by32 (NULL) lives in
 * `home`. Errors, in `scope`: ADDUCE_E_VALUE (name, effect, type, flag, a field named twice or
 * like one of the frame, a subject that is no field), ADDUCE_E_MEMORY. */
MUST_USE enum adduce_err declaration_read(struct adduce_scope *scope, struct adduce_scope *home,
                                          struct vocabulary_kind *kind, const struct parsed *claim);

/* True iff both declare the same. */
bool declaration_equal(const struct vocabulary_kind *a, const struct vocabulary_kind *b);

#endif
