/* SPDX-License-Identifier: Apache-2.0 */
/* Input: the event's length in two bytes, the event, its content. What is parsed is exactly the
 * bytes it was parsed from; validating again says the same; and whatever part of a valid foreign
 * claim is withheld, it keeps its root and its validity, and is understood no better. */
#include "base/bigendian.h"
#include "base/invariant.h"
#include "event/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_event(const struct parsed *parsed) {
  struct adduce_span event = parsed->event, items = parsed->items;
  INVARIANT(event.size == 1 + items.size + 66 && event.data[0] == 0x98);
  INVARIANT(items.data == event.data + 1);
  INVARIANT(parsed->signature64 == event.data + event.size - 64);
  struct cursor refs = parsed->refs;
  struct parsed_ref ref;
  uint32_t count = 0;
  while (parsed_next_ref(&refs, &ref)) count++;
  INVARIANT(count == parsed->ref_count && cursor_done(&refs));
}

static void check_standing(const struct claim *claim, const struct vocabulary *vocabulary) {
  struct claim recalled;
  claim_recall(&recalled, &claim->parsed, vocabulary);
  INVARIANT(recalled.kind == claim->kind && recalled.standing == claim->standing);
  struct adduce_span subject = claim_subject(claim);
  INVARIANT(subject.size == 0 || claim->kind != NULL);
}

/* The paths whose bit in a mask made of the root is set. */
static size_t choose_paths(struct content_path *paths, const struct parsed *parsed,
                           const struct adduce_hash *mask) {
  size_t count = 0;
  for (uint32_t i = 0; i < parsed->field_count; i++) {
    struct cursor elements;
    uint32_t element_count;
    uint8_t byte = mask->bytes[i % 32];
    bool is_list = parsed_elements(&parsed->fields[i], &elements, &element_count);
    if ((byte & 3) == 0) paths[count++] = (struct content_path){parsed->fields[i].key, -1};
    if ((byte & 4) == 0 && is_list && element_count > 0)
      paths[count++] = (struct content_path){parsed->fields[i].key, byte % element_count};
  }
  return count;
}

static void check_withholding(struct adduce_scope *scope, const struct claim *claim,
                              const struct vocabulary *vocabulary) {
  struct content_path paths[2 * PARSED_FIELDS];
  struct adduce_hash root = content_root(&claim->parsed);
  size_t count = choose_paths(paths, &claim->parsed, &root);
  struct adduce_span partial;
  struct parsed parsed;
  struct claim less;
  INVARIANT(content_withhold(scope, &partial, &claim->parsed, paths, count) == ADDUCE_OK);
  INVARIANT(parsed_read(scope, &parsed, claim->parsed.event, partial) == ADDUCE_OK);
  struct adduce_hash same = content_root(&parsed);
  INVARIANT(hash_equal(&root, &same));
  if (vocabulary_control_name(parsed.kind)) return;
  INVARIANT(claim_validate(scope, &less, &parsed, vocabulary, CLAIM_FOREIGN) == ADDUCE_OK);
  INVARIANT(less.standing >= claim->standing);
  check_standing(&less, vocabulary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct adduce_scope *scope;
  struct vocabulary *vocabulary;
  struct parsed parsed, again;
  struct claim claim, own;
  if (size < 2) return 0;
  size_t event_size = bigendian_get16(data);
  if (event_size == 0 || event_size > size - 2) return 0;
  struct adduce_span event = span_of(data + 2, event_size);
  struct adduce_span content = span_of(data + 2 + event_size, size - 2 - event_size);
  INVARIANT(adduce_scope_open(&scope, 0) == ADDUCE_OK);
  INVARIANT(vocabulary_open(scope, &vocabulary) == ADDUCE_OK);
  if (parsed_read(scope, &parsed, event, content) == ADDUCE_OK) {
    check_event(&parsed);
    INVARIANT(parsed_read_stored(scope, &again, event, content) == ADDUCE_OK);
    INVARIANT(again.field_count == parsed.field_count && again.form == parsed.form);
    (void)event_id(&parsed);
    (void)!content_verify(scope, &parsed);
    enum adduce_err foreign = claim_validate(scope, &claim, &parsed, vocabulary, CLAIM_FOREIGN);
    INVARIANT(foreign != ADDUCE_E_KIND && foreign != ADDUCE_E_FIELD);
    if (foreign == ADDUCE_OK) {
      check_standing(&claim, vocabulary);
      if (parsed.form != PARSED_NO_CONTENT) check_withholding(scope, &claim, vocabulary);
    }
    if (claim_validate(scope, &own, &parsed, vocabulary, CLAIM_OWN) == ADDUCE_OK)
      INVARIANT(foreign == ADDUCE_OK && own.standing == CLAIM_UNDERSTOOD);
  }
  adduce_scope_close(&scope);
  return 0;
}
