/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/report.h"

enum adduce_err report_projections(struct adduce_scope *scope, struct adduce_value *map,
                                   const struct ledger_world *world, bool digests) {
  size_t count;
  const struct projection *projections = projection_all(&count);
  struct adduce_value *list = value_list(scope);
  struct adduce_hash *hashes = scope_array(scope, count, sizeof *hashes);
  uint64_t *rows = scope_array(scope, count, sizeof *rows);
  if (hashes == NULL || rows == NULL) return scope_no_memory(scope);
  if (digests)
    TRY(fold_digests(scope, world->ledger->projections, hashes, rows, &world->query.size, 1, 0));
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *line = value_map(scope);
    if (!digests) TRY(fold_rows(scope, world->query.rows, i, &rows[i]));
    value_set_text(scope, line, "name", projections[i].name);
    value_set_integer(scope, line, "version", projections[i].version);
    value_set_integer(scope, line, "index", (int64_t)world->query.size);
    if (digests) value_set(scope, line, "digest", value_bytes(scope, span_of(hashes[i].bytes, 32)));
    value_set_integer(scope, line, "rows", (int64_t)rows[i]);
    value_add(scope, list, line);
  }
  value_set(scope, map, "projections", list);
  return ADDUCE_OK;
}
