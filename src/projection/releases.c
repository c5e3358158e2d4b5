/* SPDX-License-Identifier: Apache-2.0 */
/* Releases: who is said to have been released, and how far that is said to have come. Rows as in
 * moves.h, under the release and under the person or group released (`group`). */
#include "projection/moves.h"
#include "projection/registry.h"

void releases_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input) || claim->kind->effect != EFFECT_MOVES) return;
  if (span_is(moves_noun(claim->kind), "release")) moves_add(rows, claim, "group");
}
