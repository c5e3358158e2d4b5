/* SPDX-License-Identifier: Apache-2.0 */
/* States: all other kinds that move their subject: agreements, meetings, detentions, and whatever
 * an organization has declared. Rows as in moves.h, under the subject. */
#include "projection/moves.h"
#include "projection/registry.h"

void states_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (!projection_says(input) || claim->kind->effect != EFFECT_MOVES) return;
  struct adduce_span noun = moves_noun(claim->kind);
  if (!span_is(noun, "release") && !span_is(noun, "sanction")) moves_add(rows, claim, NULL);
}
