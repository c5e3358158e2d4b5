/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/provenance.h"

#include "codec/value.h"
#include "ledger/bundlefile.h"

/* The place of the event in its source: that of the same bytes in the skeleton. */
static enum adduce_err search(struct adduce_scope *scope, struct bundlefile *file,
                              struct adduce_span event, uint64_t *index, bool *is_found) {
  struct adduce_span bytes;
  do {
    TRY(bundlefile_next_event(scope, file, &bytes, index));
    *is_found = bytes.size != 0 && span_equal(bytes, event);
  } while (!*is_found && bytes.size != 0);
  return ADDUCE_OK;
}

/* A skeleton that is gone or was damaged is no damage of the ledger: nothing is said of it here. */
static void set_source_index(struct adduce_scope *scope, struct adduce_ledger *ledger,
                             struct adduce_value *map, const struct rules_import *import,
                             struct adduce_span event) {
  struct adduce_scope *own;
  struct bundlefile file;
  uint64_t index;
  bool is_found = false;
  if (adduce_scope_open(&own, 0) != ADDUCE_OK) return;
  const char *path = bundlefile_skeleton_path(own, ledger, &import->manifest);
  enum adduce_err err = bundlefile_open(own, &file, path);
  if (err == ADDUCE_OK) err = search(own, &file, event, &index, &is_found);
  if (err == ADDUCE_OK && is_found) value_set_integer(scope, map, "source_index", (int64_t)index);
  bundlefile_close(&file);
  adduce_scope_close(&own);
}

/* What the source's log was when the bundle was made. */
static enum adduce_err set_checkpoint(struct adduce_scope *scope, struct ledger_world *world,
                                      struct adduce_value *map, const struct rules_import *import) {
  struct adduce_value *checkpoint = value_map(scope);
  struct checkpoint parsed;
  TRY(world_import_checkpoint(scope, world, &parsed, import));
  value_set_integer(scope, checkpoint, "size", (int64_t)parsed.size);
  value_set_bytes32(scope, checkpoint, "root", parsed.root.bytes);
  value_set(scope, map, "checkpoint", checkpoint);
  return ADDUCE_OK;
}

/* By which rule of the policy that was in force, or else by hand. */
static enum adduce_err set_admission(struct adduce_scope *scope, struct ledger_world *world,
                                     struct adduce_value *map, const struct rules_import *import,
                                     const struct event *event) {
  const struct rules *rules;
  const struct trust_rule *rule;
  TRY(world_rules(scope, world, &rules, import->index));
  enum trust_admission admission =
      rules_judge_foreign(rules, &import->source, import->origin, event, &rule);
  bool is_along = rule == NULL && vocabulary_control_name(event->claim.parsed.kind);
  value_set_text(scope, map, "admitted",
                 admission == TRUST_ADMIT ? "policy" : (is_along ? "along" : "hand"));
  const struct adduce_id *policy = rules_policy(rules);
  if (policy != NULL) value_set_bytes32(scope, map, "policy", policy->bytes);
  if (rule != NULL) value_set_integer(scope, map, "rule", (int64_t)rule->place);
  return ADDUCE_OK;
}

enum adduce_err provenance_add(struct adduce_scope *scope, struct adduce_ledger *ledger,
                               struct ledger_world *world, struct adduce_value *answer,
                               uint64_t index) {
  const struct rules_import *import = rules_import_of(world->view.rules, index);
  struct adduce_value *map = value_map(scope);
  struct log_entry entry;
  struct event event;
  if (import == NULL) return ADDUCE_OK;
  TRY(log_view_event(scope, &world->view, &entry, &event, index));
  value_set_integer(scope, map, "by", (int64_t)import->index);
  value_set_bytes32(scope, map, "id", import->id.bytes);
  value_set(scope, map, "origin", value_str(scope, import->origin));
  value_set_bytes32(scope, map, "genesis", import->source.bytes);
  value_set_bytes32(scope, map, "manifest", import->manifest.bytes);
  TRY(set_checkpoint(scope, world, map, import));
  TRY(set_admission(scope, world, map, import, &event));
  set_source_index(scope, ledger, map, import, entry.event);
  value_set(scope, answer, "imported", map);
  return value_finish(scope);
}
