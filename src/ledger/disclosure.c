/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/disclosure.h"

#include "base/hex.h"
#include "codec/value.h"
#include "ledger/bundlefile.h"
#include "ledger/proof.h"
#include "sys/file.h"

#define PAGE 500

enum adduce_err disclosure_each(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                const char *kind, const char *at, disclosure_visit_fn *visit,
                                void *context) {
  const struct adduce_log_filter filter = {.kind = kind};
  struct adduce_question question = ADDUCE_QUESTION_DEFAULT;
  const struct adduce_value *answer;
  bool more = true;
  question.limit = PAGE;
  question.at = at;
  while (more) {
    TRY(adduce_ask_log(scope, ledger, &answer, &filter, &question));
    const struct adduce_value *entries = adduce_value_get(answer, "entries");
    for (size_t i = 0; i < adduce_value_count(entries); i++)
      TRY(visit(scope, context, adduce_value_at(entries, i)));
    question.skip += adduce_value_count(entries);
    more = adduce_value_boolean(adduce_value_get(answer, "more"));
  }
  return ADDUCE_OK;
}

/* --- what was given -------------------------------------------------------------------------*/

struct reading {
  struct adduce_ledger *ledger;
  struct disclosures *all;
};

static enum adduce_err take(struct adduce_scope *scope, void *context,
                            const struct adduce_value *entry) {
  const struct reading *reading = context;
  struct disclosures *all = reading->all;
  const struct adduce_value *content = adduce_value_get(entry, "content");
  struct adduce_span named = adduce_value_bytes(adduce_value_get(content, "manifest")), bytes;
  struct adduce_hash digest;
  if (named.size != 32) return ADDUCE_OK;
  memcpy(digest.bytes, named.data, 32);
  enum adduce_err err =
      file_read(scope, &bytes, bundlefile_manifest_path(scope, reading->ledger, &digest),
                BUNDLE_MANIFEST_BYTES_MAX);
  if (err == ADDUCE_E_NO_FILE) {
    all->unknown++;
    return ADDUCE_OK;
  }
  if (err != ADDUCE_OK) return err;
  struct adduce_hash found = hash_bytes(bytes);
  if (!hash_equal(&found, &digest))
    return scope_fail(scope, ADDUCE_E_CORRUPT, "the manifest %s was changed",
                      hex_text32(digest.bytes).text);
  struct disclosure *grown =
      scope_room(scope, &all->capacity, all->items, all->count, sizeof *grown);
  if (grown == NULL) return scope_no_memory(scope);
  all->items = grown;
  all->items[all->count].entry = entry;
  return bundle_manifest_read(scope, &all->items[all->count++].manifest, bytes);
}

enum adduce_err disclosure_read(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                struct disclosures *all, const char *at) {
  struct reading reading = {ledger, all};
  *all = (struct disclosures){.count = 0};
  return disclosure_each(scope, ledger, "bundle.exported", at, take, &reading);
}

/* --- of one event ---------------------------------------------------------------------------*/

bool disclosure_has(const struct disclosure *disclosure, uint64_t index) {
  return indexes_have(disclosure->manifest.indexes, index);
}

bool disclosure_recalls(const struct disclosure *disclosure, const struct adduce_id *id) {
  for (size_t i = 0; i < disclosure->manifest.recall_count; i++)
    if (memcmp(disclosure->manifest.recalls[i].bytes, id->bytes, 32) == 0) return true;
  return false;
}

/* "ID:FIELD" is of one event; whose id begins so. */
static bool is_of(const struct adduce_id *id, struct adduce_span path) {
  const uint8_t *colon = memchr(path.data, ':', path.size);
  if (colon == NULL) return true;
  struct hex64 hex = hex_text32(id->bytes);
  struct adduce_span name = span_of(path.data, (size_t)(colon - path.data));
  return name.size <= 64 && memcmp(hex.text, name.data, name.size) == 0;
}

void disclosure_render(struct adduce_scope *scope, struct adduce_value *map,
                       const struct disclosure *disclosure, const struct adduce_id *id) {
  const struct bundle_manifest *manifest = &disclosure->manifest;
  const struct adduce_value *entry = disclosure->entry;
  const struct adduce_value *content = adduce_value_get(entry, "content");
  struct adduce_value *withheld = value_list(scope);
  static const char *const copied[] = {"purpose", "handling", "manifest"};
  value_share(scope, map, "recipients", adduce_value_get(content, "recipient"));
  value_share(scope, map, "at", adduce_value_get(entry, "recorded_at"));
  value_share(scope, map, "by", adduce_value_get(entry, "author"));
  value_share(scope, map, "id", adduce_value_get(entry, "id"));
  value_share(scope, map, "index", adduce_value_get(entry, "index"));
  for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
    value_share(scope, map, copied[i], adduce_value_get(content, copied[i]));
  for (size_t i = 0; i < manifest->withheld_count; i++)
    if (is_of(id, manifest->withheld[i]))
      value_add(scope, withheld, value_str(scope, manifest->withheld[i]));
  if (adduce_value_count(withheld) != 0) value_set(scope, map, "withheld", withheld);
}

enum adduce_err adduce_disclosures(struct adduce_scope *scope, struct adduce_ledger *ledger,
                                   const struct adduce_value **answer, const char *name) {
  struct adduce_value *map = value_map(scope), *list = value_list(scope);
  struct disclosures all;
  struct adduce_id id;
  uint64_t index;
  *answer = map;
  TRY(adduce_resolve(scope, ledger, &id, &index, name));
  TRY(disclosure_read(scope, ledger, &all, NULL));
  for (size_t i = 0; i < all.count; i++) {
    struct adduce_value *each = value_map(scope);
    if (!disclosure_has(&all.items[i], index)) continue;
    disclosure_render(scope, each, &all.items[i], &id);
    value_add(scope, list, each);
  }
  value_set_bytes32(scope, map, "id", id.bytes);
  value_set_integer(scope, map, "index", (int64_t)index);
  value_set(scope, map, "disclosures", list);
  value_set_integer(scope, map, "unknown", (int64_t)all.unknown);
  return value_finish(scope);
}
