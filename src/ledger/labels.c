/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/labels.h"

#include "crypto/hash.h"

void labels_init(struct labels *labels, struct adduce_scope *scope) {
  *labels = (struct labels){.scope = scope};
}

/* The slot where `name` stands or would stand; the table has a free slot. */
static struct label *slot_of(const struct labels *labels, struct adduce_span name) {
  size_t at = (size_t)hash_checksum(name) & (labels->capacity - 1);
  while (labels->slots[at].name.data != NULL && !span_equal(labels->slots[at].name, name))
    at = (at + 1) & (labels->capacity - 1);
  return &labels->slots[at];
}

const struct adduce_id *labels_get(const struct labels *labels, struct adduce_span name) {
  if (labels->count == 0) return NULL;
  const struct label *slot = slot_of(labels, name);
  return slot->name.data == NULL ? NULL : &slot->id;
}

/* Moves the labels that `keep_batch` does not exclude into a table of `capacity` slots. */
static bool rehash(struct labels *labels, size_t capacity, const uint64_t *without_batch) {
  struct labels fresh = {.scope = labels->scope, .capacity = capacity};
  fresh.slots = scope_array(labels->scope, capacity, sizeof *fresh.slots);
  if (fresh.slots == NULL) return false;
  for (size_t i = 0; i < labels->capacity; i++) {
    const struct label *old = &labels->slots[i];
    if (old->name.data == NULL || (without_batch != NULL && old->batch == *without_batch)) continue;
    *slot_of(&fresh, old->name) = *old;
    fresh.count++;
  }
  *labels = fresh;
  return true;
}

enum adduce_err labels_set(struct labels *labels, struct adduce_span name,
                           const struct adduce_id *id, uint64_t batch) {
  if ((labels->count + 1) * 2 > labels->capacity) {
    size_t capacity = labels->capacity == 0 ? 64 : labels->capacity * 2;
    if (!rehash(labels, capacity, NULL)) return scope_no_memory(labels->scope);
  }
  struct label *slot = slot_of(labels, name);
  if (slot->name.data != NULL) {
    if (memcmp(slot->id.bytes, id->bytes, sizeof id->bytes) == 0) return ADDUCE_OK;
    return scope_fail(labels->scope, ADDUCE_E_EXISTS, "label \"%.*s\" names another claim already",
                      SPAN_ARGS(name));
  }
  struct adduce_span copy = scope_copy(labels->scope, name);
  if (copy.data == NULL) return scope_no_memory(labels->scope);
  *slot = (struct label){copy, *id, batch};
  labels->count++;
  return ADDUCE_OK;
}

void labels_forget(struct labels *labels, uint64_t batch) {
  /* Out of memory the labels stay known; naming one of them then leads to nothing, which the
   * append reports as a reference to nothing. */
  if (labels->count != 0) (void)rehash(labels, labels->capacity, &batch);
}
