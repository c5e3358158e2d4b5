/* SPDX-License-Identifier: Apache-2.0 */
/* Cosignatures of the ledger's checkpoints, kept beside them. */
#include "ledger/kept.h"
#include "ledger/proof.h"

/* The note of a size: as it is kept, or the latest. */
static enum adduce_err find_note(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                 struct adduce_span *note, uint64_t size) {
  struct log_view view;
  struct checkpoint checkpoint;
  enum adduce_err err = kept_read(scope, ledger, note, size);
  if (err != ADDUCE_E_NO_FILE) return err;
  TRY(log_view_open(scope, &view, ledger->log));
  err = proof_head(scope, ledger, &view, note, &checkpoint);
  log_view_close(&view);
  if (err != ADDUCE_OK) return err;
  if (checkpoint.size == size) return ADDUCE_OK;
  return scope_fail(scope, ADDUCE_E_POSITION,
                    "no checkpoint of %llu entries is kept; the ledger has %llu by now",
                    (unsigned long long)size, (unsigned long long)checkpoint.size);
}

static enum adduce_err witness_keys(struct adduce_scope *scope, struct cosignature_key **keys,
                                    size_t *count, const struct policy *policy) {
  *count = 0;
  *keys = scope_array(scope, policy->witness_count, sizeof **keys);
  if (*keys == NULL) return scope_no_memory(scope);
  for (size_t i = 0; i < policy->witness_count; i++)
    if (policy->witnesses[i].verifiable) (*keys)[(*count)++] = policy->witnesses[i].key;
  return ADDUCE_OK;
}

enum adduce_err adduce_cosign_keep(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   size_t *added, uint64_t size, struct adduce_span answer,
                                   const struct adduce_policy *policy) {
  struct adduce_span note, merged;
  struct cosignature_key *keys;
  size_t key_count;
  *added = 0;
  if (answer.size > NOTE_BYTES_MAX)
    return scope_fail(scope, ADDUCE_E_TOO_LARGE, "an answer of %zu bytes", answer.size);
  TRY(find_note(scope, ledger, &note, size));
  TRY(witness_keys(scope, &keys, &key_count, &policy->policy));
  TRY(cosignature_merge(scope, &merged, added, note, answer, keys, key_count));
  return *added == 0 ? ADDUCE_OK : kept_write(scope, ledger, merged, size);
}

enum adduce_err adduce_cosigned(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                const char **note, uint64_t at_least) {
  uint64_t size;
  bool found;
  struct adduce_span bytes;
  *note = NULL;
  TRY(kept_largest(scope, ledger, &size, &found, at_least));
  if (!found) return ADDUCE_OK;
  TRY(kept_read(scope, ledger, &bytes, size));
  *note = (const char *)bytes.data; /* file_read puts a NUL behind it */
  return ADDUCE_OK;
}
