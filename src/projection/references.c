/* SPDX-License-Identifier: Apache-2.0 */
/* References: which events name an event, and in which role. From the headers alone, of every
 * event, understood or not.
 *
 *   id of the event named | text role | index -> {} */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

void references_project(struct rows *rows, const struct projection_input *input) {
  struct cursor refs = input->event->claim.parsed.refs;
  struct parsed_ref ref;
  while (parsed_next_ref(&refs, &ref)) {
    struct key key;
    pack_map(rows_value(rows), 0);
    key_init(&key);
    key_id(&key, ref.id32);
    key_text(&key, ref.role);
    rows_put(rows, &key, 0);
  }
}
