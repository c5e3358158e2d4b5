/* SPDX-License-Identifier: Apache-2.0 */
/* Sanctions: which measure of which issuer is said to be imposed on a target, eased or lifted, in
 * which scope. Rows as in moves.h, under the target and under the issuer. Whether it is in force is
 * folded from them when it is asked (query/): a partial easing is not a lifting. */
#include "projection/moves.h"
#include "projection/registry.h"

void sanctions_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input) || claim->kind->effect != EFFECT_MOVES) return;
  if (span_is(moves_noun(claim->kind), "sanction")) moves_add(rows, claim, "issuer");
}
