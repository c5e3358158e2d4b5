/* SPDX-License-Identifier: Apache-2.0 */
/* Who was given an event: the bundle.exported of this log, and the manifests that were kept. */
#include "base/hex.h"
#include "codec/value.h"
#include "exchange/bundle.h"
#include "ledger/bundlefile.h"
#include "ledger/proof.h"
#include "sys/file.h"

#define KIND "bundle.exported"
#define PAGE 500

/* What is looked for. */
struct search {
  struct adduce_ledger *ledger;
  struct adduce_id id;
  uint64_t index;
  struct adduce_value *list;
  uint64_t unknown;
};

/* "ID:FIELD" is of one event; whose id begins so. */
static bool is_of(const struct search *search, struct adduce_span path) {
  const uint8_t *colon = memchr(path.data, ':', path.size);
  if (colon == NULL) return true;
  struct hex64 hex = hex_text32(search->id.bytes);
  struct adduce_span name = span_of(path.data, (size_t)(colon - path.data));
  return name.size <= 64 && memcmp(hex.text, name.data, name.size) == 0;
}

static void add_disclosure(struct adduce_scope *scope, struct search *search,
                           const struct adduce_value *entry,
                           const struct bundle_manifest *manifest) {
  struct adduce_value *map = value_map(scope), *withheld = value_list(scope);
  const struct adduce_value *content = adduce_value_get(entry, "content");
  static const char *const copied[] = {"purpose", "handling", "manifest"};
  value_share(scope, map, "recipients", adduce_value_get(content, "recipient"));
  value_share(scope, map, "at", adduce_value_get(entry, "recorded_at"));
  value_share(scope, map, "by", adduce_value_get(entry, "author"));
  value_share(scope, map, "id", adduce_value_get(entry, "id"));
  value_share(scope, map, "index", adduce_value_get(entry, "index"));
  for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
    value_share(scope, map, copied[i], adduce_value_get(content, copied[i]));
  for (size_t i = 0; i < manifest->withheld_count; i++)
    if (is_of(search, manifest->withheld[i]))
      value_add(scope, withheld, value_str(scope, manifest->withheld[i]));
  if (adduce_value_count(withheld) != 0) value_set(scope, map, "withheld", withheld);
  value_add(scope, search->list, map);
}

static enum adduce_err look(struct adduce_scope *scope, struct search *search,
                            const struct adduce_value *entry) {
  const struct adduce_value *content = adduce_value_get(entry, "content");
  struct adduce_span named = adduce_value_bytes(adduce_value_get(content, "manifest")), bytes;
  struct bundle_manifest manifest;
  struct adduce_hash digest;
  if (named.size != 32) return ADDUCE_OK;
  memcpy(digest.bytes, named.data, 32);
  enum adduce_err err =
      file_read(scope, &bytes, bundlefile_manifest_path(scope, search->ledger, &digest),
                BUNDLE_MANIFEST_BYTES_MAX);
  if (err == ADDUCE_E_NO_FILE) {
    search->unknown++;
    return ADDUCE_OK;
  }
  if (err != ADDUCE_OK) return err;
  struct adduce_hash found = hash_bytes(bytes);
  if (!hash_equal(&found, &digest))
    return scope_fail(scope, ADDUCE_E_CORRUPT, "the manifest %s was changed",
                      hex_text32(digest.bytes).text);
  TRY(bundle_manifest_read(scope, &manifest, bytes));
  if (indexes_have(manifest.indexes, search->index))
    add_disclosure(scope, search, entry, &manifest);
  return ADDUCE_OK;
}

static enum adduce_err look_all(struct adduce_scope *scope, struct search *search) {
  const struct adduce_log_filter filter = {.kind = KIND};
  struct adduce_question question = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *answer;
  bool more = true;
  question.limit = PAGE;
  while (more) {
    TRY(adduce_ask_log(scope, search->ledger, &answer, &filter, &question));
    const struct adduce_value *entries = adduce_value_get(answer, "entries");
    for (size_t i = 0; i < adduce_value_count(entries); i++)
      TRY(look(scope, search, adduce_value_at(entries, i)));
    question.skip += adduce_value_count(entries);
    more = adduce_value_boolean(adduce_value_get(answer, "more"));
  }
  return ADDUCE_OK;
}

enum adduce_err adduce_disclosures(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer, const char *name) {
  struct search search = {.ledger = ledger, .list = value_list(scope)};
  struct adduce_value *map = value_map(scope);
  *answer = map;
  TRY(adduce_resolve(scope, ledger, &search.id, &search.index, name));
  TRY(look_all(scope, &search));
  value_set(scope, map, "id", value_bytes(scope, span_of(search.id.bytes, 32)));
  value_set_integer(scope, map, "index", (int64_t)search.index);
  value_set(scope, map, "disclosures", search.list);
  value_set_integer(scope, map, "unknown", (int64_t)search.unknown);
  return value_finish(scope);
}
