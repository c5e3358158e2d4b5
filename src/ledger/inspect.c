/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle claims and what it proves, with no ledger there. */
#include "base/clock.h"
#include "codec/value.h"
#include "ledger/incoming.h"
#include "ledger/proof.h"

#define SHOWN 100 /* events whose withheld fields are listed */

struct inspection {
  struct adduce_value *report, *withheld;
  uint64_t incomplete, without_content, partial;
};

/* --- what is missing ------------------------------------------------------------------------*/

struct missing {
  struct adduce_scope *scope;
  struct adduce_value *paths;
};

static void add_missing(void *context, struct adduce_span key, int64_t element) {
  const struct missing *missing = context;
  const char *path =
      element < 0 ? scope_format(missing->scope, "%.*s", SPAN_ARGS(key))
                  : scope_format(missing->scope, "%.*s.%lld", SPAN_ARGS(key), (long long)element);
  value_add(missing->scope, missing->paths, value_text(missing->scope, path));
}

static enum adduce_err look_at(void *context, struct adduce_scope *scope, const struct event *event,
                               uint64_t index) {
  struct inspection *inspection = context;
  const struct parsed *parsed = &event->claim.parsed;
  inspection->incomplete += event->claim.standing == CLAIM_INCOMPLETE;
  inspection->without_content += parsed->form == PARSED_NO_CONTENT;
  if (parsed->form == PARSED_NO_CONTENT || !parsed_has_withheld(parsed)) return ADDUCE_OK;
  if (inspection->partial++ >= SHOWN) return ADDUCE_OK;
  struct adduce_value *map = value_map(scope);
  struct missing missing = {scope, value_list(scope)};
  content_each_missing(parsed, add_missing, &missing);
  value_set_integer(scope, map, "index", (int64_t)index);
  value_set_bytes32(scope, map, "id", event->id.bytes);
  value_set(scope, map, "paths", missing.paths);
  value_add(scope, inspection->withheld, map);
  return ADDUCE_OK;
}

/* --- the report -----------------------------------------------------------------------------*/

static void set_texts(struct adduce_scope *scope, struct adduce_value *map, const char *key,
                      const struct adduce_span *texts, size_t count) {
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < count; i++) value_add(scope, list, value_str(scope, texts[i]));
  if (count != 0) value_set(scope, map, key, list);
}

static void report_manifest(struct adduce_scope *scope, struct adduce_value *report,
                            const struct bundle_manifest *manifest) {
  struct adduce_value *range = value_list(scope), *keys = value_list(scope);
  struct adduce_value *recalls = value_list(scope);
  proof_report_checkpoint(scope, report, &manifest->tree);
  value_set_bytes32(scope, report, "genesis", manifest->genesis.bytes);
  value_set_bytes32(scope, report, "manifest", manifest->digest.bytes);
  value_set_bytes32(scope, report, "exporter", manifest->exporter.bytes);
  value_set_text(scope, report, "created_at", clock_format(manifest->created_at_us).text);
  value_set_integer(scope, report, "count", (int64_t)manifest->count);
  value_set_integer(scope, report, "contents", (int64_t)manifest->contents);
  value_set_integer(scope, report, "captures", (int64_t)bundle_capture_count(manifest));
  set_texts(scope, report, "recipients", manifest->recipients, manifest->recipient_count);
  for (size_t i = 0; i < manifest->key_count; i++)
    value_add(scope, keys, value_bytes(scope, span_of(manifest->keys[i].bytes, 32)));
  if (manifest->key_count != 0) value_set(scope, report, "keys", keys);
  for (size_t i = 0; i < manifest->recall_count; i++)
    value_add(scope, recalls, value_bytes(scope, span_of(manifest->recalls[i].bytes, 32)));
  if (manifest->recall_count != 0) value_set(scope, report, "recalls", recalls);
  if (manifest->selection.size != 0)
    value_set(scope, report, "selection", value_str(scope, manifest->selection));
  if (manifest->purpose.size != 0)
    value_set(scope, report, "purpose", value_str(scope, manifest->purpose));
  if (manifest->has_since) value_set_integer(scope, report, "since", (int64_t)manifest->since_size);
  if (!manifest->is_complete) return;
  value_add(scope, range, value_integer(scope, (int64_t)manifest->from));
  value_add(scope, range, value_integer(scope, (int64_t)manifest->to));
  value_set(scope, report, "complete", range);
}

static void report_events(struct adduce_scope *scope, const struct inspection *inspection) {
  struct adduce_value *report = inspection->report;
  value_set_integer(scope, report, "incomplete", (int64_t)inspection->incomplete);
  value_set_integer(scope, report, "without_content", (int64_t)inspection->without_content);
  value_set_integer(scope, report, "partial", (int64_t)inspection->partial);
  value_set(scope, report, "withheld", inspection->withheld);
}

static bool is_sealed_to(const struct bundle_manifest *manifest, const struct adduce_key *key) {
  for (size_t i = 0; i < manifest->key_count; i++)
    if (memcmp(manifest->keys[i].bytes, key->bytes, sizeof key->bytes) == 0) return true;
  return false;
}

/* Whoever can read a bundle can seal it anew, to others. */
static void conclude_sealed(struct adduce_scope *scope, struct adduce_value *proven,
                            struct adduce_value *not_proven, const struct bundle_manifest *manifest,
                            const struct adduce_key *opened_with) {
  if (opened_with == NULL && manifest->key_count != 0)
    proof_say(scope, not_proven, "That only its recipients could read it: it is here unsealed.");
  if (opened_with == NULL) return;
  if (is_sealed_to(manifest, opened_with))
    proof_say(scope, proven, "Its exporter meant it for the key that opened it.");
  else
    proof_say(
        scope, not_proven,
        "That its exporter meant it for the key that opened it: it names others. Somebody who "
        "could read it has sealed it anew.");
}

static void conclude(struct adduce_scope *scope, struct adduce_value *report,
                     const struct bundle_manifest *manifest, const struct adduce_policy *policy,
                     const struct adduce_key *opened_with) {
  struct adduce_value *proven = value_list(scope), *not_proven = value_list(scope);
  proof_say(scope, proven, "Every event was signed by the key that it names as its author.");
  proof_say(scope, proven, "What there is of each content is what its author committed to.");
  proof_say(scope, proven, "Every entry is in the tree of %llu entries that %.*s has signed%s.",
            (unsigned long long)manifest->tree.size, SPAN_ARGS(manifest->origin),
            policy == NULL ? ", if the key that the bundle names is its key" : "");
  proof_say(scope, proven,
            "Every author was authorized there, at that position, as far as the "
            "control entries given show.");
  if (manifest->has_since)
    proof_say(scope, proven,
              "That tree begins with one of %llu entries, whose root is in the file.",
              (unsigned long long)manifest->since_size);
  if (manifest->is_complete)
    proof_say(scope, proven, "Nothing is left out of the entries %llu to %llu.",
              (unsigned long long)manifest->from, (unsigned long long)manifest->to - 1);
  else
    proof_say(scope, not_proven, "That nothing was left out: it is a selection.");
  if (!manifest->is_complete || manifest->from != 0)
    proof_say(scope, not_proven,
              "That all control entries are there: that is the exporter's word.");
  if (policy == NULL)
    proof_say(scope, not_proven,
              "Whose log it is: the key is the one that the bundle names; say --policy or --vkey.");
  conclude_sealed(scope, proven, not_proven, manifest, opened_with);
  proof_say(scope, not_proven, "That what is claimed is true.");
  value_set(scope, report, "proven", proven);
  value_set(scope, report, "not_proven", not_proven);
}

enum adduce_err adduce_inspect(struct adduce_scope *scope, const struct adduce_value **report,
                               const struct adduce_source *source,
                               const struct adduce_policy *policy,
                               const struct adduce_key *opened_with) {
  struct inspection inspection = {.report = value_map(scope), .withheld = value_list(scope)};
  struct incoming incoming;
  struct vocabulary *vocabulary;
  *report = inspection.report;
  TRY(sign_start(scope));
  TRY(vocabulary_open(scope, &vocabulary));
  enum adduce_err err =
      incoming_read(scope, &incoming, NULL, vocabulary, source, policy, look_at, &inspection);
  if (err == ADDUCE_OK) {
    report_manifest(scope, inspection.report, incoming.manifest);
    value_set_text(scope, inspection.report, "confined_by", unwrap_guards(incoming.unwrap));
    report_events(scope, &inspection);
    conclude(scope, inspection.report, incoming.manifest, policy, opened_with);
  }
  incoming_close(&incoming);
  return err == ADDUCE_OK ? value_finish(scope) : err;
}
