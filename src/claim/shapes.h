/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of the maps that claims are made of: the common frame, and the keys of a hop of an
 * attribution, a citation, a period and so on. Read them through vocabulary_frame and
 * vocabulary_shape. */
#ifndef CLAIM_SHAPES_H
#define CLAIM_SHAPES_H

#include "claim/vocabulary.h"

const struct vocabulary_field *shapes_frame(size_t *count);
const struct vocabulary_field *shapes_find(enum field_type type, size_t *count);

#endif
