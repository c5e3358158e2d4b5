/* SPDX-License-Identifier: Apache-2.0 */
/* Sources: what was registered as a source, and what was revised or captured of it.
 *
 *   byte 1 | index                   -> {digest?, published_at?, publisher?, retrieved_at?,
 *                                        subject?, title?, url?}
 *   byte 2 | id | text state | index -> {}
 *
 * The first row is that of the source: a source.cited, or a source.revised, which is the changed
 * source. The second stands under the source that was revised or captured; `state` is the kind's
 * ("revised", "captured"). Who cites a source is among the references (references.c). */
#include "codec/pack.h"
#include "projection/registry.h"
#include "projection/rows.h"

static const char *const shown[] = {"digest",  "published_at", "publisher", "retrieved_at",
                                    "subject", "title",        "url",       NULL};

static void register_source(struct rows *rows, const struct parsed *parsed) {
  struct buffer *value = rows_value(rows);
  size_t count = 0;
  struct key key;
  for (size_t i = 0; shown[i] != NULL; i++) count += rows_open(parsed, shown[i]) != NULL;
  pack_map(value, count);
  for (size_t i = 0; shown[i] != NULL; i++) {
    const struct parsed_field *field = rows_open(parsed, shown[i]);
    if (field == NULL) continue;
    pack_text(value, shown[i]);
    rows_pack_field(value, parsed, field);
  }
  key_init(&key);
  key_byte(&key, 1);
  rows_put(rows, &key, rows_fields(rows, shown));
}

static void act_on(struct rows *rows, const struct claim *claim, const uint8_t *id32) {
  struct key key;
  pack_map(rows_value(rows), 0);
  key_init(&key);
  key_byte(&key, 2);
  key_id(&key, id32);
  key_text(&key, span_text(claim->kind->state));
  rows_put(rows, &key, 0);
}

void sources_project(struct rows *rows, const struct projection_input *input) {
  const struct claim *claim = &input->event->claim;
  if (claim->standing == CLAIM_NOT_UNDERSTOOD || claim->kind->effect != EFFECT_SOURCE) return;
  const char *role = claim->kind->acts_role;
  const char *state = claim->kind->state;
  struct cursor refs = claim->parsed.refs;
  struct parsed_ref ref;
  if (role == NULL || (state != NULL && strcmp(state, "revised") == 0))
    register_source(rows, &claim->parsed);
  if (role == NULL || state == NULL) return;
  while (parsed_next_role(&refs, &ref, role)) act_on(rows, claim, ref.id32);
}
