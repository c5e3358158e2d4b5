/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts for bundles: made by who imported one, read by who gave it. */
#include "exchange/receipt.h"

#include "adduce/exchange.h"
#include "base/clock.h"
#include "base/hex.h"
#include "codec/value.h"
#include "exchange/entry.h"
#include "ledger/proof.h"
#include "sys/machine.h"

static uint64_t number_of(const struct adduce_value *report, const char *key) {
  return (uint64_t)adduce_value_integer(adduce_value_get(report, key));
}

static bool read_id(const struct adduce_value *report, const char *key, uint8_t *bytes32) {
  struct adduce_span bytes = adduce_value_bytes(adduce_value_get(report, key));
  if (bytes.size != 32) return false;
  memcpy(bytes32, bytes.data, 32);
  return true;
}

/* Of the last bundle.imported: its tree holds the ones before. The proof is under the latest
 * checkpoint, since one that others cosigned may be older. */
static enum adduce_err prove(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             struct receipt *receipt, const struct adduce_value *report) {
  const struct adduce_value *runs = adduce_value_get(report, "runs");
  size_t count = adduce_value_count(runs);
  if (count == 0) return ADDUCE_OK;
  uint64_t index = number_of(adduce_value_at(runs, count - 1), "index");
  const char *name = scope_format(scope, "#%llu", (unsigned long long)index);
  return adduce_prove(scope, ledger, &receipt->proof, name, false);
}

enum adduce_err adduce_receipt_make(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct adduce_span *file, const struct adduce_value *report,
                                    const struct adduce_signer *author) {
  const struct adduce_value *stat;
  struct receipt receipt = {
      .source = span_text(adduce_value_text(adduce_value_get(report, "origin"))),
      .genesis = ledger->genesis,
      .count = number_of(report, "count"),
      .admitted = number_of(report, "admitted"),
      .present = number_of(report, "present"),
      .quarantined = number_of(report, "quarantined") + number_of(report, "not_again"),
      .refused = number_of(report, "refused"),
      .time_us = machine_now_us(),
  };
  *file = span_of(NULL, 0);
  if (!read_id(report, "genesis", receipt.source_genesis.bytes) ||
      !read_id(report, "manifest", receipt.manifest.bytes))
    return scope_fail(scope, ADDUCE_E_USAGE, "this is no report of an import");
  TRY(adduce_stat(scope, ledger, &stat));
  receipt.origin = span_text(adduce_value_text(adduce_value_get(stat, "origin")));
  TRY(prove(scope, ledger, &receipt, report));
  return receipt_sign(scope, file, &receipt, ledger_signer(author));
}

/* --- reading one ----------------------------------------------------------------------------*/

/* What the proof in it shows must be the import it speaks of. */
static enum adduce_err check_proof(struct adduce_scope *scope, const struct receipt *receipt,
                                   struct adduce_value *report,
                                   const struct adduce_policy *policy) {
  const struct adduce_value *proven;
  struct tlogproof proof;
  struct tlogproof_extra extra;
  struct entry entry;
  const uint8_t *manifest;
  if (receipt->proof.size == 0) return ADDUCE_OK;
  TRY(adduce_check_file(scope, &proven, receipt->proof, policy, span_of(NULL, 0)));
  TRY(tlogproof_parse(scope, &proof, receipt->proof));
  TRY(tlogproof_extra_parse(scope, &extra, proof.extra));
  TRY(entry_read(scope, &entry, extra.entry, extra.content));
  struct cursor cursor = cursor_of(parsed_value(scope, &entry.parsed, "manifest"));
  bool fits = span_is(entry.parsed.kind, "bundle.imported") &&
              cursor_bin_of(&cursor, 32, &manifest) &&
              memcmp(manifest, receipt->manifest.bytes, 32) == 0 &&
              memcmp(entry.parsed.author32, receipt->key.bytes, 32) == 0;
  if (!fits)
    return scope_fail(scope, ADDUCE_E_PROOF,
                      "the proof in the receipt is not of the import that it speaks of");
  value_set_integer(scope, report, "index", (int64_t)proof.index);
  return ADDUCE_OK;
}

static void report_all(struct adduce_scope *scope, struct adduce_value *map,
                       const struct receipt *receipt, const struct adduce_policy *policy) {
  struct adduce_value *proven = value_list(scope), *not_proven = value_list(scope);
  value_set_text(scope, map, "form", "receipt");
  value_set(scope, map, "origin", value_str(scope, receipt->origin));
  value_set_bytes32(scope, map, "genesis", receipt->genesis.bytes);
  value_set(scope, map, "source", value_str(scope, receipt->source));
  value_set_bytes32(scope, map, "source_genesis", receipt->source_genesis.bytes);
  value_set_bytes32(scope, map, "manifest", receipt->manifest.bytes);
  value_set_bytes32(scope, map, "key", receipt->key.bytes);
  value_set_integer(scope, map, "count", (int64_t)receipt->count);
  value_set_integer(scope, map, "admitted", (int64_t)receipt->admitted);
  value_set_integer(scope, map, "present", (int64_t)receipt->present);
  value_set_integer(scope, map, "quarantined", (int64_t)receipt->quarantined);
  value_set_integer(scope, map, "refused", (int64_t)receipt->refused);
  value_set_text(scope, map, "time", clock_format(receipt->time_us).text);
  proof_say(scope, proven, "The holder of the key %s states this.",
            hex_text32(receipt->key.bytes).text);
  if (receipt->proof.size != 0)
    proof_say(scope, proven, "The import is an entry of the log of %.*s%s.",
              SPAN_ARGS(receipt->origin),
              policy == NULL ? ", if the key that the proof names is its key" : "");
  proof_say(scope, not_proven, "Whose key that is, and that what it states was done.");
  value_set(scope, map, "proven", proven);
  value_set(scope, map, "not_proven", not_proven);
}

enum adduce_err adduce_receipt_check(struct adduce_scope *scope, const struct adduce_value **report,
                                     struct adduce_span file, const struct adduce_policy *policy) {
  struct receipt receipt;
  struct adduce_value *map = value_map(scope);
  *report = map;
  TRY(sign_start(scope));
  TRY(receipt_open(scope, &receipt, file));
  TRY(check_proof(scope, &receipt, map, policy));
  report_all(scope, map, &receipt, policy);
  return value_finish(scope);
}

enum adduce_err adduce_receipt_keep(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                    struct adduce_receipt *appended, struct adduce_span file,
                                    const struct adduce_signer *author) {
  struct receipt receipt;
  struct adduce_value *claim = value_map(scope), *content = value_map(scope);
  *appended = (struct adduce_receipt){.count = 0};
  TRY(sign_start(scope));
  TRY(receipt_open(scope, &receipt, file));
  if (memcmp(receipt.source_genesis.bytes, ledger->genesis.bytes, 32) != 0)
    return scope_fail(scope, ADDUCE_E_OTHER_LEDGER, "the receipt is for a bundle of %.*s",
                      SPAN_ARGS(receipt.source));
  value_set(scope, content, "recipient", value_str(scope, receipt.origin));
  value_set_bytes32(scope, content, "manifest", receipt.manifest.bytes);
  value_set_integer(scope, content, "admitted", (int64_t)receipt.admitted);
  value_set_integer(scope, content, "quarantined", (int64_t)receipt.quarantined);
  value_set_integer(scope, content, "refused", (int64_t)receipt.refused);
  value_set(scope, content, "receipt", value_str(scope, file));
  value_set_text(scope, claim, "kind", "receipt.received");
  value_set_text(scope, claim, "handling", "amber+strict");
  value_set(scope, claim, "content", content);
  return ledger_append_claim(scope, ledger, appended, claim, author);
}
