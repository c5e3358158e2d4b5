/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/report.h"

static enum adduce_err report_one(struct adduce_scope *scope, struct adduce_value *line,
                                  const struct ledger_world *world, size_t projection,
                                  bool digests) {
  uint64_t rows;
  struct adduce_hash digest;
  if (!digests) {
    TRY(fold_rows(scope, world->query.rows, projection, &rows));
  } else {
    TRY(fold_digest(scope, world->query.rows, &digest, &rows, projection, world->query.size));
    value_set(scope, line, "digest", value_bytes(scope, span_of(digest.bytes, 32)));
  }
  value_set_integer(scope, line, "rows", (int64_t)rows);
  return ADDUCE_OK;
}

enum adduce_err report_projections(struct adduce_scope *scope, struct adduce_value *map,
                                   const struct ledger_world *world, bool digests) {
  size_t count;
  const struct projection *projections = projection_all(&count);
  struct adduce_value *list = value_list(scope);
  for (size_t i = 0; i < count; i++) {
    struct adduce_value *line = value_map(scope);
    value_set_text(scope, line, "name", projections[i].name);
    value_set_integer(scope, line, "version", projections[i].version);
    value_set_integer(scope, line, "index", (int64_t)world->query.size);
    TRY(report_one(scope, line, world, i, digests));
    value_add(scope, list, line);
  }
  value_set(scope, map, "projections", list);
  return ADDUCE_OK;
}
