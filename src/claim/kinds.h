/* SPDX-License-Identifier: Apache-2.0 */
/* The table of built-in kinds (kinds.c) and of the shapes of the maps in them (shapes.c). Read
 * it through claim/vocabulary.h; only the vocabulary includes this. */
#ifndef CLAIM_KINDS_H
#define CLAIM_KINDS_H

#include "claim/vocabulary.h"

/* In the order of the documentation. */
extern const struct vocabulary_kind kinds_table[];
extern const size_t kinds_count;

#endif
