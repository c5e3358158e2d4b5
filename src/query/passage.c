/* SPDX-License-Identifier: Apache-2.0 */
#include "query/passage.h"

enum adduce_err passage_fail(const struct passage *passage, const struct adduce_scope *at,
                             enum adduce_err err) {
  return scope_fail(passage->scope, err, "%s", adduce_scope_detail(at));
}

/* --- going -------------------------------------------------------------------------------- */

static enum adduce_err take(struct passage *passage, struct snapshot *snapshot,
                            struct adduce_scope *scope, uint64_t index) {
  if (index == PASSAGE_NOWHERE) {
    snapshot_empty(snapshot, scope, passage->world);
    return ADDUCE_OK;
  }
  enum adduce_err err = snapshot_take(snapshot, scope, passage->world, &passage->question, index,
                                      passage->subject, passage->field, passage->focus);
  return err == ADDUCE_OK ? ADDUCE_OK : passage_fail(passage, scope, err);
}

static enum adduce_err open_scopes(struct passage *passage) {
  for (size_t i = 0; i < 2; i++) {
    if (adduce_scope_open(&passage->scopes[i], 0) != ADDUCE_OK) {
      passage_close(passage);
      return scope_no_memory(passage->scope);
    }
    snapshot_empty(&passage->snapshots[i], passage->scopes[i], passage->world);
  }
  return ADDUCE_OK;
}

enum adduce_err passage_open(struct passage *passage, struct adduce_scope *scope,
                             const struct query_world *world,
                             const struct adduce_question *question, struct adduce_span subject,
                             struct adduce_span field, uint64_t index) {
  *passage = (struct passage){
      .scope = scope, .world = world, .question = *question, .subject = subject, .field = field};
  TRY(open_scopes(passage));
  passage->after = &passage->snapshots[0];
  passage->before = &passage->snapshots[1];
  enum adduce_err err = take(passage, passage->after, passage->scopes[0], index);
  if (err != ADDUCE_OK) passage_close(passage);
  return err;
}

enum adduce_err passage_branch(struct passage *branch, const struct passage *whole) {
  *branch = *whole;
  TRY(open_scopes(branch));
  branch->after = whole->before;
  return ADDUCE_OK;
}

void passage_join(struct passage *branch, const struct passage *whole) {
  branch->before = branch->after;
  branch->after = whole->after;
}

void passage_close(struct passage *passage) {
  adduce_scope_close(&passage->scopes[0]);
  adduce_scope_close(&passage->scopes[1]);
}

enum adduce_err passage_go(struct passage *passage, uint64_t index) {
  size_t spare = passage->after == &passage->snapshots[0];
  passage->before = passage->after;
  passage->after = &passage->snapshots[spare];
  adduce_scope_reset(passage->scopes[spare]);
  return take(passage, passage->after, passage->scopes[spare], index);
}

/* --- what is not the same ------------------------------------------------------------------*/

enum adduce_err passage_each(struct passage *passage, passage_visit_fn *visit, void *context) {
  const struct snapshot *before = passage->before, *after = passage->after;
  size_t i = 0, j = 0;
  while (i < before->count || j < after->count) {
    int order = i == before->count ? 1
                : j == after->count
                    ? -1
                    : span_compare(before->items[i].identity, after->items[j].identity);
    struct passage_change change = {order <= 0 ? &before->items[i++] : NULL,
                                    order >= 0 ? &after->items[j++] : NULL};
    if (order == 0 && span_equal(change.before->print, change.after->print)) continue;
    TRY(visit(context, &change));
  }
  return ADDUCE_OK;
}

struct adduce_value *passage_copy(struct adduce_scope *scope, const struct adduce_value *value) {
  struct adduce_value *copy;
  switch (value->type) {
    case ADDUCE_BOOLEAN:
      return value_boolean(scope, value->as.boolean);
    case ADDUCE_INTEGER:
      return value_integer(scope, value->as.integer);
    case ADDUCE_TEXT:
      return value_str(scope, value->as.bytes);
    case ADDUCE_BYTES:
      return value_bytes(scope, value->as.bytes);
    case ADDUCE_LIST:
      copy = value_list(scope);
      for (size_t i = 0; i < value->as.list.count; i++)
        value_add(scope, copy, passage_copy(scope, value->as.list.items[i]));
      return copy;
    default:
      copy = value_map(scope);
      for (size_t i = 0; i < value->as.map.count; i++)
        value_append(scope, copy, scope_copy(scope, value->as.map.pairs[i].key),
                     passage_copy(scope, value->as.map.pairs[i].value));
      return copy;
  }
}

static enum adduce_err set_line(struct passage *passage, struct adduce_value *map, const char *key,
                                struct snapshot *snapshot, const struct snapshot_line *line,
                                const struct snapshot_line *beside) {
  struct adduce_value *rendered;
  if (line == NULL) return ADDUCE_OK;
  enum adduce_err err = snapshot_render(snapshot, &rendered, line, beside);
  if (err != ADDUCE_OK) return passage_fail(passage, snapshot->asked.scope, err);
  value_set(passage->scope, map, key, passage_copy(passage->scope, rendered));
  return ADDUCE_OK;
}

enum adduce_err passage_render(struct passage *passage, struct adduce_value **map,
                               const struct passage_change *change) {
  struct adduce_scope *scope = passage->scope;
  const struct snapshot_line *line = change->after != NULL ? change->after : change->before;
  const char *how = change->before == NULL  ? "appeared"
                    : change->after == NULL ? "gone"
                                            : "changed";
  *map = value_map(scope);
  value_set_text(scope, *map, "change", how);
  value_set_text(scope, *map, "section", snapshot_section_name(line->section));
  if (line->field.size != 0) value_set(scope, *map, "field", value_str(scope, line->field));
  if (line->other.size != 0) value_set(scope, *map, "other", value_str(scope, line->other));
  TRY(set_line(passage, *map, "before", passage->before, change->before, change->after));
  TRY(set_line(passage, *map, "after", passage->after, change->after, change->before));
  return value_finish(scope);
}
