/* SPDX-License-Identifier: Apache-2.0 */
/* Events by author, of every event: key | index -> {} */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

void byauthor_project(struct rows *rows, const struct projection_input *input) {
  struct key key;
  pack_map(rows_value(rows), 0);
  key_init(&key);
  key_id(&key, input->event->claim.parsed.author32);
  rows_put(rows, &key, 0);
}
