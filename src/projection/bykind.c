/* SPDX-License-Identifier: Apache-2.0 */
/* Events by kind, of every event: text kind | index -> {} */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

void bykind_project(struct rows *rows, const struct projection_input *input) {
  struct key key;
  pack_map(rows_value(rows), 0);
  key_init(&key);
  key_text(&key, input->event->claim.parsed.kind);
  rows_put(rows, &key, 0);
}
