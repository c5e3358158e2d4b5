/* SPDX-License-Identifier: Apache-2.0 */
#include "log/commit.h"

#include "log/ids.h"

/* Where entries go: behind the last ones, so that no place is looked for. */
struct ends {
  struct store_cursor entries, contents;
};

static enum adduce_err put_entry(struct adduce_scope *scope, struct store_txn *txn,
                                 struct ends *ends, const struct plan_entry *entry) {
  uint8_t room8[8];
  struct adduce_span key = log_index_key(room8, entry->index);
  TRY(store_cursor_put(scope, &ends->entries, key, entry->entry, STORE_LAST));
  if (entry->content.size != 0)
    TRY(store_cursor_put(scope, &ends->contents, key, entry->content, STORE_LAST));
  if (!entry->control) return ADDUCE_OK;
  return store_put(scope, txn, LOG_CONTROLS, key, span_of("", 0), STORE_LAST);
}

static enum adduce_err put_entries(struct adduce_scope *scope, struct store_txn *txn,
                                   const struct plan *plan) {
  struct ends ends;
  TRY(store_cursor_open(scope, &ends.entries, txn, LOG_ENTRIES));
  enum adduce_err err = store_cursor_open(scope, &ends.contents, txn, LOG_CONTENTS);
  if (err == ADDUCE_OK) {
    for (size_t i = 0; i < plan->entry_count && err == ADDUCE_OK; i++)
      err = put_entry(scope, txn, &ends, &plan->entries[i]);
    store_cursor_close(&ends.contents);
  }
  store_cursor_close(&ends.entries);
  return err;
}

static enum adduce_err put_ids(struct adduce_scope *scope, struct store_txn *txn,
                               const struct plan *plan) {
  struct ids_record *records = scope_array(scope, plan->entry_count, sizeof *records);
  if (records == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < plan->entry_count; i++)
    records[i] = (struct ids_record){plan->entries[i].id, plan->entries[i].index};
  return ids_add(scope, txn, records, plan->entry_count);
}

static enum adduce_err put_checkpoint(struct adduce_scope *scope, struct store_txn *txn,
                                      const struct plan *plan, struct adduce_span note,
                                      const struct rules *rules) {
  uint8_t room8[8];
  const struct note_verifier *verifier, *outgoing;
  rules_log_keys(rules, plan->size, &verifier, &outgoing);
  if (outgoing != NULL)
    TRY(store_put(scope, txn, LOG_CHECKPOINTS, log_index_key(room8, plan->size), note,
                  STORE_REPLACE));
  return store_put(scope, txn, LOG_META, span_text("latest"), note, STORE_REPLACE);
}

enum adduce_err commit_plan(struct adduce_scope *scope, struct store_txn *txn,
                            const struct plan *plan, struct adduce_span note,
                            const struct rules *rules) {
  TRY(put_entries(scope, txn, plan));
  TRY(put_ids(scope, txn, plan));
  for (size_t i = 0; i < plan->tile_count; i++) {
    uint8_t room9[9];
    const struct plan_tile *tile = &plan->tiles[i];
    TRY(store_put(scope, txn, LOG_TILES, log_tile_key(room9, tile->level, tile->tile),
                  span_of(tile->hashes, tile->count * sizeof *tile->hashes), STORE_REPLACE));
  }
  return put_checkpoint(scope, txn, plan, note, rules);
}

static bool holds(const struct signer *signer, const struct adduce_key *key) {
  return signer != NULL && memcmp(signer_key(signer), key, sizeof *key) == 0;
}

static enum adduce_err pick(struct adduce_scope *scope, const struct signer **picked,
                            const struct note_verifier *verifier, const struct signer *signer,
                            const struct signer *incoming) {
  *picked = holds(signer, &verifier->key)     ? signer
            : holds(incoming, &verifier->key) ? incoming
                                              : NULL;
  if (*picked != NULL) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_SIGNATURE,
                    "the key given for signing checkpoints is not the log key in force of %.*s",
                    SPAN_ARGS(verifier->name));
}

enum adduce_err commit_sign(struct adduce_scope *scope, struct adduce_span *note,
                            const struct plan *plan, const struct rules *rules,
                            const struct signer *signer, const struct signer *incoming) {
  const struct note_verifier *verifier, *outgoing;
  const struct signer *signers[2];
  size_t count = 1;
  struct checkpoint checkpoint = {rules_origin(rules), plan->size, plan->root};
  rules_log_keys(rules, plan->size, &verifier, &outgoing);
  TRY(pick(scope, &signers[0], verifier, signer, incoming));
  if (outgoing != NULL) TRY(pick(scope, &signers[count++], outgoing, signer, incoming));
  /* signer_sign has verified each signature before it gave it out. */
  return checkpoint_sign(scope, note, &checkpoint, signers, count);
}

struct headlock_head commit_head(const struct plan *plan, struct adduce_span origin,
                                 struct adduce_span note) {
  return (struct headlock_head){origin, plan->size, plan->root, hash_bytes(note)};
}

uint64_t commit_expected_bytes(const struct event *events, size_t count) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < count; i++)
    bytes += events[i].claim.parsed.event.size + events[i].claim.parsed.content.size + 256;
  return bytes;
}
